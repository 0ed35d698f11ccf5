"""The national questions of `benchmarks.questions` answered by pandas and by SQLite, over the same added-up rows.

Both hold mart_export_by_month whole, so what is compared is the engine and not the adding up; pandas has its codes as
categories, SQLite an index on flow and month. They give value and base by part, the coverage that goes with every
answer of ours, and growth withheld where the base is low: that rule asks how many firms a base has, where firms can be
followed. No receipt, no labels, no disclosure rule.
"""

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from indicators.engine.growth import FLOOR_OF_REGION, FLOOR_USD, MAX_GROWTH, MIN_EXPORTERS
from indicators.question.scope import REGIONS

CODES = {  # column → SQL over the mart
    "segment": "segment",
    "region_code": "region_code",
    "country_code": "country_code",
    "hs_code": "hs_code",
    "hs6_code": "substring(hs_code, 1, 6)",
    "exporter_id": "exporter_id",
}
ROWS = "edition.mart_export_by_month WHERE source_id = 'aduanas_dus'"

Parts = dict[str | None, tuple[float | None, float | None]]


@dataclass(frozen=True)
class Figures:
    """What an answer says: value and base by part (None is the total), share of value with known codes, growth."""

    parts: Parts
    coverage: tuple[float, ...]
    growth: Mapping[str, float | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Year:
    """The months of a window and of its base, which may be missing."""

    first: date
    last: date
    base_first: date = date(1900, 1, 1)
    base_last: date = date(1900, 1, 1)
    firms_followed: bool = False  # through every month of both


Way = Callable[[Year], Figures]


def shown_growth(parts: Parts, firms: Mapping[str, int] | None) -> dict[str, float | None]:
    """Return the growth of each part, None where the base is low; `firms` counts those of the base."""
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
            for name, sql in CODES.items():
                values = f"SELECT DISTINCT {sql} FROM {ROWS} AND {sql} IS NOT NULL ORDER BY 1"
                connection.execute(f"CREATE TYPE {name}_type AS ENUM ({values})")
            codes = ", ".join(f"({sql})::{name}_type AS {name}" for name, sql in CODES.items())
            self.frame = connection.execute(f"SELECT month, {codes}, fob_usd::DOUBLE AS fob_usd FROM {ROWS}").df()

    def series(self, year: Year) -> Figures:
        """Value of each month."""
        window = self._goods(year.first, year.last)
        months = window.groupby("month").fob_usd.sum()
        parts: Parts = {f"{month:%Y-%m}": (value, None) for month, value in months.items()}
        return Figures(parts | {None: (float(window.fob_usd.sum()), None)}, self._coverage(window))

    def by_country(self, year: Year) -> Figures:
        """Value of each destination."""
        return self._by("country_code", year)

    def by_product(self, year: Year) -> Figures:
        """Value of each product of six digits."""
        return self._by("hs6_code", year)

    def exporters_by_region(self, year: Year) -> Figures:
        """Distinct firms of each region."""
        window, base = self._both(year)
        now, then = self._firms("region_code", window), self._firms("region_code", base)
        parts: Parts = {key: (now.get(key), then.get(key)) for key in {**now, **then}}
        whole = [int((rows.groupby("exporter_id", observed=True).fob_usd.sum() > 0).sum()) for rows in (window, base)]
        return Figures(parts | {None: (whole[0], whole[1])}, self._coverage(window))

    def _by(self, code: str, year: Year) -> Figures:
        window, base = self._both(year)
        value, before = (rows.groupby(code, observed=True).fob_usd.sum() for rows in (window, base))
        parts: Parts = {key: (value.get(key), before.get(key)) for key in value.index.union(before.index).astype(str)}
        parts[None] = (float(window.fob_usd.sum()), float(base.fob_usd.sum()))
        firms = self._firms(code, base) if year.firms_followed else None
        return Figures(parts, self._coverage(window), shown_growth(parts, firms))

    def _goods(self, first: date, last: date) -> pd.DataFrame:
        rows = self.frame
        in_window = (rows.month >= pd.Timestamp(first)) & (rows.month <= pd.Timestamp(last))
        return rows[(rows.segment == "goods") & in_window]

    def _both(self, year: Year) -> tuple[pd.DataFrame, pd.DataFrame]:
        return self._goods(year.first, year.last), self._goods(year.base_first, year.base_last)

    @staticmethod
    def _firms(code: str, rows: pd.DataFrame) -> dict[str, int]:
        sums = rows.groupby([code, "exporter_id"], observed=True).fob_usd.sum()
        counts = sums[sums > 0].groupby(level=0, observed=True).size()
        return {str(key): int(count) for key, count in counts.items()}

    @staticmethod
    def _coverage(window: pd.DataFrame) -> tuple[float, ...]:
        known = (window.region_code.isin(REGIONS), window.hs_code.notna(), window.country_code.notna())
        return tuple(float(window.fob_usd[one].sum() / window.fob_usd.sum()) for one in known)


class InSqlite:
    """The rows as a table of SQLite, in a file."""

    NOW, THEN = "month BETWEEN :first AND :last", "month BETWEEN :base_first AND :base_last"
    GOODS = "FROM export WHERE segment = 'goods'"

    def __init__(self, edition: Path, folder: Path) -> None:
        self.connection = sqlite3.connect(folder / "rival.sqlite")
        self.connection.execute("PRAGMA cache_size = -1000000")
        self.connection.execute("PRAGMA synchronous = OFF")
        self.connection.execute(f"CREATE TABLE export (month, {', '.join(CODES)}, fob_usd)")
        with duckdb.connect() as source:
            source.execute(f"ATTACH '{edition}' AS edition (READ_ONLY)")
            codes = ", ".join(CODES.values())
            rows = source.execute(f"SELECT strftime(month, '%Y-%m'), {codes}, fob_usd::DOUBLE FROM {ROWS}")
            marks = ", ".join("?" for _ in rows.description or ())
            while block := rows.fetchmany(100_000):
                self.connection.executemany(f"INSERT INTO export VALUES ({marks})", block)
        self.connection.execute("CREATE INDEX export_month ON export (segment, month)")
        self.connection.execute("ANALYZE")
        self.connection.commit()

    def series(self, year: Year) -> Figures:
        """Value of each month."""
        rows = self._rows(f"SELECT month, sum(fob_usd) {self.GOODS} AND {self.NOW} GROUP BY 1", year)
        parts: Parts = {month: (value, None) for month, value in rows}
        return Figures(parts | {None: (sum(value for _, value in rows), None)}, self._coverage(year))

    def by_country(self, year: Year) -> Figures:
        """Value of each destination."""
        return self._by("country_code", year)

    def by_product(self, year: Year) -> Figures:
        """Value of each product of six digits."""
        return self._by("hs6_code", year)

    def exporters_by_region(self, year: Year) -> Figures:
        """Distinct firms of each region."""
        counted = "count(*) FILTER (WHERE v1 > 0), count(*) FILTER (WHERE v0 > 0)"
        sums = f"{self._sums('region_code, exporter_id')} AND exporter_id IS NOT NULL"
        rows = self._rows(f"SELECT region_code, {counted} FROM ({sums} GROUP BY 1, 2) GROUP BY 1", year)
        rows += self._rows(f"SELECT NULL, {counted} FROM ({sums} GROUP BY 2)", year)
        return Figures({key: (value, base) for key, value, base in rows}, self._coverage(year))

    def _by(self, code: str, year: Year) -> Figures:
        rows = self._rows(f"{self._sums(code)} GROUP BY 1", year)
        parts: Parts = {key: (value, base) for key, value, base in rows}
        parts[None] = (sum(row[1] or 0 for row in rows), sum(row[2] or 0 for row in rows))
        sums = f"SELECT {code} AS code {self.GOODS} AND {self.THEN} AND exporter_id IS NOT NULL GROUP BY 1, exporter_id"
        counts = f"SELECT code, count(*) FROM ({sums} HAVING sum(fob_usd) > 0) GROUP BY 1"
        firms = dict(self._rows(counts, year)) if year.firms_followed else None
        return Figures(parts, self._coverage(year), shown_growth(parts, firms))

    def _sums(self, codes: str) -> str:
        both = f"sum(fob_usd) FILTER (WHERE {self.NOW}) AS v1, sum(fob_usd) FILTER (WHERE {self.THEN}) AS v0"
        return f"SELECT {codes}, {both} {self.GOODS} AND ({self.NOW} OR {self.THEN})"

    def _coverage(self, year: Year) -> tuple[float, ...]:
        known = ("region_code BETWEEN '01' AND '16'", "hs_code IS NOT NULL", "country_code IS NOT NULL")
        sums = ", ".join(f"sum(fob_usd) FILTER (WHERE {one})" for one in known)
        whole, *parts = self._rows(f"SELECT sum(fob_usd), {sums} {self.GOODS} AND {self.NOW}", year)[0]
        return tuple(part / whole for part in parts)

    def _rows(self, sql: str, year: Year) -> list[tuple[Any, ...]]:
        spans = {"first": year.first, "last": year.last, "base_first": year.base_first, "base_last": year.base_last}
        return self.connection.execute(sql, {name: f"{day:%Y-%m}" for name, day in spans.items()}).fetchall()


def ways(rival: InPandas | InSqlite) -> Mapping[str, Way]:
    """Return how a rival answers each national question."""
    return {name: getattr(rival, name) for name in ("series", "by_country", "by_product", "exporters_by_region")}
