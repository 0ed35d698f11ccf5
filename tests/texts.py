"""What the code says to readers, found in its source: `python -m tests.texts [PATH…]` lists what lacks English.

A text is a literal given to `t`, or any other literal that looks Spanish; a registry's labels are such, shown through
`t` later. An f-string that looks Spanish cannot be translated at all.
"""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from words.language import ENGLISH, catalogue

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("words", "editions/current.py", "editions/edition.py", "editions/writing.py", "indicators", "ui", "pages")
SPANISH = re.compile(
    r"[áéíóúñÁÉÍÓÚÑ¿¡«»]"
    r"|\b(?:de|la|el|los|las|que|en|por|con|del|una|un|sin|para|se|no es|es|al|lo|su|más|y|o)\b\s",
)
CODE = re.compile(r"\b(?:SELECT|FROM|WHERE|GROUP BY|FILTER|INTERVAL)\b|strftime|%[Ymd]-|\(\?P?[:<=]|\\[sbd1-9]")
NOT_SHOWN = frozenset(  # rules that read Spanish sentences, words to search by
    {f"indicators/claims/{name}.py" for name in ("propose", "quantity")}
    | {"indicators/question/codes.py", "ui/serving/access.py", "ui/serving/serve.py"}
)
OWN_NAMES = frozenset({"Español"})  # said in its own language in every other
HELP = frozenset({"help", "metavar", "description"})  # of the command line, which is the operator's


@dataclass(frozen=True)
class Text:
    """A text in the source: where it is, and whether it can be translated."""

    path: str
    line: int
    text: str
    is_fixed: bool  # False for an f-string


def texts(*rooms: str) -> Iterator[Text]:
    """Yield the texts of some files or folders of the repository."""
    for room in rooms or ROOMS:
        place = ROOT / room
        for file in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            path = file.relative_to(ROOT).as_posix()
            if path not in NOT_SHOWN:
                yield from _of_file(file, path)


def _of_file(file: Path, path: str) -> Iterator[Text]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    silent = set(_silent(tree))
    said = {id(node.args[0]) for node in ast.walk(tree) if _is_t(node)}
    for node in ast.walk(tree):
        if id(node) in silent:
            continue
        if isinstance(node, ast.JoinedStr):
            whole = "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
            if _looks_spanish(whole) or id(node) in said:
                yield Text(path, node.lineno, whole, is_fixed=False)
        elif (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and (id(node) in said or _looks_spanish(node.value))
        ):
            yield Text(path, node.lineno, node.value, is_fixed=True)


def _is_t(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "t" and bool(node.args)


def _silent(tree: ast.AST) -> Iterator[int]:
    """Yield what nobody is shown: docstrings, parts of f-strings (judged whole), help of the command line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield id(node.value)
        elif isinstance(node, ast.JoinedStr):
            for part in node.values:
                yield from (id(inner) for inner in ast.walk(part) if isinstance(inner, ast.Constant) and part is inner)
        elif isinstance(node, ast.FormattedValue) and node.format_spec is not None:
            yield from (id(inner) for inner in ast.walk(node.format_spec))
        elif isinstance(node, ast.keyword) and node.arg in HELP:
            yield from (id(inner) for inner in ast.walk(node.value))


def _looks_spanish(text: str) -> bool:
    return len(text) > 1 and bool(SPANISH.search(text)) and not CODE.search(text)


def literals() -> Iterator[str]:
    """Yield every literal of the rooms, shown or not, and of the ETL: an edition keeps words of it."""
    for room in ("words", "editions", "indicators", "ui", "pages", "etl"):
        for file in (ROOT / room).rglob("*.py"):
            nodes = ast.walk(ast.parse(file.read_text(encoding="utf-8")))
            yield from (node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))


def untranslated(*rooms: str) -> list[str]:
    """Return one line for each text that has no English, or can have none."""
    english = catalogue(ENGLISH)
    found = []
    for one in texts(*rooms):
        if not one.is_fixed:
            found.append(f"{one.path}:{one.line}: f-string; write t('…{{name}}…', name=…): {one.text!r}")
        elif one.text not in english and one.text not in OWN_NAMES:
            found.append(f"{one.path}:{one.line}: no English in en.po: {one.text!r}")
    return found


if __name__ == "__main__":
    sys.stdout.write("\n".join(untranslated(*sys.argv[1:])) + "\n")
