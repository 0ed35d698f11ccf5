"""The guard in front of Streamlit: who gets no session, what is never asked of other hosts, what a browser may do."""

import http.client
import socket
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from playwright.sync_api import Page, expect

from tests.browser.conftest import serving
from tests.patience import PATIENCE, wait_until

LOCAL_ONLY = """
import socket, sys
def watched(call):
    def only_here(*arguments):
        where = next(one for one in arguments if not isinstance(one, socket.socket))
        host = where[0] if isinstance(where, tuple) else where
        if host not in ("127.0.0.1", "::1", "localhost", None, ""):
            open({record!r}, "a").write(f"{{host}}\\n")
            raise OSError("no way out of here")
        return call(*arguments)
    return only_here
socket.socket.connect = watched(socket.socket.connect)
socket.socket.connect_ex = watched(socket.socket.connect_ex)
socket.getaddrinfo = (lambda call, watch: lambda *a, **k: (watch(a[0]), call(*a, **k))[1])(
    socket.getaddrinfo, watched(lambda host: None))
sys.argv = {command!r}
"""
STARTS = {
    "./run": (["serve", "--no-browser", "--port", "{port}"], "from ui.serving.serve import main; sys.exit(main())"),
    "streamlit run": (
        ["streamlit", "run", "app.py", "--server.port", "{port}"],
        "from streamlit.web.cli import main; main()",
    ),
}


@pytest.fixture(scope="module", params=STARTS)
def shut_in(
    request: pytest.FixtureRequest, data: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Path]]:
    """The address of a server that cannot reach other hosts, and the file where its attempts are noted."""
    record = tmp_path_factory.mktemp("outgoing") / "hosts.txt"
    record.touch()
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    words, start = STARTS[request.param]
    command = [word.format(port=port) for word in words]
    program = LOCAL_ONLY.format(record=str(record), command=command) + start
    with serving(data, [sys.executable, "-c", program]):
        address = f"http://localhost:{port}"
        wait_until(lambda: is_up(address))
        yield address, record


def is_up(address: str) -> bool:
    try:
        return requests.get(f"{address}/_stcore/health", timeout=PATIENCE).ok
    except requests.ConnectionError:
        return False


def handshake(address: str, **headers: str) -> int:
    """Return the status that the server answers a browser's wish for a session with."""
    usual = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    with closing(http.client.HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE)) as connection:
        connection.request("GET", "/_stcore/stream", headers=usual | headers)
        return connection.getresponse().status


FOREIGN = ("https://evil.example", "http://localhost.evil.example", "null", "", "http://[", "http://localhost:1")


def test_a_foreign_origin_gets_no_session_and_nothing_is_asked_of_another_host(shut_in: tuple[str, Path]) -> None:
    address, record = shut_in
    assert {origin: handshake(address, Origin=origin) for origin in FOREIGN} == dict.fromkeys(FOREIGN, 403)
    assert handshake(address, Origin=address) == 101
    assert handshake(address) == 101  # no browser
    assert record.read_text() == ""


def test_the_way_out_is_watched(tmp_path: Path) -> None:
    record = tmp_path / "hosts.txt"
    program = LOCAL_ONLY.format(record=str(record), command=["x"]) + (
        "import urllib.request\ntry: urllib.request.urlopen('http://checkip.example')\nexcept OSError: print('shut')"
    )
    with serving(tmp_path, [sys.executable, "-c", program]) as word:
        assert word == "shut"
    assert record.read_text() == "checkip.example\n"


def test_every_answer_says_what_a_browser_may_do_with_it(shut_in: tuple[str, Path]) -> None:
    for path in ("", "sectores?region=08", "nada", "_stcore/health", "favicon.png", "media/nada.csv"):
        headers = requests.get(f"{shut_in[0]}/{path}", timeout=PATIENCE).headers
        policy = dict(rule.split(" ", 1) for rule in headers["content-security-policy"].split("; "))
        assert policy["frame-ancestors"] == "'none'"
        assert "unsafe" not in policy["script-src"].replace("'wasm-unsafe-eval'", "")
        assert policy["default-src"] == "'self'"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"


def test_measurements_of_the_server_are_closed(shut_in: tuple[str, Path]) -> None:
    assert requests.get(f"{shut_in[0]}/_stcore/metrics", timeout=PATIENCE).status_code == 404


def test_a_page_that_is_none_is_not_found_and_names_those_there_are(shut_in: tuple[str, Path]) -> None:
    for path in ("nada", "sectores/_stcore", "static/js/nada.js", "index.html"):
        answer = requests.get(f"{shut_in[0]}/{path}", timeout=PATIENCE)
        assert answer.status_code == 404
        assert "Esta página no existe" in answer.text
        assert '<a href="/sectores">Sectores</a>' in answer.text
    assert requests.head(f"{shut_in[0]}/nada", timeout=PATIENCE).status_code == 404
    english = requests.get(f"{shut_in[0]}/nada?lang=en", timeout=PATIENCE).text
    assert "There is no such page" in english and 'href="/sectores?lang=en"' in english


def test_a_pasted_mark_leads_to_the_page(shut_in: tuple[str, Path]) -> None:
    answer = requests.get(f"{shut_in[0]}/Pymes?region=08%29.", timeout=PATIENCE)
    assert answer.url == f"{shut_in[0]}/pymes?region=08"
    assert "<title>Pymes · Pulso Exportador</title>" in answer.text


@pytest.mark.browser
@pytest.mark.parametrize("embed", [True, False])
def test_only_what_is_made_for_it_stands_in_a_foreign_frame(page: Page, address: str, embed: bool) -> None:
    link = f"{address}/resumen" + ("?embed=true" if embed else "")
    complaints: list[str] = []
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    page.goto(f"data:text/html,<iframe width=900 height=900 src='{link}'></iframe>")
    if embed:
        expect(page.frame_locator("iframe").get_by_role("heading", level=1)).to_have_text("Exportaciones de Biobío")
        assert complaints == []
    else:
        wait_until(lambda: page.evaluate("1") and complaints)
        assert "frame-ancestors" in complaints[0]
