"""Charts: what they say is inside them, and no text of the data is read as markup."""

from pathlib import Path

import plotly.graph_objects as go
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from indicators import published
from indicators.question.scope import REGIONS
from tests.published_editions import real_ledger
from ui.charts import answers, pictures
from ui.charts.chart import Bar, Bars, Caption, Heat, Line, Lines, RegionArea, RegionMap, Waterfall
from ui.charts.frame import shortened, wrapped
from ui.charts.maps import regions
from ui.charts.shapes import bars, heat, lines, waterfall
from words.language import speaking

HOSTILE = '<img src=x onerror="alert(1)"> & =1+1'
CAPTION = Caption("El rubro cayó", "Millones de US$", "Aduanas", "Datos de demostración. No citar.", is_demo=True)


def texts(figure: go.Figure) -> str:
    return " ".join([figure.layout.title.text, *(note.text for note in figure.layout.annotations)])


def test_title_measure_source_and_badge_are_inside_the_figure() -> None:
    said = texts(bars(Bars((Bar("Celulosa", -8.1, "−8,1 pp", "Celulosa: −8,1 pp"),)), CAPTION))
    for words in ("El rubro cayó", "Millones de US$", "Fuente: Aduanas", "Datos de demostración. No citar."):
        assert words in said


def test_text_of_the_data_is_never_markup() -> None:
    figure = bars(Bars((Bar(HOSTILE, 1.0, HOSTILE, HOSTILE),)), CAPTION)
    assert "<img" not in texts(figure)
    assert "<img" not in figure.data[0].customdata[0]


def test_numbers_use_chilean_separators() -> None:
    assert bars(Bars((Bar("a", 1.0, "1", "1"),)), CAPTION).layout.separators == ",."


def test_an_english_reader_sees_english_separators_and_words() -> None:
    with speaking("en"):
        figure = bars(Bars((Bar("a", 1.0, "1", "1"),)), CAPTION)
    assert figure.layout.separators == ".,"
    assert "Source: Aduanas" in texts(figure)


def test_the_axis_of_lines_separates_thousands_and_shortens_nothing() -> None:
    axis = lines(Lines((Line("2025", (20_000.0,), ("",)),), ("ene 25",)), CAPTION).layout.yaxis
    assert axis.separatethousands
    assert axis.exponentformat == "none"


def test_the_base_lies_beneath_and_a_missing_month_leaves_a_gap() -> None:
    now, before = Line("2025", (1.0, None, 3.0), ("",) * 3), Line("2024", (2.0, 2.0, 2.0), ("",) * 3, is_base=True)
    figure = lines(Lines((now, before), ("ene 25", "abr 25", "ago 25")), CAPTION)
    assert list(figure.data[0].x) == ["ene<br>25", "abr<br>25", "ago<br>25"]
    assert list(figure.data[0].y) == [2.0, 2.0, 2.0]
    assert figure.data[1].y[1] is None


def test_lines_are_told_apart_by_dash_as_well_as_colour() -> None:
    many = tuple(Line(str(place), (1.0,), ("",)) for place in range(4))
    figure = lines(Lines(many, ("2025",)), CAPTION)
    assert len({(trace.line.dash, trace.line.color) for trace in figure.data}) == 4
    assert len({trace.line.dash for trace in figure.data}) == 4


def test_what_adds_has_the_first_colour_of_the_theme_and_what_takes_away_the_second() -> None:
    """On the screen Streamlit puts its theme's colours in the place of #000001 and #000002."""
    adds, takes = Bar("a", 2.0, "2", "a: 2"), Bar("b", -1.0, "−1", "b: −1")
    row = bars(Bars((adds, takes)), CAPTION).data[0]
    steps = waterfall(Waterfall(Bar("antes", 5.0, "5", ""), (adds, takes), Bar("ahora", 6.0, "6", "")), CAPTION).data[0]
    areas = regions(RegionMap((RegionArea("08", "a", 2.0, ""), RegionArea("16", "b", -1.0, "")), ""), CAPTION).data
    cells = heat(Heat(("a",), ("x", "y"), ((2.0, -1.0),), (("2", "−1"),)), CAPTION).layout.shapes
    drawn = {
        "bars": list(row.marker.color),
        "steps": list(steps.marker.color)[1:3],
        "areas": [area.fillcolor for area in areas],
        "cells": [cell.fillcolor for cell in cells],
    }
    assert drawn == {kind: ["#000001", "#000002"] for kind in drawn}


def test_in_a_picture_what_adds_is_blue_and_what_takes_away_orange() -> None:
    axes = Figure().add_subplot()
    pictures._draw(axes, [("a", 2.0, "2"), ("b", -1.0, "−1")], 0)
    assert [to_hex(bar.get_facecolor()) for bar in axes.patches] == ["#2273a8", "#b35412"]


def test_long_names_are_cut_before_the_figure_beside_them() -> None:
    assert shortened("Exportación de servicios calificados por Aduanas", 20) == "Exportación de serv…"
    assert shortened("Minería", 20) == "Minería"


def test_titles_wrap_to_the_width_of_a_phone() -> None:
    assert max(len(line) for line in wrapped("una frase larga " * 10, 34).split("<br>")) <= 34


def test_every_region_is_on_the_map_and_one_without_a_figure_is_pale() -> None:
    areas = tuple(RegionArea(code, code, None if code == "12" else 1.0, HOSTILE) for code in REGIONS)
    figure = regions(RegionMap(areas, "Más oscuro: más"), CAPTION)
    assert {trace.name for trace in figure.data} == set(REGIONS)
    pale = next(trace for trace in figure.data if trace.name == "12")
    assert pale.opacity < min(trace.opacity for trace in figure.data if trace.name != "12")
    assert all("<img" not in trace.text for trace in figure.data)
    assert len(figure.to_json()) < 100_000


def test_the_drawn_parts_of_every_region_reach_the_total_that_customs_published(tmp_path: Path) -> None:
    ledger = real_ledger(tmp_path)
    for region in REGIONS:
        customs = published.customs_2025(ledger, region)
        for chart in (
            answers.customs_sectors(customs.sectors, customs.total, region),
            answers.customs_destinations(customs.destinations, customs.total, region),
        ):
            assert chart is not None and isinstance(chart.shape, Bars) and customs.total is not None
            assert sum(row.value for row in chart.shape.rows) == pytest.approx(customs.total.value, abs=0.5)
            assert chart.shape.rows[-1].label == "Resto hasta el total"
