"""Truths about value: growth, shares of the nation, contributions, services and what the files hold."""

import numpy as np

from etl.demo.declarations import places
from etl.demo.items import GOODS, SERVICE, SHIP
from etl.demo.products import Flags, read_rows
from etl.demo.slices import World
from etl.demo.truth import Book
from etl.paths import REFERENCE

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
