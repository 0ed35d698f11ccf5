"""The few words around a verification: how the number was read, what came of it, how near each reading is."""

import math

from indicators import formats
from indicators.claims.quantity import Quantity
from indicators.claims.reading import Reading
from indicators.claims.verdict import Verification
from indicators.published.labels import UNIT_NOUNS

DEMO = "demostración"
STEPS = {"fraction": 0.01, "usd": 1e6}  # what one printed unit of a percentage or of millions is worth
MANY_HIT = (
    "Cuantas más lecturas se prueban, más fácil es que alguna calce por casualidad: que una calce no prueba que sea "
    "la que se quiso decir."
)


def outcome(found: Verification) -> str:
    """Return in one short sentence what published figures say of the quoted number."""
    quoted, hits = f"«{found.claim.quantity.text}»", len(found.hits)
    if not found.tried:
        return f"{quoted} no se puede comprobar: no hay una cifra publicada de eso."
    if not hits:
        return f"{quoted} no es lo que dan las cifras publicadas."
    if hits == found.tried:
        return f"{quoted} es lo que está publicado."
    return f"{quoted} depende de la definición: calza en {hits} de {found.tried} lecturas publicadas."


def tolerance(quantity: Quantity) -> str:
    """Return how the number was read and which values round to it."""
    if quantity.unit not in STEPS and quantity.rounding <= 0.5:
        return f"«{quantity.text}» se lee como número exacto: calza solo lo que da lo mismo."
    low, high = (_bound(quantity, quantity.value + end) for end in (-quantity.rounding, quantity.rounding))
    return f"«{quantity.text}» se lee como número redondeado: calza lo que está entre {low} y {high}."


def tried(found: Verification) -> str:
    """Return how many readings were tried and how many hit, and what that is worth."""
    counted = f"Lecturas de las cifras publicadas reunidas aquí: {found.tried}; calzan {len(found.hits)}."
    if found.computed:
        counted += f" Lecturas de la edición: {len(found.computed)}; calzan {len(found.computed_hits)}"
        is_demo = any(reading.origin == DEMO for reading in found.computed)
        counted += ", pero son de demostración y no respaldan nada." if is_demo else "."
    return f"{counted} {MANY_HIT}"


def standing(reading: Reading) -> str:
    """Return whether a reading reproduces the number, and how far it is when it does not."""
    if reading.differs is not None:
        same = "mismo número, " if reading.agrees else "mismo número con otro signo, " if reading.is_opposite else ""
        return f"{same}mide otra cosa"
    return "calza" if reading.is_hit else f"no calza, a {distance(reading)}"


def distance(reading: Reading) -> str:
    """Return how far a reading is from the number, with its unit."""
    if reading.unit == "fraction":
        return f"{formats.number(reading.distance * 100, 2)}{formats.NBSP}pp"
    if reading.unit == "usd":
        return formats.usd(reading.distance)
    return formats.number(reading.distance)


def _bound(quantity: Quantity, value: float) -> str:
    """Return an end of the range with one decimal more than the number was quoted with."""
    unit = quantity.unit or ""
    step = STEPS.get(unit, 1.0)
    decimals = max(0, round(-math.log10(2 * quantity.rounding / step)) + 1)
    if unit == "fraction":
        return formats.percent(value, decimals)
    if unit == "usd":
        return formats.usd_millions(value, decimals) if abs(quantity.value) >= step else formats.usd(value)
    return f"{formats.number(value)} {UNIT_NOUNS.get(unit, unit)}"
