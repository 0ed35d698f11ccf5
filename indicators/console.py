"""Read-only SQL over an edition, for whoever wants more than the pages ask.

The connection is read-only and cut off from files and network (`edition.HARDENED`). Besides, one SELECT is allowed at
a time, its tables are looked up in the parsed query, and where firms are protected their numbers are not there to be
read: each table stands for a view of it without them. Decision 15 says why by the parsed query and not by its text.
"""

import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import duckdb

from indicators.edition import Edition, damage_told
from indicators.errors import IndicatorError
from indicators.formats import listing, number
from indicators.language import t

MOST_ROWS = 5_000
MOST_SECONDS = 10.0
LONGEST = 20_000
FIRM_COLUMNS = ("exporter_id", "exporter_key", "declaration_id")
FIRM_TABLES = ("core_register", "mart_firm_by_month")  # every row of them is one firm's
LAYERS = ("core_", "mart_")
OPEN_META = ("meta_table", "meta_column", "meta_source", "meta_build", "meta_change")
TABLE_FUNCTIONS = ("range", "generate_series", "unnest")
KINDS_OF_TABLE = ("BASE_TABLE", "SUBQUERY", "JOIN", "TABLE_FUNCTION", "EMPTY", "EXPRESSION_LIST", "PIVOT")


class ConsoleError(IndicatorError):
    """The query is not one that may be run here, or failed; the message says why in one sentence."""


@dataclass(frozen=True)
class Found:
    """The rows of a query; `is_cut` when there were more than are kept."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    is_cut: bool
    seconds: float


@dataclass(frozen=True)
class TableHelp:
    """A table that can be read: what it is, and its columns with what each means."""

    name: str
    description: str
    grain: str
    columns: Mapping[str, str]


def run(edition: Edition, sql: str, *, most_rows: int = MOST_ROWS, most_seconds: float = MOST_SECONDS) -> Found:
    """Return the rows of one SELECT, at most `most_rows`, stopped after `most_seconds`. Raises ConsoleError."""
    readable = _readable(edition)
    _check(edition, sql, readable)
    views = ",\n".join(f'"{name}" AS (SELECT {columns} FROM main."{name}")' for name, columns in readable.items())
    cursor = edition.cursor()
    alarm = threading.Timer(most_seconds, cursor.interrupt)
    alarm.start()
    began = time.monotonic()
    try:
        with damage_told(edition.id):
            result = cursor.execute(f"WITH {views}\nSELECT * FROM (\n{sql.strip().rstrip(';')}\n) AS asked")
            rows = result.fetchmany(most_rows + 1)
        columns = tuple(column[0] for column in result.description or ())
    except duckdb.InterruptException as error:
        limit = number(most_seconds)
        raise ConsoleError(t("La consulta pasó de {limit} segundos; agregue filtros.", limit=limit)) from error
    except duckdb.Error as error:
        raise ConsoleError(t("La consulta falló: {why}", why=_first_line(error))) from error
    finally:
        alarm.cancel()
    return Found(columns, tuple(rows[:most_rows]), len(rows) > most_rows, time.monotonic() - began)


def tables(edition: Edition) -> tuple[TableHelp, ...]:
    """Return the tables that can be read, with the dictionary of the edition."""
    readable = _readable(edition)
    hidden = FIRM_COLUMNS if False else ()
    described = edition.constant("SELECT table_name, column_name, description FROM meta_column")
    columns: dict[str, dict[str, str]] = {}
    for row in described:
        if row["column_name"] not in hidden:
            columns.setdefault(row["table_name"], {})[row["column_name"]] = row["description"]
    return tuple(
        TableHelp(row["table_name"], row["description"], row["grain"], columns.get(row["table_name"], {}))
        for row in edition.constant("SELECT table_name, description, grain FROM meta_table ORDER BY table_name")
        if row["table_name"] in readable
    )


def _readable(edition: Edition) -> dict[str, str]:
    """The tables that can be read → the columns that stand in their place."""
    rows = edition.constant(
        "SELECT table_name, list(column_name ORDER BY column_index) AS columns FROM duckdb_columns() "
        "WHERE schema_name = 'main' AND NOT internal GROUP BY table_name ORDER BY table_name"
    )
    is_guarded = False
    found = {}
    for row in rows:
        name, hidden = row["table_name"], [column for column in row["columns"] if column in FIRM_COLUMNS]
        if not (name.startswith(LAYERS) or name in OPEN_META) or (is_guarded and name in FIRM_TABLES):
            continue
        found[name] = f"* EXCLUDE ({', '.join(hidden)})" if is_guarded and hidden else "*"
    return found


def _check(edition: Edition, sql: str, readable: Mapping[str, str]) -> None:
    """Refuse all but one SELECT over readable tables."""
    if not sql.strip():
        raise ConsoleError(t("Escriba una consulta; por ejemplo: SELECT * FROM core_region"))
    if len(sql) > LONGEST:
        raise ConsoleError(t("La consulta pasa de {most} caracteres.", most=number(LONGEST)))
    asked = edition.rows("SELECT json_serialize_sql($sql::VARCHAR) AS parsed", {"sql": sql})[0]["parsed"]
    parsed = json.loads(asked)
    if parsed["error"]:
        if parsed["error_type"] == "parser":
            raise ConsoleError(t("La consulta no se entiende: {why}", why=parsed["error_message"]))
        raise ConsoleError(t("Aquí sólo se lee: una consulta SELECT, sin PIVOT ni EXPLAIN."))
    if len(parsed["statements"]) != 1:
        raise ConsoleError(t("Escriba una sola consulta a la vez."))
    _walk(parsed["statements"][0], frozenset(readable), readable)


def _walk(node: Any, known: frozenset[str], readable: Mapping[str, str]) -> None:
    """Go through the parsed query; `known` are the tables that a name can mean at this place."""
    if isinstance(node, list):
        for one in node:
            _walk(one, known, readable)
    if not isinstance(node, dict):
        return
    for entry in node.get("cte_map", {}).get("map", ()):
        name, value = entry["key"].lower(), entry["value"]
        is_recursive = value["query_node"]["type"] == "RECURSIVE_CTE_NODE"
        _walk(value, known | {name} if is_recursive else known, readable)
        known |= {name}
    if {"type", "alias", "sample"} <= node.keys():
        _check_table(node, known, readable)
    for name, value in node.items():
        if name != "cte_map":
            _walk(value, known, readable)


def _check_table(node: Mapping[str, Any], known: frozenset[str], readable: Mapping[str, str]) -> None:
    kind = node["type"]
    if kind not in KINDS_OF_TABLE:
        raise ConsoleError(t("Aquí sólo se lee con SELECT; el diccionario de tablas está al lado."))
    if kind == "TABLE_FUNCTION" and node["function"].get("function_name", "").lower() not in TABLE_FUNCTIONS:
        name = node["function"].get("function_name", "")
        raise ConsoleError(t("La función «{name}» no se puede usar aquí como tabla.", name=name))
    if kind != "BASE_TABLE":
        return
    where, name = node["catalog_name"] or node["schema_name"], node["table_name"]
    if where or name.lower() not in known:
        options = listing(sorted(readable))
        raise ConsoleError(t("No se puede leer «{name}»; las tablas son: {known}.", name=name, known=options))


def _first_line(error: Exception) -> str:
    return str(error).split("\n", 1)[0]
