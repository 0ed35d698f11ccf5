"""What the disclosure rule hides, alone and inside answers, and that it cannot be undone by subtracting."""

from pathlib import Path
from typing import Any

import pytest

from indicators.answer import answer
from indicators.disclosure import Cell, Policy
from indicators.question import Question
from tests.editions import tiny_edition

POLICY = Policy(is_on=True)
WINDOW = "window=2025-01&compare=none"


@pytest.mark.parametrize(
    ("cell", "hidden"),
    [
        (Cell(0), False),  # nobody: nothing to tell
        (Cell(1, 10.0, (10.0,)), True),
        (Cell(2, 20.0, (10.0, 10.0)), True),
        (Cell(3, 30.0, (10.0, 10.0)), False),
        (Cell(9, 109.0, (70.0, 32.0)), False),  # the rest, 7, is exactly 10 % of the largest
        (Cell(9, 108.9, (70.0, 32.0)), True),  # the second could work out the largest within 10 %
    ],
)
def test_few_firms_or_two_that_dominate_are_hidden(cell: Cell, hidden: bool) -> None:
    assert POLICY.hides(cell) is hidden
    assert Policy(is_on=False).hides(cell) is False


def register(sizes: dict[str, int], *, month: str = "2025-01", region: str = "08") -> list[dict[str, Any]]:
    """Equal firms of each sector: nobody dominates."""
    return [
        {"month": month, "region_code": region, "exporter_key": f"{sector}{n}", "prochile_sector_id": sector,
         "fob_usd": 1_000.0 * (place + 1)}
        for place, (sector, count) in enumerate(sizes.items())
        for n in range(count)
    ]  # fmt: skip


@pytest.mark.parametrize("metric", ["exporters", "fob_per_exporter", "fob_per_exporter_median", "hhi"])
def test_a_hidden_sector_cannot_be_found_by_subtraction(tmp_path: Path, metric: str) -> None:
    edition = tiny_edition(tmp_path, register=register({"vinos": 2, "mineria": 4, "pesca": 9}))
    over = "&over=firm" if metric == "hhi" else ""
    found = answer(edition, Question.parse(f"{metric}?region=08&{WINDOW}&split=sector:prochile{over}"))
    shown = {row.key: row.value for row in found.rows}
    assert found.value is not None
    assert (shown["vinos"], shown["mineria"]) == (None, None)
    assert shown["pesca"] is not None
    assert all([reason.code for reason in row.reasons] == ["confidencial"] for row in found.rows if row.value is None)


def test_value_from_the_register_follows_the_rule_and_value_from_customs_does_not(tmp_path: Path) -> None:
    edition = tiny_edition(
        tmp_path,
        register=register({"vinos": 2}),
        exports=[{"month": "2025-01", "fob_usd": 5.0, "exporter_id": "1"}],
    )
    from_register = answer(edition, Question.parse(f"fob?region=08&{WINDOW}&source=registro"))
    from_customs = answer(edition, Question.parse(f"fob?region=08&{WINDOW}"))
    assert (from_register.value, from_customs.value) == (None, 5.0)


def test_a_hidden_row_shows_no_share_growth_or_contribution(tmp_path: Path) -> None:
    rows = register({"vinos": 2, "mineria": 4, "pesca": 9})
    rows += register({"vinos": 8, "mineria": 8, "pesca": 9}, month="2024-01")
    edition = tiny_edition(tmp_path, register=rows, months={"registro": "2024-01..2025-01"})
    found = answer(
        edition,
        Question.parse("fob?region=08&window=2025-01&source=registro&split=sector:prochile"),
    )
    row = next(row for row in found.rows if row.key == "vinos")
    assert (row.value, row.change, row.growth, row.share, row.contribution) == (None,) * 5
    assert row.base is not None


def test_a_base_of_two_firms_is_hidden_and_so_is_the_growth_from_it(tmp_path: Path) -> None:
    rows = register({"vinos": 9}) + register({"vinos": 2}, month="2024-01")
    edition = tiny_edition(tmp_path, register=rows, months={"registro": "2024-01..2025-01"})
    found = answer(edition, Question.parse("exporters?region=08&window=2025-01"))
    assert (found.value, found.base, found.change, found.growth) == (9, None, None, None)
    assert [reason.code for reason in found.reasons] == ["confidencial"]


def test_private_editions_show_everything(tmp_path: Path) -> None:
    edition = tiny_edition(tmp_path, register=register({"vinos": 2, "pesca": 9}), kind="private")
    found = answer(edition, Question.parse(f"exporters?region=08&{WINDOW}&split=sector:prochile"))
    assert {row.key: row.value for row in found.rows} == {"vinos": 2, "pesca": 9}


def test_counts_from_customs_hide_a_second_region_and_its_value_stays(tmp_path: Path) -> None:
    exports = [
        {"month": "2025-01", "region_code": region, "exporter_id": f"{region}{n}", "fob_usd": 10.0 + n}
        for region, count in (("08", 9), ("11", 2), ("13", 7), ("16", 4))
        for n in range(count)
    ]
    edition = tiny_edition(tmp_path, exports=exports)
    counts, value, average = (
        {row.key: row.value for row in answer(edition, Question.parse(f"{metric}?{WINDOW}&split=region")).rows}
        for metric in ("exporters", "fob", "exporters_month_avg")
    )
    assert counts == average == {"08": 9, "13": 7, "11": None, "16": None}
    assert None not in value.values()


def test_a_list_of_regions_is_shown_only_if_each_of_them_is(tmp_path: Path) -> None:
    rows = [
        dict(row, exporter_key=f"{region}{row['exporter_key']}")
        for region, count in (("08", 9), ("16", 2), ("13", 8), ("05", 4))
        for row in register({"vinos": count}, region=region)
    ]
    edition = tiny_edition(tmp_path, register=rows)
    shown = {
        regions: answer(edition, Question.parse(f"exporters?region={regions}&{WINDOW}")).value
        for regions in ("08", "16", "08,16", "08,13", "05,16", "CL")
    }
    assert shown == {"08": 9, "16": None, "08,16": None, "08,13": 17, "05,16": None, "CL": 23}
