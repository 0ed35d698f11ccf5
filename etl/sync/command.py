"""`pulso sync`: its options, its log, its health file and its exit codes."""

import argparse
import contextlib
import logging
import sys
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from etl.errors import BusyError, EtlError, OptionsError
from etl.paths import Workspace, workspace
from etl.progress import bar
from etl.sync.gather import Screen
from etl.sync.listing import as_intention, as_table
from etl.sync.options import Options
from etl.sync.outcome import Outcome
from etl.sync.reporting import Redacted, log_to_standard_error, write_health
from etl.sync.run import changed_items, survey, synchronise
from etl.sync.settings import Settings, from_environment
from etl.sync.web import Web

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
