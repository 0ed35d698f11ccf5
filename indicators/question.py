"""A question: one frozen value that says exactly which figure is wanted, and its canonical text."""

from dataclasses import dataclass, fields, replace
from urllib.parse import quote, unquote

from indicators import codes
from indicators.calendar import WINDOW_NAMES, Window, add_months
from indicators.contradictions import check_together
from indicators.edition import Edition
from indicators.errors import QuestionError
from indicators.language import t
from indicators.metrics import METRICS, Metric
from indicators.parts import canonical, one_of
from indicators.scope import DENOMINATORS, NATION, REGISTER, Denominator, Scope

DEFAULT_TOP = 5
READABLE = "+,.:-_"  # left as they are in the text form


@dataclass(frozen=True)
class Question:
    """Metric × window × comparison × scope × region concept × size rule × filters × split.

    A part left at None follows from the others: the window from the metric, flow and exclusions from the
    denominator. Equal questions print the same text, and `Question.parse` reads it back.
    """

    metric: str
    region: str = NATION
    window: str | None = None
    compare: str = "year_before"
    flow: str | None = None
    exclude: str | None = None
    denominator: str | None = None
    concept: str = "origin"
    source: str | None = None
    size: str | None = None
    sizing: str | None = None
    sector: str | None = None
    country: str | None = None
    hs: str | None = None
    service_type: str | None = None
    comuna: str | None = None
    port: str | None = None
    office: str | None = None
    transport: str | None = None
    over: str | None = None
    k: int | None = None
    split: str | None = None

    def __post_init__(self) -> None:
        one_of("metric", "La métrica", self.metric, METRICS)
        if self.size in (None, "") and self.spec.size:
            object.__setattr__(self, "size", self.spec.size)
        for part in ("denominator", *PARTS):  # first the denominator: flow and exclusions follow from it
            self._canonise(part)
        check_together(self)

    def _canonise(self, part: str) -> None:
        said = getattr(self, part)
        value = _DEFAULTS[part] if said in (None, "") else canonical(part, str(said), self.spec)
        object.__setattr__(self, part, None if value == self._implied(part) else value)

    def _implied(self, part: str) -> str | int | None:
        """What an optional part is taken to be when nothing is said."""
        whole = DENOMINATORS.get(self.denominator or "")
        match part:
            case "window":
                return self.spec.window
            case "flow":
                return whole.scope.flow if whole else "goods"
            case "exclude":
                return ",".join(whole.scope.exclude) if whole else ""
            case "sizing":
                return "register" if self.source == REGISTER else None
            case "over":
                return self.spec.over[0] if self.spec.over else None
            case "k":
                return DEFAULT_TOP if self.spec.has_top else None
        return None

    @classmethod
    def parse(cls, text: str, edition: Edition | None = None) -> "Question":
        """Read a question from its text form, in any order of parts; with an edition, names stand for codes too."""
        metric, _, query = text.strip().partition("?")
        parts: dict[str, str] = {}
        for piece in filter(None, query.split("&")):
            name, equals, value = piece.partition("=")
            if name not in PARTS or not equals:
                text = "La parte «{part}» no se entiende; las que hay son: {known}."
                raise QuestionError(name, t(text, part=piece, known=", ".join(PARTS)))
            if name in parts:
                raise QuestionError(name, t("La parte «{part}» está dos veces; deje una.", part=name))
            parts[name] = unquote(value)
        if edition is not None:
            parts = codes.resolved(edition, parts)
        return cls(metric, **parts)  # type: ignore[arg-type]  # every part is read from text

    def __str__(self) -> str:
        said = [
            f"{part}={quote(str(value), safe=READABLE)}"
            for part in PARTS
            if (value := getattr(self, part)) != _DEFAULTS[part]
        ]
        return self.metric + (f"?{'&'.join(said)}" if said else "")

    def but(self, **parts: str | int | None) -> "Question":
        """Return the question with some parts changed."""
        return replace(self, **parts)  # type: ignore[arg-type]

    @property
    def spec(self) -> Metric:
        """The metric asked for."""
        return METRICS[self.metric]

    @property
    def asked_window(self) -> str:
        """The window: a name such as `ytd`, or months."""
        return self.window or self.spec.window

    @property
    def asked_window_label(self) -> str:
        """The window in words, whether or not any edition has it."""
        asked = self.asked_window
        return t(WINDOW_NAMES[asked]) if asked in WINDOW_NAMES else Window.parse(asked).label

    @property
    def scope(self) -> Scope:
        """The flow and exclusions in force."""
        flow = self.flow or str(self._implied("flow"))
        exclude = self.exclude if self.exclude is not None else str(self._implied("exclude"))
        return Scope(flow, tuple(filter(None, exclude.split(","))))

    @property
    def whole(self) -> Denominator | None:
        """The denominator asked for."""
        return DENOMINATORS.get(self.denominator or "")

    @property
    def regions(self) -> tuple[str, ...]:
        """Region codes asked for; none for the nation."""
        return () if self.region == NATION else tuple(self.region.split(","))

    @property
    def looks_over(self) -> str | None:
        """What a metric of structure looks over: product, country, firm …"""
        return self.over or (self.spec.over[0] if self.spec.over else None)

    @property
    def top(self) -> int:
        """How many of the largest `top_k` takes."""
        return self.k or DEFAULT_TOP

    @property
    def needs_base(self) -> bool:
        """Whether anything is compared."""
        return self.compare != "none"

    @property
    def follows_firms(self) -> bool:
        """Whether one firm must be the same id in every month of the window."""
        return self.spec.counts_firms or self.looks_over == "firm"

    @property
    def speaks_of_firms(self) -> bool:
        """Whether it is about firms: counts and shapes of them, and anything by their size or from the register."""
        return self.spec.is_firm_level or self.looks_over == "firm" or self.is_sized or self.source == REGISTER

    @property
    def is_sized(self) -> bool:
        """Whether the size of firms must be known."""
        return self.size is not None or self.split == "size" or self.looks_over == "known_size"

    @property
    def counts_by_month(self) -> bool:
        """Whether each month is counted by itself, which works even when ids change every month."""
        return self.split == "month" and not self.spec.compares

    def base_of(self, window: Window) -> Window | None:
        """Return the window that `window` is compared with."""
        if self.compare == "none":
            return None
        if self.spec.lookback:
            return Window(add_months(window.first, -self.spec.lookback), add_months(window.first, -1))
        years = -(-len(window) // 12)  # a window longer than a year is compared with the years before it
        if self.compare == "year_before":
            return window.shifted(-12 * years)
        base = Window.parse(self.compare)  # where the end of the window is left out, so is the end of the base
        return Window(base.first, add_months(base.first, len(window) - 1))


PARTS = tuple(field.name for field in fields(Question) if field.name != "metric")
_DEFAULTS = {field.name: field.default for field in fields(Question) if field.name != "metric"}
