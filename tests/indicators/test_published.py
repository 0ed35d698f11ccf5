"""The real ledger answers for every region; what it says of Biobío is held to the printed figures."""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from editions.edition import Edition
from editions.folders import REFERENCE, REPOSITORY
from indicators import published
from indicators.narrative import findings
from indicators.published import Period
from indicators.published.facts import totals
from indicators.published.figure import note_text
from tests.published_editions import real_ledger

REGIONS = [f"{number:02d}" for number in range(1, 17)]
ORACLES = REPOSITORY.parent / "shared" / "data" / "checkpoints" / "published_oracles.csv"


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Edition]:
    yield real_ledger(tmp_path_factory.mktemp("ledger"))


def test_biobio_level_of_2025_is_derived_and_cites_what_it_was_derived_from(ledger: Edition) -> None:
    year = published.region_level(ledger, "08").year
    assert year is not None
    assert (year.value, year.period.label, year.scope) == (4_230_000_000.0, "2025", "goods")
    assert year.value_text == "US$\u00a04.230,0 millones"
    assert year.is_derived and year.badge == "derivado de cifras publicadas"
    assert year.derivation == "3.926,6 (ene–nov) + 303,4 (dic)"
    assert year.inputs == ("PF0001", "PF0103", "PF1128")
    assert year.publisher == "INE" and len(year.source_urls) == 3


def test_latest_levels_are_printed_by_ine_and_confirmed(ledger: Edition) -> None:
    latest = published.region_level(ledger, "08")
    assert latest.to_date is not None and latest.month is not None
    assert (latest.to_date.period.label, latest.to_date.value) == ("enero–noviembre 2025", 3_926_600_000.0)
    assert (latest.month.value, latest.month.figure_ids) == (303_400_000.0, ("PF0001", "PF0103"))
    assert latest.month.confirmations == 2 and not latest.month.is_derived


def test_biobio_growth(ledger: Edition) -> None:
    growth = published.region_growth(ledger, "08")
    assert [fact.value_text for fact in growth.shown] == ["−18,5\u00a0%", "−17,3\u00a0%", "−31,5\u00a0%"]
    assert [fact.period.label for fact in growth.shown] == ["2025", "enero–noviembre 2025", "diciembre 2025"]


@pytest.mark.parametrize(
    ("scope", "year", "expected", "part_and_whole"),
    [
        ("goods", 2024, 0.0518, (5_190.7, 100_163)),
        ("goods", 2025, 0.0395, (4_230.0, 107_004)),
        ("non_copper_non_lithium", 2024, 0.1217, (5_398, 44_364)),
        ("exit_point", 2024, 0.1166, (11_674.9146, 100_163)),
    ],
)
def test_biobio_share_is_computed_from_two_cited_levels(
    ledger: Edition, scope: str, year: int, expected: float, part_and_whole: tuple[float, float]
) -> None:
    (share,) = [fact for fact in published.region_shares(ledger, "08", year) if fact.scope == scope]
    part, whole = part_and_whole
    assert round(share.value, 4) == expected
    assert share.value == pytest.approx(part / whole, rel=1e-9)
    assert share.is_derived and len(share.figure_ids) >= 2 and "÷" in (share.derivation or "")
    assert len(share.source_urls) >= 2


def test_shares_agree_with_those_worked_out_by_hand(ledger: Edition) -> None:
    if not ORACLES.exists():
        pytest.skip("needs ../shared/data/checkpoints/published_oracles.csv")
    with ORACLES.open(encoding="utf-8") as lines:
        oracles = [row for row in csv.DictReader(lines) if row["metric"] == "share_national_pct"]
    shares = {(s.scope, s.period.end.isoformat()): s for s in published.region_shares(ledger, "08")}
    for oracle in oracles:
        share = shares[oracle["flow_scope"], oracle["period_end"]]
        assert round(100 * share.value, 2) == float(oracle["value"])
    assert len(oracles) == 4


def test_no_share_is_read_from_a_stored_ratio(ledger: Edition) -> None:
    stored = {
        row["figure_id"]
        for row in ledger.rows("SELECT figure_id FROM core_published_figure WHERE metric = 'share_national_pct'")
    }
    assert stored, "the ledger does hold printed shares"
    for region in REGIONS:
        for share in published.shares_of_every_period(ledger, region):
            assert not stored & set(share.figure_ids)


def test_national_goods_of_2024_lead_with_the_first_print(ledger: Edition) -> None:
    (fact,) = [
        f
        for f in totals(published.facts(ledger, "CL"))
        if f.metric == "fob_total" and f.scope == "goods" and f.period.kind == "year" and f.period.end.year == 2024
    ]
    assert (fact.value, fact.publisher, fact.is_derived) == (100_163_000_000.0, "BCCh", False)
    others = {round(other.value / 1e6): other for other in fact.contradictions}
    assert others[99_169].is_derived
    assert 96_196 in others


def test_total_trade_quoted_as_exports_does_not_lead(ledger: Edition) -> None:
    november = Period(date(2025, 11, 1), date(2025, 11, 30))
    (fact,) = [
        f
        for f in totals(published.facts(ledger, "CL"))
        if f.metric == "fob_total" and f.period == november and f.scope == "goods"
    ]
    assert fact.value == 8_504_000_000.0
    assert [other.value for other in fact.contradictions] == [15_594_000_000.0]


def test_two_printed_rates_for_one_month_are_shown_as_a_contradiction(ledger: Edition) -> None:
    october = Period(date(2025, 10, 1), date(2025, 10, 31))
    (fact,) = [
        f for f in published.facts(ledger, "08") if f.metric == "growth" and f.period == october and f.subject is None
    ]
    assert fact.value_text == "−42,4\u00a0%" and fact.confirmations == 2
    assert [other.value for other in fact.contradictions] == pytest.approx([-0.422])


def test_growth_of_forest_exports_to_china_is_not_taken_for_all_goods(ledger: Edition) -> None:
    latest = published.destinations(ledger, "08")
    assert latest is not None and latest.period.label == "diciembre 2025"
    rows = {(row.subject, row.basis): row for row in latest.rows}
    assert rows["China", None].growth is None
    forest = rows["China", "solo exportaciones forestales"]
    assert forest.share is None and forest.growth is not None and forest.growth.value == -0.584


def test_sectors_keep_value_share_and_growth_of_one_subject_together(ledger: Edition) -> None:
    latest = published.sectors(ledger, "08")
    assert latest is not None
    forest = latest.rows[0]
    assert forest.subject == "Exportaciones forestales (INE, madera + celulosa)"
    assert [fact.value_text for fact in forest.facts] == [
        "US$\u00a0193 millones",
        "63,6\u00a0%",
        "−40,7\u00a0%",
    ]


def test_absence_of_sme_counts_after_2016_is_read_from_the_data(ledger: Edition) -> None:
    smes = published.sme_facts(ledger, "08")
    assert "Región del Biobío posterior a 2016" in smes.missing
    assert [fact.value_text for fact in smes.sme_counts] == ["menos de 300 empresas"]
    assert [fact.value for fact in smes.claims] == [0.42]
    assert published.sme_facts(ledger, "16").missing.startswith("No hay ningún conteo publicado")


def test_claims_without_a_base_never_stand_among_the_facts(ledger: Edition) -> None:
    assert {fact.figure_ids for fact in published.claims(ledger, "08")} == {("PF0606",), ("PF0607",)}
    cards = published.fact_cards(ledger, "08")
    assert not any(card.is_claim for card in cards)
    assert not {"PF0606", "PF0607"} & {id_ for card in cards for id_ in card.figure_ids}


@pytest.mark.parametrize("region", [*REGIONS, "CL"])
def test_every_region_has_cards_without_zeros(ledger: Edition, region: str) -> None:
    cards = published.fact_cards(ledger, region)
    assert cards
    for card in cards:
        assert card.value != 0 and card.source_urls and card.publisher
        assert not card.publisher.startswith("deriv")


@pytest.mark.parametrize("region", REGIONS)
def test_customs_of_2025_has_twelve_months_that_add_up(ledger: Edition, region: str) -> None:
    customs = published.customs_2025(ledger, region)
    assert customs.total is not None and len(customs.months) == 12
    assert sum(month.value for month in customs.months) == pytest.approx(customs.total.value, rel=1e-6)
    assert customs.sectors and customs.products and customs.destinations
    assert customs.total.badge == "suma de registros publicados"


@pytest.mark.parametrize("kind", ["sector", "product", "destination"])
@pytest.mark.parametrize("region", [*REGIONS, "00", "20"])
def test_the_parts_of_every_region_are_those_of_their_table_and_reach_the_total(
    ledger: Edition, region: str, kind: str
) -> None:
    with (Path(REFERENCE) / f"customs_2025_region_{kind}.csv").open(encoding="utf-8") as lines:
        table = [float(row["fob_usd"]) for row in csv.DictReader(lines) if row["region_code"] == region]
    customs = published.customs_2025(ledger, region)
    parts = getattr(customs, f"{kind}s")
    assert customs.total is not None and table
    assert [part.value for part in parts] == sorted(table, reverse=True)
    for count in (3, len(parts)):
        rest = published.rest(parts[:count], customs.total)
        reached = sum(part.value for part in parts[:count]) + (rest.value if rest else 0.0)
        assert reached == pytest.approx(customs.total.value, abs=0.5)
        assert rest is None or (rest.is_derived and set(parts[0].figure_ids) < set(rest.figure_ids))


def test_a_title_does_not_pass_over_a_leftover_larger_than_what_it_names(ledger: Edition) -> None:
    customs = published.customs_2025(ledger, "08")
    assert [str(part.subject) for part in customs.sectors[:3]][2] == "Resto No minería"
    assert findings.parts_title(customs.sectors, customs.total, noun="Sectores") == (
        "Forestales y sus derivados, Productos del mar y Frutas y frutos suman el 86\u00a0% de lo exportado en 2025; "
        "«Resto No minería», otro 9\u00a0%"
    )


def test_unknown_region_gives_empty_answers(ledger: Edition) -> None:
    assert published.fact_cards(ledger, "99") == []
    assert published.sectors(ledger, "99") is None and published.destinations(ledger, "99") is None
    assert published.customs_2025(ledger, "99").total is None
    assert published.region_level(ledger, "99").shown == ()


def test_every_note_of_the_ledger_is_told_in_spanish() -> None:
    with (Path(REFERENCE) / "published_figures.csv").open(encoding="utf-8") as lines:
        notes = {row["note"] for row in csv.DictReader(lines) if row["note"]}
    only_numbers = {note for note in notes if not any(letter.isalpha() for letter in note)}
    untold = sorted(note for note in notes - only_numbers if note_text(note) == note)
    assert untold == []
