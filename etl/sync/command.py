"""`pulso sync`: its options, its log, its health file and its exit codes."""

import argparse
import contextlib
import logging
import sys
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from editions.errors import BusyError, EtlError, OptionsError
from editions.folders import Workspace, workspace
from etl.progress import bar
from etl.sync.gather import Screen
from etl.sync.outcome import Options, Outcome, Redacted, log_to_standard_error, write_health
from etl.sync.plan import Item, month_at, needed_bytes
from etl.sync.run import Survey, changed_items, survey, synchronise
from etl.sync.web import Settings, Web, from_environment
from etl.wording import megabytes, whole

log = logging.getLogger(__name__)

YEARS = range(1990, 2100)  # what Aduanas publishes begins with 2003
AT_ONCE: dict[str, Any] = {"retries": 0, "connect_timeout": 5.0, "read_timeout": 15.0}


def add_to(commands: Any) -> None:
    """Add the command to those of the ETL."""
    one = commands.add_parser("sync", help="traer lo nuevo de las fuentes oficiales y publicar la edición")
    one.add_argument("--from", dest="first", type=_month, metavar="AAAA-MM", help="por defecto, el primer mes cargado")
    one.add_argument("--to", dest="last", type=_month, metavar="AAAA-MM", help="por defecto, el mes en curso")
    way = one.add_mutually_exclusive_group()
    way.add_argument("--list", action="store_true", help="decir qué hay publicado y qué está cargado, sin traer nada")
    way.add_argument("--dry-run", action="store_true", help="decir qué se traería, sin traerlo")
    way.add_argument("--offline", action="store_true", help="rearmar con lo ya descargado, sin red")
    one.add_argument("--sii", action="store_true", help="traer también las estadísticas de empresas del SII")
    one.add_argument("--bcch", action="store_true", help="traer UF y dólar (requiere BCCH_USER y BCCH_PASS)")
    one.add_argument(
        "--log-json", action="store_true", help="registro de lo hecho en líneas JSON, en el error estándar"
    )
    one.add_argument("--accept", metavar="RAZÓN", help="publicar aunque un control lo objete; la razón queda escrita")
    one.set_defaults(run=sync)


def sync(chosen: argparse.Namespace) -> int:
    """Run the command and return its exit code: 0 done, 3 done but for some files; raises EtlError when not done."""
    if chosen.accept is not None and not chosen.accept.strip():
        raise OptionsError("--accept pide la razón por la que se publica a pesar de los controles; escríbala.")
    settings, place = from_environment(), workspace()
    formatter = log_to_standard_error(settings.secrets, as_json=chosen.log_json)
    options = Options(chosen.first, chosen.last, chosen.dry_run, chosen.offline, chosen.sii, chosen.bcch, chosen.accept)
    if chosen.list or chosen.dry_run:
        sys.stdout.write(formatter.strike_out(_look(settings, options, place)) + "\n")
        return 0
    outcome = _run(settings, options, place, formatter)
    sys.stdout.write(formatter.strike_out(outcome.as_text()) + "\n")
    return outcome.exit_code


def _look(settings: Settings, options: Options, place: Workspace) -> str:
    """Return what the source says now: somebody waits for it, so that nothing is asked twice or for long."""
    web = Web(replace(settings, **AT_ONCE))
    found = survey(web, options, place)
    return as_intention(found, changed_items(web, found), place) if options.dry_run else as_table(found)


def _run(settings: Settings, options: Options, place: Workspace, formatter: Redacted) -> Outcome:
    """Synchronise, with the beginning and the end told to the log and the health file."""
    log.info("Empieza.", extra={"event": "started"})
    screen = Screen(bar(0), bar(1), tuple(bar(2 + n) for n in range(settings.downloads_at_once)))
    try:
        outcome = synchronise(Web(settings), options, place, screen)
    except (OptionsError, BusyError):  # nothing was tried: a monitor has nothing to learn from it
        raise
    except EtlError as error:
        error.args = (message := formatter.strike_out(str(error)),)
        log.warning("%s", message, extra={"event": "finished", "exit_code": error.exit_code})
        with contextlib.suppress(OSError):  # what cannot be told to a monitor must not hide the reason
            write_health(place, "failed", error.exit_code, message, None)
        raise
    code = outcome.exit_code
    write_health(place, "partial" if code else "ok", code, outcome.as_text().splitlines()[-1], outcome)
    log.info(
        "%s", outcome.as_text().splitlines()[-1],
        extra={"event": "finished", "exit_code": code, "edition": outcome.edition_id, "seconds": outcome.seconds},
    )  # fmt: skip
    return outcome


def _month(text: str) -> date:
    try:
        month = datetime.strptime(text, "%Y-%m").date()
        if month.year not in YEARS:
            raise ValueError(text)
        return month
    except ValueError:
        raise argparse.ArgumentTypeError(f"«{text}» no es un mes; se escribe AAAA-MM, por ejemplo 2023-01") from None


# -- What exists against what is loaded, and what a run would do, in words.


def as_table(found: Survey) -> str:
    """Return one line a month: what datos.gob.cl lists, and whether the edition has it."""
    listed: dict[date | None, Item] = {item.month: item for item in found.plan.items if item.month}
    lines = [f"Edición: {found.have.edition_id or 'ninguna'}"]
    lines += [_line(month_at(number), listed, found) for number in found.span]
    lines += [f"Aviso: {note}" for note in found.plan.notes]
    return "\n".join(lines)


def as_intention(found: Survey, changed: list[Item], workspace: Workspace) -> str:
    """Return what a run would bring, and the room it needs."""
    new = [item for item in changed if item.wanted.known is None]
    lines = [f"{item.label}: {'nuevo' if item in new else 'cambió'}, {_size(item)}" for item in changed]
    lines.append(
        f"Se descargarían {len(changed)} archivos ({len(new)} nuevos, {megabytes(found.plan.unknown_bytes)} según la "
        f"lista); disco necesario: {megabytes(needed_bytes(found.plan, workspace))}. No se hizo nada."
    )
    return "\n".join(lines)


def _line(month: date, listed: dict[date | None, Item], found: Survey) -> str:
    item, items = listed.get(month), found.have.items.get(month)
    published = f"{item.wanted.name} ({_size(item)})" if item else "no está en datos.gob.cl"
    return f"{month:%Y-%m}  {_state(item, items):<22} {published}"


def _state(item: Item | None, items: int | None) -> str:
    if items is None:
        return "por cargar" if item else "—"
    known = item.wanted.known if item else None
    if item and known and item.wanted.listed_size != known.listed_size:
        return f"cambió ({whole(items)})"
    return f"cargado ({whole(items)})" if item else f"sólo aquí ({whole(items)})"


def _size(item: Item) -> str:
    return megabytes(item.wanted.listed_size) if item.wanted.listed_size else "tamaño sin decir"
