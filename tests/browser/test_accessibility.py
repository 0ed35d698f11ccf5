"""Everyone: axe-core, contrast of charts, phones, on every page in every state; movement for who asks for none."""

import pytest
from playwright.sync_api import Browser

from tests.browser.accessibility import REST, VISITS, OfStreamlit, Visit, looked_at
from tests.browser.conftest import REPOSITORY

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("visit", VISITS, ids=lambda visit: visit.name)
def test_nothing_of_ours_stands_in_anyones_way(visit: Visit, browser: Browser, address: str) -> None:
    found = looked_at(visit, browser, address)
    assert list(dict.fromkeys(found.ours)) == []
    assert list(dict.fromkeys(found.slight)) == []
    gone = [one for one in REST if one.seen == visit.name and (one.rule, one.selector) not in found.rest]
    assert gone == []  # Streamlit has mended it: take it off the list


@pytest.mark.parametrize("one", REST, ids=lambda one: one.selector)
def test_what_is_left_to_streamlit_is_watched_on_a_visit_and_told_in_the_document(one: OfStreamlit) -> None:
    told = (REPOSITORY / "docs" / "ACCESSIBILITY.md").read_text(encoding="utf-8")
    assert one.seen in {visit.name for visit in VISITS}
    assert f"| `{one.rule}` | `{one.selector}` | {one.why} |" in told
