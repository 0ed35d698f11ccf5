"""The figure engine in English: nothing that a reader sees is left in Spanish but names of places and institutions."""

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from editions.edition import Edition
from indicators import business_rounds
from indicators.engine import companies, result
from indicators.engine.answer import answer
from indicators.engine.context import describe
from indicators.engine.names import key_labels
from indicators.engine.result import Answer, Reason
from indicators.files import sources
from indicators.files.render import as_csv, as_json, as_parquet, as_xlsx
from indicators.files.render import as_text as answer_as_text
from indicators.metrics import METRICS
from indicators.metrics.definitions import UNIT_NAMES, Example, as_markdown, as_text, examples
from indicators.narrative import resumen
from indicators.question import scope
from indicators.question.calendar import WINDOW_NAMES
from indicators.question.dimensions import BLOCS, DIMENSIONS, UNKNOWN_LABEL
from indicators.question.question import Question
from indicators.receipts import reconciliation, revisions
from indicators.receipts.receipt import COMPARED, receipt
from indicators.receipts.receipt import as_json as receipt_as_json
from indicators.receipts.revisions import NOT_YET, WITHDRAWN
from tests.editions import REPOSITORY, example_edition, tiny_edition
from tests.english import WORD, bare, left_in_spanish, texts_of
from tests.texts import untranslated
from words import language
from words.formats import UNIT_NOUNS, quantity
from words.language import speaking, t

EXAMPLES = examples()


def in_json(found: Answer) -> str:
    return "\n".join(texts_of(json.loads(as_json(found))))


def in_text(found: Answer) -> str:
    """The text of an answer but its first line, the sentence, which has tests of its own."""
    return answer_as_text(found).split("\n", 1)[1]


def in_csv(found: Answer) -> str:
    """Notes and labels of rows; the heading is for programs."""
    lines = as_csv(found).splitlines()
    notes = [line for line in lines if line.startswith("#")]
    return "\n".join([*notes, *(row["label"] for row in csv.DictReader(lines[len(notes) :]))])


def in_workbook(found: Answer) -> str:
    """Marks, heading and labels of the data; the notes; the names of the sheets."""
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(found)))
    data, notes = (list(sheet.iter_rows(values_only=True)) for sheet in book)
    heading = next(row for row in data if row[1] is not None)  # a mark stands alone in its row
    said = [*heading, *(row[1] or row[0] for row in data), *(cell for row in notes for cell in row)]
    return "\n".join([*book.sheetnames, *map(str, said)])


def in_parquet(found: Answer) -> str:
    schema: pa.Schema = pq.read_schema(io.BytesIO(as_parquet(found)))
    titles = [field.metadata[b"title"].decode() for field in schema]
    return "\n".join([*titles, *(note.decode() for key, note in schema.metadata.items() if key != b"ARROW:schema")])


WRITERS: tuple[Callable[[Answer], str], ...] = (in_json, in_text, in_csv, in_workbook, in_parquet)


def untranslated_in(
    edition: Edition, question: str, writers: tuple[Callable[[Answer], str], ...] = WRITERS
) -> list[str]:
    """Return what is left in Spanish of an answer, in any of the ways it is written."""
    said = {}
    for code in language.LANGUAGES:
        with speaking(code):
            found = answer(edition, Question.parse(question))
            said[code] = [write(found) for write in writers]
            said[code].append("\n".join(texts_of(json.loads(receipt_as_json(receipt(edition, found))))))
            said[code].append(describe(edition, found.question))
    return [left for pair in zip(said["es"], said["en"], strict=True) for left in left_in_spanish(*pair)]


def edition_of(example: Example, folder: Path, kind: str) -> Edition:
    return example_edition(folder, example, kind=kind)


@pytest.mark.parametrize(  # a demo is marked as such
    ("example", "kind"),
    [*((example, "private") for example in EXAMPLES), *((example, "demo") for example in EXAMPLES[::4])],
    ids=lambda value: getattr(value, "question", value),
)
def test_every_metric_answers_in_english(example: Example, kind: str, tmp_path: Path) -> None:
    assert untranslated_in(edition_of(example, tmp_path, kind), example.question) == []


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    """Two years of one market after another, in a demo edition that holds a part of the exports, with a register."""
    exports = [
        {
            "month": f"{year}-{month:02d}",
            "exporter_id": str(month),
            "fob_usd": (year - 2015) * 1_000_000.0 * (1 + month),
            **more,
        }
        for year in (2017, 2018)
        for month, more in enumerate(
            (
                {"transport_code": "1", "port_code": "905", "customs_office_code": "69"},
                {"transport_code": "4", "country_code": "336", "prochile_sector_id": "pesca_acuicultura"},
                {"transport_code": "9", "region_code": "20", "country_code": "900"},
                {"region_code": "00", "segment": "services", "service_type_id": "tecnologia", "hs_code": "00250000"},
                {"segment": "services", "service_type_id": None, "hs_code": "00250000", "country_code": "517"},
                {"segment": "ship_supplies", "country_code": "901", "comuna_code": None},
                {"segment": "unknown", "hs_code": None},
            ),
            1,
        )
    ]
    register = [{"month": f"2018-{month:02d}", "exporter_key": str(month), "fob_usd": 9e6} for month in range(1, 8)]
    sizes = ("micro", "pequena", "mediana", "grande", "sin_informacion", "pequena", "mediana")
    register = [row | {"size_class": size} for row, size in zip(register, sizes, strict=True)]
    tables = {
        "core_transport": [{"transport_code": c, "name": n} for c, n in _names("transport_modes", "transport_code")],
        "core_hs": [{"hs_code": "44", "level": 2, "name_es": "Madera", "name_en": "Wood"}],
    }
    return tiny_edition(
        tmp_path_factory.mktemp("english"),
        exports=exports,
        register=register,
        kind="demo",
        extract="HS 06",
        incomplete=["2018-07"],
        id_scope=None,
        tables=tables,
    )


def _names(file: str, code: str, name: str = "name") -> list[tuple[str, str]]:
    lines = (REPOSITORY / "data" / "reference" / f"{file}.csv").read_text(encoding="utf-8").splitlines()
    return [(row[code], row[name]) for row in csv.DictReader(lines)]


SLICES = (
    *(f"fob?flow=all&window=2018&split={split}" for split in DIMENSIONS if split not in ("service_type", "size")),
    "fob?flow=services&window=2018-04..2018-05&split=service_type",
    "fob?window=2018-01..2018-06&split=size&source=registro",
    "exporters?window=2018-01&size=mipyme&source=registro&compare=none",
    "exporters?window=2018-01..2018-02",
    "exporters_month_avg?window=2018-01&size=pyme&sizing=month_fob",
    "fob?window=2018&region=08,16&sector=prochile:forestal,pesca_acuicultura&country=mercosur&hs=44&exclude=copper,lithium",
    "fob?window=2018&country=225,336,517,220&transport=1&flow=goods+services&concept=exit",
    "share?window=2018-01&region=08&denominator=regionalised",
    "fob?window=2018-01&denominator=goods_ex_copper&flow=goods&exclude=copper",
    "fob?window=2018-05..2018-09",
    "fob?window=2030",
    "fob?window=year",
    "rolling12",
    "sme_growth?window=2018",
    "fob?window=2018-01..2018-07",
    "fob?window=2018-06..2018-07",
    "fob?region=15&window=2018-01",
    "entrants?window=2018&source=aduanas_dus",
    "exporters?window=2018&size=pyme&source=aduanas_dus",
)


@pytest.mark.parametrize("question", SLICES)
def test_every_cut_is_in_english_with_its_reasons_and_flags(edition: Edition, question: str) -> None:
    assert untranslated_in(edition, question) == []


@pytest.mark.parametrize(
    ("lost", "question"),
    [
        (METRICS["coverage"].label, "coverage?window=2018&compare=none"),
        (METRICS["fob"].definition, "fob?window=2018"),
        (METRICS["yoy"].formula, "yoy?window=2018-01"),
        (METRICS["fob"].caveats[0], "fob?window=2018"),
        (result.DEMO.text, "fob?window=2018"),
        ("bienes", "fob?window=2018"),
        ("AÉREO", "fob?flow=all&window=2018&split=transport"),
        ("Alcance", "fob?window=2018"),
        ("Motivos", "fob?window=2018"),
    ],
)
def test_a_text_that_loses_its_english_is_found(
    edition: Edition, monkeypatch: pytest.MonkeyPatch, lost: str, question: str
) -> None:
    whole = language.catalogue("en")
    assert whole[lost]
    edition._constants.clear()  # an edition keeps the names it has said once
    monkeypatch.setattr(language, "catalogue", lambda _: {text: said for text, said in whole.items() if text != lost})
    assert untranslated_in(edition, question) != []


def test_every_constant_that_is_shown_has_english() -> None:
    english = language.catalogue("en")
    shown = [
        *(text for one in METRICS.values() for text in (one.label, one.definition, *one.caveats)),
        *(one.formula for one in METRICS.values() if WORD.search(bare(one.formula))),
        *(label for one in METRICS.values() if one.parts for label in one.parts.labels.values()),
        *(reason.text for room in (result, revisions) for reason in vars(room).values() if isinstance(reason, Reason)),
        *(one.label for one in (*DIMENSIONS.values(), *BLOCS.values(), *scope.CONCEPTS.values())),
        *(one.definition for one in scope.CONCEPTS.values()),
        *(column.title for column in sources.FACT_COLUMNS),
        *(text for labels in CONSTANTS for text in labels.values()),
        *(example.by_hand for example in EXAMPLES),
        *reconciliation.STATUSES,
        *resumen.FIGURES,
        UNKNOWN_LABEL,
    ]
    assert [text for text in shown if text not in english] == []


CONSTANTS: tuple[Any, ...] = (
    *(UNIT_NAMES, UNIT_NOUNS, WINDOW_NAMES, COMPARED),
    *(business_rounds.MEASURES, companies.MEASURES),
    *(scope.FLOW_LABELS, scope.EXCLUSIONS, scope.SIZE_LABELS, scope.SIZINGS, scope.SOURCES),
)


@pytest.mark.parametrize(
    ("file", "code", "name"),
    [
        ("transport_modes", "transport_code", "name"),
        ("reconciliation_tolerances", "rule_id", "reason"),
        ("countries", "country_code", "region_es"),
    ],
)
def test_names_that_stand_in_spanish_only_in_a_table_have_english(file: str, code: str, name: str) -> None:
    assert {said for _, said in _names(file, code, name)} - set(language.catalogue("en")) == set()


def test_what_is_no_region_is_said_in_english(edition: Edition) -> None:
    with speaking("en"):
        regions = key_labels(edition, "region")
    assert (regions["00"], regions["20"], regions["08"]) == ("No region", "Nationalised foreign goods", "Biobío")


def test_no_text_of_the_rooms_lacks_english() -> None:
    assert untranslated("indicators") == []


def test_a_question_reads_as_an_english_phrase(edition: Edition) -> None:
    asked = Question.parse(
        "fob?region=08&exclude=copper&country=mercosur&concept=exit&window=2025-01..2025-10&split=sector:prochile"
    )
    with speaking("en"):
        assert describe(edition, asked) == (
            "Value exported, goods without copper, country of destination: Mercosur, Biobío, by region of the customs "
            "office of exit, January–October 2025 against January–October 2024, by sector ProChile"
        )


def test_the_text_of_an_answer_in_english(edition: Edition) -> None:
    with speaking("en"):
        found = answer(edition, Question.parse("fob?window=2018-01..2018-02&split=region"))
        lines = in_text(found).strip().splitlines()
        moved = quantity(found.change, "usd", sign=True)
    assert lines == [
        "Value exported: US$15.0 million",
        "Window: January–February 2018; region: Chile; scope: goods",
        "Base (January–February 2017): US$10.0 million",
        f"Change: {moved}",
        "Growth: +50.0%",
        "  Biobío [08]: US$15.0 million; +50.0%; 100.0% of the total; adds +50.0\u00a0pp",
        "Notice: Demonstration data. Do not cite.",
        "Notice: The edition holds only a part of the exports: HS 06.",
        "Sum of the FOB value of the items exported in the window, in current dollars.",
        f"Source: Chilean Customs (Servicio Nacional de Aduanas), monthly export records (DUS). Edition {edition.id}.",
        f"Question: {found.question}",
    ]


def test_the_method_is_whole_in_english() -> None:
    spanish = as_markdown(), as_text()
    with speaking("en"):
        english = as_markdown(), as_text()
    for ours, theirs in zip(spanish, english, strict=True):
        assert len(ours.splitlines()) == len(theirs.splitlines())
        assert left_in_spanish(_prose(ours), _prose(theirs)) == []


def _prose(method: str) -> str:
    """The method without the records of its examples and the code of a source."""
    lines = (line for line in method.splitlines() if not line.startswith("|"))
    return re.sub(r"\b(registro|sii)\b", "", "\n".join(lines))


def test_a_break_of_the_series_is_told_in_english(edition: Edition) -> None:
    asked = Question.parse("exporters?window=2018-01&source=aduanas_dus")
    with speaking("en"):
        found = answer(edition, asked)
    (told,) = (flag.text for flag in found.flags if flag.code == "quiebre_de_serie")
    assert told.startswith("The exporter number was stable up to May 2017")


def test_reasons_of_a_revision_triangle_have_english() -> None:
    with speaking("en"):
        assert t(NOT_YET.text) == "The month was not yet loaded in that edition."
        assert t(WITHDRAWN.text) == "The month was withdrawn in that edition."


def test_an_event_is_told_in_english(tmp_path: Path) -> None:
    event = {"event": "Redes", "starts_on": "2025-11-01", "ends_on": "2025-11-30", "date_precision": "month"}
    event |= {"origin": "published", "edition": "2025", "region_code": "08", "n_companies": 1300, "n_rounds": 450}
    rounds = business_rounds.events(
        tiny_edition(tmp_path, tables={"core_business_round": [event | {"source": "ASEM"}]})
    )
    with speaking("en"):
        assert business_rounds.headline(rounds) == (
            "Redes, November 2025: 1,300 firms and 450 rounds. No figure for exporters, buyers, expected business and "
            "closed business."
        )
        assert rounds[0].said("n_buyers") == "n/a"


def test_the_weight_of_pymes_is_told_in_english(tmp_path: Path) -> None:
    rows = [
        {"size_class": size, "place_level": "region", "region_code": "08", "year": 2023, "source": "SII", **sums}
        for size, sums in (("pequena", {"n_firms": 1, "n_masked": 0}), ("grande", {"n_firms": 3, "n_masked": 2}))
    ]
    rows = [row | {"sales_uf": 10.0 * row["n_firms"], "workers": 1} for row in rows]
    with speaking("en"):
        found = companies.weights(tiny_edition(tmp_path, tables={"core_sii_company": rows}), "CL", "pyme")
    (sales,) = found["ventas"]
    assert (sales.scope, sales.subject) == ("all the firms that the SII (tax authority) counts", "pyme: sales")
    assert sales.note == "At least: the SII hides 2 cells for confidentiality, and they are not in the sum."
