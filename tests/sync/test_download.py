"""Each way a server misbehaves is survived, or refused with one clear sentence and nothing half-brought."""

import datetime
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
import trustme

from editions.errors import EtlError, FetchError
from editions.folders import Workspace
from etl.progress import quiet
from etl.raw.stage import latest_deliveries
from etl.sync.download import Fetched, Wanted, fetch
from etl.sync.web import Settings, Web, origin
from tests.patience import PATIENCE
from tests.sync.conftest import CONNECTIONS, settings_of
from tests.sync.portal import (
    Fault,
    Portal,
    Served,
    bomb,
    cut,
    drip,
    html,
    packed,
    redirect,
    redirect_to_itself,
    says_longer,
    says_shorter,
    status,
    text_of,
    without_length,
    without_marks,
)

MONTH = date(2021, 3, 1)
Bring = Callable[..., Fetched]


@pytest.fixture
def served(portal: Portal) -> Served:
    return portal.add_month(MONTH, packed(MONTH, text_of(MONTH, firms=300)))


@pytest.fixture
def wanted(portal: Portal, served: Served) -> Wanted:
    path = next(path for path, one in portal.files.items() if one is served)
    return Wanted("r1", portal.address + path, "marzo.zip", len(served.content))


@pytest.fixture
def bring(settings: Settings, place: Workspace, wanted: Wanted) -> Bring:
    def once(**given: object) -> Fetched:
        known = latest_deliveries(place).get("r1")
        return fetch(Web(replace(settings, **given)), replace(wanted, known=known), place, quiet())  # type: ignore[arg-type]

    return once


def is_whole(fetched: Fetched, served: Served, place: Workspace) -> bool:
    left = list((place.raw / "partial").iterdir())
    return (place.raw / fetched.delivery.raw_file).read_bytes() == served.content and not left


def test_a_file_arrives_whole_with_its_passport(bring: Bring, served: Served, place: Workspace, wanted: Wanted) -> None:
    fetched = bring()
    assert is_whole(fetched, served, place)
    kept = latest_deliveries(place)["r1"]
    assert kept == fetched.delivery
    assert (kept.address, kept.etag, kept.size_bytes) == (wanted.address, served.etag, len(served.content))
    assert kept.raw_file.startswith(kept.sha256[:16])


def test_an_unchanged_file_is_not_sent_again(bring: Bring, portal: Portal) -> None:
    first = bring()
    again = bring()
    assert (again.is_new, again.delivery) == (False, first.delivery)
    assert portal.asked[-1][1]["If-None-Match"] == first.delivery.etag


def test_a_changed_file_under_the_same_name_is_brought_and_both_are_kept(
    bring: Bring, served: Served, place: Workspace
) -> None:
    first = bring()
    served.change(packed(MONTH, text_of(MONTH, fob=2000, firms=300)))
    again = bring()
    assert again.is_new
    assert (place.raw / first.delivery.raw_file).exists()
    assert is_whole(again, served, place)


def test_without_any_mark_of_a_version_the_content_decides(bring: Bring, served: Served) -> None:
    served.always = without_marks
    first, again = bring(), bring()
    assert (again.is_new, again.delivery.sha256) == (False, first.delivery.sha256)
    served.content = packed(MONTH, text_of(MONTH, fob=7))
    assert bring().is_new


def test_a_lying_mark_is_not_believed_when_the_listing_says_another_size(
    bring: Bring, served: Served, settings: Settings, place: Workspace, wanted: Wanted
) -> None:
    known = bring().delivery
    etag = served.etag
    served.change(packed(MONTH, text_of(MONTH, fob=2000)))
    served.etag = etag
    other = replace(wanted, known=known, listed_size=len(served.content))
    assert fetch(Web(settings), other, place, quiet()).is_new


@pytest.mark.parametrize(
    "fault",
    [status(500), status(503), status(429, Retry_After="1"), cut, says_longer, says_shorter, without_length, html,
     redirect("/does-not-matter?")],
    ids=["500", "503", "429", "cut", "longer", "shorter", "no length", "html", "redirect"],
)  # fmt: skip
def test_a_passing_fault_is_survived(
    fault: Fault, bring: Bring, served: Served, place: Workspace, portal: Portal
) -> None:
    served.faults.append(fault)
    portal.files["/does-not-matter"] = served
    assert is_whole(bring(), served, place)


def test_retry_after_is_waited_for_and_a_hostile_one_is_not(bring: Bring, served: Served, portal: Portal) -> None:
    served.faults.append(status(429, Retry_After="1"))
    started = time.monotonic()
    bring()
    assert time.monotonic() - started >= 1
    served.change(packed(MONTH, text_of(MONTH)))
    served.faults.append(status(503, Retry_After="86400"))
    started = time.monotonic()
    bring(longest_wait=1)
    assert time.monotonic() - started < PATIENCE


def test_a_cut_transfer_goes_on_where_it_was_cut(
    bring: Bring, served: Served, portal: Portal, place: Workspace
) -> None:
    served.faults += [cut, cut]
    assert is_whole(bring(), served, place)
    ranges = [headers.get("Range") for path, headers in portal.asked if "/download/" in path]
    half = len(served.content) // 2
    assert ranges[:2] == [None, f"bytes={half}-"]
    assert len(ranges) == 3


def test_a_file_that_changed_between_two_parts_is_begun_again(bring: Bring, served: Served, place: Workspace) -> None:
    served.always = cut
    with pytest.raises(FetchError):
        bring(retries=0)
    assert len(list((place.raw / "partial").glob("*.part"))) == 1
    served.always = None
    served.change(packed(MONTH, text_of(MONTH, fob=5, firms=300)))
    assert is_whole(bring(), served, place)


def test_a_slow_drip_is_cut_off_and_what_came_is_kept(bring: Bring, served: Served, place: Workspace) -> None:
    served.always = drip
    with pytest.raises(FetchError, match="envía menos de 1024 bytes por segundo"):
        bring(retries=1, patience=0.5)
    assert next((place.raw / "partial").glob("*.part")).stat().st_size > 0
    served.always = None
    assert is_whole(bring(), served, place)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (status(500), "el servidor respondió 500, en 3 intentos"),
        (status(429, Retry_After="0"), "el servidor respondió 429, en 3 intentos"),
        (status(403), "el servidor respondió 403"),
        (status(404), "el servidor respondió 404"),
        (html, "llegó una página web"),
        (says_longer, "la transferencia se cortó"),
        (says_shorter, "el archivo comprimido llegó incompleto"),
        (without_length, "el archivo comprimido llegó incompleto"),
        (redirect_to_itself, "redirige sin fin"),
        (redirect("http://example.org/mes.zip"), "manda a example.org, que no está entre los servidores configurados"),
        (redirect("http://[::1/mes.zip"), "manda a una dirección ilegible"),
        (redirect("http://h/\xf1"), "manda a h, que no está"),
        (redirect("file:///etc/passwd"), "que no está entre los servidores configurados"),
        (redirect("https://127.0.0.1/mes.zip"), "que no está entre los servidores configurados"),
    ],
)
def test_a_lasting_fault_is_one_sentence_and_leaves_nothing_in_raw(
    fault: Fault, said: str, bring: Bring, served: Served, place: Workspace
) -> None:
    served.always = fault
    with pytest.raises(FetchError) as refused:
        bring()
    sentence = str(refused.value)
    assert said in sentence
    assert sentence.startswith("marzo.zip: ")
    assert "\n" not in sentence
    assert [path.name for path in place.raw.iterdir()] == ["partial"]


def test_no_server_is_one_sentence(settings: Settings, place: Workspace, wanted: Wanted, portal: Portal) -> None:
    portal.server.server_close()
    with pytest.raises(FetchError, match="no hay conexión con el servidor, en 3 intentos"):
        fetch(Web(settings), wanted, place, quiet())


@pytest.mark.parametrize("start", [b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08"])
def test_other_packers_are_refused(start: bytes, bring: Bring, served: Served, place: Workspace) -> None:
    served.change(start + b"x" * 100)
    with pytest.raises(EtlError, match=r"es un archivo (7z|gzip)"):
        bring()
    assert [path.name for path in place.raw.iterdir()] == ["partial"]


def test_a_bomb_is_brought_and_refused_when_it_is_opened(bring: Bring, served: Served, place: Workspace) -> None:
    from etl.raw.stage import stage

    served.change(bomb())
    fetched = bring()
    with pytest.raises(EtlError, match="bomba de compresión"):
        stage(place.raw / fetched.delivery.raw_file, place)
    assert list(place.build.iterdir()) == []


def test_a_configured_download_host_is_allowed(
    served: Served, portal: Portal, place: Workspace, wanted: Wanted
) -> None:
    listing = Settings(ckan="https://datos.example/api", sii="https://sii.example", bcch="https://bcch.example")
    with pytest.raises(FetchError, match="PULSO_DOWNLOAD_HOSTS"):
        fetch(Web(listing), wanted, place, quiet())
    allowed = replace(listing, more_hosts=(portal.address,), gap=0.0)
    assert is_whole(fetch(Web(allowed), wanted, place, quiet()), served, place)


def test_between_two_requests_there_is_a_pause(wanted: Wanted, portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    moment, moments = [100.0], []  # a clock that only waiting moves

    def wait(seconds: float) -> None:
        moment[0] += seconds
        moments.append(moment[0])

    monkeypatch.setattr("etl.sync.web.time", SimpleNamespace(monotonic=lambda: moment[0], sleep=wait))
    web = Web(settings_of(portal, gap=0.5))
    for _ in range(3):
        with web.open(wanted.address, label=wanted.name):
            pass
    assert moments == [100.0, 100.5, 101.0]
    assert Settings.gap > 0


@pytest.mark.parametrize("address", ["ftp://h/x", "https://user:pass@datos.gob.cl/x", "datos.gob.cl", "https:///x"])
def test_an_address_that_is_no_plain_web_address_is_none(address: str) -> None:
    with pytest.raises(ValueError, match="http"):
        origin(address)


def test_a_proxy_that_does_not_answer_is_said(
    settings: Settings, place: Workspace, wanted: Wanted, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = Portal()
    closed.close()
    monkeypatch.setenv("http_proxy", closed.address)
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    try:
        with pytest.raises(FetchError, match="el proxy no responde"):
            fetch(Web(settings), wanted, place, quiet())
    finally:
        assert {port for _, port in CONNECTIONS} == {closed.port}
        CONNECTIONS.clear()


@contextmanager
def secure_portal(ca: trustme.CA, **certificate: object) -> Iterator[Portal]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("127.0.0.1", **certificate).configure_cert(context)  # type: ignore[arg-type]
    portal = Portal(context)
    try:
        yield portal
    finally:
        portal.close()


def brought_over_tls(portal: Portal, place: Workspace, ca_file: Path | None) -> Fetched:
    served = portal.add_month(MONTH)
    path = next(path for path, one in portal.files.items() if one is served)
    settings = settings_of(portal, ca_file=str(ca_file) if ca_file else None)
    return fetch(Web(settings), Wanted("r1", portal.address + path, "marzo.zip"), place, quiet())


@pytest.fixture
def ca_file(tmp_path: Path) -> tuple[trustme.CA, Path]:
    ca = trustme.CA()
    ca.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    return ca, tmp_path / "ca.pem"


def test_a_certificate_of_the_given_authority_is_trusted(ca_file: tuple[trustme.CA, Path], place: Workspace) -> None:
    with secure_portal(ca_file[0]) as portal:
        assert brought_over_tls(portal, place, ca_file[1]).is_new


def test_an_expired_certificate_is_refused_at_once_with_a_plain_word(
    ca_file: tuple[trustme.CA, Path], place: Workspace
) -> None:
    yesterday = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=1)
    with secure_portal(ca_file[0], not_before=yesterday - datetime.timedelta(days=9), not_after=yesterday) as portal:
        with pytest.raises(FetchError, match=r"el certificado TLS de 127\.0\.0\.1 está vencido; no se descargó nada"):
            brought_over_tls(portal, place, ca_file[1])
        assert portal.asked == []


def test_a_certificate_nobody_knows_is_refused_and_the_way_out_is_said(
    ca_file: tuple[trustme.CA, Path], place: Workspace
) -> None:
    with (
        secure_portal(ca_file[0]) as portal,
        pytest.raises(FetchError, match=r"no lo firma una autoridad conocida.*PULSO_CA_FILE"),
    ):
        brought_over_tls(portal, place, None)


def test_a_redirection_from_https_to_http_is_refused(ca_file: tuple[trustme.CA, Path], place: Workspace) -> None:
    with secure_portal(ca_file[0]) as portal:
        served = portal.add_month(MONTH)
        served.always = redirect(f"http://127.0.0.1:{portal.port}/x")
        path = next(path for path, one in portal.files.items() if one is served)
        settings = settings_of(portal, ca_file=str(ca_file[1]))
        with pytest.raises(FetchError, match="no está entre los servidores configurados"):
            fetch(Web(settings), Wanted("r1", portal.address + path, "marzo.zip"), place, quiet())
