"""Any metric by any two dimensions: one answer per column, so that every cell is a figure with its definition."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from indicators.dimensions import UNKNOWN_KEY, narrowed
from indicators.language import t
from indicators.question import Question
from indicators.result import Answer, Row

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
