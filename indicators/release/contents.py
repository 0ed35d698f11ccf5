"""What a release holds: a fixed list, so that nothing private can slip in. No firm and no register is in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from indicators.edition import Edition
from indicators.errors import IndicatorError
from indicators.language import t
from indicators.question import Question
from indicators.scope import NATION, REGIONS, REGISTER
from indicators.summary import FIGURES

PUBLIC = ("official", "public", "demo")
FIRM = "exporter_id"  # left out: a number that means nothing outside its edition


class ReleaseError(IndicatorError):
    """An edition that cannot be released, and why."""


@dataclass(frozen=True)
class Part:
    """One table of the release: its name there, the edition's table, and whether it is cut by year."""

    name: str
    table: str
    by_year: bool = False
    without: tuple[str, ...] = ()
    adds: tuple[str, ...] = ()  # columns added up where leaving a column out makes rows alike
    where: str = "true"

    def select(self, columns: tuple[str, ...]) -> str:
        """Return the SQL of the table's rows; with `by_year` it takes `$year`."""
        year = "month BETWEEN make_date($year, 1, 1) AND make_date($year, 12, 1)" if self.by_year else "true"
        listed = ", ".join(f"sum({c})::{ADDED[c]} AS {c}" if c in self.adds else c for c in columns)
        grouped = " GROUP BY ALL" if self.adds else ""
        return f"SELECT {listed} FROM {self.table} WHERE {self.where} AND {year}{grouped} ORDER BY ALL"


ADDED: Mapping[str, str] = {"n_items": "BIGINT", "quantity": "DECIMAL(24, 6)", "fob_usd": "DECIMAL(18, 2)"}
PARTS = (
    Part("exportaciones", "mart_export_by_month", by_year=True, without=(FIRM,), adds=tuple(ADDED)),
    Part("totales", "mart_total_by_month", by_year=True),
    Part("meses", "core_month", where=f"source_id <> '{REGISTER}'"),
    Part("cifras_publicadas", "core_published_figure"),
    Part("regiones", "core_region"),
    Part("comunas", "core_comuna"),
    Part("paises", "core_country"),
    Part("productos", "core_product"),
    Part("sistema_armonizado", "core_hs"),
    Part("sectores", "core_sector"),
    Part("reglas_de_sector", "core_sector_rule"),
    Part("tipos_de_servicio", "core_service_type"),
    Part("reglas_de_servicio", "core_service_rule"),
    Part("reglas_de_exclusion", "core_exclusion_rule"),
    Part("aduanas", "core_customs_office"),
    Part("puertos", "core_port"),
    Part("vias_de_transporte", "core_transport"),
    Part("unidades", "core_unit"),
    Part("quiebres_de_serie", "core_series_break"),
)
FIRM_STATISTICS = Part("estadisticas_de_empresas", "mart_firm_statistic")  # other editions have the table empty


def refuse_private(edition: Edition) -> None:
    """Raise ReleaseError unless everything in the edition may be made public."""
    if edition.kind not in PUBLIC:
        raise ReleaseError(
            t(
                "La edición {id} es privada (contiene el registro de la oficina) y no se entrega; publique una edición "
                "sin registro.",
                id=edition.id,
            )
        )


def parts_of(edition: Edition) -> tuple[Part, ...]:
    """Return the tables that the release of an edition has."""
    return (*PARTS, FIRM_STATISTICS) if edition.holds_no_firm else PARTS


def columns_of(edition: Edition, part: Part) -> list[dict[str, Any]]:
    """Return the columns that a part has in the release, as the edition's dictionary describes them."""
    rows = edition.rows(
        "SELECT column_name, data_type, unit, description FROM meta_column WHERE table_name = $table",
        {"table": part.table},
    )
    return [row for row in rows if row["column_name"] not in part.without]


def years_of(edition: Edition, part: Part) -> list[int | None]:
    """Return the years that a part is cut into; one None when it is whole."""
    if not part.by_year:
        return [None]
    return [row["y"] for row in edition.rows(f"SELECT DISTINCT year(month)::INTEGER AS y FROM {part.table} ORDER BY y")]


def headline_questions() -> dict[str, str]:
    """Return the questions whose receipts go along: name of the file → question, for Chile and each region."""
    return {
        f"{place}-{asked['metric']}-{number}": str(Question(region=place, **asked))  # type: ignore[arg-type]
        for place in (NATION, *REGIONS)
        for number, asked in enumerate(FIGURES.values(), 1)
    }
