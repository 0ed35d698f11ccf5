"""The one function that answers a question. Chart, table, sentence and file are made from what it returns."""

from collections.abc import Iterable
from dataclasses import replace

from indicators.cohorts import GENERATIONS, follow
from indicators.edition import Edition
from indicators.language import t
from indicators.measure import measure
from indicators.operators import operate
from indicators.published.answers import published_answer
from indicators.question import Question
from indicators.reasons import Reason
from indicators.result import Answer, Coverage, Row, Statement
from indicators.scope import PUBLISHED

__all__ = ["Answer", "Coverage", "Reason", "Row", "Statement", "answer"]


def answer(edition: Edition, question: Question) -> Answer:
    """Return the answer to a question in an edition: a value, or None with the reason why there is none.

    Every word of it is in the language in force. Raises QuestionError when the question names a code that the edition
    does not know.
    """
    found = _found(edition, question)
    rows = tuple(replace(row, reasons=_said(row.reasons)) for row in found.rows)
    return replace(found, rows=rows, reasons=_said(found.reasons), flags=_said(found.flags))


def _found(edition: Edition, question: Question) -> Answer:
    if question.source == PUBLISHED:
        return published_answer(edition, question)
    if question.spec.operator in GENERATIONS:
        return follow(edition, question)
    if question.spec.operator is not None:
        return operate(edition, question)
    return measure(edition, question)


def _said(found: Iterable[Reason]) -> tuple[Reason, ...]:
    return tuple(replace(reason, text=t(reason.text)) for reason in found)
