"""The command `pulso`: all that can be done with the project, from any folder. In a checkout, `./pulso`.

Installed by pip, the rooms (`etl`, `indicators`, `ui`, `pages`) and the reference tables lie in one folder with this
file, as they do in a checkout, and what is loaded is kept in the user's own data folder.
"""

import argparse
import os
import sys
import tomllib
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import platformdirs
import shtab

HERE = Path(__file__).resolve().parent
IS_CHECKOUT = (HERE / "requirements.txt").is_file()
ROOMS = ("indicators", "etl")
INTERRUPTED = 130
EXIT_CODES = """códigos de salida:
  0 hecho   1 rechazado, con el motivo en una frase   2 orden mal escrita   130 interrumpido
  3 hecho salvo algunos archivos, 4 sin acceso a la fuente oficial (sync)
  5 sin datos (answer, published, codes, receipt)   recompute: 0 igual, 1 distinto, 2 no se puede"""
WHERE = "Los datos están en {folder}; con PULSO_DATA se elige otra carpeta."


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    sys.path.insert(0, str(HERE))  # installed, the rooms lie here, not loose among other people's packages
    os.environ["PULSO_DATA"] = str(data_folder())
    words = list(sys.argv[1:] if arguments is None else arguments)
    _base().parse_known_args(words)
    chosen = parser(words).parse_args(words)
    try:
        return int(chosen.room(words))
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # the reader of what is written, such as `head`, has left
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def data_folder() -> Path:
    """Return where raw files and editions lie: `PULSO_DATA`, else the user's data folder or, in a checkout, `data/`."""
    own = HERE / "data" if IS_CHECKOUT else platformdirs.user_data_path("pulso-exportador", appauthor=False)
    return Path(os.environ.get("PULSO_DATA") or own)


def version() -> str:
    """Return the version of the project."""
    return str(tomllib.loads((HERE / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"])


def parser(words: Sequence[str] = ()) -> argparse.ArgumentParser:
    """Return the parser of every command, or of those of the room that the first of `words` belongs to.

    Each command keeps in `room` what runs it.
    """
    pulso = argparse.ArgumentParser(
        prog="pulso",
        description="Las exportaciones de las regiones y de las pymes de Chile: cargar, preguntar, mostrar.",
        epilog=f"{EXIT_CODES}\n\n{WHERE.format(folder=data_folder())}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        parents=[_base()],
    )
    commands = pulso.add_subparsers(required=True, metavar="ORDEN")
    _add_own(commands)
    for name in ROOMS:
        if words and words[0] in commands.choices:
            break  # the other room need not be loaded
        room, before = import_module(f"{name}.__main__"), set(commands.choices)
        room.add_commands(commands)
        for command in set(commands.choices) - before:
            commands.choices[command].set_defaults(room=room.main)
    return pulso


def _base() -> argparse.ArgumentParser:
    base = argparse.ArgumentParser(add_help=False)
    base.add_argument("--version", action="version", version=f"pulso {version()}", help="la versión, y nada más")
    return base


def _add_own(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add what belongs to no room: the dashboard and the completion of commands."""
    board = commands.add_parser("run", help="abrir el tablero en el navegador")
    import_module("ui.serving.options").add_to(board)
    board.set_defaults(room=_run)
    completion = commands.add_parser(
        "completion", help="completar las órdenes con la tecla Tab", description='eval "$(pulso completion bash)"'
    )
    completion.add_argument("shell", choices=shtab.SUPPORTED_SHELLS)
    completion.set_defaults(room=_completion)


def _run(words: Sequence[str]) -> int:
    """Open the dashboard; with no edition at all, the demonstration is built first."""
    return int(
        import_module("ui.serving.first_start").main() or import_module("ui.serving.serve").main(list(words[1:]))
    )


def _completion(words: Sequence[str]) -> int:
    sys.stdout.write(shtab.complete(parser(), shell=words[1]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
