"""The page `verificar`: the worked claims, links, what is wrong told in a sentence, hostile text shown as text."""

import re
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from indicators.claims.fields import CASES, Case
from tests.ui.opening import opened
from tests.ui.sample import sample
from tests.ui.test_resumen import words
from ui.charts.chart import DEMO_MARK

PUBLISHED, COINCIDENCES, COMPUTED = (
    "Lo que se puede leer en lo publicado",
    "El mismo número, dicho de otra cosa",
    "Lo que calcula la edición",
)
SENTENCE = (
    "Las pymes exportadoras del Biobío crecieron 42 % en lo que va del año y la región representa cerca del 12 % de "
    "las exportaciones nacionales."
)


def check(number: str, about: str, period: str = "", region: str = "08") -> AppTest:
    address = {"numero": number, "sobre": about, "region": region} | ({"periodo": period} if period else {})
    page = opened("verificar", **address)
    assert not page.exception
    return page


def readings(page: AppTest, title: str) -> dict[str, str]:
    """The rows of a table of readings, and of the ones folded under it: value → the whole row in plain words."""
    rows = [
        re.sub(r":(gray|small)\[|\\(.)", r"\2", " ".join(row)).replace("\u00a0", " ")
        for table in page.table
        if table.proto.alt.startswith(title)
        for row in table.value.itertuples(index=False)
    ]
    return {row[2 : row.index("**", 2)]: row for row in rows}


def button(page: AppTest, label: str) -> Any:
    return next(one for one in page.button if one.label == label)


def address(page: AppTest) -> dict[str, str]:
    return {name: value if isinstance(value, str) else value[0] for name, value in page.query_params.items()}


def test_before_anything_is_typed_it_shows_the_examples_and_no_verdict(data: Path) -> None:
    page = opened("verificar")
    assert not page.exception
    assert page.title[0].value == "Verificar una cifra"
    quotes = [re.sub(r"\\", "", one.label) for one in page.button if "«" in one.label]
    assert quotes == [f"«{case.quote}»" for case in CASES]
    assert not page.table and not page.code and not page.error


def test_twelve_percent_of_2024_is_true_under_two_definitions_of_four(data: Path) -> None:
    page = check("12 %", "share", "2024")
    assert page.header[0].value == "«12 %» depende de la definición\\: calza en 2 de 4 lecturas publicadas."
    shown = readings(page, PUBLISHED)
    assert {"12,17 %", "11,66 %", "5,39 %", "5,18 %"} <= set(shown)
    assert "calza**" in shown["12,17 %"] and "bienes y servicios sin cobre ni litio" in shown["12,17 %"]
    assert "calza**" in shown["11,66 %"] and "salidas por puertos" in shown["11,66 %"]
    assert "no calza, a 6,82 pp" in shown["5,18 %"]
    assert "https://" in shown["12,17 %"]
    assert "Otro valor publicado:" in shown["11,66 %"] and "[12,14 %, Aduanas" in shown["11,66 %"]
    assert "entre 11,5 % y 12,5 %" in words(page)
    assert "Cuantas más lecturas se prueban, más fácil es que alguna calce por casualidad" in words(page)
    assert ["12,17" in page.code[0].value, "11,66" in page.code[1].value] == [True, True]
    assert "5,18 %" in words(page).split("No se puede publicar")[1]


def test_twelve_percent_of_2025_is_true_under_none(data: Path) -> None:
    page = check("12 %", "share", "2025")
    assert "no es lo que dan las cifras publicadas" in page.header[0].value
    assert "no calza, a 8,05 pp" in readings(page, PUBLISHED)["3,95 %"]
    assert not page.code
    assert "Ninguna frase con esa cifra" in words(page)


def test_forty_two_percent_has_no_published_reading_and_the_page_says_why(data: Path) -> None:
    page = check("+42 %", "growth_sme", "2025")
    assert "no se puede comprobar" in page.header[0].value
    shown = readings(page, PUBLISHED)
    assert all("mide otra cosa" in row for row in shown.values())
    assert "es el valor de todas las exportaciones, no de las pymes" in shown["−17,3 %"]
    assert "No hay conteo publicado de las pymes exportadoras de la Región del Biobío posterior a 2016" in words(page)
    assert "registro de exportadores" in words(page)
    assert "42 %" in readings(page, COINCIDENCES)
    said = next(one.value for one in page.markdown if "sin decir de qué" in one.value)
    assert "ProChile, 28 de noviembre de 2025" in said and "https://" in said
    assert not page.code


def test_half_of_the_jobs_is_put_beside_what_the_sii_counts(data: Path) -> None:
    shown = readings(check("50 %", "jobs"), PUBLISHED)
    assert "mipymes" in shown["57,49 %"] and "Biobío" in shown["57,49 %"]
    assert "mipymes" in shown["46,47 %"] and "es de Chile, no de la Región del Biobío" in shown["46,47 %"]
    assert all("sii.cl" in row for row in shown.values())


def test_no_official_figure_is_a_share_of_gdp(data: Path) -> None:
    page = check("17 %", "gdp")
    shown = readings(page, PUBLISHED)
    assert "Chile" in shown["12,52 %"] and "Biobío" in shown["29,02 %"]
    assert all("son ventas, no valor agregado" in row for row in shown.values())
    assert "no se encontró ninguna cifra oficial publicada" in words(page)


@pytest.mark.parametrize(
    ("number", "value"), [("1.300 empresas", "más de 1.300"), ("450 rondas", "450"), ("250 socios", "250")]
)
def test_counts_of_the_event_are_what_its_organiser_said(data: Path, number: str, value: str) -> None:
    page = check(number, "event")
    assert "es lo que está publicado" in page.header[0].value
    assert page.code[0].value.startswith(f"En noviembre de 2025, ASEM informó de {value} ")


def test_the_edition_stands_apart_with_its_mark_and_gives_no_sentence(data: Path) -> None:
    page = check("+67 %", "growth_sme", "2025")
    assert page.warning[0].value.startswith("Las cifras de esta parte salen de registros sintéticos")
    computed = readings(page, COMPUTED)
    assert "calza (demostración)" in computed["+66,67 %"]
    assert all("(demostración)" in row for row in computed.values())
    assert "pero son de demostración y no respaldan nada" in words(page)
    assert DEMO_MARK in words(page)
    assert not page.code


def test_an_official_edition_has_no_demo_mark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sample(tmp_path, kind="official", with_register=False)
    monkeypatch.setenv("PULSO_DATA", str(tmp_path))
    assert "demostración" not in words(check("12 %", "share", "2024")).lower()
    page = check("+42 %", "growth_sme", "2024")
    assert "Sin calcular" in words(page) and "registro de exportadores" in words(page)


def test_a_pasted_sentence_fills_the_fields_and_the_address(data: Path) -> None:
    page = opened("verificar")
    page.text_area(key="claim_sentence").set_value(SENTENCE)
    button(page, "Leer la frase").click().run()
    assert not page.exception
    assert "«42 %» no se puede comprobar" in page.header[0].value
    assert address(page) == {"frase": SENTENCE, "numero": "42 %", "sobre": "growth_sme", "region": "08"}
    page.radio(key="claim_proposal").set_value(1).run()
    assert address(page)["sobre"] == "share"
    assert page.text_input(key="claim_number").value == "12 %"
    assert "«12 %»" in page.header[0].value


def test_the_reader_corrects_what_was_proposed(data: Path) -> None:
    page = opened("verificar", frase=SENTENCE)
    page.text_input(key="claim_number").set_value("12 %")
    page.selectbox(key="claim_about").set_value("share")
    page.text_input(key="claim_period").set_value("de enero a octubre de 2025")
    button(page, "Comprobar").click().run()
    assert not page.exception
    assert address(page)["periodo"] == "2025-01..2025-10"
    assert "enero–octubre 2025" in words(page)
    assert page.radio(key="claim_proposal").value is None


def test_a_link_with_only_a_sentence_checks_its_first_figure(data: Path) -> None:
    assert "«42 %»" in opened("verificar", frase=SENTENCE).header[0].value


def test_a_fall_keeps_its_sign_through_the_link(data: Path) -> None:
    page = opened("verificar")
    page.text_area(key="claim_sentence").set_value("Las exportaciones del Biobío cayeron 18,5 % en 2025")
    button(page, "Leer la frase").click().run()
    assert address(page)["numero"] == "−18,5 %"
    assert "calza**" in readings(page, PUBLISHED)["−18,5 %"]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"numero": "mucho", "sobre": "share"}, "«mucho» no es una cifra que se entienda"),
        ({"numero": "12 %"}, "Falta decir sobre qué es «12 %»"),
        ({"sobre": "share"}, "Falta la cifra"),
        ({"numero": "12 %", "sobre": "astrology"}, "El tema «astrology» no existe"),
        ({"numero": "12 %", "sobre": "share", "region": "99"}, "La región «99» no existe"),
        ({"numero": "12 %", "sobre": "share", "region": "CL"}, "Falta decir de qué región es «12 %»"),
        ({"numero": "12 %", "sobre": "share", "periodo": "siempre"}, "El período «siempre» no se entiende"),
        ({"numero": "12 %", "sobre": "share", "periodo": "2025-10..2025-01"}, "no se entiende"),
        ({"numero": "1.300 empresas", "sobre": "share"}, "no puede ser parte de las exportaciones del país"),
        ({"numero": "9" * 400 + " %", "sobre": "share"}, "es demasiado largo para ser una cifra"),
        ({"frase": "Un texto sin cifras"}, "No se encontró ninguna cifra en la frase"),
        ({"numero": "12 %", "sobre": "share", "edition": "xyz"}, "No existe la edición «xyz»"),
    ],
)
def test_what_is_wrong_gets_one_sentence(data: Path, asked: dict[str, str], told: str) -> None:
    page = opened("verificar", **asked)
    assert not page.exception
    assert len(page.error) == 1
    assert told in words(page)
    assert not page.table


HOSTILE = [
    '<img src=x onerror="alert(1)"> creció 42 %',
    "[clic](javascript:alert(1)) **42 %** $x^2$ :red[hola] `código` ![a](http://x.example/a.png)",
    "# Título 42 %\n- lista\n> cita\n| a | b |",
    '=HYPERLINK("http://x.example";"42 %")',
    "\u202e42 % ed secrop\u2066 \u0000\x1b[31m",
    "٤٢ % من الصادرات",
    "42 % " * 5_000,
    "9" * 10_000 + " mil millones de dólares",
    "diciembre de 9999 y enero de 0000, 42 %",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_as_text(data: Path, text: str) -> None:
    page = opened("verificar", frase=text)
    assert not page.exception
    shown = [str(one.value) for one in (*page.header, *page.markdown, *page.caption, *page.error)]
    joined = "\n".join(shown)
    for markup in ("<img", "](javascript", "](http://x.example", "\u202e", "\u2066", "\x1b"):
        assert not re.search(rf"(?<!\\){re.escape(markup)}", joined), markup
    assert not re.search(r"(?<!\\)\$x", joined)
    assert not page.latex


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_parts_of_an_address_are_told_or_shown_as_text(data: Path, text: str) -> None:
    page = opened("verificar", numero=text, sobre=text, region=text, periodo=text)
    assert not page.exception
    assert len(page.error) == 1
    assert len(page.error[0].value) < 700


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.quote)
def test_every_example_opens_its_check(data: Path, case: Case) -> None:
    page = opened("verificar")
    next(one for one in page.button if case.quote in one.label.replace("\\", "")).click().run()
    assert not page.exception and not page.error
    assert address(page)["numero"] == case.claim.quantity.text
    assert case.claim.quantity.text in page.header[0].value
    assert opened("verificar", **address(page)).header[0].value == page.header[0].value
