"""A chart before it is drawn: what it shows, in words and numbers. `figures` draws it on the screen."""

from collections.abc import Iterator
from dataclasses import dataclass

from indicators.published import PublishedFact
from indicators.result import Answer

Drawn = tuple[str, float | None]  # what a mark stands for and its value in the unit of the answer


@dataclass(frozen=True)
class Caption:
    """The words inside a figure: the finding, what is measured and when, whose data, and how far to trust it."""

    title: str
    measure: str
    source: str
    badge: str
    is_demo: bool


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


Shape = Bars | Lines


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
