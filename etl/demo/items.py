"""The exported items of the demonstration: who, when, from where, what, to where, and at what value."""

from dataclasses import dataclass, fields

import numpy as np

from etl.demo.design import (
    BIOBIO,
    BIOBIO_GROUPS,
    PLANTED_VALUE,
    SEGMENTS,
    SERVICES,
    SHIP_SUPPLIES,
    YEAR_TO_DATE,
    Calibration,
    Flags,
    Floats,
    Ints,
    Products,
    seeded,
)
from etl.demo.firms import GRANDE, MEDIANA, MICRO, NO_SIZE, PEQUENA, Firms

# -- The exported items: who, when, from where, what, to where; values follow in `values.py`.

GOODS, SERVICE, SHIP = range(len(SEGMENTS))
LARGE_ONLY = ("Minería", "Rancho de naves")  # sectors where no small firm exports
LARGE_ONLY_CLASSES = ("Celulosa", "Metanol", "Neumáticos", "Alambres de cobre", "Nitratos de potasio")
SIZE_SCALE = {MICRO: 6e3, PEQUENA: 3.2e4, MEDIANA: 1.3e5, GRANDE: 3e5, NO_SIZE: 1.2e4}  # US$ per item
ITEMS_BEYOND_FIRST = np.array([0.3, 0.7, 1.4, 1.6, 0.4])
SERVICE_FIRMS = {"13": 0.2, "08": 0.07, "12": 0.08, "10": 0.03}
SMALLEST_CLASS_USD = 60_000.0  # a class worth less in a month and region ships in some months only


@dataclass(frozen=True)
class Items:
    """One entry per item; firm, region, product and country are positions in their tables."""

    firm: Ints
    month: Ints
    region: Ints
    product: Ints
    country: Ints
    segment: Ints
    weight: Floats  # small firms: US$ before planting; large firms: share of their cell

    def __len__(self) -> int:
        return len(self.firm)

    def joined(self, other: "Items") -> "Items":
        """Return these items followed by the others."""
        return Items(*(np.concatenate([getattr(self, f.name), getattr(other, f.name)]) for f in fields(self)))

    def taken(self, positions: Ints) -> "Items":
        """Return the items at these positions."""
        return Items(*(getattr(self, f.name)[positions] for f in fields(self)))


def small_items(firms: Firms, calibration: Calibration, products: Products) -> Items:
    """Return the items of the small panel: one or more in each month a firm is active, first from home."""
    rng = seeded("small items")
    firm, month = np.nonzero(firms.active[: firms.small])
    size = firms.size[firm, calibration.year_of_month[month]]
    count = 1 + rng.poisson(ITEMS_BEYOND_FIRST[size])
    is_first = np.zeros(count.sum(), dtype=bool)
    is_first[np.concatenate([[0], np.cumsum(count)[:-1]])] = True
    firm, month, size = (np.repeat(values, count) for values in (firm, month, size))
    away = ~is_first & (firms.second_region[firm] >= 0) & (rng.random(len(firm)) < 0.5)
    region = np.where(away, firms.second_region[firm], firms.region[firm])
    sells_services = _service_firms(firms, calibration, rng)[firm] & (calibration.services_share[region] > 0)
    segment = np.where(sells_services, SERVICE, GOODS)
    choices = _firm_classes(firms, calibration, products, rng)
    picked = choices[firm, rng.choice(3, len(firm), p=(0.6, 0.25, 0.15))]
    product_class = np.where(sells_services, products.class_number(SERVICES), picked)
    lean = rng.lognormal(0, 1.0, firms.small)[firm] * rng.lognormal(0, 0.5, len(firm))
    lean = np.where(sells_services, np.minimum(lean, 1.5) * 0.3, lean)
    scale = np.array([SIZE_SCALE[number] for number in range(len(SIZE_SCALE))])[size]
    return Items(
        firm=firm,
        month=month,
        region=region,
        product=products.draw(product_class, rng),
        country=_firm_countries(firms, calibration, rng)[firm, rng.choice(3, len(firm), p=(0.6, 0.25, 0.15))],
        segment=segment,
        weight=scale * lean * (0.15 + products.season[product_class, month % 12]),
    )


def _service_firms(firms: Firms, calibration: Calibration, rng: np.random.Generator) -> Flags:
    chance = np.array([SERVICE_FIRMS.get(code, 0.0) for code in calibration.regions])
    return np.asarray(rng.random(firms.small) < chance[firms.region[: firms.small]])


def _firm_classes(firms: Firms, calibration: Calibration, products: Products, rng: np.random.Generator) -> Ints:
    """Return three product classes for each small firm, drawn from what its region exports beyond mining."""
    of_region = calibration.class_value.sum(axis=2) ** 0.5
    closed = np.isin(products.sector_of_class, LARGE_ONLY) | np.isin(products.classes, LARGE_ONLY_CLASSES)
    of_region[:, closed] = 0
    return _drawn_by_region(of_region, firms, rng)


def _firm_countries(firms: Firms, calibration: Calibration, rng: np.random.Generator) -> Ints:
    return _drawn_by_region(calibration.country_share**0.8, firms, rng)


def _drawn_by_region(weight: Floats, firms: Firms, rng: np.random.Generator) -> Ints:
    region = firms.region[: firms.small, None]
    spots = np.minimum(rng.random((firms.small, 3)), 0.999999) + region
    return _position(_ladder(weight), np.asarray(spots, dtype=np.float64), weight.shape[1])


def _ladder(weight: Floats) -> Floats:
    """Return running shares laid end to end: row r runs from r to r + 1."""
    share = np.cumsum(weight / weight.sum(axis=1, keepdims=True), axis=1)
    share[:, -1] = 1
    return np.asarray((share + np.arange(len(weight))[:, None]).ravel())


def _position(ladder: Floats, spots: Floats, width: int) -> Ints:
    return np.asarray(np.searchsorted(ladder, spots, side="right") % width)


def large_items(firms: Firms, calibration: Calibration, products: Products, *, rest: Floats) -> Items:
    """Return the items of large firms: `rest` is what small ones leave by region × class × month, in US$."""
    rng = seeded("large items")
    parts = [_cells(*_goods_cells(rest, calibration, rng), GOODS, rng)]
    for segment, name in ((SERVICE, SERVICES), (SHIP, SHIP_SUPPLIES)):
        total = calibration.total[SEGMENTS[segment]] / 100
        region, month = np.nonzero(total > 0)
        cell = np.column_stack([region, np.full(len(region), products.class_number(name)), month])
        parts.append(_cells(cell, total[total > 0], segment, rng))
    cell, segment_of, weight, spread = (np.concatenate([part[n] for part in parts]) for n in range(4))
    region, product_class, month = cell.T
    country = _position(_ladder(calibration.country_share), region + spread, calibration.country_share.shape[1])
    return Items(
        firm=_large_firms(firms, region, product_class, month, rng),
        month=month,
        region=region,
        product=products.draw(product_class, rng),
        country=country,
        segment=segment_of,
        weight=weight,
    )


def _goods_cells(rest: Floats, calibration: Calibration, rng: np.random.Generator) -> tuple[Ints, Floats]:
    """Return region, class and month of the goods that ship; the biggest class of a month always does."""
    ships = rest > SMALLEST_CLASS_USD * rng.lognormal(0, 0.8, rest.shape)
    np.put_along_axis(ships, np.argmax(rest, axis=1)[:, None, :], True, axis=1)
    ships &= calibration.total["goods"][:, None, :] > 0
    return np.argwhere(ships), rest[ships]


def _cells(cell: Ints, value: Floats, segment: int, rng: np.random.Generator) -> tuple[Ints, Ints, Floats, Floats]:
    """Split each cell into items that step evenly through the destinations, so that real shares are met."""
    count = np.clip(np.rint(1 + 0.95 * np.sqrt(value / 1e6)), 1, 30).astype(np.int64)
    owner = np.repeat(np.arange(len(count)), count)
    step = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
    spread = np.minimum((step + rng.random(len(count))[owner]) / count[owner], 0.999999)
    weight = rng.lognormal(0, 0.45, len(owner))
    share = weight / np.bincount(owner, weights=weight)[owner]
    return cell[owner], np.full(len(owner), segment), value[owner] * share, spread


def _large_firms(firms: Firms, region: Ints, product_class: Ints, month: Ints, rng: np.random.Generator) -> Ints:
    """Return a large firm for each item: few of the region's pool per class, the first of them most often."""
    luck = rng.random(len(region))
    firm = np.empty(len(region), dtype=np.int64)
    for place, pool in firms.pool.items():
        here = np.nonzero(region == place)[0]
        first = product_class[here] * 7  # where the class begins in the pool
        few = max(3, len(pool) // 5)
        slot = (first + (few * luck[here] ** 2).astype(np.int64)) % len(pool)
        chosen = pool[slot]
        lives = firms.lives[chosen, month[here] // 12]
        firm[here] = np.where(lives, chosen, pool[0])
    return firm


# -- What the register knows of the years before customs' months: who exported in 2019–2022, so that firms
# have a history.

FIRST_YEAR = 2019
YEARS = 4  # before 2023, the year 0 of the items
MONTHS_BEFORE = 12 * YEARS
KEPT, CAME_BACK = 0.74, 0.09  # exported the year before: of those that export in a year, of those that do not
MOST_MONTHS = 6
SPREAD = 0.7  # of the logarithm of a value


def past(firms: Firms, items: Items) -> tuple[Items, Ints]:
    """Return the items of 2019–2022 and their value in cents; `month` counts from January 2019.

    Each is like one of the same firm in customs' months, drawn at random, but for its value by the class of 2023.
    """
    rng = seeded("past")
    known = np.flatnonzero(items.segment != SHIP)
    known = known[np.argsort(items.firm[known], kind="stable")]
    firm, first, n_items = np.unique(items.firm[known], return_index=True, return_counts=True)
    lives = _lives(firms.lives[firm, 0], rng)
    place, year = np.nonzero(lives)
    months = rng.integers(1, MOST_MONTHS + 1, len(place))
    place, year = np.repeat(place, months), np.repeat(year, months)
    month = year * 12 + rng.integers(0, 12, len(place))
    month, place = np.unique(np.column_stack([month, place]), axis=0).T
    model = known[first[place] + rng.integers(0, n_items[place])]
    scale = np.array([SIZE_SCALE[size] for size in range(len(SIZE_SCALE))])
    usd = scale[firms.size[firm[place], 0]] * rng.lognormal(0.0, SPREAD, len(place))
    made = Items(
        firm=firm[place],
        month=month,
        region=items.region[model],
        product=items.product[model],
        country=items.country[model],
        segment=items.segment[model],
        weight=usd,
    )
    return made, np.maximum(np.rint(usd * 100), SIZE_SCALE[MICRO]).astype(np.int64)


def _lives(in_2023: Flags, rng: np.random.Generator) -> Flags:
    """Return firm × year, drawn backwards from who exported in 2023."""
    lives = np.zeros((len(in_2023), YEARS), dtype=bool)
    later = in_2023
    for year in range(YEARS - 1, -1, -1):
        lives[:, year] = rng.random(len(in_2023)) < np.where(later, KEPT, CAME_BACK)
        later = lives[:, year]
    return lives


# -- The value of each item, in cents: planted sums for Biobío, real totals for every region, month and flow.

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
