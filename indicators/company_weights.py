"""The weight of small firms among all firms, their workers and their sales (SII), year by year, as published facts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from indicators.companies import Count, counts
from indicators.edition import Edition
from indicators.language import t
from indicators.published import Period, PublishedFact
from indicators.question import Question
from indicators.reasons import at_least
from indicators.result import Answer
from indicators.scope import SIZES

SII = "SII"
MEASURES = {"n_firms": "empresas", "workers": "trabajadores", "sales_uf": "ventas"}  # column → what it weighs


@dataclass(frozen=True)
class PerThousand:
    """How many of a thousand firms export: a count of one source over a count of another, both of the same year."""

    year: int
    exporters: int
    firms: int
    answer: Answer

    @property
    def rate(self) -> float:
        """Exporters of each thousand firms."""
        return 1000 * self.exporters / self.firms


def weights(edition: Edition, region: str, rule: str) -> dict[str, tuple[PublishedFact, ...]]:
    """Return, for firms, workers and sales, the part (a fraction) that a size rule's firms make, oldest year first.

    With sales that SII hides (`*`) in any class, the fact says so: what is shown of them is «at least».
    """
    found = {name: counts(edition, column, region=region, classes=SIZES[rule]) for column, name in MEASURES.items()}
    if not any(found.values()):
        return {}
    return {
        name: tuple(_fact(one, column, region=region, rule=rule) for one in found[name] if one.weight is not None)
        for column, name in MEASURES.items()
    }


def _fact(one: Count, column: str, *, region: str, rule: str) -> PublishedFact:
    return PublishedFact(
        figure_ids=(),
        metric=f"sii_share_{column}",
        scope=t("todas las empresas que cuenta el SII"),
        region=region,
        subject_kind="size",
        subject=f"{rule}: {t(MEASURES[column])}",
        basis=None,
        period=Period(date(one.year, 1, 1), date(one.year, 12, 31)),
        value=one.weight or 0.0,
        unit="fraction",
        decimals=1,
        comparison="",
        publisher=SII,
        published_on=None,
        source_urls=(one.url,),
        is_derived=True,
        derivation=t("suma de las clases ÷ suma de todas, {year}", year=one.year),
        note=at_least(one.n_hidden_of_whole).text if one.n_hidden_of_whole else None,
    )


def per_thousand(
    edition: Edition, region: str, rule: str, *, ask: Callable[[Question], Answer]
) -> tuple[PerThousand, ...]:
    """Return the exporters of each thousand firms of a size rule, for the years that both sources have whole."""
    found = []
    for one in counts(edition, "n_firms", region=region, classes=SIZES[rule]):
        asked = Question("exporters", region=region, window=str(one.year), compare="none", flow="all", size=rule)
        answer = ask(asked)
        if answer.value is not None and answer.is_complete and one.part:
            found.append(PerThousand(one.year, int(answer.value), int(one.part), answer))
    return tuple(found)
