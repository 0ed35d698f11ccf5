"""The commands about receipts, editions compared, reconciliation and releases."""

import argparse
from pathlib import Path

from indicators import reconciliation
from indicators.answer import answer
from indicators.diff import diff
from indicators.edition import open_edition
from indicators.errors import NO_DATA
from indicators.formats import number
from indicators.language import t
from indicators.question import Question
from indicators.receipt import as_json, receipt
from indicators.recompute import recompute
from indicators.release import release


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands; each keeps in `run` what makes its text and its exit code."""
    one = commands.add_parser("receipt", help="escribe el recibo de una pregunta")
    one.add_argument("question")
    one.add_argument("--edition", help="identificador de la edición; si no se dice, la vigente")
    one.set_defaults(run=_receipt)
    one = commands.add_parser("recompute", help="repite un recibo: 0 igual, 1 distinto, 2 no se puede")
    one.add_argument("receipt", type=Path, metavar="RECIBO.json")
    one.set_defaults(run=_recompute)
    one = commands.add_parser("diff", help="la misma pregunta en dos ediciones")
    one.add_argument("question")
    one.add_argument("--from", dest="old", required=True, metavar="EDICIÓN")
    one.add_argument("--to", dest="new", required=True, metavar="EDICIÓN")
    one.set_defaults(run=_diff)
    one = commands.add_parser("reconcile", help="la edición contra las cifras publicadas")
    one.add_argument("--edition", help="identificador de la edición; si no se dice, la vigente")
    one.add_argument("--format", choices=tuple(reconciliation.FORMATS), default="text")
    one.set_defaults(run=_reconcile)
    one = commands.add_parser("release", help="una edición entera en un ZIP: Parquet, CSV, diccionario, recibos")
    one.add_argument("--out", type=Path, required=True, metavar="ARCHIVO.zip")
    one.add_argument("--edition", help="identificador de la edición; si no se dice, la vigente")
    one.set_defaults(run=_release)


def _receipt(asked: argparse.Namespace, data: Path) -> tuple[str, int]:
    edition = open_edition(data, asked.edition)
    question = Question.parse(asked.question, edition)
    reply = answer(edition, question)
    return as_json(receipt(edition, reply)), 0 if reply.has_data else NO_DATA


def _recompute(asked: argparse.Namespace, data: Path) -> tuple[str, int]:
    found = recompute(data, asked.receipt)
    return found.text, found.exit_code


def _diff(asked: argparse.Namespace, data: Path) -> tuple[str, int]:
    question = Question.parse(asked.question, open_edition(data, asked.old))
    return diff(data, question, old_id=asked.old, new_id=asked.new), 0


def _reconcile(asked: argparse.Namespace, data: Path) -> tuple[str, int]:
    edition = open_edition(data, asked.edition)
    return reconciliation.FORMATS[asked.format](edition, reconciliation.reconciliation(edition)), 0


def _release(asked: argparse.Namespace, data: Path) -> tuple[str, int]:
    edition = open_edition(data, asked.edition)
    names = release(edition, asked.out)
    size = asked.out.stat().st_size / 1_000_000
    said = "{file}: edición {edition}, {n} archivos, {size} MB."
    return t(said, file=asked.out, edition=edition.id, n=len(names), size=number(size, 1)) + "\n", 0
