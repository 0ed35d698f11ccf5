"""How raw text becomes types: the SQL of a code and an amount, and the words for one that is malformed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import duckdb
import pyarrow as pa
from pyarrow import csv

MEMORY_LIMIT = "500MB"
THREADS = 2
BLOCK = 1 << 20
BLANKS = [" " * width for width in range(32)]
IDENTITIES = ("NUMEROIDENT", "NRO_EXPORTADOR")  # never quoted, and where columns are shifted they stand in another one
NUMBER = re.compile(r"[0-9.\-]{4,}[0-9kK]")


@dataclass(frozen=True)
class Rule:
    """What a field must look like when trimmed; `pattern` also says whether it may be empty."""

    field: str
    pattern: str
    said: str
    largest: int | None = None  # of a code, which may be read as a number

    @property
    def is_code(self) -> bool:
        """Tell whether the field holds digits only."""
        return self.largest is not None


def code(field: str, digits: int, *, required: bool = False) -> Rule:
    """Return the rule of a code of at most so many digits."""
    pattern = f"[0-9]{{{int(required)},{digits}}}"
    return Rule(field, pattern, f"un código de hasta {digits} cifras", largest=10**digits - 1)


def connect(scratch: Path) -> duckdb.DuckDBPyConnection:
    """Return a connection with bounded memory that spills into `scratch`."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": MEMORY_LIMIT,
        "threads": THREADS,
        "temp_directory": str(scratch / "spill"),
    }
    return duckdb.connect(":memory:", config=config)


def read_text(
    text: Path | BinaryIO,
    columns: Sequence[str],
    used: Sequence[str],
    *,
    numbers: Sequence[str] = (),
    encoding: str = "utf8",
    skip: int = 0,
    delimiter: str = ";",
) -> pa.Table:
    """Return the used columns of a repaired text, as text but for `numbers`.

    Raises ArrowInvalid for a line of another shape, for what is no whole number among `numbers` and for text of
    another encoding.
    """
    types = dict.fromkeys(used, pa.string()) | dict.fromkeys(numbers, pa.int64())
    return csv.read_csv(
        text,
        read_options=csv.ReadOptions(column_names=list(columns), skip_rows=skip, block_size=BLOCK, encoding=encoding),
        parse_options=csv.ParseOptions(
            delimiter=delimiter, quote_char=False, escape_char=False, newlines_in_values=False
        ),
        convert_options=csv.ConvertOptions(
            include_columns=list(types), column_types=types, null_values=BLANKS, strings_can_be_null=False
        ),
    )


def literal(text: str) -> str:
    """Return the text as an SQL literal, for places that take no parameter."""
    return "'" + text.replace("'", "''") + "'"


def number_sql(field: str) -> str:
    """Return the number a code is; NULL when empty. For fields that follow their rule: digits."""
    return f"try_cast({field} AS BIGINT)"


def code_sql(field: str) -> str:
    """Return the code without padding; NULL when empty."""
    return f"{number_sql(field)}::VARCHAR"


def padded_sql(field: str, digits: int) -> str:
    """Return the code padded with zeros to its width; NULL when empty."""
    return f"lpad({code_sql(field)}, {digits}, '0')"


def decimal_sql(field: str, type_name: str) -> str:
    """Return the amount with its decimal comma read; NULL when empty or malformed."""
    return f"try_cast(replace({field}, ',', '.') AS {type_name})"


def follows_sql(rules: Sequence[Rule], *, as_numbers: bool = False) -> str:
    """Return whether a row follows all rules; with `as_numbers`, codes were read as whole numbers."""
    return " AND ".join(_follows_as_number(rule) if as_numbers and rule.is_code else _follows(rule) for rule in rules)


def _follows(rule: Rule) -> str:
    return f"regexp_full_match({rule.field}, ' *{rule.pattern} *')"


def _follows_as_number(rule: Rule) -> str:
    may_be_empty = re.fullmatch(rule.pattern, "") is not None
    return f"coalesce({rule.field} BETWEEN 0 AND {rule.largest}, {str(may_be_empty).lower()})"


def broken_rule(rules: Sequence[Rule], row: dict[str, str]) -> str | None:
    """Return in words the first rule that the row breaks."""
    for rule in rules:
        value = row[rule.field].strip(" ")
        if not re.fullmatch(rule.pattern, value):
            return (
                f"{rule.field} «{_quoted(rule.field, value)}» no es {rule.said}"
                if value
                else f"{rule.field} viene vacío"
            )
    return None


def _quoted(field: str, value: str) -> str:
    """Return a wrong value as it may be shown: of what may be the number of a firm or its declaration, the shape."""
    is_hidden = field in IDENTITIES or (NUMBER.fullmatch(value) and not field.startswith("FECHA"))
    return shape(value[:40]) if is_hidden else value[:40]


def shape(text: str) -> str:
    """Return a text with # in the place of each digit."""
    return re.sub("[0-9]", "#", text)
