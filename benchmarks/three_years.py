"""Writes a data directory with one edition of three whole years (2023–2025), for `benchmarks.pages`.

The items are made as in `benchmarks.twenty_years`. The demo's register stands three times over under other firms, which
is about as many as the nation has, and its last two months are those of the year before. All of it is synthetic.
"""

import hashlib
from pathlib import Path

from benchmarks.twenty_years import grow
from editions.folders import Workspace
from etl.load import build_demo
from etl.progress import quiet

YEARS = range(2023, 2026)
REGISTER = """
INSERT INTO core_register
WITH listed AS (
    SELECT * FROM base.core_register
    UNION ALL
    SELECT * REPLACE ((month + INTERVAL 1 YEAR)::DATE AS month) FROM base.core_register
    WHERE month BETWEEN DATE '2024-11-01' AND DATE '2024-12-01'
)
SELECT * EXCLUDE n REPLACE (exporter_key || '-' || n AS exporter_key)
FROM (SELECT *, unnest(range(3)) AS n FROM listed)
ORDER BY month, region_code, hs_code
"""
RECONCILIATION = "INSERT INTO core_reconciliation FROM base.core_reconciliation"
NO_VINTAGES = "DELETE FROM core_vintage"  # those of the demonstration speak of other sums
NAME = "UPDATE meta_build SET edition_id = '{id}'"


def write_demo(folder: Path) -> Path:
    """Return a data directory within `folder` with the demo edition of this code."""
    place = Workspace(folder / "demo")
    build_demo(place, progress=quiet())
    return place.root


def write_data(folder: Path, demo: Path, items: int) -> Path:
    """Return a data directory within `folder` with an edition of about `items` items grown from the demo's.

    It is made once for each demo edition, and found again.
    """
    base = demo / "editions" / f"{_current(demo).read_text(encoding='utf-8').strip()}.duckdb"
    digest = hashlib.sha256(f"{base.stem} {items}".encode()).hexdigest()
    edition_id = f"demo-{YEARS[-1]}-12-{digest[:8]}"
    data = folder / edition_id
    if not _current(data).exists():
        edition = data / "editions" / f"{edition_id}.duckdb"
        edition.parent.mkdir(parents=True, exist_ok=True)
        edition.unlink(missing_ok=True)  # half of one, where the last run was stopped
        grow(
            base,
            edition,
            items,
            years=YEARS,
            and_run=(REGISTER, RECONCILIATION, NO_VINTAGES, NAME.format(id=edition_id)),
        )
        _current(data).write_text(f"{edition_id}\n", encoding="utf-8")
    return data


def _current(data: Path) -> Path:
    return data / "editions" / "CURRENT"
