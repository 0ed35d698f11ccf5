"""The files of a chart, each made when it is asked for: what is drawn, or all the detail behind it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from indicators import files
from indicators.edition import Edition
from indicators.question import Question
from indicators.receipt import as_json, receipt, several_as_json
from ui.chart_tables import answers_of, details, drawn, facts_of, linked, read_out, unit_of
from ui.charts import Chart
from ui.quoting import Stamp, citation, frozen


@dataclass(frozen=True)
class Kind:
    """A kind of file: what its button says, how its name ends, its type, and what makes it."""

    label: str
    suffix: str
    mime: str
    make: Callable[["Shown"], str | bytes]


@dataclass(frozen=True)
class Shown:
    """A chart as somebody looks at it: in an edition, at an address, on a day."""

    chart: Chart
    edition: Edition
    stamp: Stamp
    today: date

    @property
    def name_parts(self) -> tuple[str | Question, ...]:
        """What tells its files from those of other figures: question and edition, or the place of published figures."""
        answers = answers_of(self.chart)
        if not answers:
            return self.chart.name, self.chart.caption.place, facts_of(self.chart)[0].period.label
        return self.chart.name, answers[0].question, self.edition.id

    def file(self, kind: Kind) -> bytes:
        """Return a file about the chart."""
        made = kind.make(self)
        return made.encode() if isinstance(made, str) else made


def _csv(shown: Shown) -> str:
    return files.as_csv(linked(drawn(shown.chart), shown.stamp.link))


def _xlsx(shown: Shown) -> bytes:
    table = linked(drawn(shown.chart), shown.stamp.link)
    return files.as_xlsx(table, details=details(shown.chart))


def _text(shown: Shown) -> str:
    return files.as_text(linked(read_out(shown.chart), shown.stamp.link))


def _detail_csv(shown: Shown) -> str:
    return files.as_csv(linked(details(shown.chart), shown.stamp.link))


def _detail_parquet(shown: Shown) -> bytes:
    return files.as_parquet(linked(details(shown.chart), shown.stamp.link))


def _png(shown: Shown) -> bytes:
    from ui import pictures  # not sooner: matplotlib takes half a second to load

    return pictures.png(shown.chart, shown.stamp)


def _svg(shown: Shown) -> bytes:
    from ui import pictures

    return pictures.svg(shown.chart, shown.stamp)


def _frozen(shown: Shown) -> str:
    words = citation(shown.chart, shown.stamp, shown.today)
    return frozen(shown.chart, _svg(shown), words, shown.stamp.link)


def _receipt(shown: Shown) -> str:
    """Return what is drawn with the receipts of the answers behind it (or the published facts themselves).

    A chart of one answer gives that answer's receipt, which `pulso recompute` reads.
    """
    chart = shown.chart
    marks = [{"label": label, "value": value} for label, value in chart.shape.marks()]
    own: dict[str, Any] = {"name": chart.name, "title": chart.caption.title, "unit": unit_of(chart), "drawn": marks}
    own["link"] = shown.stamp.link
    receipts = [receipt(shown.edition, answer) for answer in answers_of(chart)]
    if len(receipts) == 1:
        return as_json({**receipts[0], "chart": own})
    if receipts:
        return several_as_json(receipts, chart=own)
    facts = [asdict(fact) for fact in chart.made_of]
    made = {"chart": own, "published": facts}
    return json.dumps(made, ensure_ascii=False, indent=2, default=str) + "\n"


DRAWN = (
    Kind("PNG", "png", "image/png", _png),
    Kind("SVG", "svg", "image/svg+xml", _svg),
    Kind("CSV", "csv", "text/csv; charset=utf-8", _csv),
    Kind("Excel", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _xlsx),
    Kind("Texto", "txt", "text/plain; charset=utf-8", _text),
)
DETAIL = (
    Kind("CSV con todo", "detalle.csv", "text/csv; charset=utf-8", _detail_csv),
    Kind("Parquet", "parquet", "application/vnd.apache.parquet", _detail_parquet),
    Kind("Recibo JSON", "json", "application/json", _receipt),
)
FROZEN = Kind("Imagen para incrustar (HTML)", "html", "text/html; charset=utf-8", _frozen)
BY_SUFFIX: Mapping[str, Kind] = {kind.suffix: kind for kind in (*DRAWN, *DETAIL, FROZEN)}
