"""Whether a second reading of METRICS agrees with the product: `python -m benchmarks.agreement [--questions N] [--seed S]`.

Editions are built as ever, from the demonstration's raw text and, where it is there, from real customs text
(`../shared/data/raw`), whole and with holes. Questions drawn at random over every metric, concept of region, split,
size, filter, comparison and window are answered by the product and by `benchmarks.second_reading`, which reads the
same raw files by itself. Value, base, growth, shares, contributions, unit, the parts, and the reason for what is
missing must be the same. The exit code is 1 on any difference or exception.
"""  # noqa: E501  the command

import argparse
import json
import math
import random
import sys
import tempfile
import traceback
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from urllib.parse import quote

from benchmarks.second_reading import raw_text
from benchmarks.second_reading.calculator import Calculator
from benchmarks.second_reading.figures import Figure, Reply
from benchmarks.second_reading.formulas import METRICS
from benchmarks.second_reading.months import Ask
from benchmarks.second_reading.records import WHOLES
from etl.demo.generate import generate
from etl.editions import current_id, edition_path
from etl.load import build_demo, load
from etl.paths import Workspace
from etl.progress import quiet
from indicators import metrics as catalogue
from indicators.answer import Answer, Row, answer
from indicators.edition import Edition, open_file
from indicators.errors import QuestionError
from indicators.question import Question

REAL = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "raw" / "dus_chapter06"
TOLERANCE = 1e-9  # ratios are shown to 12 digits and sums of binary fractions depend on their order
NUMBERS = ("value", "base", "growth", "share", "share_base", "contribution")
OPERATORS = (
    "growth",
    "cagr",
    "share",
    "contribution",
    "quotient",
    "similarity",
)  # their value is one of these of `fob`
LEFT_OUT: Mapping[str, str] = {}  # metric → why the calculator does not read it
SPLITS = (
    *("region", "month", "sector:prochile", "sector:bcch", "sector:ine", "country", "continent", "hs2", "hs4", "hs6"),
    *("hs8", "service_type", "segment", "size", "comuna", "port", "office", "transport", "year"),
)
FILTERS = ("country", "service_type", "comuna", "port", "office", "transport")


@dataclass(frozen=True)
class World:
    """An edition, what the calculator reads of its raw files, and codes to ask about."""

    name: str
    edition: Edition
    calculator: Calculator


# -- worlds


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
        customs.append(folder / f"{_name(month)}.txt")
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
        yield ";".join([_name(month), f"F-{firm:04d}", *(codes[name] for name in row), flow, codes[raw_text.FOB], size])


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


# -- random questions


class Questions:
    """Draws questions: parts that are there in the records, more or less narrowed."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.chance, self.refused = world, random.Random(f"{world.name} {seed}"), Counter[str]()

    def draw(self, metric: str) -> tuple[Question, Ask]:
        """Return a question about a metric that is not refused."""
        while True:
            try:
                return self.ask(metric, self._parts(metric))
            except QuestionError as error:
                self.refused[error.part] += 1

    @staticmethod
    def ask(metric: str, parts: Mapping[str, str]) -> tuple[Question, Ask]:
        """Return the same question as the product and as the calculator take it."""
        text = metric + "?" + "&".join(f"{name}={quote(value)}" for name, value in parts.items())
        return Question.parse(text), Ask(metric, **parts)

    def _parts(self, metric: str) -> dict[str, str]:
        chance, spec = self.chance, METRICS[metric]
        source = chance.choice(list(self.world.calculator.sources))
        rows = self.world.calculator.sources[source].rows
        row = rows.iloc[chance.randrange(len(rows))]
        parts: dict[str, str] = {}
        if metric in ("location_quotient", "export_similarity") or chance.random() < 0.6:
            regions = {row["region"], row["home"] or "08"} if chance.random() < 0.2 else {row["region"]}
            parts["region"] = ",".join(sorted(regions))
        parts |= self._window(metric, int(row["month"]))
        if metric == "share" or chance.random() < 0.1:
            parts["denominator"] = chance.choice(list(WHOLES))
        if chance.random() < 0.3:
            parts["flow"] = chance.choice(("services", "ship_supplies", "goods+services", "all", "goods"))
        if chance.random() < 0.1:
            parts["exclude"] = chance.choice(("copper", "lithium", "copper,lithium"))
        if chance.random() < 0.3:
            parts["concept"] = chance.choice(("comuna", "exit"))
        if chance.random() < 0.2:
            parts["source"] = source
        if chance.random() < 0.25:
            parts["size"] = chance.choice(
                ("pyme", "mipyme", "micro", "pequena", "mediana", "grande", "sin_informacion")
            )
            if chance.random() < 0.3:
                parts["sizing"] = chance.choice(("register", "workers", "own_fob", "month_fob"))
        if chance.random() < 0.2:
            scheme = chance.choice(raw_text.SCHEMES)
            parts["sector"] = f"{scheme}:{row[scheme]}"
        if chance.random() < 0.15:
            parts["hs"] = row["hs"][: chance.choice((2, 4, 6, 8))]
        for name in FILTERS:
            if chance.random() < 0.05 and row[name]:
                parts[name] = row[name]
        if spec.over and chance.random() < 0.8:
            parts["over"] = chance.choice(spec.over)
        if metric == "top_k" and chance.random() < 0.5:
            parts["k"] = str(chance.randint(1, 12))
        needs_split = metric in ("contribution_pp", "location_quotient")
        if needs_split or chance.random() < 0.5:
            parts["split"] = chance.choice(SPLITS)
        return {name: value for name, value in parts.items() if value}

    def _window(self, metric: str, first: int) -> dict[str, str]:
        """Windows by name, years, months, and any run of months, before and after the data too; a base now and then."""
        chance = self.chance
        if metric.startswith("sii_"):
            first = chance.randrange(2004 * 12, 2026 * 12)
        elif chance.random() < 0.1:
            first += chance.choice((-24, 24))
        year, length = first // 12, chance.choice((1, 2, 3, 6, 10, 12, 18, 24))
        kind = chance.choice(("name", "year", "year", "month", "run", "to_date", "twelve"))
        window = {
            "name": chance.choice(("ytd", "year", "month", "rolling12", "")),
            "year": str(year),
            "month": _name(first),
            "run": f"{_name(first)}..{_name(first + length - 1)}",
            "to_date": f"{year}-01..{_name(first)}",
            "twelve": f"{_name(first)}..{_name(first + 11)}",
        }[kind]
        parts = {"window": window} if window else {}
        if metric == "cagr" or chance.random() < 0.15:
            back = 12 * chance.randint(1, 3)
            first, last = (first // 12 * 12, first // 12 * 12 + 11) if kind == "year" else (first, first + length - 1)
            if kind in ("year", "month", "run"):
                parts["compare"] = f"{_name(first - back)}..{_name((first if kind == 'month' else last) - back)}"
        elif chance.random() < 0.2:
            parts["compare"] = "none"
        return parts


def _name(month: int) -> str:
    return f"{month // 12}-{month % 12 + 1:02d}"


# -- one question, asked of both


def differences(answer: Answer, reply: Reply) -> list[str]:
    """Say what the product and the calculator do not agree on."""
    numbers = NUMBERS[:2] if METRICS[answer.question.metric].operator in OPERATORS else NUMBERS
    faults = [] if answer.unit == reply.unit else [f"unit: {answer.unit}, not {reply.unit}"]
    faults += _faults("total", answer, reply.total, codes=_codes(answer), numbers=numbers)
    if reply.coverage and answer.coverage:
        coverage = (answer.coverage.region, answer.coverage.product, answer.coverage.country)
        if not all(map(_alike, coverage, reply.coverage)):
            faults.append(f"coverage: {coverage}, not {reply.coverage}")
    rows = {row.key: row for row in answer.rows}
    if rows.keys() != reply.parts.keys():
        more, less = sorted(rows.keys() - reply.parts.keys()), sorted(reply.parts.keys() - rows.keys())
        faults.append(f"parts: {more[:4]} are only the product's, {less[:4]} only the calculator's")
    for key in sorted(rows.keys() & reply.parts.keys()):
        codes = _codes(rows[key]) | _codes(answer)
        faults += _faults(key, rows[key], reply.parts[key], codes=codes, numbers=numbers)
    return faults


def _codes(answer: Answer | Row) -> set[str]:
    return {reason.code for reason in answer.reasons}


def _faults(name: str, ours: Answer | Row, theirs: Figure, *, codes: set[str], numbers: Sequence[str]) -> Iterator[str]:
    for number in numbers:
        one, other = getattr(ours, number, None), getattr(theirs, number)
        if not _alike(one, other):
            yield f"{name}: {number} {one}, not {other} {sorted(codes)}"
    if not theirs.why <= codes:
        yield f"{name}: why {sorted(codes)}, not {sorted(theirs.why)}"
    if ours.value is None and not codes:
        yield f"{name}: missing without a reason"


def _alike(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=TOLERANCE, abs_tol=TOLERANCE)


@dataclass
class Tally:
    """What became of the questions about one metric."""

    questions: int = 0
    agreed: int = 0
    missing: int = 0
    figures: int = 0
    different: int = 0
    exceptions: int = 0


def compare(
    world: World, questions: Questions, metrics: Sequence[str], tell: Callable[[str], object]
) -> dict[str, Tally]:
    """Ask one question about each of the metrics, in their order; tell what differs."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    for metric in metrics:
        question, ask = questions.draw(metric)
        tally = tallies[metric]
        tally.questions += 1
        try:
            ours, reply = answer(world.edition, question), world.calculator.reply(ask)
            faults = differences(ours, reply)
        except Exception:  # noqa: BLE001  what is looked for
            tally.exceptions += 1
            tell(f"{world.name}: {question}\n{traceback.format_exc(limit=-4)}")
            continue
        tally.figures += 1 + len(reply.parts)
        if faults:
            tally.different += 1
            tell(f"{world.name}: {question}\n    " + "\n    ".join([*faults[:6], *(["…"] if len(faults) > 6 else [])]))
        elif ours.has_data:
            tally.agreed += 1
        else:
            tally.missing += 1
    return tallies


def report(tallies: Mapping[str, Tally]) -> str:
    """Return the table by metric."""
    names = [column.name for column in fields(Tally)]
    lines = [f"| metric | {' | '.join(names)} |", f"|---|{'---|' * len(names)}"]
    total = {name: sum(getattr(tally, name) for tally in tallies.values()) for name in names}
    rows = {metric: {name: getattr(tally, name) for name in names} for metric, tally in sorted(tallies.items())}
    lines += [
        f"| {metric} | {' | '.join(map(str, row.values()))} |" for metric, row in (rows | {"**all**": total}).items()
    ]
    return "\n".join(lines)


def main() -> int:
    """Build the editions, ask, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--metric", action="append", help="only of this one")
    chosen = parser.parse_args()
    missing = catalogue.METRICS.keys() - METRICS.keys() - LEFT_OUT.keys()
    metrics = chosen.metric or sorted(METRICS)
    tallies: dict[str, Tally] = defaultdict(Tally)
    with tempfile.TemporaryDirectory(prefix="pulso-agreement-") as name:
        worlds = []
        for number, make in enumerate((demonstration, made, chapter06, with_holes)):
            if make in (chapter06, with_holes) and not REAL.is_dir():
                sys.stdout.write("Without real customs text: ../shared/data/raw is not here.\n")
                continue
            (Path(name) / str(number)).mkdir()
            worlds.append(make(Path(name) / str(number)))
        for number, world in enumerate(worlds):
            questions = Questions(world, chosen.seed)
            turn = [metrics[place % len(metrics)] for place in range(number, chosen.questions, len(worlds))]
            for metric, tally in compare(world, questions, turn, lambda text: sys.stdout.write(f"{text}\n")).items():
                for column in fields(Tally):
                    setattr(
                        tallies[metric],
                        column.name,
                        getattr(tallies[metric], column.name) + getattr(tally, column.name),
                    )
    sys.stdout.write(f"{report(tallies)}\n")
    for metric in sorted(missing):
        sys.stdout.write(f"{metric}: the calculator does not read it\n")
    return 1 if missing or any(tally.different or tally.exceptions for tally in tallies.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
