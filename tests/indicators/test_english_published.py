"""The published ledger in English: nothing that is read stays in Spanish, and codes stay as they are."""

import csv
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from editions.edition import Edition
from editions.folders import REFERENCE
from indicators import business_rounds, published
from indicators.engine.answer import answer
from indicators.published import Period, PublishedFact
from indicators.published.facts import DERIVED, RECORD_SUM
from indicators.published.figure import BASES, BOUNDS, METRIC_LABELS, SCOPE_LABELS, UNIT_NOUNS, note_text
from indicators.published.region import place
from indicators.question.question import Question
from indicators.question.scope import REGIONS
from tests.editions import tiny_edition
from tests.published_editions import real_ledger
from words.language import catalogue, speaking, t

PLACES = ("CL", *REGIONS)
NAMES = {  # the same in both languages: countries, ports, events
    *("Argentina", "Asia", "Australia", "Bolivia", "China", "Colombia", "India", "San Vicente + Talcahuano"),
    *("Encuentro de negocios Chile-México", "Enexpro Alimentos 2025", "Enexpro Productos del Mar 2024, Puerto Varas"),
    *("FIC Internacionalización Valparaíso", "LAC Flavors 2018 Santiago", "eEnexpro Fruittrade 2021"),
    "XIII Encuentro Binacional Perú–Chile, Tacna",
}


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Edition]:
    yield real_ledger(tmp_path_factory.mktemp("ledger"))


def everything(edition: Edition, region: str) -> list[PublishedFact]:
    return [*published.facts(edition, region), *published.shares_of_every_period(edition, region)]


def read(fact: PublishedFact) -> dict[str, str | None]:
    """What is read of a fact."""
    texts: dict[str, str | None] = {
        "metric": fact.metric_label,
        "scope": fact.scope_label,
        "subject": fact.subject,
        "period": fact.period.label,
        "value": fact.value_text,
        "note": fact.note,
        "derivation": fact.derivation,
        "badge": t(fact.badge),
    }
    for number, other in enumerate(fact.contradictions):
        texts |= {f"value {number}": other.value_text, f"note {number}": other.note}
    return texts


def own_words(text: str) -> str:
    """A text without the identifiers of figures, the names of who printed them, numbers and units."""
    bare = re.sub(r"[A-Z]+\d*-[\w-]+|PF\d+|\bINE\b|BCCh|ProChile|SUBREI|ODEPA|Aduanas|US\$", "", text)
    return "".join(filter(str.isalpha, bare))


@pytest.mark.parametrize("region", PLACES)
def test_nothing_that_is_read_of_a_published_figure_stays_in_spanish(ledger: Edition, region: str) -> None:
    spanish = everything(ledger, region)
    spoken = [read(fact) for fact in spanish]
    with speaking("en"):
        english = everything(ledger, region)
        said = [read(fact) for fact in english]
    assert [(f.figure_ids, f.metric, f.scope, f.printed_subject, f.subject_code, f.value) for f in spanish] == [
        (f.figure_ids, f.metric, f.scope, f.printed_subject, f.subject_code, f.value) for f in english
    ], "what identifies a figure is the same in both"
    same = {
        f"{part}: {text}"
        for before, after in zip(spoken, said, strict=True)
        for part, text in before.items()
        if text and text == after[part] and own_words(text) and text not in NAMES
    }
    assert same == set()
    assert not [text for one in said for text in one.values() if text and re.search("[«»]", text)]


def test_every_label_of_the_ledger_has_english() -> None:
    labels = {*METRIC_LABELS.values(), *SCOPE_LABELS.values(), *UNIT_NOUNS.values(), *BASES.values()}
    labels |= {words for _, words in BOUNDS} | {RECORD_SUM, DERIVED, "publicado"}
    assert labels - set(catalogue("en")) == set()


def test_a_translation_has_the_placeholders_of_its_text() -> None:
    def named(text: str) -> set[str]:
        return set(re.findall(r"\{(\w*)\}", text))

    assert {text for text, said in catalogue("en").items() if named(text) != named(said)} == set()


def test_a_figure_is_said_whole(ledger: Edition) -> None:
    with speaking("en"):
        (level,) = (f for f in published.facts(ledger, "08") if "PF0608" in f.figure_ids)
        assert level.value_text == "more than 1,300 firms"
        (fewer,) = published.sme_facts(ledger, "08").sme_counts
        assert fewer.value_text == "fewer than 300 firms"
        assert published.sme_facts(ledger, "08").missing == (
            "No count of the exporting pymes of the Biobío Region has been published for any time after 2016: the last "
            "is by ProChile, fewer than 300 firms."
        )
        (share,) = (s for s in published.region_shares(ledger, "08", 2024) if s.scope == "exit_point")
        assert share.scope_label == (
            "what leaves through the region's ports and customs offices, whatever the origin (as a share of the "
            "country's exports of goods)"
        )
        assert [other.note for other in share.contradictions] == ["with US$96,196 million", "with US$99,169 million"]
        total = published.customs_2025(ledger, "08").total
        assert total is not None and total.derivation == "sum of published records"
        assert total.badge == RECORD_SUM, "a code"


def test_what_is_less_is_said_by_what_is_counted(ledger: Edition) -> None:
    with speaking("en"):
        said = {fact.value_text for region in PLACES for fact in published.facts(ledger, region) if fact.bound}
    assert any(text.startswith("about ") for text in said) and any(text.startswith("almost ") for text in said)
    assert not [text for text in said if text.startswith("less than") and "firms" in text]


def test_a_note_is_the_ledgers_own_where_it_speaks_to_readers() -> None:
    with speaking("en"):
        assert note_text("first print; later revised to about 2,871") == "first print; later revised to about 2,871"
        assert note_text("as above") == "the same caution as for the figure before it from this source"
        assert note_text('"casi"') == "printed as “casi” (almost)"
        assert note_text(None) is None
    assert note_text("first print") == "primera impresión"


def test_no_note_in_english_sends_the_reader_to_papers_that_are_not_there(ledger: Edition) -> None:
    with speaking("en"):
        notes = [text for region in PLACES for fact in everything(ledger, region) for text in read(fact).values()]
    assert [text for text in notes if text and re.search(r"REPORT|see contradictions|as above|stored text", text)] == []


def test_a_period_of_days_is_said_in_english() -> None:
    with speaking("en"):
        assert Period(date(2025, 1, 1), date(2025, 11, 28)).label == "1 January – 28 November 2025"
        assert Period(date(2025, 1, 1), date(2025, 10, 31)).label == "January–October 2025"


def test_places_have_their_article(ledger: Edition) -> None:
    with speaking("en"):
        assert [place(ledger, code) for code in ("CL", "08", "13", "06", "99")] == [
            *("Chile", "the Biobío Region", "the Metropolitan Region of Santiago", "the O’Higgins Region", "region 99")
        ]
        names = {place(ledger, code) for code in REGIONS}
    assert all(name.startswith("the ") and "Región" not in name for name in names)


def test_an_answer_from_the_ledger_is_said_in_english(ledger: Edition) -> None:
    with speaking("en"):
        found = answer(ledger, Question.parse("fob?window=2024&source=published"))
        assert [flag.text for flag in found.flags][:2] == [
            "Note of the figure: first print; later revised to about 99,170.",
            "Other published figures give US$96,196 million (Sum of the monthly DUS files, operations 200 and 210).",
        ]
        none = answer(ledger, Question.parse("fob?region=08&window=2025-11&source=published&flow=services"))
        assert none.reasons[0].text == (
            "There is no published figure of exports for Biobío (November 2025). The nearest published: US$7 million "
            "(services; January–May 2022; ProChile) and US$296.8 million (goods, services and ship supplies; November "
            "2025; Aduanas)."
        )
        months = answer(ledger, Question.parse("fob?region=08&window=2025&source=published&split=month"))
        assert months.rows[0].reasons[0].text == "There is no published figure of this month."


def test_sectors_as_printed_keep_their_keys_in_english(ledger: Edition) -> None:
    question = Question.parse("fob?region=08&window=2025-10&split=sector:printed&source=published")
    spanish = answer(ledger, question)
    with speaking("en"):
        english = answer(ledger, question)
    assert [(row.key, row.value) for row in english.rows] == [(row.key, row.value) for row in spanish.rows]
    labels = {row.key: row.label for row in english.rows}
    assert labels["Industria"] == "Manufacturing"


def test_published_events_are_told_in_english_and_the_offices_own_as_written(ledger: Edition, tmp_path: Path) -> None:
    with (REFERENCE / "business_rounds.csv").open(encoding="utf-8") as lines:
        rows = [{name: value or None for name, value in row.items()} for row in csv.DictReader(lines)]
    own = rows[0] | {"event": "Ronda propia", "note": "Anunciado", "sector": "Alimentos", "starts_on": "2020-01-01"}
    told = [{"origin": "published"} | row for row in rows] + [{"origin": "office"} | own]
    edition = tiny_edition(tmp_path, tables={"core_business_round": told})
    spanish = business_rounds.events(edition)
    with speaking("en"):
        english = business_rounds.events(edition)
        assert business_rounds.headline(english) == (
            "Redes, November 2025: 1,300 firms, 100 exporters, 10 buyers and 450 rounds. No figure for expected "
            "business and closed business."
        )
        assert english[0].edition == "4th edition (2025)" and english[0].said("closed_usd") == "n/a"
    for one, other in zip(spanish, english, strict=True):
        assert (one.note == other.note) == (one.origin == "office")
        assert one.event == other.event
    assert [one.sector for one in english if one.origin == "office"] == ["Alimentos"]
