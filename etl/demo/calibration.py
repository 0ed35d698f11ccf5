"""What the demonstration must add up to: real customs totals of 2025, carried back by published rates."""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from etl.demo.plan import seeded
from etl.demo.products import SERVICES, SHIP_SUPPLIES, Floats, Ints, Products, read_rows
from etl.paths import REFERENCE

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
