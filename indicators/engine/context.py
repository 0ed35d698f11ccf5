"""What stands around a figure: its labels, the question in one phrase, what to mind, its source, its badge."""

from collections.abc import Mapping
from typing import Any

from editions.edition import Edition
from indicators.engine import result
from indicators.engine.names import filter_labels, key_labels
from indicators.engine.plan import Plan
from indicators.engine.result import Answer, Reason
from indicators.question.calendar import SourceCalendar, Window, add_months
from indicators.question.dimensions import DIMENSIONS, PRINTED_SECTORS, YEAR
from indicators.question.question import Question
from indicators.question.scope import (
    COMPANIES,
    CONCEPTS,
    NATION,
    PUBLISHED,
    REAL_SOURCES,
    REGISTER,
    SIZE_LABELS,
    SIZINGS,
    SOURCES,
)
from words.formats import listing
from words.language import language, t

# -- What a question is called: its metric, its place, its scope. Each part that changes the figure is said.

NATION_NAME = "Chile"
METROPOLITAN = "13"
OF_SALES = "register"  # the measure of size that the SME rules are written in
OVER_LABELS: Mapping[tuple[str, str], str] = {  # metric, what it looks over → label
    ("hhi", "product"): "Concentración por producto (Herfindahl-Hirschman)",
    ("hhi", "country"): "Concentración por destino (Herfindahl-Hirschman)",
    ("hhi", "firm"): "Concentración por empresa (Herfindahl-Hirschman)",
    ("effective_number", "product"): "Número efectivo de productos",
    ("effective_number", "country"): "Número efectivo de destinos",
    ("effective_number", "firm"): "Número efectivo de empresas",
    ("top_k", "product"): "Participación de los {k} mayores productos",
    ("top_k", "country"): "Participación de los {k} mayores destinos",
    ("top_k", "firm"): "Participación de las {k} mayores empresas",
    ("coverage", "known_region"): "Parte del valor con región conocida",
    ("coverage", "known_product"): "Parte del valor con producto conocido",
    ("coverage", "known_country"): "Parte del valor con destino conocido",
    ("coverage", "known_size"): "Parte del valor con tamaño de empresa conocido",
    ("export_similarity", "product"): "Parecido de la canasta de productos",
    ("export_similarity", "country"): "Parecido de la canasta de destinos",
    ("margins", "product"): "Márgenes del crecimiento, por producto",
    ("margins", "country"): "Márgenes del crecimiento, por destino",
}
LARGEST_LABELS = {
    "product": "Participación del mayor producto",
    "country": "Participación del mayor destino",
    "firm": "Participación de la mayor empresa",
}


def metric_label(question: Question, window: Window | None = None, base: Window | None = None) -> str:
    """Return what is measured: over what, of how many, and not «en doce meses» where the base is another."""
    over, whole = question.looks_over or "", question.whole
    if question.spec.operator == "share" and whole:
        return t("Participación en el {whole}", whole=whole.label)
    if question.spec.has_top and question.top == 1:
        return t(LARGEST_LABELS[over])
    if question.spec.operator == "growth" and window and base and not _is_a_year_before(window, base):
        return t("Variación del valor exportado")
    text = OVER_LABELS.get((question.metric, over), question.spec.label)
    return t(text, k=question.top) if question.spec.has_top else t(text)


def _is_a_year_before(window: Window, base: Window) -> bool:
    return base == window.shifted(-12)


def region_names(edition: Edition, question: Question) -> str:
    """Return the names of what is asked about: `Biobío`, `Biobío y Ñuble`, `Chile`."""
    if question.region == NATION:
        return NATION_NAME
    labels = key_labels(edition, "region")
    return listing([labels.get(code, code) for code in question.regions])


def place_of(edition: Edition, question: Question) -> str:
    """Return the names as a sentence has them, with the article of the one that has one."""
    labels = dict(key_labels(edition, "region")) | {METROPOLITAN: t("la Región Metropolitana")}
    return listing([labels.get(code, code) for code in question.regions]) or NATION_NAME


def with_concept(place: str, question: Question) -> str:
    """Add the concept of region, where it is not the declared origin and regions are told apart."""
    if question.concept == "origin" or not (question.regions or question.split == "region"):
        return place
    if question.concept == "exit":
        return t("{place} (según aduana de salida)", place=place)
    return t("{place} (según comuna del exportador)", place=place)


def scope_label(edition: Edition, question: Question, *, sizing: str | None = None, printed: str = "") -> str:
    """Return which exports count: flow and exclusions (or as printed), size, filters: `bienes (Industria forestal)`."""
    label = printed or question.scope.label
    if question.size:
        label = f"{label}, {t(SIZE_LABELS[question.size])}"
    if question.is_sized and sizing not in (None, OF_SALES):
        label = f"{label} ({t(SIZINGS[sizing])})"
    filters = filter_labels(edition, question)
    return f"{label} ({', '.join(filters)})" if filters else label


# -- What stands around a figure: its labels, what to mind about it, its source, its badge.

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
        window_label=result.with_gaps(window.label, absent=plan.absent, unfinished=plan.unfinished)
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
        flags.insert(0, result.DEMO)
    if edition.extract:
        flags.append(result.extract(edition.extract))
    if plan.window is not None and calendar is not None:
        recent = add_months(max(calendar.states), 1 - PROVISIONAL_MONTHS)
        if edition.kind in ("official", "public") and plan.window.last >= recent:
            flags.append(result.PROVISIONAL)
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
    return [result.series_break(row["said"]) for row in crossed if _concerns(row, question, plan)]


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


# -- A question in one phrase: «Valor exportado de bienes sin cobre, Biobío, enero–octubre 2025, por sector
# ProChile».


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
