"""The few words around a verification: how the number was read, what came of it, how near each reading is."""

import math

from indicators import formats
from indicators.claims.quantity import Quantity
from indicators.claims.reading import Reading
from indicators.claims.verdict import Verification
from indicators.language import t
from indicators.published.labels import UNIT_NOUNS

DEMO = "demostración"
STEPS = {"fraction": 0.01, "usd": 1e6}  # what one printed unit of a percentage or of millions is worth
MANY_HIT = (
    "Cuantas más lecturas se prueban, más fácil es que alguna calce por casualidad: que una calce no prueba que sea "
    "la que se quiso decir."
)


def outcome(found: Verification) -> str:
    """Return in one short sentence what published figures say of the quoted number."""
    number, hits = found.claim.quantity.text, len(found.hits)
    if not found.tried:
        return t("«{number}» no se puede comprobar: no hay una cifra publicada de eso.", number=number)
    if not hits:
        return t("«{number}» no es lo que dan las cifras publicadas.", number=number)
    if hits == found.tried:
        return t("«{number}» es lo que está publicado.", number=number)
    return t(
        "«{number}» depende de la definición: calza en {hits} de {tried} lecturas publicadas.",
        number=number,
        hits=hits,
        tried=found.tried,
    )


def tolerance(quantity: Quantity) -> str:
    """Return how the number was read, which values round to it, and what else its marks could have meant."""
    said = _rounding(quantity)
    if quantity.mistakable is None:
        return said
    echo = t(
        "«{number}» tiene una marca que puede separar miles o decimales: se lee como {read}, no como {other}.",
        number=quantity.text,
        read=_exact(quantity, quantity.value),
        other=_exact(quantity, quantity.mistakable),
    )
    return f"{said} {echo}"


def _rounding(quantity: Quantity) -> str:
    if quantity.unit not in STEPS and quantity.rounding <= 0.5:
        return t("«{number}» se lee como número exacto: calza solo lo que da lo mismo.", number=quantity.text)
    low, high = (_bound(quantity, quantity.value + end) for end in (-quantity.rounding, quantity.rounding))
    return t(
        "«{number}» se lee como número redondeado: calza lo que está entre {low} y {high}.",
        number=quantity.text,
        low=low,
        high=high,
    )


def tried(found: Verification) -> str:
    """Return how many readings were tried and how many hit, and what that is worth."""
    published = {"tried": found.tried, "hits": len(found.hits)}
    said = [t("Lecturas de las cifras publicadas reunidas aquí: {tried}; calzan {hits}.", **published)]
    if found.computed:
        computed = {"tried": len(found.computed), "hits": len(found.computed_hits)}
        if any(reading.origin == DEMO for reading in found.computed):
            text = "Lecturas de la edición: {tried}; calzan {hits}, pero son de demostración y no respaldan nada."
            said.append(t(text, **computed))
        else:
            said.append(t("Lecturas de la edición: {tried}; calzan {hits}.", **computed))
    return " ".join((*said, t(MANY_HIT)))


def standing(reading: Reading) -> str:
    """Return whether a reading reproduces the number, and how far it is when it does not."""
    if reading.differs is not None:
        if reading.agrees:
            return t("mismo número, mide otra cosa")
        return t("mismo número con otro signo, mide otra cosa") if reading.is_opposite else t("mide otra cosa")
    return t("calza") if reading.is_hit else t("no calza, a {distance}", distance=distance(reading))


def distance(reading: Reading) -> str:
    """Return how far a reading is from the number, with its unit."""
    if reading.unit == "fraction":
        return f"{formats.number(reading.distance * 100, 2)}{formats.NBSP}pp"
    if reading.unit == "usd":
        return formats.usd(reading.distance)
    return formats.number(reading.distance)


def _bound(quantity: Quantity, value: float) -> str:
    """Return an end of the range with one decimal more than the number was quoted with."""
    step = STEPS.get(quantity.unit or "", 1.0)
    decimals = max(0, round(-math.log10(2 * quantity.rounding / step)) + 1)
    return _said(quantity, value, decimals)


def _exact(quantity: Quantity, value: float) -> str:
    """Return a reading of the number with the decimals it has."""
    scaled = round(value / STEPS.get(quantity.unit or "", 1.0), 6)
    return _said(quantity, value, len(f"{scaled:.6f}".rstrip("0").partition(".")[2]))


def _said(quantity: Quantity, value: float, decimals: int) -> str:
    unit = quantity.unit or ""
    if unit == "fraction":
        return formats.percent(value, decimals)
    if unit == "usd":
        return formats.usd_millions(value, decimals) if abs(quantity.value) >= STEPS[unit] else formats.usd(value)
    return f"{formats.number(value, decimals)} {t(UNIT_NOUNS.get(unit, unit))}"
