"""The attacker, asking what firms did: each part of a bridge or of the margins is one more equation."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from indicators.calendar import Window
from indicators.question import Question
from indicators.result import Answer
from indicators.scope import SIZES
from tests.attacker import Attacker, Mask, sparse_register

Sides = dict[str, tuple[Mask, Mask]]  # part → its records in the window and in the base


def restless_register(seed: int, *, firms: int) -> list[dict[str, Any]]:
    """A sparse register where every fifth firm was of another class the year before."""
    rows = sparse_register(seed, firms=firms)
    grown = {"micro": "pequena", "pequena": "micro", "mediana": "grande", "grande": "mediana"}
    return [
        row | {"size_class": grown.get(row["size_class"], row["size_class"])}
        if row["month"] < "2025" and int(row["exporter_key"][1:]) % 5 == 0
        else row
        for row in rows
    ]


class AttackerOfMoves(Attacker):
    """Knows from the records what each firm did, and so what each sum it is told is the sum of."""

    def ask_moves(self, text: str) -> Answer:
        """Ask for a bridge, for margins or for the same firms, and remember the sums told."""
        found = self.ask_only(text)
        if found.window is None or found.base_window is None:
            return found
        parts = self.parts(found.question, found.window, found.base_window)
        told = {row.key: (row.value, row.base) for row in found.rows}
        if found.question.metric == "fob_same_firms":
            told = {"continuing": (found.value, found.base)}
        for part, values in told.items():
            for mask, value in zip(parts[part], values, strict=True):
                self._learn(mask, value)
        return found

    def parts(self, question: Question, window: Window, base: Window) -> Sides:
        """What each firm of a slice did, told from the records alone."""
        plain = question.but(metric="fob", size=None, over=None)
        wide = [self.slice(plain, months) for months in (window, base)]
        is_asked = np.isin(self.codes["size"], SIZES[question.size]) if question.size else np.ones_like(wide[0])
        own = [mask & is_asked for mask in wide]
        now, then = (self._exporting(self.firms, mask) for mask in own)
        any_now, any_then = (self._exporting(self.firms, mask) for mask in wide)
        is_margins = question.metric == "margins"
        did = {
            "new_firms" if is_margins else "entrants": now & ~any_then,
            "exiting_firms" if is_margins else "exits": then & ~any_now,
            "continuing": now & then,
            "joined": now & any_then & ~then,
            "left": then & any_now & ~now,
        }
        if is_margins:
            did |= self._margins(own, did.pop("continuing"))
        return {name: (own[0] & records, own[1] & records) for name, records in did.items()}

    def _margins(self, own: list[Mask], stays: Mask) -> dict[str, Mask]:
        pairs = np.char.add(np.char.add(self.firms.astype(str), "|"), self.codes["hs"].astype("U6"))
        things = np.unique(pairs, return_inverse=True)[1]
        sold, was_sold = (self._exporting(things, mask) for mask in own)
        grew = self._sum(things, own[0]) >= self._sum(things, own[1])
        return {
            "added": stays & sold & ~was_sold,
            "dropped": stays & was_sold & ~sold,
            "growing": stays & sold & was_sold & grew,
            "shrinking": stays & sold & was_sold & ~grew,
        }

    def _sum(self, unit: Any, mask: Mask) -> Any:
        return np.bincount(unit[mask], self.fob[mask], minlength=int(unit.max()) + 1)[unit]

    def _exporting(self, unit: Any, mask: Mask) -> Mask:
        """The records, of any time, of units that export in the masked ones."""
        return np.asarray(self._sum(unit, mask) > 0)

    def secret_moves(self, texts: list[str], window: Window, base: Window) -> Iterator[tuple[str, Mask]]:
        """Every part that the policy would not show by itself."""
        seen = set()
        for text in texts:
            for name, sides in self.parts(Question.parse(text), window, base).items():
                for side, mask in zip(("window", "base"), sides, strict=True):
                    if mask.any() and mask.tobytes() not in seen and self.is_secret(mask):
                        seen.add(mask.tobytes())
                        yield f"{text}: {name}, {side}", mask
