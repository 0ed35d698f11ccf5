"""In English every page is in English: no text is as in Spanish, and no Spanish word is left, but for names."""

import csv
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.editions import REPOSITORY
from tests.ui.screen_texts import texts
from tests.ui.test_resumen import ROUTER

ADDRESSES: dict[str, tuple[dict[str, str], ...]] = {  # page → every view of it that has words of its own
    "resumen.py": ({}, {"region": "16"}, {"region": "99"}),
    "sectores.py": (
        {},
        {"region": "16", "ver": "precios"},
        {"ver": "destinos"},
        {"ver": "concentracion"},
        {"sector": "prochile:forestal", "hs": "4407"},
        {"window": "2025-13"},
    ),
    "pymes.py": ({}, {"size": "mipyme", "region": "CL"}, {"region": "08,16"}),
    "mercados.py": ({}, {"country": "225"}, {"region": "CL", "compare": "none"}),
    "servicios.py": ({}, {"service_type": "logistica"}, {"region": "16"}),
    "regiones.py": ({}, {"measure": "growth"}, {"measure": "share", "exclude": "copper"}),
    "explorar.py": (
        {},
        {"cols": "month", "look": "lines"},
        {"cols": "region", "look": "heat"},
        {"look": "tree", "metric": "exporters"},
        {"tool": "sql", "sql": "SELECT count(*) AS n FROM core_export"},
        {"tool": "sql", "sql": "DROP TABLE core_export"},
    ),
    "verificar.py": (
        {},
        {"numero": "12 %", "sobre": "share", "region": "08", "periodo": "2024"},
        {"numero": "+42 %", "sobre": "growth_sme", "region": "08", "periodo": "2025"},
        {"numero": "17 %", "sobre": "gdp"},
        {"numero": "450 rondas", "sobre": "event"},
        {"numero": "doce"},
        {"frase": "El Biobío exporta el 12 % y creció 42 %"},
    ),
    "encuentros.py": ({}, {"region": "CL"}, {"region": "02"}),
    "datos.py": (
        *({"ver": part} for part in ("fuentes", "calidad", "revisiones", "conciliacion", "definiciones")),
        *({"ver": part} for part in ("diccionario", "ediciones", "descargas")),
    ),
}
CASES = [(page, address) for page, views in ADDRESSES.items() for address in views]
INSTITUTIONS = (  # and publications, by the names they have
    *("ProChile", "INE", "Aduanas", "SUBREI", "SII", "BCCh", "Banco Central", "SENCE", "ASEM", "ASEM Biobío"),
    *("Promperú", "Diario Financiero", "Corfo", "Pulso Exportador", "LAC Flavors", "Chile Week", "Redes"),
)
SHARED = (  # words, codes and signs that both languages have
    *(
        "US$",
        "FOB",
        "HHI",
        "DUS",
        "HS",
        "UF",
        "pp",
        "SQL",
        "CSV",
        "JSON",
        "PNG",
        "SVG",
        "Excel",
        "Parquet",
        "ZIP",
        "ETL",
    ),
    *("Pymes?", "pymes?", "Mipymes?", "mipymes?", "Sector", "sector", "Total", "total", "Micro", "Fisher", "ene", "no"),
    *("Chile", "sector ProChile", "RUT", "CLP"),
)
CODE = re.compile(  # ids, questions, columns, addresses: the same in every language
    r"\b(?:demo|official|private)-[\w-]+|\b\w+\?[\w=&:.,+*-]+|\b[a-z]+(?:_[a-z0-9]+)+\b|\b\w+=[\w:.,-]+"
    r"|\bPF\d+\b|\bAD\d\d-[\w-]+|\b[\w-]+\.(?:csv|zip|txt|xlsb)\b|https?://\S+|pulso\S*"
)
QUOTED = re.compile(r"“[^”]*”|«[^»]*»|\"[^\"]*\"")
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


def _column(table: str, column: str) -> list[str]:
    with (REPOSITORY / "data" / "reference" / f"{table}.csv").open(encoding="utf-8") as file:
        return [row.get(column) or "" for row in csv.DictReader(file)]


def bare(text: str) -> str:
    """Return a text without names, codes and quotations: what must be said in the reader's language."""
    return names().sub(" ", CODE.sub(" ", QUOTED.sub(" ", text)))


def opened(name: str, address: dict[str, str], language: str) -> AppTest:
    page = AppTest.from_file(ROUTER, default_timeout=60)
    page.query_params["lang"] = language
    page.run()
    page.query_params.clear()
    page.query_params.update({**address, "lang": language})
    page.switch_page(f"../pages/{name}").run()
    assert not page.exception
    return page


def test_every_page_is_here() -> None:
    assert sorted(ADDRESSES) == sorted(path.name for path in (REPOSITORY / "pages").glob("*.py"))


@pytest.mark.parametrize(("name", "address"), CASES, ids=lambda value: str(value))
def test_a_page_in_english_is_in_english(name: str, address: dict[str, str], data: Path) -> None:
    spanish, english = (list(texts(opened(name, address, language))) for language in ("es", "en"))
    assert len(spanish) > 3
    assert len(english) == len(spanish)
    found = list(wrong(spanish, english))
    assert not found, "\n".join([f"{name} {address}", *found])


def wrong(spanish: list[str], english: list[str]) -> Iterator[str]:
    """Yield what is said in English as it is in Spanish, or has Spanish words in it."""
    known = set(spanish)
    for text in dict.fromkeys(english):
        said = bare(text)
        if text in known and re.search(r"[^\W\d_]", said):
            yield f"as in Spanish: {text}"
        elif SPANISH_WORDS.search(said):
            yield f"with Spanish words: {text}"
