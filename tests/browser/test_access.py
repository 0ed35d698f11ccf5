"""A private edition is seen behind the office's log-in, behind a trusted proxy or at the machine; nowhere else."""

import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

from indicators.engine.result import PRIVATE_MARK
from tests.browser.conftest import SERVE, serving
from tests.browser.oidc import CLIENT, SECRET, Provider, provider
from tests.patience import PATIENCE
from tests.ui.sample import sample

ROBUST = "x" * 32
CLOSED = "no tiene cómo saber quién lo abre"
USER = "X-Forwarded-User"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory whose current edition is private."""
    folder = tmp_path_factory.mktemp("office")
    sample(folder, kind="private")
    return folder


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PULSO_PROXY", "PULSO_PROXY_HEADER", "PULSO_URL", "PULSO_PUBLIC"):
        monkeypatch.delenv(name, raising=False)


def words(address: str, *headers: tuple[str, str], host: str | None = None) -> str:
    """Return what a page says to a program that opens a session with these headers."""
    name = urlsplit(address)
    url = f"ws://{host or name.hostname}:{name.port}/_stcore/stream"
    with closing(socket.create_connection((name.hostname or "", name.port or 0))) as line:
        line.settimeout(PATIENCE)
        with connect(url, sock=line, additional_headers=headers, max_size=None, proxy=None) as session:
            session.send(BackMsg(rerun_script={"query_string": ""}).SerializeToString())
            text = ""
            for packed in session:
                assert isinstance(packed, bytes)
                text += packed.decode(errors="ignore")
                if ForwardMsg.FromString(packed).WhichOneof("type") == "script_finished":
                    break
    return text


def sees(text: str) -> bool:
    """Return whether the private edition is on the page; the other words are those of the closed door."""
    assert (PRIVATE_MARK in text) != (CLOSED in text), text
    return PRIVATE_MARK in text


def test_at_this_machine_it_is_seen_and_nobody_who_was_handed_on_is_at_it(office: Path) -> None:
    with serving(office) as address:
        assert sees(words(address))
        assert not sees(words(address, ("X-Forwarded-For", "127.0.0.1")))
        assert not sees(words(address, ("Forwarded", "for=127.0.0.1")))
        assert not sees(words(address, ("X-Real-IP", "127.0.0.1")))
        assert sees(words(address, ("X-Pulso-Reader", "ana")))  # as it would without


def test_a_server_for_other_machines_shows_it_to_nobody_whatever_they_say(office: Path) -> None:
    with serving(office, (*SERVE, "--host", "0.0.0.0")) as address:
        for header in (USER, "X-Pulso-Reader", "X-Forwarded-For", "X-Real-IP", "Remote-User"):
            assert not sees(words(address, (header, "127.0.0.1")))


def test_behind_a_trusted_proxy_it_is_seen_by_whom_the_proxy_names(
    office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULSO_PROXY", "10.9.8.7, 127.0.0.1/32")
    with serving(office) as address:
        assert sees(words(address, (USER, "ana")))
        assert sees(words(address, (USER, "ana"), ("X-Forwarded-For", "203.0.113.9")))
        assert not sees(words(address))
        assert not sees(words(address, (USER, "")))
        assert not sees(words(address, (USER, "ana"), (USER, "eva")))
        assert not sees(words(address, ("X-Pulso-Reader", "ana")))


def test_an_untrusted_address_is_not_believed_whatever_it_says_of_its_way(
    office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULSO_PROXY", "10.9.8.7,::ffff:10.9.8.8")
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "*")  # as uvicorn would believe it
    with serving(office) as address:
        for way in ("10.9.8.7", "10.9.8.7:4711", "203.0.113.9, 10.9.8.7", "[::ffff:10.9.8.8]:1"):
            assert not sees(words(address, (USER, "ana"), ("X-Forwarded-For", way)))


def test_a_proxy_over_the_sixth_protocol_is_trusted_by_its_address(
    office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not socket.has_ipv6:
        pytest.skip("no IPv6 on this machine")
    monkeypatch.setenv("PULSO_PROXY", "::1")
    with serving(office, (*SERVE, "--host", "::1")) as address:
        port = address.rsplit(":", 1)[1]
        assert sees(words(f"http://[::1]:{port}", (USER, "ana"), host="[::1]"))
        assert not sees(words(f"http://[::1]:{port}", host="[::1]"))


@contextmanager
def behind_log_in(office: Path, monkeypatch: pytest.MonkeyPatch, allow: str) -> Iterator[tuple[str, Provider]]:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with provider() as office_provider:
        for name, value in {
            "PULSO_OIDC_METADATA": f"{office_provider.url}/.well-known/openid-configuration",
            "PULSO_OIDC_CLIENT_ID": CLIENT,
            "PULSO_OIDC_CLIENT_SECRET": SECRET,
            "PULSO_OIDC_COOKIE_SECRET": ROBUST,
            "PULSO_OIDC_ALLOW": allow,
            "PULSO_URL": f"http://localhost:{port}",
        }.items():
            monkeypatch.setenv(name, value)
        with serving(office, (*SERVE[:-1], str(port))):
            yield f"http://localhost:{port}", office_provider


def test_behind_the_log_in_of_the_office_it_is_seen_by_whom_the_list_has(
    office: Path, monkeypatch: pytest.MonkeyPatch, browser: Browser
) -> None:
    with behind_log_in(office, monkeypatch, "eva@otra.example, @oficina.example") as (address, office_provider):
        context = browser.new_context(locale="es-CL")
        page = context.new_page()
        page.goto(address)
        enter(page)
        expect(page.get_by_text(PRIVATE_MARK)).to_be_visible()
        context.close()
        assert "Entrar" in words(address) and PRIVATE_MARK not in words(address)
        assert PRIVATE_MARK not in words(address, (USER, "ana"), ("Cookie", "_streamlit_user=ana"))
        for claims in (
            {"email": "eva@oficina.example.otra.example"},
            {"email": "eva@otra.example@oficina.example"},
            {"email": "ana@oficina.example", "email_verified": False},
            {"email": "ana@otra.example", "reader": "ana"},
        ):
            office_provider.claims = claims
            context = browser.new_context(locale="es-CL")
            page = context.new_page()
            page.goto(address)
            enter(page)
            expect(page.get_by_text("Su cuenta no está entre las que pueden ver este tablero.")).to_be_visible()
            expect(page.get_by_text(PRIVATE_MARK)).to_have_count(0)
            context.close()


def enter(page: Page) -> None:
    page.get_by_role("button", name="Entrar").click()
