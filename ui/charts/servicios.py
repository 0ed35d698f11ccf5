"""The charts of services: what is published of them, and what an edition computes by type, market and year."""

from collections.abc import Mapping, Sequence

from indicators.engine.result import Answer
from indicators.narrative import servicios
from indicators.narrative.sentences import where
from indicators.published import Parts, PublishedFact
from ui.charts import answers as answer_charts
from ui.charts.chart import Bar, Bars, Chart, Line, Lines, computed, printed
from words.formats import number, percent, quantity
from words.language import t

MILLION = 1_000_000
EVERY_TYPE = 20


def years(facts: Sequence[PublishedFact]) -> Chart | None:
    """Draw customs' services year by year."""
    if not facts:
        return None
    name = t("Servicios calificados, Aduanas")
    line = Line(
        name,
        tuple(fact.value / MILLION for fact in facts),
        tuple(f"{fact.period.label}: {fact.value_text}" for fact in facts),
    )
    shape = Lines((line,), tuple(fact.period.label for fact in facts), MILLION)
    measure = t("Servicios que Aduanas calificó como exportación (00.25), Chile, por año, en millones de US$")
    caption = printed(facts, servicios.years_title(facts), measure)
    return Chart("serie-publicada", caption, t("Servicios exportados por Chile, año a año"), shape, tuple(facts))


def kinds(parts: Parts) -> Chart | None:
    """Draw the kinds of services that were printed."""
    if not parts.rows:
        return None
    alt = t("Tipos de servicio publicados, Chile")
    return _printed(parts, name="tipos-publicados", title=servicios.kinds_title(parts), alt=alt)


def destinations(parts: Parts) -> Chart | None:
    """Draw the destinations of services that were printed."""
    if not parts.rows:
        return None
    alt = t("Destinos publicados de los servicios, Chile")
    return _printed(parts, name="destinos-publicados", title=servicios.destinations_title(parts), alt=alt)


def _printed(parts: Parts, *, name: str, title: str, alt: str) -> Chart:
    levels = tuple(row.level for row in parts.rows if row.level)
    rates = tuple(row.growth for row in parts.rows if row.growth)
    growth = {rate.subject: rate.value_text for rate in rates}
    bars = Bars(tuple(_bar(level, growth.get(level.subject)) for level in levels))
    measure = t(
        "Servicios, Chile, {period}; millones de US$ y variación publicada; solo los que se publicaron",
        period=levels[0].period.label,
    )
    total = (parts.total,) if parts.total else ()
    return Chart(name, printed(levels, title, measure), alt, bars, (*levels, *rates, *total))


def _bar(level: PublishedFact, growth: str | None) -> Bar:
    words = [number(level.value / MILLION, level.decimals), *([growth] if growth else [])]
    words_aloud = [level.value_text, *words[1:]]
    return Bar(str(level.subject), level.value, " · ".join(words), f"{level.subject}: {'; '.join(words_aloud)}")


def printed_regions(facts: Sequence[PublishedFact], names: Mapping[str, str]) -> Chart | None:
    """Draw the services that customs' records have under each region."""
    if not facts:
        return None
    rows = tuple(
        Bar(
            names[fact.region],
            fact.value,
            number(fact.value / MILLION, 1),
            f"{names[fact.region]}: {quantity(fact.value, fact.unit)}",
        )
        for fact in facts
    )
    measure = t(
        "Servicios por región de origen declarada, {period}, millones de US$; las demás regiones no tienen cifra",
        period=facts[0].period.label,
    )
    title = servicios.printed_regions_title(facts, names[facts[0].region])
    alt = t("Servicios de cada región según Aduanas")
    return Chart("regiones-publicadas", printed(facts, title, measure), alt, Bars(rows), tuple(facts))


def types(answer: Answer) -> Chart | None:
    """Draw the value of each type, what has none last."""
    rows = servicios.types(answer)
    if not rows:
        return None
    alt = t("Servicios de {place} por tipo", place=where(answer))
    title = servicios.types_title(answer)
    return answer_charts.values(answer, rows, name="tipos", title=title, alt=alt, count=EVERY_TYPE)


def markets(answer: Answer) -> Chart | None:
    """Draw the countries that buy services."""
    rows = [row for row in answer.rows if row.value]
    if not rows:
        return None
    alt = t("Destinos de los servicios de {place}", place=where(answer))
    return answer_charts.values(answer, rows, name="mercados", title=servicios.markets_title(answer), alt=alt)


def weight(answers: Sequence[Answer]) -> Chart | None:
    """Draw the part of services in all that a place exports, one answer per period."""
    shares = [servicios.weight_of(answer) for answer in answers]
    if all(share is None for share in shares):
        return None
    last = answers[-1]
    line = Line(
        t("Servicios"),
        tuple(None if share is None else share * 100 for share in shares),
        tuple(f"{answer.window_label}: {percent(share, 2)}" for answer, share in zip(answers, shares, strict=True)),
    )
    labels = tuple(answer.window_label for answer in answers)
    measure = t(
        "Parte de los servicios en {scope} de {place}, en porcentaje", scope=last.scope_label, place=where(last)
    )
    alt = t("Peso de los servicios en lo que exporta {place}", place=where(last))
    caption = computed(last, servicios.weight_title(last), measure)
    return Chart("peso", caption, alt, Lines((line,), labels, 0.01), tuple(answers))
