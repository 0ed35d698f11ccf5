"""What an edition is to hold, and the recipe it is made by: together they are its name."""

import hashlib
import tomllib
from dataclasses import dataclass
from pathlib import Path

from editions.errors import SourceError
from editions.folders import REFERENCE, REPOSITORY
from etl.contracts import SQL_FOLDER
from etl.raw.report import Staged
from etl.raw.stage import FACTS, PARSER_VERSION


@dataclass(frozen=True)
class Plan:
    """What an edition is to hold; two equal plans give the same edition id."""

    inputs: tuple[Staged, ...]
    base_edition: Path | None = None
    base_inputs: tuple[Staged, ...] = ()
    forgets: bool = False  # a firm: nothing the base says of the register is told again

    @property
    def changed_facts(self) -> frozenset[str]:
        """The sources whose files differ from those of the base edition, when all are facts and the base is what
        today's recipe makes of its files; else none. The new edition is then the base with other facts.
        """
        if self.base_edition is None or not self.base_inputs:
            return frozenset()
        before, now = set(map(_mark, self.base_inputs)), set(map(_mark, self.inputs))
        sources = frozenset(mark.split()[0] for mark in before ^ now)
        is_of_today = Plan(self.base_inputs).edition_id == self.base_edition.stem
        return sources if is_of_today and sources.issubset(FACTS) else frozenset()

    @property
    def kind(self) -> str:
        """`demo`, `private` (holds a register) or `official`; demo and real exports never mix."""
        demo = {staged.is_demo for staged in self.inputs if not staged.is_fact}
        if len(demo) > 1:
            raise SourceError(
                "Los datos de demostración y los reales no se mezclan en una edición; cárguelos por separado."
            )
        if demo == {True}:
            return "demo"
        return "private" if any(staged.source_id == "registro" for staged in self.inputs) else "official"

    @property
    def extract(self) -> str | None:
        """Why the edition holds only a part of the exports, when any of its files does."""
        reasons = sorted({staged.extract for staged in self.inputs if staged.extract})
        return "; ".join(reasons) or None

    @property
    def edition_id(self) -> str:
        """Kind, last month and a hash of the raw files, the secret of a register, the reference tables and the SQL."""
        parts = sorted(map(_mark, self.inputs))
        digest = hashlib.sha256("\n".join([*parts, recipe_hash()]).encode()).hexdigest()
        last_month = max((month for staged in self.inputs for month in staged.months), default=None)
        if last_month is None:
            raise SourceError(
                "No hay exportaciones a las que sumar estos datos; cargue primero un mes de Aduanas o arme la "
                "demostración con «pulso demo»."
            )
        return f"{self.kind}-{last_month:%Y-%m}-{digest[:8]}"


def _mark(staged: Staged) -> str:
    """Return what of a staged file decides the tables made of it."""
    return f"{staged.source_id} {staged.passport.sha256} {staged.extract or ''} {staged.key_mark or ''}"


def recipe_hash() -> str:
    """Return the hash of all that turns staged files into tables: SQL, contracts, reference tables, parser."""
    digest = hashlib.sha256(PARSER_VERSION.encode())
    for path in sorted([*SQL_FOLDER.rglob("*.sql"), *SQL_FOLDER.rglob("*.toml"), *REFERENCE.glob("*.csv")]):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def code_version() -> str:
    """Return the project's version and the start of the recipe's hash; an edition keeps those that built it."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return f"{project['version']}+{recipe_hash()[:8]}"
