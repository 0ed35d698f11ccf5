"""Names of codes, and whether a code exists, from the reference tables of the edition."""

from collections.abc import Mapping

from indicators.calendar import Window
from indicators.dimensions import CODE_FILTERS, DIMENSIONS, UNKNOWN_LABEL
from indicators.edition import Edition
from indicators.errors import QuestionError
from indicators.formats import listing, month_name
from indicators.language import language, t
from indicators.question import Question
from indicators.scope import NATION
from indicators.tables import EXPORTS, REGISTERED

NATION_NAME = "Chile"
NAMED = 3  # of a longer list only the count is said


def key_labels(edition: Edition, split: str) -> Mapping[str, str]:
    """Return the name of each key of a dimension, in the reader's language; a dimension without names has none."""
    sql = (DIMENSIONS[split].names or "").replace("{language}", language())

    def named() -> dict[str, str]:
        return {row["key"]: t(row["label"]) for row in edition.rows(sql)} if sql else {}

    return edition.once(f"names in {language()}: {sql}", named)


def row_label(key: str | None, split: str, labels: Mapping[str, str]) -> str:
    """Return how a key is shown: its name, a month in words, or the code when no table knows it."""
    if key is None:
        return t(UNKNOWN_LABEL)
    if split == "month":
        return month_name(Window.parse(key).first)
    return labels.get(key, key)


def region_label(edition: Edition, question: Question) -> str:
    """Return the name of what is asked about: `Biobío`, `Biobío + Ñuble`, `Chile`."""
    if question.region == NATION:
        return NATION_NAME
    labels = key_labels(edition, "region")
    return " + ".join(labels.get(code, code) for code in question.regions)


def filter_labels(edition: Edition, question: Question) -> list[str]:
    """Return what the filters keep, in words: `Industria forestal`, `código 44`, `China`."""
    found = []
    if question.sector:
        scheme, _, ids = question.sector.partition(":")
        found.append(named(edition, f"sector:{scheme}", ids))
    if question.hs:
        found.append(t("código {codes}", codes=listing(question.hs.split(","))))
    for part in CODE_FILTERS:
        codes = getattr(question, part)
        if codes:
            found.append(named(edition, part, codes))
    return found


def named(edition: Edition, dimension: str, codes: str) -> str:
    """Return the names of some codes, the first few of a long list."""
    labels = key_labels(edition, dimension)
    names = [labels.get(code, code) for code in codes.split(",")]
    if len(names) <= NAMED:
        return listing(names)
    return t("{names} y {n} más", names=", ".join(names[:NAMED]), n=len(names) - NAMED)


def check_codes(edition: Edition, question: Question) -> None:
    """Refuse a filter on a code that neither the reference tables nor the records know."""
    if question.sector:
        scheme, _, ids = question.sector.partition(":")
        known = key_labels(edition, f"sector:{scheme}")
        wrong = [sector_id for sector_id in ids.split(",") if sector_id not in known]
        if wrong:
            options = listing(sorted(known), conjunction="o")
            text = "El sector «{sector}» no existe en {scheme}; use {options}."
            raise QuestionError("sector", t(text, sector=wrong[0], scheme=scheme, options=options))
    for code in filter(None, (question.hs or "").split(",")):
        _check_product(edition, code)
    for part in CODE_FILTERS:
        codes = getattr(question, part)
        if codes:
            _check_known(edition, part, codes.split(","))


def _check_product(edition: Edition, code: str) -> None:
    """Refuse a code that no heading and no record begins with; finer and older codes are in no table of names."""
    for table in ("core_hs", EXPORTS.name, REGISTERED.name):
        if edition.rows(f"SELECT 1 FROM {table} WHERE starts_with(hs_code, $code) LIMIT 1", {"code": code}):
            return
    text = t("El código arancelario {code} no existe ni está en los registros de la edición.", code=code)
    raise QuestionError("hs", text)


def _check_known(edition: Edition, part: str, codes: list[str]) -> None:
    known = key_labels(edition, part)
    column = DIMENSIONS[part].column
    for code in codes:
        seen = f"SELECT 1 FROM {EXPORTS.name} AS x WHERE {column} = $code LIMIT 1"
        if code not in known and not edition.rows(seen, {"code": code}):
            text = "El código {code} no existe en {part} ({dimension}); los que hay salen con split={part}."
            raise QuestionError(part, t(text, code=code, part=part, dimension=t(DIMENSIONS[part].label)))
