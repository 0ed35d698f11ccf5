"""`pulso codes`: the codes that filters take, and how else each can be written."""

import argparse
from collections.abc import Iterator
from pathlib import Path

from indicators.codes import TABLES, Code, codes, matches
from indicators.edition import Edition, open_edition
from indicators.errors import NO_DATA
from indicators.language import t
from indicators.search import products

PARTS = (*TABLES, "hs")


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
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
    candidates = matches(edition, part, name) if name else codes(edition, part)
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
