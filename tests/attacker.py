"""An attacker of small registers: asks the public engine, then works out what it was not told by linear algebra."""

import random
from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from indicators.answer import answer
from indicators.calendar import Window
from indicators.disclosure import Cell, Policy
from indicators.edition import Edition
from indicators.question import Question
from indicators.result import Answer
from indicators.scope import FLOWS, SIZES

Mask = npt.NDArray[np.bool_]
REGIONS, COUNTRIES = ("08", "13", "05", "16"), ("225", "220", "331")
PRODUCTS = ("44071010", "44079200", "44121000", "47032100", "74031100")
MONTHS = ("2025-03", "2025-01", "2025-02", "2024-02", "2024-01", "2024-03")
CLASSES = ("pequena", "mediana", "grande", "micro", "sin_informacion")
COLUMNS = {"region": "region_code", "country": "country_code", "hs": "hs_code", "size": "size_class",
           "segment": "segment", "month": "month"}  # fmt: skip


def sparse_register(seed: int, *, firms: int) -> list[dict[str, Any]]:
    """Firms that export a few things each, mostly the common ones: many slices have one firm or two."""
    dice = random.Random(seed)

    def one_of(values: tuple[str, ...]) -> str:
        return values[min(int(dice.expovariate(0.9)), len(values) - 1)]

    rows = []
    for firm in range(firms):
        size, home = dice.choices(CLASSES, (5, 3, 3, 2, 1))[0], one_of(REGIONS)
        for _ in range(dice.randint(1, 6)):
            code = one_of(PRODUCTS)
            rows.append({
                "exporter_key": f"f{firm}", "size_class": size, "month": one_of(MONTHS), "hs_code": code,
                "region_code": home if dice.random() < 0.6 else one_of(REGIONS), "country_code": one_of(COUNTRIES),
                "segment": "goods" if dice.random() < 0.8 else "services", "is_copper": code.startswith("74"),
                "fob_usd": round(dice.lognormvariate(11, 1.0), 2),
            })  # fmt: skip
    return rows


class Attacker:
    """Collects the sums the engine shows; each is one equation about the records."""

    def __init__(self, edition: Edition, rows: list[dict[str, Any]]) -> None:
        self.edition = edition
        self.codes = {name: np.array([row[column] for row in rows]) for name, column in COLUMNS.items()}
        self.is_copper = np.array([row["is_copper"] for row in rows])
        self.firms = np.unique([row["exporter_key"] for row in rows], return_inverse=True)[1]
        self.fob = np.array([row["fob_usd"] for row in rows])
        self.known: dict[bytes, tuple[Mask, float]] = {}

    def ask_only(self, text: str) -> Answer:
        """Ask, and remember nothing."""
        return answer(self.edition, Question.parse(text))

    def ask(self, text: str) -> Answer:
        """Ask, and remember the sums told: the total and the rows, in window and base."""
        found = self.ask_only(text)
        question, split = found.question, found.question.split
        for window, total, base in ((found.window, found.value, False), (found.base_window, found.base, True)):
            if window is None:
                continue
            whole = self.slice(question, window)
            self._learn(whole, total)
            for row in found.rows:
                key = row.key if split != "month" or not base else f"{int(row.key[:4]) - 1}{row.key[4:]}"
                part = np.char.startswith(
                    self.codes[(split or "")[:2] if split in ("hs2", "hs4") else split or ""], key
                )
                self._learn(whole & part, row.base if base else row.value)
        return found

    def _learn(self, part: Mask, value: float | int | None) -> None:
        if value is not None:
            self.known[part.tobytes()] = part, float(value)

    def slice(self, question: Question, window: Window) -> Mask:
        """The records of a question in a window."""
        months = [f"{month:%Y-%m}" for month in window.months]
        found = np.isin(self.codes["month"], months) & np.isin(self.codes["segment"], question.scope.segments)
        if question.regions:
            found &= np.isin(self.codes["region"], question.regions)
        if question.country:
            found &= np.isin(self.codes["country"], question.country.split(","))
        if question.size:
            found &= np.isin(self.codes["size"], SIZES[question.size])
        if question.hs:
            found &= np.logical_or.reduce(
                [np.char.startswith(self.codes["hs"], code) for code in question.hs.split(",")]
            )
        if "copper" in question.scope.exclude:
            found &= ~self.is_copper
        return found

    def check_answers(self) -> None:
        """Every sum told is the true one: else the equations would prove nothing."""
        for part, value in self.known.values():
            assert abs(float(self.fob[part].sum()) - value) < 0.01

    def secrets(self, *, products: Iterable[str] = ("",)) -> Iterator[tuple[str, Mask]]:
        """Every slice of one code or none of each kind that the policy does not show by itself."""
        sizes = {name: np.isin(self.codes["size"], classes) for name, classes in SIZES.items()}
        flows = {name: np.isin(self.codes["segment"], parts) for name, parts in FLOWS.items()}
        years = {year: np.char.startswith(self.codes["month"], year) for year in ("2024", "2025")}
        months = {month: self.codes["month"] == month for month in MONTHS}
        everything = {"": np.ones(len(self.fob), dtype=bool)}
        regions = {code: self.codes["region"] == code for code in REGIONS}
        countries = {code: self.codes["country"] == code for code in COUNTRIES}
        codes = {code: np.char.startswith(self.codes["hs"], code) for code in products}
        choices = (everything | regions, everything | countries, everything | sizes, flows, years | months, codes)
        seen = set()
        for names in product(*choices):
            part = np.logical_and.reduce([choice[name] for choice, name in zip(choices, names, strict=True)])
            if part.tobytes() not in seen and self.is_secret(part):
                seen.add(part.tobytes())
                yield " ".join(filter(None, names)), part

    def is_secret(self, part: Mask) -> bool:
        """Whether the policy would not show a slice, counted here anew from the records."""
        values = np.bincount(self.firms[part], self.fob[part])
        largest = sorted(values[values > 0], reverse=True)
        return Policy(is_on=True).hides(Cell(len(largest), float(sum(largest)), tuple(map(float, largest[:2]))))

    def recovered(self, secrets: Iterable[tuple[str, Mask]]) -> list[str]:
        """Which secrets are a linear combination of what was told."""
        names, parts = zip(*secrets, strict=True)
        told = [part for part, _ in self.known.values()]
        distinct = np.unique(np.array([*told, *parts]), axis=1).astype(
            np.float64
        )  # records always told together are one
        equations, wanted = distinct[: len(told)], distinct[len(told) :]
        _, strengths, directions = np.linalg.svd(equations, full_matrices=False)
        basis = directions[strengths > 1e-9]
        left = np.abs(wanted - (wanted @ basis.T) @ basis).max(axis=1)
        return [name for name, distance in zip(names, left, strict=True) if distance < 1e-7]
