"""Command line of the figure engine: `python -m indicators answer QUESTION`, `metrics`, `receipt`, `reconcile` …"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from indicators import code_commands, definitions, receipt_commands
from indicators.answer import answer
from indicators.claims import commands as claim_commands
from indicators.edition import open_edition
from indicators.errors import IndicatorError
from indicators.files.writing import written
from indicators.language import LANGUAGES, SPANISH, speaking
from indicators.question import Question
from indicators.render import FORMATS

DATA = Path(__file__).resolve().parent.parent / "data"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; an error is one sentence."""
    asked = _parser().parse_args(arguments)
    with speaking(asked.lang):
        try:
            text, exit_code = _run(asked)
        except IndicatorError as error:
            sys.stderr.write(f"{error}\n")
            return 1
    sys.stdout.write(text)
    return exit_code


def _run(asked: argparse.Namespace) -> tuple[str, int]:
    """Return what to write and the exit code."""
    data = Path(os.environ.get("PULSO_DATA") or DATA)
    if "run" in asked:
        text, exit_code = asked.run(asked, data)
        return text, exit_code
    if asked.command == "metrics":
        return definitions.as_text(), 0
    if asked.command == "definitions":
        return definitions.as_markdown(), 0
    edition = open_edition(data, asked.edition)
    made = FORMATS[asked.format](answer(edition, Question.parse(asked.question, edition)))
    return written(made, asked.out), 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m indicators", description="Responde preguntas sobre una edición.")
    commands = parser.add_subparsers(dest="command", required=True)
    ask = commands.add_parser("answer", help="responde una pregunta")
    ask.add_argument("question", help='por ejemplo "fob?region=08&window=ytd&split=sector:prochile"')
    ask.add_argument("--format", choices=tuple(FORMATS), default="text")
    ask.add_argument("--out", type=Path, metavar="ARCHIVO", help="dónde escribir; xlsx y parquet lo necesitan")
    ask.add_argument("--edition", help="identificador de la edición; si no se dice, la vigente")
    commands.add_parser("metrics", help="lista las métricas")
    define = commands.add_parser("definitions", help="definiciones, fórmulas y ejemplos")
    define.add_argument("--format", choices=("markdown",), default="markdown")
    receipt_commands.add(commands)
    claim_commands.add(commands)
    code_commands.add(commands)
    for command in commands.choices.values():
        command.add_argument("--lang", choices=LANGUAGES, default=SPANISH, help="idioma de lo que se escribe")
    return parser


if __name__ == "__main__":
    sys.exit(main())
