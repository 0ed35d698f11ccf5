"""A sample edition with what only a real load leaves, and one whose every name is hostile."""

from collections.abc import Sequence
from itertools import cycle
from pathlib import Path

import duckdb

from tests.ui.sample import sample

HOSTILE = (
    '<img src=x onerror="window.owned=1">',
    "<script>window.owned=1</script>",
    "[ver](javascript:window.owned=1) :red[:material/bug_report:] $\\alpha$ `x` | *y*",
    '=HYPERLINK("javascript:window.owned=1";"1")',
    "\u202eabc.gpj 000.1 $SU\u202c \u2067مرحبا\u2069 مرحبا بالعالم",
    "Exportación de productos manufacturados de madera, metal y otros materiales no comprendidos en otra parte " * 3,
    "W" * 300,
    "www.owned.cl http://owned.cl ana@owned.cl <a href='https://owned.cl'>owned=1</a>",
    "</style><svg onload=window.owned=1>{total} {0} %s",
)
ORDINARY = ("Cuenta de prueba", "Otro nombre de prueba")
NAMES = {  # table → columns with the names that pages show
    "core_country": ("name_es", "name_en"),
    "core_sector": ("name_es", "name_en"),
    "core_service_type": ("name_es", "name_en"),
    "core_hs": ("name_es", "name_en"),
    "core_published_figure": ("subject", "note"),
}


def furnished(data: Path) -> str:
    """Write the sample with the marks of a load, point CURRENT at it and return its id."""
    edition_id = sample(data)
    with duckdb.connect(str(data / "editions" / f"{edition_id}.duckdb")) as edition:
        _load_marks(edition, ORDINARY)
    return edition_id


def hostile(data: Path) -> str:
    """Write a sample whose names are hostile text, point CURRENT at it and return its id."""
    edition_id = sample(data)
    with duckdb.connect(str(data / "editions" / f"{edition_id}.duckdb")) as edition:
        for table, columns in NAMES.items():
            for column in columns:
                edition.execute(
                    f"UPDATE {table} SET {column} = $texts[1 + rowid % len($texts)] WHERE {column} IS NOT NULL",
                    {"texts": list(HOSTILE)},
                )
        edition.execute("UPDATE core_published_figure SET source_url = 'javascript:window.owned=1'")
        edition.execute("UPDATE meta_build SET extract = $text", {"text": " ".join(HOSTILE[:3])})
        _load_marks(edition, HOSTILE)
    return edition_id


MARKS = (  # what a load leaves; $text is free text, $table a table of the edition
    """INSERT INTO meta_source (source_id, name, retrieved_on, sha256, rows_read, rows_kept, first_month, last_month)
       VALUES ($text, $text, DATE '2025-11-20', $text, 1000, 990, DATE '2023-11-01', DATE '2025-10-01')""",
    "INSERT INTO meta_repair VALUES ($text, $text, 12)",
    "INSERT INTO meta_unknown_code VALUES ('countries', $text, 3, 1000)",
    "INSERT INTO meta_change VALUES ($text, DATE '2025-10-01', 10, 11, 1000, 1100)",
    "INSERT INTO meta_gate VALUES ($text, $text, 'rows', 'aceptado', 1, 2, $text, $text)",
    "INSERT INTO meta_table VALUES ($table, $text, $text, 1)",
    "INSERT INTO meta_column VALUES ($table, 'name', 'VARCHAR', NULL, $text)",
    """INSERT INTO core_business_round (origin, event, edition, starts_on, ends_on, date_precision, place, region_code,
           organiser, n_companies, n_rounds, note, source, source_url)
       VALUES ('office', $text, '2024', DATE '2024-01-01', DATE '2024-12-31', 'year', $text, '08', $text, 1300, 450,
           $text, $text, $text)""",
)


def _load_marks(edition: duckdb.DuckDBPyConnection, texts: Sequence[str]) -> None:
    """Fill the tables of sources, repairs, gates, dictionary and business rounds with one row of each text."""
    for table, text in zip(cycle(NAMES), texts, strict=False):
        for statement in MARKS:
            asked = {"text": text, "table": table}
            edition.execute(statement, {name: value for name, value in asked.items() if f"${name}" in statement})
