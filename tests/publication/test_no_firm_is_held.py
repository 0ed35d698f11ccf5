"""A public edition tells nothing of the private one it is made of: no firm, no number of a firm, no id."""

from datetime import date
from pathlib import Path

import duckdb

from editions.folders import Workspace
from editions.store import current_id, edition_path, public_id
from etl.load import load
from etl.progress import quiet
from etl.publication.public_edition import publish
from tests.etl.customs_text import month_lines, write_month

JANUARY = date(2024, 1, 1)
HEADER = "periodo;exportador;region;comuna;hs;pais;flujo;fob_usd;tamano"
ENTRY = "2024-{:02};empresa-{};08;08101;44071100;225;bienes;9;pequena"
MONTHS = range(1, 8)  # a half-year, and July, of which nothing is published


def test_no_firm_and_no_id_of_the_office_is_in_a_public_edition(tmp_path: Path) -> None:
    place = Workspace(tmp_path / "data")
    load([write_month(tmp_path, JANUARY)], place, progress=quiet())
    official = current_id(place) or ""
    private = []
    for number in (1, 2):  # the second one's vintages name the first
        path = tmp_path / "registro.csv"
        path.write_text(
            "\n".join([HEADER, *(ENTRY.format(month, number) for month in MONTHS)]) + "\n", encoding="utf-8"
        )
        changed = write_month(tmp_path, JANUARY, lines=month_lines(JANUARY, fob=1000 + number))
        load([path, changed], place, progress=quiet())
        private.append(current_id(place) or "")
    with duckdb.connect(str(edition_path(place, private[1])), read_only=True) as edition:
        keys = [key for (key,) in edition.execute("SELECT DISTINCT exporter_key FROM core_register").fetchall()]
        assert edition.execute("SELECT count(DISTINCT edition_id) FROM core_vintage").fetchall() == [(3,)]
    public = publish(place, progress=quiet())
    assert (current_id(place), public_id(place)) == (private[1], public)
    path = edition_path(place, public)
    with duckdb.connect(str(path), read_only=True) as edition:
        tables = [table for (table,) in edition.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        held = " ".join(str(edition.execute(f"FROM {table}").fetchall()) for table in tables)
        assert edition.execute("SELECT DISTINCT edition_id FROM core_vintage ORDER BY 1").fetchall() == [
            (official,),
            ("private",),
        ]
        spans = "SELECT first_month, last_month FROM meta_source WHERE source_id = 'registro'"
        assert edition.execute(spans).fetchall() == [(JANUARY, date(2024, 6, 1))]
        assert edition.execute("SELECT count(exporter_id), count(declaration_id) FROM core_export").fetchall() == [
            (0, 0)
        ]
    for hidden in (*private, *keys, "empresa-"):
        assert hidden not in held
        assert hidden.encode() not in path.read_bytes()
