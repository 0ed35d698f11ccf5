"""A second reading of the raw files: customs' text, the yearly file, the office's register, the bank's series.

Written from SOURCES alone for `benchmarks.agreement`, and slow where that is plainer; nothing of `etl` is used. Money
is in whole cents. A month is its year × 12 + its number − 1. What a record does not tell is "".
"""

import csv
import json
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache
from pathlib import Path
from statistics import mean, median

import pandas as pd

REFERENCE = Path(__file__).resolve().parent.parent.parent / "data" / "reference"
FIELDS, CUT_AT = 84, 63
DATE, IDENT, OFFICE, OPERATION, FIRM, COMUNA, PORT, REGION, TRANSPORT, COUNTRY = 0, 1, 2, 3, 5, 7, 12, 14, 16, 19
ITEMS, TOTAL, NUMBER, NAME, HS, UNIT, QUANTITY, FOB = 43, 46, 61, 62, 69, 70, 71, 73
TEXT_WIDTHS = (70, 30, 30, 30, 30, 30, 30)
SERVICES = ("202", "203", "214")
FLOWS = {"bienes": "goods", "servicios": "services", "rancho": "ship_supplies"}
SCHEMES = ("prochile", "bcch", "ine")


@dataclass(frozen=True)
class Source:
    """Records of a source, its whole months, and in which of them firms keep their number (None: not measured)."""

    rows: pd.DataFrame
    complete: frozenset[int]
    loaded: frozenset[int]
    stable: Mapping[int, bool | None]

    @property
    def last(self) -> int:
        """The last whole month."""
        return max(self.complete)


def table(name: str) -> list[dict[str, str]]:
    """Return the rows of a reference table."""
    with (REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


@cache
def names(name: str, key: str, value: str) -> Mapping[str, str]:
    """Return what a reference table says of each key."""
    return {row[key]: row[value] for row in table(name)}


def customs(paths: Iterable[Path], *, is_extract: bool = False) -> Source:
    """Read monthly customs text. Of a declared extract only the days that a month covers can tell that it is whole."""
    rows: list[dict[str, object]] = []
    complete = set()
    for path in paths:
        records = list(_records(path.read_bytes().decode("latin-1")))
        month = _month(records[0])
        if _is_whole(records, is_extract=is_extract):
            complete.add(month)
        rows += _items(records, month)
    return _source(rows, complete)


def _records(text: str) -> Iterator[list[str]]:
    """Yield records of 84 fields: a broken one is put together, one cut after 63 is filled with empty fields."""
    short: list[str] = []
    for line in text.split("\n"):
        line = re.sub("&#x0d", " ", line, flags=re.IGNORECASE)
        if line.count(";") == FIELDS - 1:
            yield line.split(";")
        elif line.strip():
            short.append(line)
            for start in range(len(short)):
                joined = " ".join(short[start:])
                if joined.count(";") == FIELDS - 1:
                    yield joined.split(";")
                    del short[start:]
                    break
    for line in short:
        fields = line.split(";")
        if len(fields) != CUT_AT:
            raise ValueError(f"a line of {len(fields)} fields")
        yield fields + [""] * (FIELDS - CUT_AT)


def _month(record: Sequence[str]) -> int:
    return int(record[DATE][4:8]) * 12 + int(record[DATE][2:4]) - 1


def _is_whole(records: Sequence[Sequence[str]], *, is_extract: bool) -> bool:
    """The month's first and last days are there, and 99 % of its declarations have all the items that they declare."""
    days = [int(record[DATE][:2]) for record in records]
    if is_extract:
        return min(days) <= 10 and max(days) >= 20
    found = Counter(record[IDENT] for record in records)
    declared = {record[IDENT]: int(record[ITEMS]) for record in records if record[ITEMS].strip()}
    whole = mean(found[ident] == items for ident, items in declared.items())
    return min(days) <= 5 and max(days) >= 25 and whole >= 0.99


def _items(records: Sequence[Sequence[str]], month: int) -> Iterator[dict[str, object]]:
    """Yield each item once; one without value has what its declaration's total leaves over, if it is the only one."""
    declarations: dict[str, dict[str, Sequence[str]]] = defaultdict(dict)
    for record in records:
        declarations[record[IDENT]].setdefault(record[NUMBER].strip(), record)
    for items in declarations.values():
        cents = [_cents(record[FOB]) for record in items.values()]
        first = next(iter(items.values()))
        if cents.count(None) == 1 and len(cents) == int(first[ITEMS]):
            rest = (_cents(first[TOTAL]) or 0) - sum(filter(None, cents))
            cents = [rest if value is None and rest >= 0 else value for value in cents]
        for record, value in zip(items.values(), cents, strict=True):
            if value is not None:
                yield _item(record, month, value)


def _item(record: Sequence[str], month: int, cents: int) -> dict[str, object]:
    hs, operation = record[HS].strip(), _code(record[OPERATION])
    is_service = operation in SERVICES or hs.startswith("0025")
    return {
        "month": month,
        "firm": _code(record[FIRM]).strip("0") and _code(record[FIRM]),
        "region": _code(record[REGION]).zfill(2),
        "comuna": _comuna(record[COMUNA]),
        "office": _code(record[OFFICE]),
        "port": _code(record[PORT]),
        "transport": _code(record[TRANSPORT]),
        "country": _code(record[COUNTRY]),
        "segment": segment(operation, hs),
        "hs": hs,
        "unit": _code(record[UNIT]),
        "quantity": float(record[QUANTITY].strip().replace(",", ".") or 0),
        "cents": cents,
        "service_type": _service_type(_words(record)) if is_service else "sin_clasificar",
    }


@lru_cache(maxsize=1 << 16)
def _code(text: str) -> str:
    """Return a code without its padding: ` 08` and `8,0` are 8."""
    digits = re.split("[.,]", text.strip())[0]
    return str(int(digits)) if digits else ""


@lru_cache(maxsize=1 << 12)
def _comuna(text: str) -> str:
    return "" if not text.strip().strip("0") else text.strip().zfill(5)


def _cents(text: str) -> int | None:
    amount = text.strip().replace(",", ".")
    return int(Decimal(amount).scaleb(2).quantize(Decimal(1), ROUND_HALF_UP)) if amount else None


def segment(operation: str, hs: str) -> str:
    """Return the flow of an item: by its operation, but heading 00.25 of an export is a service."""
    by_operation = names("operations", "operation_code", "segment").get(operation, "unknown")
    return "services" if hs.startswith("0025") and by_operation != "not_export" else by_operation


def _words(record: Sequence[str]) -> str:
    """The words of an item's name and attributes, which are one text written over fields of fixed width."""
    parts = record[NAME : NAME + len(TEXT_WIDTHS)]
    text = "".join(part.ljust(width) for part, width in zip(parts, TEXT_WIDTHS, strict=True)).upper()
    plain = "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))
    return f" {' '.join(re.findall('[A-Z0-9]+', plain))} "


@cache
def _service_type(words: str) -> str:
    """Return the type of the first rule whose words, or whose beginning of a word (`SOFTWARE*`), are in the text."""
    for rule in sorted(table("service_rules"), key=lambda row: int(row["priority"])):
        if f" {rule['words'].removesuffix('*')}{'' if rule['words'].endswith('*') else ' '}" in words:
            return rule["service_type_id"]
    return "sin_clasificar"


def yearly(paths: Iterable[Path]) -> Source:
    """Read customs' yearly files, where codes lose zeros and gain decimals."""
    rows: list[dict[str, object]] = []
    complete: set[int] = set()
    for path in paths:
        first = len(rows)
        for line in csv.DictReader(path.read_text(encoding="latin-1").splitlines(), delimiter=";"):
            hs, operation = _code(line["ITEM_SA"]).zfill(8), _code(line["COD_TIPO_OPERACION"])
            rows.append({
                "month": int(_code(line["PERIODO"])) * 12 + int(_code(line["MES"])) - 1,
                "region": _code(line["COD_REGION_ORIGEN"]).zfill(2),
                "office": _code(line["COD_ADUANA_TRAMITACION"]),
                "port": _code(line["COD_PUERTO_EMBARQUE"]),
                "transport": _code(line["COD_VIA_TRANSPORTE"]),
                "country": _code(line["COD_PAIS_DESTINO"]),
                "segment": segment(operation, hs),
                "hs": hs,
                "unit": _code(line["COD_UNIDAD_MEDIDA"]),
                "quantity": float(line["CANTIDAD_MERCANCIA"].replace(",", ".")),
                "cents": _cents(line["FOB_US_DUSLEG"]),
                "service_type": "sin_clasificar",
            })  # fmt: skip
        complete |= _whole_by_rows(rows[first:])
    return _source(rows, complete)


def register(path: Path) -> Source:
    """Read the office's register, which names each firm and its size."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    rows: list[dict[str, object]] = [
        {
            "month": int(row["periodo"][:4]) * 12 + int(row["periodo"][5:7]) - 1,
            "firm": row["exportador"],
            "region": row["region"].zfill(2),
            "comuna": _comuna(row["comuna"]),
            "country": _code(row["pais"]),
            "segment": FLOWS[row["flujo"]],
            "hs": row["hs"],
            "cents": _cents(row["fob_usd"]),
            "size": row["tamano"],
        }
        for row in csv.DictReader(lines, delimiter=";")
    ]
    return _source(rows, _whole_by_rows(rows))


def _whole_by_rows(rows: Iterable[Mapping[str, object]]) -> set[int]:
    """The months of a file without days that have 60 % of the rows that its months within a year of them have."""
    count = Counter(int(str(row["month"])) for row in rows)
    usual = {month: median(n for other, n in count.items() if abs(other - month) <= 12) for month in count}
    return {month for month in count if count[month] >= 0.6 * usual[month]}


def _source(rows: list[dict[str, object]], complete: set[int]) -> Source:
    loaded = {int(str(row["month"])) for row in rows}
    frame = pd.DataFrame(rows, dtype="object").astype({"month": "int64", "cents": "int64"})
    absent = dict.fromkeys(("firm", "comuna", "office", "port", "transport", "unit", "service_type", "size"), "")
    frame = frame.assign(**{name: value for name, value in absent.items() if name not in frame})
    frame["quantity"] = frame["quantity"].astype(float) if "quantity" in frame else 0.0
    frame["home"] = frame["comuna"].map(names("comunas", "comuna_code", "region_code")).fillna("")
    frame["exit"] = frame["office"].map(names("customs_offices", "customs_office_code", "region_code")).fillna("")
    frame["continent"] = frame["country"].map(names("countries", "country_code", "region_es")).fillna("")
    frame["service_type"] = frame["service_type"].where(frame["segment"] == "services", "")
    for name in (*SCHEMES, "copper", "lithium"):
        known = {hs: classes(hs)[name] for hs in frame["hs"].unique()}
        frame[name] = frame["hs"].map(known)
    text = [name for name in frame if name not in ("month", "cents", "quantity", "copper", "lithium")]
    return Source(frame.astype(dict.fromkeys(text, "object")), frozenset(complete), frozenset(loaded), _stable(frame))


@cache
def classes(hs: str) -> Mapping[str, str | bool]:
    """Return the sector of a product in each scheme, by its longest prefix, and whether it is copper or lithium."""
    rules = [row for row in table("sector_rules") if hs.startswith(row["hs_prefix"]) and hs]
    rule = max(rules, key=lambda row: len(row["hs_prefix"]), default={})
    excluded = {row["exclusion"] for row in table("exclusion_rules") if hs.startswith(row["hs_prefix"])}
    sectors = {scheme: rule.get(f"{scheme}_sector_id", "") for scheme in SCHEMES}
    return {**sectors, "copper": "copper" in excluded, "lithium": "lithium" in excluded}


def _stable(frame: pd.DataFrame) -> dict[int, bool | None]:
    """Say of each month whether its numbers keep their comuna from the month before (of the first, to the next)."""
    homes: dict[int, dict[str, str]] = {}
    known = frame[(frame["firm"] != "") & (frame["comuna"] != "")]
    for month, rows in known.groupby("month"):
        homes[int(str(month))] = dict(zip(rows["firm"], rows["comuna"], strict=True))
    months = sorted(int(month) for month in frame["month"].unique())
    stable: dict[int, bool | None] = {}
    for place, month in enumerate(months):
        here = homes.get(month, {})
        there = homes.get(months[place - 1] if place else months[min(1, len(months) - 1)], {})
        kept = [home == there[firm] for firm, home in here.items() if firm in there]
        stable[month] = mean(kept) >= 0.5 if len(kept) >= 5 else None
    return stable


def dollars(path: Path) -> dict[int, float]:
    """Return the UF of one US$ in each month: the mean of the bank's daily dollar over the UF of that month."""
    days = defaultdict(list)
    for one in json.loads(path.read_text(encoding="utf-8"))["Series"]["Obs"]:
        day, month, year = (int(part) for part in one["indexDateString"].split("-"))
        assert date(year, month, day)
        days[year * 12 + month - 1].append(Decimal(one["value"]))
    uf = {int(row["month"][:4]) * 12 + int(row["month"][5:7]) - 1: float(row["uf_clp"]) for row in table("uf_monthly")}
    pesos = {month: round(float(mean(values)), 2) for month, values in days.items()}
    return {month: value / uf[month] for month, value in pesos.items() if month in uf}
