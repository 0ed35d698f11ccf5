"""What a published table hides cannot be worked out of what it shows; another program attacks than defends."""

import numpy as np
import pytest

from etl.publication import suppression
from etl.publication.oracle import recoveries
from etl.publication.suppression import Suppression, suppress
from etl.publication.table import Cut, Dimension, Records, Rule, Table, table_of
from tests.publication.random_tables import Case, random_case

RULE = Rule()


def solved(case: Case) -> tuple[Table, Suppression]:
    table = table_of(case.dimensions, case.cuts, case.records)
    return table, suppress(table, RULE)


@pytest.mark.parametrize("seed", range(40))
def test_nothing_sensitive_can_be_worked_out_of_a_published_table(seed: int) -> None:
    case = random_case(seed)
    table, result = solved(case)

    assert recoveries(table, case.dimensions, case.records, result.hidden, RULE) == []


def test_the_attack_recovers_cells_where_only_sensitive_cells_are_hidden() -> None:
    recovered = 0
    for seed in range(5):
        case = random_case(seed)
        table, result = solved(case)
        only_sensitive = result.sensitive | ~table.is_published
        recovered += len(recoveries(table, case.dimensions, case.records, only_sensitive, RULE))

    assert recovered > 100


def test_a_cell_hidden_for_company_is_shown_again_when_nothing_needs_it() -> None:
    shown = [bool((~solved(random_case(seed))[1].hidden).any()) for seed in range(20)]

    assert any(shown)


def test_no_cell_is_hidden_that_one_subtraction_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suppression, "MOST_REDUCTIONS", 0)
    for seed in range(10):
        table, result = solved(random_case(seed))
        for total, parts in table.relations:
            hidden = [cell for cell in (total, *parts) if result.hidden[cell]]
            assert len(hidden) != 1 or not table.is_published[hidden[0]], (seed, table.keys[hidden[0]])


def test_a_firm_alone_in_a_hidden_cell_cannot_take_its_own_value_from_the_sum() -> None:
    table = line_of({"a": [50.0], "b": [40.0], "c": [10.0, 11.0, 12.0, 13.0], "d": [30.0, 31.0, 32.0, 33.0]})

    hidden = {table.keys[cell][0] for cell in np.flatnonzero(suppress(table, RULE).hidden)}

    assert hidden == {"a", "b", "c"}  # a and b alone would tell each other


def test_what_was_withheld_before_stays_withheld() -> None:
    table = line_of({"a": [50.0], "b": [40.0, 41.0, 42.0], "c": [60.0, 61.0, 62.0], "d": [70.0, 71.0, 72.0]})
    number = table.position[("d",)]

    assert suppress(table, RULE, hidden=[number]).hidden[number]


def test_what_was_shown_before_stays_shown() -> None:
    table = line_of({"a": [50.0], "b": [40.0, 41.0, 42.0], "c": [60.0, 61.0, 62.0], "d": [70.0, 71.0, 72.0]})
    smallest, other = table.position[("b",)], table.position[("c",)]

    assert suppress(table, RULE).hidden[smallest]
    result = suppress(table, RULE, shown=[smallest])
    assert not result.hidden[smallest]
    assert result.hidden[other]


@pytest.mark.parametrize(
    ("contributions", "is_sensitive"),
    [([100.0], True), ([60.0, 40.0], True), ([60.0, 30.0, 10.0], False), ([90.0, 8.0, 2.0], True), ([], False)],
)
def test_a_cell_is_sensitive_with_few_firms_or_when_the_second_could_work_out_the_first(
    contributions: list[float], is_sensitive: bool
) -> None:
    assert RULE.is_sensitive(np.array(contributions)) is is_sensitive


def line_of(cells: dict[str, list[float]]) -> Table:
    """A table of one line: cells and their total, each cell with firms of its own."""
    codes = [code for code, values in cells.items() for _ in values]
    values = np.array([value for values in cells.values() for value in values])
    nodes = {code: frozenset({code}) for code in cells} | {"*": frozenset(cells)}
    dimension = Dimension("code", nodes, (("*", tuple(cells)),))
    records = Records((codes,), np.arange(len(values)), values)
    return table_of((dimension,), (Cut((tuple(nodes),), (frozenset(nodes),)),), records)
