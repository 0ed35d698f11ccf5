"""The weight of small firms in jobs and sales, from the SII's count of companies by size and region."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from indicators.claims.claim import Claim
from indicators.claims.reading import PUBLISHED, Reading
from indicators.edition import Edition
from indicators.language import t
from indicators.published import Period
from indicators.published.labels import NATION
from indicators.published.smes import place
from indicators.scope import SIZE_LABELS, SIZES

RULES = ("mipyme", "pyme")
SOURCE = "SII, Estadísticas de Empresas"
NOT_VALUE_ADDED = "son ventas, no valor agregado: el PIB suma valor agregado"
MASKED = "Al menos: el SII oculta {n} celdas por reserva y no se suman."
HEAD_OFFICE = "Las empresas y sus trabajadores se cuentan en la región de la casa matriz."
WEIGHTS = """
    SELECT year, (sum({column}) FILTER (size_class IN ({classes})))::DOUBLE AS part,
        (sum({column}) FILTER ({whole}))::DOUBLE AS whole,
        (count(*) FILTER (hidden_reason = 'masked_by_sii' AND size_class IN ({classes})))::BIGINT AS n_masked,
        list(DISTINCT source) AS sources
    FROM core_sii_size_region
    WHERE ($region = 'CL' OR region_code = $region)
        AND year = (SELECT max(year) FROM core_sii_size_region WHERE $year IS NULL OR year <= $year)
    GROUP BY year"""


@dataclass(frozen=True)
class Weight:
    """A measure of companies: its column, its words (in Spanish) and which companies make the whole."""

    column: str
    words: str
    whole: str
    whole_words: str


WORKERS = (
    Weight("workers", "trabajadores", "true", "de todos los trabajadores informados"),
    Weight("workers", "trabajadores", "size_class <> 'sin_informacion'", "de los de empresas con tamaño conocido"),
)
SALES = (Weight("sales_uf", "ventas", "true", "de todas las ventas"),)


def company_readings(edition: Edition, claim: Claim) -> list[Reading]:
    """Return the weight of small firms in jobs or sales, of the claim's region and of Chile."""
    weights = WORKERS if claim.about == "jobs" else SALES
    regions = dict.fromkeys((claim.region, NATION))
    return [
        reading
        for region in regions
        for rule in RULES
        for weight in weights
        for reading in _weigh(edition, claim, region=region, rule=rule, weight=weight)
    ]


def _weigh(edition: Edition, claim: Claim, *, region: str, rule: str, weight: Weight) -> Iterator[Reading]:
    classes = ", ".join(f"'{size}'" for size in SIZES[rule])
    sql = WEIGHTS.format(column=weight.column, classes=classes, whole=weight.whole)
    year = claim.period.end.year if claim.period else None
    for row in edition.rows(sql, {"region": region, "year": year}):
        if not row["whole"] or row["part"] is None:
            continue
        masked = (t(MASKED, n=row["n_masked"]),) if row["n_masked"] else ()
        source = str(row["sources"][0])
        yield Reading(
            quoted=claim.quantity,
            value=row["part"] / row["whole"],
            unit="fraction",
            definition=_definition(weight, rule),
            region=region,
            period=Period(date(row["year"], 1, 1), date(row["year"], 12, 31)),
            origin=PUBLISHED,
            source=SOURCE,
            urls=(source[source.find("http") :],),
            caveats=(t(HEAD_OFFICE), *masked),
            differs=_differs(edition, claim, region=region, weight=weight),
        )


def _definition(weight: Weight, rule: str) -> str:
    words = {"what": t(weight.words), "firms": t(SIZE_LABELS[rule]), "whole": t(weight.whole_words)}
    return t("{what} de {firms}, {whole}", **words)


def _differs(edition: Edition, claim: Claim, *, region: str, weight: Weight) -> str | None:
    if weight.column == "sales_uf":
        return t(NOT_VALUE_ADDED)
    if region != claim.region:
        where = {"place": place(edition, region), "asked": place(edition, claim.region)}
        return t("es de {place}, no de {asked}", **where)
    return None
