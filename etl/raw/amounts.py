"""How raw text becomes codes and amounts: the SQL, the decimal separator, and what a rejected row was worth."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import BinaryIO

import duckdb
import pyarrow as pa
from pyarrow import csv

from editions.errors import SourceError
from etl.raw.report import Rejected

# -- How raw text becomes types: the SQL of a code and an amount, and the words for one that is malformed.

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


# -- Whether the decimal separator of an amount can be told: `37.018` may be 37 dollars or 37 thousand.

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


# -- What a rejected row is worth: its own amount, in whatever notation, or what its declaration's total
# leaves over.

LARGEST = Decimal(10) ** 15  # dollars; what is more is no value at all
LONGEST_TEXT = 500  # characters of a row that are kept
SCIENTIFIC = re.compile(r"-?[0-9]+(\.[0-9]+)?E[+-]?[0-9]{1,2}")
Row = Mapping[str, str]


def amount(text: str) -> Decimal | None:
    """Return the dollars that a text most likely says («US$ 1.234,50», «4,84E+08»); None when it says none."""
    plain = re.sub(r"[^0-9.,E+-]", "", text.upper().replace("US$", "").replace("USD", ""))
    if not SCIENTIFIC.fullmatch(plain.replace(",", ".")):
        plain = _without_thousands(plain)
    try:
        value = Decimal(plain.replace(",", "."))
    except InvalidOperation:
        return None
    return value.quantize(Decimal("0.01")) if abs(value) < LARGEST else None


def _without_thousands(plain: str) -> str:
    """Take out the separators that cannot be decimal: all but the last kind, or one kind used twice."""
    kinds = [mark for mark in ".," if mark in plain]
    if len(kinds) == 2:
        last = max(kinds, key=plain.rfind)
        plain = plain.replace("." if last == "," else ",", "")
        kinds = [last]
    return plain.replace(kinds[0], "") if kinds and plain.count(kinds[0]) > 1 else plain


def weigh_items(
    connection: duckdb.DuckDBPyConnection, rejected: Sequence[Rejected], names: Sequence[str], month: date
) -> list[Rejected]:
    """Return the rejected items of a month with what each is worth; `item` holds what is kept.

    An item kept with the same value is no loss; one without a value is what its declaration's total leaves over.
    """
    rows = [_fields(one, names) for one in rejected]
    kept = _kept(connection, {_number(row, "NUMEROIDENT") for row in rows} - {None})
    weighed, claimed = [], set[int | None]()
    for one, row in zip(rejected, rows, strict=True):
        declaration, item = _number(row, "NUMEROIDENT"), _number(row, "NUMEROITEM")
        value, items = amount(row.get("FOBUS", "")), kept.get(declaration, {})
        if value is not None and items.get(item) == value:
            value = Decimal(0)
        elif value is None and declaration not in claimed:  # its total is one, whatever the number of its items lost
            claimed.add(declaration)
            value = _rest(amount(row.get("TOTALVALORFOB", "")), items.values())
        weighed.append(_weighed(one, month, value))
    return weighed


def weigh_records(
    rejected: Sequence[Rejected], names: Sequence[str], month_of: Callable[[Row], date | None]
) -> list[Rejected]:
    """Return the rejected Salidas records with their month, where they tell it, and what each is worth."""
    rows = [_fields(one, names) for one in rejected]
    return [
        _weighed(one, month_of(row), amount(row.get("FOB_US_DUSLEG", "")))
        for one, row in zip(rejected, rows, strict=True)
    ]


def _fields(one: Rejected, names: Sequence[str]) -> Row:
    return dict(zip(names, one.text.split(";"), strict=False))


def _number(row: Row, field: str) -> int | None:
    text = row.get(field, "").strip()
    return int(text) if re.fullmatch("[0-9]{1,15}", text) else None


def _kept(
    connection: duckdb.DuckDBPyConnection, declarations: set[int | None]
) -> dict[int | None, dict[int | None, Decimal]]:
    kept: dict[int | None, dict[int | None, Decimal]] = {}
    for declaration, item, value in connection.execute(
        "SELECT declaration_id, item_number, fob_usd FROM item WHERE declaration_id IN (SELECT unnest(?::BIGINT[]))",
        [list(declarations)],
    ).fetchall():
        kept.setdefault(declaration, {})[item] = value
    return kept


def _rest(total: Decimal | None, items: Iterable[Decimal]) -> Decimal | None:
    rest = None if total is None else total - sum(items)
    return rest if rest is not None and rest > 0 else None


def _weighed(one: Rejected, month: date | None, value: Decimal | None) -> Rejected:
    return replace(one, month=month, fob_usd=value, text=one.text[:LONGEST_TEXT])
