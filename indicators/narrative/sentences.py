"""Sentences written from an answer, so that the text says what the table says and nothing else."""

from collections.abc import Callable, Mapping, Sequence

from indicators.engine.context import NATION_NAME, with_concept
from indicators.engine.result import AT_LEAST, Answer, Row
from indicators.question.calendar import Window
from indicators.question.dimensions import CODE_FILTERS, UNKNOWN_KEY
from indicators.question.question import Question
from indicators.question.scope import FLOW_LABELS, OTHER_ORIGINS
from words.formats import listing, percent, points, printed_on, quantity
from words.language import t

# -- How a sentence names who exported, what and against when: all that makes it another figure.


def where(answer: Answer) -> str:
    """Return the place of an answer: `Biobío`, `la Región Metropolitana`, `Biobío y Ñuble (según aduana de salida)`."""
    return with_concept(answer.place, answer.question)


def exporter(answer: Answer) -> str:
    """Return who exported, with its verb: `Biobío exportó`, `por aduanas de Biobío y Ñuble salieron`."""
    return t(_said(answer, EXPORTERS), place=answer.place)


def exports(answer: Answer) -> str:
    """Return what was exported, as the subject of a sentence: `lo que exportaron Biobío y Ñuble`."""
    return t(_said(answer, EXPORTS), place=answer.place)


EXPORTERS = {
    "exit": "por aduanas de {place} salieron",
    "comuna": "empresas con domicilio en {place} exportaron",
    "no region": "lo exportado con origen «{place}» sumó",
    "several": "{place} exportaron",
    "one": "{place} exportó",
}
EXPORTS = {
    "exit": "lo que salió por aduanas de {place}",
    "comuna": "lo que exportaron empresas con domicilio en {place}",
    "no region": "lo exportado con origen «{place}»",
    "several": "lo que exportaron {place}",
    "one": "lo que exportó {place}",
}


def _said(answer: Answer, texts: dict[str, str]) -> str:
    question = answer.question
    if question.regions and question.concept != "origin":
        return texts[question.concept]
    if set(question.regions) & set(OTHER_ORIGINS):
        return texts["no region"]
    return texts["several" if len(question.regions) > 1 else "one"]


def before(answer: Answer) -> str:
    """Return what an answer is compared with: `un año antes`, or the months of another base."""
    if answer.window and answer.base_window and answer.base_window != answer.window.shifted(-12):
        return t("en {base}", base=within(answer.base_window, answer.base_label or ""))
    return t("un año antes")


def within(window: Window | None, label: str) -> str:
    """Return how a window is called after «en»: as its label, with an article before `12 meses a octubre de 2025`."""
    is_twelve = window is not None and len(window) == 12 and window.first.month > 1
    return t("los {months}", months=label) if is_twelve else label


def identified(title: str, answer: Answer) -> str:
    """Return a title with the place and the scope that it leaves out: `… · Biobío · servicios`. Goods go unsaid."""
    place, scope = where(answer), answer.scope_label
    is_placed = any(words in title for words in (place, exporter(answer), exports(answer)))
    missing = [] if is_placed or place == NATION_NAME else [place]
    missing += [] if scope == t(FLOW_LABELS["goods"]) or scope in _without_wider(title, scope) else [scope]
    return " · ".join([title, *missing])


def _without_wider(title: str, scope: str) -> str:
    """Return a title without the flows that only begin or end like a scope: «bienes y servicios» is not services."""
    for label in map(t, FLOW_LABELS.values()):
        title = title.replace(label, "") if scope in label and scope != label else title
    return title


# -- Sentences written from an answer, so that the text says what the table says and nothing else.

MOVERS_NAMED = 3
PARTS_NAMED = 9  # as many as any metric without a total has
LEAST_MOVE = 0.0005  # what is shown as 0,0 pp or 0,0 % moved nothing
SPECIALISED = 1.05  # an index that is shown as more than 1,0
UNUSUAL_SOURCES = {  # another source than customs' months is another figure
    "aduanas_salidas": "el archivo anual de salidas de Aduanas",
    "registro": "el registro de exportadores de la oficina",
}


def sentence(answer: Answer) -> str:
    """Return the answer in one sentence that can be read alone; a demonstration says so at the end."""
    text = _text(answer)
    if answer.publisher:
        who = ", ".join(filter(None, (answer.publisher, printed_on(answer.published_on))))
        return t("{sentence} Publicado por {publisher}.", sentence=text, publisher=who)
    is_unusual = answer.question.source in UNUSUAL_SOURCES and not answer.question.is_sized
    if is_unusual and (answer.value is not None or answer.rows):
        text = t("{sentence} Según {source}.", sentence=text, source=t(UNUSUAL_SOURCES[answer.question.source or ""]))
    return marked(text, answer)


def marked(text: str, answer: Answer) -> str:
    """Return a sentence written from an answer, with the mark at its end when the figures are a demonstration's."""
    return f"{text} {t('Datos de demostración. No citar.')}" if answer.badge == "demostración" else text


def _text(answer: Answer) -> str:
    operator = answer.question.spec.operator
    has_rows = any(row.value is not None for row in answer.rows)
    if answer.value is None and not has_rows:
        return _missing(answer)
    if operator is not None and operator in _OF_OPERATOR:
        return _OF_OPERATOR[operator](answer)
    if answer.value is None:
        return _parts(answer)
    return _value(answer) if answer.question.metric == "fob" else _other(answer)


def movers_sentence(answer: Answer, *, named: int = MOVERS_NAMED) -> str:
    """Say what moved the total: the parts that contributed most, those with its direction first."""
    moved = [row for row in answer.rows if abs(row.contribution or 0.0) >= LEAST_MOVE]
    words = {"place": where(answer), "scope": answer.scope_label, "window": answer.window_label, "base": _base(answer)}
    if not moved:
        return t("No hay contribuciones que mostrar para {place}, {scope} ({window} respecto de {base}).", **words)
    total = sum(row.contribution or 0.0 for row in answer.rows)
    if answer.reserved:  # what is left is not the total
        words |= {"parts": _pairs(_largest(moved, named)), "reserved": "; ".join(answer.reserved)}
        return t(
            "Lo publicado de {place}, {scope}: {parts}; en reserva, {reserved} ({window} respecto de {base}).", **words
        )
    along = _largest([row for row in moved if (row.contribution or 0) * total > 0], named)
    against = _largest([row for row in moved if (row.contribution or 0) * total < 0], 1)
    words |= {"along": _pairs(along), "against": _pairs(against), "total": points(total)}
    return t(MOVED[total < 0, bool(against)], **words)


MOVED = {  # does the total fall, does a part move the other way → sentence
    (False, False): "Lo que más sumó en {place}, {scope}: {along}; en total, {total} ({window} respecto de {base}).",
    (True, False): "Lo que más restó en {place}, {scope}: {along}; en total, {total} ({window} respecto de {base}).",
    (False, True): "Lo que más sumó en {place}, {scope}: {along}; en sentido contrario, {against}; en total, {total} "
    "({window} respecto de {base}).",
    (True, True): "Lo que más restó en {place}, {scope}: {along}; en sentido contrario, {against}; en total, {total} "
    "({window} respecto de {base}).",
}


def _largest(rows: Sequence[Row], count: int) -> list[Row]:
    return sorted(rows, key=lambda row: -abs(row.contribution or 0.0))[:count]


def _pairs(rows: Sequence[Row]) -> str:
    return listing([f"{row.label} ({points(row.contribution)})" for row in rows])


def _value(answer: Answer) -> str:
    text = t(
        "En {window}, {exporter} {value} en {scope}",
        window=_window(answer),
        exporter=exporter(answer),
        value=quantity(answer.value, "usd"),
        scope=answer.scope_label,
    )
    return f"{_compared(text, answer)}."


def _growth(answer: Answer) -> str:
    """Say the rate with both of its windows: «en doce meses» would be false of another base."""
    text = t(
        "En {window}, {exports} en {scope} fue",
        window=_window(answer),
        exports=exports(answer),
        scope=answer.scope_label,
    )
    return f"{_more_or_less(text, answer.value or 0.0, answer)}."


def _cagr(answer: Answer) -> str:
    return t(
        "Entre {base} y {window}, {exports} en {scope} varió {rate} al año.",
        base=answer.base_label,
        window=answer.window_label,
        exports=exports(answer),
        scope=answer.scope_label,
        rate=percent(answer.value, sign=True),
    )


def _share(answer: Answer) -> str:
    words = {"window": _window(answer), "share": percent(answer.value), "whole": answer.share_of}
    if _is_all_of_its_scope(answer.question):
        text = t("En {window}, {place} fue el {share} {whole}", place=where(answer), **words)
    else:
        words |= {"exports": exports(answer), "scope": answer.scope_label}
        text = t("En {window}, {exports} en {scope} fue el {share} {whole}", **words)
    if answer.share_change is None:
        return f"{text}."
    if abs(answer.share_change) < LEAST_MOVE:
        return t("{said} (casi lo mismo que en {base}).", said=text, base=_base(answer))
    moved = points(answer.share_change)
    return t("{said} ({points} respecto de {base}).", said=text, points=moved, base=_base(answer))


def _is_all_of_its_scope(question: Question) -> bool:
    """Whether a share is of all that a region exports in the scope of its whole, so that the whole says the scope."""
    is_cut = question.size or question.sector or question.hs or any(getattr(question, part) for part in CODE_FILTERS)
    is_whole = question.whole is not None and question.scope == question.whole.scope
    return is_whole and not is_cut and question.concept == "origin"


def _other(answer: Answer) -> str:
    text = t(
        "En {window}, {what} de {place}, {scope}: {value}",
        window=_window(answer),
        what=uncapitalised(answer.label),
        place=where(answer),
        scope=answer.scope_label,
        value=_amount(answer),
    )
    if answer.question.spec.operator == "companies" and answer.share is not None:
        text = t("{said} ({share} {whole})", said=text, share=percent(answer.share), whole=answer.share_of)
    return f"{_compared(text, answer)}."


def _amount(answer: Answer) -> str:
    """The value with its unit; a sum that lacks cells is at least that much."""
    amount = quantity(answer.value, answer.unit)
    is_least = any(flag.code == AT_LEAST for flag in answer.flags)
    return t("al menos {amount}", amount=amount) if is_least else amount


def _parts(answer: Answer) -> str:
    """Say the parts of what has no total: growth where they are compared, else their values."""
    rows = [row for row in answer.rows if row.value is not None]
    named = [f"{row.label}: {_moved(row, answer)}" for row in rows[:PARTS_NAMED]]
    more = [t("y {n} más", n=len(rows) - PARTS_NAMED)] if len(rows) > PARTS_NAMED else []
    text = t(
        "En {window}, {what} de {place}, {scope}: {parts}",
        window=_window(answer),
        what=uncapitalised(answer.label),
        place=where(answer),
        scope=answer.scope_label,
        parts="; ".join([*named, *more]),
    )
    compares = answer.base_label and any(row.base is not None for row in rows)
    return t("{said} (respecto de {base}).", said=text, base=_base(answer)) if compares else f"{text}."


def _moved(row: Row, answer: Answer) -> str:
    """How a part grew; else how much it changed; else what it is."""
    if row.growth is not None:
        return percent(row.growth, sign=True)
    unit = row.unit or answer.unit
    return quantity(row.value, unit) if row.change is None else quantity(row.change, unit, sign=True)


def _specialised(answer: Answer) -> str:
    words = {"window": _window(answer), "place": where(answer), "scope": answer.scope_label}
    parts = [row for row in answer.rows if is_specialised(row)][:MOVERS_NAMED]
    if not parts:
        text = "En {window}, {place} no se especializa en nada respecto de Chile, en {scope}: ningún índice pasa de 1."
        return t(text, **words)
    text = "En {window}, {place} se especializa, respecto de Chile y en {scope}, en {parts}."
    return t(text, parts=_leading(answer, parts), **words)


def is_specialised(row: Row) -> bool:
    """Whether a part weighs more in the region than in Chile; what has no code, or weighs 0,0 %, is no speciality."""
    weighs = row.share is None or row.share >= LEAST_MOVE
    return row.key != UNKNOWN_KEY and row.value is not None and row.value >= SPECIALISED and weighs


def _resembles(answer: Answer) -> str:
    return t(
        "En {window}, {what}: {place} exporta en {scope} lo más parecido a {regions}.",
        window=_window(answer),
        what=uncapitalised(answer.label),
        place=where(answer),
        scope=answer.scope_label,
        regions=_leading(answer, [row for row in answer.rows if row.value is not None][:MOVERS_NAMED]),
    )


def _leading(answer: Answer, rows: Sequence[Row]) -> str:
    return listing([f"{row.label} ({quantity(row.value, answer.unit)})" for row in rows])


def _missing(answer: Answer) -> str:
    return t(
        "Sin dato de {what} para {place} ({window}). {why}",
        what=uncapitalised(answer.label),
        place=where(answer),
        window=answer.window_label,
        why=answer.reasons[0].text if answer.reasons else t("No hay dato."),
    )


def _compared(text: str, answer: Answer) -> str:
    """Add how the value moved: in percent, else by how much and why there is no percent, else nothing."""
    if answer.growth is not None:
        return _more_or_less(f"{text},", answer.growth, answer)
    if any(reason.code == "base_baja" for reason in answer.reasons) and answer.change:
        words = {"said": text, "moved": quantity(abs(answer.change), answer.unit), "base": _base(answer)}
        if answer.change > 0:
            return t("{said}, {moved} más que en {base} (base baja: sin porcentaje)", **words)
        return t("{said}, {moved} menos que en {base} (base baja: sin porcentaje)", **words)
    if answer.question.needs_base and answer.base_label is None:
        return t("{said}; sin base con que comparar", said=text)
    return text


def _more_or_less(text: str, growth: float, answer: Answer) -> str:
    """Say a rate in words; what rounds to 0,0 % is neither more nor less."""
    words = {"said": text, "moved": percent(abs(growth)), "base": _base(answer)}
    if abs(growth) < LEAST_MOVE:
        return t("{said} lo mismo que en {base}" if growth == 0 else "{said} casi lo mismo que en {base}", **words)
    return t("{said} {moved} más que en {base}" if growth > 0 else "{said} {moved} menos que en {base}", **words)


def _window(answer: Answer) -> str:
    return within(answer.window, answer.window_label)


def _base(answer: Answer) -> str:
    return within(answer.base_window, answer.base_label or "")


def uncapitalised(label: str) -> str:
    """Return a label as it stands inside a sentence; initials such as FOB keep their capitals."""
    return label if label[1:2].isupper() else f"{label[:1].lower()}{label[1:]}"


_OF_OPERATOR: Mapping[str, Callable[[Answer], str]] = {
    "growth": _growth,
    "cagr": _cagr,
    "share": _share,
    "contribution": movers_sentence,
    "location_quotient": _specialised,
    "export_similarity": _resembles,
}
