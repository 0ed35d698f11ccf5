"""The words around a chart, taken from what it was made of."""

from collections.abc import Sequence

from indicators.labels import NATION_NAME
from indicators.language import t
from indicators.places import identified, where
from indicators.published import PublishedFact
from indicators.result import Answer
from ui.charts import Caption
from ui.text import capitalised

DEMO_MARK = "Datos de demostración. No citar."


def computed(answer: Answer, title: str, measure: str) -> Caption:
    """Return the words of a chart that an edition computed."""
    is_demo = answer.badge == "demostración"
    source = answer.source_note.removeprefix(t("Fuente: "))
    badge = t(DEMO_MARK) if is_demo else capitalised(t(answer.badge))
    return Caption(capitalised(identified(title, answer)), measure, source, badge, is_demo, where(answer))


def printed(facts: Sequence[PublishedFact], title: str, measure: str, *, place: str = NATION_NAME) -> Caption:
    """Return the words of a chart of published figures: its title names the place, as the picture may stand alone."""
    publishers = dict.fromkeys(fact.publisher for fact in facts)
    said = title if place in title or place == NATION_NAME else f"{title} · {place}"
    return Caption(
        capitalised(said), measure, ", ".join(publishers), t("Cifras publicadas"), is_demo=False, place=place
    )
