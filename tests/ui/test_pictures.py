"""Pictures: whole without a network, the words inside, demo figures marked, hostile text harmless, threads apart."""

import io
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from PIL import Image

from editions import edition as editions
from indicators.engine.answer import answer
from indicators.engine.result import DEMO, Answer
from indicators.question.question import Question
from ui.blocks.chart_menu import Stamp
from ui.charts import answers, pictures, regiones
from ui.charts.chart import Caption, Chart, Drawn
from words.language import speaking

STAMP = Stamp("Biobío; bienes", "demo-1", "2 de enero de 2026", "https://t.example.cl/resumen?region=08&edition=demo-1")
HOSTILE = '<script>alert(1)</script> & "$x^2$ \\frac{1}{2}" \u202eabc 中文 =1+1\x00' + "W" * 300


@dataclass(frozen=True)
class Unknown:
    """A shape that no module draws."""

    rows: tuple[Drawn, ...]

    def marks(self) -> Iterator[Drawn]:
        yield from self.rows


@pytest.fixture
def months(data: Path) -> Answer:
    return answer(editions.open_edition(data), Question.parse("fob?region=08&window=rolling12&split=month"))


@pytest.fixture
def charts(months: Answer, data: Path) -> list[Chart]:
    moved = answer(editions.open_edition(data), Question.parse("contribution_pp?region=08&split=sector:prochile"))
    made = [answers.months(months), answers.movers(moved)]
    return [chart for chart in made if chart is not None]


def words(svg: bytes) -> str:
    return " ".join(" ".join(ElementTree.fromstring(svg).itertext()).split())


def with_text(chart: Chart, text: str) -> Chart:
    return replace(chart, caption=Caption(text, text, text, text, is_demo=True), alt=text)


def odd(chart: Chart, *rows: Drawn) -> Chart:
    return replace(chart, shape=Unknown(rows))  # type: ignore[arg-type]  # no shape of ours


def test_title_measure_source_filters_day_link_and_mark_are_inside(charts: list[Chart]) -> None:
    for chart in charts:
        said = words(pictures.svg(chart, STAMP))
        for text in (
            chart.caption.title,
            chart.caption.measure,
            chart.caption.source,
            *vars(STAMP).values(),
            DEMO.text,
        ):
            assert " ".join(text.split()) in said
        picture = Image.open(io.BytesIO(pictures.png(chart, STAMP)))
        assert picture.width > 1_400 and len(picture.getcolors(1 << 24) or ()) > 10
        assert (picture.info["Title"], STAMP.link in picture.info["Description"]) == (chart.caption.title, True)


def test_the_demo_mark_crosses_the_plot_so_that_cutting_the_foot_does_not_lose_it(charts: list[Chart]) -> None:
    real = replace(charts[0], caption=replace(charts[0].caption, badge="Oficial", is_demo=False))
    assert words(pictures.svg(charts[0], STAMP)).count(DEMO.text) == 2
    assert DEMO.text not in words(pictures.svg(real, STAMP)).replace(charts[0].caption.badge, "")


def test_every_bar_and_its_figure_is_in_the_picture(charts: list[Chart]) -> None:
    said = words(pictures.svg(charts[1], STAMP))
    rows: Any = charts[1].shape
    assert rows.rows
    assert all(row.label in said and " ".join(row.text.split()) in said for row in rows.rows)


def test_a_shape_that_no_module_draws_becomes_bars_of_its_marks(charts: list[Chart]) -> None:
    said = words(pictures.svg(odd(charts[0], ("Uno", 2e6), ("Dos", None), ("Tres", -1e6)), STAMP))
    assert "Uno US$ 2,0 millones" in said and "Dos s/d" in said and "Tres −US$ 1,0 millones" in said
    many = odd(charts[0], *((f"Fila {place}", float(place)) for place in range(100)))
    said = words(pictures.svg(many, STAMP))
    assert "Fila 99" in said and "Fila 59 " not in said and "60 datos más" in said


def test_nothing_to_draw_is_still_a_picture(charts: list[Chart]) -> None:
    assert pictures.png(odd(charts[0], ("Vacío", None)), STAMP)
    assert pictures.png(odd(charts[0]), STAMP)


def test_hostile_text_is_text_and_breaks_nothing(charts: list[Chart]) -> None:
    chart = odd(with_text(charts[0], HOSTILE), (HOSTILE, 1.0))
    tree = ElementTree.fromstring(pictures.svg(chart, STAMP))
    assert not [one for one in tree.iter() if one.tag.rpartition("}")[2] in ("script", "image", "foreignObject")]
    said = words(pictures.svg(chart, STAMP))
    assert "<script>alert(1)</script>" in said and "$x^2$" in said and "\u202e" not in said and "□" in said
    assert Image.open(io.BytesIO(pictures.png(chart, STAMP))).width < 1_600


def test_threads_draw_the_same_pictures_as_one(charts: list[Chart]) -> None:
    right = [pictures.svg(chart, STAMP) for chart in charts]
    with ThreadPoolExecutor(4) as threads:
        drawn = list(threads.map(lambda place: pictures.svg(charts[place % 2], STAMP), range(12)))
    assert drawn == right * 6


def test_the_app_starts_without_the_drawing_library() -> None:
    code = "import sys, ui.blocks.blocks, ui.serving.warm; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2], check=False).returncode == 0


def test_the_axis_of_shares_is_in_per_cent_of_the_whole(data: Path) -> None:
    edition = editions.open_edition(data)
    asked = "share?region=08&denominator=goods&window={}&compare=none"
    runs = [answer(edition, Question.parse(asked.format(window))) for window in ("2024", "ytd")]
    chart = regiones.shares_over_time({"bienes": runs})
    assert chart is not None and [value for _, value in chart.shape.marks()] == [0.5, 0.5]
    said = words(pictures.svg(chart, STAMP)).replace("\u00a0", " ")
    assert " 0 % 15 % 30 % 45 % " in said


def test_a_picture_in_english_is_english_with_english_numbers(data: Path) -> None:
    asked = Question.parse("fob?region=08&window=rolling12&split=month")
    with speaking("en"):
        chart = answers.months(answer(editions.open_edition(data), asked))
        assert chart is not None
        said = words(pictures.svg(chart, STAMP))
    for part in ("FOB value of goods by month, US$ million", "Nov 24", "12 months to October 2025", "Retrieved"):
        assert part in said
    assert "Demonstration data. Do not cite." in said
