"""What was published answers as itself: who printed it, what confirms it, what contradicts it."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings

from editions.edition import Edition
from editions.errors import QuestionError
from indicators.__main__ import main
from indicators.engine.answer import answer
from indicators.engine.result import Answer
from indicators.question.question import Question
from indicators.receipts.receipt import receipt
from tests.indicators.test_question import questions
from tests.published_editions import real_ledger, small_ledger


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Edition]:
    yield real_ledger(tmp_path_factory.mktemp("ledger"), kind="demo")


def ask(edition: Edition, text: str) -> Answer:
    return answer(edition, Question.parse(f"{text}&source=published"))


def codes(found: Answer) -> list[str]:
    return [flag.code for flag in found.flags]


def test_a_published_level_carries_publisher_date_address_and_scope(ledger: Edition) -> None:
    found = ask(ledger, "fob?region=08&window=2025-12")
    assert (found.value, found.base, found.growth) == (303_400_000.0, 442_900_000.0, -0.315)
    assert (found.publisher, found.published_on, found.scope_label) == ("INE", "2026-02", "bienes")
    assert found.source_urls and all(url.startswith("https://") for url in found.source_urls)
    assert {"PF0001", "PF0103"} <= {one.figure_id for one in found.citations}
    assert "confirmada" in codes(found)
    assert "INE, febrero 2026" in found.source_note


def test_a_published_answer_is_never_marked_as_demonstration(ledger: Edition) -> None:
    found = ask(ledger, "fob?region=08&window=2025")
    assert found.badge == "publicado" and "demo" not in codes(found)
    assert receipt(ledger, found)["demo"] is None


def test_a_computed_answer_never_quotes_the_ledger(ledger: Edition) -> None:
    found = answer(ledger, Question.parse("fob?region=08&window=2025"))
    assert (found.publisher, found.citations) == (None, ())
    assert found.badge == "demostración"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("share?region=08&window=2024&denominator=goods_ex_copper_lithium%2Bservices", 5_398 / 44_364),
        ("share?region=08&window=2024&denominator=goods", 5_190.7 / 100_163),
        ("share?region=08&window=2024&denominator=goods&concept=exit", 11_674.9146 / 100_163),
        ("share?region=08&window=2025&denominator=goods", 4_230.0 / 107_004),
    ],
)
def test_a_share_is_the_quotient_of_two_published_levels_with_its_formula(
    ledger: Edition, text: str, expected: float
) -> None:
    found = ask(ledger, text)
    assert found.value == pytest.approx(expected, rel=1e-6)
    (derived,) = [flag for flag in found.flags if flag.code == "derivada"]
    assert "÷" in derived.text and all(one.metric.startswith("fob_") for one in found.citations)


CONTRADICTED = [  # numbers of the list of contradictions: those of one region, scope, period and measure
    ("1: goods 2024", "fob?window=2024", 100_163e6, "PF1487"),
    ("1: goods 2023", "fob?window=2023", 94_937e6, "PF0914"),
    ("2: goods March 2024", "fob?window=2024-03", 7_952e6, "PF1494"),
    ("2: rate of March 2024", "yoy?window=2024-03", -0.137, "PF0938"),
    ("2: goods April 2024", "fob?window=2024-04", 8_412e6, "PF1495"),
    ("2: goods June 2024", "fob?window=2024-06", 7_682e6, "PF1497"),
    ("2: goods August 2024", "fob?window=2024-08", 8_012e6, "PF1498"),
    ("2: goods November 2024", "fob?window=2024-11", 7_941e6, "PF1501"),
    ("3: services 2024", "fob?window=2024&flow=services", 2_472e6, "PF1486"),
    ("15: Biobío, October 2025", "yoy?region=08&window=2025-10", -0.424, "PF0299"),
    (
        "18: Magallanes 2024",
        "fob?region=12&window=2024&flow=goods%2Bservices&exclude=copper,lithium",
        1_159e6,
        "PF1483",
    ),
]


@pytest.mark.parametrize(
    ("text", "value", "other"), [one[1:] for one in CONTRADICTED], ids=[c[0] for c in CONTRADICTED]
)
def test_known_contradictions_are_shown_beside_the_figure(ledger: Edition, text: str, value: float, other: str) -> None:
    found = ask(ledger, text)
    assert found.value == pytest.approx(value)
    assert any(flag.code == "contradiccion" for flag in found.flags)
    assert not any(other in flag.text for flag in found.flags), "identifiers are for files, not for sentences"
    assert other in {one.figure_id for one in found.citations if one.contradicts}


def test_a_rate_that_its_levels_deny_shows_both_and_leaves_the_base_out(ledger: Edition) -> None:
    found = ask(ledger, "fob?window=2025")
    assert (found.growth, found.base, found.change) == (0.079, None, None)
    assert any("+6,83" in flag.text for flag in found.flags)


def test_growth_without_a_printed_rate_is_computed_from_two_levels(tmp_path: Path) -> None:
    years = [
        {"period_start": f"{y}-01-01", "period_end": f"{y}-12-31", "printed_value": v}
        for y, v in ((2023, 200.0), (2024, 150.0))
    ]
    found = ask(small_ledger(tmp_path, years), "ytd?region=08&window=2024")
    assert found.value == pytest.approx(-0.25)
    assert any("÷" in flag.text and "− 1" in flag.text for flag in found.flags if flag.code == "derivada")


def test_the_same_value_printed_twice_confirms_and_another_contradicts(tmp_path: Path) -> None:
    rows = [{"printed_value": 100.0}, {"printed_value": 100.0, "publisher": "UdeC"}, {"printed_value": 120.0}]
    found = ask(small_ledger(tmp_path, rows), "fob?region=08&window=2024")
    assert (found.value, codes(found)) == (100e6, ["confirmada", "contradiccion"])
    assert [(one.figure_id, one.contradicts) for one in found.citations] == [("T0", False), ("T1", False), ("T2", True)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("exporters?flow=goods%2Bservices&window=2024", 8_567),
        ("exporters?flow=goods%2Bservices&window=2024&size=mipyme", 4_579),
        ("exporters?flow=goods%2Bservices&window=2022-01..2022-06&size=mipyme", 2_787),
        ("exporters?flow=goods%2Bservices&exclude=copper,lithium&region=10&window=2025-01..2025-09", 323),
        ("fob?size=pyme&window=2020", 1_369e6),
    ],
)
def test_counts_and_size_rules_are_told_apart(ledger: Edition, text: str, value: float) -> None:
    assert ask(ledger, text).value == value


@pytest.mark.parametrize(("window", "is_broken"), [("2018", True), ("2025", False)])
def test_a_base_from_before_nuble_left_biobio_is_flagged(ledger: Edition, window: str, is_broken: bool) -> None:
    found = ask(ledger, f"ytd?region=08&window={window}&flow=goods%2Bservices&exclude=copper")
    assert ("quiebre_de_serie" in codes(found)) == is_broken


def test_pymex_is_no_pyme(ledger: Edition) -> None:
    found = ask(ledger, "exporters?flow=goods%2Bservices&window=2022&size=pyme")
    assert found.value is None and found.reasons[0].code == "no_publicado"
    assert "pymex" in found.reasons[0].text


def test_what_is_not_published_names_what_is_nearest(ledger: Edition) -> None:
    found = ask(ledger, "exporters?region=08&flow=goods%2Bservices&window=2025&size=pyme")
    assert found.value is None
    assert "menos de 300 empresas" in found.reasons[0].text and "2016" in found.reasons[0].text


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("fob?region=08&flow=all&window=2025&split=country", "336", 961_462_077.4),
        ("fob?region=08&window=2025&split=month", "2025-11", 288_400_000.0),
        ("fob?flow=all&window=2024&split=sector:printed", "Minería", 59_764_784_000.0),
        ("fob?flow=all&window=2025&split=region", "08", 4_396_500_000.0),
    ],
)
def test_splits_are_rows_of_the_ledger(ledger: Edition, text: str, key: str, value: float) -> None:
    found = ask(ledger, text)
    (row,) = [row for row in found.rows if row.key == key]
    assert row.value == pytest.approx(value, rel=1e-4)
    assert row.share == pytest.approx((row.value or 0) / (found.value or 1))


def test_months_without_a_printed_figure_are_missing_with_a_reason(ledger: Edition) -> None:
    rows = ask(ledger, "fob?region=08&window=2025&split=month").rows
    assert len(rows) == 12
    assert (rows[0].value, [reason.code for reason in rows[0].reasons]) == (None, ["no_publicado"])


@given(question=questions())
@settings(max_examples=200)
def test_every_question_put_to_the_ledger_has_an_answer_or_a_reason(ledger: Edition, question: Question | None) -> None:
    try:
        asked = question.but(source="published") if question else Question("fob", source="published")
        found = answer(ledger, asked)
    except QuestionError:
        return
    assert (found.value is None) == bool(found.reasons)
    assert found.value is None or (found.publisher and found.citations)
    assert found.badge == "publicado"


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("fob?hs=44&source=published", "hs"),
        ("fob?split=hs2&source=published", "split"),
        ("fob?region=08,16&source=published", "region"),
        ("fob?country=225,336&source=published", "country"),
        ("fob?concept=comuna&source=published", "concept"),
        ("hhi?source=published", "source"),
        ("fob?split=sector:printed", "split"),
        ("exporters?split=country&source=published", "split"),
        ("exporters?country=336&source=published", "country"),
        ("n_products?size=pyme&source=published", "size"),
        ("fob?size=pyme&country=336&source=published", "size"),
    ],
)
def test_what_the_ledger_cannot_be_asked_is_one_sentence(text: str, part: str) -> None:
    with pytest.raises(QuestionError) as error:
        Question.parse(text)
    assert error.value.part == part


def test_every_format_and_the_receipt_give_the_same_published_figure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "editions").mkdir()
    edition = real_ledger(tmp_path / "editions", kind="demo")
    (tmp_path / "editions" / "CURRENT").write_text(edition.id)
    monkeypatch.setenv("PULSO_DATA", str(tmp_path))
    monkeypatch.delenv("PULSO_EDITION", raising=False)
    question = "fob?region=08&window=2025&source=published"
    said = {}
    for name in ("text", "json", "csv"):
        assert main(["answer", question, "--format", name]) == 0
        said[name] = capsys.readouterr().out
    facts = json.loads(said["json"])
    (row,) = csv.DictReader(line for line in said["csv"].splitlines() if not line.startswith("#"))
    assert facts["value"] == float(row["value"]) == 4_230_000_000.0
    assert "US$\u00a04.230,0 millones" in said["text"]
    assert main(["receipt", question]) == 0
    kept = capsys.readouterr().out
    path = tmp_path / "receipt.json"
    path.write_text(kept, encoding="utf-8")
    sources = json.loads(kept)["sources"]
    assert json.loads(kept)["answer"]["value"] == facts["value"]
    assert {one["publisher"] for one in sources} >= {"INE"} and any(one["source_url"] for one in sources)
    assert all("No citar" not in text for text in (*said.values(), kept))
    assert main(["recompute", str(path)]) == 0
    assert "igual" in capsys.readouterr().out


def test_two_editions_with_other_figures_name_those_that_only_one_has(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    old = small_ledger(tmp_path / "editions", [{"printed_value": 100.0}])
    new = small_ledger(tmp_path / "editions", [{"printed_value": 110.0, "figure_id": "T9"}])
    monkeypatch.setenv("PULSO_DATA", str(tmp_path))
    asked = "fob?region=08&window=2024&source=published"
    assert main(["diff", asked, "--from", old.id, "--to", new.id]) == 0
    said = capsys.readouterr().out
    assert f"Sólo en {old.id}: T0, INE, 2025-01, 100 USD million" in said
    assert f"Sólo en {new.id}: T9, INE, 2025-01, 110 USD million" in said
