"""A question in one phrase: «Valor exportado de bienes sin cobre, Biobío, enero–octubre 2025, por sector ProChile»."""

from indicators.calendar import Window
from indicators.dimensions import DIMENSIONS, PRINTED_SECTORS, YEAR
from indicators.edition import Edition
from indicators.labels import metric_label, region_names
from indicators.language import t
from indicators.names import filter_labels
from indicators.question import Question
from indicators.scope import CONCEPTS, PUBLISHED, SIZE_LABELS, SOURCES


def describe(edition: Edition, question: Question) -> str:
    """Return what a question asks, as a reader says it. The question of an answer has its months written out."""
    metric = t(question.spec.label) if question.whole else metric_label(question)  # the whole is said behind
    what = t("{metric} de {scope}", metric=metric, scope=question.scope.label)
    parts = [
        what,
        t(SIZE_LABELS[question.size]) if question.size else "",
        *filter_labels(edition, question, in_full=True),
        region_names(edition, question),
        t("según {concept}", concept=t(CONCEPTS[question.concept].label)) if question.concept != "origin" else "",
        t("como parte del {whole}", whole=t(question.whole.label)) if question.whole else "",
        _months(question),
        _split(question),
        _source(question),
    ]
    return ", ".join(filter(None, parts))


def _months(question: Question) -> str:
    window = question.asked_window_label
    if not question.needs_base:
        return window
    if question.compare != "year_before":
        return t("{window} frente a {base}", window=window, base=Window.parse(question.compare).label)
    if question.window is None or not question.window[0].isdigit():
        return t("{window} frente a un año antes", window=window)
    base = question.base_of(Window.parse(question.window))
    return t("{window} frente a {base}", window=window, base=base.label if base else "")


def _split(question: Question) -> str:
    split = question.split
    if split is None:
        return ""
    if split == PRINTED_SECTORS:
        return t("por sector, como lo nombra quien publica")
    if split == YEAR:
        return t("por año")
    dimension = t(DIMENSIONS[split].label).replace(" (", " ").rstrip(")")  # `sector (ProChile)`
    return t("por {dimension}", dimension=dimension)


def _source(question: Question) -> str:
    if question.source == PUBLISHED:
        return t("según lo publicado")
    return t("fuente: {source}", source=t(SOURCES[question.source])) if question.source else ""
