"""What a release holds, a fixed list so that nothing private can slip in, and its description."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from editions.edition import Edition
from editions.errors import IndicatorError
from indicators.engine import result
from indicators.narrative.resumen import FIGURES
from indicators.question.question import Question
from indicators.question.scope import NATION, REGIONS, REGISTER
from words.language import t

# -- What a release holds: a fixed list, so that nothing private can slip in. No firm and no register is in
# it.

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


# -- The description of a release: `datapackage.json` (Frictionless Data Package, version 1) and a page to
# read first.

TYPES = {
    "VARCHAR": "string",
    "DATE": "date",
    "BOOLEAN": "boolean",
    "TIMESTAMP": "datetime",
    "DOUBLE": "number",
}
WHOLE = ("BIGINT", "INTEGER", "SMALLINT", "HUGEINT", "TINYINT")
PUBLISHER = "Servicio Nacional de Aduanas de Chile"


@dataclass(frozen=True)
class Written:
    """One data file of the release: where it is in the ZIP, and what it holds."""

    part: Part
    name: str
    path: str
    rows: int
    size: int
    sha256: str


def hashed(path: Path) -> str:
    """Return the sha256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def datapackage(edition: Edition, files: Iterable[Written]) -> dict[str, Any]:
    """Return the descriptor: every data file with its columns, size and hash."""
    title = t("Pulso Exportador: exportaciones de las regiones de Chile ({label})", label=t(edition.label))
    described = t("Exportaciones por mes, región, producto y destino; cifras publicadas; códigos.")
    return {
        "profile": "data-package",
        "name": f"pulso-exportador-{edition.id}",
        "id": edition.id,
        "title": title,
        "description": f"{t(result.DEMO.text)} {described}" if edition.is_demo else described,
        "version": edition.id,
        "created": edition.built_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "demo": edition.is_demo,
        "extract": edition.extract,
        "sources": [{"title": PUBLISHER, "path": "https://datos.gob.cl/organization/servicio_nacional_de_aduanas"}],
        "resources": [_resource(edition, one) for one in files],
    }


def _resource(edition: Edition, file: Written) -> dict[str, Any]:
    is_csv = file.path.endswith(".csv")
    fields = [_field(column) for column in columns_of(edition, file.part)]
    return {
        "name": file.name,
        "path": file.path,
        "profile": "tabular-data-resource" if is_csv else "data-resource",
        "format": "csv" if is_csv else "parquet",
        "mediatype": "text/csv" if is_csv else "application/vnd.apache.parquet",
        "encoding": "utf-8",
        "bytes": file.size,
        "hash": f"sha256:{file.sha256}",
        "rows": file.rows,
        "schema": {"fields": fields, "missingValues": [""]},
    }


def _field(column: Mapping[str, Any]) -> dict[str, Any]:
    kind = str(column["data_type"]).upper().partition("(")[0]
    described = {
        "name": column["column_name"],
        "type": TYPES.get(kind, "integer" if kind in WHOLE else "number" if kind == "DECIMAL" else "string"),
        "description": column["description"] or "",
    }
    return described | ({"unit": column["unit"]} if column["unit"] else {})


README = """# Pulso Exportador, edición {id}

{marks}{label}, armada el {day}. Fuente de los registros: {publisher}.
Cada cifra publicada (`cifras_publicadas`) es real y dice quién la publicó, cuándo y dónde.

- `datos/`: cada tabla en Parquet y en CSV (UTF-8, comas, punto decimal); las largas, un archivo por año. Las columnas
  se unen por sus códigos (`region_code`, `country_code`, `hs_code` …). Lo que falta está vacío; nunca es cero.
- `diccionario/`: qué es cada tabla y cada columna, con su unidad.
- `recibos/`: las cifras principales de Chile y de cada región, con definición, SQL y archivos de origen.
- `datapackage.json`: lo mismo para programas (Frictionless Data Package), con el sha256 de cada archivo.

No hay aquí empresas ni sus números: las cifras sobre empresas salen del tablero, que reserva las que permitirían
reconocerlas. `exportaciones` y `totales` son dos vistas de lo mismo, y también lo son las fuentes de `source_id`: no se
suman entre sí. En los CSV, un texto que parece fórmula lleva un apóstrofo delante.

| archivo | filas |
|---|---|
{rows}
"""


def readme(edition: Edition, files: Iterable[Written]) -> str:
    """Return the page to read first; what must not be missed stands at its top."""
    marks = []
    if edition.is_demo:
        marks.append(f"**{t(result.DEMO.text)}** {t('Los registros de exportación de esta edición son sintéticos.')}")
    if edition.extract:
        marks.append(result.extract(edition.extract).text)
    return t(
        README,
        id=edition.id,
        marks="".join(f"{mark}\n\n" for mark in marks),
        label=t(edition.label),
        day=f"{edition.built_at:%Y-%m-%d}",
        publisher=PUBLISHER,
        rows="\n".join(f"| `{one.path}` | {one.rows} |" for one in files if one.path.endswith(".csv")),
    )
