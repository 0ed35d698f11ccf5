"""The description of a release: `datapackage.json` (Frictionless Data Package, version 1) and a page to read first."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indicators import reasons
from indicators.edition import Edition
from indicators.language import t
from indicators.release.contents import Part, columns_of

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
        "description": f"{t(reasons.DEMO.text)} {described}" if edition.is_demo else described,
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
        marks.append(f"**{t(reasons.DEMO.text)}** {t('Los registros de exportación de esta edición son sintéticos.')}")
    if edition.extract:
        marks.append(reasons.extract(edition.extract).text)
    return t(
        README,
        id=edition.id,
        marks="".join(f"{mark}\n\n" for mark in marks),
        label=t(edition.label),
        day=f"{edition.built_at:%Y-%m-%d}",
        publisher=PUBLISHER,
        rows="\n".join(f"| `{one.path}` | {one.rows} |" for one in files if one.path.endswith(".csv")),
    )
