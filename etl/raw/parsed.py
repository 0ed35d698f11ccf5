"""What parsers take and give, and the gate they share: a file with many wrong rows is not believed."""

import csv
import functools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa

from editions.errors import SourceError
from editions.folders import REFERENCE
from etl.progress import Progress
from etl.raw.completeness import Measured
from etl.raw.repair import Cleaned, Shape, clean
from etl.raw.report import MonthCount, Rejected, RowsRejectedError
from etl.raw.wording import place, thousands

MOST_REJECTED = 0.01
MOST_EXPLAINED = 20_000  # 1 % of the longest file: what is not refused is explained and weighed, row by row
SERVICES_HEADING = "0025"
NOT_EXPORT = "not_export"


@dataclass(frozen=True)
class Task:
    """One recognised text to parse: what to call it, where it is, where its Parquet goes."""

    name: str
    path: Path
    parquet: Path
    scratch: Path
    is_demo: bool
    progress: Progress


@dataclass(frozen=True)
class Span:
    """First and last month that a file without months of its own speaks of."""

    first: date
    last: date


@dataclass(frozen=True)
class Parsed:
    """What came of it. Files that bring no months of exports have a `span` and `notes` for the report instead."""

    rows: int
    rows_read: int
    repaired: dict[str, int]
    rejected: tuple[Rejected, ...]
    counts: tuple[MonthCount, ...]
    measured: Measured | None = None
    span: Span | None = None
    notes: tuple[str, ...] = ()
    key_mark: str | None = None  # which secret the firms were hashed with

    @property
    def months(self) -> tuple[date, ...]:
        """Return the months that hold rows, in order."""
        return tuple(sorted({count.month for count in self.counts}))


def read_cleaned(task: Task, shape: Shape, fill: Callable[[Cleaned], int]) -> Cleaned:
    """Repair the text and hand it to `fill`, which returns the rows it read.

    Where the reader disagrees with the quick look at chunks, each line is looked at. Raises SourceError if it
    still disagrees.
    """
    for every_line in (False, True):
        cleaned = clean(
            task.path,
            task.scratch / "changed.txt",
            name=task.name,
            shape=shape,
            progress=task.progress,
            every_line=every_line,
        )
        refuse_many(task.name, cleaned.rejected, cleaned.rows + len(cleaned.rejected))
        try:
            if fill(cleaned) == cleaned.rows:
                return cleaned
        except pa.ArrowInvalid:
            continue
    raise SourceError(f"{task.name}: el texto no se deja leer como registros; vuelva a descargarlo de su fuente.")


def refuse_many(name: str, rejected: Sequence[Rejected], rows_read: int) -> None:
    """Raise RowsRejectedError when more than 1 % of the rows are wrong: that is damage, not a defect."""
    if len(rejected) <= MOST_REJECTED * rows_read:
        return
    first = min(rejected, key=lambda one: one.line)
    raise RowsRejectedError(
        f"{place(name, first.line)}: {first.reason}; se rechazan {thousands(len(rejected))} de "
        f"{thousands(rows_read)} filas, más del 1 %; vuelva a descargar el archivo de datos.gob.cl.",
        rejected,
    )


def rejects(
    name: str,
    cleaned: Cleaned,
    reasons: dict[int, str],
    *,
    skipped: int = 0,
    explain: Callable[[str], str | None] | None = None,
) -> list[Rejected]:
    """Return the rejected rows with line and whole text; `explain` finds the reason of a row that has none yet."""
    texts = cleaned.texts({row + skipped for row in sorted(reasons)[:MOST_EXPLAINED]})
    found = []
    for row, reason in sorted(reasons.items()):
        text = texts.get(row + skipped, "")
        said = reason or (explain(text) if explain and text else None) or "la fila no se puede leer"
        found.append(Rejected(name, cleaned.line(row + skipped), said, text))
    return found


def counts_by_operation(
    rows: Iterable[tuple[date, str | None, bool, int, Decimal]],
) -> tuple[MonthCount, ...]:
    """Return the counts of (month, operation, heading 00.25, items, value) rows, each with its segment."""
    return tuple(
        MonthCount(month, operation, _segment(operation, is_service=is_service), items, fob)
        for month, operation, is_service, items, fob in rows
    )


def _segment(operation: str | None, *, is_service: bool) -> str:
    """Return the segment as core_export gives it: heading 00.25 is of services unless the operation exports nothing."""
    segment = segments().get(operation or "", "unknown")
    return "services" if is_service and segment != NOT_EXPORT else segment


@functools.cache
def segments() -> dict[str, str]:
    """Return the segment of each operation."""
    with (REFERENCE / "operations.csv").open(encoding="utf-8", newline="") as table:
        return {row["operation_code"]: row["segment"] for row in csv.DictReader(table)}
