"""The raw files of the demonstration: declarations as customs publishes them, defects included, and a register."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from editions.folders import REFERENCE
from etl.demo.design import FOLDER, MONTHS, Calibration, Flags, Floats, Ints, Products, read_rows, seeded
from etl.demo.firms import SIZES, Firms
from etl.demo.items import FIRST_YEAR, GOODS, SERVICE, YEARS, Items

# -- Items grouped into export declarations: numbers, days, places, quantities and monthly exporter numbers.

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


# -- Monthly DUS text as customs publishes it: 84 fields, latin-1, decimal comma, and real defects.

MARK = "DEMOSTRACION NO CITAR"
MONTH_NAMES = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio",
    "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
)  # fmt: skip
SERVICE_TEXTS = (
    "SERVICIO DE LOGISTICA", "DISEÑO DE INGENIERIA", "DESARROLLO DE SOFTWARE", "SERVICIOS FORESTALES",
    "SERVICIO DE EMBALAJE", "ASESORIA EN PREVENCION DE INCENDIOS", "PRODUCCION AUDIOVISUAL",
    "MANTENCION DE AERONAVES", "ANALISIS DE LABORATORIO", "SOPORTE INFORMATICO REMOTO",
    "ADMINISTRACION DE EMPRESAS RELACIONADAS", "SERVICIO CALIFICADO COMO EXPORTACION",
)  # fmt: skip
ATTRIBUTES = ("ORIGEN CHILE", "CALIDAD EXPORTACION", "CATEGORIA PRIMERA", "EMBALAJE ESTANDAR", "GRADO A")
NO_PLACE = ("0", "48", "0")  # services: no port, the metropolitan office, no transport
OPERATION = ("200", "202", "211")
FIELDS_OF_HEADER = 61
PORT_OF_ARRIVAL, NAME, ATTRIBUTE_1 = 18, 62, 63
HEADER = (
    "%s;%s;%s;%s;3;%s;100;%s;0;0;0;0;%s;%s;%s;%s;%s;%s;%s;%s;%s;"
    + " " * 30 + ";997;0; ;" + " " * 30 + ";0; ;9;0; ;00000000;13;"
    "%s;5;1;%s;0;0;%s;0;0;0;%s;%s;%s;%s;%s; ;0; ;%s;"
    "0;0;NO;" + MARK.ljust(40) + ";0;00000000;     ;0;0;"
)  # fmt: skip
ITEM = "%s;%s;%s;%s;" + ";".join([" " * 30] * 4) + ";%s;%s;%s;%s;%s;0; ; ;0; ; ;0; ; ;%s"
CARGO_OF_UNIT = {"4": "G", "9": "R", "0": "S"}


def file_name(month: int) -> str:
    """Return a month's file name in the manner of customs; month 0 is January 2023."""
    return f"Exportaciones {MONTH_NAMES[month % 12]} {2023 + month // 12}.txt"


def month_texts(declared: Declarations, firms: Firms, calibration: Calibration, products: Products) -> Iterator[bytes]:
    """Yield the text of each month, defects included."""
    rng = seeded("defects")
    headers = _headers(declared, firms, calibration, products)
    lines = [
        headers[owner] + item
        for owner, item in zip(declared.owner.tolist(), _item_parts(declared, products), strict=True)
    ]
    month_of = declared.items.month
    for month in range(MONTHS):
        start, end = (int(np.searchsorted(month_of, month, side=side)) for side in ("left", "right"))
        spoiled = _spoiled(lines[start:end], declared.is_cut[start:end], rng)
        yield ("\n".join(spoiled) + "\n").encode("latin-1")


def _headers(declared: Declarations, firms: Firms, calibration: Calibration, products: Products) -> list[str]:
    """Return the 61 header fields of each declaration, which every one of its items repeats."""
    known, names = places(), printed_names()
    head = declared.items.taken(declared.first)
    totals = _sums(declared.owner, declared.cents)
    freight = totals // 25
    countries = [calibration.countries[number] for number in head.country.tolist()]
    exits = [
        NO_PLACE if segment == SERVICE else (known.port[place], known.office[place], known.transport[place])
        for segment, place in zip(head.segment.tolist(), declared.place.tolist(), strict=True)
    ]
    arrivals = [
        "0" if port[0] == "0" else names["port_of"].get(c, "997") for port, c in zip(exits, countries, strict=True)
    ]
    columns: list[list[str]] = [
        [
            f"{d:02d}{m % 12 + 1:02d}{2023 + m // 12}"
            for d, m in zip(declared.day.tolist(), head.month.tolist(), strict=True)
        ],
        [str(number) for number in declared.ident.tolist()],
        [office.zfill(2) for _, office, _ in exits],
        _operations(declared, head.segment),
        [str(number) for number in declared.exporter_number[declared.first].tolist()],
        [firms.comuna[number] for number in head.firm.tolist()],
        [port for port, _, _ in exits],
        [_padded(names["port"].get(port, "NO IDENTIFICADO")) for port, _, _ in exits],
        [calibration.regions[number] for number in head.region.tolist()],
        [CARGO_OF_UNIT.get(products.unit_code[number], "R") for number in head.product.tolist()],
        [transport for _, _, transport in exits],
        arrivals,
        [_padded(names["port"].get(port, "SIN PUERTO")) for port in arrivals],
        countries,
        [_padded(names["country"][code]) for code in countries],
        ["1" if number % 4 else "2" for number in declared.ident.tolist()],
        money(totals),
        money(totals),
        [str(number) for number in np.bincount(declared.owner).tolist()],
        [str(number % 400 + 1) for number in declared.ident.tolist()],
        money(_sums(declared.owner, declared.centikilos)),
        money(totals),
        money(freight),
        money(totals + freight),
    ]
    return [HEADER % row for row in zip(*columns, strict=True)]


def _operations(declared: Declarations, segment: Ints) -> list[str]:
    """Return the operation of each declaration; one in forty of goods ends a temporary exit (210)."""
    return [
        "210" if number == GOODS and ident % 40 == 0 else OPERATION[number]
        for number, ident in zip(segment.tolist(), declared.ident.tolist(), strict=True)
    ]


def _item_parts(declared: Declarations, products: Products) -> list[str]:
    """Return the 23 item fields of each item."""
    rng = seeded("texts")
    count = len(declared.items)
    served = (len(SERVICE_TEXTS) * rng.random(declared.items.firm.max() + 1) ** 1.3).astype(np.int64)
    serves = (declared.items.segment == SERVICE).tolist()
    names = [
        SERVICE_TEXTS[text] if is_service else products.name[product]
        for text, is_service, product in zip(
            served[declared.items.firm].tolist(), serves, declared.items.product.tolist(), strict=True
        )
    ]
    attribute = [
        "~ DESDE CHILE" if is_service else "~ " + ATTRIBUTES[number]
        for is_service, number in zip(serves, rng.integers(0, len(ATTRIBUTES), count).tolist(), strict=True)
    ]
    unit_price = declared.cents / declared.hundredths
    columns: list[list[str]] = [
        [str(number) for number in declared.number_in.tolist()],
        [name.ljust(70) for name in names],
        [value.ljust(30) for value in attribute],
        ["~ DEMOSTRACION".ljust(30)] * count,
        [products.hs_code[number] for number in declared.items.product.tolist()],
        [products.unit_code[number] for number in declared.items.product.tolist()],
        money(declared.hundredths),
        [f"{price:.6f}".replace(".", ",") for price in unit_price.tolist()],
        money(declared.cents),
        money(declared.centikilos),
    ]
    return [ITEM % row for row in zip(*columns, strict=True)]


def money(hundredths: Ints) -> list[str]:
    """Return amounts kept in hundredths with a decimal comma."""
    return [f"{value:.2f}".replace(".", ",") for value in (hundredths / 100).tolist()]


def _sums(owner: Ints, values: Ints) -> Ints:
    sums = np.zeros(owner[-1] + 1, dtype=np.int64)
    np.add.at(sums, owner, values)
    return sums


def _padded(text: str) -> str:
    return text[:20].upper().ljust(20)


def _spoiled(lines: list[str], is_cut: Flags, rng: np.random.Generator) -> list[str]:
    """Return a month's lines with what goes wrong in real files; nothing of value is lost."""
    spoiled = [
        ";".join(line.split(";")[: FIELDS_OF_HEADER + 2]) if cut else line
        for line, cut in zip(lines, is_cut.tolist(), strict=True)
    ]
    whole = rng.permutation(np.nonzero(~is_cut)[0])
    for number, spoil in zip(whole.tolist(), DEFECTS, strict=False):
        spoiled[number] = spoil(spoiled[number])
    return spoiled


def _in_field(number: int, change: Callable[[str], str]) -> Callable[[str], str]:
    def spoil(line: str) -> str:
        fields = line.split(";")
        fields[number] = change(fields[number])
        return ";".join(fields)

    return spoil


DEFECTS: tuple[Callable[[str], str], ...] = (
    _in_field(PORT_OF_ARRIVAL, lambda text: text[:6] + "\r" + text[6:]),
    _in_field(PORT_OF_ARRIVAL, lambda text: text[:4] + "\r" + text[4:]),
    _in_field(PORT_OF_ARRIVAL, lambda text: text[:8] + "\r\n" + text[8:]),
    _in_field(NAME, lambda text: text.replace(" ", "\t", 1)),
    _in_field(NAME, lambda text: f'"{text[:69]}'),
    _in_field(NAME, lambda text: (text.rstrip() + ' 2" X 4"').ljust(70)),
    _in_field(ATTRIBUTE_1, lambda _: '~ CALIDAD "A"'.ljust(30)),
    _in_field(ATTRIBUTE_1, lambda _: "~ LINEA 1&#X0D LINEA 2".ljust(30)),
)


# -- The exporter register of the demonstration: the same exports, by firm.

REGISTER_NAME = "registro-exportadores-demo.csv"
REGISTER_MARK = "# DATOS DE DEMOSTRACIÓN. NO CITAR."
COLUMNS = "periodo;exportador;region;comuna;hs;pais;flujo;fob_usd;tamano"
FLOWS = ("bienes", "servicios", "rancho")


def register_text(items: Items, cents: Ints, firms: Firms, calibration: Calibration, products: Products) -> str:
    """Return the register of items whose months count from January 2019.

    Every firm keeps its key over all months and has the size class of the year: before 2023, that of 2023.
    """
    cells = (items.month, items.firm, items.region, items.product, items.country, items.segment)
    widths = [int(values.max()) + 1 for values in cells]
    code, position = np.unique(np.ravel_multi_index(cells, widths), return_inverse=True)
    value = np.zeros(len(code), dtype=np.int64)
    np.add.at(value, position, cents)
    month, firm, region, product, country, segment = (part.tolist() for part in np.unravel_index(code, widths))
    sizes = firms.size[:, [0] * YEARS + [0, 1, 2]].tolist()
    rows = [
        f"{FIRST_YEAR + m // 12}-{m % 12 + 1:02d};{firms.key(f)};{calibration.regions[r]};{firms.comuna[f]};"
        f"{products.hs_code[p]};{calibration.countries[c]};{FLOWS[s]};{v:.2f};{SIZES[sizes[f][m // 12]]}"
        for m, f, r, p, c, s, v in zip(
            month, firm, region, product, country, segment, (value / 100).tolist(), strict=True
        )
    ]
    return "\n".join([REGISTER_MARK, COLUMNS, *rows]) + "\n"
