"""The firms of the demonstration: where they sit, their size each year, when they export."""

from dataclasses import dataclass

import numpy as np

from editions.folders import REFERENCE
from etl.demo.design import (
    BIOBIO,
    BIOBIO_GROUPS,
    LARGE_FIRMS,
    MONTHS,
    SMALL_FIRMS,
    YEAR_TO_DATE,
    Calibration,
    Flags,
    Floats,
    Group,
    Ints,
    read_rows,
    seeded,
)

SIZES = ("micro", "pequena", "mediana", "grande", "sin_informacion")
MICRO, PEQUENA, MEDIANA, GRANDE, NO_SIZE = range(5)
START_SHARE = (0.28, 0.42, 0.26, 0.0, 0.04)
LIVES = ((1, 1, 1), (1, 1, 0), (0, 1, 1), (1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 0, 1))
LIFE_SHARE = (0.47, 0.1, 0.13, 0.1, 0.06, 0.11, 0.03)
MONTHS_ACTIVE = np.array([1.6, 3.0, 5.5, 6.0, 2.0])  # mean beyond the first, by size
HEAD_OFFICE_IN_CAPITAL = 0.5  # of large firms: the comuna agrees with the region on half of the value
SECOND_REGION = 0.12
CAPITAL = "13"


@dataclass(frozen=True)
class Firms:
    """The small panel comes first; large firms follow, with a pool of slots in every region."""

    comuna: tuple[str, ...]
    size: Ints  # firm × year
    region: Ints  # where it exports from
    second_region: Ints  # or −1
    active: Flags  # firm × month: small firms only, large ones follow the items
    group: Ints  # position in BIOBIO_GROUPS, or −1
    small: int  # number of firms in the small panel
    pool: dict[int, Ints]  # region → large firms
    lives: Flags  # firm × year

    @property
    def is_pyme(self) -> Flags:
        """Firm × year: small or medium by the class of that year."""
        return np.asarray((self.size == PEQUENA) | (self.size == MEDIANA))

    @staticmethod
    def key(number: int) -> str:
        """Return the register's name for a firm; it can never be taken for a RUT."""
        return f"DEMO-{number + 1:06d}"


def make_firms(calibration: Calibration) -> Firms:
    """Return all firms: the planted ones of Biobío, the other regions' small ones, and the large ones."""
    rng = seeded("firms")
    biobio = [_planted(number, group, rng) for number, group in enumerate(BIOBIO_GROUPS)]
    drawn = [_drawn(calibration.region(code), count, rng) for code, count in SMALL_FIRMS.items()]
    panels = [*biobio, *drawn]
    size = np.concatenate([panel.size for panel in panels])
    lives = np.concatenate([panel.lives for panel in panels])
    active = np.concatenate([panel.active for panel in panels])
    group = np.concatenate([panel.group for panel in panels])
    region = np.concatenate([panel.region for panel in panels])
    region[group >= 0] = calibration.region(BIOBIO)
    pool, large_region = _large_pools(calibration, len(region), rng)
    n_large = len(large_region)
    every = np.concatenate([region, large_region])
    sits = every.copy()
    away = np.arange(len(every)) >= len(region)
    away &= rng.random(len(every)) < HEAD_OFFICE_IN_CAPITAL
    sits[away] = calibration.region(CAPITAL)
    return Firms(
        comuna=_comunas(calibration, sits, rng),
        size=np.concatenate([size, np.full((n_large, 3), GRANDE)]),
        region=every,
        second_region=_second_regions(calibration, region, n_large, rng),
        active=np.concatenate([active, np.zeros((n_large, MONTHS), dtype=bool)]),
        group=np.concatenate([group, np.full(n_large, -1)]),
        small=len(region),
        pool=pool,
        lives=np.concatenate([lives, _large_lives(n_large, rng)]),
    )


@dataclass(frozen=True)
class _Panel:
    size: Ints
    lives: Flags
    active: Flags
    group: Ints
    region: Ints


def _planted(number: int, group: Group, rng: np.random.Generator) -> _Panel:
    """Return the firms of one planted group of Biobío: class and presence are given, months are drawn."""
    sizes = np.array([[SIZES.index(name) for name in group.sizes]] * group.count)
    medium = np.arange(group.count) % 3 == 2  # of each three pymes, one is medium
    sizes[medium[:, None] & (sizes == PEQUENA)] = MEDIANA
    lives = np.zeros((group.count, 3), dtype=bool)
    lives[: group.in_2023, 0] = True
    lives[:, 1] = group.in_2024
    lives[:, 2] = group.in_2025
    late = np.arange(group.count) >= group.count - group.only_late_2024
    lives[late, 1] = True
    active = _months(sizes, lives, rng)
    active[late, 12 : 12 + YEAR_TO_DATE] = False
    active[late, 23] = True
    return _Panel(sizes, lives, active, np.full(group.count, number), np.zeros(group.count, dtype=np.int64))


def _drawn(region: int, count: int, rng: np.random.Generator) -> _Panel:
    """Return small firms of another region, entering, leaving and changing class at random."""
    size = np.empty((count, 3), dtype=np.int64)
    size[:, 0] = rng.choice(len(SIZES), count, p=START_SHARE)
    for year in (1, 2):
        step = rng.random(count)
        size[:, year] = size[:, year - 1]
        known = size[:, year - 1] < NO_SIZE
        size[known & (step < 0.04), year] += 1
        size[known & (step > 0.97), year] -= 1
        size[:, year] = np.where(known, np.clip(size[:, year], MICRO, GRANDE), NO_SIZE)
    lives = np.array(LIVES, dtype=bool)[rng.choice(len(LIVES), count, p=LIFE_SHARE)]
    active = _months(size, lives, rng)
    return _Panel(size, lives, active, np.full(count, -1), np.full(count, region))


def _months(size: Ints, lives: Flags, rng: np.random.Generator) -> Flags:
    """Return firm × month: in each year of its life a firm exports in at least one month of the first ten."""
    count = len(size)
    active = np.zeros((count, 36), dtype=bool)
    for year in range(3):
        months = YEAR_TO_DATE if year == 2 else 12
        wanted = np.minimum(1 + rng.poisson(MONTHS_ACTIVE[size[:, year]]), months)
        luck = rng.random((count, months))
        order = np.argsort(np.argsort(luck, axis=1), axis=1)
        chosen = order < wanted[:, None]
        chosen[np.arange(count), np.argmin(luck[:, :YEAR_TO_DATE], axis=1)] = True
        active[:, year * 12 : year * 12 + months] = chosen & lives[:, year, None]
    return active[:, :MONTHS]


def _large_pools(calibration: Calibration, first: int, rng: np.random.Generator) -> tuple[dict[int, Ints], Ints]:
    """Return each region's slots of large firms; neighbouring regions share some."""
    pool: dict[int, Ints] = {}
    region_of: list[int] = []
    for code, count in LARGE_FIRMS.items():
        region = calibration.region(code)
        slots = first + len(region_of) + np.arange(count)
        region_of += [region] * count
        if int(code) % 2 == 0:
            before = pool[calibration.region(f"{int(code) - 1:02d}")]
            shared = np.arange(1, min(count, len(before)), 4)
            slots[shared] = before[shared]
        pool[region] = slots
    capital = pool[calibration.region(CAPITAL)]
    for code in ("20", "00"):
        pool[calibration.region(code)] = rng.permutation(capital)[:40]
    return pool, np.array(region_of)


def _large_lives(count: int, rng: np.random.Generator) -> Flags:
    lives = np.ones((count, 3), dtype=bool)
    luck = rng.random(count)
    lives[luck < 0.06, 0] = False  # new in 2024
    lives[(luck >= 0.06) & (luck < 0.1), :2] = False  # new in 2025
    lives[(luck >= 0.1) & (luck < 0.14), 2] = False  # gone in 2025
    return lives


def _second_regions(calibration: Calibration, region: Ints, n_large: int, rng: np.random.Generator) -> Ints:
    """Return the other region some small firms also export from: never Biobío, whose firms are planted."""
    elsewhere = [calibration.region(code) for code in ("05", "06", "07", "10", "13", "16")]
    second = np.where(rng.random(len(region)) < SECOND_REGION, rng.choice(np.array(elsewhere), len(region)), -1)
    second[second == region] = -1
    return np.concatenate([second, np.full(n_large, -1)])


def _comunas(calibration: Calibration, region: Ints, rng: np.random.Generator) -> tuple[str, ...]:
    """Return a comuna of the region for each firm, the first ones of the list (its cities) more often."""
    by_region: dict[str, list[str]] = {}
    for row in read_rows(REFERENCE / "comunas.csv"):
        if row["is_current"] == "true":
            by_region.setdefault(row["region_code"], []).append(row["comuna_code"])
    luck: Floats = rng.random(len(region)) ** 1.7
    lists = [by_region.get(code, by_region[CAPITAL]) for code in calibration.regions]
    return tuple(lists[place][int(spot * len(lists[place]))] for place, spot in zip(region, luck, strict=True))
