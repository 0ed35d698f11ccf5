"""A question: one frozen value that says exactly which figure is wanted, its parts, and its canonical text."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from urllib.parse import quote, unquote

from editions.edition import Edition
from editions.errors import QuestionError
from indicators.metrics import METRICS
from indicators.metrics.metric import Metric
from indicators.question import codes
from indicators.question.calendar import WINDOW_NAMES, Window, add_months
from indicators.question.dimensions import BLOCS, DIMENSIONS, SECTOR_SCHEMES, SERVICE_TYPE, SPLITS, members
from indicators.question.rules import check_together
from indicators.question.scope import (
    CONCEPTS,
    DENOMINATORS,
    EXCLUSIONS,
    FLOWS,
    NATION,
    OTHER_ORIGINS,
    REGIONS,
    REGISTER,
    SIZES,
    SIZINGS,
    SOURCES,
    Denominator,
    Scope,
)
from words.formats import listing
from words.language import t

# -- The parts of a question, each read into its one canonical form, or refused with what is allowed.

_FIXED: dict[str, tuple[str, tuple[str, ...]]] = {
    "flow": ("El flujo", tuple(FLOWS)),
    "denominator": ("El denominador", tuple(DENOMINATORS)),
    "concept": ("El concepto de región", tuple(CONCEPTS)),
    "source": ("La fuente", tuple(SOURCES)),
    "size": ("El tamaño", tuple(SIZES)),
    "sizing": ("La forma de medir el tamaño", tuple(SIZINGS)),
    "split": ("El desglose", SPLITS),
}
_LISTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "region": ("La región", (NATION, *REGIONS, *OTHER_ORIGINS)),
    "exclude": ("La exclusión", tuple(EXCLUSIONS)),
}


def canonical(part: str, value: str, spec: Metric) -> str | int:
    """Return a part in its one canonical form, or say what is allowed."""
    if part in _FIXED:
        name, allowed = _FIXED[part]
        return one_of(part, name, value.replace(" ", "+"), allowed)
    if part in _LISTS:
        name, allowed = _LISTS[part]
        chosen = {one_of(part, name, code, allowed) for code in value.split(",")}
        if NATION in chosen and len(chosen) > 1:
            raise QuestionError(part, t("«{nation}» es todo el país; no se combina con otras regiones.", nation=NATION))
        return ",".join(code for code in allowed if code in chosen)
    if part == "window":
        return value if value in WINDOW_NAMES else str(Window.parse(value))
    if part == "compare":
        return value if value in ("year_before", "none") else str(Window.parse(value))
    if part == "over":
        return one_of(part, "El objeto", value, spec.over)
    if part == "k":
        return _top(value)
    if part == "sector":
        return _sector(value)
    return _codes(part, value)


def _sector(value: str) -> str:
    scheme, _, ids = value.partition(":")
    if scheme not in SECTOR_SCHEMES or not re.fullmatch(r"[\w.,-]+", ids):
        text = "El sector «{value}» no se entiende; se escribe esquema:id, con esquema {schemes}."
        raise QuestionError("sector", t(text, value=value, schemes=listing(SECTOR_SCHEMES, conjunction="o")))
    return f"{scheme}:{','.join(sorted(set(ids.split(','))))}"


def _codes(part: str, value: str) -> str:
    names = value.split(",")
    codes = sorted({code for name in names for code in (members(name) if part == "country" else (name,))})
    pattern = r"([0-9]{2}){1,4}" if part == "hs" else DIMENSIONS[part].pattern
    wrong = [code for code in codes if not re.fullmatch(pattern, code)]
    if wrong:
        text = "«{value}» no sirve en {part}; use {form}, separados por comas."
        raise QuestionError(part, t(text, value=wrong[0], part=part, form=_form(part)))
    return ",".join(codes)


def _form(part: str) -> str:
    """How the codes of a part are written."""
    if part == "country":
        blocs = listing(tuple(BLOCS), conjunction="o")
        return t("códigos numéricos de Aduanas o bloques ({blocs})", blocs=blocs)
    forms = {"hs": "2, 4, 6 u 8 dígitos", SERVICE_TYPE: "los tipos que salen con split=service_type"}
    return t(forms.get(part, "códigos numéricos de Aduanas"))


def _top(value: str) -> int:
    if not value.isdecimal() or not 1 <= int(value) <= 100:
        raise QuestionError("k", t("k={value} no sirve; use un número de 1 a 100.", value=value))
    return int(value)


def one_of(part: str, name: str, value: str, allowed: Iterable[str]) -> str:
    """Return the value when it is one of those allowed; else say which are. `name` is Spanish, with its article."""
    options = tuple(allowed)
    if value in options:
        return value
    if not options:
        raise QuestionError(part, t("{name} «{value}» no existe; esta métrica no lo lleva.", name=t(name), value=value))
    known = listing(options, conjunction="o")
    raise QuestionError(part, t("{name} «{value}» no existe; use {known}.", name=t(name), value=value, known=known))


# -- A question: one frozen value that says exactly which figure is wanted, and its canonical text.

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
