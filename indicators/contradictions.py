"""Parts of a question that contradict one another. Each check returns the part to change and why, or None."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indicators.calendar import WINDOW_NAMES, Window
from indicators.dimensions import CODE_FILTERS, DIMENSIONS
from indicators.errors import QuestionError
from indicators.language import t
from indicators.scope import DENOMINATORS, OTHER_ORIGINS, REGISTER
from indicators.spanish import listing

if TYPE_CHECKING:
    from indicators.question import Question


def check_together(question: Question) -> None:
    """Refuse parts that contradict one another."""
    for check in _CONTRADICTIONS:
        found = check(question)
        if found is not None:
            part, message = found
            raise QuestionError(part, message)


Found = tuple[str, str] | None


def _scope_not_in_whole(question: Question) -> Found:
    whole = question.whole
    if whole is None or question.scope.within(whole.scope):
        return None
    part = "exclude" if question.flow is None else "flow"
    return part, (
        f"No hay participación de {question.scope.label} en el {whole.label}: el numerador no está dentro "
        "del "
        "denominador; quite flow y exclude, o use otro denominador."
    )


def _whole_is_of_value(question: Question) -> Found:
    if question.whole is None or question.metric == "fob" or question.spec.operator in ("share", "contribution"):
        return None
    return (
        "denominator",
        f"Los denominadores son de valor: «{question.metric}» no tiene participación en ellos.",
    )


def _whole_needs_regions(question: Question) -> Found:
    whole = question.whole
    outside = not question.regions or set(question.regions) & set(OTHER_ORIGINS)
    if whole is None or not whole.regionalised or not outside or question.split == "region":
        return None
    return "denominator", (
        "El denominador «regionalised» solo tiene lo que trae región de origen: pida una región de 01 a 16."
    )


def _operator_parts(question: Question) -> Found:
    operator, metric = question.spec.operator, question.metric
    if operator == "share" and question.whole is None:
        options = listing(tuple(DENOMINATORS), conjunction="o")
        return "denominator", f"La participación necesita un denominador: use {options}."
    if operator in ("contribution", "location_quotient") and question.split is None:
        return "split", f"«{metric}» necesita un desglose; por ejemplo split=sector:prochile."
    if operator == "location_quotient" and not question.regions:
        return (
            "region",
            "El índice de especialización compara una región con Chile; pida una región de 01 a 16.",
        )
    compares = question.spec.compares or operator in ("growth", "cagr", "contribution")
    if compares and not question.needs_base:
        return "compare", f"«{metric}» compara dos períodos; quite compare=none."
    return None


def _window_fits_metric(question: Question) -> Found:
    asked, metric = question.asked_window, question.metric
    span = None if asked in WINDOW_NAMES else Window.parse(asked)
    if metric == "yoy" and (asked != "month" if span is None else len(span) != 1):
        return "window", "La variación en doce meses es de un solo mes; use window=month o un mes (2025-10)."
    if metric == "rolling12" and (asked != "rolling12" if span is None else len(span) != 12):
        return "window", "La ventana de «rolling12» es de 12 meses; use window=rolling12."
    starts_in_january = asked in ("ytd", "year") if span is None else span.first.month == 1 and len(span) <= 12
    if metric == "ytd" and not starts_in_january:
        return (
            "window",
            "El acumulado del año empieza en enero; use window=ytd o enero a un mes (2025-01..2025-10).",
        )
    return None


def _base_fits_window(question: Question) -> Found:
    if question.compare in ("year_before", "none"):
        return None if question.metric != "cagr" else ("compare", _CAGR_NEEDS)
    base = Window.parse(question.compare)
    if question.asked_window in WINDOW_NAMES:
        return "compare", "Con una base escrita en meses, escriba también la ventana en meses."
    window = Window.parse(question.asked_window)
    if len(base) != len(window) or base.first.month != window.first.month:
        return "compare", f"La base {base} y la ventana {window} deben tener los mismos meses del año."
    if base.last >= window.first:
        return "compare", f"La base {base} debe ser anterior a la ventana {window}."
    if question.metric == "cagr" and window.first.year - base.first.year < 2:
        return "compare", _CAGR_NEEDS
    return None


_CAGR_NEEDS = "El crecimiento anual compuesto necesita una base al menos dos años anterior; por ejemplo compare=2019."


def _source_has_part(question: Question) -> Found:
    wants_size = question.size is not None or question.split == "size" or question.over == "known_size"
    if wants_size and question.source not in (None, REGISTER):
        return "source", "El tamaño de empresa solo está en el registro de la oficina; use source=registro."
    if question.source is not None and question.source not in question.spec.sources:
        options = listing(question.spec.sources, conjunction="o")
        return "source", f"«{question.metric}» no se calcula con {question.source}; use {options}."
    if wants_size and REGISTER not in question.spec.sources:
        return "size", f"«{question.metric}» no se calcula por tamaño de empresa."
    asks_register = question.source == REGISTER or wants_size
    customs_only = [name for name in CODE_FILTERS if getattr(question, name) and DIMENSIONS[name].is_customs_only]
    split = question.split or "region"
    if asks_register and (customs_only or question.concept == "exit" or DIMENSIONS[split].is_customs_only):
        part = customs_only[0] if customs_only else "concept" if question.concept == "exit" else "split"
        return part, f"El registro de la oficina no trae {part}; quítelo o use una fuente de Aduanas."
    return None


def _continent_is_of_value(question: Question) -> Found:
    spec = question.spec
    of_firms = spec.is_firm_level or question.looks_over == "firm" or question.size
    if question.split != "continent" or not of_firms:
        return None
    return "split", t("«{metric}» no se desglosa por continente; use split=country.", metric=question.metric)


def _only_where_used(question: Question) -> Found:
    if question.k is not None and not question.spec.has_top:
        return "k", f"«{question.metric}» no lleva k; solo top_k."
    return None


_CONTRADICTIONS = (
    _scope_not_in_whole,
    _whole_is_of_value,
    _whole_needs_regions,
    _operator_parts,
    _window_fits_metric,
    _base_fits_window,
    _source_has_part,
    _continent_is_of_value,
    _only_where_used,
)
