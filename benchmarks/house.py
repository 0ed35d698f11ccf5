"""How hard this house is to take over, counted: `python -m benchmarks.house [FOLDER…] [--names]`.

Modules, lines, comments and names of the product's packages, or of the folders given (another project's sources, to
compare with). `--names` lists each function whose parameters or variables are called by a participle.
"""

import argparse
import ast
import io
import re
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
PRODUCT = ("app.py", "pulso.py", "words", "editions", "etl", "indicators", "ui", "pages")
IRREGULAR = frozenset(  # and two words that were used for anything
    """
    asked begun bought bound broken brought built chosen done drawn fallen felt forgotten found gathered given
    gone grown had heard held hidden kept known laid left lent lost made meant met paid said seen sent shown
    shut spoken stood stuck sworn taken taught thought told torn understood won worn written one place
    """.split()  # noqa: SIM905
)
NOUNS = frozenset({"bed", "embed", "feed", "indeed", "need", "reed", "seed", "shed", "speed", "weed"})
PARTICIPLE = re.compile(r"[a-z]{3,}ed$")


@dataclass(frozen=True)
class House:
    """What was counted in a set of modules."""

    modules: int
    lines: int
    longest: int
    comments: int
    names: int
    participles: int


def is_participle(name: str) -> bool:
    """Return whether the name of a value is a participle alone (`found`, `is_found` and `found_at` are not)."""
    word = name.strip("_")
    return word not in NOUNS and (word in IRREGULAR or bool(PARTICIPLE.fullmatch(word)))


def modules_of(folders: Sequence[Path]) -> list[Path]:
    """Return the Python files of these files and folders."""
    return sorted({path for folder in folders for path in ([folder] if folder.is_file() else folder.rglob("*.py"))})


def functions(path: Path) -> Iterator[tuple[str, set[str]]]:
    """Yield each function of a module with the names of its parameters and variables."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{path}:{node.lineno} {node.name}", set(_names(node)) - {"self", "cls", "_"}


def _names(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    arguments = function.args
    listed = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg)
    yield from (argument.arg for argument in listed if argument)
    stack: list[ast.AST] = list(function.body)
    while stack:
        node = stack.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue  # counted on its own
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        stack += ast.iter_child_nodes(node)


def count(paths: Sequence[Path]) -> House:
    """Return the counts of these modules. A comment is a comment token, wherever on its line it stands."""
    texts = [path.read_text(encoding="utf-8") for path in paths]
    lengths = [len(text.splitlines()) for text in texts]
    listed = [name for path in paths for _, names in functions(path) for name in names]
    return House(
        modules=len(paths),
        lines=sum(lengths),
        longest=max(lengths),
        comments=sum(map(_comments, texts)),
        names=len(listed),
        participles=sum(map(is_participle, listed)),
    )


def _comments(text: str) -> int:
    return sum(token.type == tokenize.COMMENT for token in tokenize.generate_tokens(io.StringIO(text).readline))


def main() -> int:
    """Print the counts as a table; with `--names`, the names behind them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, default=[REPOSITORY / name for name in PRODUCT])
    parser.add_argument("--names", action="store_true", help="list the functions with names that are participles")
    options = parser.parse_args()
    paths = modules_of(options.folders)
    house = count(paths)
    if options.names:
        for path in paths:
            for function, names in functions(path):
                participles = sorted(filter(is_participle, names))
                if participles:
                    print(function, ", ".join(participles))
    print("| modules | lines | longest | comments per 1,000 lines | parameters and variables | named by a participle |")
    print("|--:|--:|--:|--:|--:|--:|")
    print(
        f"| {house.modules} | {house.lines:,} | {house.longest} | {1000 * house.comments / house.lines:.0f} "
        f"| {house.names:,} | {house.participles / house.names:.1%} |"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
