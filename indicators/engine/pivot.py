"""Any metric by any two dimensions: one answer per column, so that every cell is a figure with its definition."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from indicators.engine.result import Answer, Row
from indicators.question.calendar import Window, add_months
from indicators.question.dimensions import UNKNOWN_KEY, narrowed
from indicators.question.question import Question
from words.language import t

MOST_COLUMNS = 12


@dataclass(frozen=True)
class Column:
    """One column: its key, its label and the answer that its cells are the rows of."""

    key: str
    label: str
    answer: Answer

    def row(self, key: str) -> Row | None:
        """Return the cell of a row, or None where the answer has no such part."""
        return next((row for row in self.answer.rows if row.key == key), None)


@dataclass(frozen=True)
class Pivot:
    """The rows of the total, and the columns; `left_out` says how many columns are not shown."""

    total: Answer
    columns: tuple[Column, ...]
    left_out: int = 0

    @property
    def rows(self) -> tuple[tuple[str, str], ...]:
        """Key and label of every row, those of the total first."""
        named = {row.key: row.label for row in self.total.rows}
        for column in self.columns:
            for row in column.answer.rows:
                named.setdefault(row.key, row.label)
        return tuple(named.items())

    @property
    def answers(self) -> tuple[Answer, ...]:
        """Every answer that a cell is from."""
        return tuple(column.answer for column in self.columns) or (self.total,)

    def values(self, key: str) -> tuple[float | int | None, ...]:
        """Return the figures of a row, column by column."""
        found = [column.row(key) for column in self.columns]
        return tuple(row.value if row else None for row in found)


def pivot(
    question: Question, columns: str | None, *, ask: Callable[[Question], Answer], most: int = MOST_COLUMNS
) -> Pivot:
    """Return the parts of a question by a second dimension, the largest `most` keys of it.

    Raises QuestionError when the metric cannot be asked by both.
    """
    total = ask(question)
    if columns is None or columns == question.split:
        return Pivot(total, (Column("total", t("Total"), total),))
    keys = _keys(ask(question.but(split=columns)).rows, columns)
    shown = keys[-most:] if columns == "month" else keys[:most]
    made = tuple(Column(key, label, ask(question.but(**narrowed(columns, key)))) for key, label in shown)
    return Pivot(total, made, len(keys) - len(shown))


def _keys(rows: Sequence[Row], split: str) -> list[tuple[str, str]]:
    """The keys that can be asked for one by one: what has no code, or an operation nobody knows, cannot."""
    unknown = {UNKNOWN_KEY, "unknown"} if split == "segment" else {UNKNOWN_KEY}
    return [(row.key, row.label) for row in rows if row.key not in unknown]


# -- From sector to product to destination: what a question is opened by next, and the way back.

DEEPEST = 8  # digits of a tariff code
SHORTEST_SERIES = 6  # months; fewer draw no series
NAME_CHARS = 44
PARTS = ("sector", "hs", "service_type", "country")  # the parts of a question that the steps write, widest first


@dataclass(frozen=True)
class Step:
    """A step of the way: what it is called for each of its codes, and the parts of the address that lead to it."""

    part: str
    codes: tuple[str, ...]
    address: tuple[tuple[str, str | None], ...]

    @property
    def split(self) -> str:
        """The split whose keys are the codes of the step."""
        return split_of(self.part, self.codes[0])


def next_split(question: Question, sectors: str) -> str:
    """Return what the slice is opened by next: sectors, then products ever finer, then destinations."""
    digits = max(map(len, question.hs.split(","))) if question.hs else 0
    if digits >= DEEPEST:
        return "country"
    if digits or question.sector:
        return f"hs{digits + 2}"
    return sectors


def part_of(split: str) -> str:
    """Return the part of a question that a key of the split fills: `sector`, `hs` or `country`."""
    return "hs" if split.startswith("hs") else split.partition(":")[0]


def split_of(part: str, code: str) -> str:
    """Return the split that has a code of the part among its keys; of a sector `code` is its scheme."""
    return f"hs{len(code)}" if part == "hs" else f"sector:{code.partition(':')[0]}" if part == "sector" else part


def value_of(split: str, key: str) -> str:
    """Return a key as the part of a question holds it: `prochile:forestal`, `4407`, `336`."""
    part, _, scheme = split.partition(":")
    return f"{scheme}:{key}" if part == "sector" else key


def opens(row: Row) -> bool:
    """Whether a row can be opened: what has no code cannot."""
    return row.key != UNKNOWN_KEY


def steps(question: Question) -> tuple[Step, ...]:
    """Return the steps that led to the slice, each with the address that goes back to it."""
    found = []
    for place, part in enumerate(PARTS):
        said = getattr(question, part)
        if not said:
            continue
        cleared = tuple((later, None) for later in PARTS[place + 1 :])
        for codes in _widths(said) if part == "hs" else (said,):
            found.append(Step(part, tuple(codes.split(",")), ((part, codes), *cleared)))
    return tuple(found)


def _widths(codes: str) -> tuple[str, ...]:
    """Return a tariff code with the wider ones it lies in: `44`, `4407`; several codes are one step."""
    if "," in codes:
        return (codes,)
    return tuple(codes[:digits] for digits in range(2, len(codes) + 1, 2))


def largest(answer: Answer, count: int, *, comparable: bool = False) -> tuple[Row, ...]:
    """Return the largest rows that can be opened; when `comparable`, only those whose growth is shown (no low base)."""
    found = (row for row in answer.rows if opens(row) and row.value)
    return tuple(row for row in found if row.growth is not None or not comparable)[:count]


def series_window(window: Window) -> Window:
    """Return the months to draw of a window: its own, or the twelve that end with it when it is short."""
    return window if len(window) >= SHORTEST_SERIES else Window(add_months(window.last, -11), window.last)


def short_name(name: str, width: int = NAME_CHARS) -> str:
    """Return a name without its brackets and cut at a word: tariff names can run over three lines."""
    bare = re.sub(r"\s*\([^)]*\)?", "", name).strip() or name
    if len(bare) <= width:
        return bare
    return f"{bare[: width - 1].rsplit(' ', 1)[0].rstrip(' ,;·')}…"
