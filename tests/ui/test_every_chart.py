"""For every chart of every page: what is drawn, the table, CSV, XLSX, JSON, text and picture hold the same figures.

Pages and charts are found by opening every page and every alternative in it: a new one is tested without a word here.
"""

import csv
import io
import json
from collections.abc import Iterator
from datetime import date
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pyarrow.parquet as pq
import pytest
from streamlit.testing.v1 import AppTest

from indicators import files as files_of
from indicators.engine.result import DEMO
from tests.ui.opening import PAGES, opened
from tests.ui.watched import Watched
from ui import data
from ui.blocks import chart_menu
from ui.blocks.chart_menu import BY_SUFFIX, ChartCopy
from ui.charts import screen
from ui.charts.chart import Chart
from ui.charts.tables import answers_of, facts_of, unit_of, value_texts

ADDRESSES: tuple[dict[str, str], ...] = ({}, {"region": "16"})
LINK = "https://tablero.example.cl/pagina?region=08"
CLOSE = 1e-12
MOST_BYTES = 150_000  # of a chart on its way to the browser


def alternatives(page: AppTest, watched: Watched) -> Iterator[AppTest]:
    """The page as it opens, then with each option of each of its switches."""
    yield page
    for place, group in enumerate(page.button_group):
        for option in watched.options.get(group.proto.label, []):
            if place < len(page.button_group):  # an option can take the others off the page
                page.button_group[place].set_value(option)
                yield page.run()


@pytest.mark.parametrize("name", PAGES)
def test_what_is_on_the_screen_is_what_every_file_holds(name: str, watched: Watched) -> None:
    charts: dict[str, Chart] = {}
    for address in ADDRESSES:
        page = opened(name, **address)
        for shown in alternatives(page, watched) if not address else [page]:  # the same alternatives in every region
            assert not shown.exception
            on_screen = watched.drawn[len(watched.drawn) - len(shown.get("plotly_chart")) :]
            assert menus(shown) == [f"menu_{chart.name}" for chart in on_screen], "a chart without its menu"
            charts |= {f"{address} {chart.name} {chart.caption.title}": chart for chart in on_screen}
        watched.drawn.clear()
    for chart in charts.values():
        check(chart)


def menus(page: AppTest) -> list[str]:
    """The keys of the menus under the charts, in the order of the page."""
    found = [block.proto.popover for block in blocks(page.main) if block.type == "popover"]
    return ["menu_" + popover.id.split("-menu_", 1)[-1] for popover in found if popover.label == "Datos y descargas"]


def blocks(block: Any) -> Iterator[Any]:
    for child in getattr(block, "children", {}).values():
        yield child
        yield from blocks(child)


def check(chart: Chart) -> None:
    """Hold every form of a chart to its marks."""
    marks = list(chart.shape.marks())
    assert marks
    answers = answers_of(chart)
    edition = data.edition(answers[0].edition_id if answers else None)
    stamp = chart_menu.stamp(chart, edition.id, LINK, date(2026, 1, 2))
    shown = ChartCopy(chart, edition, stamp, date(2026, 1, 2))
    files = {suffix: shown.file(kind) for suffix, kind in BY_SUFFIX.items()}
    same_on_screen(chart, marks)
    assert from_csv(files["csv"].decode()) == marks
    same(from_xlsx(files["xlsx"]), marks)
    same_in_json(chart, json.loads(files["json"]), marks)
    lines = files["txt"].decode().splitlines()
    start = 1 if chart.caption.is_demo and DEMO.text == lines[0] else 0
    printed = [f"{' '.join(label.split())}: {said}" for (label, _), said in zip(marks, value_texts(chart), strict=True)]
    assert [" ".join(line.split(" ")) for line in lines[lines.index(printed[0]) :][: len(marks)]] == printed
    assert lines.index(printed[0]) >= start
    n_details = len(pq.read_table(io.BytesIO(files["parquet"])))
    assert n_details == len(from_csv(files["detalle.csv"].decode())) > 0
    assert all(is_said(chart, text) for text in texts(files))
    if not answers:
        published_stands_alone(shown, files)


def published_stands_alone(shown: ChartCopy, files: dict[str, bytes]) -> None:
    """Real figures are of no edition; their picture and file name tell the place, the picture each document."""
    place, facts = shown.chart.caption.place, facts_of(shown.chart)
    name = files_of.file_name(*shown.name_parts, suffix="png")
    assert place and files_of.file_name(place, suffix="x").split("_")[1].removesuffix(".x") in name
    picture = "".join("".join(ElementTree.fromstring(files["svg"]).itertext()).split())
    assert "".join(place.split()) in picture
    assert all(address in picture for fact in facts for address in fact.source_urls)
    for suffix in ("svg", "csv", "txt", "json", "detalle.csv", "html"):
        assert shown.edition.id not in files[suffix].decode() and "demo" not in files[suffix].decode().lower()
    assert shown.edition.id not in name


def same(found: list[tuple[str, float | None]], marks: list[tuple[str, float | None]]) -> None:
    assert [label for label, _ in found] == [label for label, _ in marks]
    for (_, one), (_, other) in zip(found, marks, strict=True):
        assert one == pytest.approx(other, rel=CLOSE) if other is not None else one is None


def same_on_screen(chart: Chart, marks: list[tuple[str, float | None]]) -> None:
    """Every mark is among the values of the figure, and its figure in words is the one printed beside it."""
    scale = getattr(chart.shape, "scale", 1.0)
    sent = screen.draw(chart).to_json()
    assert len(sent.encode()) <= MOST_BYTES, chart.name
    numbers = list(values(json.loads(sent)["data"]))
    for label, value in marks:
        assert value is None or any(one == pytest.approx(value / scale, rel=1e-9) for one in numbers), label
    for row, text in zip(getattr(chart.shape, "rows", ()), value_texts(chart), strict=False):
        if isinstance(getattr(row, "text", None), str):
            said = text.replace("US$\u00a0", "").removesuffix(" millones")
            assert said.lstrip("+") in row.text or text in row.hover, (text, row)


def values(found: Any) -> Iterator[float]:
    """Every number anywhere in a value read from JSON."""
    if isinstance(found, dict):
        found = list(found.values())
    if isinstance(found, list):
        for one in found:
            yield from values(one)
    elif isinstance(found, int | float) and not isinstance(found, bool):
        yield found


def from_csv(text: str) -> list[tuple[str, float | None]]:
    rows = csv.reader(io.StringIO("".join(line for line in text.splitlines(True) if not line.startswith("#"))))
    next(rows)
    return [(row[0], float(row[1]) if row[1] else None) if len(row) == 2 else (row[0], None) for row in rows]


def from_xlsx(packed: bytes) -> list[tuple[str, float | None]]:
    sheet = openpyxl.load_workbook(io.BytesIO(packed))["Datos"]
    rows = [(row[0].value, row[1].value) for row in sheet.iter_rows()]
    return rows[rows.index(("Dato", "Valor")) + 1 :]


def same_in_json(chart: Chart, made: dict[str, Any], marks: list[tuple[str, float | None]]) -> None:
    """The receipt repeats what is drawn, and each of its numbers comes from a source that the receipt holds."""
    assert [(one["label"], one["value"]) for one in made["chart"]["drawn"]] == marks
    assert made["chart"]["unit"] == unit_of(chart)
    sources = list(
        values([made.get("answer"), [one["answer"] for one in made.get("receipts", [])], made.get("published")])
    )
    for label, value in marks:
        assert value is None or any(one == pytest.approx(value, rel=1e-9) for one in sources), f"{chart.name}: {label}"


def texts(files: dict[str, bytes]) -> list[str]:
    """What the formats for people and programs say in words."""
    svg = "".join(ElementTree.fromstring(files["svg"]).itertext())
    book = openpyxl.load_workbook(io.BytesIO(files["xlsx"]))
    cells = " ".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)
    said = {k.decode(): v.decode() for k, v in pq.read_schema(io.BytesIO(files["parquet"])).metadata.items()}
    return [svg, cells, " ".join(said.values()), *(files[name].decode() for name in ("csv", "txt", "json", "html"))]


def is_said(chart: Chart, text: str) -> bool:
    """Whether a form says where it can be seen again and, when it is demo, that it must not be quoted."""
    plain = text.replace("&amp;", "&")
    return LINK in plain and (DEMO.text in plain) == chart.caption.is_demo


def test_there_are_charts_to_hold_to_this(watched: Watched) -> None:
    opened()
    assert {"contribuciones", "meses"} <= {chart.name for chart in watched.drawn}


def test_every_kind_of_file_has_a_button_of_its_own_name() -> None:
    kinds = (*chart_menu.DRAWN, *chart_menu.DETAIL, chart_menu.FROZEN)
    assert len(BY_SUFFIX) == len(kinds) == len({kind.label for kind in kinds})
