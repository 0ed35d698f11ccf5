"""What stands around a figure: its labels, what to mind about it, its source, its badge."""

from collections.abc import Mapping
from typing import Any

from indicators import reasons
from indicators.calendar import SourceCalendar, add_months
from indicators.edition import Edition
from indicators.labels import metric_label, place_of, region_names, scope_label, with_concept
from indicators.language import language, t
from indicators.plan import Plan
from indicators.question import Question
from indicators.reasons import Reason
from indicators.result import Answer
from indicators.scope import COMPANIES, PUBLISHED, REAL_SOURCES, REGISTER, SOURCES

PROVISIONAL_MONTHS = 12
FIRM_BREAK, HS_BREAK, REGION_BREAK = "exporter_id", "hs", "region"
BREAKS = "SELECT applies_to, codes, text_{language} AS said, starts_on FROM core_series_break ORDER BY starts_on"


def blank_answer(edition: Edition, question: Question, plan: Plan, calendar: SourceCalendar | None) -> Answer:
    """Return the answer with its labels and flags and no value yet."""
    window = plan.window
    resolved = resolve(question, plan)
    return Answer(
        question=resolved,
        label=metric_label(question, window, plan.base),
        unit=question.spec.unit,
        value=None,
        base=None,
        change=None,
        growth=None,
        share=None,
        share_base=None,
        share_of=None,
        window=window,
        base_window=plan.base,
        window_label=reasons.with_gaps(window.label, absent=plan.absent, unfinished=plan.unfinished)
        if window
        else question.asked_window_label,
        base_label=plan.base.label if plan.base else None,
        scope_label=scope_label(edition, question, sizing=plan.sizing),
        region_label=with_concept(region_names(edition, question), question),
        place=place_of(edition, question),
        reasons=plan.reasons,
        flags=_flags(edition, question, plan, calendar),
        coverage=None,
        rows=(),
        n_items=0,
        source_note=_source_note(edition, plan),
        edition_id=edition.id,
        badge=_badge(edition, plan),
        statements=(),
        gaps=(*plan.absent, *plan.unfinished),
    )


def resolve(question: Question, plan: Plan) -> Question:
    """Return the question with the months and the source of its answer written out."""
    if plan.window is None:
        return question
    base = question.base_of(plan.window)
    compare = question.compare if question.compare in ("year_before", "none") else str(base)
    return question.but(window=str(plan.window), compare=compare, source=plan.source, sizing=plan.sizing)


def _source_note(edition: Edition, plan: Plan) -> str:
    source = t(SOURCES[plan.source])
    if plan.source in REAL_SOURCES:
        return t("Fuente: {source}.", source=source)
    return t("Fuente: {source}. Edición {edition}.", source=source, edition=edition.id)


def _badge(edition: Edition, plan: Plan) -> str:
    """Return how far the figure can be trusted: a code, shown through `t`."""
    if plan.source in REAL_SOURCES:
        return "publicado"
    if edition.is_demo:
        return "demostración"
    if edition.holds_no_firm and plan.source == REGISTER:
        return "público"
    return "privado" if plan.source == REGISTER else "oficial"


def _flags(edition: Edition, question: Question, plan: Plan, calendar: SourceCalendar | None) -> tuple[Reason, ...]:
    if plan.source == COMPANIES:  # counted anew for the regions of today
        return ()
    if plan.source == PUBLISHED:  # real in every edition, whatever its records are
        return tuple(_breaks(edition, question, plan))
    flags = list(plan.flags)
    if edition.is_demo:
        flags.insert(0, reasons.DEMO)
    if edition.extract:
        flags.append(reasons.extract(edition.extract))
    if plan.window is not None and calendar is not None:
        recent = add_months(max(calendar.states), 1 - PROVISIONAL_MONTHS)
        if edition.kind in ("official", "public") and plan.window.last >= recent:
            flags.append(reasons.PROVISIONAL)
        flags += _breaks(edition, question, plan)
    return tuple(flags)


def _breaks(edition: Edition, question: Question, plan: Plan) -> list[Reason]:
    """Return the breaks of the series that lie inside what is shown or compared."""
    if plan.window is None:
        return []
    first = plan.base.first if plan.base else plan.window.first
    end = add_months(plan.window.last, 1)
    breaks = edition.constant(BREAKS.format(language=language()))
    crossed = (row for row in breaks if first < row["starts_on"] < end)
    return [reasons.series_break(row["said"]) for row in crossed if _concerns(row, question, plan)]


def _concerns(row: Mapping[str, Any], question: Question, plan: Plan) -> bool:
    if row["applies_to"] == REGION_BREAK:
        touched = set((row["codes"] or "").split(","))
        asked = set(question.regions)
        return question.split == "region" or bool(asked & touched and not touched <= asked)
    if row["applies_to"] == HS_BREAK:
        over = question.looks_over == "product" or question.spec.cell in ("product", "unit_value")
        return over or question.hs is not None or (question.split or "").startswith("hs")
    if row["applies_to"] == FIRM_BREAK:
        return plan.source not in (REGISTER, PUBLISHED) and question.spec.counts_firms
    return False
