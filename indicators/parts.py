"""The parts of a question, each read into its one canonical form, or refused with what is allowed."""

import re
from collections.abc import Iterable

from indicators.blocs import BLOCS, members
from indicators.calendar import WINDOW_NAMES, Window
from indicators.dimensions import DIMENSIONS, SECTOR_SCHEMES, SERVICE_TYPE, SPLITS
from indicators.errors import QuestionError
from indicators.formats import listing
from indicators.language import t
from indicators.metrics import Metric
from indicators.scope import (
    CONCEPTS,
    DENOMINATORS,
    EXCLUSIONS,
    FLOWS,
    NATION,
    OTHER_ORIGINS,
    REGIONS,
    SIZES,
    SIZINGS,
    SOURCES,
)

_FIXED: dict[str, tuple[str, tuple[str, ...]]] = {
    "flow": ("El flujo", tuple(FLOWS)),
    "denominator": ("El denominador", tuple(DENOMINATORS)),
    "concept": ("El concepto de región", tuple(CONCEPTS)),
    "source": ("La fuente", tuple(SOURCES)),
    "size": ("El tamaño", tuple(SIZES)),
    "sizing": ("La forma de medir el tamaño", tuple(SIZINGS)),
    "split": ("El desglose", SPLITS),
}
_LISTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "region": ("La región", (NATION, *REGIONS, *OTHER_ORIGINS)),
    "exclude": ("La exclusión", tuple(EXCLUSIONS)),
}


def canonical(part: str, value: str, spec: Metric) -> str | int:
    """Return a part in its one canonical form, or say what is allowed."""
    if part in _FIXED:
        name, allowed = _FIXED[part]
        return one_of(part, name, value.replace(" ", "+"), allowed)
    if part in _LISTS:
        name, allowed = _LISTS[part]
        chosen = {one_of(part, name, code, allowed) for code in value.split(",")}
        if NATION in chosen and len(chosen) > 1:
            raise QuestionError(part, t("«{nation}» es todo el país; no se combina con otras regiones.", nation=NATION))
        return ",".join(code for code in allowed if code in chosen)
    if part == "window":
        return value if value in WINDOW_NAMES else str(Window.parse(value))
    if part == "compare":
        return value if value in ("year_before", "none") else str(Window.parse(value))
    if part == "over":
        return one_of(part, "El objeto", value, spec.over)
    if part == "k":
        return _top(value)
    if part == "sector":
        return _sector(value)
    return _codes(part, value)


def _sector(value: str) -> str:
    scheme, _, ids = value.partition(":")
    if scheme not in SECTOR_SCHEMES or not re.fullmatch(r"[\w.,-]+", ids):
        text = "El sector «{value}» no se entiende; se escribe esquema:id, con esquema {schemes}."
        raise QuestionError("sector", t(text, value=value, schemes=listing(SECTOR_SCHEMES, conjunction="o")))
    return f"{scheme}:{','.join(sorted(set(ids.split(','))))}"


def _codes(part: str, value: str) -> str:
    names = value.split(",")
    codes = sorted({code for name in names for code in (members(name) if part == "country" else (name,))})
    pattern = r"([0-9]{2}){1,4}" if part == "hs" else DIMENSIONS[part].pattern
    wrong = [code for code in codes if not re.fullmatch(pattern, code)]
    if wrong:
        text = "«{value}» no sirve en {part}; use {form}, separados por comas."
        raise QuestionError(part, t(text, value=wrong[0], part=part, form=_form(part)))
    return ",".join(codes)


def _form(part: str) -> str:
    """How the codes of a part are written."""
    if part == "country":
        blocs = listing(tuple(BLOCS), conjunction="o")
        return t("códigos numéricos de Aduanas o bloques ({blocs})", blocs=blocs)
    forms = {"hs": "2, 4, 6 u 8 dígitos", SERVICE_TYPE: "los tipos que salen con split=service_type"}
    return t(forms.get(part, "códigos numéricos de Aduanas"))


def _top(value: str) -> int:
    if not value.isdecimal() or not 1 <= int(value) <= 100:
        raise QuestionError("k", t("k={value} no sirve; use un número de 1 a 100.", value=value))
    return int(value)


def one_of(part: str, name: str, value: str, allowed: Iterable[str]) -> str:
    """Return the value when it is one of those allowed; else say which are. `name` is Spanish, with its article."""
    options = tuple(allowed)
    if value in options:
        return value
    if not options:
        raise QuestionError(part, t("{name} «{value}» no existe; esta métrica no lo lleva.", name=t(name), value=value))
    known = listing(options, conjunction="o")
    raise QuestionError(part, t("{name} «{value}» no existe; use {known}.", name=t(name), value=value, known=known))
