"""How a sentence names who exported, what and against when: all that makes it another figure."""

from indicators.calendar import Window
from indicators.labels import NATION_NAME, with_concept
from indicators.language import t
from indicators.result import Answer
from indicators.scope import FLOW_LABELS, OTHER_ORIGINS


def where(answer: Answer) -> str:
    """Return the place of an answer: `Biobío`, `la Región Metropolitana`, `Biobío y Ñuble (según aduana de salida)`."""
    return with_concept(answer.place, answer.question)


def exporter(answer: Answer) -> str:
    """Return who exported, with its verb: `Biobío exportó`, `por aduanas de Biobío y Ñuble salieron`."""
    return t(_said(answer, EXPORTERS), place=answer.place)


def exports(answer: Answer) -> str:
    """Return what was exported, as the subject of a sentence: `lo que exportaron Biobío y Ñuble`."""
    return t(_said(answer, EXPORTS), place=answer.place)


EXPORTERS = {
    "exit": "por aduanas de {place} salieron",
    "comuna": "empresas con domicilio en {place} exportaron",
    "no region": "lo exportado con origen «{place}» sumó",
    "several": "{place} exportaron",
    "one": "{place} exportó",
}
EXPORTS = {
    "exit": "lo que salió por aduanas de {place}",
    "comuna": "lo que exportaron empresas con domicilio en {place}",
    "no region": "lo exportado con origen «{place}»",
    "several": "lo que exportaron {place}",
    "one": "lo que exportó {place}",
}


def _said(answer: Answer, texts: dict[str, str]) -> str:
    question = answer.question
    if question.regions and question.concept != "origin":
        return texts[question.concept]
    if set(question.regions) & set(OTHER_ORIGINS):
        return texts["no region"]
    return texts["several" if len(question.regions) > 1 else "one"]


def before(answer: Answer) -> str:
    """Return what an answer is compared with: `un año antes`, or the months of another base."""
    if answer.window and answer.base_window and answer.base_window != answer.window.shifted(-12):
        return t("en {base}", base=within(answer.base_window, answer.base_label or ""))
    return t("un año antes")


def within(window: Window | None, label: str) -> str:
    """Return how a window is called after «en»: as its label, with an article before `12 meses a octubre de 2025`."""
    is_twelve = window is not None and len(window) == 12 and window.first.month > 1
    return t("los {months}", months=label) if is_twelve else label


def identified(title: str, answer: Answer) -> str:
    """Return a title with the place and the scope that it leaves out: `… · Biobío · servicios`. Goods go unsaid."""
    place, scope = where(answer), answer.scope_label
    is_placed = any(words in title for words in (place, exporter(answer), exports(answer)))
    missing = [] if is_placed or place == NATION_NAME else [place]
    missing += [] if scope == t(FLOW_LABELS["goods"]) or scope in _without_wider(title, scope) else [scope]
    return " · ".join([title, *missing])


def _without_wider(title: str, scope: str) -> str:
    """Return a title without the flows that only begin or end like a scope: «bienes y servicios» is not services."""
    for label in map(t, FLOW_LABELS.values()):
        title = title.replace(label, "") if scope in label and scope != label else title
    return title
