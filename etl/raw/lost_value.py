"""What a rejected row is worth: its own amount, in whatever notation, or what its declaration's total leaves over."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation

import duckdb

from etl.raw.report import Rejected

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
