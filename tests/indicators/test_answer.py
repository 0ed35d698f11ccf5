"""What an answer does when data are missing, partial, tiny or ambiguous."""

from pathlib import Path
from typing import Any

import pytest

from editions.edition import Edition
from editions.errors import NotAdditive, QuestionError
from indicators.engine.answer import answer
from indicators.engine.result import Answer
from indicators.question.question import Question
from tests.editions import tiny_edition

MILLION = 1_000_000.0


def ask(edition: Edition, text: str) -> Answer:
    return answer(edition, Question.parse(text))


def codes(found: Any) -> list[str]:
    return [reason.code for reason in found.reasons]


def flags(found: Answer) -> list[str]:
    return [flag.code for flag in found.flags]


def two_years(**more: Any) -> list[dict[str, Any]]:
    return [
        {"month": "2024-01", "fob_usd": 2 * MILLION, **more},
        {"month": "2024-02", "fob_usd": 2 * MILLION, **more},
        {"month": "2025-01", "fob_usd": 3 * MILLION, **more},
        {"month": "2025-02", "fob_usd": 3 * MILLION, **more},
    ]


def test_growth_is_missing_when_the_base_lies_before_the_data(tmp_path: Path) -> None:
    edition = tiny_edition(tmp_path, exports=two_years())
    found = ask(edition, "fob?region=08&window=2024-01..2024-02")
    assert found.value == 4 * MILLION
    assert (found.base, found.change, found.growth) == (None, None, None)
    assert codes(found) == ["sin_base"]
    assert "los datos empiezan en enero 2024" in found.reasons[0].text


def test_growth_is_missing_when_nothing_was_exported_in_the_base(tmp_path: Path) -> None:
    months = {"aduanas_dus": "2024-01..2025-02"}
    edition = tiny_edition(tmp_path, exports=two_years()[2:], months=months)
    found = ask(edition, "fob?region=08&window=2025-01..2025-02")
    assert (found.base, found.change, found.growth) == (0, 6 * MILLION, None)
    assert codes(found) == ["sin_base"]


def test_nothing_exported_in_complete_months_is_zero_and_not_missing(tmp_path: Path) -> None:
    edition = tiny_edition(tmp_path, exports=two_years())
    found = ask(edition, "fob?region=11&window=2025-01..2025-02")
    assert (found.value, found.base, found.growth) == (0, 0, None)


def test_a_window_without_data_has_no_value_and_says_what_there_is(tmp_path: Path) -> None:
    edition = tiny_edition(tmp_path, exports=two_years())
    found = ask(edition, "fob?region=08&window=2030")
    assert found.value is None
    assert codes(found) == ["fuera_de_rango"]
    assert "de enero 2024 a febrero 2025" in found.reasons[0].text


def test_the_end_of_a_window_that_is_not_complete_is_left_out_and_marked(tmp_path: Path) -> None:
    exports = [*two_years(), {"month": "2025-03", "fob_usd": 9.0}]
    edition = tiny_edition(tmp_path, exports=exports, incomplete=["2025-03"])
    found = ask(edition, "fob?region=08&window=2025")
    assert (found.value, found.base, found.growth) == (6 * MILLION, 4 * MILLION, 0.5)
    assert (found.window_label, found.base_label) == ("enero–febrero 2025", "enero–febrero 2024")
    assert flags(found)[0] == "recortado"
    assert not found.is_complete


def test_a_base_that_is_written_out_is_cut_short_like_the_window(tmp_path: Path) -> None:
    exports = [*two_years(), {"month": "2023-01", "fob_usd": MILLION}, {"month": "2023-12", "fob_usd": MILLION}]
    edition = tiny_edition(tmp_path, exports=exports, kind="private")
    found = ask(edition, "fob?region=08&window=2025&compare=2023")
    assert (found.value, found.base, found.growth) == (6 * MILLION, MILLION, None)
    assert (found.base_label, found.question.compare) == ("enero–febrero 2023", "2023-01..2023-02")
    assert answer(edition, found.question).base == MILLION
    assert ask(edition, "cagr?window=2025&compare=2023").base_label == "enero–febrero 2023"


@pytest.mark.parametrize("text", ["regular_exporter?window=2025", "survival?window=2025", "rolling12?window=2025"])
def test_a_figure_of_a_whole_year_is_missing_where_the_year_is_not_whole(tmp_path: Path, text: str) -> None:
    months = {"aduanas_dus": "2021-01..2025-02"}
    edition = tiny_edition(tmp_path, exports=two_years(), months=months, id_scope="stable", kind="private")
    found = ask(edition, text)
    assert (found.value, found.rows, codes(found)) == (None, (), ["parcial"])
    assert "de 2025 falta marzo 2025, abril 2025 y otros 8 meses" in found.reasons[0].text


def test_a_window_with_a_hole_is_shown_marked_and_never_compared(tmp_path: Path) -> None:
    edition = tiny_edition(tmp_path, exports=two_years(), incomplete=["2025-01"])
    found = ask(edition, "fob?region=08&window=2025-01..2025-02")
    assert found.value == 6 * MILLION
    assert (found.base, found.growth) == (None, None)
    assert (flags(found)[0], codes(found)) == ("parcial", ["parcial"])


def test_a_base_with_a_hole_is_no_base(tmp_path: Path) -> None:
    edition = tiny_edition(tmp_path, exports=two_years(), incomplete=["2024-02"])
    found = ask(edition, "fob?region=08&window=2025-01..2025-02")
    assert (found.value, found.growth) == (6 * MILLION, None)
    assert "falta febrero 2024" in found.reasons[0].text


@pytest.mark.parametrize(
    ("base", "value", "firms"),
    [
        (99_999.0, 150_000.0, 5),  # base below US$ 100,000
        (500_000.0, 2_000_001.0, 5),  # more than 300 %
        (500_000.0, 600_000.0, 4),  # fewer than 5 exporters
    ],
)
def test_a_percentage_of_almost_nothing_is_not_shown(tmp_path: Path, base: float, value: float, firms: int) -> None:
    exports = [{"month": "2024-01", "exporter_id": str(firm), "fob_usd": base / firms} for firm in range(firms)] + [
        {"month": "2025-01", "fob_usd": value}
    ]
    edition = tiny_edition(tmp_path, exports=exports, months={"aduanas_dus": "2024-01..2025-01"})
    found = ask(edition, "fob?region=08&window=2025-01")
    assert found.growth is None
    assert found.change == pytest.approx(value - base)
    assert "base_baja" in codes(found)


def customs_base(base: float, firms: int, products: int) -> list[dict[str, Any]]:
    """A base of so much value, firms and products, and a window of twice the products and firms."""
    return [
        {
            "month": month,
            "exporter_id": f"{month}{number % (firms * times)}",
            "hs_code": f"{440710 + number % (products * times)}00",
            "fob_usd": base / 12,
        }
        for month, times in (("2024-01", 1), ("2025-01", 2))
        for number in range(12)
    ]


@pytest.mark.parametrize("metric", ["n_products", "exporters", "effective_number"])
@pytest.mark.parametrize(
    ("base", "firms", "is_low"),
    [(99_999.0, 6, True), (500_000.0, 4, True), (500_000.0, 6, False)],
)
def test_low_base_holds_for_counts_too(tmp_path: Path, metric: str, base: float, firms: int, is_low: bool) -> None:
    exports = customs_base(base, firms, products=6)
    edition = tiny_edition(tmp_path, exports=exports, months={"aduanas_dus": "2024-01..2025-01"}, kind="private")
    for found in (
        ask(edition, f"{metric}?region=08&window=2025-01"),
        *ask(edition, f"{metric}?region=08&window=2025-01&split=country").rows,
    ):
        assert ("base_baja" in codes(found), found.growth is None) == (is_low, is_low)


def test_the_firms_of_a_base_are_counted_where_those_of_the_window_cannot_be(tmp_path: Path) -> None:
    months = [
        {"source_id": "aduanas_dus", "month": f"2024-{n:02}", "is_complete": True, "id_scope": "stable"} for n in (1, 2)
    ]
    months += [
        {"source_id": "aduanas_dus", "month": f"2025-{n:02}", "is_complete": True, "id_scope": "month"} for n in (1, 2)
    ]
    edition = tiny_edition(tmp_path, exports=two_years(), months={"registro": "2023-01"}, tables={"core_month": months})
    found = ask(edition, "fob?region=08&window=2025-01..2025-02")  # all of one firm in 2024
    assert (found.growth, codes(found)) == (None, ["base_baja"])


def test_a_percentage_at_the_limits_is_shown(tmp_path: Path) -> None:
    exports = [{"month": "2024-01", "exporter_id": str(firm), "fob_usd": 20_000} for firm in range(5)]
    exports.append({"month": "2025-01", "fob_usd": 400_000})
    edition = tiny_edition(tmp_path, exports=exports, months={"aduanas_dus": "2024-01..2025-01"})
    assert ask(edition, "fob?region=08&window=2025-01").growth == 3.0


def test_low_base_grows_with_the_region(tmp_path: Path) -> None:
    exports = [
        *two_years(),
        {"month": "2025-01", "fob_usd": 200_000_000, "country_code": "336"},
        {"month": "2025-01", "fob_usd": 220_000, "country_code": "336"},
        {"month": "2024-01", "fob_usd": 200_000, "country_code": "331"},
        {"month": "2025-01", "fob_usd": 220_000, "country_code": "331"},
    ]
    edition = tiny_edition(tmp_path, exports=exports)
    rows = {row.key: row for row in ask(edition, "fob?region=08&window=2025-01..2025-02&split=country").rows}
    assert codes(rows["331"]) == ["base_baja"]  # 200,000 is under 0.1 % of 206 million
    assert rows["225"].growth == 0.5


def test_distinct_firms_of_several_months_need_ids_that_last(tmp_path: Path) -> None:
    found = ask(tiny_edition(tmp_path, exports=two_years()), "exporters?region=08&window=2025-01..2025-02")
    assert found.value is None
    assert "id_mensual" in codes(found)
    assert "exporters_month_avg" in found.reasons[0].text
    stable = tiny_edition(tmp_path, exports=two_years(), id_scope="stable", kind="private")
    assert ask(stable, "exporters?region=08&window=2025-01..2025-02").value == 1


def test_each_month_is_counted_even_when_ids_change_every_month(tmp_path: Path) -> None:
    edition = tiny_edition(tmp_path, exports=two_years(), kind="private")
    found = ask(edition, "exporters?region=08&window=2025-01..2025-02&split=month")
    assert found.value is None
    assert [(row.key, row.value, row.base) for row in found.rows] == [("2025-01", 1, 1), ("2025-02", 1, 1)]


def test_pymes_without_a_register_are_missing_and_say_what_would_bring_them(tmp_path: Path) -> None:
    edition = tiny_edition(tmp_path, exports=two_years())
    for text in ("exporters?region=08&size=pyme", "fob?region=08&size=pyme", "fob?split=size"):
        found = ask(edition, text)
        assert (found.value, codes(found)) == (None, ["no_register", "id_mensual"])  # nor a proxy: ids do not last
        assert "pulso load" in found.reasons[0].text


def test_a_firm_has_in_each_period_the_class_of_that_period(tmp_path: Path) -> None:
    register = [
        {"month": "2024-01", "exporter_key": "grew", "size_class": "mediana", "fob_usd": 10.0},
        {"month": "2025-01", "exporter_key": "grew", "size_class": "grande", "fob_usd": 20.0},
        {"month": "2024-01", "exporter_key": "stayed", "size_class": "pequena", "fob_usd": 1.0},
        {"month": "2025-01", "exporter_key": "stayed", "size_class": "pequena", "fob_usd": 2.0},
    ]
    edition = tiny_edition(tmp_path, register=register, kind="private", months={"registro": "2024-01..2025-01"})
    window = "region=08&window=2025-01&size=pyme"
    assert [(ask(edition, f"{metric}?{window}").value, ask(edition, f"{metric}?{window}").base)
            for metric in ("exporters", "fob", "fob_same_firms")] == [(1, 2), (2.0, 11.0), (2.0, 1.0)]  # fmt: skip


def test_values_of_two_customs_sources_are_never_added(tmp_path: Path) -> None:
    yearly = two_years(source_id="aduanas_salidas", exporter_id=None)
    edition = tiny_edition(tmp_path, exports=[*two_years(), *yearly])
    assert ask(edition, "fob?window=2025-01..2025-02").value == 6 * MILLION
    assert ask(edition, "fob?window=2025-01..2025-02&source=aduanas_salidas").value == 6 * MILLION


def test_the_source_that_covers_window_and_base_answers(tmp_path: Path) -> None:
    yearly = two_years(source_id="aduanas_salidas", exporter_id=None)
    edition = tiny_edition(tmp_path, exports=[*two_years()[2:], *yearly])
    found = ask(edition, "fob?window=2025-01..2025-02")
    assert (found.question.source, found.base) == ("aduanas_salidas", 4 * MILLION)


def test_a_source_with_all_the_months_whole_answers_before_one_with_part_of_them(tmp_path: Path) -> None:
    whole = two_years(source_id="aduanas_salidas", exporter_id=None)
    exports = [{"month": "2025-02", "fob_usd": MILLION}, *whole]  # of January the first source has nothing
    months = {"aduanas_dus": "2025-02..2025-02", "aduanas_salidas": "2024-01..2025-02"}
    edition = tiny_edition(tmp_path, exports=exports, months=months)
    found = ask(edition, "fob?window=2025-01..2025-02&compare=none")
    assert (found.question.source, found.value, flags(found)) == ("aduanas_salidas", 6 * MILLION, ["provisional"])


@pytest.mark.parametrize(("firms", "k", "largest"), [(6, "", 5), (7, "", 5), (7, "&k=6", 6), (6, "&k=7", 6)])
def test_top_k_is_the_share_of_the_k_largest_firms_and_no_more(
    tmp_path: Path, firms: int, k: str, largest: int
) -> None:
    values = [float(2**n) for n in range(firms)]  # the sum of any k of them is of those k alone
    exports = [{"month": "2025-01", "exporter_id": f"{n}", "fob_usd": value} for n, value in enumerate(values)]
    edition = tiny_edition(tmp_path, exports=exports)
    found = ask(edition, f"top_k?region=08&window=2025-01&over=firm&compare=none{k}")
    assert found.value == pytest.approx(sum(values[-largest:]) / sum(values), rel=1e-12)


def test_segments_and_exclusions_are_kept_apart(tmp_path: Path) -> None:
    exports = [
        {"month": "2025-01", "fob_usd": 1.0},
        {"month": "2025-01", "fob_usd": 10.0, "segment": "services"},
        {"month": "2025-01", "fob_usd": 100.0, "segment": "ship_supplies"},
        {"month": "2025-01", "fob_usd": 1_000.0, "segment": "not_export"},
        {"month": "2025-01", "fob_usd": 10_000.0, "is_copper": True},
        {"month": "2025-01", "fob_usd": 100_000.0, "is_lithium": True},
    ]
    edition = tiny_edition(tmp_path, exports=exports)
    values = {
        text: ask(edition, f"fob?window=2025-01&{text}").value
        for text in ("flow=goods", "flow=goods+services", "flow=all", "exclude=copper", "exclude=copper,lithium")
    }
    assert list(values.values()) == [110_001.0, 110_011.0, 110_111.0, 100_001.0, 1.0]


def test_no_region_and_foreign_goods_belong_to_the_nation_only(tmp_path: Path) -> None:
    exports = [{"month": "2025-01", "region_code": code, "fob_usd": 1.0} for code in ("08", "00", "20", None)]
    edition = tiny_edition(tmp_path, exports=exports)
    found = ask(edition, "fob?window=2025-01&split=region")
    assert found.value == 4.0
    assert {row.key: row.label for row in found.rows} == {
        "08": "Biobío",
        "00": "Sin región",
        "20": "Mercancías extranjeras nacionalizadas",
        "sin_dato": "Sin dato",
    }
    assert found.coverage is not None and found.coverage.region == 0.25


def test_region_can_be_read_in_three_ways(tmp_path: Path) -> None:
    row = {"month": "2025-01", "region_code": "09", "comuna_code": "08101", "customs_office_code": "34"}
    edition = tiny_edition(tmp_path, exports=[{**row, "fob_usd": 5.0}])
    by_concept = {
        concept: [row.key for row in ask(edition, f"fob?window=2025-01&split=region&concept={concept}").rows]
        for concept in ("origin", "comuna", "exit")
    }
    assert by_concept == {"origin": ["09"], "comuna": ["08"], "exit": ["05"]}


def test_biobio_before_nuble_is_marked_and_the_harmonised_region_is_not(tmp_path: Path) -> None:
    exports = [{"month": month, "fob_usd": MILLION} for month in ("2018-08", "2019-08")]
    edition = tiny_edition(tmp_path, exports=exports)
    assert "quiebre_de_serie" in flags(ask(edition, "fob?region=08&window=2019-08"))
    both = ask(edition, "fob?region=08,16&window=2019-08")
    assert "quiebre_de_serie" not in flags(both)
    assert both.region_label == "Biobío y Ñuble"
    assert "quiebre_de_serie" not in flags(ask(edition, "fob?region=13&window=2019-08"))


def test_a_month_without_exports_is_zero_and_a_month_never_loaded_is_missing(tmp_path: Path) -> None:
    exports = [{"month": "2025-01", "fob_usd": 5.0}, {"month": "2025-04", "fob_usd": 7.0}]
    held = [
        {"source_id": "aduanas_dus", "month": month, "is_complete": True} for month in ("2025-01", "2025-02", "2025-04")
    ]
    edition = tiny_edition(tmp_path, exports=exports, months={"registro": "2025"}, tables={"core_month": held})
    found = ask(edition, "fob?region=08&window=2025-01..2025-04&split=month&compare=none")
    assert [(row.key, row.value) for row in found.rows] == [
        ("2025-01", 5.0),
        ("2025-02", 0),
        ("2025-03", None),
        ("2025-04", 7.0),
    ]
    assert codes(found.rows[2]) == ["parcial"]


def test_what_does_not_add_up_refuses_to_be_summed(tmp_path: Path) -> None:
    edition = tiny_edition(tmp_path, exports=two_years(), kind="private")
    window = "window=2025-01&split=sector:prochile"
    with pytest.raises(NotAdditive, match="no se suma"):
        ask(edition, f"exporters?{window}").total()
    assert ask(edition, f"fob?{window}").total() == 3 * MILLION


def test_an_unknown_code_in_a_filter_is_refused_and_one_seen_in_the_records_is_not(tmp_path: Path) -> None:
    edition = tiny_edition(tmp_path, exports=[{"month": "2025-01", "port_code": "817", "fob_usd": 5.0}])
    assert ask(edition, "fob?window=2025-01&port=817").value == 5.0
    for text, part in (("country=99999", "country"), ("sector=prochile:nada", "sector"), ("port=1", "port")):
        with pytest.raises(QuestionError, match="no existe") as caught:
            ask(edition, f"fob?window=2025-01&{text}")
        assert caught.value.part == part


def test_demo_figures_are_marked_and_badges_tell_editions_apart(tmp_path: Path) -> None:
    badges = {}
    for kind in ("official", "private", "demo"):
        edition = tiny_edition(tmp_path, exports=two_years(), register=two_years(), kind=kind)
        found = ask(edition, "fob?region=08&window=2025-01")
        badges[kind] = (found.badge, ask(edition, "fob?region=08&source=registro&window=2025-01").badge)
        assert ("demo" in flags(found)) == (kind == "demo")
    assert badges == {
        "official": ("oficial", "privado"),
        "private": ("oficial", "privado"),
        "demo": ("demostración", "demostración"),
    }


def test_an_extract_says_so(tmp_path: Path) -> None:
    edition = tiny_edition(tmp_path, exports=two_years(), extract="solo capítulo 06")
    assert "extracto" in flags(ask(edition, "fob?window=2025-01"))


def test_recent_official_months_are_provisional(tmp_path: Path) -> None:
    edition = tiny_edition(tmp_path, exports=two_years())
    assert "provisional" in flags(ask(edition, "fob?window=2025-01"))
    assert "provisional" not in flags(ask(edition, "fob?window=2024-01&compare=none"))


def test_the_answer_names_its_question_source_and_sql(tmp_path: Path) -> None:
    edition = tiny_edition(tmp_path, exports=two_years())
    found = ask(edition, "fob?region=08")
    assert str(found.question) == "fob?region=08&window=2025-01..2025-02&source=aduanas_dus"
    assert answer(edition, found.question).value == found.value
    assert edition.id in found.source_note
    again = edition.rows(found.statements[0].sql, found.statements[0].params)
    assert float(again[0]["value"]) == found.value
    assert found.n_items == 2


@pytest.mark.parametrize(("scope", "code"), [(None, "id_no_medido"), ("month", "id_mensual")])
def test_ids_that_nobody_could_measure_are_not_called_renumbered_and_what_empties_the_value_comes_first(
    tmp_path: Path, scope: str | None, code: str
) -> None:
    exports = [{"month": f"2025-{month:02}", "exporter_id": "1", "fob_usd": 10} for month in range(1, 5)]
    edition = tiny_edition(tmp_path, exports=exports, id_scope="stable", id_scopes={"2025-03": scope}, kind="private")
    for asked, expected in (
        ("exporters?window=2025-01..2025-02", ["sin_base"]),
        ("exporters?window=2025-01..2025-04", [code, "sin_base"]),
        ("exporters?window=2025-01..2025-04&compare=none", [code]),
        ("hhi?over=firm&window=2025-01..2025-04", [code, "sin_base"]),
        ("fob?size=pyme&window=2025-03..2025-04&compare=none&sizing=own_fob", None),
    ):
        found = answer(edition, Question.parse(asked))
        assert expected is None or codes(found) == expected, asked
        assert (found.value is None) is (expected != ["sin_base"]), asked
    months = answer(edition, Question.parse("exporters?window=2025-01..2025-04&compare=none&split=month"))
    assert [row.value for row in months.rows] == [1, 1, 1, 1]


@pytest.mark.parametrize(
    ("text", "key", "code"),
    [
        ("exit?window=2025-01&split=hs4", "0810", "sin_base"),
        ("entry?window=2025-01&split=hs4", "4407", "sin_registros"),
        ("fisher_price?window=2025-01&split=hs4", "0810", "sin_comparables"),
        ("hhi?window=2025-01&compare=2024-01&split=hs4&over=country", "4407", "sin_registros"),
    ],
)
def test_a_part_without_a_value_says_why(tmp_path: Path, text: str, key: str, code: str) -> None:
    exports = [
        {"month": "2024-01", "hs_code": "44071010", "quantity": 10, "fob_usd": 1_000},
        {"month": "2025-01", "hs_code": "08101000", "quantity": 10, "fob_usd": 1_000},
    ]
    months = {"aduanas_dus": "2024-01..2025-01"}
    edition = tiny_edition(tmp_path, exports=exports, months=months, id_scope="stable", kind="private")
    rows = {row.key: row for row in ask(edition, text).rows}
    assert rows[key].value is None
    assert [reason.code for reason in rows[key].reasons] == [code]


def test_a_price_index_of_nothing_comparable_does_not_say_that_nothing_was_exported(tmp_path: Path) -> None:
    exports = [
        {"month": f"{year}-01", "hs_code": hs, "fob_usd": 1_000}
        for year, hs in ((2024, "44071010"), (2025, "08101000"))
    ]
    found = ask(
        tiny_edition(tmp_path, exports=exports, months={"aduanas_dus": "2024-01..2025-01"}),
        "fisher_price?window=2025-01",
    )
    assert (found.value, [reason.code for reason in found.reasons]) == (None, ["sin_comparables"])
