"""Text for Markdown: harmless whatever it holds."""

import re

import pytest

from ui.text import WORD_JOINER, link, plain
from words.formats import printed_on


def test_markdown_and_latex_of_the_data_are_shown_as_they_are() -> None:
    assert plain("US$ 5 y US$ 6 [a](b) :red[x]") == r"US\$ 5 y US\$ 6 \[a\](b) \:red\[x\]"


def test_a_name_cannot_turn_the_figure_beside_it() -> None:
    assert plain("Maule \u202e000.1 $SU\u202c") == r"Maule 000.1 \$SU"


def test_only_addresses_of_the_web_become_links() -> None:
    assert link("INE", "https://ine.gob.cl/a(b)") == "[INE](<https://ine.gob.cl/a(b)>)"
    assert link("INE", "javascript:alert(1)") == "INE"
    assert link("INE", "") == "INE"


@pytest.mark.parametrize("address", ["www.x.cl", "WWW.x.cl", "http://x.cl", "https://x.cl", "a@x.cl"])
def test_a_bare_address_of_the_data_is_no_longer_one_to_markdown_and_looks_the_same(address: str) -> None:
    shown = plain(f"según {address}, dicen").replace("\\", "")
    bare = r"(?i)https?://|www(?=\.)|[-.\w+]@[-\w]"  # what the page's Markdown makes a link of
    assert re.search(bare, address) and not re.search(bare, shown)
    assert shown.replace(WORD_JOINER, "") == f"según {address}, dicen"


@pytest.mark.parametrize(
    ("printed", "said"),
    [
        ("2026-02-23", "23 de febrero de 2026"),
        ("2026-02", "febrero 2026"),
        ("2026", "2026"),
        ("2021-06 (fecha inferida)", "junio 2021 (fecha inferida)"),
        ("sin fecha", "sin fecha"),
        ("", ""),
        (None, ""),
    ],
)
def test_a_date_of_publication_is_as_fine_as_it_is_known(printed: str | None, said: str) -> None:
    assert printed_on(printed) == said
