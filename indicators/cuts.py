"""The ways a question cuts exports, as codes inside wider codes: what its disclosure tables are made by."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from indicators.conditions import REAL_REGION, SIZE
from indicators.dimensions import CODE_FILTERS, DIMENSIONS, SECTOR_SCHEMES
from indicators.question import Question
from indicators.scope import EXCLUSIONS, SIZES
from indicators.tables import EXPORTS, REGIONS

NO_CODE = "?"
SIZE_PATHS = {"mipyme": ("pyme", "micro")} | {name: (f"pyme/{name}",) for name in SIZES["pyme"]}


@dataclass(frozen=True)
class Cut:
    """One way a question cuts. `levels` is the SQL of a record's code at each depth, wider codes first: `44/4407`.

    It is the same over every table that knows firms, which is what these tables are about.
    """

    name: str
    levels: tuple[str, ...]
    asked: tuple[str | None, ...] = (None,)  # what a filter keeps; None is all
    is_split: bool = False
    params: Mapping[str, str] = field(default_factory=dict)  # what the SQL of the levels names

    def part(self, key: str | None) -> tuple[str | None, ...]:
        """Return the codes of a row of the split, as far as a filter of the same cut keeps them."""
        path = self._path(key)
        finer = tuple(code for code in self.asked if code is not None and code.startswith(f"{path}/"))
        return finer or (path,)

    def _path(self, key: str | None) -> str:
        if key is None:
            return "/".join(NO_CODE for _ in self.levels)
        return {"hs": hs_path, "size": class_path}.get(self.name, str)(key)


def cuts_of(question: Question, *, by_month: bool) -> tuple[Cut, ...]:
    """Return the cuts of a question, by its filters and its split; the calendar, when it is cut, comes last."""
    found = list(_cuts(question))
    if by_month:
        found.append(Cut("month", ("strftime(x.month, '%Y-%m')",), is_split=question.split == "month"))
    return tuple(found)


def _cuts(question: Question) -> Iterator[Cut]:
    split = question.split or ""
    if question.regions or split == "region":
        yield Cut("region", (_code(REGIONS[question.concept]),), question.regions or (None,), split == "region")
    if question.size or split == "size":
        yield _size(question)
    yield from _sectors(question)
    if question.hs or split.startswith("hs"):
        yield _products(question)
    for name in CODE_FILTERS:
        codes = getattr(question, name)
        if codes or split == name:
            column = _code(DIMENSIONS[name].column)
            yield Cut(name, (column,), tuple(codes.split(",")) if codes else (None,), split == name)
    if question.scope.exclude:
        names = " ".join(f"WHEN x.is_{name} THEN '{name}'" for name in EXCLUSIONS)
        kept = tuple(name for name in (*EXCLUSIONS, "rest") if name not in question.scope.exclude)
        yield Cut("exclude", (f"CASE {names} ELSE 'rest' END",), kept)
    if question.metric == "coverage":
        yield _known(question)


def _size(question: Question) -> Cut:
    group, classes = size_levels(SIZE)
    by_class = question.split == "size" or question.size in SIZES["pyme"]
    asked = SIZE_PATHS.get(question.size or "", (question.size,))
    return Cut("size", (group, classes) if by_class else (group,), asked, question.split == "size")


def size_levels(size: str) -> tuple[str, str]:
    """The SQL of a size class at both depths: its group, and itself inside it."""
    group = f"CASE WHEN {size} IN {SIZES['pyme']} THEN 'pyme' ELSE {size} END"
    return group, f"{group} || '/' || {size}"


def _products(question: Question) -> Cut:
    """Inside a code that leads to none of those asked for, the finer codes do not matter and count as one."""
    codes = question.hs.split(",") if question.hs else []
    is_split = (question.split or "").startswith("hs")
    digits = max([int((question.split or "")[2:]) if is_split else 2, *map(len, codes)])
    levels, params = [_code("left(x.hs_code, 2)")], dict[str, str]()
    for length in range(4, digits + 1, 2):
        prefixes = sorted({code[: length - 2] for code in codes})
        names = {f"hs{length}_{place}": prefix for place, prefix in enumerate(prefixes)}
        params |= names
        asked = " OR ".join(f"starts_with(x.hs_code, ${name})" for name in names) or "true"
        levels.append(
            f"{levels[-1]} || '/' || CASE WHEN {asked} THEN {_code(f'left(x.hs_code, {length})')} ELSE '*' END"
        )
    return Cut("hs", tuple(levels), tuple(map(hs_path, codes)) or (None,), is_split, params)


def _known(question: Question) -> Cut:
    is_known = {
        "known_region": f"{REGIONS[question.concept]} {REAL_REGION}",
        "known_product": EXPORTS.has_product,
        "known_country": EXPORTS.has_country,
        "known_size": f"{SIZE} <> 'sin_informacion'",
    }[question.looks_over or ""]
    return Cut("known", (f"CASE WHEN {is_known} THEN 'known' ELSE 'unknown' END",), ("known", "unknown"))


def _sectors(question: Question) -> Iterator[Cut]:
    filtered, _, ids = (question.sector or "").partition(":")
    for scheme in SECTOR_SCHEMES:
        is_split = question.split == f"sector:{scheme}"
        if scheme == filtered or is_split:
            asked = tuple(ids.split(",")) if scheme == filtered else (None,)
            yield Cut(f"sector:{scheme}", (_code(DIMENSIONS[f"sector:{scheme}"].column),), asked, is_split)


def _code(column: str) -> str:
    return f"coalesce({column}, '{NO_CODE}')"


def hs_path(code: str) -> str:
    """Return a tariff code inside its wider ones: `44/4407`."""
    return "/".join(code[:length] for length in range(2, len(code) + 1, 2))


def class_path(name: str) -> str:
    """Return a size class inside its group; only pyme has more than one."""
    return f"pyme/{name}" if name in SIZES["pyme"] else f"{name}/{name}"
