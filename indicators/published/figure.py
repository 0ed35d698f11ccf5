"""One row of the ledger of published figures, and the words and notes a reader sees of it."""

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from editions.edition import Edition
from indicators.question.scope import NATION
from words import formats
from words.language import SPANISH, language, t

# -- The notes of the ledger as a reader sees them, and the bounds they tell.

LESS = "menos de {value}"
BOUNDS = (  # a printed number that is a bound or an approximation must be shown as one
    (re.compile(r"upper bound"), LESS),
    (re.compile(r'lower bound|">\d|"más de|"superaron"|"superó|"tras superar', re.IGNORECASE), "más de {value}"),
    (re.compile(r'"poco más de\b'), "poco más de {value}"),
    (re.compile(r'"casi'), "casi {value}"),
    (re.compile(r'"aproximadamente"|"cerca de"'), "cerca de {value}"),
)


@cache
def _spanish() -> dict[str, str]:
    return tomllib.loads((Path(__file__).parent / "notes.toml").read_text(encoding="utf-8"))


def note_text(note: str | None) -> str | None:
    """Return the note in the reader's language; one that no list knows is returned as it stands.

    The ledger's notes are in English, but for those of the customs tables. Where the English speaks to whoever keeps
    the ledger («as above», «see REPORT»), the catalogue has English for readers.
    """
    if not note:
        return None
    spanish = _spanish().get(note, note)
    if language() == SPANISH:
        return spanish
    said = t(spanish)
    return said if said != spanish else note


def bound(note: str | None) -> str:
    """Return how a value that is a bound or an approximation is said, in Spanish: `más de {value}`; else nothing."""
    return next((words for pattern, words in BOUNDS if pattern.search(note or "")), "")


# -- The words and numbers a reader sees for scopes, metrics and units of the ledger.

SCOPE_LABELS = {  # in the order in which a page prefers them
    "goods": "bienes",
    "goods+services": "bienes y servicios",
    "non_copper_non_lithium": "bienes y servicios sin cobre ni litio",
    "non_copper": "bienes y servicios sin cobre",
    "goods+services+ship_supplies": "bienes, servicios y rancho de naves",
    "services": "servicios",
    "silvoagropecuario": "productos silvoagropecuarios y sus industrias",
    "exit_point": "salidas por puertos y aduanas de la región, de cualquier origen",
}
WHOLE_SCOPES = tuple(SCOPE_LABELS)[:5]  # scopes that speak of all the exports of a region, or nearly

METRIC_LABELS = {
    "sii_share_n_firms": "parte de las empresas",
    "sii_share_workers": "parte de los trabajadores",
    "sii_share_sales_uf": "parte de las ventas",
    "fob_total": "exportaciones",
    "fob_exit_point": "exportaciones que salen por la región",
    "fob_sector": "exportaciones del rubro",
    "dest_fob": "exportaciones al destino",
    "fob_change": "cambio del valor exportado",
    "growth": "variación del valor exportado contra igual período del año anterior",
    "share_national": "parte del total nacional",
    "share_region_pct": "parte del total",
    "share_national_pct": "parte del total nacional",
    "dest_share_pct": "parte del destino",
    "dest_yoy_pct": "variación del destino",
    "n_exporters": "empresas exportadoras",
    "n_exporters_sme": "pymes exportadoras",
    "n_exporters_new": "empresas que exportan por primera vez",
    "n_exporters_added": "exportadoras más que un año antes",
    "n_exporters_reactivated": "empresas que vuelven a exportar",
    "n_exporters_services": "empresas exportadoras de servicios",
    "n_exporters_yoy_pct": "variación del número de exportadoras",
    "n_exporters_sme_yoy_pct": "variación del número de pymes exportadoras",
    "fob_sme": "valor exportado por pymes",
    "fob_sme_yoy_pct": "variación del valor exportado por pymes",
    "fob_sme_change": "cambio del valor exportado por pymes",
    "share_sme_firms": "pymes entre las empresas exportadoras",
    "share_sme_value": "pymes en el valor exportado",
    "share_firms_pct": "parte de las empresas",
    "sme_growth_claim_pct": "crecimiento de las pymes exportadoras, sin decir de qué",
    "n_destinations": "destinos",
    "n_products": "productos",
    "volume_tonnes": "toneladas exportadas",
    "volume_yoy_pct": "variación de las toneladas",
    "event_companies": "empresas en un encuentro",
    "event_rounds": "rondas o reuniones de un encuentro",
    "event_buyers": "compradores en un encuentro",
    "event_exporters": "exportadoras en un encuentro",
    "event_sales_usd_m": "negocios esperados o cerrados en un encuentro",
    "event_other": "otro dato de un encuentro",
}
GROWTH_METRICS = frozenset({"yoy_pct", "ytd_yoy_pct", "exit_yoy_pct"})  # the period alone tells them apart

UNIT_NOUNS = {
    "firms": "empresas",
    "companies": "empresas",
    "countries": "países",
    "products": "productos",
    "meetings": "reuniones",
    "buyers": "compradores",
    "members": "socios",
    "activities": "actividades",
    "tonnes": "toneladas",
}
CHANGE_METRICS = frozenset(
    {"growth", "dest_yoy_pct", "n_exporters_yoy_pct", "n_exporters_sme_yoy_pct", "fob_sme_yoy_pct"}
    | {"volume_yoy_pct", "sme_growth_claim_pct", "fob_change", "fob_sme_change"}
)


def shown(value: float, unit: str, *, decimals: int, sign: bool = False) -> str:
    """Return a value of the ledger with its unit."""
    if unit == "usd":
        return formats.usd_millions(value, min(decimals, 1), sign=sign)
    if unit == "fraction":
        return formats.percent(value, decimals, sign=sign)
    write = formats.signed if sign else formats.number
    noun, digits = UNIT_NOUNS.get(unit, unit), write(value, decimals)
    return f"{digits} {t(formats.ONE.get(noun, noun) if digits.lstrip('+') == '1' else noun)}"


# -- One row of the ledger of published figures, as the edition holds it.

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
