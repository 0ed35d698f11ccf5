"""Revisions: what each edition so far said of every month of a region, and how far the latest is from the first."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from editions.edition import Edition
from editions.errors import EditionMissing
from indicators.engine.growth import Change, Guard, change
from indicators.engine.result import Reason
from indicators.question.scope import FLOWS, NATION
from words.language import t

TABLE = "core_vintage"
NOT_YET = Reason("aun_no", "El mes todavía no estaba cargado en esa edición.")
WITHDRAWN = Reason("retirado", "El mes fue retirado en esa edición.")
STATES = f"""
WITH cell AS (   -- each value, and the vintage in which it stopped holding
    SELECT *, lead(vintage) OVER (PARTITION BY month, region_code, segment ORDER BY vintage) AS until
    FROM {TABLE}
    WHERE source_id = $source
),
vintage AS (SELECT DISTINCT vintage, edition_id, built_on FROM cell)
SELECT
    vintage.vintage, vintage.edition_id, vintage.built_on, cell.month,
    CASE   -- a month of which nothing is loaded is missing; one without this region or flow is zero
        WHEN count(cell.n_items) > 0 THEN coalesce(sum(cell.fob_usd) FILTER (
            list_contains($segments, cell.segment) AND $region IN (cell.region_code, '{NATION}')
        ), 0)
    END::DOUBLE AS fob_usd
FROM vintage
JOIN cell ON cell.vintage <= vintage.vintage AND (cell.until IS NULL OR cell.until > vintage.vintage)
GROUP BY ALL
ORDER BY cell.month, vintage.vintage
"""


@dataclass(frozen=True)
class Vintage:
    """An edition that changed something of what is shown; its file may be deleted by now."""

    number: int
    edition_id: str
    built_on: date


@dataclass(frozen=True)
class Held:
    """What one edition said of a month, in US$; without a value, why."""

    value: float | None
    reason: Reason | None = None


@dataclass(frozen=True)
class Revised:
    """One month: what each vintage of the triangle said of it, the first and latest values, and the change."""

    month: date
    held: tuple[Held, ...]
    first_usd: float | None
    latest_usd: float | None
    change: Change

    @property
    def is_revised(self) -> bool:
        """Whether the latest value is another than the first."""
        return self.first_usd != self.latest_usd


@dataclass(frozen=True)
class Triangle:
    """Months × vintages of one source, region and flow, both in order of time."""

    source_id: str
    region: str
    flow: str
    vintages: tuple[Vintage, ...]
    months: tuple[Revised, ...]


def revisions(edition: Edition, *, source: str, region: str = NATION, flow: str = "all") -> Triangle:
    """Return the revision triangle of a region, by declared origin; `CL` is the nation. Values are US$ FOB.

    Only vintages that changed a value shown are columns. Raises EditionMissing for an edition without vintages.
    """
    if not edition.rows("SELECT 1 FROM duckdb_tables() WHERE table_name = $table", {"table": TABLE}):
        text = "La edición {id} no guarda revisiones; rearme con «pulso build»."
        raise EditionMissing(t(text, id=edition.id))
    rows = edition.rows(STATES, {"source": source, "region": region, "segments": list(FLOWS[flow])})
    vintages = {row["vintage"]: Vintage(row["vintage"], row["edition_id"], row["built_on"]) for row in rows}
    said: dict[date, dict[int, float | None]] = {}
    for row in rows:
        said.setdefault(row["month"], {})[row["vintage"]] = row["fob_usd"]
    shown = _that_change(sorted(vintages), list(said.values()))
    return Triangle(
        source_id=source,
        region=region,
        flow=flow,
        vintages=tuple(vintages[number] for number in shown),
        months=tuple(_revised(month, values, shown) for month, values in sorted(said.items())),
    )


def _that_change(numbers: Sequence[int], months: Sequence[dict[int, float | None]]) -> list[int]:
    """Return the vintages in which some month has another value, or appears, against the one before."""
    before: list[float | None] = [None] * len(months)
    shown = []
    for number in numbers:
        now = [values.get(number) for values in months]
        if now != before:
            shown.append(number)
        before = now
    return shown


def _revised(month: date, values: dict[int, float | None], shown: Sequence[int]) -> Revised:
    held = tuple(_held(values, number) for number in shown)
    known = [one.value for one in held if one.value is not None]
    first, latest = (known[0], held[-1].value) if known else (None, None)
    return Revised(month, held, first, latest, change(latest, first, "usd", guard=Guard(base_usd=first)))


def _held(values: dict[int, float | None], number: int) -> Held:
    value = values.get(number)
    if value is not None:
        return Held(value)
    why = WITHDRAWN if number in values else NOT_YET
    return Held(None, replace(why, text=t(why.text)))
