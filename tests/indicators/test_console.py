"""The SQL console reads the whole edition and nothing else, within limits that hold whatever is asked."""

import io
import os
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path
from threading import Event, Thread
from typing import Any

import duckdb
import openpyxl
import pyarrow.parquet as pq
import pytest

from editions.edition import Edition, open_file
from indicators import files
from indicators.console.queries import LIMITS, LONGEST, ConsoleError, Full, Limits, Turns, as_table, run, tables, turns
from tests.console_attacks import CURIOUS, FORBIDDEN, GREEDY, NAMED_AS_A_TABLE, WIDE, processes, watched
from tests.editions import OPEN_FILES, needs_open_files, tiny_edition
from tests.patience import PATIENCE, wait_until
from words.language import speaking

EXPORTS = [
    {"month": "2025-01", "exporter_id": str(firm), "region_code": "08", "fob_usd": 1_000 * firm} for firm in range(1, 5)
]
FIRMS = [{"month": "2025-01", "exporter_key": "firma", "fob_usd": 10}]
PATIENT = Limits(seconds=PATIENCE)  # for what must be answered, however busy the machine
SOON = Limits(seconds=4.0)  # for what must be killed


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    return tiny_edition(tmp_path_factory.mktemp("editions"), exports=EXPORTS, register=FIRMS, kind="demo")


def rows(edition: Edition, sql: str) -> tuple[tuple[Any, ...], ...]:
    return run(edition, sql, limits=PATIENT).rows


def test_a_select_gives_its_rows_as_what_they_are(edition: Edition) -> None:
    sql = """SELECT region_code, sum(fob_usd) AS fob, sum(1) AS n, max(month) AS month, 0.5::DOUBLE AS half,
        NULL AS none, true AS yes, 1 AS n FROM mart_export_by_month GROUP BY 1;"""
    result = run(edition, sql, limits=PATIENT)
    assert result.columns == ("region_code", "fob", "n", "month", "half", "none", "yes", "n_2")
    assert result.rows == (("08", Decimal(10_000), 4, date(2025, 1, 1), 0.5, None, "true", 1),)
    assert not result.is_cut


@pytest.mark.parametrize(
    ("sql", "cell"),
    [
        ("DESCRIBE core_region", "region_code"),
        ("SHOW TABLES", "core_business_round"),
        ("SUMMARIZE core_region", "region_code"),
        ("EXPLAIN SELECT 1", "physical_plan"),
        ("PIVOT core_export ON region_code USING sum(fob_usd)::BIGINT GROUP BY segment", "goods"),
        ("PIVOT (SELECT region_code, fob_usd FROM core_export) ON region_code IN ('08') USING sum(fob_usd)", 10_000),
        ("SELECT TIMESTAMPTZ '2025-01-01 00:00:00+00'", "2024-12-31 21:00:00-03"),
        ("SELECT TIMESTAMPTZ '2025-07-01 00:00:00+00' AT TIME ZONE 'Asia/Tokyo'", "2025-07-01 09:00:00"),
        ("SELECT {'a': [1, 2]}", "{'a': [1, 2]}"),
        ("SELECT [1.5]", "[1.5]"),
        ("SELECT 'infinity'::DATE", "infinity"),
        ("SELECT 9223372036854775807::HUGEINT * 4", 36893488147419103228),
        ("SELECT 1 -- a comment", 1),
    ],
)
def test_what_analysts_write_works(edition: Edition, sql: str, cell: Any) -> None:
    assert rows(edition, sql)[0][0] == cell


def test_no_rows_still_have_columns(edition: Edition) -> None:
    result = run(edition, "SELECT name FROM core_region WHERE false", limits=PATIENT)
    assert (result.columns, result.rows) == (("name",), ())


def test_all_of_the_edition_can_be_read_under_any_name(edition: Edition) -> None:
    assert rows(edition, "SELECT exporter_key FROM core_register") == (("firma",),)
    assert rows(edition, NAMED_AS_A_TABLE) == ((1,),)
    assert rows(edition, "SELECT count(*) FROM meta_reject") == ((0,),)


@pytest.mark.parametrize("sql", FORBIDDEN)
def test_nothing_is_written_nor_read_from_outside(edition: Edition, sql: str, tmp_path: Path) -> None:
    before = edition.path.read_bytes()
    with pytest.raises(ConsoleError) as caught:
        run(edition, sql.replace("{folder}", str(tmp_path)), limits=PATIENT)
    assert "root:" not in str(caught.value)
    assert edition.path.read_bytes() == before
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("sql", CURIOUS)
def test_nothing_is_told_of_the_server(edition: Edition, sql: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_OF_THE_SERVER", "hush")
    try:
        cells = str(rows(edition, sql))
    except ConsoleError as error:  # of extensions and secrets only their folders could tell
        cells = str(error)
    secrets = (str(edition.path.parent), edition.path.name, str(Path.home()), sys.prefix, "hush")
    for secret in secrets:
        assert secret not in cells and secret[::-1] not in cells


def test_nothing_is_told_of_a_folder_where_nothing_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    edition = tiny_edition(tmp_path, exports=EXPORTS, kind="demo")
    for _ in range(2):
        assert str(tmp_path) not in str(rows(edition, "FROM duckdb_databases()"))
    assert rows(edition, "SELECT count(*) FROM core_export") == ((4,),)


@needs_open_files
def test_a_query_leaves_neither_file_nor_process(edition: Edition) -> None:
    def open_now() -> int:
        return len(list(OPEN_FILES.iterdir()))

    rows(edition, "SELECT 1")  # the edition's file stays open while the edition is
    before, files_before = open_now(), set(edition.path.parent.iterdir())
    for sql in ("SELECT 1", "SELECT nothing", GREEDY["endless product"]):
        with suppress(ConsoleError):
            run(edition, sql, limits=Limits(seconds=1.0))
    assert (open_now(), set(edition.path.parent.iterdir()), processes()) == (before, files_before, [])


@pytest.mark.parametrize("name", GREEDY)
def test_a_greedy_query_dies_within_its_limits(edition: Edition, name: str) -> None:
    assert len(GREEDY[name]) <= LONGEST  # or it would not even be tried
    began = time.monotonic()
    with watched() as peak, pytest.raises(ConsoleError) as caught:
        run(edition, GREEDY[name], limits=SOON)
    assert time.monotonic() - began < SOON.seconds + PATIENCE
    assert peak.memory < SOON.memory
    assert not processes()
    assert "DuckDB" not in str(caught.value)


def test_a_query_is_killed_in_the_planner_too(edition: Edition) -> None:
    with pytest.raises(ConsoleError, match="pasó de 4 segundos"):
        run(edition, GREEDY["700 tables joined"], limits=SOON)


def test_wide_rows_are_cut_by_their_bytes(edition: Edition) -> None:
    with watched() as peak:
        result = run(edition, WIDE, limits=PATIENT)
    assert result.is_cut
    assert 1 <= len(result.rows) <= LIMITS.size / 100_000
    assert peak.memory < LIMITS.memory


def test_more_rows_than_are_given_are_said_to_be_cut(edition: Edition) -> None:
    few = Limits(rows=10, seconds=PATIENCE)
    for sql, n, is_cut in (("FROM range(100)", 10, True), ("FROM range(10)", 10, False)):
        result = run(edition, sql, limits=few)
        assert (len(result.rows), result.is_cut) == (n, is_cut)


def test_an_answer_without_end_comes_at_once(edition: Edition) -> None:
    """It is streamed: the rows after the last that is given are never made."""
    assert run(edition, "SELECT range FROM range(1000000000000)", limits=PATIENT).is_cut


def test_a_long_query_is_not_even_tried(edition: Edition) -> None:
    with pytest.raises(ConsoleError, match=r"20\.000 caracteres"):
        run(edition, "SELECT 1" + " " * 20_000)


@pytest.mark.parametrize(
    ("sql", "spanish", "english", "excerpt"),
    [
        ("SELECT nada FROM core_region", "La columna «nada» no existe", "The column “nada” does not exist", ""),
        ("SELECT r.nada FROM core_region r", "La columna «nada» no existe", "The column “nada” does not exist", ""),
        ("FROM core_regio", "«core_regio» no existe. Quizás: \"core_region", "does not exist. Perhaps: \"core_", ""),
        ("SELECT nada(1)", "La función «nada» no existe", "The function “nada” does not exist", ""),
        ("SELECT x.a FROM core_region", "La tabla «x» no está en el FROM", "“x” is not in the FROM", ""),
        ("SELEC 1", "no se entiende cerca de «SELEC»", "not understood near “SELEC”", "SELEC 1\n^^^^^"),
        ("SELECT", "está incompleta", "is incomplete", ""),
        (" -- nada", "vacía o no da filas", "empty or gives no rows", ""),
        ("SELECT name, count(*) FROM core_region", "en el GROUP BY", "in the GROUP BY", ""),
        ("SELECT 'a'::DATE", "«a» no se puede leer", "“a” cannot be read", "SELECT 'a'::DATE\n          ^^^^^^"),
        ("SELECT sum(name) FROM core_region", "«sum(VARCHAR)»; conviértalos", "“sum(VARCHAR)”; convert", ""),
        ("SELECT 9223372036854775807 + 1", "no cabe en su tipo", "does not fit its type", ""),
        ("SELECT name FROM core_region a, core_region b", "en más de una tabla", "in more than one table", ""),
        ("SELECT sum(sum(fob_usd)) FROM core_export", "no puede ir ahí", "cannot stand there", ""),
        ("SELECT (SELECT name FROM core_region)", "más de una fila", "more than one row", ""),
        ("SELECT 1 UNION SELECT 1, 2", "las mismas columnas", "the same columns", ""),
        ("SELECT 'a", "Falta cerrar una comilla", "is not closed", "SELECT 'a\n       ^"),
        ("SELECT $1", "parámetro sin valor", "parameter without a value", ""),
        ("DROP TABLE core_region", "sólo se lee la edición", "can only read the edition", ""),
        ("SELECT current_setting('nada')", "DuckDB dice: «", "DuckDB says: “", ""),
    ],
)  # fmt: skip
def test_what_goes_wrong_is_told_in_the_reader_s_language(
    edition: Edition, sql: str, spanish: str, english: str, excerpt: str
) -> None:
    for language, words in (("es", spanish), ("en", english)):
        with speaking(language), pytest.raises(ConsoleError) as caught:
            run(edition, sql, limits=PATIENT)
        assert words in str(caught.value)
        assert caught.value.excerpt == excerpt


def test_the_files_of_a_query_hold_the_same_values_mark_source_and_query(edition: Edition) -> None:
    sql = (
        "SELECT region_code, sum(fob_usd) AS fob, min(month) AS month, '=1+1' AS formula FROM core_export GROUP BY ALL"
    )
    table = as_table(edition, sql, run(edition, sql, limits=PATIENT))
    text = files.as_csv(table)
    assert text.startswith("# Datos de demostración. No citar.\n# consulta: SELECT")
    assert text.endswith("08,10000.00,2025-01-01,'=1+1\n")
    assert f"# edicion: {edition.id}" in text
    parquet = pq.read_table(io.BytesIO(files.as_parquet(table)))
    assert parquet.to_pylist() == [{"region_code": "08", "fob": 10_000, "month": date(2025, 1, 1), "formula": "=1+1"}]
    assert parquet.schema.metadata[b"avisos"] == "Datos de demostración. No citar.".encode()
    sheet = openpyxl.load_workbook(io.BytesIO(files.as_xlsx(table)))["Datos"]
    assert [[cell.value for cell in row] for row in sheet.rows][1:] == [
        ["region_code", "fob", "month", "formula"],
        ["08", 10_000, sheet["C3"].value, "=1+1"],
    ]
    assert f"{sheet['C3'].value:%Y-%m-%d}" == "2025-01-01"


def test_a_private_edition_marks_its_files(tmp_path: Path) -> None:
    private = tiny_edition(tmp_path, exports=EXPORTS, kind="private")
    result = run(private, "SELECT 1", limits=PATIENT)
    assert as_table(private, "SELECT 1", result).marks == ("Edición privada: no difundir",)


def test_a_start_for_the_public_has_no_console_unless_it_is_asked_for(
    edition: Edition, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    private = tiny_edition(tmp_path, exports=EXPORTS, kind="private")
    monkeypatch.setenv("PULSO_PUBLIC", "1")
    with pytest.raises(ConsoleError, match="no ofrece consultas SQL"):
        run(edition, "SELECT 1")
    monkeypatch.setenv("PULSO_CONSOLE", "1")
    assert rows(edition, "SELECT 1") == ((1,),)
    with pytest.raises(ConsoleError, match="no ofrece consultas SQL"):
        run(private, "SELECT 1")


def test_the_dictionary_lists_the_tables_of_the_file(tmp_path: Path) -> None:
    path = tiny_edition(tmp_path, exports=EXPORTS, kind="demo").path
    with duckdb.connect(str(path)) as file:
        file.execute("INSERT INTO meta_table (table_name, description) VALUES ('core_export', 'b'), ('gone', 'c')")
        file.execute(
            "INSERT INTO meta_column (table_name, column_name, description) VALUES ('core_export', 'fob_usd', 'd')"
        )
    assert [(table.name, table.columns) for table in tables(open_file(path))] == [("core_export", {"fob_usd": "d"})]


class Guest(Thread):
    """Takes a turn and stays until it is let go."""

    def __init__(self, queue: Turns) -> None:
        super().__init__()
        self.queue, self.entered, self.leaves, self.positions = queue, Event(), Event(), list[int]()
        self.start()

    def run(self) -> None:
        with self.queue.turn(self.positions.append):
            self.entered.set()
            self.leaves.wait(PATIENCE)


@pytest.fixture
def guests() -> Iterator[list[Guest]]:
    waiting: list[Guest] = []
    yield waiting
    for guest in waiting:
        guest.leaves.set()
    for guest in waiting:
        guest.join()


def test_two_run_at_a_time_and_the_others_wait_in_the_order_they_came(guests: list[Guest]) -> None:
    queue = Turns(2, 2)
    for n in range(4):
        guests.append(Guest(queue))
        wait_until(lambda n=n: guests[n].entered.is_set() if n < 2 else guests[n].positions)
    assert (guests[2].positions[0], guests[3].positions[0]) == (1, 2)
    with pytest.raises(Full), queue.turn(print):
        pass
    guests[1].leaves.set()
    wait_until(guests[2].entered.is_set)
    assert not guests[3].entered.is_set()
    guests[0].leaves.set()
    wait_until(guests[3].entered.is_set)


def test_whoever_stops_waiting_makes_room(guests: list[Guest]) -> None:
    def leave(_: int) -> None:
        raise InterruptedError  # as Streamlit does where the reader has gone on

    queue = Turns(1, 1)
    guests.append(Guest(queue))
    wait_until(guests[0].entered.is_set)
    for _ in range(3):
        with pytest.raises(InterruptedError), queue.turn(leave):
            pass
    guests[0].leaves.set()
    with queue.turn(print):
        pass


def test_a_console_with_a_full_queue_says_so(edition: Edition, guests: list[Guest]) -> None:
    for _ in range(10):
        guests.append(Guest(turns))
    wait_until(lambda: sum(bool(guest.positions) for guest in guests) == 8)
    with pytest.raises(ConsoleError, match="demasiadas consultas"):
        run(edition, "SELECT 1")


@pytest.mark.skipif(not Path("/proc/self/limits").exists(), reason="limits of a process are listed on Linux only")
def test_the_other_process_has_limits_and_gives_way(edition: Edition) -> None:
    caught: list[ConsoleError] = []

    def ask() -> None:
        try:
            run(edition, GREEDY["endless product"], limits=SOON)
        except ConsoleError as error:
            caught.append(error)

    asking = Thread(target=ask)
    asking.start()
    wait_until(lambda: any(b"\0" in (one / "cmdline").read_bytes() for one in processes()))
    process = processes()[0]
    wait_until(lambda: "Max address space         1073741824" in (process / "limits").read_text())
    assert "Max core file size        0 " in (process / "limits").read_text()
    assert os.getpriority(os.PRIO_PROCESS, int(process.name)) >= 10
    assert sorted((process / "environ").read_bytes().split(b"\0")) == [b"", b"LANG=C.UTF-8", b"MALLOC_ARENA_MAX=2"]
    asking.join()
    assert caught
