"""The parts of a question, each read into its one canonical form, or refused with what is allowed."""

import re
from collections.abc import Iterable

from indicators.blocs import BLOCS, members
from indicators.calendar import WINDOW_NAMES, Window
from indicators.dimensions import DIMENSIONS, SECTOR_SCHEMES, SERVICE_TYPE, SPLITS
from indicators.errors import QuestionError
from indicators.formats import listing
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
            raise QuestionError(part, f"«{NATION}» es todo el país; no se combina con otras regiones.")
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
        raise QuestionError(
            "sector",
            f"El sector «{value}» no se entiende; se escribe esquema:id, con esquema "
            f"{listing(SECTOR_SCHEMES, conjunction='o')}.",
        )
    return f"{scheme}:{','.join(sorted(set(ids.split(','))))}"


def _codes(part: str, value: str) -> str:
    names = value.split(",")
    codes = sorted({code for name in names for code in (members(name) if part == "country" else (name,))})
    pattern = r"([0-9]{2}){1,4}" if part == "hs" else DIMENSIONS[part].pattern
    wrong = [code for code in codes if not re.fullmatch(pattern, code)]
    if wrong:
        forms = {"hs": "2, 4, 6 u 8 dígitos", SERVICE_TYPE: "los tipos que salen con split=service_type"}
        form = forms.get(part, "códigos numéricos de Aduanas")
        form += f" o bloques ({listing(tuple(BLOCS), conjunction='o')})" if part == "country" else ""
        raise QuestionError(part, f"«{wrong[0]}» no sirve en {part}; use {form}, separados por comas.")
    return ",".join(codes)


def _top(value: str) -> int:
    if not value.isdecimal() or not 1 <= int(value) <= 100:
        raise QuestionError("k", f"k={value} no sirve; use un número de 1 a 100.")
    return int(value)


def one_of(part: str, name: str, value: str, allowed: Iterable[str]) -> str:
    """Return the value when it is one of those allowed; else say which are."""
    options = tuple(allowed)
    if value not in options:
        listed = f"use {listing(options, conjunction='o')}" if options else "esta métrica no lo lleva"
        raise QuestionError(part, f"{name} «{value}» no existe; {listed}.")
    return value
