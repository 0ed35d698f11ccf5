"""Parts of a question that contradict one another. Each check returns the part to change and why, or None.

What a check says without values is put in the reader's language where it is raised, in `check_together`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from editions.errors import QuestionError
from indicators.question.calendar import WINDOW_NAMES, Window
from indicators.question.dimensions import (
    CODE_FILTERS,
    COMPANY_SPLITS,
    DIMENSIONS,
    PRINTED_SECTORS,
    PUBLISHED_SPLITS,
    SERVICE_TYPE,
    YEAR,
)
from indicators.question.scope import COMPANIES, DENOMINATORS, OTHER_ORIGINS, PUBLISHED, REGISTER, REGISTER_SIZINGS
from words.formats import listing
from words.language import t

if TYPE_CHECKING:
    from indicators.question.question import Question


SME_RULES = ("pyme", "mipyme")
YEAR_MONTHS = 12
NOT_OF_COMPANIES = ("flow", "exclude", "denominator", "sector", "hs", "sizing", *CODE_FILTERS)


def check_together(question: Question) -> None:
    """Refuse parts that contradict one another."""
    for check in _CONTRADICTIONS:
        found = check(question)
        if found is not None:
            part, message = found
            raise QuestionError(part, t(message))


Found = tuple[str, str] | None
BY_SUBJECT = ("country", PRINTED_SECTORS)


def _companies_have_part(question: Question) -> Found:
    """What the SII counts is of years, regions and sizes; nothing else of it is known."""
    if COMPANIES not in question.spec.sources:
        said = "Por año se desglosa lo que cuenta el SII (sii_firms, sii_workers, sii_sales); use split=month."
        return ("split", said) if question.split == YEAR else None
    for part in NOT_OF_COMPANIES:
        if getattr(question, part):
            return part, t("Lo que cuenta el SII no se filtra por {part}; quítelo.", part=part)
    if question.concept != "origin":
        return "concept", "El SII cuenta cada empresa en la región de su casa matriz; quite concept."
    if question.split not in (None, *COMPANY_SPLITS):
        options = listing(COMPANY_SPLITS, conjunction="o")
        return "split", t("Lo que cuenta el SII se desglosa por {options}.", options=options)
    if question.asked_window == "year":
        return None
    span = None if question.asked_window in WINDOW_NAMES else Window.parse(question.asked_window)
    most = len(span) if span and question.split == YEAR else YEAR_MONTHS
    if span is None or span.first.month != 1 or span.last.month != YEAR_MONTHS or len(span) > most:
        return "window", "Lo que cuenta el SII es de un año comercial: use un año (2023), o varios con split=year."
    return None


def _scope_not_in_whole(question: Question) -> Found:
    whole = question.whole
    if whole is None or question.scope.within(whole.scope):
        return None
    part = "exclude" if question.flow is None else "flow"
    return part, t(
        "No hay participación de {scope} en el {whole}: el numerador no está dentro del denominador; quite flow y "
        "exclude, o use otro denominador.",
        scope=question.scope.label,
        whole=whole.label,
    )


def _whole_is_of_value(question: Question) -> Found:
    if question.whole is None or question.metric == "fob" or question.spec.operator in ("share", "contribution"):
        return None
    said = t("Los denominadores son de valor: «{metric}» no tiene participación en ellos.", metric=question.metric)
    return "denominator", said


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
        return "denominator", t("La participación necesita un denominador: use {options}.", options=options)
    if operator in ("contribution", "location_quotient") and question.split is None:
        return "split", t("«{metric}» necesita un desglose; por ejemplo split=sector:prochile.", metric=metric)
    if operator == "export_similarity" and (len(question.regions) != 1 or question.split):
        return (
            "region" if len(question.regions) != 1 else "split",
            "El parecido compara una región con cada una de las otras: pida una sola región y ningún desglose; "
            "over=product o over=country dice de qué es la canasta.",
        )
    if operator == "location_quotient" and not question.regions:
        return "region", "El índice de especialización compara una región con Chile; pida una región de 01 a 16."
    compares = (
        question.spec.compares
        or question.spec.is_moving
        or operator in ("growth", "cagr", "contribution", "three_ways")
    )
    if compares and not question.needs_base:
        return "compare", t("«{metric}» compara dos períodos; quite compare=none.", metric=metric)
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
        return "window", "El acumulado del año empieza en enero; use window=ytd o enero a un mes (2025-01..2025-10)."
    return None


def _moves_fit_metric(question: Question) -> Found:
    spec, metric, asked = question.spec, question.metric, question.asked_window
    if spec.has_own_rows and question.split is not None:
        return "split", t("«{metric}» ya viene desglosada en sus partes; quite split.", metric=metric)
    if spec.parts and spec.size and question.size not in SME_RULES:
        return "size", t("«{metric}» es de pymes o de mipymes; use size=pyme o size=mipyme.", metric=metric)
    if spec.is_moving and question.size is not None and question.size not in SME_RULES:
        return "size", t("«{metric}» se calcula para todas, las pymes o las mipymes.", metric=metric)
    if spec.is_moving and question.split in ("month", "size"):
        return "split", t("«{metric}» no se desglosa por mes ni por tamaño; pida cada ventana.", metric=metric)
    if spec.lookback and question.compare != "year_before":
        return "compare", t("«{metric}» mira los meses anteriores a la ventana; quite compare.", metric=metric)
    span = None if asked in WINDOW_NAMES else Window.parse(asked)
    whole_year = asked == "year" if span is None else span.first.month == 1 and len(span) == YEAR_MONTHS
    if spec.is_annual and not whole_year:
        return "window", t("«{metric}» es de un año calendario entero; use window=year o un año.", metric=metric)
    if (spec.lookback or spec.is_trailing) and span is not None and len(span) > YEAR_MONTHS:
        return "window", t("«{metric}» es de un año o menos; use una ventana de hasta 12 meses.", metric=metric)
    return None


def _whole_firms_go_to_regions(question: Question) -> Found:
    if not question.spec.whole_firm or question.split in (None, "region", "size"):
        return None
    said = (
        "«{metric}» reparte cada empresa entre regiones; por otro desglose la repartiría entre sus partes, y ninguna "
        "sería la cifra de su filtro. Use split=region, o pida cada parte con un filtro."
    )
    return "split", t(said, metric=question.metric)


def _sizing_fits(question: Question) -> Found:
    sizing = question.sizing
    if sizing is None:
        return None
    if not question.is_sized:
        return "sizing", "sizing dice de dónde sale el tamaño; agregue size o split=size, o quítelo."
    if sizing == "month_fob" and question.spec.cell != "firm_month":
        return "sizing", "El tamaño por lo exportado en el mes solo sirve para exporters_month_avg."
    source = REGISTER if sizing in REGISTER_SIZINGS else "aduanas_dus"
    if question.source not in (None, source):
        return "sizing", t(
            "sizing={sizing} usa la fuente {source}; quite source o cambie uno.", sizing=sizing, source=source
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
        said = "La base {base} y la ventana {window} deben tener los mismos meses del año."
        return "compare", t(said, base=base, window=window)
    if base.last >= window.first:
        return "compare", t("La base {base} debe ser anterior a la ventana {window}.", base=base, window=window)
    if question.metric == "cagr" and window.first.year - base.first.year < 2:
        return "compare", _CAGR_NEEDS
    return None


_CAGR_NEEDS = "El crecimiento anual compuesto necesita una base al menos dos años anterior; por ejemplo compare=2019."


def _published_has_part(question: Question) -> Found:
    if question.source != PUBLISHED:
        named = question.split == PRINTED_SECTORS
        return ("split", "«sector:printed» es solo de lo publicado; use source=published.") if named else None
    for part in ("sector", "hs", SERVICE_TYPE, "comuna", "port", "office", "transport"):
        if getattr(question, part):
            return part, t("Lo publicado no se filtra por {part}; quítelo o use otra fuente.", part=part)
    if question.split not in (None, *PUBLISHED_SPLITS):
        options = listing(PUBLISHED_SPLITS, conjunction="o")
        return "split", t("Lo publicado se desglosa por {options}.", options=options)
    for part in ("region", "country"):
        if "," in (getattr(question, part) or ""):
            return part, t("Lo publicado es de un solo código de {part} a la vez; deje uno.", part=part)
    if question.concept == "comuna":
        return "concept", "No hay cifras publicadas según la comuna del exportador; use origin o exit."
    of_value = question.spec.additive or question.spec.operator is not None
    if not of_value and (question.country or question.split == "country"):
        part = "country" if question.country else "split"
        return part, "Por país de destino solo se publica el valor y su variación."
    if question.size and not of_value and question.metric != "exporters":
        return "size", "Por tamaño de empresa solo se publican el valor y el número de exportadoras."
    if question.size and (question.country or question.concept == "exit" or question.split in BY_SUBJECT):
        return "size", "Lo publicado por tamaño de empresa no se cruza con destino, sector ni lugar de salida."
    return None


def _source_has_part(question: Question) -> Found:
    wants_size = question.is_sized and COMPANIES not in question.spec.sources
    if (wants_size or question.looks_over == "firm") and question.source == "aduanas_salidas":
        return "source", "El archivo anual de Aduanas no trae empresas; use source=registro o aduanas_dus."
    if question.source is not None and question.source not in question.spec.sources:
        options = listing(question.spec.sources, conjunction="o")
        said = "«{metric}» no se calcula con {source}; use {options}."
        return "source", t(said, metric=question.metric, source=question.source, options=options)
    if wants_size and REGISTER not in question.spec.sources:
        return "size", t("«{metric}» no se calcula por tamaño de empresa.", metric=question.metric)
    if question.source == PUBLISHED or COMPANIES in question.spec.sources:
        return None
    by_customs = question.source == "aduanas_dus" or question.sizing in ("own_fob", "month_fob")
    asks_register = question.source == REGISTER or (wants_size and not by_customs)
    customs_only = [name for name in CODE_FILTERS if getattr(question, name) and DIMENSIONS[name].is_customs_only]
    split = question.split or "region"
    if asks_register and (customs_only or question.concept == "exit" or DIMENSIONS[split].is_customs_only):
        part = customs_only[0] if customs_only else "concept" if question.concept == "exit" else "split"
        return part, t("El registro de la oficina no trae {part}; quítelo o use una fuente de Aduanas.", part=part)
    return None


def _type_is_of_services(question: Question) -> Found:
    asks_type = question.service_type is not None or question.split == SERVICE_TYPE
    if not asks_type or question.scope.flow == "services":
        return None
    return "flow", "Solo los servicios tienen tipo de servicio; use flow=services."


def _only_where_used(question: Question) -> Found:
    if question.k is not None and not question.spec.has_top:
        return "k", t("«{metric}» no lleva k; solo top_k.", metric=question.metric)
    return None


_CONTRADICTIONS = (
    _companies_have_part,
    _scope_not_in_whole,
    _whole_is_of_value,
    _whole_needs_regions,
    _operator_parts,
    _window_fits_metric,
    _moves_fit_metric,
    _whole_firms_go_to_regions,
    _base_fits_window,
    _published_has_part,
    _source_has_part,
    _type_is_of_services,
    _sizing_fits,
    _only_where_used,
)
