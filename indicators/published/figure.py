"""One row of the ledger of published figures, as the edition holds it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from indicators.edition import Edition
from indicators.published.labels import GROWTH_METRICS, NATION

COLUMNS = (
    "figure_id, metric, flow_scope, region_code, subject_kind, subject, subject_code, period_start, period_end, "
    "printed_value, printed_unit, value, unit, comparison, publisher, published_on, source_url, "
    "source_kind, is_derived, note"
)
BASES = {  # words of a note that say the figure is about less, or about another whole, than its scope says
    "forest exports only": "solo exportaciones forestales",
    "fishing and aquaculture only": "solo pesca y acuicultura",
    "share of forest exports": "parte de las exportaciones forestales",
    "share of exporting firms": "parte de las empresas exportadoras",
    "share of non-copper exporters": "parte de los exportadores sin cobre",
    "exit-point exports": "parte de lo que sale por la región",
    "national forest exports, period": "parte de las exportaciones forestales del país",
    "exports of SMEs only": "solo exportaciones de pymes",
}
SIZE_RULES = {"mipyme": "mipyme", "PYME = 2,400": "pyme"}  # words of a note that say which firms are meant
PRODUCERS = {
    "goods": ("INE",),
    "services": ("ProChile", "SUBREI"),
    "goods+services": ("ProChile", "SUBREI"),
    "non_copper": ("ProChile", "SUBREI"),
    "non_copper_non_lithium": ("ProChile", "SUBREI"),
    "silvoagropecuario": ("ODEPA",),
    "exit_point": ("Aduanas",),
    "goods+services+ship_supplies": ("Aduanas",),
}


@dataclass(frozen=True)
class Figure:
    """One row of the ledger."""

    figure_id: str
    metric: str
    flow_scope: str
    region_code: str
    subject_kind: str
    subject: str | None
    subject_code: str | None
    period_start: date
    period_end: date
    printed_value: float | None
    printed_unit: str | None
    value: float
    unit: str
    comparison: str | None
    publisher: str
    published_on: str | None
    source_url: str | None
    source_kind: str | None
    is_derived: bool
    note: str | None

    @property
    def decimals(self) -> int:
        """Decimals of the printed value (final zeros are lost in the ledger)."""
        if self.printed_value is None:
            return 0
        exponent = Decimal(str(self.printed_value)).normalize().as_tuple().exponent
        return max(0, -exponent) if isinstance(exponent, int) else 0

    @property
    def rounding(self) -> float:
        """Half a unit of the last printed digit, in the unit of `value`."""
        step = {"USD million": 1_000_000.0, "%": 0.01}.get(self.printed_unit or "", 1.0)
        return 0.5 * step * 10.0**-self.decimals

    @property
    def basis(self) -> str | None:
        """What the figure is really a part of, when the note narrows the scope."""
        return next((words for mark, words in BASES.items() if mark in (self.note or "")), None)

    @property
    def size_rule(self) -> str | None:
        """Which rule of size the figure follows, when its note says so."""
        note = self.note or ""
        return next((rule for words, rule in SIZE_RULES.items() if words in note or words in note.lower()), None)

    @property
    def is_claim(self) -> bool:
        """Whether it is a statement whose base, window or measure its author did not give."""
        return self.metric == "sme_growth_claim_pct" or (self.note or "").startswith("claim")

    @property
    def thing(self) -> tuple[object, ...]:
        """What the figure measures; figures with the same thing confirm or contradict each other."""
        metric = "growth" if self.metric in GROWTH_METRICS else self.metric
        span = (self.period_start, self.period_end)
        subject = (self.subject_kind, self.subject, self.subject_code)  # a product may bear the name of a sector
        return (metric, self.flow_scope, self.region_code, *subject, *span, self.basis, self.is_claim)

    @property
    def preference(self) -> tuple[object, ...]:
        """The smaller, the sooner it leads its thing (see the rule at the top)."""
        producers = PRODUCERS.get(self.flow_scope, ())
        if self.flow_scope == "goods" and self.region_code == NATION:
            producers = ("BCCh",)
        is_recount = not self.is_derived and self.publisher not in producers
        return (is_recount, self.is_derived, self.published_on or "9999", self.figure_id)


def figures(edition: Edition, region: str) -> list[Figure]:
    """Return the ledger's rows of a region (or of the nation, `CL`)."""
    sql = f"SELECT {COLUMNS} FROM core_published_figure WHERE region_code = $region ORDER BY figure_id"
    return [Figure(**row) for row in edition.rows(sql, {"region": region}) if row["value"] is not None]
