"""The one function that answers a question. Chart, table, sentence and file are made from what it returns."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from editions.edition import Edition
from indicators.engine.companies import count
from indicators.engine.compute import measure
from indicators.engine.growth import round_off
from indicators.engine.operators import GENERATIONS, follow, operate
from indicators.engine.result import Answer, Coverage, Reason, Row, Statement
from indicators.published.answers import published_answer
from indicators.question.question import Question
from indicators.question.scope import PUBLISHED
from words.language import t

NUMBERS = ("value", "base", "change", "growth", "share", "share_base", "contribution")

__all__ = ["Answer", "Coverage", "Reason", "Row", "Statement", "answer"]


def answer(edition: Edition, question: Question) -> Answer:
    """Return the answer to a question in an edition: a value, or None with the reason why there is none.

    Every word of it is in the language in force. Raises QuestionError when the question names a code that the edition
    does not know.
    """
    found = _found(edition, question)
    rows = tuple(replace(row, reasons=_said(row.reasons), **_numbers(row)) for row in found.rows)
    return replace(found, rows=rows, reasons=_said(found.reasons), flags=_said(found.flags), **_numbers(found))


def _numbers(of: Answer | Row) -> dict[str, Any]:
    """The numbers of an answer or a row without what binary fractions add behind the digits: 0.30000000000000004."""
    numbers = {name: getattr(of, name) for name in NUMBERS if hasattr(of, name)}
    return {name: round_off(number) if isinstance(number, float) else number for name, number in numbers.items()}


def _found(edition: Edition, question: Question) -> Answer:
    if question.source == PUBLISHED:
        return published_answer(edition, question)
    if question.spec.operator == "companies":
        return count(edition, question)
    if question.spec.operator in GENERATIONS:
        return follow(edition, question)
    if question.spec.operator is not None:
        return operate(edition, question)
    return measure(edition, question)


def _said(found: Iterable[Reason]) -> tuple[Reason, ...]:
    return tuple(replace(reason, text=t(reason.text)) for reason in found)
