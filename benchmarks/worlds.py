"""Editions to ask random questions of, each with a second reading of the raw files that it was built from."""

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.second_reading import raw_text
from benchmarks.second_reading.calculator import Calculator
from benchmarks.second_reading.months import month_name
from editions.edition import Edition, open_file
from editions.folders import Workspace
from editions.store import current_id, edition_path
from etl.demo.generate import generate
from etl.load import build_demo, load
from etl.progress import quiet

REAL = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "raw" / "dus_chapter06"


@dataclass(frozen=True)
class World:
    """An edition, what the calculator reads of its raw files, and codes to ask about."""

    name: str
    edition: Edition
    calculator: Calculator


def demonstration(folder: Path) -> World:
    """The demonstration: customs text whose ids change every month, a register, and a dollar made for the purpose."""
    raw, place = folder / "raw", Workspace(folder / "data")
    raw.mkdir()
    place.root.mkdir()
    *customs, register = generate(raw, progress=quiet())
    build_demo(place, progress=quiet())
    load([_dollar(folder, 2022, 2025)], place, progress=quiet())
    return _world("demonstration", folder, customs, register)


MADE_CODES = {  # what a record may hold: usual codes, unknown ones and none
    raw_text.OPERATION: ("200",) * 12 + ("202", "210", "211", "215", "299"),
    raw_text.OFFICE: ("3", "34", "39", "55", "99"),
    raw_text.PORT: ("906", "907", "0"),
    raw_text.REGION: ("8",) * 5 + ("10", "13", "13", "16", "20", "0"),
    raw_text.TRANSPORT: ("1", "4", "7"),
    raw_text.COUNTRY: ("225", "225", "336", "331", "220", "901", "777"),
    raw_text.HS: ("44071100", "44071100", "47032910", "08101000", "26030000", "28369100", "00259900", "03021400"),
    raw_text.UNIT: ("6", "6", "10"),
}
FIRMS = 45


def made(folder: Path, *, first: int = 2019, items: int = 50) -> World:
    """Months of random records, to April 2024, and the register of the same: corrections, unknown codes, none."""
    chance, homes = random.Random(20), ("08101", "08110", "13101", "16101", "")
    customs: list[Path] = []
    listed: list[str] = []
    for month in range(first * 12, 2024 * 12 + 4):
        lines = []
        for number in range(items):
            firm = chance.choice((0, *range(1, FIRMS))) if chance.random() < 0.9 else 1
            codes = {place: chance.choice(values) for place, values in MADE_CODES.items()}
            fob = f"{chance.choice((-1, *[1] * 15)) * chance.lognormvariate(9.5, 2):.2f}".replace(".", ",")
            day = (2, 27)[number] if number < 2 else chance.randint(1, 28)
            codes |= {
                raw_text.DATE: f"{day:02d}{month % 12 + 1:02d}{month // 12}",
                raw_text.IDENT: f"{month}{number:03d}",
                raw_text.FIRM: str(firm),
                raw_text.COMUNA: homes[firm % 5],
                raw_text.ITEMS: "1",
                raw_text.TOTAL: fob,
                raw_text.NUMBER: "1",
                raw_text.NAME: chance.choice(("SOFTWARE DE GESTION", "SERVICIO FORESTAL", "OTROS")),
                raw_text.QUANTITY: f"{chance.randint(0, 9)},5000",
                raw_text.FOB: fob,
            }
            lines.append(";".join(codes.get(place, "") for place in range(raw_text.FIELDS)))
            listed += _listed(codes, month, firm)
        customs.append(folder / f"{month_name(month)}.txt")
        customs[-1].write_text("\n".join(lines) + "\n", encoding="latin-1")
    register = folder / "registro.csv"
    register.write_text("\n".join([REGISTER, *listed]) + "\n", encoding="utf-8")
    (folder / "data").mkdir()
    files = [*customs, register, _dollar(folder, 2018, 2023)]
    load(files, Workspace(folder / "data"), accept="made at random for benchmarks.agreement", progress=quiet())
    return _world("made", folder, customs, register)


SIZES = ("micro", "pequena", "pequena", "mediana", "grande", "sin_informacion")
REGISTER = "periodo;exportador;region;comuna;hs;pais;flujo;fob_usd;tamano"


def _listed(codes: Mapping[int, str], month: int, firm: int) -> Iterator[str]:
    """Yield the row of the office's register of a record, where it may have one. Some firms change class every year."""
    flows = {segment: flow for flow, segment in raw_text.FLOWS.items()}
    flow = flows.get(raw_text.segment(codes[raw_text.OPERATION], codes[raw_text.HS]))
    if firm and flow and codes[raw_text.COUNTRY] != "777":
        size = SIZES[(firm + firm % 2 * (month // 12)) % len(SIZES)]
        row = (raw_text.REGION, raw_text.COMUNA, raw_text.HS, raw_text.COUNTRY)
        yield ";".join(
            [month_name(month), f"F-{firm:04d}", *(codes[name] for name in row), flow, codes[raw_text.FOB], size]
        )


def chapter06(folder: Path) -> World:
    """Real customs text of HS chapter 06, 2011–2015, whose firms keep their numbers."""
    monthly = _months_of_chapter06(folder)
    return _real("chapter06", folder, monthly, [])


def with_holes(folder: Path) -> World:
    """The same of 2013–2015 without a month and with one cut short; yearly files of the same records, and of 2016."""
    monthly = _months_of_chapter06(folder)[24:]
    yearly = [_yearly_file(folder, year, monthly) for year in range(2013, 2017)]
    cut = monthly.pop(22)  # November 2014: only its first days
    cut.write_bytes(b"".join(line for line in cut.read_bytes().splitlines(keepends=True) if line[:2] <= b"12"))
    del monthly[7]  # August 2013
    return _real("with holes", folder, [*monthly, cut], yearly)


def _real(name: str, folder: Path, monthly: Sequence[Path], yearly: Sequence[Path]) -> World:
    place = Workspace(folder / "data")
    place.root.mkdir()
    load([*monthly, *yearly, _dollar(folder, 2011, 2014)], place, extract="HS capítulo 06", progress=quiet())
    return _world(name, folder, monthly, None, yearly, is_extract=True)


def _months_of_chapter06(folder: Path) -> list[Path]:
    """Write months of 84 fields: the extract joined other files to each item and lost the zeros before codes."""
    paths, widths = [], {raw_text.DATE: 8, raw_text.COMUNA: 5, raw_text.HS: 8}
    for source in sorted(REAL.glob("*/*.txt")):
        items: dict[tuple[str, str], str] = {}
        for line in filter(None, source.read_bytes().decode("latin-1").split("\n")):
            record = line.split(";")[: raw_text.FIELDS]
            for place, width in widths.items():
                record[place] = record[place].zfill(width)
            items.setdefault((record[raw_text.IDENT], record[raw_text.NUMBER]), ";".join(record))
        path = folder / f"{source.parent.name}-{source.name[:2]}.txt"
        path.write_bytes("".join(f"{item}\n" for item in items.values()).encode("latin-1"))
        paths.append(path)
    return paths


YEARLY = {
    "COD_ADUANA_TRAMITACION": raw_text.OFFICE,
    "COD_TIPO_OPERACION": raw_text.OPERATION,
    "COD_REGION_ORIGEN": raw_text.REGION,
    "COD_VIA_TRANSPORTE": raw_text.TRANSPORT,
    "COD_PUERTO_EMBARQUE": raw_text.PORT,
    "COD_PAIS_DESTINO": raw_text.COUNTRY,
    "COD_UNIDAD_MEDIDA": raw_text.UNIT,
    "CANTIDAD_MERCANCIA": raw_text.QUANTITY,
    "FOB_US_DUSLEG": raw_text.FOB,
}
EMPTY = (
    *("COD_PUERTO_DESEMBARQUE", "COD_MODALIDAD_VENTA", "MONEDA", "CLAUSULA_VENTA", "COD_TIPO_CARGA"),
    *("FOBUS_AJUSTADO_IVV", "PESO_BRUTO_KG"),
)


def _yearly_file(folder: Path, year: int, monthly: Sequence[Path]) -> Path:
    """Write the yearly file of these records as customs does, codes with decimals and tariff codes without zeros.

    Of 2016, which the monthly text does not have, it repeats 2015.
    """
    names = ["PERIODO", "MES", *YEARLY, "ITEM_SA", *EMPTY]
    lines = [";".join(names)]
    for month in monthly:
        for line in month.read_text(encoding="latin-1").split("\n")[:-1]:
            record = line.split(";")
            if int(record[raw_text.DATE][4:]) == min(year, 2015):
                codes = [record[place].strip() for place in YEARLY.values()]
                codes[2] += ",0"
                head = [str(year), record[raw_text.DATE][2:4]]
                lines.append(";".join([*head, *codes, record[raw_text.HS].lstrip("0"), *[""] * len(EMPTY)]))
    path = folder / f"Salidas{year}.csv"
    path.write_text("\n".join(lines) + "\n", encoding="latin-1")
    return path


def _dollar(folder: Path, first: int, last: int) -> Path:
    """Write a made-up dollar as the Banco Central's interface answers."""
    days = [(year, month, day) for year in range(first, last + 1) for month in range(1, 13) for day in (3, 17)]
    observed = [
        {"indexDateString": f"{day:02d}-{month:02d}-{year}", "value": str(480 + 7 * place % 400), "statusCode": "OK"}
        for place, (year, month, day) in enumerate(days)
    ]
    series = {"descripEsp": "Dólar", "descripIng": "Dollar", "seriesId": "F073.TCO.PRE.Z.D", "Obs": observed}
    path = folder / "dolar.json"
    path.write_text(json.dumps({"Codigo": 0, "Descripcion": "Success", "Series": series}), encoding="utf-8")
    return path


def _world(
    name: str,
    folder: Path,
    monthly: Sequence[Path],
    register: Path | None,
    yearly: Sequence[Path] = (),
    *,
    is_extract: bool = False,
) -> World:
    """The edition of a folder, and a second reading of the files it was made of."""
    sources = {"aduanas_dus": raw_text.customs(monthly, is_extract=is_extract)}
    sources |= {"aduanas_salidas": raw_text.yearly(yearly)} if yearly else {}
    sources |= {"registro": raw_text.register(register)} if register else {}
    place = Workspace(folder / "data")
    edition = open_file(edition_path(place, current_id(place) or ""))
    return World(name, edition, Calculator(sources, raw_text.dollars(folder / "dolar.json")))
