"""What is refused is refused in the reader's language, in the same part of the question and as one sentence."""

from collections.abc import Callable
from pathlib import Path

import pytest

from editions.edition import Edition, open_edition
from editions.errors import EditionMissing, IndicatorError, NotAdditive, QuestionError
from editions.writing import FileError, write_whole, written
from indicators.engine.answer import answer
from indicators.question.question import Question
from indicators.receipts.receipt import ReceiptError, read_receipt
from indicators.release import release
from indicators.release.contents import ReleaseError
from tests.editions import tiny_edition
from tests.english import bare
from tests.indicators.test_question import WRONG
from tests.texts import SPANISH
from words import language
from words.language import speaking


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    exports = [{"month": "2018-01", "fob_usd": 1.0}, {"month": "2018-01", "region_code": "13", "fob_usd": 1.0}]
    return tiny_edition(tmp_path_factory.mktemp("errors"), exports=exports)


@pytest.mark.parametrize(("text", "part", "says"), WRONG)
def test_a_bad_question_is_refused_in_english(text: str, part: str, says: str) -> None:
    said = {}
    for code in language.LANGUAGES:
        with speaking(code), pytest.raises(QuestionError) as caught:
            Question.parse(text)
        assert caught.value.part == part
        said[code] = str(caught.value)
    assert said["es"] != said["en"]
    assert not SPANISH.search(bare(said["en"])), said["en"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("fob?region=99", "The region “99” does not exist; use CL, 01, 02, 03, 04, 05, 06, 07, 08, 09, 10, 11, 12, 13, "
            "14, 15, 16, 00 or 20."),
        ("fob?region=CL,08", "“CL” is the whole country; it is not combined with other regions."),
        ("fob?window=2025-10..2025-01", "The window 2025-10..2025-01 has no month: the first is later than the last; "
            "use ytd, year, month, rolling12, a year (2024), a month (2025-10) or a range of months "
            "(2025-01..2025-10)."),
        ("fob?flow=goods+services&denominator=goods", "There is no share of goods and services in the national total "
            "of goods: the numerator is not inside the denominator; remove flow and exclude, or use another "
            "denominator."),
        ("sme_bridge?split=region", "“sme_bridge” already comes broken down into its parts; remove split."),
        ("fob?country=Brasil", "“Brasil” is not valid in country; use numeric customs codes or blocs (ue, mercosur, "
            "alianza_pacifico, can, tmec, efta or cptpp), separated by commas."),
        ("fob?k=3", "“fob” takes no k; only top_k does."),
    ],
)  # fmt: skip
def test_the_error_of_a_question_in_english(text: str, says: str) -> None:
    with speaking("en"), pytest.raises(QuestionError) as caught:
        Question.parse(text)
    assert str(caught.value) == says


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("fob?sector=prochile:vinos", "The sector “vinos” does not exist in prochile; use "),
        ("fob?hs=9999", "The tariff code 9999 does not exist and is not in the records of the edition."),
        (
            "fob?port=77777",
            "The code 77777 does not exist in port (port of shipment); split=port gives those there are.",
        ),
    ],
)
def test_a_code_that_the_edition_does_not_know_is_refused_in_english(edition: Edition, text: str, says: str) -> None:
    with speaking("en"), pytest.raises(QuestionError) as caught:
        answer(edition, Question.parse(text))
    assert str(caught.value).startswith(says)


def refusal(kind: type[IndicatorError], call: Callable[[], object]) -> str:
    """Return what is said in English when a call is refused."""
    with speaking("en"), pytest.raises(kind) as caught:
        call()
    return str(caught.value)


def test_an_edition_that_is_not_there_and_a_sum_that_is_none(edition: Edition, tmp_path: Path) -> None:
    assert refusal(EditionMissing, lambda: open_edition(tmp_path)) == (
        "There is no edition of data yet; make one with “pulso demo” or “pulso load”."
    )
    assert refusal(EditionMissing, lambda: open_edition(tmp_path, "x")) == (
        "The edition “x” does not exist; there are: none."
    )
    counted = answer(edition, Question.parse("exporters?window=2018-01&split=region"))
    assert refusal(NotAdditive, counted.total).startswith(
        "“Exporting firms” does not add up: It does not add up: one firm can be in two sectors or two regions. With "
    )


def test_files_that_cannot_be_read_or_written(tmp_path: Path) -> None:
    path = tmp_path / "receipt.json"
    path.write_text("{}", encoding="utf-8")
    assert refusal(ReceiptError, lambda: read_receipt(path)) == (
        "receipt.json is not a receipt of format 1; they are made with “receipt QUESTION”."
    )
    assert refusal(FileError, lambda: write_whole(tmp_path / "none" / "x.csv", lambda _: None)) == (
        f"Cannot write in {tmp_path / 'none'}: No such file or directory."
    )
    assert refusal(FileError, lambda: written(b"", None)) == (
        "That format is not text; say in which file with --out FILE."
    )


def test_a_private_edition_is_not_released(tmp_path: Path) -> None:
    private = tiny_edition(tmp_path, exports=[{"month": "2018-01", "fob_usd": 1.0}], kind="private")
    assert refusal(ReleaseError, lambda: release(private, tmp_path / "x.zip")) == (
        f"The edition {private.id} is private (it holds the office's register) and is not released; publish an edition "
        "without a register."
    )
