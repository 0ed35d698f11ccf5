"""Open a page as a reader with a link does."""

import functools
from pathlib import Path

from streamlit.testing.v1 import AppTest

from tests.patience import PATIENCE

REPOSITORY = Path(__file__).parents[2]
ROUTER = str(REPOSITORY / "ui" / "router.py")
PAGES = sorted(path.stem for path in (REPOSITORY / "pages").glob("*.py"))
FIRST = "resumen"


def opened(name: str = FIRST, **address: str) -> AppTest:
    """Return the page of that name, run once at that address."""
    page = AppTest.from_file(ROUTER, default_timeout=PATIENCE)
    page.query_params.update(address)
    if name != FIRST:
        page._registered_pages = registered()  # else every test would draw the first page before its own
        page.switch_page(f"../pages/{name}.py")
    return page.run()


@functools.cache
def registered() -> dict[str, dict[str, object]]:
    """Return the pages as the router registers them, the same whatever edition there is."""
    first = AppTest.from_file(ROUTER, default_timeout=PATIENCE).run()
    assert set(PAGES) <= {page["url_pathname"] for page in first._registered_pages.values()}
    return dict(first._registered_pages)
