"""The edition against what was published: both values, how far apart, and whether that is more than usual."""

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

from editions.edition import Edition
from editions.errors import EditionMissing
from indicators.engine import result
from indicators.published.facts import Period
from indicators.published.figure import SCOPE_LABELS, note_text
from words.formats import percent, usd_millions
from words.language import language, t

TABLE = "core_reconciliation"
STATUSES = OUTSIDE, WITHIN, NOT_COMPARABLE = "fuera", "dentro", "no comparable"
DEMO_MARK = "Datos de demostración. No citar. Los datos son sintéticos; la tabla muestra cómo se reconcilia."
DERIVED = "derivado de cifras publicadas"


@dataclass(frozen=True)
class Comparison:
    """One published figure beside the same sum over the edition's records. Values are US$; the rest are fractions.

    `status` is a code, shown through `t`; the other words are in the reader's language.
    """

    figure_id: str
    publisher: str
    published_on: str | None
    source_url: str | None
    note: str | None
    source_id: str
    region_code: str
    region_label: str
    flow_scope: str
    scope_label: str
    destination: str | None
    first: date
    last: date
    period_label: str
    published_usd: float
    edition_usd: float | None
    residual_usd: float | None
    residual: float | None
    tolerance: float | None
    status: str
    explanation: str
    mark: str | None


def reconciliation(edition: Edition, region: str | None = None) -> tuple[Comparison, ...]:
    """Return every comparison of the edition, or those of one region, by region, scope and period.

    An edition that holds only a part of the exports compares with nothing; a demo one is marked in every row.
    """
    if not edition.rows("SELECT 1 FROM duckdb_tables() WHERE table_name = $table", {"table": TABLE}):
        text = "La edición {id} no trae la reconciliación; rearme con «pulso build»."
        raise EditionMissing(t(text, id=edition.id))
    rows = edition.rows(
        f"SELECT own.*, figure.published_on, figure.source_url, figure.note, region.name AS region_label, "
        f"country.name_{language()} AS destination FROM {TABLE} AS own "
        "JOIN core_published_figure AS figure USING (figure_id) "
        "LEFT JOIN core_region AS region ON region.region_code = own.region_code "
        "LEFT JOIN core_country AS country ON country.country_code = own.subject_code "
        "WHERE own.region_code = coalesce($region, own.region_code) "
        "ORDER BY own.region_code, own.flow_scope, own.period_start, own.period_end, own.figure_id, own.source_id",
        {"region": region},
    )
    return tuple(_comparison(edition, row) for row in rows)


def as_text(edition: Edition, found: tuple[Comparison, ...]) -> str:
    """Return the comparisons for a person at a terminal: what is beyond its tolerance first, each with the reason."""
    count = Counter(one.status for one in found)
    counted = t(
        "Edición {id}: {n} comparaciones: {within} dentro de su tolerancia, {outside} fuera, {other} no comparables.",
        id=edition.id,
        n=len(found),
        within=count[WITHIN],
        outside=count[OUTSIDE],
        other=count[NOT_COMPARABLE],
    )
    lines = [counted, *([t(DEMO_MARK)] if edition.is_demo else [])]
    groups: dict[tuple[str, str], list[Comparison]] = {}
    for one in found:
        groups.setdefault((one.status, one.explanation), []).append(one)
    for status, explanation in sorted(groups, key=lambda group: STATUSES.index(group[0])):
        lines += ["", f"{t(status)}: {explanation}", *map(_line, groups[status, explanation])]
    return "\n".join(lines) + "\n"


def as_csv(edition: Edition, found: tuple[Comparison, ...]) -> str:
    """Return the comparisons as CSV, under comment lines that say of which edition."""
    text = io.StringIO()
    text.write(f"# edicion: {edition.id} ({t(edition.label)})\n")
    text.write(f"# {t(DEMO_MARK)}\n" if edition.is_demo else "")
    names = [field.name for field in fields(Comparison)]
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([getattr(one, name) for name in names] for one in found)
    return text.getvalue()


def as_json(edition: Edition, found: tuple[Comparison, ...]) -> str:
    """Return the comparisons as JSON."""
    facts: dict[str, Any] = {
        "edition_id": edition.id,
        "kind": edition.kind,
        "mark": t(DEMO_MARK) if edition.is_demo else None,
        "comparisons": [asdict(one) for one in found],
    }
    return json.dumps(facts, ensure_ascii=False, indent=2, default=str) + "\n"


FORMATS: Mapping[str, Callable[[Edition, tuple[Comparison, ...]], str]] = {
    "text": as_text,
    "csv": as_csv,
    "json": as_json,
}


def _comparison(edition: Edition, row: Mapping[str, Any]) -> Comparison:
    status, explanation = row["status"], row["explanation"]
    if edition.extract:
        status, explanation = NOT_COMPARABLE, result.extract(edition.extract).text
    return Comparison(
        figure_id=row["figure_id"],
        publisher=t(DERIVED) if row["publisher"] == "derived" else row["publisher"],
        published_on=row["published_on"],
        source_url=row["source_url"],
        note=note_text(row["note"]),
        source_id=row["source_id"],
        region_code=row["region_code"],
        region_label=t(row["region_label"] or row["region_code"]),
        flow_scope=row["flow_scope"],
        scope_label=t(SCOPE_LABELS[row["flow_scope"]]),
        destination=row["destination"] and t(row["destination"]),
        first=row["period_start"],
        last=row["period_end"],
        period_label=Period(row["period_start"], row["period_end"]).label,
        published_usd=float(row["published_usd"]),
        edition_usd=_number(row["edition_usd"]),
        residual_usd=_number(row["residual_usd"]),
        residual=row["residual"],
        tolerance=row["tolerance"],
        status=status,
        explanation=t(explanation),
        mark=t(DEMO_MARK) if edition.is_demo else None,
    )


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _line(one: Comparison) -> str:
    what = ", ".join(filter(None, (one.region_label, one.scope_label, one.destination, one.period_label)))
    published, ours = usd_millions(one.published_usd), usd_millions(one.edition_usd)
    said = f"  {what}: {one.publisher} ({one.figure_id}) {published}; {one.source_id} {ours}"
    if one.residual is not None:
        said += f"; {percent(one.residual, sign=True)}"
    if one.tolerance is not None:
        said += t(", tolerancia {most}", most=percent(one.tolerance))
    return said
