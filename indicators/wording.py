"""A question in one phrase: «Valor exportado de bienes sin cobre, Biobío, enero–octubre 2025, por sector ProChile»."""

from indicators.blocs import bloc_of
from indicators.calendar import Window
from indicators.dimensions import CODE_FILTERS, DIMENSIONS, PRINTED_SECTORS
from indicators.edition import Edition
from indicators.formats import listing
from indicators.language import t
from indicators.names import named, region_label
from indicators.question import Question
from indicators.scope import CONCEPTS, PUBLISHED, SIZE_LABELS, SOURCES


def describe(edition: Edition, question: Question) -> str:
    """Return what a question asks, as a reader says it. The question of an answer has its months written out."""
    what = t("{metric} de {scope}", metric=t(question.spec.label), scope=question.scope.label)
    parts = [
        what,
        t(SIZE_LABELS[question.size]) if question.size else "",
        *_filters(edition, question),
        region_label(edition, question),
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


def _filters(edition: Edition, question: Question) -> list[str]:
    found = []
    if question.sector:
        scheme, _, ids = question.sector.partition(":")
        found.append(t("sector {names}", names=named(edition, f"sector:{scheme}", ids)))
    if question.hs:
        found.append(t("código arancelario {codes}", codes=listing(question.hs.split(","))))
    for part in CODE_FILTERS:
        codes = getattr(question, part)
        if codes:
            bloc = bloc_of(codes) if part == "country" else None
            names = t(bloc.label) if bloc else named(edition, part, codes)
            found.append(t("{dimension}: {names}", dimension=t(DIMENSIONS[part].label), names=names))
    return found


def _split(question: Question) -> str:
    split = question.split
    if split is None:
        return ""
    if split == PRINTED_SECTORS:
        return t("por sector, como lo nombra quien publica")
    dimension = t(DIMENSIONS[split].label).replace(" (", " ").rstrip(")")  # `sector (ProChile)`
    return t("por {dimension}", dimension=dimension)


def _source(question: Question) -> str:
    if question.source == PUBLISHED:
        return t("según lo publicado")
    return t("fuente: {source}", source=t(SOURCES[question.source])) if question.source else ""
