"""The other process of the SQL console: runs one query over one edition, within limits, and ends.

Nothing here judges the query: it may ask whatever it likes of the edition's file, which is all that this process can
reach. `indicators.console.queries` starts it, and kills it when its time is over. It imports little, to start fast.
"""

import json
import os
import resource
import sys
from itertools import chain

import duckdb

SETTINGS: dict[str, str | bool] = {  # the last two stand last: they forbid what the others do
    "temp_directory": "",
    "secret_directory": "none",  # by default it tells the home folder of the server's user
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "python_enable_replacements": False,  # a query would read this process's variables
    "TimeZone": "America/Santiago",
    "enable_external_access": False,
    "lock_configuration": True,
}
AS_JSON = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "FLOAT", "DOUBLE"}
BATCH = 64  # rows fetched at a time: wide ones are cut before many are in memory
POLITE = 10  # the app's own work comes first


def main(path: str, rows: str, size: str, memory: str, seconds: str) -> None:
    """Write to standard output what the query on standard input gives; to standard error, how that ended.

    Of the limits, `size` (bytes of the answer) and `memory` are bytes, `seconds` are of the processor.
    """
    end: dict[str, str | bool]
    limit(memory=int(memory), seconds=int(seconds), written=int(size))
    try:
        end = {"is_cut": answer(connect(path, int(memory)), sys.stdin.read(), int(rows), int(size))}
    except (duckdb.Error, MemoryError) as error:
        end = {"error": type(error).__name__, "text": str(error)}
    json.dump(end, sys.stderr)


def limit(*, memory: int, seconds: int, written: int) -> None:
    """Take no more of the machine than this, whatever DuckDB counts: its planner and some functions count nothing."""
    os.nice(POLITE)
    for kind, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),  # ends it too when the app is no more there to kill it
        (resource.RLIMIT_FSIZE, written),
    ):
        _, hard = resource.getrlimit(kind)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (most, most))


def connect(path: str, memory: int) -> duckdb.DuckDBPyConnection:
    """Return a read-only connection to the edition that reaches no other file, network nor extension."""
    connection = duckdb.connect(path, read_only=True, config={"threads": 1, "memory_limit": f"{memory // 2}B"})
    for name, value in SETTINGS.items():
        connection.execute(f"SET {name} = {value!r}")
    return connection


def answer(connection: duckdb.DuckDBPyConnection, sql: str, rows: int, size: int) -> bool:
    """Write names and types of the columns, then each row, as lines of JSON; return whether there was more.

    What JSON has no number for is written as DuckDB prints it.
    """
    query = connection.sql(sql)
    if query is None:
        raise duckdb.InvalidInputException("nothing that gives rows")
    types = [str(kind) for kind in query.types]
    cells = (f"#{place}" if kind in AS_JSON else f"#{place}::VARCHAR" for place, kind in enumerate(types, 1))
    connection.execute(query.project(", ".join(cells)).sql_query())
    batches = iter(lambda: connection.fetchmany(BATCH), [])
    lines = chain([list(zip(query.columns, types, strict=True))], chain.from_iterable(batches))
    for number, line in enumerate(lines):
        text = f"{json.dumps(line, ensure_ascii=False)}\n".encode()
        size -= len(text)
        if number > rows or size < 0:
            return True
        sys.stdout.buffer.write(text)
    return False


if __name__ == "__main__":
    main(*sys.argv[1:])
