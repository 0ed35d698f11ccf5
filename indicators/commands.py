"""The commands that answer: codes, receipts, editions compared, releases, quoted figures."""

import argparse
from collections.abc import Iterator
from pathlib import Path

from editions.edition import Edition, open_edition
from editions.errors import NO_DATA
from editions.writing import format_of, written
from indicators.claims.fields import Fields, check_region, claim_of, read_rough_period
from indicators.claims.render import FACT_FORMATS, FORMATS
from indicators.claims.verdict import verify
from indicators.engine.answer import answer
from indicators.published import facts, shares_of_every_period
from indicators.question import codes
from indicators.question.codes import TABLES, Code, products
from indicators.question.question import Question
from indicators.question.scope import NATION
from indicators.receipts import reconciliation
from indicators.receipts.diff import diff
from indicators.receipts.receipt import as_json, receipt, recompute
from indicators.release import release
from words.formats import number
from words.language import t

# -- `pulso codes`: the codes that filters take, and how else each can be written.

PARTS = (*TABLES, "hs")


def add_codes(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command; it keeps in `run` what makes its text and its exit code."""
    command = commands.add_parser("codes", help="códigos de regiones, países, sectores, productos …, por nombre")
    command.add_argument("part", choices=PARTS, metavar="PARTE", help=", ".join(PARTS))
    command.add_argument("name", nargs="?", default="", metavar="NOMBRE", help="lo que se busca; si no se dice, todos")
    command.add_argument("--edition", help="identificador de la edición; si no se dice, la vigente")
    command.set_defaults(run=_codes)


def _codes(asked: argparse.Namespace, data: Path) -> tuple[str, int]:
    """Write a line per code: the code, its name, and its other names and ISO codes."""
    edition = open_edition(data, asked.edition)
    lines = list(_products(edition, asked.name) if asked.part == "hs" else _listed(edition, asked.part, asked.name))
    return "".join(f"{line}\n" for line in lines) or t(
        "Ningún código tiene ese nombre."
    ) + "\n", 0 if lines else NO_DATA


def _listed(edition: Edition, part: str, name: str) -> Iterator[str]:
    candidates = codes.matches(edition, part, name) if name else codes.codes(edition, part)
    width = max((len(code.code) for code in candidates), default=0)
    for code in candidates:
        others = "; ".join(_other_spellings(code))
        yield f"{code.code:{width}}  {code.label}{f'  ({others})' if others else ''}"


def _other_spellings(code: Code) -> tuple[str, ...]:
    identifier = code.code.rpartition(":")[2]
    return tuple(dict.fromkeys(text for text in code.spellings if text not in (code.code, code.label, identifier)))


def _products(edition: Edition, name: str) -> Iterator[str]:
    for product in products(edition, name):
        yield f"{product.hs_code:8}  {product.name}"


# -- The commands about receipts, editions compared, reconciliation and releases.


def add_receipts(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
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


# -- The commands `pulso verify` and `pulso published`.


def add_claims(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands; each keeps in `run` what makes its text and its exit code."""
    check = commands.add_parser("verify", help="comprueba una cifra citada")
    check.add_argument("number", help='la cifra como se dijo: "12 %%", "US$ 4.230 millones", "1.300 empresas"')
    check.add_argument("--about", required=True, help="share, growth, growth_firms, growth_sme, jobs, gdp, level …")
    check.add_argument("--format", choices=tuple(FORMATS), default="text")
    check.set_defaults(run=_verify)
    listed = commands.add_parser("published", help="cifras publicadas de una región")
    listed.add_argument("--metric", help="una medida: fob_total, growth, share_national, n_exporters …")
    listed.add_argument("--scope", help="un alcance: goods, goods+services, non_copper_non_lithium …")
    listed.add_argument("--format", choices=tuple(FACT_FORMATS), help="sin decirlo, el del nombre de --out, o texto")
    listed.add_argument("--out", type=Path, metavar="ARCHIVO", help="dónde escribir; xlsx y parquet lo necesitan")
    listed.set_defaults(run=_published)
    for command in (check, listed):
        command.add_argument(
            "--region", default=NATION, help="región, por código o nombre: 08 o Biobío; sin decirlo, Chile"
        )
        command.add_argument("--period", default="", help="2024, 2025-10 o 2025-01..2025-10; sin decirlo, cualquiera")
        command.add_argument("--edition", help="identificador de la edición; si no se dice, la vigente")


def _verify(asked: argparse.Namespace, data: Path) -> tuple[str, int]:
    edition = open_edition(data, asked.edition)
    region = codes.resolve(edition, "region", asked.region)
    claim = claim_of(edition, Fields(asked.number, asked.about, region, asked.period))
    return FORMATS[asked.format](verify(edition, claim)), 0


def _published(asked: argparse.Namespace, data: Path) -> tuple[str, int]:
    """Write the printed figures, and the shares worked out from them, that fit what is asked."""
    write = FACT_FORMATS[format_of(asked.format, asked.out)]
    edition, period = open_edition(data, asked.edition), read_rough_period(asked.period)
    region = codes.resolve(edition, "region", asked.region)
    check_region(edition, region)
    found = [
        fact
        for fact in (*facts(edition, region), *shares_of_every_period(edition, region))
        if asked.metric in (None, fact.metric)
        and asked.scope in (None, fact.scope)
        and (period is None or period.start <= fact.period.start <= fact.period.end <= period.end)
    ]
    return written(write(found), asked.out), 0 if found else NO_DATA
