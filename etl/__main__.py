"""The command line of the ETL: load, sync, build, publish, forget and the others that `pulso --help` lists."""

import argparse
import os
import subprocess
import sys
from getpass import getpass
from pathlib import Path

from editions.errors import EtlError, PublishError, SourceError
from editions.folders import REPOSITORY, workspace
from etl import forget, personal, status
from etl.changes import render
from etl.load import Loaded, build_demo, load, plain_disk_errors, rebuild, roll_back
from etl.progress import bar
from etl.publication.public_edition import publish
from etl.raw.report import as_text, refusal
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
            if chosen.run not in READ_ONLY:
                _finish_forgetting()
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
    one = commands.add_parser("forget", help="quitar a una empresa de todo lo que se guarda")
    one.add_argument(
        "firm",
        nargs="?",
        metavar="RUT|HUELLA",
        help="mejor sin escribirlo aquí, donde queda en el historial: se pregunta",
    )
    one.add_argument("--overdue", action="store_true", help="quitar en cambio los registros con el plazo vencido")
    one.set_defaults(run=_forget)
    commands.add_parser(
        "personal", help="qué se guarda de las empresas, desde cuándo, para qué y hasta cuándo"
    ).set_defaults(run=_personal)


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
    _say(render.read(workspace(), loaded.edition_id))
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
    _say(render.read(workspace(), chosen.edition_id))


def _rollback(chosen: argparse.Namespace) -> None:
    _say(f"En pantalla: {roll_back(workspace(), chosen.edition_id)}.")


def _publish(_: argparse.Namespace) -> None:
    edition_id = publish(workspace(), progress=bar())
    _say(f"Publicada para todos la edición {edition_id}; la de la oficina sigue en su pantalla.")


def _forget(chosen: argparse.Namespace) -> None:
    if chosen.overdue:
        removal = forget.overdue(workspace())
    else:
        firm = (chosen.firm or _asked("RUT o huella de la empresa: ")).strip()
        if not firm:
            raise PublishError("Falta la empresa: su RUT con guion, o su huella.")
        removal = forget.firm(firm, workspace())
    _tell_forgotten(forget.forget(removal, workspace(), progress=bar()))


def _asked(words: str) -> str:
    """Return a line that is neither shown nor kept; from a pipe, its first one."""
    return getpass(words) if sys.stdin.isatty() else sys.stdin.readline()


def _finish_forgetting() -> None:
    if forget.is_unfinished(workspace()):
        _say("Se termina de quitar a una empresa; la vez anterior se interrumpió.")
        _tell_forgotten(forget.finish(workspace(), progress=bar()))


def _tell_forgotten(done: forget.Forgotten) -> None:
    _say(f"Filas quitadas de los registros guardados: {done.rows}.")
    for edition_id in done.erased:
        _say(f"Se borró la edición {edition_id}.")
    _say(f"En pantalla: {done.edition_id or 'ninguna edición'}. Para el público: {done.public_id or 'ninguna'}.")
    _say(
        "Fuera de esta carpeta quedan las copias de respaldo, las publicaciones ya entregadas y el archivo original: "
        "quítela también de ahí."
    )


def _personal(_: argparse.Namespace) -> None:
    _say(personal.held(workspace()))


def _release(chosen: argparse.Namespace) -> int:
    """Let the figure engine write the release, in a process of its own: the ETL knows nothing of figures."""
    command = [sys.executable, "-m", "indicators", "release", "--out", str(chosen.out)]
    command += ["--edition", chosen.edition] if chosen.edition else []
    here = os.pathsep.join(filter(None, (str(REPOSITORY), os.environ.get("PYTHONPATH"))))
    return subprocess.run(command, env={**os.environ, "PYTHONPATH": here}, check=False).returncode  # noqa: S603  our own


READ_ONLY = (_status, _editions, _check, _changes, _release, _personal)


if __name__ == "__main__":
    sys.exit(main())
