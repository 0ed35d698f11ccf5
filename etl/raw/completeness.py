"""Whether a month is whole: measured on what the file tells and on published row counts, never assumed."""

import calendar
import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from statistics import median

from editions.folders import REFERENCE
from etl.raw.wording import percent, thousands

FIRST_DAY_BY = 5
LAST_DAY_FROM = 25
EXTRACT_FIRST_DAY_BY = 10  # a part of the exports may well have none in the first or last days
EXTRACT_LAST_DAY_FROM = 20
LEAST_WHOLE_DECLARATIONS = 0.99
LEAST_OF_CONTROL = 0.90
LEAST_OF_MEDIAN = 0.60
MONTHS_AROUND = 12


@dataclass(frozen=True)
class Completeness:
    """What was measured, the verdict, and the sentence that says why."""

    is_complete: bool
    reason: str
    first_day: int | None = None
    last_day: int | None = None
    whole_declarations: float | None = None
    control_rows: int | None = None


@dataclass(frozen=True)
class Measured:
    """What a monthly file shows of itself; `declarations` counts those that say how many items they have."""

    month: date
    rows: int
    first_day: int
    last_day: int
    declarations: int
    whole: int


def judge(measured: Measured, control: Mapping[date, int]) -> Completeness:
    """Return the verdict on a monthly file: days covered, declarations whole, rows as published."""
    faults, facts = [], [f"días {measured.first_day} a {measured.last_day}"]
    if measured.first_day > FIRST_DAY_BY or measured.last_day < LAST_DAY_FROM:
        days = calendar.monthrange(measured.month.year, measured.month.month)[1]
        faults.append(f"sólo trae los días {measured.first_day} a {measured.last_day} de {days}")
    share = measured.whole / measured.declarations if measured.declarations else None
    if share is not None:
        whole = percent(measured.whole, measured.declarations)
        facts.append(f"{whole} de las declaraciones con todos sus ítems")
        if share < LEAST_WHOLE_DECLARATIONS:
            faults.append(f"sólo el {whole} de las declaraciones trae todos los ítems que declara")
    expected = control.get(measured.month)
    if expected is None:
        facts.append("sin cuenta de filas publicada con que comparar")
    else:
        rows = f"{thousands(measured.rows)} filas de {thousands(expected)} publicadas"
        facts.append(rows)
        if measured.rows < LEAST_OF_CONTROL * expected:
            faults.append(f"trae {rows}")
    reason = ("incompleto: " if faults else "completo: ") + "; ".join(faults or facts) + "."
    return Completeness(not faults, reason, measured.first_day, measured.last_day, share, expected)


def judge_extract(measured: Measured, extract: str) -> Completeness:
    """Return the verdict on a month of a declared part of the exports: only the days it covers can tell."""
    days = f"días {measured.first_day} a {measured.last_day} de una parte declarada ({extract})"
    is_complete = measured.first_day <= EXTRACT_FIRST_DAY_BY and measured.last_day >= EXTRACT_LAST_DAY_FROM
    reason = f"{'completo' if is_complete else 'incompleto'}: {days}."
    return Completeness(is_complete, reason, measured.first_day, measured.last_day)


def judge_by_rows(rows: Mapping[date, int], what: str) -> dict[date, Completeness]:
    """Return the verdict on each month of a file without days: its rows against those of the months around it.

    Not against all of a long file: ten years ago a whole month may have had half the rows of one today.
    """
    verdicts = {}
    for month, n_rows in rows.items():
        near = [n for other, n in rows.items() if abs(_months_apart(month, other)) <= MONTHS_AROUND]
        usual = median(near)
        said = f"{thousands(n_rows)} filas, la mediana de los {len(near)} meses más cercanos es {thousands(int(usual))}"
        if len(rows) < 3:
            verdicts[month] = Completeness(
                True, f"no se puede medir en {what} de menos de tres meses; se toma como viene."
            )
        elif n_rows < LEAST_OF_MEDIAN * usual:
            verdicts[month] = Completeness(False, f"incompleto: {said}.")
        else:
            verdicts[month] = Completeness(True, f"sin señal de faltar: {said}; {what} no permite medir más.")
    return verdicts


def _months_apart(one: date, other: date) -> int:
    return (one.year - other.year) * 12 + one.month - other.month


def published_rows() -> dict[date, int]:
    """Return the row counts of months that were published, from the reference table."""
    path = REFERENCE / "dus_month_rows.csv"
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as table:
        return {date.fromisoformat(row["month"]): int(row["n_rows"]) for row in csv.DictReader(table) if row["n_rows"]}
