"""What a question is called: its metric, its place, its scope. Each part that changes the figure is said.

The texts stand here in Spanish and are shown through `t`.
"""

from collections.abc import Mapping

from indicators.calendar import Window
from indicators.edition import Edition
from indicators.formats import listing
from indicators.language import t
from indicators.names import filter_labels, key_labels
from indicators.question import Question
from indicators.scope import NATION, SIZE_LABELS, SIZINGS

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
