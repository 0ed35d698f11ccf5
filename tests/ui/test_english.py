"""In English every page is in English: no text is as in Spanish, and no Spanish word is left, but for names."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

from indicators.metrics import METRICS
from indicators.metrics.definitions import UNIT_NAMES
from indicators.question.scope import FLOWS, SIZES
from tests.editions import REPOSITORY
from tests.ui.opening import PAGES, opened
from tests.ui.screen_texts import nodes, texts
from tests.ui.watched import Watched
from ui import data as data_of
from ui.blocks import chart_menu
from ui.blocks.chart_menu import BY_SUFFIX, ChartCopy
from ui.charts.chart import Chart
from words.language import ENGLISH, SPANISH, speaking

ADDRESSES: dict[str, tuple[dict[str, str], ...]] = {  # page → every view of it that has words of its own
    "resumen": ({}, {"region": "16"}, {"region": "99"}),
    "sectores": (
        {},
        {"region": "16", "ver": "precios"},
        {"ver": "destinos"},
        {"ver": "concentracion"},
        {"sector": "prochile:forestal", "hs": "4407"},
        {"window": "2025-13"},
    ),
    "pymes": ({}, {"size": "mipyme", "region": "CL"}, {"region": "08,16"}),
    "mercados": ({}, {"country": "225"}, {"region": "CL", "compare": "none"}),
    "servicios": ({}, {"service_type": "logistica"}, {"region": "16"}),
    "regiones": ({}, {"measure": "growth"}, {"measure": "share", "exclude": "copper"}),
    "explorar": (
        {},
        {"cols": "month", "look": "lines"},
        {"cols": "region", "look": "heat"},
        {"look": "tree", "metric": "exporters"},
        {"tool": "sql", "sql": "SELECT count(*) AS n_items FROM core_export"},
        {"tool": "sql", "sql": "DROP TABLE core_export"},
    ),
    "verificar": (
        {},
        {"numero": "12 %", "sobre": "share", "region": "08", "periodo": "2024"},
        {"numero": "+42 %", "sobre": "growth_sme", "region": "08", "periodo": "2025"},
        {"numero": "17 %", "sobre": "gdp"},
        {"numero": "450 rondas", "sobre": "event"},
        {"numero": "doce"},
        {"frase": "El Biobío exporta el 12 % y creció 42 %"},
    ),
    "encuentros": ({}, {"region": "CL"}, {"region": "02"}),
    "datos": (
        *({"ver": part} for part in ("fuentes", "calidad", "revisiones", "conciliacion", "definiciones")),
        *({"ver": part} for part in ("diccionario", "ediciones", "descargas")),
    ),
}
LANGUAGES = (SPANISH, ENGLISH)
CASES = [(page, address) for page, views in ADDRESSES.items() for address in views]
INSTITUTIONS = (  # and publications, treaties and editions, by the names they have
    *("ProChile", "INE", "Aduanas", "Servicio Nacional de Aduanas", "SUBREI", "SII", "BCCh", "Banco Central"),
    *("SII, Estadísticas de Empresas", "ASEM Biobío", "Pulso Exportador", "CPTPP", "EFTA", "Mercosur"),
    *("Corma", "Enexpro", "DITS", "Herfindahl-Hirschman", "Myanmar", "Edición de prueba"),
)
SHARED = (  # words, codes and signs that both languages have
    *("US", "FOB", "HHI", "DUS", "HS", "UF", "pp", "SQL", "CSV", "JSON", "PNG", "SVG", "Excel", "Parquet", "ZIP"),
    *("[Pp]ymes?", "[Mm]ipymes?", "MiPyme", "[Ss]ector", "[Tt]otal", "[Mm]icro", "Fisher", "ETL", "RUT", "Chile"),
    *("HTML", "no", "use", "Base"),
)
FORMATS = frozenset({"image/svg+xml"})
CODE = re.compile(  # ids, questions, columns, addresses: the same in every language
    r"`[^`]*`|\b(?:ytd|year|month|rolling12|CL)\b|\b(?:demo|official|private)-[\w-]+|\b\w+\?[\w=&:.,+*-]+"
    r"|\b[a-z]+(?:_[a-z0-9]+)+\b|\b\w+=[\w:.,-]+|\bPF\d+\b|\bAD[\dA-Z]+-[\w-]+"
    r"|\S+(?:-[\w%.]+){3,}\S*"  # an address that goes on in the next line of a picture
    r"|\b[\w-]+\.(?:csv|zip|txt|xlsb)\b|https?://\S+|/\w+\?\S+|pulso\S*|<iframe.*"
)
QUOTED = re.compile(r"“[^”]*”|«[^»]*»|\"[^\"]*\"|^> .*")  # the last is what a reader pasted
SPANISH_WORDS = re.compile(
    r"\b(?:de|del|la|el|los|las|que|según|y|en|por|con|una|un|sin|para|se|al|lo|su|sus|más|o|es|son|fue|como|desde"
    r"|hasta|entre|cada|este|esta|ese|esa|hay|ya|muy|sobre|ni|frente|menos|millones|cifra|cifras|valor|año|mes)\b",
    re.IGNORECASE,
)


@cache
def names() -> re.Pattern[str]:
    """Everything that is called the same in both languages, longest first."""
    found = {*INSTITUTIONS, *_column("regions", "name"), *_column("comunas", "name"), *_column("ports", "name")}
    found |= set(_column("customs_offices", "name")) | set(_column("published_figures", "publisher"))
    for column in ("event", "place", "organiser", "source"):
        found |= set(_column("business_rounds", column))
    for table in ("countries", "sectors", "service_types"):
        pairs = zip(_column(table, "name_es"), _column(table, "name_en"), strict=True)
        found |= {spanish for spanish, english in pairs if spanish == english}
    longest = sorted(map(re.escape, filter(None, found)), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join([*longest, *SHARED])})(?!\w)")


@cache
def _keys() -> frozenset[str]:
    """Keys and codes, in columns for programs: the same in every language."""
    parts = (key for one in METRICS.values() if one.parts for key in one.parts.labels)
    tables = (("sectors", "sector_id"), ("service_types", "service_type_id"), ("countries", "continent"))
    written = (key for table, column in tables for key in _column(table, column))
    return frozenset({*METRICS, *FLOWS, *SIZES, *UNIT_NAMES, *parts, *written})


def _column(table: str, column: str) -> list[str]:
    with (REPOSITORY / "data" / "reference" / f"{table}.csv").open(encoding="utf-8") as file:
        return [row.get(column) or "" for row in csv.DictReader(file)]


def bare(text: str) -> str:
    """Return a text without names, codes and quotations: what must be said in the reader's language."""
    return names().sub(" ", CODE.sub(" ", QUOTED.sub(" ", text)))


def read(name: str, language: str, **address: str) -> AppTest:
    page = opened(name, lang=language, **address)
    assert not page.exception
    return page


def test_every_page_is_here() -> None:
    assert sorted(ADDRESSES) == PAGES


@pytest.mark.parametrize(("name", "address"), CASES, ids=lambda value: str(value))
def test_a_page_in_english_is_in_english(name: str, address: dict[str, str], data: Path) -> None:
    hold(*(read(name, language, **address) for language in LANGUAGES), told=f"{name} {address}")


@pytest.mark.parametrize("name", ["resumen", "sectores", "servicios"])
def test_the_menus_of_charts_and_figures_are_in_english(name: str, data: Path) -> None:
    pages = [read(name, language) for language in LANGUAGES]
    for page in pages:
        keys = [popover.id.split("-menu_", 1)[-1] for popover in popovers(page)]
        for key in keys:
            page.session_state[f"menu_{key}"] = True
        page.run()
        assert len(page.get("download_button")) >= len(keys) > 3
    for part in range(4):  # table, links, citation, SQL
        for page in pages:
            switches = [group for group in page.button_group if str(group.key).startswith("part_")]
            for switch in switches:
                options = [one.content for one in switch.proto.options]
                switch.set_value(options[min(part, len(options) - 1)])
            page.run()
            assert not page.exception
        hold(*pages, told=f"{name}, menus, part {part}")


@pytest.mark.parametrize("name", ["resumen", "mercados", "servicios", "regiones", "pymes"])
def test_the_files_of_every_chart_are_in_english(name: str, watched: Watched) -> None:
    lines: dict[str, list[str]] = {}
    for language in LANGUAGES:
        read(name, language)
        with speaking(language):
            lines[language] = [line for chart in watched.drawn for line in _lines(chart)]
        watched.drawn.clear()
    assert min(map(len, lines.values())) > 20  # as many as the words fill: pictures wrap them
    spanish = set(lines[SPANISH]) - _keys()
    found = [line for line in lines[ENGLISH] if line in spanish and any(pieces(line))]
    found += [line for line in dict.fromkeys(lines[ENGLISH]) if SPANISH_WORDS.search(bare(line))]
    assert not found, "\n".join([f"{name}, files", *found])


def _lines(chart: Chart) -> Iterator[str]:
    """Yield what the files of a chart say, line by line; names for programs are the same in every language."""
    edition = data_of.edition()
    day = date(2026, 1, 2)
    shown = ChartCopy(chart, edition, chart_menu.stamp(chart, edition.id, "https://t.example.cl/x?lang=en", day), day)
    svg = ElementTree.fromstring(shown.file(BY_SUFFIX["svg"]))
    drawn = (node for node in svg.iter() if node.tag.rpartition("}")[2] in ("text", "tspan", "title", "desc"))
    yield from (text for node in drawn if (text := (node.text or "").strip()) and text not in FORMATS)
    for sheet in openpyxl.load_workbook(io.BytesIO(shown.file(BY_SUFFIX["xlsx"]))):
        yield from (str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None)
    yield from shown.file(BY_SUFFIX["txt"]).decode().splitlines()
    for line in shown.file(BY_SUFFIX["csv"]).decode().splitlines():
        yield re.sub(r"^# \w+: |^label,value$", "", line)


def popovers(page: AppTest) -> Iterator[Any]:
    """Yield the menus of charts and figures."""
    for node in nodes(page.main):
        if node.type == "popover" and "-menu_" in node.proto.popover.id:
            yield node.proto.popover


def hold(spanish_page: AppTest, english_page: AppTest, *, told: str) -> None:
    """Fail with every text of a page that is not in English."""
    spanish, english = list(texts(spanish_page)), list(texts(english_page))
    assert len(spanish) > 3
    assert len(english) == len(spanish)
    found = list(wrong(spanish, english))
    assert not found, "\n".join([told, *found])


def wrong(spanish: list[str], english: list[str]) -> Iterator[str]:
    """Yield what is said in English as it is in Spanish, or has Spanish words in it."""
    known = {piece for text in spanish for piece in pieces(text)}
    for text in dict.fromkeys(english):
        same = [piece for piece in pieces(text) if piece in known]
        if same:
            yield f"as in Spanish: {', '.join(same)}: {text}"
        elif SPANISH_WORDS.search(bare(text)):
            yield f"with Spanish words: {text}"


def pieces(text: str) -> Iterator[str]:
    """Yield the parts of a text between signs and numbers, without names: those that have words."""
    for piece in re.split(r"[^\w\s'-]|[\d_]", bare(text)):
        if re.search(r"[^\W\d_]{2}", piece):
            yield piece.strip()
