"""The weight of small firms among all firms, their workers and their sales (SII), year by year, as published facts."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from indicators.edition import Edition
from indicators.language import t
from indicators.published import Period, PublishedFact
from indicators.question import Question
from indicators.result import Answer
from indicators.scope import REGIONS, SIZES

SII = "SII"
MEASURES = {"n_firms": "empresas", "workers": "trabajadores", "sales_uf": "ventas"}  # column → what it weighs
WEIGHTS = """
    SELECT year, sum({column}) FILTER (list_contains($classes, size_class))::DOUBLE AS part,
        sum({column})::DOUBLE AS whole, coalesce(sum(n_masked), 0)::BIGINT AS n_masked, any_value(source) AS source
    FROM core_sii_company
    WHERE place_level = $level AND region_code = $region AND size_class <> 'todas'
    GROUP BY year
    HAVING part IS NOT NULL AND whole > 0
    ORDER BY year"""
FIRMS = """
    SELECT year, sum(n_firms)::BIGINT AS firms FROM core_sii_company
    WHERE place_level = $level AND region_code = $region AND list_contains($classes, size_class)
    GROUP BY year ORDER BY year"""


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
    if not edition.constant("SELECT 1 FROM duckdb_tables() WHERE table_name = 'core_sii_company'"):
        return {}
    return {name: tuple(_facts(edition, column, region, rule)) for column, name in MEASURES.items()}


def _facts(edition: Edition, column: str, region: str, rule: str) -> Iterator[PublishedFact]:
    for row in edition.rows(WEIGHTS.format(column=column), _place(region, rule)):
        source = str(row["source"])
        hidden = column == "sales_uf" and row["n_masked"]
        yield PublishedFact(
            figure_ids=(),
            metric=f"sii_share_{column}",
            scope=t("todas las empresas que cuenta el SII"),
            region=region,
            subject_kind="size",
            subject=f"{rule}: {t(MEASURES[column])}",
            basis=None,
            period=Period(date(row["year"], 1, 1), date(row["year"], 12, 31)),
            value=row["part"] / row["whole"],
            unit="fraction",
            decimals=1,
            comparison="",
            publisher=SII,
            published_on=None,
            source_urls=(source[source.find("http") :],),
            is_derived=True,
            derivation=t("suma de las clases ÷ suma de todas, {year}", year=row["year"]),
            note=t("Al menos: el SII oculta {n} celdas de ventas.", n=row["n_masked"]) if hidden else None,
        )


def per_thousand(
    edition: Edition, region: str, rule: str, *, ask: Callable[[Question], Answer]
) -> tuple[PerThousand, ...]:
    """Return the exporters of each thousand firms of a size rule, for the years that both sources have whole."""
    found = []
    for row in edition.rows(FIRMS, _place(region, rule)):
        year = row["year"]
        asked = Question("exporters", region=region, window=str(year), compare="none", flow="all", size=rule)
        answer = ask(asked)
        if answer.value is not None and answer.is_complete and row["firms"]:
            found.append(PerThousand(year, int(answer.value), row["firms"], answer))
    return tuple(found)


def _place(region: str, rule: str) -> dict[str, object]:
    level = "region" if region in REGIONS else "nation"
    return {"level": level, "region": region, "classes": list(SIZES[rule])}
