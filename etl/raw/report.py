"""What staging tells about one raw file, and the load report people read."""

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from editions.errors import FilesError, SourceError
from etl.raw.completeness import Completeness
from etl.raw.wording import line_list, thousands

REPAIRS = {
    "crlf": "fines de línea CRLF pasados a LF",
    "stray_cr": "registros partidos en dos líneas, unidos de nuevo",
    "inner_cr": "retornos de carro dentro de una línea, cambiados por un espacio",
    "cut_row": "filas cortadas después de NOMBRE, completadas",
    "tab": "tabuladores cambiados por un espacio",
    "quote": "comillas leídas como texto",
    "nul": "bytes nulos cambiados por un espacio",
    "entity_cr": "textos «&#X0D» cambiados por un espacio",
    "c1_byte": "bytes 0x80–0x9F leídos como Windows-1252",
    "utf8_bom": "marca de orden de bytes quitada",
    "blank_line": "líneas en blanco saltadas",
    "missing_newline": "última línea sin fin de línea",
    "six_digit_hs": "códigos arancelarios de seis cifras leídos como los del Sistema Armonizado, sin apertura nacional",
    "header_residual": "valores tomados del total de la declaración menos sus otros ítems",
}
SEGMENTS = {
    "goods": "bienes",
    "services": "servicios",
    "ship_supplies": "rancho",
    "not_export": "no es exportación",
    "unknown": "operación desconocida",
}
SHOWN_REJECTS = 20


@dataclass(frozen=True)
class Passport:
    """Where a raw file comes from and what it is, byte for byte."""

    source_id: str
    name: str
    address: str | None
    retrieved_on: str
    sha256: str
    size_bytes: int
    rows: int


@dataclass(frozen=True)
class Rejected:
    """One row left out: its file and line as received, why, its first 500 characters, and what it is worth if known."""

    file: str
    line: int
    reason: str
    text: str
    month: date | None = None
    fob_usd: Decimal | None = None


@dataclass(frozen=True)
class MonthCount:
    """Items and value of one month under one operation (DUS, Salidas) or segment (registro)."""

    month: date
    operation_code: str | None
    segment: str
    items: int
    fob_usd: Decimal


@dataclass(frozen=True)
class Staged:
    """One useful member of a raw file, parsed: where its rows are and what happened to them."""

    source_id: str
    months: tuple[date, ...]
    parquet: Path
    raw_file: str
    passport: Passport
    rows_read: int
    repaired: dict[str, int]
    rejected: tuple[Rejected, ...]
    counts: tuple[MonthCount, ...]
    set_aside: tuple[str, ...]
    extract: str | None
    is_demo: bool
    completeness: Completeness | None
    by_month: dict[date, Completeness]
    span: tuple[date, date]
    notes: tuple[str, ...] = ()
    key_mark: str | None = None

    @property
    def is_fact(self) -> bool:
        """Tell whether the file holds published facts or events, not exports: it adds to any edition, of any kind."""
        return not self.months

    @property
    def slots(self) -> tuple[date | None, ...]:
        """Return what a newer file of the source takes the place of: its months; of facts, the whole file."""
        return self.months or (None,)

    def completeness_of(self, month: date) -> Completeness:
        """Return what is known of one month; a yearly file can hold whole months and a partial one."""
        return self.by_month[month]


class RowsRejectedError(SourceError):
    """Too many rows are wrong to believe the file; `rejected` lists them all."""

    def __init__(self, sentence: str, rejected: Sequence[Rejected]) -> None:
        super().__init__(sentence)
        self.rejected = tuple(rejected)


def as_text(staged: Staged) -> str:
    """Return the load report of one file."""
    lines = [
        f"{staged.passport.name} ({staged.source_id}): {thousands(staged.rows_read)} filas leídas, "
        f"{thousands(staged.passport.rows)} cargadas, {thousands(len(staged.rejected))} rechazadas."
    ]
    lines += [f"  Reparado: {thousands(n)} {REPAIRS[kind]}." for kind, n in sorted(staged.repaired.items())]
    lines += [f"  Rechazada: {one.file}, línea {thousands(one.line)}: {one.reason}." for one in _shown(staged)]
    lines += _lost(staged.rejected)
    if len(staged.rejected) > SHOWN_REJECTS:
        lines.append(f"  … y {thousands(len(staged.rejected) - SHOWN_REJECTS)} filas rechazadas más.")
    lines += [f"  Dejado de lado: {words}" for words in staged.set_aside]
    lines += _by_segment(staged.counts)
    lines += [f"  {note}" for note in staged.notes]
    if staged.completeness is not None:
        lines.append(f"  Completitud: {staged.completeness.reason}")
    if staged.extract:
        lines.append(f"  Extracto declarado: {staged.extract}.")
    return "\n".join(lines)


def _shown(staged: Staged) -> tuple[Rejected, ...]:
    return staged.rejected[:SHOWN_REJECTS]


def _lost(rejected: Sequence[Rejected]) -> list[str]:
    """Return what the rejected rows are worth together, and how many of them do not tell."""
    values = [abs(one.fob_usd) for one in rejected if one.fob_usd is not None]
    if not values:
        return []
    silent = len(rejected) - len(values)
    rest = f" (sin contar {thousands(silent)} que no lo dicen)" if silent else ""
    return [f"  Valor de las filas rechazadas: US$ {thousands(sum(values, Decimal(0)))} FOB{rest}."]


def _by_segment(counts: Sequence[MonthCount]) -> list[str]:
    totals: dict[tuple[date, str], tuple[int, Decimal]] = defaultdict(lambda: (0, Decimal(0)))
    for count in counts:
        items, fob = totals[count.month, count.segment]
        totals[count.month, count.segment] = (items + count.items, fob + count.fob_usd)
    return [
        f"  {month:%Y-%m} {SEGMENTS[segment]}: {thousands(items)} ítems, US$ {thousands(fob)} FOB."
        for (month, segment), (items, fob) in sorted(totals.items())
    ]


# -- Wrong rows by their cause: one sentence for each, with its lines and some of the values, not one for each
# row.

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
