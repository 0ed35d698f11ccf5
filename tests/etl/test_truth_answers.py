"""The demo's planted truths through `answer`: to the digit with a register; without one, what customs alone can say."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from editions.edition import Edition, open_edition, open_file
from editions.folders import Workspace
from etl.demo import truth
from indicators.engine.answer import answer
from indicators.engine.result import Answer
from indicators.question.question import Question

TRUTHS = truth.read()
TRADE = "flow=goods%2Bservices"
YTD, YEAR = f"window=2025-01..2025-10&{TRADE}", f"window=2024&{TRADE}"
PARTS = ("entrants", "exits", "continuing", "joined", "left")


@pytest.fixture(scope="module")
def demo(built_demo: Workspace) -> Edition:
    return open_edition(built_demo.root)


@pytest.fixture(scope="module")
def at_the_office(demo: Edition, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same edition as a private one."""
    return as_private(demo.path, tmp_path_factory.mktemp("office"))


def as_private(edition: Path, folder: Path) -> Path:
    path = folder / "office.duckdb"
    path.write_bytes(edition.read_bytes())
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE meta_build SET kind = 'private'")
    return path


@pytest.fixture(scope="module")
def public_only(demo: Edition, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The same months as anybody can have them: customs records without the register."""
    path = tmp_path_factory.mktemp("public") / "public.duckdb"
    path.write_bytes(demo.path.read_bytes())
    with duckdb.connect(str(path)) as connection:
        connection.execute("DELETE FROM core_register")
        connection.execute("DELETE FROM core_month WHERE source_id = 'registro'")
    yield path


def ask(edition: Edition, text: str) -> Answer:
    return answer(edition, Question.parse(text))


def is_truth(value: float | int | None, name: str) -> bool:
    """Whether a value is a truth to each of its digits."""
    expected = TRUTHS[name].value
    digits = len(expected.partition(".")[2])
    return value is not None and round(Decimal(repr(value)), digits) == Decimal(expected)


def test_growth_of_the_pymes_of_biobio_is_told_three_ways(demo: Edition) -> None:
    found = ask(demo, f"sme_growth?region=08&{YTD}")
    rows = {row.key: row for row in found.rows}
    names = {"exporters": "pyme_exporters", "fob": "pyme_fob", "fob_same_firms": "pyme_same_firms_fob"}
    assert found.value is None and set(rows) == set(names)
    for metric, name in names.items():
        assert is_truth(rows[metric].value, f"biobio_{name}_ytd_2025"), metric
        assert is_truth(rows[metric].base, f"biobio_{name}_ytd_2024"), metric
        assert is_truth(rows[metric].growth, f"biobio_{name}_ytd_growth"), metric
    assert rows["exporters"].growth == 0.42
    assert found.sizing == "register"


@pytest.mark.parametrize("part", PARTS)
def test_each_part_of_the_bridge_is_the_planted_one(demo: Edition, part: str) -> None:
    value = {row.key: row for row in ask(demo, f"sme_bridge?region=08&{YTD}").rows}[part]
    firms = {row.key: row for row in ask(demo, f"sme_bridge_firms?region=08&{YTD}").rows}[part]
    assert is_truth(value.change, f"biobio_pyme_bridge_{part}_fob")
    counted = firms.base if part in ("exits", "left") else firms.value
    assert is_truth(counted, f"biobio_pyme_bridge_{part}_firms")


def test_the_bridge_sums_to_the_planted_change(demo: Edition) -> None:
    bridge = ask(demo, f"sme_bridge?region=08&{YTD}")
    assert is_truth(bridge.change, "biobio_pyme_bridge_total_fob")
    assert sum(Decimal(str(row.change)) for row in bridge.rows) == Decimal(str(bridge.change))
    assert is_truth(ask(demo, f"same_firms?region=08&size=pyme&{YTD}").value, "biobio_pyme_same_firms")


@pytest.mark.parametrize(("place", "region"), [("biobio", "08"), ("chile", "CL")])
def test_who_enters_and_leaves_is_the_truth(demo: Edition, place: str, region: str) -> None:
    for metric, name in (
        ("entrants", "entrants_2024"),
        ("entry", "entry_rate_2024"),
        ("exits", "exits_2024"),
        ("exit", "exit_rate_2024"),
        ("exporters", "exporters_2024"),
    ):
        assert is_truth(ask(demo, f"{metric}?region={region}&{YEAR}").value, f"{place}_{name}"), metric
    same, before = ask(demo, f"same_firms?region={region}&{YEAR}"), ask(demo, f"exporters?region={region}&{YEAR}").base
    assert same.value is not None
    assert before is not None
    assert is_truth(same.value / before, f"{place}_kept_2024")


@pytest.mark.parametrize(("place", "region"), [("biobio", "08"), ("chile", "CL")])
def test_generations_are_followed_and_who_is_regular_new_or_back_is_counted(
    demo: Edition, at_the_office: Path, place: str, region: str
) -> None:
    edition = open_file(at_the_office)  # nothing is in reserve there
    survival = {row.key: row.value for row in ask(edition, f"survival?region={region}&{YEAR}").rows}
    survivors = {row.key: row.value for row in ask(edition, f"survivors?region={region}&{YEAR}").rows}
    starts = (f"{place}_survival", f"{place}_cohort")
    told = [name.removeprefix(f"{place}_") for name in TRUTHS if name.startswith(starts)]
    assert len(told) == 15
    for name in told:
        kind, cohort, *k = name.split("_")
        value = survival[f"{cohort}+{k[0]}"] if kind == "survival" else survivors[f"{cohort}+0"]
        assert is_truth(value, f"{place}_{name}"), name
    for metric, name in (
        ("regular_exporter", "regular"),
        ("first_time_exporters", "first_time"),
        ("returning_exporters", "returning"),
    ):
        assert is_truth(ask(edition, f"{metric}?region={region}&{YEAR}").value, f"{place}_{name}_2024"), metric
    shown = {row.key: row.value for row in ask(demo, f"survival?region={region}&{YEAR}").rows}
    assert any(value is not None for value in shown.values())
    assert all(value in (None, survival[key]) for key, value in shown.items())


def test_what_needs_more_years_than_the_register_has_is_missing_with_that_reason(demo: Edition) -> None:
    for metric in ("survival", "regular_exporter", "first_time_exporters"):
        found = ask(demo, f"{metric}?region=08&window=2020&{TRADE}")
        assert (found.value, found.rows, found.reasons[0].code) == (None, (), "sin_historia"), metric


def test_without_the_register_the_metrics_of_pymes_are_missing_and_say_why(public_only: Path) -> None:
    edition = open_file(public_only)
    for metric in ("sme_growth", "sme_bridge", "sme_bridge_firms", "exporters", "fob", "entry", "same_firms"):
        found = ask(edition, f"{metric}?region=08&size=pyme&window=2025-01..2025-10&{TRADE}")
        assert (found.value, found.rows, found.reasons[0].code) == (None, (), "no_register"), metric
        assert {reason.code for reason in found.reasons} & {"id_mensual", "nueva_sin_tamano"}, metric
    count = ask(edition, f"entrants?region=08&{YEAR}")
    assert (count.value, [reason.code for reason in count.reasons]) == (None, ["id_mensual"])


def test_without_the_register_the_monthly_average_is_known_and_by_size_only_as_a_proxy(
    public_only: Path, tmp_path: Path
) -> None:
    question = f"exporters_month_avg?region=08&window=2025-01..2025-10&compare=none&{TRADE}"
    edition = open_file(public_only)
    assert is_truth(ask(edition, question).value, "biobio_exporters_month_avg_ytd_2025")
    unknown = ask(edition, f"{question}&size=pyme")
    assert (unknown.value, unknown.reasons[-1].code) == (None, "sin_dolar")

    with_dollar = tmp_path / "with_dollar.duckdb"
    with_dollar.write_bytes(public_only.read_bytes())
    with duckdb.connect(str(with_dollar)) as connection:  # a dollar of 1/40 UF in every month
        connection.execute(
            "INSERT INTO core_exchange_rate_month SELECT month, uf_clp / 40, 20, 'prueba' FROM core_uf_month"
        )
        expected = connection.execute(
            """SELECT count(*) / 10 FROM (
                SELECT month, exporter_id, sum(fob_usd) AS everywhere,
                    coalesce(sum(fob_usd) FILTER (region_code = '08' AND segment IN ('goods', 'services')), 0) AS here
                FROM core_export WHERE month BETWEEN DATE '2025-01-01' AND DATE '2025-10-01' GROUP BY ALL)
            WHERE here > 0 AND everywhere * 12 / 40 > 2400 AND everywhere * 12 / 40 <= 100000"""
        ).fetchall()[0][0]
    found = ask(open_file(with_dollar), f"{question}&size=pyme")
    assert found.value == pytest.approx(expected)
    assert found.sizing == "month_fob"
    assert "aproximación por monto exportado" in found.scope_label
    assert ask(open_file(with_dollar), f"exporters?region=08&size=pyme&window=2025&{TRADE}").value is None
