"""Spanish sentences written from an answer, so that the text says what the table says and nothing else."""

from collections.abc import Sequence

from indicators.formats import listing, percent, points, printed_on, quantity
from indicators.language import t
from indicators.result import Answer, Row

MOVERS_NAMED = 3
LEAST_MOVE = 0.0005  # a contribution that is shown as 0,0 pp moved nothing


def sentence(answer: Answer) -> str:
    """Return the answer in one sentence that can be read alone; a demonstration says so at the end."""
    if answer.question.spec.operator == "location_quotient" and answer.rows:
        text = _specialised(answer)
    elif answer.question.spec.operator == "export_similarity" and answer.rows:
        text = _resembles(answer)
    elif answer.value is None:
        text = _missing(answer)
    elif answer.share_of and answer.question.spec.operator == "share":
        text = _share(answer)
    elif answer.question.spec.operator == "contribution":
        text = movers_sentence(answer)
    elif answer.question.metric == "fob":
        text = _value(answer)
    else:
        text = _other(answer)
    if answer.publisher:
        who = ", ".join(filter(None, (answer.publisher, printed_on(answer.published_on))))
        return t("{sentence} Publicado por {publisher}.", sentence=text, publisher=who)
    return f"{text} Datos de demostración. No citar." if answer.badge == "demostración" else text


def movers_sentence(answer: Answer, *, named: int = MOVERS_NAMED) -> str:
    """Say what moved the total: the parts that contributed most, those with its direction first."""
    moved = [row for row in answer.rows if abs(row.contribution or 0.0) >= LEAST_MOVE]
    if not moved:
        return f"No hay contribuciones que mostrar para {_place(answer)}."
    total = sum(row.contribution or 0.0 for row in moved)
    along = _largest([row for row in moved if (row.contribution or 0) * total > 0], named)
    against = _largest([row for row in moved if (row.contribution or 0) * total < 0], 1)
    lost = total < 0
    said = f"Lo que más {'restó' if lost else 'sumó'} en {_place(answer)}: {_pairs(along)}"
    if against:
        said += f"; en sentido contrario, {_pairs(against)}"
    return f"{said} ({answer.window_label} respecto de {_base(answer)})."


def _largest(rows: Sequence[Row], count: int) -> list[Row]:
    return sorted(rows, key=lambda row: -abs(row.contribution or 0.0))[:count]


def _pairs(rows: Sequence[Row]) -> str:
    return listing([f"{row.label} ({points(row.contribution)})" for row in rows])


def _value(answer: Answer) -> str:
    exported = f"{quantity(answer.value, 'usd')} en {answer.scope_label}"
    return f"{_in_window(answer)}, {_place(answer)} exportó {exported}{_compared(answer)}."


def _share(answer: Answer) -> str:
    said = f"{_in_window(answer)}, {_place(answer)} fue el {percent(answer.value)} {answer.share_of}"
    if answer.share_change is not None:
        said += f" ({points(answer.share_change)} respecto de {_base(answer)})"
    return f"{said}."


def _other(answer: Answer) -> str:
    what = answer.label[0].lower() + answer.label[1:]
    scope = f"{_place(answer)}, {answer.scope_label}"
    return f"{_in_window(answer)}, {what} de {scope}: {quantity(answer.value, answer.unit)}{_compared(answer)}."


def _specialised(answer: Answer) -> str:
    leading = [row for row in answer.rows if row.value is not None][:MOVERS_NAMED]
    named = listing([f"{row.label} ({quantity(row.value, answer.unit)})" for row in leading])
    return f"{_in_window(answer)}, {_place(answer)} se especializa, respecto de Chile, en {named}."


def _resembles(answer: Answer) -> str:
    nearest = [row for row in answer.rows if row.value is not None][:MOVERS_NAMED]
    named = listing([f"{row.label} ({quantity(row.value, answer.unit)})" for row in nearest])
    return f"{_in_window(answer)}, lo que exporta {_place(answer)} se parece más a lo de {named}."


def _missing(answer: Answer) -> str:
    why = answer.reasons[0].text if answer.reasons else "No hay dato."
    what = answer.label[0].lower() + answer.label[1:]
    return f"Sin dato de {what} para {_place(answer)} ({answer.window_label}). {why}"


def _compared(answer: Answer) -> str:
    """How the value moved: in percent, else by how much and why there is no percent, else nothing."""
    if answer.growth is not None:
        if answer.growth == 0:
            return f", lo mismo que en {_base(answer)}"
        return f", {percent(abs(answer.growth))} {_direction(answer.growth)} que en {_base(answer)}"
    if any(reason.code == "base_baja" for reason in answer.reasons) and answer.change:
        moved = quantity(abs(answer.change), answer.unit)
        return f", {moved} {_direction(answer.change)} que en {_base(answer)} (base baja: sin porcentaje)"
    if answer.question.needs_base and answer.base_label is None:
        return "; sin base con que comparar"
    return ""


def _direction(change: float) -> str:
    return "más" if change > 0 else "menos"


def _in_window(answer: Answer) -> str:
    return f"En {_with_article(answer.window_label)}"


def _base(answer: Answer) -> str:
    return _with_article(answer.base_label or "")


def _with_article(label: str) -> str:
    return f"los {label}" if label.startswith("12 meses") else label


def _place(answer: Answer) -> str:
    return "la Región Metropolitana" if answer.question.region == "13" else answer.region_label
