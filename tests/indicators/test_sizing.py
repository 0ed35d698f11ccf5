"""Where a firm's size is taken from: the register, else what it exports in UF, else nowhere, and always said."""

from pathlib import Path
from typing import Any

import pytest

from editions.edition import Edition
from indicators.engine.answer import answer
from indicators.engine.result import Answer
from indicators.files.render import as_csv, as_text
from indicators.narrative.sentences import sentence
from indicators.question.calendar import Window
from indicators.question.question import Question
from indicators.question.scope import SIZINGS, UF_BANDS
from indicators.receipts.receipt import receipt
from tests.editions import REPOSITORY, tiny_edition

UF_USD = 40.0  # a dollar series that makes one UF 40 dollars in every month: 2,400 UF are US$ 96,000
SMALL, MEDIUM, LARGE = 200_000, 2_000_000, 9_000_000  # pequeña, mediana, grande by yearly exports
PROXY = "aproximación por monto exportado"


def dollars(months: str) -> dict[str, list[dict[str, Any]]]:
    """The dollar of each month at which a UF is worth US$ 40."""
    rates = {}
    for line in (REPOSITORY / "data" / "reference" / "uf_monthly.csv").read_text(encoding="utf-8").splitlines()[1:]:
        month, uf, *_ = line.split(",")
        rates[month[:7]] = float(uf) / UF_USD
    listed = [f"{month:%Y-%m}" for month in Window.parse(months).months]
    return {
        "core_exchange_rate_month": [
            {"month": month, "clp_per_usd": rates[month], "source": "prueba"} for month in listed
        ]
    }


def customs(folder: Path, *, id_scope: str = "stable", with_dollar: bool = True, kind: str = "private") -> Edition:
    before = {"1": SMALL, "2": MEDIUM, "3": LARGE, "4": 50_000}
    rows = [{"month": "2023-03", "exporter_id": firm, "fob_usd": fob} for firm, fob in before.items()]
    rows += [{"month": "2024-05", "exporter_id": firm, "fob_usd": 100_000} for firm in "12345"]
    return tiny_edition(
        folder,
        exports=rows,
        months={"aduanas_dus": "2023-01..2024-12"},
        id_scope=id_scope,
        kind=kind,
        tables=dollars("2023-01..2024-12") if with_dollar else {},
    )


def ask(edition: Edition, text: str) -> Answer:
    return answer(edition, Question.parse(text))


def codes(found: Answer) -> list[str]:
    return [reason.code for reason in found.reasons]


def test_a_firm_has_the_class_of_what_it_exported_the_year_before(tmp_path: Path) -> None:
    found = ask(customs(tmp_path), "exporters?window=2024&compare=none&split=size")
    assert {row.key: row.value for row in found.rows} == {
        "micro": 1, "pequena": 1, "mediana": 1, "grande": 1, "sin_informacion": 1}  # fmt: skip
    assert (found.value, found.sizing) == (5, "own_fob")
    assert ask(customs(tmp_path), "fob?window=2024&compare=none&size=pyme").value == 200_000


@pytest.mark.parametrize(("window", "sizing"), [("2024", "own_fob"), ("2023-03", "month_fob")])
def test_what_is_no_export_says_nothing_of_the_size_of_a_firm(tmp_path: Path, window: str, sizing: str) -> None:
    rows = [
        {"month": "2023-03", "exporter_id": "1", "fob_usd": 1_000},
        {"month": "2023-03", "exporter_id": "1", "fob_usd": LARGE, "operation_code": "227", "segment": "not_export"},
        {"month": "2024-05", "exporter_id": "1", "fob_usd": 1_000},
    ]
    held = {"aduanas_dus": "2023-01..2024-12"}
    edition = tiny_edition(
        tmp_path, exports=rows, months=held, id_scope="stable", kind="private", tables=dollars("2023-01..2024-12")
    )
    found = ask(edition, f"exporters_month_avg?window={window}&compare=none&split=size&sizing={sizing}")
    assert [row.key for row in found.rows] == ["micro"]


def test_every_output_says_that_a_size_is_a_proxy(tmp_path: Path) -> None:
    edition = customs(tmp_path)
    found = ask(edition, "exporters?window=2024&compare=none&size=pyme")
    made = receipt(edition, found)
    assert (made["sizing"], found.question.sizing) == ("own_fob", "own_fob")
    assert "aproximacion_tamano" in [flag["code"] for flag in made["flags"]]
    assert all(PROXY in text for text in (sentence(found), as_text(found), as_csv(found), found.scope_label))
    assert answer(edition, Question.parse(str(found.question))) == found


def test_the_bands_are_those_of_the_sii_in_uf(tmp_path: Path) -> None:
    text = (REPOSITORY / "data" / "reference" / "sii_sales_classes.csv").read_text(encoding="utf-8")
    rows = [line.split(",") for line in text.splitlines()[1:]]
    most = {size: max(float(row[3]) for row in rows if row[4] == size) for size, _ in UF_BANDS}
    assert most == dict(UF_BANDS)


def test_the_register_goes_before_a_proxy(tmp_path: Path) -> None:
    rows = [{"month": "2024-05", "exporter_key": key, "size_class": "mediana", "fob_usd": 1.0} for key in "ab"]
    both = tiny_edition(
        tmp_path,
        exports=[{"month": "2023-05", "fob_usd": SMALL}, {"month": "2024-05", "fob_usd": 1.0}],
        register=rows,
        months={"aduanas_dus": "2023-01..2024-12", "registro": "2024-01..2024-12"},
        id_scope="stable",
        kind="private",
        tables=dollars("2023-01..2024-12"),
    )
    best = ask(both, "exporters?window=2024&compare=none&size=pyme")
    assert (best.value, best.sizing, best.question.source) == (2, "register", "registro")
    assert not [flag for flag in best.flags if flag.code == "aproximacion_tamano"]
    chosen = ask(both, "exporters?window=2024&compare=none&size=pyme&sizing=own_fob")
    assert (chosen.value, chosen.question.source) == (1, "aduanas_dus")


def test_without_a_dollar_series_there_is_no_proxy_and_the_reason_says_which(tmp_path: Path) -> None:
    found = ask(customs(tmp_path, with_dollar=False), "exporters?window=2024&compare=none&size=pyme")
    assert (found.value, found.sizing, codes(found)) == (None, None, ["no_register", "sin_dolar"])
    assert "sync --bcch" in found.reasons[1].text
    assert PROXY not in found.scope_label


def test_without_the_year_before_there_is_no_proxy(tmp_path: Path) -> None:
    assert codes(ask(customs(tmp_path), "exporters?window=2023&compare=none&size=pyme")) == [
        "no_register", "sin_ano_anterior"]  # fmt: skip
    found = ask(customs(tmp_path), "exporters?window=2024&size=pyme")
    assert (found.value, found.base, codes(found)) == (2, None, ["sin_ano_anterior"])


def test_renumbered_ids_leave_only_the_monthly_average_by_what_was_exported_in_the_month(tmp_path: Path) -> None:
    edition = customs(tmp_path, id_scope="month")
    for metric in ("exporters", "fob", "sme_growth", "sme_bridge"):
        found = ask(edition, f"{metric}?window=2024&size=pyme")
        assert (found.value, found.rows, "id_mensual" in codes(found)) == (None, (), True), metric
    found = ask(edition, "exporters_month_avg?window=2024-05&compare=none&size=pyme")
    assert (found.value, found.sizing) == (5.0, "month_fob")  # US$ 100,000 in a month: 30,000 UF a year
    assert PROXY in found.scope_label
    by_class = ask(edition, "exporters_month_avg?window=2023-03&compare=none&split=size")
    assert {row.key: row.value for row in by_class.rows} == {"pequena": 1.0, "mediana": 1.0, "grande": 2.0}


def test_who_enters_has_no_class_by_what_it_exported_before(tmp_path: Path) -> None:
    found = ask(customs(tmp_path), "entry?window=2024&size=pyme")
    assert (found.value, codes(found)) == (None, ["no_register", "nueva_sin_tamano"])
    assert ask(customs(tmp_path), "entry?window=2024").value == 0.2


def test_workers_need_a_register_that_has_them(tmp_path: Path) -> None:
    edition = tiny_edition(tmp_path, register=[{"month": "2024-05", "fob_usd": 1.0}], kind="private")
    found = ask(edition, "exporters?window=2024-05&compare=none&size=pyme&sizing=workers")
    assert (found.value, codes(found)) == (None, ["sin_trabajadores"])


@pytest.mark.parametrize("sizing", SIZINGS)
def test_every_way_to_tell_size_has_a_name(sizing: str) -> None:
    assert SIZINGS[sizing]
