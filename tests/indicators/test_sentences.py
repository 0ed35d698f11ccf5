from pathlib import Path
from typing import Any

import pytest

from editions.edition import Edition
from indicators.engine.answer import answer
from indicators.narrative.sentences import sentence
from indicators.question.question import Question
from tests.editions import tiny_edition

MILLION = 1_000_000.0


def say(edition: Edition, text: str) -> str:
    return sentence(answer(edition, Question.parse(text))).replace("\u00a0", " ")


@pytest.fixture
def edition(tmp_path: Path) -> Edition:
    rows: list[dict[str, Any]] = [
        {"month": "2024-01", "prochile_sector_id": "forestal", "fob_usd": 8 * MILLION},
        {"month": "2024-02", "prochile_sector_id": "pesca_acuicultura", "fob_usd": 2 * MILLION},
        {"month": "2025-01", "prochile_sector_id": "forestal", "fob_usd": 5 * MILLION},
        {"month": "2025-02", "prochile_sector_id": "pesca_acuicultura", "fob_usd": 3 * MILLION},
        {"month": "2024-01", "region_code": "13", "fob_usd": 30 * MILLION, "prochile_sector_id": "vino"},
        {"month": "2025-02", "region_code": "13", "fob_usd": 32 * MILLION, "prochile_sector_id": "vino"},
    ]
    return tiny_edition(tmp_path, exports=rows)


def test_growth_says_its_direction_and_both_windows(edition: Edition) -> None:
    assert say(edition, "fob?region=08") == (
        "En enero–febrero 2025, Biobío exportó US$ 8,0 millones en bienes, 20,0 % menos que en enero–febrero 2024."
    )
    assert say(edition, "fob?region=13") == (
        "En enero–febrero 2025, la Región Metropolitana exportó US$ 32,0 millones en bienes, 6,7 % más que en "
        "enero–febrero 2024."
    )


def test_share_names_its_whole(edition: Edition) -> None:
    assert say(edition, "share?region=08&denominator=goods_ex_copper+services") == (
        "En enero–febrero 2025, Biobío fue el 20,0 % del total nacional de bienes y servicios sin cobre "
        "(−5,0 pp respecto de enero–febrero 2024)."
    )


def test_what_moved_the_total_comes_with_what_pulled_the_other_way(edition: Edition) -> None:
    assert say(edition, "contribution_pp?region=08&split=sector:prochile") == (
        "Lo que más restó en Biobío, bienes: Industria forestal (−30,0 pp); en sentido contrario, Pesca y acuicultura "
        "(+10,0 pp); en total, −20,0 pp (enero–febrero 2025 respecto de enero–febrero 2024)."
    )


def test_the_base_of_twelve_months_carries_its_article(tmp_path: Path) -> None:
    rows = [{"month": month, "fob_usd": MILLION} for month in ("2023-11", "2024-10", "2025-10")]
    edition = tiny_edition(tmp_path, exports=rows)
    assert say(edition, "fob?region=08&window=rolling12") == (
        "En los 12 meses a octubre de 2025, Biobío exportó US$ 1,0 millones en bienes, 50,0 % menos que en los "
        "12 meses a octubre de 2024."
    )


def test_specialisation_names_the_leading_parts(edition: Edition) -> None:
    assert say(edition, "location_quotient?region=08&split=sector:prochile&compare=none") == (
        "En enero–febrero 2025, Biobío se especializa, respecto de Chile y en bienes, en Industria forestal (5) y "
        "Pesca y acuicultura (5)."
    )


def test_a_low_base_gives_the_change_and_no_percentage(tmp_path: Path) -> None:
    rows = [{"month": "2024-01", "fob_usd": 40_000}, {"month": "2025-01", "fob_usd": 90_000}]
    edition = tiny_edition(tmp_path, exports=rows)
    assert say(edition, "fob?region=08&window=2025-01") == (
        "En enero 2025, Biobío exportó US$ 90.000 en bienes, US$ 50.000 más que en enero 2024 "
        "(base baja: sin porcentaje)."
    )


def test_without_a_base_it_says_so(edition: Edition) -> None:
    assert say(edition, "fob?region=08&window=2024-01..2024-02").endswith("en bienes; sin base con que comparar.")


def test_a_missing_figure_says_why(edition: Edition) -> None:
    text = say(edition, "exporters?region=08&size=pyme")
    assert text.startswith("Sin dato de empresas exportadoras para Biobío")
    assert "no tiene un registro" in text


def test_other_metrics_carry_their_unit(tmp_path: Path) -> None:
    rows = [{"month": "2025-01", "exporter_key": key, "fob_usd": 1.0} for key in "abc"]
    edition = tiny_edition(tmp_path, register=rows)
    assert say(edition, "exporters?region=08&window=2025-01&size=pyme&compare=none") == (
        "En enero 2025, empresas exportadoras de Biobío, bienes, pymes (pequeñas y medianas): 3 empresas."
    )


def test_a_demonstration_says_so(tmp_path: Path) -> None:
    edition = tiny_edition(tmp_path, exports=[{"month": "2025-01", "fob_usd": 1.0}], kind="demo")
    for text in ("fob?window=2025-01", "exporters?size=pyme", "share?region=08&denominator=goods"):
        assert say(edition, text).endswith("Datos de demostración. No citar.")
