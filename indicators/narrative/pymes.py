"""Findings about the small firms that export."""

from collections.abc import Sequence

from indicators.engine.result import Answer, Row
from indicators.narrative.sentences import marked, where
from indicators.published import PublishedFact
from words.formats import listing, percent, points, quantity
from words.language import t


def headline(answer: Answer) -> str:
    """Say the three growths together, or why they are not there; never one alone. A demonstration says so."""
    rows = {row.key: row for row in answer.rows}
    count, value, same = (rows.get(key) for key in ("exporters", "fob", "fob_same_firms"))
    if count is None or value is None or same is None or count.value is None or count.base is None:
        why = answer.reasons[0].text if answer.reasons else t("No hay dato.")
        return t(
            "De cuánto crecieron las pymes exportadoras de {place} no hay dato. {why}",
            place=where(answer),
            why=why,
        )
    text = t(
        "Las empresas exportadoras de {place} —{scope}— pasaron de {before} a {now} ({count}); lo que exportan varió "
        "{value}, y lo que exportan las mismas empresas, {same}: {window} frente a {base}.",
        scope=answer.scope_label,
        place=where(answer),
        before=quantity(count.base, "number"),
        now=quantity(count.value, "number"),
        count=grew(count),
        value=grew(value),
        same=grew(same),
        window=answer.window_label,
        base=answer.base_label,
    )
    return marked(text, answer)


def grew(row: Row) -> str:
    """Return the growth of a row, or the change where a percentage says nothing, or why there is neither."""
    if row.growth is not None:
        return percent(row.growth, sign=True)
    if row.change is not None:
        return quantity(row.change, row.unit or "number", sign=True)
    return t("sin dato")


def three_ways_title(answer: Answer) -> str:
    """Say whether count, value and same firms move together or apart."""
    known = [row.growth for row in answer.rows if row.growth is not None]
    if len(known) < len(answer.rows):
        return t("Crecimiento de las pymes de {place}, de tres maneras", place=where(answer))
    if all(growth > 0 for growth in known) or all(growth < 0 for growth in known):
        return t("Número, valor y mismas empresas van en la misma dirección en {place}", place=where(answer))
    return t("Según cómo se mida, las pymes de {place} crecen o caen", place=where(answer))


def bridge_title(answer: Answer) -> str:
    """Say which component moved the value of small firms most."""
    known = [row for row in answer.rows if row.change]
    if not known:
        return t("De dónde viene el cambio de las pymes de {place}", place=where(answer))
    largest = max(known, key=lambda row: abs(row.change or 0))
    return t(
        "{part}: {change}, lo que más movió el valor de las pymes de {place}",
        part=largest.label,
        change=quantity(largest.change, "usd", sign=True),
        place=where(answer),
    )


def mix_title(answer: Answer) -> str:
    """Say which size class holds the most."""
    hidden = [row.label for row in answer.rows if row.value is None]
    if hidden:
        return t("Por tamaño en {place}; en reserva: {classes}", place=where(answer), classes=listing(hidden))
    known = [row for row in answer.rows if row.share is not None]
    if not known:
        return t("Por tamaño en {place}", place=where(answer))
    first = max(known, key=lambda row: row.value or 0)
    return t("{size} reúne el {share} en {place}", size=first.label, share=percent(first.share), place=where(answer))


def turnover_title(entries: Sequence[Answer], exits: Sequence[Answer]) -> str:
    """Say the latest rates of entry and exit."""
    entry, gone = entries[-1], exits[-1]
    if entry.value is None or gone.value is None:
        return t("Entrada y salida de exportadoras en {place}", place=where(entry))
    return t(
        "De las exportadoras de {place}, {entry} son nuevas y {exit} se fue ({window})",
        place=where(entry),
        entry=percent(entry.value),
        exit=percent(gone.value),
        window=entry.window_label,
    )


def survival_title(answer: Answer) -> str:
    """Say how many of the firms that entered still export a year later, on the last generation that tells."""
    first_year = [row for row in answer.rows if row.key.endswith("+1") and row.value is not None]
    if not first_year:
        return t("Supervivencia de las que empezaron a exportar en {place}", place=where(answer))
    last = first_year[-1]
    return t("El {share} de las que {cohort} sigue exportando", share=percent(last.value), cohort=last.label)


def sector_title(answer: Answer) -> str:
    """Say which sector has most exporters of the size."""
    if answer.reserved:
        return t("Por sector en {place}; en reserva: {parts}", place=where(answer), parts=listing(answer.reserved))
    known = [row for row in answer.rows if row.value is not None]
    first = max(known, key=lambda row: row.value or 0)
    return t("{sector} es el sector con más: {value}", sector=first.label, value=quantity(first.value, answer.unit))


def weights_title(latest: Sequence[PublishedFact], place: str) -> str:
    """Say the latest weights of small firms."""
    said = [f"{t(str(fact.subject).partition(': ')[2])} {fact.value_text}" for fact in latest]
    return t("Peso en {place}, {year}: {weights}", place=place, year=latest[0].period.label, weights=", ".join(said))


def contribution(row: Row) -> str:
    """Return what a component of a bridge adds to the growth."""
    return points(row.contribution)
