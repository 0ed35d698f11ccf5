"""Puts a claim against every reading: what reproduces it, what may be printed and what would settle it."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from editions.edition import Edition
from indicators.claims.claim import Claim
from indicators.claims.quantity import Quantity
from indicators.claims.readings import Ask, Reading, Unanswered, coincidences, edition_readings, published_readings
from indicators.engine import answer
from indicators.narrative.sentences import within
from indicators.published import Period, PublishedFact, claims, sme_facts
from indicators.published.figure import SCOPE_LABELS, UNIT_NOUNS
from indicators.published.region import place
from words import formats
from words.language import SPANISH, language, t

# -- What a published fact says as the main clause of a sentence: the definition is never left to a bracket.


def clause(fact: PublishedFact, where: str) -> str:
    """Return what a fact says of a place: `la Región del Biobío exportó US$ 4.230,0 millones en bienes`."""
    goods, value = fact.scope_label, fact.value_text
    if fact.metric == "share_national":
        return _share(fact, where)
    if fact.metric == "fob_exit_point":
        return t("por los puertos y aduanas de {place} salieron {value}, de cualquier origen", place=where, value=value)
    if fact.subject_kind == "event":
        return t(
            "{publisher} informó de {value} en «{event}»", publisher=fact.publisher, value=value, event=fact.subject
        )
    if fact.subject is None and fact.metric == "fob_total":
        return t("{place} exportó {value} en {scope}", place=where, value=value, scope=goods)
    if fact.subject is None and fact.metric == "growth":
        return t(
            "las exportaciones de {scope} de {place} variaron {value} frente a igual período del año anterior",
            scope=goods,
            place=where,
            value=value,
        )
    return of_place(", ".join(filter(None, (fact.metric_label, fact.subject, goods))), where, value)


def of_place(what: str, where: str, value: str) -> str:
    """Return a measure of a place and its value, without a verb."""
    return t("{what}, de {place}: {value}", what=what, place=where, value=value)


def when(period: Period) -> str:
    """Return a period as a sentence begins with it: `En enero–octubre de 2025`."""
    label = period.label
    if language() == SPANISH:
        label = re.sub(r"([a-z]) (\d{4})", r"\1 de \2", label)
    return t("En {window}", window=within(period.window, label))


def _share(fact: PublishedFact, where: str) -> str:
    whole = fact.whole or t("las mismas exportaciones de todo el país")
    if fact.scope == "exit_point":
        return t(
            "lo que salió por los puertos y aduanas de {place}, de cualquier origen, fue el {share} de {whole}",
            place=where,
            share=fact.value_text,
            whole=whole,
        )
    return t(
        "las exportaciones de {scope} de {place} fueron el {share} de {whole}",
        scope=t(SCOPE_LABELS[fact.scope]),
        place=where,
        share=fact.value_text,
        whole=whole,
    )


# -- The sentences a verified claim allows, those it does not, and the one that sums the verification up.

MANY = 4  # with more readings than this, one that fits by chance is no wonder
SHOWN = 3


def summary(edition: Edition, claim: Claim, published: Sequence[Reading]) -> str:
    """Return how many published readings were tried, how many reproduce the figure, and which."""
    asked = _asked(edition, claim)
    fitting = [reading for reading in published if reading.differs is None]
    hits = [reading for reading in fitting if reading.is_hit]
    if not fitting:
        said = t("{asked}: no hay ninguna cifra publicada con que comprobarlo.", asked=asked)
        return " ".join(filter(None, (said, _beside(claim, published))))
    if not hits:
        return _none(asked, fitting)
    listed = formats.listing([hit.in_words for hit in hits[:SHOWN]])
    if len(fitting) == 1:
        return t("{asked}: se probó 1 lectura publicada y lo reproduce 1: {listed}.", asked=asked, listed=listed)
    counted = {"asked": asked, "tried": len(fitting), "hits": len(hits), "listed": listed}
    if len(hits) == 1:
        said = t("{asked}: se probaron {tried} lecturas publicadas y lo reproduce {hits}: {listed}.", **counted)
    else:
        said = t("{asked}: se probaron {tried} lecturas publicadas y lo reproducen {hits}: {listed}.", **counted)
    chance = t("Con tantas lecturas, alguna puede calzar por casualidad.") if len(fitting) > MANY else ""
    return " ".join(filter(None, (said, chance)))


def _asked(edition: Edition, claim: Claim) -> str:
    words = {"number": claim.quantity.text, "about": claim.about_label, "place": place(edition, claim.region)}
    if claim.period is None:
        return t("«{number}» como {about} ({place})", **words)
    return t("«{number}» como {about} ({place}, {period})", period=claim.period.label, **words)


def _none(asked: str, fitting: Sequence[Reading]) -> str:
    """Say that no reading reproduces the figure, and which is nearest."""
    nearest = fitting[0].in_words
    if len(fitting) == 1:
        return t(
            "{asked}: se probó 1 lectura publicada y ninguna lo reproduce; la más cercana da {nearest}.",
            asked=asked,
            nearest=nearest,
        )
    return t(
        "{asked}: se probaron {tried} lecturas publicadas y ninguna lo reproduce; la más cercana da {nearest}.",
        asked=asked,
        tried=len(fitting),
        nearest=nearest,
    )


def printable(edition: Edition, published: Sequence[Reading]) -> Iterator[str]:
    """Yield sentences that say what is measured, of which whole, when and who published it."""
    for reading in published:
        if reading.is_hit:
            where = place(edition, reading.region)
            said = (
                clause(reading.fact, where) if reading.fact else of_place(reading.definition, where, reading.value_text)
            )
            words = {"when": when(reading.period), "said": said, "source": reading.source}
            if reading.derivation:
                yield t("{when}, {said} ({source}; cálculo con cifras publicadas).", **words)
            else:
                yield t("{when}, {said} ({source}).", **words)


def forbidden(edition: Edition, claim: Claim, published: Sequence[Reading]) -> Iterator[str]:
    """Yield what must not be printed, each with why."""
    words = {"number": claim.quantity.text, "about": claim.about_label, "place": place(edition, claim.region)}
    bare = t("«{number}» como {about} de {place}", **words)
    fitting = [reading for reading in published if reading.differs is None]
    others = [reading for reading in fitting if not reading.is_hit]
    if len(others) == len(fitting):
        yield t("{bare}: ninguna cifra publicada lo respalda.", bare=bare)
    elif others:
        values = formats.listing([reading.in_words for reading in others[:SHOWN]])
        yield t("{bare}, sin decir la definición ni el período: otras lecturas dan {values}.", bare=bare, values=values)
    for reading in published:
        if reading.differs and (reading.agrees or reading.is_opposite):
            why = {"reading": reading.in_words, "differs": reading.differs}
            yield t("{bare} a partir de {reading}: {differs}.", bare=bare, **why)


def _beside(claim: Claim, published: Sequence[Reading]) -> str:
    """Name the published figure that is most likely to be taken for the one that is missing."""
    if not published:
        return ""
    own = [reading for reading in published if reading.region == claim.region] or list(published)
    of_kind = [reading for reading in own if reading.period.kind == "to_date"] or own
    latest = max(of_kind, key=lambda reading: (reading.period.end, reading.period.start))
    return t("Lo publicado mide otra cosa: {reading} {differs}.", reading=latest.in_words, differs=latest.differs)


# -- What data or words would settle a claim that published figures do not settle.

REGISTER = (
    "El registro de exportadores de la oficina, con empresa, mes, región y tamaño según las ventas del SII "
    "(se carga con «pulso load»)."
)
WORDS = "Que quien lo dijo precise si es número de empresas o valor, hasta qué mes y contra qué período."
NEEDS: Mapping[str, tuple[str, ...]] = {
    "share": (
        "Que quien lo dijo precise el total (todos los bienes, sin cobre, sin cobre ni litio, con o sin "
        "servicios), el año, y si cuenta el origen de la carga o el puerto por donde sale.",
    ),
    "growth": ("Que quien lo dijo precise los meses comparados y si incluye servicios.",),
    "growth_firms": ("Un conteo publicado de exportadores para los dos períodos, hecho igual.", REGISTER),
    "growth_sme": (WORDS, "Un conteo publicado de pymes exportadoras para los dos períodos.", REGISTER),
    "sme_share": ("La definición de pyme (con o sin micro) y si es parte de las empresas o del valor.", REGISTER),
    "jobs": ("La definición de pyme, el año y si se cuentan los honorarios y las empresas sin información.",),
    "gdp": (
        "El valor agregado por tamaño de empresa: no se encontró ninguna cifra oficial publicada; las ventas "
        "del SII no lo reemplazan.",
    ),
    "level": ("Que quien lo dijo precise los meses y si incluye servicios, cobre o lo que solo sale por la región.",),
    "firms": ("Un conteo publicado de la región y el año, con su definición.", REGISTER),
    "event": ("La lista de participantes o el informe de resultados de quien organizó el encuentro.",),
}
ON_SMES = ("growth_sme", "growth_firms", "sme_share", "firms")


def needs(edition: Edition, claim: Claim, published: Sequence[Reading]) -> list[str]:
    """Return what is missing to settle the claim; nothing when one published figure settles it."""
    hits = [reading for reading in published if reading.is_hit]
    if len(hits) == 1 and claim.about in ("level", "firms"):
        return []
    absent = [sme_facts(edition, claim.region).missing] if claim.about in ON_SMES and not hits else []
    return [*absent, *map(t, NEEDS[claim.about])]


# -- Puts a claim against every reading: what reproduces it, what may be printed and what would settle it.


@dataclass(frozen=True)
class Verification:
    """All that can be said of a quoted figure. Published and computed readings are kept apart."""

    claim: Claim
    published: tuple[Reading, ...]
    computed: tuple[Reading, ...]
    unanswered: tuple[Unanswered, ...]
    coincidences: tuple[Reading, ...]
    said_by: tuple[PublishedFact, ...]
    summary: str
    printable: tuple[str, ...]
    forbidden: tuple[str, ...]
    needs: tuple[str, ...]

    @property
    def hits(self) -> tuple[Reading, ...]:
        """The published readings that reproduce the figure."""
        return tuple(reading for reading in self.published if reading.is_hit)

    @property
    def computed_hits(self) -> tuple[Reading, ...]:
        """The edition's readings that reproduce the figure."""
        return tuple(reading for reading in self.computed if reading.is_hit)

    @property
    def tried(self) -> int:
        """How many published readings measure what was claimed."""
        return sum(reading.differs is None for reading in self.published)


def verify(edition: Edition, claim: Claim, *, ask: Ask | None = None) -> Verification:
    """Return what published figures and the edition say of a claim; `ask` may be a cached `answer`."""
    published = published_readings(edition, claim)
    computed, unanswered = edition_readings(claim, ask or (lambda question: answer.answer(edition, question)))
    same_number = coincidences(edition, claim, published)
    return Verification(
        claim=claim,
        published=tuple(published),
        computed=tuple(computed),
        unanswered=tuple(unanswered),
        coincidences=tuple(same_number),
        said_by=tuple(_said(edition, claim)),
        summary=summary(edition, claim, published),
        printable=tuple(printable(edition, published)),
        forbidden=tuple(forbidden(edition, claim, published)),
        needs=tuple(needs(edition, claim, published)),
    )


def _said(edition: Edition, claim: Claim) -> list[PublishedFact]:
    """Return who is on record saying the same number without a base; that confirms nothing."""
    said = claims(edition, claim.region)
    return [fact for fact in said if fact.unit == claim.quantity.unit and claim.quantity.agrees(fact.value)]


# -- The few words around a verification: how the number was read, what came of it, how near each reading is.

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
    return _tally_said(quantity, value, decimals)


def _exact(quantity: Quantity, value: float) -> str:
    """Return a reading of the number with the decimals it has."""
    scaled = round(value / STEPS.get(quantity.unit or "", 1.0), 6)
    return _tally_said(quantity, value, len(f"{scaled:.6f}".rstrip("0").partition(".")[2]))


def _tally_said(quantity: Quantity, value: float, decimals: int) -> str:
    unit = quantity.unit or ""
    if unit == "fraction":
        return formats.percent(value, decimals)
    if unit == "usd":
        return formats.usd_millions(value, decimals) if abs(quantity.value) >= STEPS[unit] else formats.usd(value)
    return f"{formats.number(value, decimals)} {t(UNIT_NOUNS.get(unit, unit))}"
