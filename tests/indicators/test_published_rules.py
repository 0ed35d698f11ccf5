"""Confirmation, contradiction, preference and empty states on a few rows made by hand."""

from datetime import date
from pathlib import Path

import pytest

from indicators import published
from indicators.engine.answer import answer
from indicators.published import Period
from indicators.published.facts import PublishedFact
from indicators.question.question import Question
from tests.published_editions import small_ledger

JANUARY_TO_JUNE = {"period_start": date(2024, 1, 1), "period_end": date(2024, 6, 30)}
PERCENT = {"printed_unit": "%", "unit": "fraction"}


def only_fact(folder: Path, rows: list[dict[str, object]]) -> PublishedFact:
    (fact,) = published.facts(small_ledger(folder, rows), "08")
    return fact


def test_a_value_within_print_rounding_confirms(tmp_path: Path) -> None:
    fact = only_fact(tmp_path, [{"printed_value": 303.4}, {"printed_value": 303}])
    assert (fact.confirmations, fact.contradictions) == (2, ())


def test_a_value_outside_print_rounding_contradicts(tmp_path: Path) -> None:
    fact = only_fact(tmp_path, [{"printed_value": 303.4}, {"printed_value": 302.7}])
    assert fact.confirmations == 1
    assert [other.value_text for other in fact.contradictions] == ["US$\u00a0302,7 millones"]


def test_the_first_print_leads(tmp_path: Path) -> None:
    later = {"printed_value": 102.0, "published_on": "2026-01"}
    fact = only_fact(tmp_path, [later, {"printed_value": 100.0, "published_on": "2025-01-08"}])
    assert fact.value == 100e6


def test_the_body_that_produces_the_series_leads_over_an_earlier_quotation(tmp_path: Path) -> None:
    quoted = {"printed_value": 90.0, "publisher": "SUBREI", "published_on": "2024-12"}
    fact = only_fact(tmp_path, [quoted, {"printed_value": 100.0}])
    assert (fact.value, fact.publisher) == (100e6, "INE")


def test_a_printed_value_leads_over_a_derived_one_that_never_counts_as_confirmation(tmp_path: Path) -> None:
    derived = {
        "printed_value": 100.0,
        "publisher": "derived",
        "source_kind": "derived",
        "published_on": None,
        "is_derived": True,
        "note": "50/0.5",
    }
    fact = only_fact(tmp_path, [derived, {"printed_value": 100.0, "published_on": "2026-09"}])
    assert (fact.figure_ids, fact.is_derived) == (("T1",), False)


def test_other_scope_basis_and_subject_are_other_things(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {"printed_value": 100.0},
        {"printed_value": 90.0, "flow_scope": "non_copper"},
        {"printed_value": 60.0, "note": "forest exports only"},
        {"printed_value": 50.0, "metric": "fob_sector", "subject_kind": "sector", "subject": "Pesca"},
    ]
    found = published.facts(small_ledger(tmp_path, rows), "08")
    assert len(found) == 4 and not any(fact.contradictions for fact in found)


def test_growth_of_a_half_year_is_one_thing_however_it_is_labelled(tmp_path: Path) -> None:
    rows = [
        {"metric": "yoy_pct", "printed_value": -6.5, "comparison": "yoy", **PERCENT, **JANUARY_TO_JUNE},
        {
            "metric": "ytd_yoy_pct",
            "printed_value": -6.5,
            "comparison": "ytd_yoy",
            **PERCENT,
            **JANUARY_TO_JUNE,
        },
    ]
    fact = only_fact(tmp_path, rows)
    assert (fact.metric, fact.confirmations, fact.period.kind) == ("growth", 2, "to_date")


def test_a_share_needs_both_levels_of_the_same_period(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {"printed_value": 100.0},
        {"printed_value": 1000.0, "region_code": "CL", "publisher": "BCCh", **JANUARY_TO_JUNE},
    ]
    assert published.region_shares(small_ledger(tmp_path, rows), "08") == []


def test_a_share_tells_what_the_other_printed_whole_would_give(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {"printed_value": 100.0},
        {"printed_value": 1000.0, "region_code": "CL", "publisher": "BCCh"},
        {"printed_value": 800.0, "region_code": "CL", "publisher": "BCCh", "published_on": "2026-01"},
    ]
    (share,) = published.region_shares(small_ledger(tmp_path, rows), "08")
    assert share.value == 0.1
    assert [(other.value, other.note) for other in share.contradictions] == [(0.125, "con US$\u00a0800 millones")]


def test_a_region_without_figures_has_empty_lists_and_an_honest_sentence(tmp_path: Path) -> None:
    edition = small_ledger(tmp_path, [{"printed_value": 100.0}])
    assert published.fact_cards(edition, "11") == []
    smes = published.sme_facts(edition, "11")
    assert (smes.exporters, smes.sme_counts, smes.sme_values) == ((), (), ())
    assert smes.missing.startswith("No hay ningún conteo publicado de las pymes exportadoras de la Región de Aysén")


def test_an_old_growth_is_not_a_card_beside_a_new_level(tmp_path: Path) -> None:
    old = {"period_start": date(2018, 1, 1), "period_end": date(2018, 12, 31)}
    rows = [{"printed_value": 100.0}, {"metric": "yoy_pct", "printed_value": 49, **PERCENT, **old}]
    edition = small_ledger(tmp_path, rows)
    assert [card.metric for card in published.fact_cards(edition, "08")] == ["fob_total"]
    assert published.region_growth(edition, "08").year is not None


def test_a_printed_bound_is_shown_as_a_bound(tmp_path: Path) -> None:
    row = {"metric": "n_exporters", "printed_value": 8400, "printed_unit": "firms", "unit": "firms"}
    fact = only_fact(tmp_path, [{**row, "note": '">8,400" (lower bound)'}])
    assert fact.value_text == "más de 8.400 empresas"


@pytest.mark.parametrize(
    ("start", "end", "kind", "label"),
    [
        (date(2025, 1, 1), date(2025, 12, 31), "year", "2025"),
        (date(2025, 1, 1), date(2025, 11, 30), "to_date", "enero–noviembre 2025"),
        (date(2024, 2, 1), date(2024, 2, 29), "month", "febrero 2024"),
        (date(2025, 4, 1), date(2025, 6, 30), "span", "abril–junio 2025"),
        (date(2025, 1, 1), date(2025, 11, 28), "span", "1 de enero – 28 de noviembre de 2025"),
    ],
)
def test_periods_are_named_as_people_name_them(start: date, end: date, kind: str, label: str) -> None:
    assert (Period(start, end).kind, Period(start, end).label) == (kind, label)


def test_a_product_does_not_take_the_room_of_a_sector_of_its_name(tmp_path: Path) -> None:
    scope = {"flow_scope": "goods+services+ship_supplies", "publisher": "Aduanas", "metric": "fob_sector"}
    rows: list[dict[str, object]] = [
        scope | {"printed_value": 40.0, "subject_kind": "product", "subject": "Resto"},
        scope | {"printed_value": 70.0, "subject_kind": "sector", "subject": "Resto"},
    ]
    edition = small_ledger(tmp_path, rows)
    assert {fact.subject_kind: fact.value for fact in published.facts(edition, "08")} == {
        "product": 40e6,
        "sector": 70e6,
    }
    question = Question("fob", region="08", flow="all", source="published", window="2024", split="sector:printed")
    assert [(row.label, row.value) for row in answer(edition, question).rows] == [("Resto", 70e6)]
