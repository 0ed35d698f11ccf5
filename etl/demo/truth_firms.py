"""Truths about exporters and pymes: counts, growth three ways, bridge, entry and exit."""

import numpy as np

from etl.demo.calibration import MONTHS, YEAR_TO_DATE
from etl.demo.firms import SIZES
from etl.demo.items import GOODS, SERVICE
from etl.demo.past import FIRST_YEAR
from etl.demo.plan import BIOBIO
from etl.demo.products import Flags, Ints
from etl.demo.slices import World
from etl.demo.truth import Book

LAST_YEAR = 2024 - FIRST_YEAR  # the last whole one
YEAR_NAMES = ("2023", "2024", "2025")
SIZE_WORDS = ("micro", "pequeñas", "medianas", "grandes", "sin información de tamaño")


def write_firms(book: Book, world: World) -> None:
    """Write every truth about firms."""
    everywhere = np.ones(len(world.declared.items), dtype=bool)
    for place, words, chosen in (
        ("biobio", "del Biobío", world.biobio),
        ("chile", "de Chile", everywhere),
    ):
        _window(book, world, place, words, chosen & world.trade)
        _years(book, world, place, words, chosen & world.trade)
        _monthly(book, world, place, words, chosen & world.trade)
        _generations(book, world, place, words)
    _growth_three_ways(book, world)
    _bridge(book, world)
    _sizes(book, world)
    _distribution(book, world)


def _exporters(world: World, chosen: Flags) -> Flags:
    return np.asarray(world.by_firm(chosen) > 0)


def _window(book: Book, world: World, place: str, words: str, chosen: Flags) -> None:
    """Exporters and pymes of each window."""
    counts = {}
    for year in (1, 2):
        exports = _exporters(world, chosen & world.window(year))
        pymes = exports & world.firms.is_pyme[:, year]
        counts[year] = int(pymes.sum())
        when = f"enero–octubre {YEAR_NAMES[year]}"
        book.count(f"{place}_exporters_ytd_{YEAR_NAMES[year]}", f"Exportadores {words}, {when}.", exports.sum())
        book.count(
            f"{place}_pyme_exporters_ytd_{YEAR_NAMES[year]}",
            f"Pymes exportadoras {words}, {when}.",
            pymes.sum(),
            planted=place == "biobio",
        )
    book.ratio(
        f"{place}_pyme_exporters_ytd_growth",
        f"Variación del número de pymes exportadoras {words}, enero–octubre 2025 sobre 2024.",
        counts[2] / counts[1] - 1,
        planted=place == "biobio",
    )


def _years(book: Book, world: World, place: str, words: str, chosen: Flags) -> None:
    """Exporters of the whole years, and who enters and leaves between them."""
    first, second = (_exporters(world, chosen & world.year(year)) for year in (0, 1))
    book.count(f"{place}_exporters_2023", f"Exportadores {words}, año 2023.", first.sum())
    book.count(f"{place}_exporters_2024", f"Exportadores {words}, año 2024.", second.sum())
    entrants, exits = second & ~first, first & ~second
    book.count(f"{place}_entrants_2024", f"Exportadores {words} de 2024 que no exportaron en 2023.", entrants.sum())
    book.count(f"{place}_exits_2024", f"Exportadores {words} de 2023 que no exportaron en 2024.", exits.sum())
    book.ratio(f"{place}_entry_rate_2024", "Entrantes sobre exportadores de 2024.", entrants.sum() / second.sum())
    book.ratio(f"{place}_exit_rate_2024", "Salientes sobre exportadores de 2023.", exits.sum() / first.sum())
    book.ratio(
        f"{place}_kept_2024",
        "Parte de los exportadores de 2023 que exportan en 2024.",
        (first & second).sum() / first.sum(),
    )


def _generations(book: Book, world: World, place: str, words: str) -> None:
    """Who entered each year and still exports k years later, up to 2024; who is regular, new or back in 2024."""
    years = _exporting_years(world, place)
    for cohort in range(1, LAST_YEAR + 1):
        entered = years[:, cohort] & ~years[:, cohort - 1]
        name = FIRST_YEAR + cohort
        book.count(f"{place}_cohort_{name}", f"Exportadores {words} que entraron en {name}.", entered.sum())
        for k in range(1, LAST_YEAR - cohort + 1):
            book.ratio(
                f"{place}_survival_{name}_{k}",
                f"Parte de los que entraron en {name} que exporta {k} años después, {words}.",
                (entered & years[:, cohort + k]).sum() / entered.sum(),
            )
    now = years[:, LAST_YEAR]
    regular = now & years[:, LAST_YEAR - 3 : LAST_YEAR].all(axis=1)
    book.ratio(f"{place}_regular_2024", f"Regulares entre los exportadores {words}, 2024.", regular.sum() / now.sum())
    absent = now & ~years[:, LAST_YEAR - 3 : LAST_YEAR].any(axis=1)
    before = years[:, : LAST_YEAR - 3].any(axis=1)
    book.count(f"{place}_first_time_2024", f"Exportadores {words} por primera vez en 2024.", (absent & ~before).sum())
    book.count(f"{place}_returning_2024", f"Exportadores {words} que vuelven en 2024.", (absent & before).sum())


def _exporting_years(world: World, place: str) -> Flags:
    """Firm × year from 2019: whether the register has goods or services of it, of the nation or of Biobío."""
    items, cents = world.registered
    chosen = np.isin(items.segment, (GOODS, SERVICE))
    if place == "biobio":
        chosen &= items.region == world.calibration.region(BIOBIO)
    sums = np.zeros((len(world.firms.region), LAST_YEAR + 2), dtype=np.int64)
    np.add.at(sums, (items.firm[chosen], items.month[chosen] // 12), cents[chosen])
    return np.asarray(sums > 0)


def _monthly(book: Book, world: World, place: str, words: str, chosen: Flags) -> None:
    """Mean of the exporters of each month: what month-scoped numbers still allow."""
    items = world.declared.items
    months = range(MONTHS - YEAR_TO_DATE, MONTHS)
    counts = [len(np.unique(items.firm[chosen & (items.month == month)])) for month in months]
    book.ratio(
        f"{place}_exporters_month_avg_ytd_2025",
        f"Promedio de exportadores {words} por mes, enero–octubre 2025, contados con el número de Aduanas.",
        sum(counts) / len(counts),
        unit="firms per month",
    )


def _growth_three_ways(book: Book, world: World) -> None:
    """Value of Biobío's pymes, and of those present in both windows."""
    value = _pyme_values(world)
    stays = (value[1] > 0) & (value[2] > 0)
    names = {
        "pyme": ("de las pymes exportadoras del Biobío", [value[1].sum(), value[2].sum()]),
        "pyme_same_firms": (
            "de las empresas del Biobío que exportan y son pyme en las dos ventanas",
            [value[1][stays].sum(), value[2][stays].sum()],
        ),
    }
    book.count("biobio_pyme_same_firms", "Empresas pyme del Biobío en las dos ventanas.", stays.sum(), planted=True)
    for name, (words, (before, now)) in names.items():
        book.usd(f"biobio_{name}_fob_ytd_2024", f"Valor {words}, enero–octubre 2024.", before, planted=True)
        book.usd(f"biobio_{name}_fob_ytd_2025", f"Valor {words}, enero–octubre 2025.", now, planted=True)
        book.ratio(f"biobio_{name}_fob_ytd_growth", f"Variación del valor {words}.", now / before - 1, planted=True)


def _pyme_values(world: World) -> dict[int, Ints]:
    """Value of each firm in Biobío's windows where it is pyme in that year, else 0."""
    return {
        year: world.by_firm(world.biobio & world.trade & world.window(year)) * world.firms.is_pyme[:, year]
        for year in (1, 2)
    }


def _bridge(book: Book, world: World) -> None:
    """Parts of the change in the value of Biobío's pymes; they sum to it."""
    all_values = {y: world.by_firm(world.biobio & world.trade & world.window(y)) for y in (1, 2)}
    pyme = {year: world.firms.is_pyme[:, year] for year in (1, 2)}
    before, now = all_values[1] > 0, all_values[2] > 0
    parts = {
        "entrants": ("entran: no exportaron en la ventana de 2024", ~before & now & pyme[2], 2, 1),
        "exits": ("salen: no exportan en la ventana de 2025 (resta)", before & ~now & pyme[1], 1, -1),
        "joined": ("exportan en las dos y pasan a ser pyme", before & now & ~pyme[1] & pyme[2], 2, 1),
        "left": ("exportan en las dos y dejan de ser pyme (resta)", before & now & pyme[1] & ~pyme[2], 1, -1),
    }
    for name, (words, firms, year, sign) in parts.items():
        label = f"Puente de las pymes del Biobío, empresas que {words}"
        book.count(f"biobio_pyme_bridge_{name}_firms", f"{label}: número.", firms.sum(), planted=True)
        value = sign * all_values[year][firms].sum()
        book.usd(f"biobio_pyme_bridge_{name}_fob", f"{label}: valor.", value, planted=True)
    stays = before & now & pyme[1] & pyme[2]
    label = "Puente de las pymes del Biobío, empresas pyme en las dos ventanas"
    change = all_values[2][stays].sum() - all_values[1][stays].sum()
    book.count("biobio_pyme_bridge_continuing_firms", f"{label}: número.", stays.sum(), planted=True)
    book.usd("biobio_pyme_bridge_continuing_fob", f"{label}: cambio de valor.", change, planted=True)
    values = _pyme_values(world)
    total = values[2].sum() - values[1].sum()
    book.usd("biobio_pyme_bridge_total_fob", "Cambio del valor de las pymes: suma del puente.", total, planted=True)


def _sizes(book: Book, world: World) -> None:
    """Exporters of Biobío by size class in each window."""
    for year in (1, 2):
        exports = _exporters(world, world.biobio & world.trade & world.window(year))
        counts = np.bincount(world.firms.size[exports, year], minlength=len(SIZES))
        for size, words, count in zip(SIZES, SIZE_WORDS, counts.tolist(), strict=True):
            book.count(
                f"biobio_{size}_exporters_ytd_{YEAR_NAMES[year]}",
                f"Exportadores del Biobío, {words}, enero–octubre {YEAR_NAMES[year]}.",
                count,
            )


def _distribution(book: Book, world: World) -> None:
    """Mean, median and proportional count of Biobío's exporters in 2025."""
    value = world.by_firm(world.biobio & world.trade & world.window(2))
    nation = world.by_firm(world.trade & world.window(2))
    exports = value > 0
    when = "enero–octubre 2025"
    book.ratio(
        "biobio_fob_per_exporter_mean_ytd_2025",
        f"Promedio de valor por exportador del Biobío, {when}.",
        value[exports].mean() / 100,
        unit="usd",
    )
    book.ratio(
        "biobio_fob_per_exporter_median_ytd_2025",
        f"Mediana de valor por exportador del Biobío, {when}.",
        float(np.median(value[exports])) / 100,
        unit="usd",
    )
    book.ratio(
        "biobio_exporters_proportional_ytd_2025",
        f"Exportadores del Biobío contados en proporción a su valor en la región, {when}.",
        float((value[exports] / nation[exports]).sum()),
        unit="firms",
    )
