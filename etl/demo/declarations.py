"""Items grouped into export declarations: numbers, days, places, quantities and monthly exporter numbers."""

from dataclasses import dataclass

import numpy as np

from etl.demo.calibration import MONTHS, Calibration
from etl.demo.items import GOODS, Items
from etl.demo.plan import seeded
from etl.demo.products import FOLDER, Flags, Floats, Ints, Products, read_rows
from etl.paths import REFERENCE

MOST_ITEMS = 5
NEIGHBOURS = ("219", "220", "221", "222", "223", "224")  # reached by road
BY_ROAD = ("6", "7")
FIRST_NUMBER = 9_100_000
PRICE_OF_YEAR = np.array([0.96, 1.0, 1.05])
CUT_EACH_MONTH = 2  # rows cut after the product's name; real months of 2024 have 6 to 29


@dataclass(frozen=True)
class Places:
    """Where goods leave the country."""

    region: tuple[str, ...]
    port: tuple[str, ...]
    office: tuple[str, ...]
    transport: tuple[str, ...]
    weight: Floats


@dataclass(frozen=True)
class Declarations:
    """Items in file order, and the declarations they belong to."""

    items: Items
    cents: Ints
    hundredths: Ints  # quantity
    centikilos: Ints
    owner: Ints  # item → declaration
    number_in: Ints  # item number within the declaration, from 1
    is_cut: Flags  # item: the row ends after the product's name
    ident: Ints  # declaration
    day: Ints
    place: Ints
    first: Ints  # declaration → its first item
    exporter_number: Ints  # item: renumbered every month


def places() -> Places:
    """Return the places of exit, from `places.csv`."""
    rows = read_rows(FOLDER / "places.csv")
    return Places(
        region=tuple(row["region_code"] for row in rows),
        port=tuple(row["port_code"] for row in rows),
        office=tuple(row["customs_office_code"] for row in rows),
        transport=tuple(row["transport_code"] for row in rows),
        weight=np.array([float(row["weight"]) for row in rows]),
    )


def declare(items: Items, cents: Ints, calibration: Calibration, products: Products) -> Declarations:
    """Group items of a firm, month, region, country and flow, five at most; put them in file order."""
    rng = seeded("declarations")
    order = np.lexsort((items.segment, items.country, items.region, items.firm, items.month))
    owner = _owners(items.taken(order))
    first = np.nonzero(np.diff(owner, prepend=-1))[0]
    month = items.month[order][first]
    day = 1 + (rng.random(len(first)) * _days(month)).astype(np.int64)
    rank = np.lexsort((rng.random(len(first)), day, month))  # declarations in the order of their numbers
    ident = np.empty(len(first), dtype=np.int64)
    ident[rank] = FIRST_NUMBER + np.cumsum(rng.integers(1, 9, len(first)))
    filed = np.argsort(ident[owner], kind="stable")
    order, owner = order[filed], np.argsort(rank)[owner[filed]]
    first = np.nonzero(np.diff(owner, prepend=-1))[0]
    sorted_items, sorted_cents = items.taken(order), cents[order]
    hundredths, centikilos = _quantities(sorted_items, sorted_cents, products, rng)
    return Declarations(
        items=sorted_items,
        cents=sorted_cents,
        hundredths=hundredths,
        centikilos=centikilos,
        owner=owner,
        number_in=np.arange(len(owner)) - first[owner] + 1,
        is_cut=_cut(sorted_items, sorted_cents, owner, products, rng),
        ident=ident[rank],
        day=day[rank],
        place=_places(sorted_items.taken(first), calibration, rng),
        first=first,
        exporter_number=_exporter_numbers(sorted_items, rng),
    )


def _owners(items: Items) -> Ints:
    """Return the declaration of each item: runs of one firm, region, country and flow, cut at five."""
    keys = np.stack([items.month, items.firm, items.region, items.country, items.segment])
    starts = np.any(np.diff(keys, axis=1, prepend=-1) != 0, axis=0)
    run_start = np.maximum.accumulate(np.where(starts, np.arange(len(items)), 0))
    starts |= (np.arange(len(items)) - run_start) % MOST_ITEMS == 0
    return np.cumsum(starts) - 1


def _days(month: Ints) -> Ints:
    lengths = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    leap = (month // 12 == 1) & (month % 12 == 1)
    return np.asarray(lengths[month % 12] + leap)


def _quantities(items: Items, cents: Ints, products: Products, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Return hundredths of the unit and of a kilogram, at prices that scatter around the product's own."""
    price = products.unit_price_usd[items.product] * PRICE_OF_YEAR[items.month // 12]
    price *= rng.lognormal(0, 0.09, len(items))
    hundredths = np.maximum(np.rint(np.abs(cents) / price), 1).astype(np.int64)
    hundredths[products.kg_per_unit[items.product] == 0] = 100  # services: one
    return hundredths, np.rint(hundredths * products.kg_per_unit[items.product]).astype(np.int64)


def _cut(items: Items, cents: Ints, owner: Ints, products: Products, rng: np.random.Generator) -> Flags:
    """Return a few ordinary rows of goods each month, one per declaration, none of mining."""
    mining = np.array([products.sector_of_class[number] == "Minería" for number in products.class_of])
    cut = np.zeros(len(items), dtype=bool)
    for month in range(MONTHS):
        plain = (items.month == month) & (items.segment == GOODS) & ~mining[items.product] & (cents > 0)
        chosen = rng.choice(np.nonzero(plain)[0], CUT_EACH_MONTH, replace=False)
        one_each = chosen[np.unique(owner[chosen], return_index=True)[1]]
        cut[one_each] = True
    return cut


def _places(firsts: Items, calibration: Calibration, rng: np.random.Generator) -> Ints:
    """Return a place of exit for each declaration: the region's, by road only to the neighbours."""
    known = places()
    near = np.isin(calibration.countries, NEIGHBOURS)[firsts.country]
    by_road = np.isin(known.transport, BY_ROAD)
    chosen = np.empty(len(firsts), dtype=np.int64)
    for number, code in enumerate(calibration.regions):
        for is_near in (True, False):
            here = np.nonzero((firsts.region == number) & (near == is_near))[0]
            fits = np.array([region == code for region in known.region]) & (is_near | ~by_road)
            weight = known.weight * fits * np.where(is_near & by_road, 8, 1)
            chosen[here] = rng.choice(len(weight), len(here), p=weight / weight.sum())
    return chosen


def _exporter_numbers(items: Items, rng: np.random.Generator) -> Ints:
    """Return the number of each exporter: shuffled anew every month, as customs does since 2024."""
    numbers = np.empty(len(items), dtype=np.int64)
    for month in range(MONTHS):
        here = np.nonzero(items.month == month)[0]
        _, position = np.unique(items.firm[here], return_inverse=True)
        shuffled = rng.permutation(position.max() + 1)
        numbers[here] = shuffled[position] + 1
    return numbers


def printed_names() -> dict[str, dict[str, str]]:
    """Return port and country names as the declarations print them."""
    return {
        "port": {r["port_code"]: r["name"] for r in read_rows(REFERENCE / "ports.csv")},
        "country": {r["country_code"]: r["customs_name"] for r in read_rows(REFERENCE / "countries.csv")},
        "port_of": {r["country_code"]: r["port_code"] for r in reversed(read_rows(REFERENCE / "ports.csv"))},
    }
