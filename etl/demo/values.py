"""The value of each item, in cents: planted sums for Biobío, real totals for every region, month and flow."""

import numpy as np

from etl.demo.calibration import SEGMENTS, YEAR_TO_DATE, Calibration
from etl.demo.firms import Firms
from etl.demo.items import GOODS, Items, large_items, small_items
from etl.demo.plan import BIOBIO, BIOBIO_GROUPS, PLANTED_VALUE, seeded
from etl.demo.products import Flags, Floats, Ints, Products

SMALL_SHARE_LIMIT = 0.3  # of a region's month and flow that small firms may make up
LEAST_LEFT = 0.02  # of a class that large firms keep
CORRECTIONS = 24  # negative items; real files hold 71 in 32 months
MOST_CORRECTED_USD = 400_000


def make_items(firms: Firms, calibration: Calibration, products: Products) -> tuple[Items, Ints]:
    """Return all items and their value in cents."""
    small = small_items(firms, calibration, products)
    small_cents = _planted(small, _limited(small, calibration), firms, calibration)
    rest = _rest(small, small_cents, calibration, products)
    large = large_items(firms, calibration, products, rest=rest)
    large_cents = _filled(large, small, small_cents, calibration)
    return _corrected(small.joined(large), np.concatenate([small_cents, large_cents]))


def _corrected(items: Items, cents: Ints) -> tuple[Items, Ints]:
    """Return the items and a few negative corrections, each offset in an item like it."""
    rng = seeded("corrections")
    big = np.nonzero((items.segment == GOODS) & (cents > 100 * MOST_CORRECTED_USD))[0]
    corrected = rng.choice(big, CORRECTIONS, replace=False)
    amount = rng.integers(10_000, 100 * MOST_CORRECTED_USD // 2, CORRECTIONS)
    cents = cents.copy()
    cents[corrected] += amount
    return items.joined(items.taken(corrected)), np.concatenate([cents, -amount])


def _limited(items: Items, calibration: Calibration) -> Floats:
    """Return the small firms' values in cents, brought down where they would crowd out a region's total."""
    cents = items.weight * 100
    cell = _cell(items, calibration)
    limit = _targets(calibration) * SMALL_SHARE_LIMIT
    used = np.bincount(cell, weights=cents, minlength=len(limit))
    factor = np.minimum(1, limit / np.maximum(used, 1))
    return np.asarray(np.maximum(np.rint(cents * factor[cell]), 100))


def _cell(items: Items, calibration: Calibration) -> Ints:
    n_months = calibration.total["goods"].shape[1]
    return np.asarray((items.region * n_months + items.month) * len(SEGMENTS) + items.segment)


def _targets(calibration: Calibration) -> Ints:
    return np.stack([calibration.total[name] for name in SEGMENTS], axis=2).ravel()


def _planted(items: Items, cents: Floats, firms: Firms, calibration: Calibration) -> Ints:
    """Scale each planted group of Biobío to its sum in each window, to the cent."""
    value = cents.astype(np.int64)
    month_of_year, year = items.month % 12, items.month // 12
    in_window = (items.region == calibration.region(BIOBIO)) & (month_of_year < YEAR_TO_DATE)
    for name, sums in PLANTED_VALUE.items():
        numbers = [number for number, group in enumerate(BIOBIO_GROUPS) if group.name == name]
        of_group = in_window & np.isin(firms.group[items.firm], numbers)
        for offset, planted in enumerate(sums):
            if planted is not None:
                _scale(value, of_group & (year == offset + 1), planted)
    return value


def _scale(value: Ints, chosen: Flags, total: int) -> None:
    """Make the chosen values sum to `total`, each at least one dollar, the largest taking the rounding."""
    where = np.nonzero(chosen)[0]
    scaled = np.maximum(np.rint(value[where] * (total / value[where].sum())).astype(np.int64), 100)
    scaled[np.argmax(scaled)] += total - scaled.sum()
    if scaled.min() <= 0:
        raise ValueError(f"the values chosen cannot sum to {total}: the smallest would be {scaled.min()}")
    value[where] = scaled


def _rest(items: Items, cents: Ints, calibration: Calibration, products: Products) -> Floats:
    """Return what small firms leave of each region × class × month of goods, in US$."""
    whole = calibration.class_value / 100
    goods = items.segment == GOODS
    n_classes, n_months = whole.shape[1:]
    cell = (items.region * n_classes + products.class_of[items.product]) * n_months + items.month
    used = np.bincount(cell[goods], weights=cents[goods] / 100, minlength=whole.size).reshape(whole.shape)
    return np.maximum(whole - used, whole * LEAST_LEFT)


def _filled(large: Items, small: Items, small_cents: Ints, calibration: Calibration) -> Ints:
    """Return the large firms' values: with the small ones they meet every target to the cent."""
    target = _targets(calibration)
    used = np.bincount(_cell(small, calibration), weights=small_cents, minlength=len(target)).astype(np.int64)
    cell = _cell(large, calibration)
    left = target - used
    share = large.weight / np.bincount(cell, weights=large.weight, minlength=len(target))[cell]
    value = np.maximum(np.rint(share * left[cell]).astype(np.int64), 100)
    summed = np.bincount(cell, weights=value, minlength=len(target)).astype(np.int64)
    order = np.lexsort((value, cell))
    last = np.nonzero(np.append(np.diff(cell[order]) != 0, True))[0]
    largest = order[last]
    value[largest] += (left - summed)[cell[largest]]
    filled = np.zeros(len(target), dtype=bool)
    filled[cell] = True
    if value.min() <= 0 or np.any(left[~filled] != 0):
        raise ValueError("large firms cannot fill a region's month: small ones leave too little")
    return value
