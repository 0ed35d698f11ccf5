"""Charts: what they say is inside them, and no text of the data is read as markup."""

from datetime import date

import plotly.graph_objects as go

from ui.figures import Bar, Caption, Line, bars, lines, shortened, wrapped

HOSTILE = '<img src=x onerror="alert(1)"> & =1+1'
CAPTION = Caption("El rubro cayó", "Millones de US$", "Aduanas", "Datos de demostración. No citar.", is_demo=True)


def texts(figure: go.Figure) -> str:
    return " ".join([figure.layout.title.text, *(note.text for note in figure.layout.annotations)])


def test_title_measure_source_and_badge_are_inside_the_figure() -> None:
    said = texts(bars([Bar("Celulosa", -8.1, "−8,1 pp", "Celulosa: −8,1 pp")], CAPTION))
    for words in ("El rubro cayó", "Millones de US$", "Fuente: Aduanas", "Datos de demostración. No citar."):
        assert words in said


def test_text_of_the_data_is_never_markup() -> None:
    figure = bars([Bar(HOSTILE, 1.0, HOSTILE, HOSTILE)], CAPTION)
    assert "<img" not in texts(figure)
    assert "<img" not in figure.data[0].customdata[0]


def test_numbers_use_chilean_separators() -> None:
    assert bars([Bar("a", 1.0, "1", "1")], CAPTION).layout.separators == ",."


def test_months_are_named_in_spanish_and_a_missing_month_leaves_a_gap() -> None:
    months = [date(2025, month, 1) for month in (1, 4, 8)]
    figure = lines(
        Line("2025", (1.0, None, 3.0), ("", "", "")), Line("2024", (2.0, 2.0, 2.0), ("",) * 3), months, CAPTION
    )
    assert list(figure.data[0].x) == ["ene<br>25", "abr<br>25", "ago<br>25"]
    assert figure.data[1].y[1] is None


def test_long_names_are_cut_before_the_figure_beside_them() -> None:
    assert shortened("Exportación de servicios calificados por Aduanas", 20) == "Exportación de serv…"
    assert shortened("Minería", 20) == "Minería"


def test_titles_wrap_to_the_width_of_a_phone() -> None:
    assert max(len(line) for line in wrapped("una frase larga " * 10, 34).split("<br>")) <= 34
