"""Names of codes, and whether a code exists, from the reference tables of the edition."""

from collections import Counter
from collections.abc import Mapping

from editions.edition import Edition
from editions.errors import QuestionError
from indicators.engine.sql import EXPORTS, REGISTERED
from indicators.question.calendar import Window
from indicators.question.dimensions import CODE_FILTERS, DIMENSIONS, UNKNOWN_LABEL, bloc_of
from indicators.question.question import Question
from words.formats import listing, month_name
from words.language import language, t

SCHEMES = {"bcch": "Banco Central", "ine": "INE"}  # said beside the name of a sector that is not ProChile's
SAID_BY_NAME = ("country", "service_type")  # their names are theirs alone; a port, an office and a comuna share one


def key_labels(edition: Edition, split: str) -> Mapping[str, str]:
    """Return the name of each key of a dimension, in the reader's language; a dimension without names has none."""
    sql = (DIMENSIONS[split].names or "").replace("{language}", language())

    def labels() -> dict[str, str]:
        return _told_apart({row["key"]: t(row["label"]) for row in edition.rows(sql)}) if sql else {}

    return edition.once(f"names in {language()}: {sql}", labels)


def _told_apart(labels: Mapping[str, str]) -> dict[str, str]:
    """Return the labels, with its code behind a name that two codes have: a comuna before and after Ñuble."""
    bearers = Counter(labels.values())
    return {key: f"{label}, {key}" if bearers[label] > 1 else label for key, label in labels.items()}


def row_label(key: str | None, split: str, labels: Mapping[str, str]) -> str:
    """Return how a key is shown: its name, a month in words, or the code when no table knows it."""
    if key is None:
        return t(UNKNOWN_LABEL)
    if split == "month":
        return month_name(Window.parse(key).first)
    return labels.get(key, key)


def filter_labels(edition: Edition, question: Question, *, in_full: bool = False) -> list[str]:
    """Return what the filters keep, in words: `Industria forestal`, `código 44`, `China`, `aduana: Arica`.

    In full, each says what it is a name of.
    """
    labels = []
    if question.sector:
        scheme, _, ids = question.sector.partition(":")
        names, other = named(edition, f"sector:{scheme}", ids), SCHEMES.get(scheme)
        names = t("{sector} según {scheme}", sector=names, scheme=other) if other else names
        labels.append(t("sector {names}", names=names) if in_full else names)
    if question.hs:
        codes = listing(question.hs.split(","))
        labels.append(t("código arancelario {codes}" if in_full else "código {codes}", codes=codes))
    for part in CODE_FILTERS:
        if getattr(question, part):
            names, dimension = named(edition, part, getattr(question, part)), t(DIMENSIONS[part].label)
            is_plain = part in SAID_BY_NAME and not in_full
            labels.append(names if is_plain else t("{dimension}: {names}", dimension=dimension, names=names))
    return labels


def named(edition: Edition, dimension: str, codes: str) -> str:
    """Return the names of some codes, all of them: no two lists are called the same. A bloc has its own."""
    bloc = bloc_of(codes) if dimension == "country" else None
    if bloc:
        return t(bloc.label)
    labels = key_labels(edition, dimension)
    return listing([labels.get(code, code) for code in codes.split(",")])


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
