"""The command line of the ETL: `pulso load|sync|demo|build|check|changes|status|editions|rollback|release`."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from etl import status
from etl.changes import files
from etl.errors import EtlError, SourceError
from etl.load import Loaded, build_demo, load, plain_disk_errors, rebuild, roll_back
from etl.paths import REPOSITORY, workspace
from etl.progress import bar
from etl.publication.public_edition import publish
from etl.raw.causes import refusal
from etl.raw.report import as_text
from etl.sync import command
from etl.wording import write_utf8

REJECTION_LIST = "rechazos.csv"  # the whole list of wrong rows, when the screen takes only a part


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 refused with one sentence, 130 interrupted.

    `sync` has two more: 3 done but for some files, 4 the official source could not be reached.
    """
    write_utf8()
    chosen = _parser().parse_args(arguments)
    try:
        with plain_disk_errors():
            return int(chosen.run(chosen) or 0)
    except SourceError as error:
        sys.stderr.write(refusal(error, workspace().root / REJECTION_LIST))
        return error.exit_code
    except EtlError as error:
        sys.stderr.write(f"Error: {error}\n")
        return error.exit_code
    except KeyboardInterrupt:
        return _interrupted()
    except RuntimeError as error:
        if str(error) != "Query interrupted":  # what DuckDB makes of Ctrl-C
            raise
        return _interrupted()


def _interrupted() -> int:
    sys.stderr.write("\nInterrumpido. La edición en pantalla no cambió.\n")
    return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m etl", description="De archivos de Aduanas a una edición.")
    commands = parser.add_subparsers(required=True, metavar="ORDEN")
    add_commands(commands)
    one = commands.add_parser("release", help="una edición entera en un ZIP para redacciones y otros motores")
    one.add_argument("--out", type=Path, required=True, metavar="ARCHIVO.zip")
    one.add_argument("--edition", metavar="ID", help="por defecto, la que está en pantalla")
    one.set_defaults(run=_release)
    return parser


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands that are the ETL's own; each keeps in `run` what does it."""
    one = commands.add_parser("load", help="cargar archivos (txt, csv, zip, rar) y publicar la edición")
    one.add_argument("files", nargs="+", type=Path, metavar="ARCHIVO")
    one.add_argument(
        "--extract",
        metavar="RAZÓN",
        help="los archivos son sólo una parte de las exportaciones: decir cuál; no se exige que el mes esté completo",
    )
    _add_accept(one)
    one.set_defaults(run=_load)
    command.add_to(commands)
    commands.add_parser("demo", help="generar y publicar la edición de demostración").set_defaults(run=_demo)
    one = commands.add_parser("build", help="rearmar la edición en pantalla")
    _add_accept(one)
    one.set_defaults(run=_build)
    one = commands.add_parser("check", help="verificar los contratos de una edición")
    one.add_argument("--edition", metavar="ID", help="por defecto, la que está en pantalla")
    one.set_defaults(run=_check)
    one = commands.add_parser("changes", help="qué cambió al publicarse una edición")
    one.add_argument("edition_id", nargs="?", metavar="ID", help="por defecto, la que está en pantalla")
    one.set_defaults(run=_changes)
    commands.add_parser("status", help="qué hay cargado").set_defaults(run=_status)
    commands.add_parser("editions", help="ediciones en disco").set_defaults(run=_editions)
    one = commands.add_parser("rollback", help="volver a la edición anterior")
    one.add_argument("edition_id", nargs="?", metavar="ID", help="por defecto, la que estuvo antes")
    one.set_defaults(run=_rollback)
    commands.add_parser(
        "publish",
        help="hacer la edición pública de la privada en pantalla: sin empresas, con cifras que no las delatan",
    ).set_defaults(run=_publish)


def _add_accept(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--accept",
        metavar="RAZÓN",
        help="publicar aunque falle un control; la razón y las cifras quedan escritas en la edición",
    )


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")


def _load(chosen: argparse.Namespace) -> None:
    _tell(
        load(chosen.files, workspace(), extract=chosen.extract, accept=chosen.accept, progress=bar()), with_reports=True
    )


def _demo(_: argparse.Namespace) -> None:
    _tell(build_demo(workspace(), progress=bar()), with_reports=False)


def _build(chosen: argparse.Namespace) -> None:
    _tell(rebuild(workspace(), accept=chosen.accept, progress=bar()), with_reports=False)


def _tell(loaded: Loaded, *, with_reports: bool) -> None:
    if with_reports:
        for staged in loaded.staged:
            _say(as_text(staged))
    for sentence in status.warnings(workspace(), loaded.edition_id):
        _say(f"Aviso: {sentence}")
    if not loaded.is_new:
        _say(f"Sin cambios: la edición {loaded.edition_id} ya contiene estos archivos.")
        return
    _say(files.read(workspace(), loaded.edition_id))
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


def _changes(chosen: argparse.Namespace) -> None:
    _say(files.read(workspace(), chosen.edition_id))


def _rollback(chosen: argparse.Namespace) -> None:
    _say(f"En pantalla: {roll_back(workspace(), chosen.edition_id)}.")


def _publish(_: argparse.Namespace) -> None:
    edition_id = publish(workspace(), progress=bar())
    _say(f"Publicada para todos la edición {edition_id}; la de la oficina sigue en su pantalla.")


def _release(chosen: argparse.Namespace) -> int:
    """Let the figure engine write the release, in a process of its own: the ETL knows nothing of figures."""
    command = [sys.executable, "-m", "indicators", "release", "--out", str(chosen.out)]
    command += ["--edition", chosen.edition] if chosen.edition else []
    here = os.pathsep.join(filter(None, (str(REPOSITORY), os.environ.get("PYTHONPATH"))))
    return subprocess.run(command, env={**os.environ, "PYTHONPATH": here}, check=False).returncode  # noqa: S603  our own


if __name__ == "__main__":
    sys.exit(main())
