"""How raw text becomes types: the SQL of a code and an amount, and the words for one that is malformed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
from pyarrow import csv

MEMORY_LIMIT = "500MB"
THREADS = 2
BLOCK = 1 << 20


@dataclass(frozen=True)
class Rule:
    """What a field must look like when trimmed; `pattern` also says whether it may be empty."""

    field: str
    pattern: str
    said: str


def code(field: str, digits: int, *, required: bool = False) -> Rule:
    """Return the rule of a code of at most so many digits."""
    return Rule(field, f"[0-9]{{{int(required)},{digits}}}", f"un código de hasta {digits} cifras")


def connect(scratch: Path) -> duckdb.DuckDBPyConnection:
    """Return a connection with bounded memory that spills into `scratch`."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": MEMORY_LIMIT,
        "threads": THREADS,
        "temp_directory": str(scratch / "spill"),
    }
    return duckdb.connect(":memory:", config=config)


def read_text(path: Path, columns: Sequence[str], used: Sequence[str], *, skip: int = 0) -> pa.Table:
    """Return the used columns of a repaired text, as text. Raises ArrowInvalid for a line of another shape."""
    return csv.read_csv(
        path,
        read_options=csv.ReadOptions(column_names=list(columns), skip_rows=skip, block_size=BLOCK),
        parse_options=csv.ParseOptions(delimiter=";", quote_char=False, escape_char=False, newlines_in_values=False),
        convert_options=csv.ConvertOptions(
            include_columns=list(used),
            column_types=dict.fromkeys(used, pa.string()),
            strings_can_be_null=False,
        ),
    )


def literal(text: str) -> str:
    """Return the text as an SQL literal, for places that take no parameter."""
    return "'" + text.replace("'", "''") + "'"


def code_sql(field: str) -> str:
    """Return the code without padding; NULL when empty. For fields that follow their rule: digits."""
    return f"try_cast({field} AS BIGINT)::VARCHAR"


def padded_sql(field: str, digits: int) -> str:
    """Return the code padded with zeros to its width; NULL when empty."""
    return f"lpad({code_sql(field)}, {digits}, '0')"


def decimal_sql(field: str, type_name: str) -> str:
    """Return the amount with its decimal comma read; NULL when empty or malformed."""
    return f"try_cast(replace({field}, ',', '.') AS {type_name})"


def follows_sql(rules: Sequence[Rule]) -> str:
    """Return whether a row follows all rules."""
    return " AND ".join(f"regexp_full_match({rule.field}, ' *{rule.pattern} *')" for rule in rules)


def broken_rule(rules: Sequence[Rule], row: dict[str, str]) -> str | None:
    """Return in words the first rule that the row breaks."""
    for rule in rules:
        value = row[rule.field].strip(" ")
        if not re.fullmatch(rule.pattern, value):
            return f"{rule.field} «{value[:40]}» no es {rule.said}" if value else f"{rule.field} viene vacío"
    return None
