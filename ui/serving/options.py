"""The options of `./run` and `pulso run`. Standard library only: `./run` reads them before anything is installed."""

import argparse

LOCAL = "127.0.0.1"
FIRST_PORT = 8501


def add_to(parser: argparse.ArgumentParser) -> None:
    """Add the options to a parser."""
    parser.add_argument("--port", type=int, help=f"puerto (por omisión, el primero libre desde {FIRST_PORT})")
    parser.add_argument("--host", default=LOCAL, help="dirección en que escucha (por omisión, solo este equipo)")
    parser.add_argument(
        "--allow", metavar="NOMBRE", action="append", default=[], help="nombre con que otros equipos lo abren"
    )
    parser.add_argument("--no-browser", dest="browser", action="store_false", help="no abre el navegador")


def parse(arguments: list[str] | None) -> argparse.Namespace:
    """Return the options of a command line; stop with what is wrong with it."""
    parser = argparse.ArgumentParser(prog="run", description="Abre el tablero Pulso Exportador.")
    add_to(parser)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    parse(None)
