"""The report of a publication in Spanish: Markdown for people, JSON for machines, an Atom feed for newsrooms."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from editions import store
from editions.errors import PublishError
from editions.folders import Workspace
from etl.changes.report import FactFile, Month, Report, compare
from etl.gates import controls
from etl.gates.controls import GATES
from etl.wording import change, millions, whole

# -- The report of a publication in Spanish: Markdown for people, one paragraph for the feed, JSON for
# machines.

DEMO_MARK = "Datos de demostración. No citar."
REGIONS_SHOWN = 10
SUBJECTS_SHOWN = 20


def as_json(report: Report) -> str:
    """Return the report with all its rows; amounts are US$, months their first day."""
    return json.dumps(asdict(report), ensure_ascii=False, indent=2, default=_plain) + "\n"


def as_markdown(report: Report) -> str:
    """Return the report for a person."""
    parts = [f"# Edición {report.edition_id}: qué cambió", _origin(report)]
    parts += _section("Faltan meses", controls.sentences(report.holes))
    parts += _section("Meses nuevos", map(_new, _runs(report.new)))
    parts += _section("Meses revisados", map(_revised, report.revised))
    parts += _section("Revisiones por región, de mayor a menor", _regions(report))
    parts += _section("Meses retirados", map(_withdrawn, report.withdrawn))
    parts += _section("Lo que más se movió frente al mismo mes del año anterior", _movers(report))
    parts += _section("Otros archivos", map(_fact, report.facts))
    parts += _section("Cifras publicadas que dejan de cuadrar", _shortened(report.broken))
    parts += _section("Cifras publicadas que vuelven a cuadrar", _shortened(report.mended))
    parts += _section("Publicada a pesar de estos controles", _overrides(report))
    if not (report.new or report.revised or report.withdrawn):
        parts.append("Ningún mes cambió de valor.")
    if report.newly_compared:
        parts.append(f"Cifras publicadas que se comparan por primera vez: {whole(report.newly_compared)}.")
    return "\n\n".join(parts) + "\n"


def summary(report: Report) -> str:
    """Return the publication in one paragraph."""
    said = []
    if report.new:
        said.append("Meses nuevos: " + "; ".join(_span(run) for run in _runs(report.new)) + ".")
    if report.revised:
        farthest = max(report.revised, key=lambda one: abs(one.change_usd))
        where = f"{farthest.source_id} {farthest.month:%Y-%m}"
        said.append(f"Meses revisados: {len(report.revised)}; el mayor, {where}, {change(farthest.change_usd)}.")
    if report.withdrawn:
        said.append(
            "Meses retirados: " + "; ".join(f"{one.source_id} {one.month:%Y-%m}" for one in report.withdrawn) + "."
        )
    if report.facts:
        said.append("Otros archivos: " + "; ".join(f"{one.source_id} {one.name}" for one in report.facts) + ".")
    if report.holes:
        said.append("Faltan meses: " + "; ".join(f"{source} {month:%Y-%m}" for source, month in report.holes) + ".")
    if report.broken:
        said.append(f"Cifras publicadas que dejan de cuadrar: {len(report.broken)}.")
    reasons = sorted({one.accepted_reason for one in report.overrides if one.accepted_reason})
    if reasons:
        said.append("Publicada a pesar de controles que fallan: " + "; ".join(reasons) + ".")
    if report.extract:
        said.insert(0, f"Sólo una parte de las exportaciones: {report.extract}.")
    return " ".join(said) or "Ningún mes cambió de valor."


def _origin(report: Report) -> str:
    lines = [f"{report.label}, armada {report.built_at:%Y-%m-%d %H:%M} UTC"]
    lines[0] += f" sobre {report.base_edition_id}." if report.base_edition_id else ", sin edición anterior."
    if report.kind == "demo":
        lines.append(f"**{DEMO_MARK}**")
    if report.extract:
        lines.append(f"Sólo una parte de las exportaciones: {report.extract}.")
    return "\n".join(lines)


def _section(title: str, lines: Iterable[str]) -> list[str]:
    listed = [f"- {line}" for line in lines]
    return [f"## {title}", "\n".join(listed)] if listed else []


def _runs(months: Sequence[Month]) -> list[list[Month]]:
    """Return the months of each source in runs without a gap, so that a first load is not a page of lines."""

    def start(numbered: tuple[int, Month]) -> tuple[str, int]:
        place, one = numbered
        return one.source_id, one.month.year * 12 + one.month.month - place

    ordered = sorted(months, key=lambda one: (one.source_id, one.month))
    return [[one for _, one in run] for _, run in groupby(enumerate(ordered), start)]


def _span(run: Sequence[Month]) -> str:
    first, last = run[0], run[-1]
    until = "" if first is last else f" a {last.month:%Y-%m}"
    return f"{first.source_id} {first.month:%Y-%m}{until}"


def _new(run: Sequence[Month]) -> str:
    items = sum(one.items_after or 0 for one in run)
    fob = sum((one.fob_after_usd or Decimal(0) for one in run), Decimal(0))
    what = "mes nuevo" if len(run) == 1 else f"{len(run)} meses nuevos"
    return f"{_span(run)}: {what}, {whole(items)} registros, {millions(fob)}"


def _revised(one: Month) -> str:
    why = " El archivo es el mismo: cambiaron las reglas o las tablas de referencia." if one.is_same_file else ""
    items = f"de {whole(one.items_before or 0)} a {whole(one.items_after or 0)} registros"
    values = f"de {millions(one.fob_before_usd)} a {millions(one.fob_after_usd)} ({change(one.change_usd)})"
    return f"{one.source_id} {one.month:%Y-%m}: cambia {items} y {values}.{why}"


def _withdrawn(one: Month) -> str:
    return (
        f"{one.source_id} {one.month:%Y-%m}: mes retirado ({whole(one.items_before or 0)} registros, "
        f"{millions(one.fob_before_usd)})"
    )


def _fact(one: FactFile) -> str:
    span = f"{one.first_month:%Y-%m} a {one.last_month:%Y-%m}, {whole(one.rows)} filas"
    what = f"toma el lugar de {one.name_before}" if one.name_before else "archivo nuevo"
    return f"{one.source_id}, {one.name}: {what} ({span})"


def _regions(report: Report) -> list[str]:
    lines = [
        f"{one.source_id} {one.month:%Y-%m}, {one.region}: de {millions(one.fob_before_usd)} a "
        f"{millions(one.fob_after_usd)} ({change(one.change_usd)})"
        for one in report.regions[:REGIONS_SHOWN]
    ]
    rest = len(report.regions) - REGIONS_SHOWN
    return [*lines, f"y {whole(rest)} más, en el archivo JSON"] if rest > 0 else lines


def _movers(report: Report) -> list[str]:
    return [
        f"{one.source_id} {one.month:%Y-%m}, {one.kind} {one.name}: de {millions(one.fob_before_usd)} a "
        f"{millions(one.fob_after_usd)} ({change(one.change_usd)})"
        for one in report.movers
    ]


def _shortened(sentences: Sequence[str]) -> list[str]:
    rest = len(sentences) - SUBJECTS_SHOWN
    return [*sentences[:SUBJECTS_SHOWN], f"y {whole(rest)} más, en el archivo JSON"] if rest > 0 else list(sentences)


def _overrides(report: Report) -> list[str]:
    return [f"{GATES[one.gate]}: {one.detail} Razón: {one.accepted_reason}" for one in report.overrides]


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is no value of a report")


# -- The Atom feed of publications, `editions/cambios.atom`: a function of the history, so it can always be
# made again.

FILE = "cambios.atom"
SHOWN = 20
NAMESPACE = "http://www.w3.org/2005/Atom"
TITLE = "Pulso Exportador: qué cambió en los datos oficiales"
NO_XML = re.compile(
    "[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)  # what XML 1.0 cannot hold, escaped or not


def write_feed(workspace: Workspace) -> None:
    """Renew the feed when the history says something it does not: the latest publications of official editions.

    Demo editions are never news, and private ones are nobody else's.
    """
    entries = [one for one in _publications(workspace) if one["edition_id"].startswith("official-")][-SHOWN:]
    path = workspace.editions / FILE
    if not entries:
        return
    text = _atom(list(reversed(entries)))
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        store.write_whole(path, text)


def _publications(workspace: Workspace) -> list[dict[str, str]]:
    """Return the history without the lines that a killed publication wrote before it was done again."""
    lines = store.history(workspace)
    return [
        one
        for one, following in zip(lines, [*lines[1:], None], strict=True)
        if following is None or following["edition_id"] != one["edition_id"]
    ]


def _atom(entries: list[dict[str, str]]) -> str:
    ElementTree.register_namespace("", NAMESPACE)
    feed = ElementTree.Element(f"{{{NAMESPACE}}}feed")
    _add(feed, "id", "urn:pulso-exportador:cambios")
    _add(feed, "title", TITLE)
    _add(feed, "updated", entries[0]["published_at"])
    _add(_add(feed, "author"), "name", "Pulso Exportador")
    for entry in entries:
        said = _add(feed, "entry")
        back = entry["action"] == "rollback"
        _add(said, "id", f"urn:pulso-exportador:{entry['edition_id']}:{entry['published_at']}")
        _add(said, "title", f"{'Se vuelve a' if back else 'Publicada'} la edición {entry['edition_id']}")
        _add(said, "updated", entry["published_at"])
        _add(said, "content", entry.get("summary") or "Una edición anterior vuelve a la pantalla.").set("type", "text")
    ElementTree.indent(feed)
    return ElementTree.tostring(feed, encoding="unicode", xml_declaration=True) + "\n"


def _add(parent: ElementTree.Element, name: str, text: str | None = None) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
    element.text = NO_XML.sub(" ", text) if text is not None else None
    return element


# -- Where the report of an edition lies: `<edition_id>.changes.md` and `.json` beside its file.


def write_reports(workspace: Workspace, edition_id: str, built: Path, base: Path | None) -> str:
    """Write the report of a built edition, before it is published, and return it in one paragraph."""
    report = compare(built, base)
    markdown, machine = store.report_paths(workspace, edition_id)
    store.write_whole(markdown, as_markdown(report))
    store.write_whole(machine, as_json(report))
    return summary(report)


def read(workspace: Workspace, edition_id: str | None) -> str:
    """Return the report in Markdown of an edition, by default the one on screen. Raises PublishError without one."""
    wanted = edition_id or store.current_id(workspace)
    if wanted is None:
        raise store.none_on_screen(workspace)
    markdown, _ = store.report_paths(workspace, wanted)
    if not markdown.exists():
        raise PublishError(f"La edición {wanted} no tiene informe de cambios; vea las que hay con «pulso editions».")
    return markdown.read_text(encoding="utf-8")
