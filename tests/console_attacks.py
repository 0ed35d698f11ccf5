"""Queries that would take all of a machine, or tell what is not the reader's, for the tests and `benchmarks`."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

DOUBLINGS, TABLES, LEVELS = 25, 700, 1_200

GREEDY = {  # what is tried → the query
    "levenshtein of 300,000 characters": "SELECT levenshtein(repeat('a', 300000), repeat('b', 300000))",
    f"{TABLES} tables joined": "SELECT count(*) FROM " + ", ".join(f"core_region AS r{n}" for n in range(TABLES)),
    f"{TABLES} tables joined by their columns": "SELECT count(*) FROM core_unit"
    + "".join(f" NATURAL JOIN core_unit u{n}" for n in range(1, TABLES)),
    f"{DOUBLINGS} doubling CTEs": "WITH c0 AS (FROM core_region), "
    + ", ".join(f"c{n} AS (FROM c{n - 1} UNION ALL FROM c{n - 1})" for n in range(1, DOUBLINGS + 1))
    + f" SELECT count(*) FROM c{DOUBLINGS}",
    f"{DOUBLINGS} doubling CTEs, not kept": "WITH c0 AS (SELECT 1 AS x), "
    + ", ".join(
        f"c{n} AS NOT MATERIALIZED (SELECT a.x FROM c{n - 1} AS a, c{n - 1} AS b)" for n in range(1, DOUBLINGS + 1)
    )
    + f" SELECT count(*) FROM c{DOUBLINGS}",
    "list_transform over 30 million": "SELECT list_transform(range(30000000), lambda x: x || 'abc')",
    "repeat of 900 million": "SELECT repeat('x', 900000000)",
    "length of a repeat of 900 million": "SELECT length(repeat('x', 900000000))",
    f"{LEVELS} nested selects": "SELECT * FROM (" * LEVELS + "SELECT 1" + ")" * LEVELS,
    "endless recursion": "WITH RECURSIVE core_region AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM core_region) "
    "SELECT count(*) FROM core_region",
    "endless product": "SELECT count(*) FROM range(100000000000) AS a, range(1000) AS b",
    "endless text": "SELECT length(string_agg(repeat('x', 10000000), ',')) FROM range(100000)",
}
WIDE = "SELECT repeat('x', 100000) AS wide FROM range(5000)"
NAMED_AS_A_TABLE = (
    "WITH RECURSIVE core_register AS (SELECT exporter_key FROM core_register) SELECT count(*) AS n FROM core_register"
)
FOLDERS = (
    "SELECT current_setting('secret_directory'), current_setting('home_directory'), current_setting('temp_directory')"
)
CURIOUS = (  # whatever the answer, nothing of the server is in the answer
    "SELECT * FROM duckdb_settings()",
    "SELECT * FROM duckdb_databases()",
    "SELECT reverse(path) FROM duckdb_databases() WHERE path IS NOT NULL",
    "PRAGMA database_list",
    "SELECT current_setting('allowed_paths'), current_setting('allowed_directories')",
    FOLDERS,
    "SELECT current_setting('extension_directory'), current_setting('TimeZone')",
    "SELECT * FROM duckdb_extensions()",
    "FROM duckdb_secrets()",
    "FROM duckdb_logs()",
    "SELECT current_database(), current_user, version()",
)
FORBIDDEN = (
    "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM read_blob('/proc/self/environ')",
    "SELECT * FROM sniff_csv('/etc/passwd')",
    "SELECT * FROM parquet_scan('/tmp/x.parquet')",
    "SELECT * FROM read_csv('https://example.org/x.csv')",
    "SELECT * FROM glob('/*')",
    "ATTACH '{folder}/other.duckdb'",
    "ATTACH ':memory:'",
    "COPY core_region TO '{folder}/out.csv'",
    "COPY (SELECT 1) TO '/dev/stdout'",
    "EXPORT DATABASE '{folder}/out'",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SET enable_external_access = true",
    "SET memory_limit = '90GB'",
    "RESET lock_configuration",
    "SET temp_directory = '{folder}'",
    "CREATE TABLE x AS SELECT 1",
    "CREATE VIEW x AS SELECT 1",
    "CREATE PERSISTENT SECRET (TYPE http)",
    "DELETE FROM core_region",
    "INSERT INTO core_region SELECT * FROM core_region",
    "UPDATE core_region SET name = 'x'",
    "DROP TABLE core_region",
    "SELECT 1; DROP TABLE core_region",
    "SELECT 1) AS x; DROP TABLE core_region; SELECT * FROM (SELECT 1",
    "SELECT * FROM sql",
    "SELECT * FROM connection",
)


@dataclass
class Peak:
    """The most memory, in bytes, that a process begun by this one had while it was watched."""

    memory: int = 0


@contextmanager
def watched(*, together: bool = False) -> Iterator[Peak]:
    """Watch the memory of each process of the console below this one; or of them all, as far as it is in use."""
    peak, over = Peak(), Event()

    def watch() -> None:
        while not over.wait(0.02):
            memory = [_memory(process, "VmRSS" if together else "VmHWM") for process in processes()]
            peak.memory = max(peak.memory, sum(memory) if together else max(memory, default=0))

    thread = Thread(target=watch)
    thread.start()
    try:
        yield peak
    finally:
        over.set()
        thread.join()


def processes(parent: Path = Path("/proc/self")) -> list[Path]:
    """Return where the system tells of each process of the console that runs under this one."""
    ids = [one for task in parent.glob("task/*/children") for one in _text(task).split()]
    children = [Path("/proc") / one for one in ids]
    below = [process for child in children for process in processes(child)]
    return [child for child in children if "indicators.console.process" in _text(child / "cmdline")] + below


def _memory(process: Path, kind: str) -> int:
    lines = [line for line in _text(process / "status").splitlines() if line.startswith(kind)]
    return int(lines[0].split()[1]) << 10 if lines else 0


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:  # it has ended
        return ""
