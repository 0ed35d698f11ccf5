"""The weight of small firms in jobs and sales, from the SII's count of companies by size and region."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from indicators import growth
from indicators.claims.claim import Claim
from indicators.claims.reading import PUBLISHED, Reading
from indicators.companies import counts
from indicators.edition import Edition
from indicators.language import t
from indicators.published import Period
from indicators.published.labels import NATION
from indicators.published.smes import place
from indicators.reasons import at_least
from indicators.scope import SIZE_LABELS, SIZES

RULES = ("mipyme", "pyme")
SOURCE = "SII, Estadísticas de Empresas"
NOT_VALUE_ADDED = "son ventas, no valor agregado: el PIB suma valor agregado"
HEAD_OFFICE = "Las empresas y sus trabajadores se cuentan en la región de la casa matriz."


@dataclass(frozen=True)
class Weight:
    """A measure of companies: its column, its words (in Spanish) and which companies make the whole."""

    column: str
    words: str
    whole_words: str
    is_of_known_size: bool = False


WORKERS = (
    Weight("workers", "trabajadores", "de todos los trabajadores informados"),
    Weight("workers", "trabajadores", "de los de empresas con tamaño conocido", is_of_known_size=True),
)
SALES = (Weight("sales_uf", "ventas", "de todas las ventas"),)


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
    year = claim.period.end.year if claim.period else None
    found = counts(edition, weight.column, region=region, classes=SIZES[rule])
    for one in [one for one in found if year is None or one.year <= year][-1:]:
        value = growth.share(one.part, one.of_known_size) if weight.is_of_known_size else one.weight
        if value is None:
            continue
        masked = (at_least(one.n_hidden_of_whole).text,) if one.n_hidden_of_whole else ()
        yield Reading(
            quoted=claim.quantity,
            value=value,
            unit="fraction",
            definition=_definition(weight, rule),
            region=region,
            period=Period(date(one.year, 1, 1), date(one.year, 12, 31)),
            origin=PUBLISHED,
            source=SOURCE,
            urls=(one.url,),
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
