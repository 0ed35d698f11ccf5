"""The exported items: who, when, from where, what, to where; values follow in `values.py`."""

from dataclasses import dataclass, fields

import numpy as np

from etl.demo.calibration import SEGMENTS, Calibration
from etl.demo.firms import GRANDE, MEDIANA, MICRO, NO_SIZE, PEQUENA, Firms
from etl.demo.plan import seeded
from etl.demo.products import SERVICES, SHIP_SUPPLIES, Flags, Floats, Ints, Products

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
