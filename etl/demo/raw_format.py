"""Monthly DUS text as customs publishes it: 84 fields, latin-1, decimal comma, and real defects."""

from collections.abc import Callable, Iterator

import numpy as np

from etl.demo.calibration import MONTHS, Calibration
from etl.demo.declarations import Declarations, places, printed_names
from etl.demo.firms import Firms
from etl.demo.items import GOODS, SERVICE
from etl.demo.plan import seeded
from etl.demo.products import Flags, Ints, Products

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
