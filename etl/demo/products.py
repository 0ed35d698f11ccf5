"""The table of products the demonstration exports, from `products.csv`."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

FOLDER = Path(__file__).resolve().parent
SERVICES = "Exportación de servicios calificados por Aduanas"
SHIP_SUPPLIES = "Rancho de naves"


@dataclass(frozen=True)
class Products:
    """One entry per tariff code, ordered by class; `class_of` points into `classes`."""

    hs_code: tuple[str, ...]
    name: tuple[str, ...]
    unit_code: tuple[str, ...]
    unit_price_usd: Floats
    kg_per_unit: Floats
    class_of: Ints
    cumulative: Floats  # class number + share of the class up to and with this product
    classes: tuple[str, ...]
    sector_of_class: tuple[str, ...]
    season: Floats  # class × calendar month, mean 1

    def class_number(self, name: str) -> int:
        """Return the position of a class."""
        return self.classes.index(name)

    def draw(self, class_numbers: Ints, rng: np.random.Generator) -> Ints:
        """Return one product of each class given, by weight."""
        spot = np.minimum(rng.random(len(class_numbers)), 0.999999)
        return np.searchsorted(self.cumulative, class_numbers + spot, side="right").astype(np.int64)

    def is_any_of(self, prefixes: tuple[str, ...]) -> Flags:
        """Return which products have a tariff code under one of these prefixes."""
        return np.array([code.startswith(prefixes) for code in self.hs_code])


def read_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file with a header."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def products() -> Products:
    """Return the table, read once."""
    rows = read_rows(FOLDER / "products.csv")
    classes = tuple(dict.fromkeys(row["product_class"] for row in rows))
    rows.sort(key=lambda row: classes.index(row["product_class"]))
    class_of = np.array([classes.index(row["product_class"]) for row in rows])
    weight = np.array([float(row["weight"]) for row in rows])
    total = np.bincount(class_of, weights=weight)
    running = np.cumsum(weight / total[class_of])  # each class adds exactly one
    sector = {row["product_class"]: row["sector"] for row in rows}
    return Products(
        hs_code=tuple(row["hs_code"] for row in rows),
        name=tuple(row["name"] for row in rows),
        unit_code=tuple(row["unit_code"] for row in rows),
        unit_price_usd=np.array([float(row["unit_price_usd"]) for row in rows]),
        kg_per_unit=np.array([float(row["kg_per_unit"]) for row in rows]),
        class_of=class_of,
        cumulative=running,
        classes=classes,
        sector_of_class=tuple(sector[name] for name in classes),
        season=np.array([_season(rows, name) for name in classes]),
    )


def _season(rows: list[dict[str, str]], product_class: str) -> Floats:
    """Return the weight of each calendar month for a class: a peak of some four months, or flat."""
    weight = np.zeros(12)
    for row in rows:
        if row["product_class"] == product_class:
            share = np.ones(12)
            if row["peak_month"]:
                distance = np.abs((np.arange(12) + 1 - int(row["peak_month"]) + 6) % 12 - 6)
                share = np.exp(-(distance**2) / 4.5) + 0.03
            weight += float(row["weight"]) * share / share.mean()
    return np.asarray(weight / weight.mean())
