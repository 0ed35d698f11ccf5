"""The charts of a region: from an answer or from published facts to a figure, or None when there is nothing to draw."""

from collections.abc import Sequence

import plotly.graph_objects as go

from indicators import findings
from indicators.published import Breakdown, PublishedFact
from indicators.result import Answer
from indicators.spanish import number, percent, points, quantity
from ui.blocks import DEMO_MARK
from ui.figures import Bar, Caption, Line, bars, lines

MILLION = 1_000_000
PARTS_SHOWN = 7


def movers(answer: Answer) -> go.Figure | None:
    """Draw how many points each sector brought to the total's growth."""
    rows = findings.movers(answer)
    drawn = [
        Bar(
            row.label,
            row.contribution or 0.0,
            points(row.contribution),
            f"{row.label}: {points(row.contribution)}",
        )
        for row in rows
    ]
    measure = f"Contribución a la variación de {answer.scope_label}, {answer.window_label} frente a {answer.base_label}"
    return bars(drawn, _computed(answer, findings.movers_title(answer), measure)) if drawn else None


def months(answer: Answer) -> go.Figure | None:
    """Draw the last twelve complete months over the twelve before."""
    if answer.window is None or not any(row.value or row.base for row in answer.rows):
        return None
    rows = {row.key: row for row in answer.rows}
    found = [rows.get(f"{month:%Y-%m}") for month in answer.window.months]
    measure = f"Valor FOB de {answer.scope_label} por mes, en millones de US$"
    return lines(
        _line(answer.window_label, [row.value if row else None for row in found], answer),
        _line(answer.base_label or "un año antes", [row.base if row else None for row in found], answer),
        answer.window.months,
        _computed(answer, findings.months_title(answer), measure),
    )


def _line(name: str, values: Sequence[float | None], answer: Answer) -> Line:
    in_millions = tuple(None if value is None else float(value) / MILLION for value in values)
    texts = tuple(f"{name}: {quantity(value, answer.unit)}" for value in values)
    return Line(name, in_millions, texts)


def parts(published: Sequence[PublishedFact], total: PublishedFact | None, *, noun: str) -> go.Figure | None:
    """Draw the largest published sectors or destinations of a region."""
    shown = published[:PARTS_SHOWN]
    if not shown:
        return None
    drawn = [_part(part, total) for part in shown]
    title = findings.parts_title(published, total, noun=noun)
    scope = f"{shown[0].scope_label[:1].upper()}{shown[0].scope_label[1:]}"
    measure = f"{scope}, {shown[0].period.label}; millones de US$ y parte del total"
    return bars(drawn, _printed(shown, title, measure))


def _part(part: PublishedFact, total: PublishedFact | None) -> Bar:
    weight = f" · {percent(part.value / total.value)}" if total and total.value else ""
    name = str(part.subject)
    return Bar(name, part.value, f"{number(part.value / MILLION, 1)}{weight}", f"{name}: {part.value_text}{weight}")


def printed_growth(breakdown: Breakdown | None, where: str) -> go.Figure | None:
    """Draw the growth that was printed of each sector."""
    rows = [row for row in breakdown.rows if row.growth] if breakdown else []
    if breakdown is None or not rows:
        return None
    facts = [row.growth for row in rows if row.growth]
    drawn = [
        Bar(str(fact.subject), fact.value, fact.value_text, f"{fact.subject}: {fact.value_text}") for fact in facts
    ]
    measure = f"Variación contra igual período del año anterior, {breakdown.period.label}; los rubros se traslapan"
    return bars(drawn, _printed(facts, findings.printed_title(breakdown, where), measure))


def _computed(answer: Answer, title: str, measure: str) -> Caption:
    is_demo = answer.badge == "demostración"
    source = answer.source_note.removeprefix("Fuente: ")
    return Caption(title, measure, source, DEMO_MARK if is_demo else answer.badge.capitalize(), is_demo)


def _printed(facts: Sequence[PublishedFact], title: str, measure: str) -> Caption:
    publishers = dict.fromkeys(fact.publisher for fact in facts)
    return Caption(title, measure, ", ".join(publishers), "Cifras publicadas", is_demo=False)
