"""Masks and sums over the plan's arrays: what the truths are made of."""

from dataclasses import dataclass, replace

import numpy as np

from etl.demo.calibration import YEAR_TO_DATE, Calibration
from etl.demo.declarations import Declarations
from etl.demo.firms import Firms
from etl.demo.items import GOODS, SERVICE, Items
from etl.demo.past import MONTHS_BEFORE
from etl.demo.plan import BIOBIO
from etl.demo.products import Flags, Ints, Products


@dataclass(frozen=True)
class World:
    """Everything the demonstration holds, before it is written. Years are 0, 1, 2 from 2023 on."""

    calibration: Calibration
    products: Products
    firms: Firms
    declared: Declarations
    past: Items
    past_cents: Ints

    @property
    def registered(self) -> tuple[Items, Ints]:
        """What the register lists, before and during customs' months, and its value; months from January 2019."""
        shifted = replace(self.declared.items, month=self.declared.items.month + MONTHS_BEFORE)
        return self.past.joined(shifted), np.concatenate([self.past_cents, self.declared.cents])

    def window(self, year: int) -> Flags:
        """Items of January to October."""
        return self.year(year) & (self.declared.items.month % 12 < YEAR_TO_DATE)

    def year(self, year: int) -> Flags:
        """Items of a calendar year."""
        return np.asarray(self.declared.items.month // 12 == year)

    @property
    def biobio(self) -> Flags:
        """Items that leave from Biobío."""
        return np.asarray(self.declared.items.region == self.calibration.region(BIOBIO))

    @property
    def trade(self) -> Flags:
        """Goods and services; ship supplies are left out."""
        return self.flow(GOODS, SERVICE)

    def flow(self, *segments: int) -> Flags:
        """Items of these flows."""
        return np.isin(self.declared.items.segment, segments)

    def tariff(self, *prefixes: str) -> Flags:
        """Items under these tariff prefixes; a row cut before its code is under none."""
        found = self.products.is_any_of(prefixes)[self.declared.items.product]
        return np.asarray(found & ~self.declared.is_cut)

    def cents(self, chosen: Flags) -> int:
        """Value of the chosen items."""
        return int(self.declared.cents[chosen].sum())

    def by_firm(self, chosen: Flags) -> Ints:
        """Value of each firm within the chosen items."""
        sums = np.zeros(len(self.firms.region), dtype=np.int64)
        np.add.at(sums, self.declared.items.firm[chosen], self.declared.cents[chosen])
        return sums
