"""Command line of the figure engine: `pulso answer QUESTION`, `metrics`, `receipt`, `reconcile` …"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from editions.edition import open_edition
from editions.errors import NO_DATA, IndicatorError
from editions.folders import REPOSITORY
from editions.writing import format_of, write_utf8, written
from indicators.commands import add_claims, add_codes, add_receipts
from indicators.engine.answer import answer
from indicators.files.render import FORMATS
from indicators.metrics import definitions
from indicators.question.question import Question
from words.language import LANGUAGES, SPANISH, speaking

DATA = REPOSITORY / "data"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 refused with one sentence, 5 understood but there is no data.

    `recompute` has its own: 0 the same, 1 different, 2 impossible.
    """
    write_utf8()
    asked = _parser().parse_args(arguments)
    with speaking(asked.lang):
        try:
            text, exit_code = asked.run(asked, Path(os.environ.get("PULSO_DATA") or DATA))
        except IndicatorError as error:
            sys.stderr.write(f"{error}\n")
            return 1
    sys.stdout.write(text)
    return int(exit_code)


def _answer(asked: argparse.Namespace, data: Path) -> tuple[str, int]:
    write = FORMATS[format_of(asked.format, asked.out)]
    edition = open_edition(data, asked.edition)
    reply = answer(edition, Question.parse(asked.question, edition))
    return written(write(reply), asked.out), 0 if reply.has_data else NO_DATA


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m indicators", description="Responde preguntas sobre una edición.")
    add_commands(parser.add_subparsers(required=True, metavar="ORDEN"))
    return parser


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add every command; each keeps in `run` what makes its text and its exit code."""
    others = set(commands.choices.values())
    ask = commands.add_parser("answer", help="responde una pregunta")
    ask.add_argument("question", help='por ejemplo "fob?region=08&window=ytd&split=sector:prochile"')
    ask.add_argument("--format", choices=tuple(FORMATS), help="sin decirlo, el del nombre de --out, o texto")
    ask.add_argument("--out", type=Path, metavar="ARCHIVO", help="dónde escribir; xlsx y parquet lo necesitan")
    ask.add_argument("--edition", help="identificador de la edición; si no se dice, la vigente")
    ask.set_defaults(run=_answer)
    listed = commands.add_parser("metrics", help="lista las métricas")
    listed.set_defaults(run=lambda *_: (definitions.as_text(), 0))
    define = commands.add_parser("definitions", help="definiciones, fórmulas y ejemplos")
    define.add_argument("--format", choices=("markdown",), default="markdown")
    define.set_defaults(run=lambda *_: (definitions.as_markdown(), 0))
    add_receipts(commands)
    add_claims(commands)
    add_codes(commands)
    for command in set(commands.choices.values()) - others:
        command.add_argument("--lang", choices=LANGUAGES, default=SPANISH, help="idioma de lo que se escribe")


if __name__ == "__main__":
    sys.exit(main())
