"""Wrong rows by their cause: one sentence for each, with its lines and some of the values, not one for each row."""

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from etl.errors import FilesError, SourceError
from etl.raw.report import Rejected, RowsRejectedError
from etl.raw.wording import line_list, thousands

BETWEEN = "; además, "  # the faults of one row
VALUE = re.compile(r"(?<=«)[^»]*(?=»)|(?<=línea )[0-9.]+")
SHOWN_VALUES = 5
SHOWN_CAUSES = 50  # of a refused file
LISTED_ROWS = 20  # more are also written one by one into a file


@dataclass(frozen=True)
class Cause:
    """One thing that is wrong, in which lines of which file; its values are in the words."""

    file: str
    reason: str
    lines: tuple[int, ...]

    @property
    def where(self) -> str:
        """Return the lines in words: «líneas 2 a 201, 305 y 310 (202 filas)»."""
        return line_list(self.lines) + (f" ({len(self.lines)} filas)" if len(self.lines) > 1 else "")


def causes(rejected: Sequence[Rejected]) -> list[Cause]:
    """Return the causes, in the order in which they first appear; a row with several faults is in several."""
    groups: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for one in rejected:
        for reason in one.reason.split(BETWEEN):
            groups.setdefault((one.file, VALUE.sub("", reason)), []).append((one.line, reason))
    return [
        Cause(file, _together(reason for _, reason in rows), tuple(sorted({line for line, _ in rows})))
        for (file, _), rows in groups.items()
    ]


def _together(reasons: Iterable[str]) -> str:
    """Return reasons that differ in their values only as one, with the first values of each place."""
    different = list(dict.fromkeys(reasons))
    pieces = VALUE.split(different[0])
    places = [list(dict.fromkeys(values)) for values in zip(*(VALUE.findall(one) for one in different), strict=True)]
    said = pieces[0]
    for values, piece in zip(places, pieces[1:], strict=True):
        between = "», «" if said.endswith("«") else ", "
        more = f"{between}…" if len(values) > SHOWN_VALUES else ""
        said += between.join(values[:SHOWN_VALUES]) + more + piece
    return said


def refusal(error: SourceError, whole_list: Path) -> str:
    """Return what is wrong with the files of a load: the causes of each, then the sentence that sums them up.

    Of more than a few wrong rows, each one is also written to `whole_list`.
    """
    errors = error.errors if isinstance(error, FilesError) else (error,)
    rejected = [one for each in errors if isinstance(each, RowsRejectedError) for one in each.rejected]
    said = [_refusal(each) for each in errors]
    if len(rejected) > LISTED_ROWS:
        with whole_list.open("w", encoding="utf-8", newline="") as file:
            table = csv.writer(file)
            table.writerow(["archivo", "linea", "motivo"])
            table.writerows([one.file, one.line, one.reason] for one in rejected)
        said.append(f"Fila por fila, la lista de {thousands(len(rejected))} está en {whole_list}.")
    if isinstance(error, FilesError):
        said.append(f"Error: {error}")
    return "\n".join(said) + "\n"


def _refusal(error: SourceError) -> str:
    found = causes(error.rejected) if isinstance(error, RowsRejectedError) else []
    lines = [f"{cause.file}, {cause.where}: {cause.reason}." for cause in found[:SHOWN_CAUSES]]
    if len(found) > SHOWN_CAUSES:
        lines.append(f"… y {thousands(len(found) - SHOWN_CAUSES)} causas más.")
    return "\n".join([*lines, f"Error: {error}"])
