"""The truths of the demonstration, read from the design's own arrays and never through the ETL."""

import tomllib
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from editions.folders import REFERENCE
from etl.demo.design import BIOBIO, FOLDER, MONTHS, YEAR_TO_DATE, Calibration, Flags, Ints, Products, read_rows
from etl.demo.files import Declarations, places
from etl.demo.firms import SIZES, Firms
from etl.demo.items import FIRST_YEAR, GOODS, MONTHS_BEFORE, SERVICE, SHIP, Items

# -- The truths of the demonstration in `truth.toml`: read from the plan's own arrays, never through the ETL.

PATH = FOLDER / "truth.toml"
REMARK = """\
# Verdades de la demostración: lo que el cálculo de punta a punta debe recuperar, al dígito.
# Datos sintéticos. No citar. planted = true: fijada en el diseño; las demás resultan de él.
# Ventana: enero a octubre. Pyme: pequeña o mediana según la clase del año. Montos en US$ FOB.
# Salvo que se diga otra cosa, los exportadores se cuentan en bienes y servicios, sin rancho.
"""


@dataclass(frozen=True)
class Truth:
    """One number of the demonstration and what it means."""

    definition: str
    unit: str
    value: str
    is_planted: bool


class Book:
    """Truths under their names, in the order they were written."""

    def __init__(self) -> None:
        self.truths: dict[str, Truth] = {}

    def count(self, name: str, definition: str, value: int, *, unit: str = "firms", planted: bool = False) -> None:
        """Write a whole number."""
        self._write(name, definition, unit, str(int(value)), planted)

    def usd(self, name: str, definition: str, cents: int, *, planted: bool = False) -> None:
        """Write an amount kept in cents."""
        sign, rest = ("-" if cents < 0 else ""), abs(int(cents))
        self._write(name, definition, "usd", f"{sign}{rest // 100}.{rest % 100:02d}", planted)

    def ratio(self, name: str, definition: str, value: float, *, unit: str = "fraction", planted: bool = False) -> None:
        """Write a number with the four decimals that are promised."""
        self._write(name, definition, unit, f"{value:.4f}", planted)

    def code(self, name: str, definition: str, value: str) -> None:
        """Write a code."""
        self._write(name, definition, "code", value, False)

    def _write(self, name: str, definition: str, unit: str, value: str, planted: bool) -> None:
        if name in self.truths:
            raise ValueError(f"truth written twice: {name}")
        self.truths[name] = Truth(definition, unit, value, planted)


def toml_text(truths: dict[str, Truth]) -> str:
    """Return the file that keeps these truths."""
    entries = [
        f'[{name}]\ndefinition = "{truth.definition}"\nunit = "{truth.unit}"\nvalue = "{truth.value}"\n'
        f"planted = {str(truth.is_planted).lower()}\n"
        for name, truth in truths.items()
    ]
    return REMARK + "\n" + "\n".join(entries)


def read(path: Path = PATH) -> dict[str, Truth]:
    """Return the committed truths."""
    return {
        name: Truth(entry["definition"], entry["unit"], entry["value"], entry["planted"])
        for name, entry in tomllib.loads(path.read_text(encoding="utf-8")).items()
    }


# -- Masks and sums over the plan's arrays: what the truths are made of.


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


# -- Truths about exporters and pymes: counts, growth three ways, bridge, entry and exit.

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


# -- Truths about value: growth, shares of the nation, contributions, services and what the files hold.

YEARS = {1: "2024", 2: "2025"}
TOP_SECTORS = 5
UNKNOWN_PORT = "832"


def write_values(book: Book, world: World) -> None:
    """Write every truth about value."""
    _growth(book, world)
    _shares(book, world)
    _contributions(book, world)
    _destination(book, world)
    _files(book, world)


def _growth(book: Book, world: World) -> None:
    """Value of the windows by flow, in Biobío and in the nation."""
    everywhere = np.ones(len(world.declared.items), dtype=bool)
    flows = {"goods": ("bienes", (GOODS,)), "services": ("servicios", (SERVICE,))}
    for place, words, chosen in (
        ("biobio", "del Biobío", world.biobio),
        ("chile", "de Chile", everywhere),
    ):
        for flow, (flow_words, segments) in flows.items():
            value = {y: world.cents(chosen & world.flow(*segments) & world.window(y)) for y in YEARS}
            for year, name in YEARS.items():
                book.usd(
                    f"{place}_{flow}_fob_ytd_{name}",
                    f"Exportaciones de {flow_words} {words}, enero–octubre {name}.",
                    value[year],
                )
            book.ratio(
                f"{place}_{flow}_fob_ytd_growth",
                f"Variación de las exportaciones de {flow_words} {words}, enero–octubre 2025 sobre 2024.",
                value[2] / value[1] - 1,
                planted=flow == "goods" or place == "chile",
            )
    ship = world.cents(world.flow(SHIP) & world.window(2))
    book.usd("chile_ship_supplies_fob_ytd_2025", "Rancho de naves de Chile, enero–octubre 2025.", ship)
    total = world.cents(world.biobio & world.window(2))
    book.usd(
        "biobio_all_flows_fob_ytd_2025",
        "Exportaciones del Biobío, bienes, servicios y rancho, enero–octubre 2025: el total real de Aduanas.",
        total,
        planted=True,
    )


def _shares(book: Book, world: World) -> None:
    """Biobío's share of the nation under each denominator; both sides have the same scope."""
    prefixes: dict[str, list[str]] = {"copper": [], "lithium": []}
    for row in read_rows(REFERENCE / "exclusion_rules.csv"):
        prefixes[row["exclusion"]].append(row["hs_prefix"])
    copper = world.tariff(*prefixes["copper"])
    lithium = world.tariff(*prefixes["lithium"])
    nothing = np.zeros(len(copper), dtype=bool)
    exclusions: dict[str, tuple[str, Flags]] = {
        "all": ("todos los bienes", nothing),
        "no_copper": ("los bienes sin cobre", copper),
        "no_copper_no_lithium": ("los bienes sin cobre ni litio", copper | lithium),
    }
    for name, (words, excluded) in exclusions.items():
        for suffix, more, segments in (
            ("", "", (GOODS,)),
            ("_services", " más los servicios", (GOODS, SERVICE)),
        ):
            scope = world.flow(*segments) & world.window(2) & ~excluded
            part, whole = world.cents(scope & world.biobio), world.cents(scope)
            label = f"{words}{more}, enero–octubre 2025"
            book.usd(f"chile_{name}{suffix}_fob_ytd_2025", f"Exportaciones de Chile: {label}.", whole)
            book.ratio(
                f"biobio_share_{name}{suffix}_ytd_2025",
                f"Parte del Biobío en las exportaciones de Chile: {label}; mismo alcance arriba y abajo.",
                part / whole,
            )


def _contributions(book: Book, world: World) -> None:
    """Sectors (Banco Central) that moved Biobío's goods most; rows without a code have none."""
    rules = {row["hs_prefix"]: row["bcch_sector_id"] for row in read_rows(REFERENCE / "sector_rules.csv")}
    sector_of = [
        next(rules[code[:length]] for length in range(len(code), 0, -1) if code[:length] in rules)
        for code in world.products.hs_code
    ]
    names = sorted(set(sector_of))
    number = np.array([names.index(name) for name in sector_of])[world.declared.items.product]
    scope = world.biobio & world.flow(GOODS)
    base = world.cents(scope & world.window(1))
    known = ~world.declared.is_cut
    changes = {
        name: world.cents(scope & known & (number == place) & world.window(2))
        - world.cents(scope & known & (number == place) & world.window(1))
        for place, name in enumerate(names)
    }
    for rank, name in enumerate(sorted(changes, key=lambda name: -abs(changes[name]))[:TOP_SECTORS], start=1):
        words = f"Sector {rank}.º que más movió los bienes del Biobío, enero–octubre 2025 sobre 2024"
        book.code(f"biobio_sector_{rank}", f"{words} (esquema del Banco Central).", name)
        book.usd(f"biobio_sector_{rank}_change", f"{words}: cambio de valor.", changes[name])
        book.ratio(
            f"biobio_sector_{rank}_contribution",
            f"{words}: contribución a la variación total.",
            changes[name] / base,
        )


def _destination(book: Book, world: World) -> None:
    """The first market of Biobío's goods."""
    scope = world.biobio & world.flow(GOODS) & world.window(2)
    value = np.bincount(world.declared.items.country[scope], weights=world.declared.cents[scope])
    top = int(np.argmax(value))
    label = "Primer destino de los bienes del Biobío, enero–octubre 2025"
    book.code("biobio_top_destination", f"{label} (código de Aduanas).", world.calibration.countries[top])
    book.ratio("biobio_top_destination_share", f"{label}: parte del total.", value[top] / value.sum())


def _files(book: Book, world: World) -> None:
    """What the raw files hold, defects included."""
    declared = world.declared
    port = np.array([code == UNKNOWN_PORT for code in places().port])
    services = declared.items.segment == SERVICE
    unknown = port[declared.place[declared.owner]] & ~services
    numbers = {
        "items": ("Ítems de los 34 meses.", len(declared.items)),
        "declarations": ("Declaraciones de los 34 meses.", len(declared.first)),
        "cut_rows": ("Filas cortadas tras el nombre del producto.", declared.is_cut.sum()),
        "negative_items": ("Ítems con valor negativo.", (declared.cents < 0).sum()),
        "unknown_port_items": (
            f"Ítems con el puerto {UNKNOWN_PORT}, que ninguna tabla conoce.",
            unknown.sum(),
        ),
    }
    for name, (definition, value) in numbers.items():
        book.count(f"files_{name}", definition, value, unit="rows")
    cut = world.cents(declared.is_cut)
    book.usd("files_cut_rows_fob", "Valor de las filas cortadas: el residuo de sus encabezados.", cut)
