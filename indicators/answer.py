"""The one function that answers a question. Chart, table, sentence and file are made from what it returns."""

from indicators.cohorts import GENERATIONS, follow
from indicators.edition import Edition
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

    Raises QuestionError when the question names a code that the edition does not know.
    """
    if question.source == PUBLISHED:
        return published_answer(edition, question)
    if question.spec.operator in GENERATIONS:
        return follow(edition, question)
    if question.spec.operator is not None:
        return operate(edition, question)
    return measure(edition, question)
