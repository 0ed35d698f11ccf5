"""The weight of small firms by SII, from the figures that every edition holds."""

import pytest

from editions.edition import Edition, open_edition
from editions.folders import Workspace
from indicators.engine.answer import answer
from indicators.engine.companies import per_thousand, weights


@pytest.fixture(scope="module")
def demo(built_demo: Workspace) -> Edition:
    return open_edition(built_demo.root)


def of_2023(demo: Edition, region: str, name: str) -> float:
    return next(fact.value for fact in weights(demo, region, "mipyme")[name] if fact.period.end.year == 2023)


def test_mipymes_of_2023_weigh_what_the_sii_counts(demo: Edition) -> None:
    assert of_2023(demo, "CL", "trabajadores") == pytest.approx(0.465, abs=0.0005)
    assert of_2023(demo, "CL", "ventas") == pytest.approx(0.125, abs=0.0005)
    assert of_2023(demo, "08", "trabajadores") == pytest.approx(0.575, abs=0.0005)
    assert of_2023(demo, "08", "ventas") == pytest.approx(0.290, abs=0.0005)


def test_each_weight_names_its_source_and_hidden_sales_are_at_least(demo: Edition) -> None:
    found = weights(demo, "12", "pyme")
    assert all(fact.publisher == "SII" and fact.source_urls[0].startswith("https://") for fact in found["ventas"])
    assert all(fact.note is None for fact in found["trabajadores"])


def test_exporters_per_thousand_need_both_counts_of_a_whole_year(demo: Edition) -> None:
    found = per_thousand(demo, "08", "pyme", ask=lambda question: answer(demo, question))
    assert [one.year for one in found] == [2019, 2020, 2021, 2022, 2023]
    assert found[-1].rate == pytest.approx(1000 * found[-1].exporters / found[-1].firms)
    assert found[-1].firms == 17625 + 2165
