"""The rows of an office's table apart from what stands around them: blank rows, notes, totals, sources."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from etl.raw.kept_text import Row, is_note
from etl.raw.source import columns
from etl.raw.wording import line_list, plain

TOTAL = re.compile(r"(gran |sub ?)?total(es)?( .*)?|suma( .*)?")
FOOTNOTE = re.compile(r"(fuente|notas?|elaborad|observaci|cifras|datos|actualizad)\b.*|[*(].*", re.IGNORECASE)


@dataclass
class Aside:
    """The lines that are no rows of the table."""

    totals: list[int] = field(default_factory=list)
    footnotes: list[int] = field(default_factory=list)

    def notes(self) -> list[str]:
        """Return what was left aside, in words for the report."""
        found = []
        if self.totals:
            found.append(f"Fila de totales dejada de lado: {line_list(self.totals)}.")
        if self.footnotes:
            found.append(f"Notas bajo la tabla dejadas de lado: {line_list(self.footnotes)}.")
        return found


class _Shape:
    """What the columns of a table tell of a row that is not one of its own."""

    def __init__(self, source_id: str, names: Sequence[str]) -> None:
        known = columns(source_id)
        numbers = {column.name for column in known if column.format.startswith("número")}
        required = {column.name for column in known if column.is_required} - numbers
        self.size = len(names)
        self.numbers = [place for place, name in enumerate(names) if name in numbers]
        self.required = [place for place, name in enumerate(names) if name in required]

    def is_usual(self, cells: Sequence[str]) -> bool:
        """Tell at little cost that a row has all cells, something in those it must have, and is no note."""
        return len(cells) == self.size and all(cells[place] for place in self.required) and cells[0][:1] != "#"

    def is_total(self, cells: Sequence[str]) -> bool:
        """Tell whether a row says that it is a total, and most of what a row must have is not there."""
        empty = sum(not self._at(cells, place) for place in self.required)
        labels = (plain(cell) for place, cell in enumerate(cells) if place not in self.numbers)
        return empty * 2 >= len(self.required) and any(TOTAL.fullmatch(label) for label in labels)

    def is_bare_total(self, cells: Sequence[str]) -> bool:
        """Tell whether a row has numbers and nothing else."""
        return all(place in self.numbers for place, cell in enumerate(cells) if cell.strip())

    def is_footnote(self, cells: Sequence[str]) -> bool:
        """Tell whether a row is one text that says where the table comes from."""
        texts = [cell.strip() for cell in cells if cell.strip()]
        return len(texts) == 1 and FOOTNOTE.fullmatch(texts[0]) is not None

    def may_end(self, cells: Sequence[str]) -> bool:
        """Tell whether a row, if nothing follows it, stands under the table."""
        return self.is_bare_total(cells) or self.is_footnote(cells)

    def fault(self, cells: Sequence[str]) -> str | None:
        """Return what is wrong with the number of cells; empty ones too many at the end are not."""
        extra = any(cell.strip() for cell in cells[self.size :])
        if len(cells) >= self.size and not extra:
            return None
        return (
            f"{len(cells)} campos donde se esperan {self.size}; quite los separadores de dentro de los textos "
            f"o agregue los que faltan"
        )

    def _at(self, cells: Sequence[str], place: int) -> str:
        return cells[place].strip() if place < len(cells) else ""


def table_rows(rows: Iterable[Row], source_id: str, names: Sequence[str], aside: Aside) -> Iterator[Row]:
    """Yield the rows of the table, wrong ones with their fault; what stands under the last one goes to `aside`."""
    shape = _Shape(source_id, names)
    tail: list[Row] = []  # may be the end of the table
    for row in rows:
        if not tail and row.fault is None and shape.is_usual(row.cells):
            yield row
            continue
        if row.cells:
            if not any(cell.strip() for cell in row.cells) or is_note(row.cells[0].strip()):
                continue
            if shape.is_total(row.cells):
                aside.totals.append(row.line)
                continue
            if shape.may_end(row.cells):
                tail.append(row)
                continue
        yield from _judged(shape, [*tail, row])
        tail.clear()
    bare = [row for row in tail if shape.is_bare_total(row.cells)]
    if len(bare) == 1 and bare[0] is tail[0]:
        aside.totals.append(tail.pop(0).line)
    else:
        yield from _judged(shape, bare)
    aside.footnotes += [row.line for row in tail if row not in bare]


def _judged(shape: _Shape, rows: Sequence[Row]) -> Iterator[Row]:
    """Return the rows cut to their columns, with the fault of those that have too few or too many."""
    for row in rows:
        yield Row(row.line, row.cells[: shape.size], row.fault or shape.fault(row.cells))
