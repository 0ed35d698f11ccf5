"""The command line of the ETL: `python -m etl load|demo|build|check|status|editions|rollback|release`."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from etl import editions, status
from etl.errors import EtlError
from etl.load import Loaded, build_demo, load, rebuild
from etl.paths import REPOSITORY, workspace
from etl.progress import bar
from etl.raw.report import as_text


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 refused with one sentence, 130 interrupted."""
    chosen = _parser().parse_args(arguments)
    try:
        return int(chosen.run(chosen) or 0)
    except EtlError as error:
        sys.stderr.write(f"Error: {error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nInterrumpido. La edición en pantalla no cambió.\n")
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m etl", description="De archivos de Aduanas a una edición.")
    commands = parser.add_subparsers(required=True, metavar="ORDEN")
    one = commands.add_parser("load", help="cargar archivos (txt, csv, zip, rar) y publicar la edición")
    one.add_argument("files", nargs="+", type=Path, metavar="ARCHIVO")
    one.add_argument(
        "--extract",
        metavar="RAZÓN",
        help="los archivos son sólo una parte de las exportaciones: decir cuál; no se exige que el mes esté completo",
    )
    one.set_defaults(run=_load)
    commands.add_parser("demo", help="generar y publicar la edición de demostración").set_defaults(run=_demo)
    commands.add_parser("build", help="rearmar la edición en pantalla").set_defaults(run=_build)
    one = commands.add_parser("check", help="verificar los contratos de una edición")
    one.add_argument("--edition", metavar="ID", help="por defecto, la que está en pantalla")
    one.set_defaults(run=_check)
    commands.add_parser("status", help="qué hay cargado").set_defaults(run=_status)
    commands.add_parser("editions", help="ediciones en disco").set_defaults(run=_editions)
    one = commands.add_parser("rollback", help="volver a la edición anterior")
    one.add_argument("edition_id", nargs="?", metavar="ID", help="por defecto, la que estuvo antes")
    one.set_defaults(run=_rollback)
    one = commands.add_parser("release", help="una edición entera en un ZIP para redacciones y otros motores")
    one.add_argument("--out", type=Path, required=True, metavar="ARCHIVO.zip")
    one.add_argument("--edition", metavar="ID", help="por defecto, la que está en pantalla")
    one.set_defaults(run=_release)
    return parser


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")


def _load(chosen: argparse.Namespace) -> None:
    _tell(load(chosen.files, workspace(), extract=chosen.extract, progress=bar()), with_reports=True)


def _demo(_: argparse.Namespace) -> None:
    _tell(build_demo(workspace(), progress=bar()), with_reports=False)


def _build(_: argparse.Namespace) -> None:
    _tell(rebuild(workspace(), progress=bar()), with_reports=False)


def _tell(loaded: Loaded, *, with_reports: bool) -> None:
    if with_reports:
        for staged in loaded.staged:
            _say(as_text(staged))
    if not loaded.is_new:
        _say(f"Sin cambios: la edición {loaded.edition_id} ya contiene estos archivos.")
        return
    _say(status.of_changes(workspace(), loaded.edition_id))
    for edition_id in loaded.pruned:
        _say(f"Se borró la edición antigua {edition_id}.")
    _say(f"Publicada la edición {loaded.edition_id}.")


def _check(chosen: argparse.Namespace) -> int:
    sentences = status.broken_promises(workspace(), chosen.edition)
    for sentence in sentences:
        _say(sentence)
    _say("Todos los contratos se cumplen." if not sentences else f"Promesas rotas: {len(sentences)}.")
    return 1 if sentences else 0


def _status(_: argparse.Namespace) -> None:
    _say(status.of_current(workspace()))


def _editions(_: argparse.Namespace) -> None:
    _say(status.of_editions(workspace()))


def _rollback(chosen: argparse.Namespace) -> None:
    place = workspace()
    with editions.build_lock(place):
        edition_id = chosen.edition_id or editions.previous_id(place)
        editions.publish(place, edition_id, action="rollback")
    _say(f"En pantalla: {edition_id}.")


def _release(chosen: argparse.Namespace) -> int:
    """Let the figure engine write the release, in a process of its own: the ETL knows nothing of figures."""
    command = [sys.executable, "-m", "indicators", "release", "--out", str(chosen.out)]
    command += ["--edition", chosen.edition] if chosen.edition else []
    here = os.pathsep.join(filter(None, (str(REPOSITORY), os.environ.get("PYTHONPATH"))))
    return subprocess.run(command, env={**os.environ, "PYTHONPATH": here}, check=False).returncode  # noqa: S603  our own


if __name__ == "__main__":
    sys.exit(main())
