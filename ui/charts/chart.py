"""A chart before it is drawn: what it shows, in words and numbers. `screen` and `pictures` draw it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indicators.engine.context import NATION_NAME
from indicators.engine.result import Answer
from indicators.narrative.sentences import identified, where
from indicators.published import PublishedFact
from ui.text import capitalised
from words.language import t

# -- A chart before it is drawn: what it shows, in words and numbers. `figures` draws it on the screen.

Drawn = tuple[str, float | None]  # what a mark stands for and its value in the unit of the answer


@dataclass(frozen=True)
class Caption:
    """The words inside a figure: the finding, what is measured and when, whose data, how far to trust it, of where."""

    title: str
    measure: str
    source: str
    badge: str
    is_demo: bool
    place: str = ""


@dataclass(frozen=True)
class Bar:
    """One bar: its name, its length, the figure as printed and the whole sentence for the pointer."""

    label: str
    value: float
    text: str
    hover: str


@dataclass(frozen=True)
class Bars:
    """Horizontal bars around zero, in the order given."""

    rows: tuple[Bar, ...]

    def marks(self) -> Iterator[Drawn]:
        """Yield what is drawn."""
        yield from ((row.label, row.value) for row in self.rows)


@dataclass(frozen=True)
class Line:
    """A run of values, one per label of the axis; None where there is none. `is_base` is what others compare with."""

    name: str
    values: tuple[float | None, ...]
    texts: tuple[str, ...]
    is_base: bool = False


@dataclass(frozen=True)
class Lines:
    """One or more runs of values over the same months (or years). `scale` is what the values were divided by."""

    lines: tuple[Line, ...]
    labels: tuple[str, ...]
    scale: float = 1.0

    def marks(self) -> Iterator[Drawn]:
        """Yield what is drawn."""
        for line in self.lines:
            for label, value in zip(self.labels, line.values, strict=True):
                yield f"{line.name}, {label}", None if value is None else value * self.scale


@dataclass(frozen=True)
class RegionArea:
    """One region of the map: code, name, value and the sentence for the pointer."""

    code: str
    label: str
    value: float | None
    hover: str


@dataclass(frozen=True)
class RegionMap:
    """The 16 regions, each the darker the larger its value; `key` says in words what dark and pale mean."""

    areas: tuple[RegionArea, ...]
    key: str

    def marks(self) -> Iterator[Drawn]:
        """Yield what is drawn."""
        yield from ((area.label, area.value) for area in self.areas)


@dataclass(frozen=True)
class Heat:
    """A table whose cells are the darker the larger: values and texts row by row, None where there is none."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: tuple[tuple[float | None, ...], ...]
    texts: tuple[tuple[str, ...], ...]

    def marks(self) -> Iterator[Drawn]:
        """Yield what is drawn."""
        for row, values in zip(self.rows, self.values, strict=True):
            for column, value in zip(self.columns, values, strict=True):
                yield f"{row}, {column}", value


@dataclass(frozen=True)
class Tree:
    """Parts of a whole as areas; only values above zero have one."""

    rows: tuple[Bar, ...]

    def marks(self) -> Iterator[Drawn]:
        """Yield what is drawn."""
        yield from ((row.label, row.value) for row in self.rows)


@dataclass(frozen=True)
class Panel:
    """One of several small runs beside each other: its name, how it moved, its values and those it is compared with."""

    name: str
    note: str
    values: tuple[float | None, ...]
    base: tuple[float | None, ...]
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Multiples:
    """Small runs over the same months, each on a scale of its own. `scale` is what the values were divided by."""

    panels: tuple[Panel, ...]
    labels: tuple[str, ...]
    names: tuple[str, str]  # of the values and of what they are compared with
    scale: float = 1.0

    def marks(self) -> Iterator[Drawn]:
        """Yield what is drawn."""
        for panel in self.panels:
            for run, values in zip(self.names, (panel.values, panel.base), strict=True):
                for label, value in zip(self.labels, values, strict=True):
                    yield f"{panel.name}, {run}, {label}", None if value is None else value * self.scale


@dataclass(frozen=True)
class CountryArea:
    """A country of the map: its ISO code of three letters, name, value, depth of colour and words for the pointer."""

    iso3: str
    label: str
    value: float
    depth: int
    hover: str


@dataclass(frozen=True)
class WorldMap:
    """Countries shaded in steps; `key` says what each step stands for, lightest first."""

    areas: tuple[CountryArea, ...]
    key: tuple[str, ...]

    def marks(self) -> Iterator[Drawn]:
        """Yield what is drawn."""
        yield from ((area.label, area.value) for area in self.areas)


@dataclass(frozen=True)
class Waterfall:
    """From one value to another by steps that add up; a step of None is not shown, and its width is not known."""

    start: Bar
    steps: tuple[Bar, ...]
    end: Bar

    def marks(self) -> Iterator[Drawn]:
        """Yield what is drawn."""
        yield from ((bar.label, bar.value) for bar in (self.start, *self.steps, self.end))


Shape = Bars | Lines | Multiples | RegionMap | WorldMap | Heat | Tree | Waterfall


@dataclass(frozen=True)
class Chart:
    """One chart of a page. `name` is its stable short name in files and links; `made_of` is its sources.

    `unit` is that of the marks where it is not that of the sources: `fraction` for the growth of a value, `points`
    for a fraction that is read as percentage points.
    """

    name: str
    caption: Caption
    alt: str
    shape: Shape
    made_of: tuple[Answer, ...] | tuple[PublishedFact, ...]
    unit: str | None = None

    @property
    def alternative(self) -> str:
        """What a reader who does not see the chart is told: the finding, of what, where and when."""
        sentences = dict.fromkeys((self.caption.title, self.caption.measure, self.alt))
        return " ".join(f"{text.rstrip('.')}." for text in sentences)


# -- The words around a chart, taken from what it was made of.

DEMO_MARK = "Datos de demostración. No citar."


def computed(answer: Answer, title: str, measure: str) -> Caption:
    """Return the words of a chart that an edition computed."""
    is_demo = answer.badge == "demostración"
    source = answer.source_note.removeprefix(t("Fuente: "))
    badge = t(DEMO_MARK) if is_demo else capitalised(t(answer.badge))
    return Caption(capitalised(identified(title, answer)), measure, source, badge, is_demo, where(answer))


def printed(facts: Sequence[PublishedFact], title: str, measure: str, *, place: str = NATION_NAME) -> Caption:
    """Return the words of a chart of published figures: its title names the place, as the picture may stand alone."""
    publishers = dict.fromkeys(fact.publisher for fact in facts)
    full_title = title if place in title or place == NATION_NAME else f"{title} · {place}"
    return Caption(
        capitalised(full_title), measure, ", ".join(publishers), t("Cifras publicadas"), is_demo=False, place=place
    )
