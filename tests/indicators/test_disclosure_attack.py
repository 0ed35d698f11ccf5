"""The disclosure policy under attack: nothing it hides can be worked out from what it shows."""

import io
import json
import zipfile
from collections import Counter
from itertools import product
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from indicators import reserve
from indicators.answer import answer
from indicators.disclosure import Cell, Policy
from indicators.metrics import METRICS
from indicators.question import Question
from indicators.receipt import as_json, receipt
from indicators.render import FORMATS
from indicators.suppression import Key
from tests.attacker import COUNTRIES, REGIONS, Attacker, sparse_register
from tests.editions import tiny_edition

BLOCK, PART, MONTH = "2025-01..2025-03", "2025-01..2025-02", "2025-02"
PLACES = [f"&region={region}" for region in REGIONS] + [f"&country={country}" for country in COUNTRIES]


def attacker(tmp_path: Path, seed: int = 1) -> Attacker:
    rows = sparse_register(seed, firms=160)
    edition = tiny_edition(tmp_path, register=rows, months={"registro": "2024-01..2025-03"})
    return Attacker(edition, rows)


def ask_widely(attacker: Attacker, *, windows: tuple[str, ...] = (BLOCK, PART, MONTH)) -> None:
    """Single filters, pairs, lists, splits, parents, sizes, flows and months, and the year before of each."""
    few = ["", "&region=08,13", "&split=region", "&split=country", "&split=month"]
    pairs = [f"{place}&split={other}" for place in PLACES for other in ("size", "region", "country")]
    pairs = [pair for pair in pairs if pair[1:7] not in pair[8:]]  # no split by what is filtered
    for window, flow in product(windows, ("goods", "goods%2Bservices")):
        cuts = [*few, *(f"&size=mipyme{cut}" for cut in few)]
        if window != PART:
            cuts += [*pairs, *(f"&size=pyme{cut}" for cut in (*few, *pairs)), "&split=size"]
        for cut in cuts:
            attacker.ask(f"fob?source=registro&window={window}&flow={flow}{cut}")


@pytest.mark.parametrize("seed", [1, 2])  # without the coincidences of empty cells that decision 6 admits
def test_no_sum_that_is_hidden_follows_from_those_shown(tmp_path: Path, seed: int) -> None:
    asked = attacker(tmp_path, seed)
    ask_widely(asked)
    asked.check_answers()
    secrets = list(asked.secrets())
    assert len(secrets) > 200
    assert len(asked.known) > 150
    assert asked.recovered(secrets) == []


def test_the_attack_works_when_each_cell_is_judged_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def alone(cells: dict[Key, Cell], policy: Policy) -> frozenset[Key]:
        return frozenset(key for key, cell in cells.items() if policy.hides(cell))

    monkeypatch.setattr(reserve, "suppressed", alone)
    asked = attacker(tmp_path)
    ask_widely(asked, windows=(BLOCK, MONTH))
    secrets = list(asked.secrets())
    assert len(asked.recovered(secrets)) > len(secrets) / 3


def test_products_lists_of_them_and_exclusions_give_nothing_away(tmp_path: Path) -> None:
    asked = attacker(tmp_path)
    cuts = ["", "&split=hs2", "&split=hs4", "&hs=44", "&hs=4407", "&hs=4412,4703", "&hs=44,74", "&exclude=copper"]
    for window, flow, size, cut in product((BLOCK, MONTH), ("goods", "all"), ("", "&size=pyme"), cuts):
        asked.ask(f"fob?source=registro&window={window}&flow={flow}{size}{cut}")
    asked.check_answers()
    products = ("", "44", "4407", "4412", "47", "74")
    places = [
        secret for secret in asked.secrets(products=products) if not {*REGIONS, *COUNTRIES} & {*secret[0].split()}
    ]
    assert len(places) > 50
    assert asked.recovered(places) == []


def hidden_slices(asked: Attacker, metric: str) -> dict[str, bool]:
    """Which slices have no value, in many cuts."""
    found = {}
    over = "&over=firm" if metric == "hhi" else ""
    by_country = () if METRICS[metric].whole_firm else ("&split=country",)
    for cut in ("&split=region", *by_country, "&split=size", *(f"{place}&split=size" for place in PLACES)):
        question = Question.parse(f"{metric}?source=registro&window={BLOCK}&compare=none{cut}{over}")
        told = answer(asked.edition, question)
        found |= {f"{cut}: {row.key}": row.value is None for row in told.rows} | {cut: told.value is None}
    return found


def test_a_mean_is_shown_only_with_its_count_and_its_sum(tmp_path: Path) -> None:
    asked = attacker(tmp_path)
    counts = hidden_slices(asked, "exporters")
    assert Counter(counts.values())[True] > 10
    assert hidden_slices(asked, "fob_per_exporter") == counts == hidden_slices(asked, "fob")
    assert hidden_slices(asked, "exporters_month_avg") == counts
    by_firm = hidden_slices(asked, "exporters_proportional")
    assert by_firm == {name: hidden for name, hidden in counts.items() if not name.startswith("&split=country")}
    for shape in ("fob_per_exporter_median", "hhi"):  # of three firms, with their sum, they would tell each value
        shapes = hidden_slices(asked, shape)
        assert {name for name, hidden in counts.items() if hidden} < {name for name, hidden in shapes.items() if hidden}


def test_counts_by_region_or_size_leave_more_than_one_unknown(tmp_path: Path) -> None:
    asked = attacker(tmp_path)
    for metric, split in (
        ("exporters_proportional", "region"),
        ("exporters", "size"),
        ("exporters_month_avg", "month"),
    ):
        for cut in ("", *PLACES):
            if split not in cut:
                told = answer(
                    asked.edition, Question.parse(f"{metric}?source=registro&window={BLOCK}{cut}&split={split}")
                )
                assert told.value is None or sum(row.value is None for row in told.rows) != 1


def firms(sizes: dict[str, int], month: str = "2025-01", **codes: Any) -> list[dict[str, Any]]:
    return [
        {"exporter_key": f"{size}{n}", "size_class": size, "month": month, "fob_usd": 100_000.0 + n, **codes}
        for size, count in sizes.items()
        for n in range(count)
    ]


def test_concentration_tells_no_firm_from_the_next(tmp_path: Path) -> None:
    edition = tiny_edition(tmp_path, register=firms({"pequena": 20}))
    top = {k: answer(edition, Question.parse(f"top_k?over=firm&k={k}&compare=none")).value for k in (1, 4, 5, 6, 19)}
    assert [k for k, value in top.items() if value is not None] == [5]
    of_products = answer(edition, Question.parse("top_k?over=product&source=registro&k=1&compare=none&size=pequena"))
    assert of_products.value is None


def test_the_value_of_the_same_firms_does_not_tell_that_of_a_newcomer(tmp_path: Path) -> None:
    rows = firms({"pequena": 9}) + firms({"pequena": 8}, month="2024-01")
    edition = tiny_edition(tmp_path, register=rows, months={"registro": "2024-01..2025-01"})
    same, everyone = (
        answer(edition, Question.parse(f"{metric}?source=registro&window=2025-01&size=pyme"))
        for metric in ("fob_same_firms", "fob")
    )
    assert everyone.value is not None
    assert (same.value, same.base) == (None, 800_028.0)  # one came; nobody left


def test_shares_and_coverage_do_not_tell_a_hidden_total(tmp_path: Path) -> None:
    edition = tiny_edition(tmp_path, register=firms({"pequena": 9, "grande": 8, "sin_informacion": 1}))
    by_size = answer(edition, Question.parse("fob?source=registro&compare=none&split=size"))
    assert {row.key: row.share is None for row in by_size.rows} == {
        "pequena": False, "grande": True, "sin_informacion": True}  # fmt: skip
    assert by_size.coverage is not None
    assert (by_size.coverage.size, by_size.coverage.product) == (None, 1.0)
    assert answer(edition, Question.parse("coverage?over=known_size&compare=none")).value is None


def test_a_denominator_that_is_kept_in_reserve_gives_no_share(tmp_path: Path) -> None:
    rows = firms({"pequena": 9}) + firms({"grande": 2}, is_copper=True, hs_code="74031100")
    edition = tiny_edition(tmp_path, register=rows)
    asked = "share?source=registro&compare=none&size=pequena&denominator="
    assert answer(edition, Question.parse(f"{asked}goods")).value is None  # 'grande' is hidden, so is its company
    rows = firms({"pequena": 9, "grande": 9}) + firms({"mediana": 2}, is_copper=True, hs_code="74031100")
    edition = tiny_edition(tmp_path, register=rows)
    assert answer(edition, Question.parse(f"{asked}goods_ex_copper")).value is None


def readable(made: str | bytes) -> str:
    """What a person can find in a file: a workbook's parts are unpacked, a Parquet's rows and metadata read."""
    if isinstance(made, str):
        return made
    if made.startswith(b"PAR1"):
        table = pq.read_table(io.BytesIO(made))
        return f"{table.to_pylist()} {table.schema.metadata}"
    with zipfile.ZipFile(io.BytesIO(made)) as book:
        return " ".join(book.read(name).decode() for name in book.namelist())


def test_no_output_holds_a_number_of_a_hidden_slice(tmp_path: Path) -> None:
    rows = [dict(row, fob_usd=98_765.43) for row in firms({"pequena": 2})] + firms({"grande": 9})
    edition = tiny_edition(tmp_path, register=rows)
    told = answer(edition, Question.parse("fob?source=registro&compare=none&size=pequena&split=country"))
    texts = [readable(form(told)) for form in FORMATS.values()] + [as_json(receipt(edition, told))]
    assert not [text for text in texts if "98765" in text or "98.765" in text or "197530" in text or "197.530" in text]
    made = json.loads(texts[-1])
    assert (made["rows_read"], made["answer"]["value"]) == (0, None)


def test_too_many_cuts_are_kept_in_reserve_with_that_reason(tmp_path: Path) -> None:
    edition = tiny_edition(tmp_path, register=firms({"pequena": 20, "grande": 20}))
    told = answer(edition, Question.parse("exporters?region=08&size=pequena&country=225&hs=44&compare=none&split=hs4"))
    assert (told.value, told.rows[0].value) == (None, None)
    assert "tres criterios" in told.reasons[0].text
    private = tiny_edition(tmp_path, register=firms({"pequena": 20}), kind="private")
    assert answer(private, told.question).value == 20
