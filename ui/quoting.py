"""Words and code to quote a chart elsewhere: a citation, a frame that stays live, a picture that stays as it is."""

import base64
from dataclasses import dataclass
from datetime import date
from html import escape

from indicators.formats import printed_on
from indicators.language import t
from indicators.places import where
from indicators.published import PublishedFact
from ui.captions import DEMO_MARK
from ui.chart_tables import answers_of, facts_of
from ui.charts import Chart
from ui.menu import PRODUCT


@dataclass(frozen=True)
class Stamp:
    """What a picture or a citation says besides the caption: filters, edition, day, and the address it came from."""

    filters: str
    edition: str
    day: str
    link: str


def stamp(chart: Chart, edition_id: str, link: str, today: date) -> Stamp:
    """Return the stamp of a chart looked at today. Published figures are of no edition."""
    return Stamp(filters(chart), edition_id if answers_of(chart) else "", printed_on(today.isoformat()), link)


def filters(chart: Chart) -> str:
    """Return what of the exports a chart shows: place, scope and months, and the question itself."""
    answers = answers_of(chart)
    if answers:
        first = answers[0]
        return f"{where(first)}; {first.scope_label}; {first.window_label} ({first.question})"
    facts = facts_of(chart)
    spans = dict.fromkeys(one.period.label for one in facts)
    return "; ".join(filter(None, (chart.caption.place, *dict.fromkeys(one.scope_label for one in facts), *spans)))


def references(chart: Chart) -> list[str]:
    """Return where the figures come from: of published ones each document, with its date and address."""
    facts = facts_of(chart)
    if not facts:
        return [chart.caption.source]
    return list(dict.fromkeys(_reference(fact) for fact in facts))


def _reference(fact: PublishedFact) -> str:
    document = (fact.note or "").partition(":")[0] if fact.adds_records else None  # names the file that was added up
    return ", ".join(filter(None, (fact.publisher, document, printed_on(fact.published_on), *fact.source_urls)))


def citation(chart: Chart, said: Stamp, today: date) -> str:
    """Return a citation in the manner of APA; one of demo figures says that they must not be quoted."""
    edition = t("Edición {edition}, datos", edition=said.edition) if said.edition else t("Datos")
    text = t(
        "{product}. ({year}). {title} [Gráfico]. {data} de {source}. Consultado el {day} en {link}",
        product=PRODUCT,
        year=today.year,
        title=chart.caption.title.rstrip("."),
        data=edition,
        source="; ".join(references(chart)).rstrip("."),
        day=said.day,
        link=said.link,
    )
    return f"{text} ({t(DEMO_MARK)})" if chart.caption.is_demo else text


def frame(address: str, title: str) -> str:
    """Return the HTML of a frame that shows the live page inside another one."""
    return (
        f'<iframe src="{escape(address)}" title="{escape(title)}" width="100%" height="800" '
        'style="border:0" loading="lazy"></iframe>'
    )


def frozen(chart: Chart, picture: bytes, words: str, link: str) -> str:
    """Return the HTML of a picture that needs no server: the SVG inside, its citation and its link below.

    A browser runs no script of an SVG that is shown as an image.
    """
    source = f"data:image/svg+xml;base64,{base64.b64encode(picture).decode()}"
    return (
        '<figure style="margin:0;max-width:960px">'
        f'<img src="{source}" alt="{escape(chart.alternative)}" style="width:100%;height:auto">'
        f'<figcaption>{escape(words)} <a href="{escape(link)}">{escape(t("Ver los datos"))}</a></figcaption>'
        "</figure>\n"
    )
