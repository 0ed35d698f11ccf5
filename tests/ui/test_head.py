"""Addresses as they arrive from a message, a mail, a document: what pasting left at their end is forgiven."""

import pytest

from ui.serving.head import forgiven


@pytest.mark.parametrize(
    "mark", [*".,;:!?…)]}>»\"'”’*_\u00a0\u200b", ").", "».", "%29", "%C2%BB", "%BB.", "%2C", "%E2%80%9D"]
)
def test_a_mark_after_a_link_is_no_part_of_it(mark: str) -> None:
    assert forgiven("sectores", f"lang=en&region=08{mark}") == ("sectores", "lang=en&region=08")


@pytest.mark.parametrize("name", ["sectores)", "sectores.", "«sectores»", "Sectores", "SECTORES,"])
def test_a_page_is_known_by_its_name_whatever_stands_around_it(name: str) -> None:
    assert forgiven(name, "region=08") == ("sectores", "region=08")


@pytest.mark.parametrize(("name", "page"), [("inicio", ""), ("", ""), (")", "")])
def test_the_first_page_has_no_name(name: str, page: str) -> None:
    assert forgiven(name, "") == (page, "")


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("sectores", "region=08,16&sector=prochile:vino&window=2025-01..2025-10"),
        ("verificar", "frase=La+regi%C3%B3n+creci%C3%B3+12+%25."),
        ("verificar", "numero=12+%25"),
        ("explorar", "tool=sql&sql=SELECT+count(*)"),
        ("nada.", "region=08)"),
        ("static/js/index.js", "v=1."),
    ],
)
def test_everything_else_stays_as_it_is(name: str, query: str) -> None:
    assert forgiven(name, query) == (name, query)


def test_an_escaped_ampersand_separates() -> None:
    assert forgiven("pymes", "region=08&amp;size=mipyme") == ("pymes", "region=08&size=mipyme")


def test_what_is_forgiven_needs_no_forgiveness() -> None:
    once = forgiven("Pymes).", "region=08&amp;size=mipyme).")
    assert forgiven(*once) == once
