"""The way from sector to product to destination, and the sentences about what it shows."""

from pathlib import Path

import pytest

from editions.edition import Edition
from indicators.engine import markets
from indicators.engine.answer import answer
from indicators.engine.pivot import largest, next_split, part_of, series_window, short_name, steps, value_of
from indicators.narrative import mercados as market_findings
from indicators.narrative import sectores as sector_findings
from indicators.narrative.sentences import identified
from indicators.question.calendar import Window
from indicators.question.dimensions import BLOCS
from indicators.question.question import Question
from tests.editions import tiny_edition

SECTORS = "sector:prochile"


@pytest.mark.parametrize(
    ("parts", "split"),
    [
        ({}, SECTORS),
        ({"sector": "prochile:forestal"}, "hs2"),
        ({"hs": "44"}, "hs4"),
        ({"hs": "44,4703"}, "hs6"),
        ({"hs": "440710"}, "hs8"),
        ({"hs": "44071010"}, "country"),
    ],
)
def test_each_step_opens_by_the_next(parts: dict[str, str], split: str) -> None:
    assert next_split(Question("fob", **parts), SECTORS) == split  # type: ignore[arg-type]


def test_a_key_becomes_the_part_of_the_address_that_opens_it() -> None:
    assert (part_of(SECTORS), value_of(SECTORS, "forestal")) == ("sector", "prochile:forestal")
    assert (part_of("hs4"), value_of("hs4", "4407")) == ("hs", "4407")
    assert (part_of("country"), value_of("country", "336")) == ("country", "336")


def test_the_steps_lead_back_and_drop_what_came_after() -> None:
    found = steps(Question("fob", sector="prochile:forestal", hs="4407", country="336"))
    assert [step.codes for step in found] == [("prochile:forestal",), ("44",), ("4407",), ("336",)]
    assert [step.split for step in found] == [SECTORS, "hs2", "hs4", "country"]
    assert dict(found[0].address) == {"sector": "prochile:forestal", "hs": None, "service_type": None, "country": None}
    assert dict(found[1].address) == {"hs": "44", "service_type": None, "country": None}


def test_a_short_window_is_drawn_as_the_twelve_months_that_end_with_it() -> None:
    assert str(series_window(Window.parse("2025-10"))) == "2024-11..2025-10"
    assert str(series_window(Window.parse("2025-01..2025-10"))) == "2025-01..2025-10"


def test_a_tariff_name_is_cut_at_a_word_and_loses_its_brackets() -> None:
    assert short_name("Madera (incluidas las tablillas) perfilada") == "Madera perfilada"
    assert short_name("Pasta de madera o de las demás materias fibrosas celulósicas") == (
        "Pasta de madera o de las demás materias…"
    )


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    """Two Octobers: China grows, Peru is new and large, Bolivia new and small, Japan lost, ship supplies (999) too."""
    sold = {
        "2024-10": {"336": 10_000_000, "331": 2_000_000, "999": 500_000},
        "2025-10": {"336": 12_000_000, "219": 3_000_000, "221": 20_000},
    }
    exports = [
        {"month": month, "country_code": country, "exporter_id": firm, "fob_usd": value // 5, "quantity": 2}
        for month, parts in sold.items()
        for country, value in parts.items()
        for firm in "12345"
    ]
    return tiny_edition(tmp_path_factory.mktemp("drill"), exports=exports, months={"aduanas_dus": "2024-10..2025-10"})


def test_new_and_lost_markets_are_named_above_the_floor_and_counted_below(edition: Edition) -> None:
    found = markets.changes(
        answer(edition, Question.parse("fob?window=2025-10&split=country")), markets.places(edition)
    )
    assert found is not None
    assert [row.label for row in found.new] == ["Perú"]
    assert [row.label for row in found.lost] == ["Japón"]
    assert (found.small_new, found.small_lost, found.floor_usd) == (1, 0, 100_000)
    assert market_findings.changes_title(found) == "1 mercado nuevo: Perú; 1 perdido: Japón"
    assert "de menos aparecieron 1 y desaparecieron 0" in market_findings.changes_note(found)


@pytest.mark.parametrize("sold_before", [True, False])
def test_the_floor_of_a_market_is_a_thousandth_of_the_larger_total_and_a_market_on_it_is_named(
    tmp_path: Path, sold_before: bool
) -> None:
    """China's 400 million make the floor, on whichever side they are; Peru is on it, Bolivia a dollar below."""
    large, small = ("2024-10", "2025-10") if sold_before else ("2025-10", "2024-10")
    traded = [(large, "336", 400_000_000), (small, "219", 400_000), (small, "221", 399_999), (small, "336", 1_000_000)]
    exports = [{"month": month, "country_code": country, "fob_usd": value} for month, country, value in traded]
    edition = tiny_edition(tmp_path, exports=exports, months={"aduanas_dus": "2024-10..2025-10"})
    changes = markets.changes(
        answer(edition, Question.parse("fob?window=2025-10&split=country")), markets.places(edition)
    )
    assert changes is not None and changes.floor_usd == 400_000
    named, n_small = (changes.new, changes.small_new) if sold_before else (changes.lost, changes.small_lost)
    assert ([row.label for row in named], n_small) == (["Perú"], 1)


def test_without_a_base_nothing_is_new(edition: Edition) -> None:
    found = answer(edition, Question.parse("fob?window=2025-10&split=country&compare=none"))
    assert markets.changes(found, markets.places(edition)) is None


def test_what_is_no_country_stays_in_the_total_and_off_the_map(edition: Edition) -> None:
    found = answer(edition, Question.parse("fob?window=2024-10&split=country&compare=none"))
    known = markets.places(edition)
    assert known["999"].is_pseudo
    assert sum(row.value or 0 for row in found.rows) == found.value == 12_500_000
    assert "999" not in {row.key for row in markets.countries(found, known)}
    assert [row.key for row in markets.off_the_map(found, known)] == ["999"]


def test_blocs_overlap_and_each_has_its_part_of_all_destinations(edition: Edition) -> None:
    whole = answer(edition, Question.parse("fob?window=2025-10"))
    found = {name: answer(edition, Question.parse(f"fob?window=2025-10&country={name}")) for name in BLOCS}
    rows = markets.bloc_rows(whole, found)
    assert {row.key: row.value for row in rows} == {
        "alianza_pacifico": 3_000_000,  # Peru is in three blocs
        "can": 3_020_000,
        "cptpp": 3_000_000,
        "mercosur": 20_000,
    }
    assert rows[0].key == "can"
    assert rows[0].share == pytest.approx(3_020_000 / 15_020_000)
    said = "Comunidad Andina compra el 20\u00a0% de lo exportado; el que más creció es CPTPP (+50,0\u00a0%)"
    assert market_findings.blocs_title(rows) == said


def test_continents_add_to_the_total(edition: Edition) -> None:
    found = answer(edition, Question.parse("fob?window=2025-10&split=continent"))
    assert {row.key: row.value for row in found.rows if row.value} == {"Asia": 12_000_000, "América": 3_020_000}
    assert found.total() == found.value


def test_a_filtered_answer_says_what_it_is_of_and_its_titles_do_not_speak_of_all_exports(edition: Edition) -> None:
    found = answer(edition, Question.parse("fob?window=2025-10&split=country&hs=44&sector=prochile:forestal"))
    assert found.scope_label == "bienes (Industria forestal, código 44)"
    rows = markets.countries(found, markets.places(edition))
    title = identified(market_findings.map_title(found, rows), found)
    assert title.startswith("lo que exportó Chile fue a 3 países; China compró el")
    assert title.endswith(" · bienes (Industria forestal, código 44)")


def test_only_parts_whose_growth_is_shown_are_compared(edition: Edition) -> None:
    found = answer(edition, Question.parse("fob?window=2025-10&split=country"))
    assert [row.key for row in largest(found, 5)] == ["336", "219", "221"]
    assert [row.key for row in largest(found, 5, comparable=True)] == ["336"]


def test_prices_and_volumes_say_which_way_they_went(edition: Edition) -> None:
    price = answer(edition, Question.parse("fisher_price?window=2025-10&split=country"))
    volume = answer(edition, Question.parse("fisher_volume?window=2025-10&split=country"))
    assert sector_findings.price_title(price, ()) == "Los precios subieron 20,0\u00a0%"
    assert sector_findings.volume_title(volume, ()) == "El volumen no cambió"


def test_the_outlines_of_the_map_are_countries_of_the_reference_table(edition: Edition) -> None:
    from ui.charts.maps import WORLD_OUTLINES, outlined

    known = {place.iso3 for place in markets.places(edition).values()}
    assert outlined() <= known
    assert {"CHN", "USA", "BRA", "PER", "KOR", "JPN"} <= outlined()
    assert Path(WORLD_OUTLINES).stat().st_size < 150_000
