"""The edition against published figures: customs' own totals are control totals, all others are reconciliation."""

import duckdb

from etl.gates.finding import FAILED, PASSED, Finding
from etl.wording import millions, percent, whole

TABLE = "core_reconciliation"
KINDS = {"control_totals": "= 'record_sum'", "reconciliation": "IS DISTINCT FROM 'record_sum'"}


def findings(connection: duckdb.DuckDBPyConnection, gate: str) -> list[Finding]:
    """Return a finding for each figure beyond its tolerance, the farthest first, or one that says how many agree."""
    beyond = [one for one in outside(connection) if one.gate == gate]
    if beyond:
        return beyond
    within = connection.execute(
        f"SELECT count(*) FROM {TABLE} JOIN core_published_figure AS figure USING (figure_id) "
        f"WHERE status = 'dentro' AND figure.source_kind {KINDS[gate]}"
    ).fetchall()[0][0]
    return [Finding(gate, "", "figures", PASSED, within, within, f"{whole(within)} cifras, todas en su tolerancia.")]


def outside(connection: duckdb.DuckDBPyConnection) -> list[Finding]:
    """Return each published figure that the edition is too far from. Synthetic or partial records are not judged."""
    rows = connection.execute(
        f"SELECT own.figure_id, own.publisher, source_id, own.region_code, own.flow_scope, own.period_start, "
        f"own.period_end, published_usd, edition_usd, residual, tolerance, explanation, "
        f"figure.source_kind {KINDS['control_totals']} "
        f"FROM {TABLE} AS own JOIN core_published_figure AS figure USING (figure_id) "
        "WHERE status = 'fuera' AND (SELECT kind <> 'demo' AND extract IS NULL FROM meta_build) "
        "ORDER BY abs(residual) DESC, own.figure_id, source_id"
    ).fetchall()
    found = []
    for figure, publisher, source, region, scope, first, last, published, ours, residual, tolerance, why, own in rows:
        found.append(
            Finding(
                "control_totals" if own else "reconciliation",
                f"{figure} {source}",
                "usd",
                FAILED,
                float(published),
                float(ours),
                f"{TABLE}: {source} suma {millions(ours)} y {publisher} publicó {millions(published)} "
                f"({figure}; región {region}, {scope}, {first:%Y-%m} a {last:%Y-%m}): {percent(residual)}, con "
                f"tolerancia de {percent(tolerance)}. {why}",
            )
        )
    return found
