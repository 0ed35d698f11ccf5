"""Sentences written from an answer, so that the text says what the table says and nothing else."""

from collections.abc import Sequence

from indicators.calendar import Window
from indicators.formats import listing, percent, points, printed_on, quantity
from indicators.language import t
from indicators.result import Answer, Row

MOVERS_NAMED = 3
LEAST_MOVE = 0.0005  # a contribution that is shown as 0,0 pp moved nothing


def sentence(answer: Answer) -> str:
    """Return the answer in one sentence that can be read alone; a demonstration says so at the end."""
    text = _text(answer)
    if answer.publisher:
        who = ", ".join(filter(None, (answer.publisher, printed_on(answer.published_on))))
        return t("{sentence} Publicado por {publisher}.", sentence=text, publisher=who)
    return marked(text, answer)


def marked(text: str, answer: Answer) -> str:
    """Return a sentence written from an answer, with the mark at its end when the figures are a demonstration's."""
    return f"{text} {t('Datos de demostración. No citar.')}" if answer.badge == "demostración" else text


def _text(answer: Answer) -> str:
    if answer.question.spec.operator == "location_quotient" and answer.rows:
        return _specialised(answer)
    if answer.question.spec.operator == "export_similarity" and answer.rows:
        return _resembles(answer)
    if answer.value is None:
        return _missing(answer)
    if answer.share_of and answer.question.spec.operator == "share":
        return _share(answer)
    if answer.question.spec.operator == "contribution":
        return movers_sentence(answer)
    return _value(answer) if answer.question.metric == "fob" else _other(answer)


def movers_sentence(answer: Answer, *, named: int = MOVERS_NAMED) -> str:
    """Say what moved the total: the parts that contributed most, those with its direction first."""
    moved = [row for row in answer.rows if abs(row.contribution or 0.0) >= LEAST_MOVE]
    if not moved:
        return t("No hay contribuciones que mostrar para {place}.", place=_place(answer))
    total = sum(row.contribution or 0.0 for row in moved)
    along = _largest([row for row in moved if (row.contribution or 0) * total > 0], named)
    against = _largest([row for row in moved if (row.contribution or 0) * total < 0], 1)
    said = {"place": _place(answer), "along": _pairs(along), "window": answer.window_label, "base": _base(answer)}
    if total < 0:
        if against:
            return t(
                "Lo que más restó en {place}: {along}; en sentido contrario, {against} ({window} respecto de {base}).",
                against=_pairs(against),
                **said,
            )
        return t("Lo que más restó en {place}: {along} ({window} respecto de {base}).", **said)
    if against:
        return t(
            "Lo que más sumó en {place}: {along}; en sentido contrario, {against} ({window} respecto de {base}).",
            against=_pairs(against),
            **said,
        )
    return t("Lo que más sumó en {place}: {along} ({window} respecto de {base}).", **said)


def _largest(rows: Sequence[Row], count: int) -> list[Row]:
    return sorted(rows, key=lambda row: -abs(row.contribution or 0.0))[:count]


def _pairs(rows: Sequence[Row]) -> str:
    return listing([f"{row.label} ({points(row.contribution)})" for row in rows])


def _value(answer: Answer) -> str:
    said = t(
        "En {window}, {place} exportó {value} en {scope}",
        window=_window(answer),
        place=_place(answer),
        value=quantity(answer.value, "usd"),
        scope=answer.scope_label,
    )
    return f"{_compared(said, answer)}."


def _share(answer: Answer) -> str:
    said = t(
        "En {window}, {place} fue el {share} {whole}",
        window=_window(answer),
        place=_place(answer),
        share=percent(answer.value),
        whole=answer.share_of,
    )
    if answer.share_change is None:
        return f"{said}."
    moved = points(answer.share_change)
    return t("{said} ({points} respecto de {base}).", said=said, points=moved, base=_base(answer))


def _other(answer: Answer) -> str:
    said = t(
        "En {window}, {what} de {place}, {scope}: {value}",
        window=_window(answer),
        what=uncapitalised(answer.label),
        place=_place(answer),
        scope=answer.scope_label,
        value=quantity(answer.value, answer.unit),
    )
    return f"{_compared(said, answer)}."


def _specialised(answer: Answer) -> str:
    return t(
        "En {window}, {place} se especializa, respecto de Chile, en {parts}.",
        window=_window(answer),
        place=_place(answer),
        parts=_leading(answer),
    )


def _resembles(answer: Answer) -> str:
    return t(
        "En {window}, lo que exporta {place} se parece más a lo de {regions}.",
        window=_window(answer),
        place=_place(answer),
        regions=_leading(answer),
    )


def _leading(answer: Answer) -> str:
    leading = [row for row in answer.rows if row.value is not None][:MOVERS_NAMED]
    return listing([f"{row.label} ({quantity(row.value, answer.unit)})" for row in leading])


def _missing(answer: Answer) -> str:
    return t(
        "Sin dato de {what} para {place} ({window}). {why}",
        what=uncapitalised(answer.label),
        place=_place(answer),
        window=answer.window_label,
        why=answer.reasons[0].text if answer.reasons else t("No hay dato."),
    )


def _compared(said: str, answer: Answer) -> str:
    """Add how the value moved: in percent, else by how much and why there is no percent, else nothing."""
    if answer.growth is not None:
        if answer.growth == 0:
            return t("{said}, lo mismo que en {base}", said=said, base=_base(answer))
        moved = percent(abs(answer.growth))
        if answer.growth > 0:
            return t("{said}, {moved} más que en {base}", said=said, moved=moved, base=_base(answer))
        return t("{said}, {moved} menos que en {base}", said=said, moved=moved, base=_base(answer))
    if any(reason.code == "base_baja" for reason in answer.reasons) and answer.change:
        words = {"said": said, "moved": quantity(abs(answer.change), answer.unit), "base": _base(answer)}
        if answer.change > 0:
            return t("{said}, {moved} más que en {base} (base baja: sin porcentaje)", **words)
        return t("{said}, {moved} menos que en {base} (base baja: sin porcentaje)", **words)
    if answer.question.needs_base and answer.base_label is None:
        return t("{said}; sin base con que comparar", said=said)
    return said


def _window(answer: Answer) -> str:
    return within(answer.window, answer.window_label)


def _base(answer: Answer) -> str:
    return within(answer.base_window, answer.base_label or "")


def within(window: Window | None, label: str) -> str:
    """Return how a window is called after «en»: as its label, with an article before `12 meses a octubre de 2025`."""
    is_twelve = window is not None and len(window) == 12 and window.first.month > 1
    return t("los {months}", months=label) if is_twelve else label


def uncapitalised(label: str) -> str:
    """Return a label as it stands inside a sentence; initials such as FOB keep their capitals."""
    return label if label[1:2].isupper() else f"{label[:1].lower()}{label[1:]}"


def _place(answer: Answer) -> str:
    return t("la Región Metropolitana") if answer.question.region == "13" else answer.region_label
