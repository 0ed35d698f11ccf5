"""Figures come from tables added up beforehand: they must be those that the items give, one by one."""

import random
from typing import Any

import pytest

from benchmarks.twenty_years import read_items_instead
from editions.edition import Edition, open_file
from editions.errors import QuestionError
from indicators.engine.answer import answer
from indicators.engine.result import Answer
from indicators.engine.sql import EXPORTS, FIRMS, PRODUCTS, TOTALS, Table
from indicators.metrics import METRICS
from indicators.question.question import Question
from indicators.question.scope import CONCEPTS
from tests.editions import tiny_edition

WINDOW = "window=2025-01..2025-02"
NEEDED = {  # what a metric must be asked with
    "yoy": "window=2025-02",
    "rolling12": "window=2024-03..2025-02",
    "cagr": f"{WINDOW}&compare=2023-01..2023-02",
    "share": f"{WINDOW}&denominator=goods_ex_copper",
    "contribution_pp": f"{WINDOW}&split=hs4",
    "location_quotient": f"{WINDOW}&region=08&split=hs4",
}
ASIDE = (  # what it is asked with besides
    "",
    "region=08",
    "split=region",
    "split=month",
    "split=segment&flow=all",
    "split=country",
    "split=hs6",
    "split=sector:prochile",
    "split=port",
    "region=08,16&split=comuna",
    "concept=comuna&region=08",
    "concept=exit&region=05&split=office",
    "concept=comuna&split=region",
    "flow=all&exclude=copper",
    "hs=44&region=08&split=transport",
    "country=225&sector=prochile:forestal",
    "comuna=08101,13101&port=906",
    "source=aduanas_salidas",
    "over=country",
    "over=firm&region=13",
    "over=known_region&concept=comuna",
    "over=known_product&flow=all",
    "over=known_country&region=08",
    "compare=none&split=month",
)


def item(chance: random.Random) -> dict[str, Any]:
    hs_code = chance.choice(["44071010", "44071090", "47032910", "74031100", "08101000", None])
    source = chance.choices(["aduanas_dus", "aduanas_salidas"], [9, 1])[0]
    return {
        "source_id": source,
        "month": chance.choice([f"{year}-{month:02}" for year in (2023, 2024, 2025) for month in range(1, 13)][:26]),
        "exporter_id": None if source == "aduanas_salidas" else chance.choice(["1", "2", "3", "4", "5", "6", None]),
        "region_code": chance.choice(["08", "13", "16", "05", "00", "20", None]),
        "comuna_code": chance.choice(["08101", "16101", "13101", "99999", None]),
        "customs_office_code": chance.choice(["34", "39", "7", "77", None]),
        "port_code": chance.choice(["906", "902", None]),
        "transport_code": chance.choice(["1", "4", "7"]),
        "country_code": chance.choice(["225", "336", "331", None]),
        "segment": chance.choices(["goods", "services", "ship_supplies", "not_export", "unknown"], [12, 2, 1, 1, 1])[0],
        "hs_code": hs_code,
        "is_copper": hs_code == "74031100",
        "prochile_sector_id": {"4": "forestal", "7": "mineria"}.get((hs_code or "0")[0]),
        "unit_code": chance.choice(["6", "10", None]),
        "quantity": chance.choice([None, chance.randrange(1, 900_000) / 100]),
        "fob_usd": chance.randrange(-10_000, 90_000_000) / 100,
    }


@pytest.fixture(scope="module")
def editions(tmp_path_factory: pytest.TempPathFactory) -> tuple[Edition, Edition]:
    """The same records twice: once added up, once item by item."""
    chance = random.Random(7)
    rows = [item(chance) for _ in range(1_500)]
    months = dict.fromkeys(("aduanas_dus", "aduanas_salidas"), "2023-01..2025-02")
    added_up, items = (
        tiny_edition(tmp_path_factory.mktemp(name), exports=rows, months=months, id_scope="stable", kind="private")
        for name in ("added", "items")
    )
    items._connection.close()
    read_items_instead(items.path)
    return added_up, open_file(items.path)


def asked(metric: str) -> list[Question]:
    """Return every question of the metric that makes sense."""
    found = {}
    for more in ASIDE:
        parts = dict(part.split("=", 1) for part in f"{NEEDED.get(metric, WINDOW)}&{more}".split("&") if part)
        try:
            question = Question(metric, **parts)  # type: ignore[arg-type]
        except QuestionError:
            continue
        found[str(question)] = question
    return list(found.values())


def figures(found: Answer) -> list[Any]:
    total = (None, found.value, found.base, found.growth, found.share, found.share_base)
    rows = [(row.key, row.value, row.base, row.growth, row.share, row.share_base) for row in found.rows]
    return [total, *sorted(rows)]


WITHOUT_MARTS = {  # of all companies, or need a register or a longer history than these records have
    metric for metric, spec in METRICS.items() if spec.size or spec.lookback > 12 or spec.operator == "companies"
}


@pytest.mark.parametrize("metric", sorted(set(METRICS) - WITHOUT_MARTS))
def test_every_metric_is_the_same_from_the_marts_and_from_the_items(
    editions: tuple[Edition, Edition], metric: str
) -> None:
    answered, questions = 0, asked(metric)
    for question in questions:
        added_up, items = (answer(edition, question) for edition in editions)
        assert figures(added_up) == figures(items), str(question)
        assert added_up.n_items == items.n_items, str(question)
        assert added_up.coverage == items.coverage, str(question)
        assert (added_up.reasons, added_up.flags) == (items.reasons, items.flags), str(question)
        answered += any(one[1] is not None for one in figures(added_up))
    assert answered >= min(3, len(questions))


@pytest.mark.parametrize(
    ("asked", "table"),
    [
        *((f"fob?region=08&concept={concept}&compare=none", TOTALS) for concept in CONCEPTS),
        ("exporters?region=08", FIRMS),
        ("fob?region=08", FIRMS),  # how many firms its base has, for the low-base rule
        ("exporters_month_avg?concept=comuna&split=region", FIRMS),
        ("hhi?over=firm&split=comuna&comuna=08101,13101", FIRMS),
        ("exporters?concept=exit&region=08", EXPORTS),
        ("exporters?sector=prochile:forestal", EXPORTS),
        ("single_market_firms?region=08", EXPORTS),
        ("margins?over=product", EXPORTS),
        ("fob?hs=44&compare=none", PRODUCTS),
        ("fob?sector=prochile:forestal&split=continent&compare=none", PRODUCTS),
        ("hhi?over=country", PRODUCTS),
        ("fisher_price?flow=all", EXPORTS),
        ("fob?hs=44&region=08", EXPORTS),
        ("fob?split=port", EXPORTS),
        ("hhi?over=country&split=region", EXPORTS),
    ],
)
def test_a_figure_is_read_from_the_smallest_table_that_holds_what_it_is_cut_by(
    editions: tuple[Edition, Edition], asked: str, table: Table
) -> None:
    question = Question.parse(f"{asked}&{WINDOW}&source=aduanas_dus")
    figure, totals = answer(editions[0], question).statements
    assert f"FROM {table.name} " in figure.sql and f"FROM {TOTALS.name} " in totals.sql
    from_before_there_were_smaller_tables = answer(editions[1], question).statements[0]
    assert f"FROM {EXPORTS.name} " in from_before_there_were_smaller_tables.sql
