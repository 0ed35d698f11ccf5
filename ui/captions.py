"""The words around a chart, taken from what it was made of."""

from collections.abc import Sequence

from indicators.language import t
from indicators.published import PublishedFact
from indicators.result import Answer
from ui.charts import Caption
from ui.text import capitalised

DEMO_MARK = "Datos de demostración. No citar."


def computed(answer: Answer, title: str, measure: str) -> Caption:
    """Return the words of a chart that an edition computed."""
    is_demo = answer.badge == "demostración"
    source = answer.source_note.removeprefix(t("Fuente: "))
    return Caption(title, measure, source, t(DEMO_MARK) if is_demo else capitalised(t(answer.badge)), is_demo)


def printed(facts: Sequence[PublishedFact], title: str, measure: str) -> Caption:
    """Return the words of a chart of published figures."""
    publishers = dict.fromkeys(fact.publisher for fact in facts)
    return Caption(title, measure, ", ".join(publishers), t("Cifras publicadas"), is_demo=False)
