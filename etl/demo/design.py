"""The design of the demonstration: seed, firms, planted truths, products, and the real totals it must add up to."""

import csv
import zlib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from editions.folders import REFERENCE

# -- The design of the demonstration: seed, numbers of firms, and the truth planted in Biobío.

SEED = 20251128
BIOBIO = "08"


@dataclass(frozen=True)
class Group:
    """Firms of Biobío that share their class in 2023, 2024, 2025 and their presence."""

    name: str
    count: int
    sizes: tuple[str, str, str]
    in_2023: int  # how many of them exported in 2023
    in_2024: bool
    in_2025: bool
    only_late_2024: int = 0  # of these, how many exported in November or December 2024 and not before


# Pymes (pequeña and mediana, class of the year) of January to October:
#   2024: 150 continuing + 6 that leave the class + 44 that stop exporting = 200
#   2025: 150 continuing + 9 that join the class + 125 that start exporting = 284, that is +42.0 %
BIOBIO_GROUPS = (
    Group("continuing", 150, ("pequena", "pequena", "pequena"), 126, True, True),
    Group("joined", 7, ("micro", "micro", "pequena"), 7, True, True),
    Group("joined", 2, ("grande", "grande", "mediana"), 2, True, True),
    Group("left", 4, ("mediana", "mediana", "grande"), 4, True, True),
    Group("left", 2, ("pequena", "pequena", "micro"), 1, True, True),
    Group("exiting", 44, ("pequena", "pequena", "pequena"), 38, True, False),
    Group("entering", 125, ("pequena", "pequena", "pequena"), 11, False, True, only_late_2024=6),
    Group("other", 31, ("micro", "micro", "micro"), 24, True, True),
    Group("other", 12, ("micro", "micro", "micro"), 0, False, True),
    Group("other", 9, ("micro", "micro", "micro"), 8, True, False),
    Group("other", 5, ("sin_informacion", "sin_informacion", "sin_informacion"), 4, True, True),
    Group("other", 27, ("pequena", "pequena", "pequena"), 27, False, False),
    Group("other", 8, ("micro", "micro", "micro"), 8, False, False),
)
# Value of these groups in Biobío, January to October, in cents. The 2025 total is 6.3 % above that of 2024,
# firms present in both windows and pyme in both sell 4.2 % less; the value of those that join follows.
CONTINUING_2024 = 9_641_827_540
EXITING_2024 = 623_390_415
LEFT_2024 = 1_140_211_862
PYME_2025 = round((CONTINUING_2024 + EXITING_2024 + LEFT_2024) * 1.063)
CONTINUING_2025 = round(CONTINUING_2024 * 0.958)
ENTERING_2025 = 1_721_456_031
JOINED_2025 = PYME_2025 - CONTINUING_2025 - ENTERING_2025
PLANTED_VALUE = {  # group → value in the window of 2024 and of 2025; None where nothing is planted
    "continuing": (CONTINUING_2024, CONTINUING_2025),
    "exiting": (EXITING_2024, None),
    "left": (LEFT_2024, None),
    "entering": (None, ENTERING_2025),
    "joined": (None, JOINED_2025),
}
SMALL_FIRMS = {  # firms that ever export in the 34 months, micro to medium
    "01": 95, "02": 110, "03": 60, "04": 130, "05": 400, "06": 330, "07": 340, "09": 130, "10": 210,
    "11": 25, "12": 60, "13": 1150, "14": 60, "15": 75, "16": 130,
}  # fmt: skip
LARGE_FIRMS = {  # odd codes first of each pair: even ones share firms with the region before
    "01": 24, "02": 48, "03": 26, "04": 34, "05": 110, "06": 90, "07": 84, "08": 64, "09": 36, "10": 80,
    "11": 12, "12": 24, "13": 240, "14": 22, "15": 16, "16": 34,
}  # fmt: skip


def seeded(topic: str) -> np.random.Generator:
    """Return the random numbers of one topic, the same on every run."""
    return np.random.default_rng([SEED, zlib.crc32(topic.encode())])


# -- The table of products the demonstration exports, from `products.csv`.

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


# -- What the demonstration must add up to: real customs totals of 2025, carried back by published rates.

MONTHS = 34  # January 2023 to October 2025
YEARS = (2023, 2024, 2025)
YEAR_TO_DATE = 10  # January to October
SEGMENTS = ("goods", "services", "ship_supplies")
# Growth of goods against the year before: the figure of the ledger that tells it, by region.
RATE_2025 = {"08": "PF0300", "04": "PF0506", "07": "PF0752", "10": "PF0220", "12": "PF0366", "15": "PF1164"}
RATE_2024 = {"08": "PF0768", "12": "PF0376"}
NATION_2025, NATION_2024 = "PF0308", "PF0913"
SERVICES_2025, SERVICES_2024 = "PF0437", "PF0887"
SHARE_OF_MONTH_LIMIT = 0.6  # services are spread evenly over the year, but never fill a month
UNEVENNESS = 0.09
ROUNDS_OF_FITTING = 25


@dataclass(frozen=True)
class Calibration:
    """Targets in cents; month 0 is January 2023."""

    regions: tuple[str, ...]
    total: dict[str, Ints]  # segment → region × month
    class_value: Floats  # goods: region × product class × month
    countries: tuple[str, ...]
    country_share: Floats  # region × country
    services_share: Floats  # of the region's year

    @property
    def year_of_month(self) -> Ints:
        """The year of each month, as 0, 1, 2."""
        return np.arange(MONTHS) // 12

    def region(self, code: str) -> int:
        """Return the position of a region."""
        return self.regions.index(code)


def calibrate(products: Products) -> Calibration:
    """Read the real totals of 2025 and return every target of the 34 months."""
    monthly = read_rows(REFERENCE / "customs_2025_region_month.csv")
    regions = tuple(sorted({row["region_code"] for row in monthly}))
    year_2025 = np.zeros((len(regions), 12), dtype=np.int64)
    for row in monthly:
        year_2025[regions.index(row["region_code"]), int(row["month"][5:7]) - 1] = int(Decimal(row["fob_usd"]) * 100)
    shares = _class_shares(products, regions)
    services = shares[:, products.class_number(SERVICES)]
    parts_2025 = _split_2025(year_2025, services, shares[:, products.class_number(SHIP_SUPPLIES)])
    trend = _trend(products)
    total = _carry_back(parts_2025, regions, mix=shares @ trend.T)
    countries, country_share = _country_shares(regions)
    return Calibration(
        regions=regions,
        total=total,
        class_value=_class_values(products, shares * trend[:, None], total["goods"], parts_2025["goods"]),
        countries=countries,
        country_share=country_share,
        services_share=services,
    )


def _class_shares(products: Products, regions: tuple[str, ...]) -> Floats:
    """Return region × class shares of 2025: the listed products, and each sector's rest over others."""
    listed = np.zeros((len(regions), len(products.classes)))
    for row in read_rows(REFERENCE / "customs_2025_region_product.csv"):
        listed[regions.index(row["region_code"]), products.class_number(row["name_es"])] = float(row["fob_usd"])
    nation = listed.sum(axis=0)
    nation[np.isin(products.classes, ("Cobre", "Minerales de cobre y sus concentrados", "Litio"))] = 0
    shares = listed.copy()
    for row in read_rows(REFERENCE / "customs_2025_region_sector.csv"):
        region = regions.index(row["region_code"])
        of_sector = np.array([sector == row["name_es"] for sector in products.sector_of_class])
        rest = float(row["fob_usd"]) - listed[region, of_sector].sum()
        heirs = of_sector & (listed[region] == 0) & (nation > 0)
        if rest > 0 and heirs.any():
            shares[region, heirs] += rest * nation[heirs] / nation[heirs].sum()
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))


def _split_2025(year: Ints, services: Floats, ship_supplies: Floats) -> dict[str, Ints]:
    even = (services * year.sum(axis=1) / 12)[:, None] * _uneven(year, "services")
    services_value = np.minimum(even, SHARE_OF_MONTH_LIMIT * year).astype(np.int64)
    supplies_value = (ship_supplies[:, None] * year).astype(np.int64)
    goods = year - services_value - supplies_value
    return {"goods": goods, "services": services_value, "ship_supplies": supplies_value}


def _trend(products: Products) -> Floats:
    """Return year × class: the nation's exports of the class's sector, 2025 being one."""
    sectors = {
        (row["name_es"], int(row["year"])): float(row["fob_usd"])
        for row in read_rows(REFERENCE / "customs_national_sector_yearly.csv")
    }
    return np.array(
        [
            [sectors.get((name, year), 1.0) / sectors.get((name, 2025), 1.0) for name in products.sector_of_class]
            for year in YEARS
        ]
    )


def _carry_back(parts: dict[str, Ints], regions: tuple[str, ...], *, mix: Floats) -> dict[str, Ints]:
    """Return 34 months of each segment: 2025 as it is, 2024 and 2023 by published growth rates.

    `mix` (region × year) is what each region's sectors alone would give; it tells unpublished regions apart.
    """
    figures = {row["figure_id"]: row for row in read_rows(REFERENCE / "published_figures.csv")}

    def rate(figure_id: str) -> float:
        return float(figures[figure_id]["value"]) / 100

    carried = {}
    for segment, value in parts.items():
        national = (SERVICES_2025, SERVICES_2024) if segment == "services" else (NATION_2025, NATION_2024)
        regional = (RATE_2025, RATE_2024) if segment == "goods" else ({}, {})
        years: list[Floats] = [value.astype(np.float64)]
        for year, nation, by_region in zip((1, 0), national, regional, strict=True):
            known = {regions.index(code): rate(figure_id) for code, figure_id in by_region.items()}
            uneven = _uneven(value, f"{segment} {nation}")
            years.insert(0, _year_before(years[0], known, rate(nation), mix[:, year] / mix[:, year + 1], uneven))
        carried[segment] = np.rint(np.concatenate(years, axis=1)[:, :MONTHS]).astype(np.int64)
    return carried


def _uneven(like: Ints, topic: str) -> Floats:
    """Return factors around one, so that months do not all grow alike."""
    return np.asarray(seeded(topic).lognormal(0, UNEVENNESS, like.shape))


def _year_before(value: Floats, rates: dict[int, float], nation_rate: float, mix: Floats, uneven: Floats) -> Floats:
    """Return the year before: regional rates where published, the rest by mix, to the nation's rate."""
    window = value[:, :YEAR_TO_DATE].sum(axis=1)
    base = np.zeros(len(value))
    for region, rate in rates.items():
        base[region] = window[region] / (1 + rate)
    others = base == 0
    share = (window * mix)[others]
    base[others] = share * (window.sum() / (1 + nation_rate) - base.sum()) / share.sum()
    before = value * uneven
    reached = np.maximum(before[:, :YEAR_TO_DATE].sum(axis=1), 1)
    return np.asarray(before * (base / reached)[:, None])


def _class_values(products: Products, shares: Floats, goods: Ints, goods_2025: Ints) -> Floats:
    """Fit class × month in each region: share of the year, season, exact total of the month."""
    is_goods = ~np.isin(products.classes, (SERVICES, SHIP_SUPPLIES))
    fitted = []
    for number, year in enumerate(YEARS):
        months = goods_2025 if year == 2025 else goods[:, number * 12 : number * 12 + 12]
        fitted.append(_fit(shares[number] * is_goods, products.season, months.astype(np.float64)))
    return np.concatenate(fitted, axis=2)[:, :, :MONTHS]


def _fit(share: Floats, season: Floats, months: Floats) -> Floats:
    rows = share / share.sum(axis=1, keepdims=True) * months.sum(axis=1, keepdims=True)
    value = rows[:, :, None] * season[None]
    for _ in range(ROUNDS_OF_FITTING):
        value *= (rows / np.maximum(value.sum(axis=2), 1e-9))[:, :, None]
        value *= (months / np.maximum(value.sum(axis=1), 1e-9))[:, None, :]
    return np.asarray(value)


def _country_shares(regions: tuple[str, ...]) -> tuple[tuple[str, ...], Floats]:
    """Return region × country shares: eight listed ones, the rest by national weight."""
    rows = read_rows(REFERENCE / "customs_2025_region_destination.csv")
    countries = tuple(sorted({row["country_code"] for row in rows if row["country_code"] < "900"}))
    listed = np.zeros((len(regions), len(countries)))
    for row in rows:
        if row["country_code"] in countries:
            listed[regions.index(row["region_code"]), countries.index(row["country_code"])] = float(row["fob_usd"])
    year = {row["region_code"]: float(row["fob_usd"]) for row in read_rows(REFERENCE / "customs_2025_region_total.csv")}
    rest = np.maximum(np.array([year[region] for region in regions]) - listed.sum(axis=1), 0)
    national = np.where(listed > 0, 0, listed.sum(axis=0) ** 0.5)
    share = listed + rest[:, None] * national / national.sum(axis=1, keepdims=True)
    return countries, np.asarray(share / share.sum(axis=1, keepdims=True))
