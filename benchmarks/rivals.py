"""The national questions of `benchmarks.questions` answered by pandas and by SQLite, over the same added-up rows.

Both hold mart_export_by_month whole, so what is compared is the engine and not the adding up; pandas has its codes as
categories, SQLite an index on flow and month. Each figure is value and base by part (None is the total), and the
coverage that goes with every answer of ours; by destination also the growth, withheld where the base is low: that rule
asks how many firms a base has, where firms can be followed. No receipt, no labels, no disclosure rule.
"""

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from indicators.growth import FLOOR_OF_REGION, FLOOR_USD, MAX_GROWTH, MIN_EXPORTERS

CODES = ("segment", "region_code", "country_code", "hs_code", "exporter_id", "unit_code")
NUMBERS = ("fob_usd", "quantity")
SOURCE = "source_id = 'aduanas_dus'"
CELL = ["hs_code", "country_code", "unit_code"]
KNOWN = ("region", "product", "country")

Parts = dict[str | None, tuple[float | None, float | None]]


@dataclass(frozen=True)
class Figures:
    """What an answer says: value and base by part, the share of value whose codes are known, growth by part."""

    parts: Parts
    coverage: tuple[float, ...]
    growth: Mapping[str, float | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Year:
    """The months of a window and of its base; without a base, it is all that the edition holds."""

    first: date
    last: date
    base_first: date | None = None
    base_last: date | None = None
    firms_followed: bool = False  # through every month of both


def fisher(v1: float, v0: float, p1q0: float, p0q1: float) -> float:
    """Return the change of prices from the four values of the matched cells."""
    return float(((p1q0 / v0) * (v1 / p0q1)) ** 0.5 - 1)


def shown_growth(parts: Parts, firms: Mapping[str, int] | None) -> dict[str, float | None]:
    """Return the growth of each part, None where the base is low. `parts` has the total under None."""
    floor = max(FLOOR_USD, FLOOR_OF_REGION * (parts[None][0] or 0))
    growth: dict[str, float | None] = {}
    for key, (value, base) in parts.items():
        if key is None:
            continue
        is_low = not base or base < floor or (firms is not None and 0 < firms.get(key, 0) < MIN_EXPORTERS)
        change = None if is_low or base is None else (value or 0) / base - 1
        growth[key] = None if change is None or abs(change) > MAX_GROWTH else change
    return growth


class InPandas:
    """The rows as a data frame in memory."""

    def __init__(self, edition: Path) -> None:
        with duckdb.connect() as connection:
            connection.execute(f"ATTACH '{edition}' AS edition (READ_ONLY)")
            for code in CODES:
                values = f"SELECT DISTINCT {code} FROM edition.mart_export_by_month WHERE {code} IS NOT NULL ORDER BY 1"
                connection.execute(f"CREATE TYPE {code}_type AS ENUM ({values})")
            columns = [
                *(f"{code}::{code}_type AS {code}" for code in CODES),
                *(f"{name}::DOUBLE AS {name}" for name in NUMBERS),
            ]
            self.frame = connection.execute(
                f"SELECT month, {', '.join(columns)} FROM edition.mart_export_by_month WHERE {SOURCE}"
            ).df()

    def _goods(self, first: date | None, last: date | None) -> pd.DataFrame:
        rows = self.frame
        if first is None or last is None:
            return rows.iloc[:0]
        return rows[
            (rows.segment == "goods") & (rows.month >= pd.Timestamp(first)) & (rows.month <= pd.Timestamp(last))
        ]

    def _both(self, year: Year) -> tuple[pd.DataFrame, pd.DataFrame]:
        return self._goods(year.first, year.last), self._goods(year.base_first, year.base_last)

    @staticmethod
    def _coverage(window: pd.DataFrame) -> tuple[float, ...]:
        whole = window.fob_usd.sum()
        known = (
            window.region_code.isin([f"{code:02}" for code in range(1, 17)]),
            window.hs_code.notna(),
            window.country_code.notna(),
        )
        return tuple(float(window.fob_usd[one].sum() / whole) for one in known)

    def series(self, year: Year) -> Figures:
        """Value of each month."""
        window = self._goods(year.first, year.last)
        months = window.groupby("month").fob_usd.sum()
        parts: Parts = {f"{month:%Y-%m}": (value, None) for month, value in months.items()}
        return Figures(parts | {None: (float(window.fob_usd.sum()), None)}, self._coverage(window))

    def by_country(self, year: Year) -> Figures:
        """Value of each destination."""
        window, base = self._both(year)
        value, before = (rows.groupby("country_code", observed=True).fob_usd.sum() for rows in (window, base))
        parts: Parts = {key: (value.get(key), before.get(key)) for key in value.index.union(before.index).astype(str)}
        parts[None] = (float(window.fob_usd.sum()), float(base.fob_usd.sum()))
        firms = None
        if year.firms_followed:
            sums = base.groupby(["country_code", "exporter_id"], observed=True).fob_usd.sum()
            firms = sums[sums > 0].groupby(level=0, observed=True).size().to_dict()
        return Figures(parts, self._coverage(window), shown_growth(parts, firms))

    def exporters_by_region(self, year: Year) -> Figures:
        """Distinct firms of each region."""
        both = self._both(year)
        parts: Parts = {}
        counts = []
        for rows in both:
            sums = rows.groupby(["region_code", "exporter_id"], observed=True).fob_usd.sum()
            counts.append(sums[sums > 0].groupby(level=0, observed=True).size())
        for key in counts[0].index.union(counts[1].index).astype(str):
            parts[key] = (counts[0].get(key), counts[1].get(key))
        firms = [rows.groupby("exporter_id", observed=True).fob_usd.sum() for rows in both]
        return Figures(parts | {None: (int((firms[0] > 0).sum()), int((firms[1] > 0).sum()))}, self._coverage(both[0]))

    def prices(self, year: Year) -> Figures:
        """Fisher's index of unit values."""
        window, base = self._both(year)
        sums = [
            rows.groupby(CELL, observed=True, dropna=False)[list(NUMBERS)].sum(min_count=1) for rows in (window, base)
        ]
        cells = sums[0].join(sums[1], how="inner", lsuffix="1", rsuffix="0")
        cells = cells[(cells > 0).all(axis=1)]
        now, then = cells.fob_usd1 / cells.quantity1, cells.fob_usd0 / cells.quantity0
        cells = cells[(now / then).between(1 / 3, 3)]
        p1q0, p0q1 = (now * cells.quantity0).sum(), (then * cells.quantity1).sum()
        price = fisher(cells.fob_usd1.sum(), cells.fob_usd0.sum(), p1q0, p0q1)
        return Figures({None: (price, None)}, self._coverage(window))


class InSqlite:
    """The rows as a table of SQLite, in a file."""

    def __init__(self, edition: Path, folder: Path) -> None:
        self.connection = sqlite3.connect(folder / "rival.sqlite")
        self.connection.execute("PRAGMA cache_size = -1000000")
        self.connection.execute("PRAGMA synchronous = OFF")
        names = ("month", *CODES, *NUMBERS)
        self.connection.execute(f"CREATE TABLE export ({', '.join(names)})")
        with duckdb.connect() as source:
            source.execute(f"ATTACH '{edition}' AS edition (READ_ONLY)")
            rows = source.execute(
                f"SELECT strftime(month, '%Y-%m'), {', '.join(CODES)}, fob_usd::DOUBLE, quantity::DOUBLE "
                f"FROM edition.mart_export_by_month WHERE {SOURCE}"
            )
            while block := rows.fetchmany(100_000):
                self.connection.executemany(f"INSERT INTO export VALUES ({', '.join('?' for _ in names)})", block)
        self.connection.execute("CREATE INDEX export_month ON export (segment, month)")
        self.connection.execute("ANALYZE")
        self.connection.commit()

    def _rows(self, sql: str, year: Year) -> list[tuple[Any, ...]]:
        spans = {"first": year.first, "last": year.last, "base_first": year.base_first, "base_last": year.base_last}
        return self.connection.execute(
            sql, {name: f"{day:%Y-%m}" if day else "" for name, day in spans.items()}
        ).fetchall()

    _NOW, _THEN = "month BETWEEN :first AND :last", "month BETWEEN :base_first AND :base_last"
    _GOODS = f"FROM export WHERE segment = 'goods' AND ({_NOW} OR {_THEN})"
    _SUMS = f"sum(fob_usd) FILTER (WHERE {_NOW}) AS v1, sum(fob_usd) FILTER (WHERE {_THEN}) AS v0"

    def _coverage(self, year: Year) -> tuple[float, ...]:
        known = ("region_code BETWEEN '01' AND '16'", "hs_code IS NOT NULL", "country_code IS NOT NULL")
        sums = ", ".join(f"sum(fob_usd) FILTER (WHERE {one})" for one in known)
        whole, *parts = self._rows(
            f"SELECT sum(fob_usd), {sums} FROM export WHERE segment = 'goods' AND {self._NOW}", year
        )[0]
        return tuple(part / whole for part in parts)

    def series(self, year: Year) -> Figures:
        """Value of each month."""
        rows = self._rows(
            f"SELECT month, sum(fob_usd) FROM export WHERE segment = 'goods' AND {self._NOW} GROUP BY 1", year
        )
        parts: Parts = {month: (value, None) for month, value in rows}
        return Figures(parts | {None: (sum(value for _, value in rows), None)}, self._coverage(year))

    def by_country(self, year: Year) -> Figures:
        """Value of each destination."""
        parts: Parts = {
            key: (value, base)
            for key, value, base in self._rows(f"SELECT country_code, {self._SUMS} {self._GOODS} GROUP BY 1", year)
        }
        parts[None] = (sum(value or 0 for value, _ in parts.values()), sum(base or 0 for _, base in parts.values()))
        firms = None
        if year.firms_followed:
            firm = (
                f"SELECT country_code FROM export WHERE segment = 'goods' AND {self._THEN} AND exporter_id IS NOT NULL"
            )
            sums = f"{firm} GROUP BY country_code, exporter_id HAVING sum(fob_usd) > 0"
            firms = dict(self._rows(f"SELECT country_code, count(*) FROM ({sums}) GROUP BY 1", year))
        return Figures(parts, self._coverage(year), shown_growth(parts, firms))

    def exporters_by_region(self, year: Year) -> Figures:
        """Distinct firms of each region."""
        counted = "count(*) FILTER (WHERE v1 > 0), count(*) FILTER (WHERE v0 > 0)"
        firm = f"SELECT region_code, exporter_id, {self._SUMS} {self._GOODS} AND exporter_id IS NOT NULL"
        rows = self._rows(f"SELECT region_code, {counted} FROM ({firm} GROUP BY 1, 2) GROUP BY 1", year)
        rows += self._rows(f"SELECT NULL, {counted} FROM ({firm} GROUP BY 2)", year)
        return Figures({key: (value, base) for key, value, base in rows}, self._coverage(year))

    def prices(self, year: Year) -> Figures:
        """Fisher's index of unit values."""
        quantities = f"sum(quantity) FILTER (WHERE {self._NOW}) AS q1, sum(quantity) FILTER (WHERE {self._THEN}) AS q0"
        matched = "v1 > 0 AND v0 > 0 AND q1 > 0 AND q0 > 0 AND (v1 / q1) / (v0 / q0) BETWEEN 1.0 / 3 AND 3"
        sums = self._rows(
            "SELECT sum(v1), sum(v0), sum(v1 / q1 * q0), sum(v0 / q0 * q1) "
            f"FROM (SELECT {self._SUMS}, {quantities} {self._GOODS} GROUP BY {', '.join(CELL)}) WHERE {matched}",
            year,
        )[0]
        return Figures({None: (fisher(*sums), None)}, self._coverage(year))


Way = Callable[[Year], Figures]


def ways(rival: InPandas | InSqlite) -> Mapping[str, Way]:
    """Return how a rival answers each national question."""
    return {name: getattr(rival, name) for name in ("series", "by_country", "exporters_by_region", "prices")}
