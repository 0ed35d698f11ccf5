"""How an office writes dates, codes and amounts, and how we do: each reading looks at a whole column at once."""

import csv
import functools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from editions.folders import REFERENCE
from etl.raw.wording import plain

MONTHS = ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic")
YEAR_FIRST = re.compile(r"((?:19|20)\d{2})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?")
YEAR_LAST = re.compile(r"(?:(\d{1,2})[-/.])?(\d{1,2})[-/.]((?:19|20)\d{2})")
BARE = re.compile(r"((?:19|20)\d{2})(\d{2})")
NAMED = re.compile(r"(?:(\d{1,2}) )?([a-z]{3,10}) ((?:19|20)?\d{2})")
TIME = re.compile(r"[ T]\d{1,2}:\d{2}(:\d{2})?(\.0+)?$")
GROUPS = {".": re.compile(r"-?\d{1,3}(\.\d{3})+(,\d+)?"), ",": re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?")}
SERVICES = "0025"


@dataclass(frozen=True)
class Reading:
    """Our text for each text of a column that is written otherwise, and what was assumed of them, if anything."""

    texts: Mapping[str, str]
    assumed: str = ""


Reader = Callable[[Sequence[str]], Reading]


def read_months(values: Sequence[str]) -> Reading:
    """Return the months AAAA-MM of dates of any day, in the ways a spreadsheet writes them."""
    return _dates(values, lambda parts: f"{parts[0]}-{parts[1]:02d}", "fechas leídas por su mes")


def read_days(values: Sequence[str]) -> Reading:
    """Return days AAAA-MM-DD, and months where no day is written."""
    return _dates(values, lambda parts: "-".join([str(parts[0]), *(f"{part:02d}" for part in parts[1:])]), "")


def _dates(values: Sequence[str], write: Callable[[tuple[int, ...]], str], assumed: str) -> Reading:
    pairs = [(int(found[1]), int(found[2])) for value in values if (found := _day_first(value)) and found[1]]
    month_first = _month_first(pairs)
    texts = {}
    for value in values:
        parts = _parts(value, month_first)
        if parts is not None and (text := write(parts)) != value:
            texts[value] = text
    if pairs and month_first is not None:
        assumed = f"fechas leídas como {'mes-día-año' if month_first else 'día-mes-año'}"
    return Reading(texts, assumed)


def _day_first(value: str) -> re.Match[str] | None:
    return YEAR_LAST.fullmatch(TIME.sub("", value))


def _month_first(pairs: Sequence[tuple[int, int]]) -> bool | None:
    """Tell whether the month stands before the day; None when `1/2/2025`, `1/3/2025` may be either.

    In Chile the day comes first. A column of many different first parts, all up to 12, with 1 behind each, is more
    likely the first days of several months as another country's Excel writes them.
    """
    firsts, seconds = {first for first, _ in pairs}, {second for _, second in pairs}
    if max(seconds, default=0) > 12:
        return None if max(firsts) > 12 else True
    return None if seconds == {1} and len(firsts) > 1 and max(firsts) <= 12 else False


def _parts(value: str, month_first: bool | None) -> tuple[int, ...] | None:
    """Return year, month and, where written, day; None for what is no date or cannot be told."""
    text = TIME.sub("", value)
    if found := YEAR_FIRST.fullmatch(text) or BARE.fullmatch(text):
        parts = [int(part) for part in found.groups() if part]
    elif found := _day_first(text):
        if found[1] and month_first is None:
            return None
        year, month, day = int(found[3]), int(found[2]), found[1] and int(found[1])
        parts = [year, month, day] if day else [year, month]
        if day and month_first:
            parts = [year, day, month]
    elif (found := NAMED.fullmatch(_words(text))) and (name := found[2].replace("set", "sep")[:3]) in MONTHS:
        parts = [int(found[3]) + (2000 if len(found[3]) == 2 else 0), MONTHS.index(name) + 1]
        parts += [int(found[1])] if found[1] else []
    else:
        return None
    try:
        date(parts[0], parts[1], parts[2] if len(parts) > 2 else 1)
    except ValueError:
        return None
    return tuple(parts)


def _words(text: str) -> str:
    return " ".join(word for word in plain(text).split() if word not in ("de", "del"))


def read_tariff_codes(values: Sequence[str]) -> Reading:
    """Return the codes with the zeros that a numeric cell lost, where the code with them exists."""
    texts = {value: code for value in values if (code := _with_zeros(value)) is not None}
    return Reading(texts, "ceros iniciales devueltos, que Excel quita a los números")


def _with_zeros(value: str) -> str | None:
    if re.fullmatch("[0-9]{7}", value) and f"0{value[:3]}" in _codes("hs4"):
        return f"0{value}"
    is_service = re.fullmatch("25[0-9]{4}", value) and value not in _codes("hs6")  # 250100 is salt, cut short
    return f"00{value}" if is_service else None


@functools.cache
def _codes(table: str) -> frozenset[str]:
    with (REFERENCE / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return frozenset(row["hs_code"] for row in csv.DictReader(file))


def read_numbers(values: Sequence[str]) -> Reading:
    """Return amounts without thousands separators, where the column as a whole shows which one it uses."""
    marks = [mark for mark in GROUPS if any(_shows_thousands(value, mark) for value in values)]
    decimal = {mark for mark in GROUPS for value in values if _shows_decimal(value, mark)}
    if len(marks) != 1 or marks[0] in decimal:
        return Reading({})
    (mark,) = marks
    texts = {value: value.replace(mark, "") for value in values if GROUPS[mark].fullmatch(value)}
    return Reading(texts, f"{'punto leído' if mark == '.' else 'coma leída'} como separador de miles")


def read_counts(values: Sequence[str]) -> Reading:
    """Return whole numbers without thousands separators: 1.300 firms are no firm and three tenths."""
    texts = {value: re.sub("[.,]", "", value) for value in values if re.fullmatch(r"[1-9]\d{0,2}([.,]\d{3})+", value)}
    return Reading(texts, "punto leído como separador de miles")


def _shows_thousands(value: str, mark: str) -> bool:
    """Tell whether a value can only be read with this mark between thousands: twice, or before the other one."""
    return GROUPS[mark].fullmatch(value) is not None and (value.count(mark) > 1 or len(set(value) & set(".,")) > 1)


def _shows_decimal(value: str, mark: str) -> bool:
    return re.fullmatch(rf"-?\d+\{mark}\d+", value) is not None and not GROUPS[mark].fullmatch(value)


def read_words(values: Sequence[str]) -> Reading:
    """Return words without accents or capitals, joined: «Sin información» is sin_informacion."""
    return Reading({value: word for value in values if (word := plain(value).replace(" ", "_")) != value and word})


def read_regions(values: Sequence[str]) -> Reading:
    """Return region codes of two figures, which a numeric cell writes as one, and CL in capitals."""
    return Reading({value: value.upper().zfill(2) for value in values if re.fullmatch("[1-9]|[Cc][Ll]", value)})


def read_column(column: str, values: Iterable[str], reader: Reader) -> tuple[Mapping[str, str], str | None]:
    """Return our text for each text of a column that differs, and the note of the report on what was assumed."""
    reading = reader(sorted({value for value in values if value}))
    if not reading.texts or not reading.assumed:
        return reading.texts, None
    before, after = next(iter(reading.texts.items()))
    return reading.texts, f"{column}: {reading.assumed} («{before}» es {after})."
