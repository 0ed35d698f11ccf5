"""Published counts and weights of exporters and exporting SMEs, and what was never published."""

from dataclasses import dataclass

from indicators.edition import Edition
from indicators.language import t
from indicators.published.facts import PublishedFact
from indicators.published.labels import NATION
from indicators.published.ledger import facts

COUNTS = ("n_exporters", "n_exporters_yoy_pct", "n_exporters_new", "n_exporters_services")
SME_COUNTS = ("n_exporters_sme", "n_exporters_sme_yoy_pct", "share_sme_firms")
SME_VALUES = ("fob_sme", "fob_sme_yoy_pct", "share_sme_value")


@dataclass(frozen=True)
class SmeFacts:
    """What is published of a region's exporting firms, latest first, and one sentence on what is not."""

    exporters: tuple[PublishedFact, ...]
    sme_counts: tuple[PublishedFact, ...]
    sme_values: tuple[PublishedFact, ...]
    claims: tuple[PublishedFact, ...]
    missing: str


def sme_facts(edition: Edition, region: str = NATION) -> SmeFacts:
    """Return the published counts and values of a region's exporters and exporting SMEs."""
    published = facts(edition, region)
    printed = [fact for fact in published if not fact.is_claim]
    counts = [fact for fact in printed if fact.metric == "n_exporters_sme" and fact.subject is None]
    return SmeFacts(
        exporters=tuple(fact for fact in printed if fact.metric in COUNTS),
        sme_counts=tuple(fact for fact in printed if fact.metric in SME_COUNTS),
        sme_values=tuple(fact for fact in printed if fact.metric in SME_VALUES),
        claims=tuple(fact for fact in published if fact.metric == "sme_growth_claim_pct"),
        missing=_missing(counts[0] if counts else None, place(edition, region)),
    )


def claims(edition: Edition, region: str = NATION) -> list[PublishedFact]:
    """Return what was said of a region in public without base, window or measure."""
    return [fact for fact in facts(edition, region) if fact.is_claim]


def place(edition: Edition, region: str) -> str:
    """Return the region's official name with its article (`la Región del Biobío`), or `Chile`."""
    if region == NATION:
        return "Chile"
    sql = "SELECT official_name, is_region FROM core_region WHERE region_code = $code"
    found = edition.rows(sql, {"code": region})
    if not found:
        return t("la región {code}", code=region)
    name = t(str(found[0]["official_name"]))
    return t("la {region}", region=name) if found[0]["is_region"] else name


def _missing(last_count: PublishedFact | None, where: str) -> str:
    if last_count is None:
        return t("No hay ningún conteo publicado de las pymes exportadoras de {place}.", place=where)
    return t(
        "No hay conteo publicado de las pymes exportadoras de {place} posterior a {period}: el último es de "
        "{publisher}, {count}.",
        place=where,
        period=last_count.period.label,
        publisher=last_count.publisher,
        count=last_count.value_text,
    )
