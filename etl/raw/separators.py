"""Whether the decimal separator of an amount can be told: `37.018` may be 37 dollars or 37 thousand."""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from etl.errors import SourceError

WIDTH = 30  # the last field of a line is padded with hundreds of spaces
AMOUNT = "-?([0-9]{1,15}[.,][0-9]*|[.,][0-9]+)"
GROUPED = "-?[1-9][0-9]{0,2}[.,][0-9]{3}"  # what a thousands separator looks like, and a number of three decimals too
NAMES = {".": "punto", ",": "coma"}
NEXT = "pida o exporte el archivo con coma decimal y sin separador de miles."


@dataclass(frozen=True)
class _Use:
    """How a column uses one separator: a value that has it, and whether some value shows that it is decimal."""

    example: str
    is_decimal: bool


def refuse_ambiguous(
    connection: duckdb.DuckDBPyConnection, name: str, *, money: Sequence[str], others: Sequence[str]
) -> None:
    """Raise SourceError when a column of `line` has both separators, or one that every value uses as thousands would.

    Quantities and weights may be read by what the money of the same file shows; money must show it itself.
    """
    uses = {column: _uses(connection, column) for column in (*money, *others)}
    decimal = {mark for column in money for mark, use in uses[column].items() if use.is_decimal}
    for column, by_mark in uses.items():
        if len(by_mark) == len(NAMES):
            values = " y ".join(f"con {NAMES[mark]} («{use.example}»)" for mark, use in by_mark.items())
            raise SourceError(f"{name}: {column} trae valores {values}, y no se sabe cuál separa decimales; {NEXT}")
        for mark, use in by_mark.items():
            if not (use.is_decimal or (column in others and mark in decimal)):
                raise SourceError(
                    f"{name}: {column} trae valores como «{use.example}», siempre con tres cifras tras {_the(mark)}, "
                    f"y no se sabe si separa miles o decimales; {NEXT}"
                )


def _uses(connection: duckdb.DuckDBPyConnection, column: str) -> dict[str, _Use]:
    """Return the separators of the column's amounts; what is no amount at all is another rule's matter."""
    value = f"trim(left({column}, {WIDTH}))"
    uses = {}
    for mark in NAMES:
        has_mark = f"contains({column}, '{mark}') AND regexp_full_match({value}, '{AMOUNT}')"
        example = _first(connection, value, has_mark)
        if example is not None:
            decisive = f"{has_mark} AND NOT regexp_full_match({value}, '{GROUPED}')"
            uses[mark] = _Use(example, _first(connection, value, decisive) is not None)
    return uses


def _first(connection: duckdb.DuckDBPyConnection, value: str, condition: str) -> str | None:
    found = connection.execute(f"SELECT {value} FROM line WHERE {condition} LIMIT 1").fetchone()
    return None if found is None else str(found[0])


def _the(mark: str) -> str:
    return {".": "el punto", ",": "la coma"}[mark]
