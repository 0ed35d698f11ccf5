"""How readers are to be known is judged before the server starts, and addresses are read as networks read them."""

import shutil
from pathlib import Path

import pytest

from indicators.engine.result import PRIVATE_MARK
from tests.ui.opening import opened
from tests.ui.sample import sample
from ui.serving import access
from ui.serving.access import LogIn, fault, is_within, proxies, secrets

WHOLE = {
    "PULSO_OIDC_METADATA": "https://id.oficina.example/.well-known/openid-configuration",
    "PULSO_OIDC_CLIENT_ID": "pulso",
    "PULSO_OIDC_CLIENT_SECRET": "secreto",
    "PULSO_OIDC_COOKIE_SECRET": "x" * 32,
    "PULSO_OIDC_ALLOW": "ana@oficina.example, @Otra.example ,",
    "PULSO_URL": "https://pulso.oficina.example/",
}


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*WHOLE, "PULSO_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, None),
        (dict.fromkeys(WHOLE, ""), None),
        ({"PULSO_OIDC_ALLOW": ""}, "falta PULSO_OIDC_ALLOW"),
        ({"PULSO_URL": " "}, "falta PULSO_URL"),
        ({"PULSO_OIDC_COOKIE_SECRET": "corta"}, "es muy corta"),
        ({"PULSO_URL": "http://pulso.oficina.example"}, "debe empezar con https"),
        ({"PULSO_URL": "http://localhost:8501"}, None),
        ({"PULSO_PROXY": "10.0.0.5, proxy.oficina.example"}, "debe traer direcciones o redes"),
        ({"PULSO_PROXY": "10.0.0.5/8"}, "debe traer direcciones o redes"),
        ({"PULSO_PROXY": "0.0.0.0/0"}, "no puede ser 0.0.0.0/0"),
        ({"PULSO_PROXY": "10.0.0.5,::/0"}, "no puede ser ::/0"),
        ({"PULSO_PROXY": "10.0.0.5, fd00::/64"}, None),
    ],
)
def test_a_server_that_could_not_know_its_readers_does_not_start_and_says_why(
    monkeypatch: pytest.MonkeyPatch, changed: dict[str, str], words: str | None
) -> None:
    for name, value in (WHOLE | changed).items():
        monkeypatch.setenv(name, value)
    assert words in (fault() or "") if words else fault() is None


def test_a_log_in_that_is_set_up_in_part_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in WHOLE.items():
        monkeypatch.setenv(name, value)
    made = secrets()
    assert made is not None
    assert made["auth"]["redirect_uri"] == "https://pulso.oficina.example/oauth2callback"
    for name in WHOLE:
        with monkeypatch.context() as patch:
            patch.delenv(name)
            assert secrets() is None


@pytest.mark.parametrize(
    ("user", "enters"),
    [
        ({"email": "ana@oficina.example"}, True),
        ({"email": "ANA@Oficina.example", "email_verified": True}, True),
        ({"email": "eva@otra.example"}, True),
        ({"email": "eva@oficina.example"}, False),
        ({"email": "ana@oficina.example", "email_verified": False}, False),
        ({"email": "ana@oficina.example", "is_logged_in": False}, False),
        ({"email": "eva@sub.otra.example"}, False),
        ({"email": "eva@no.example@otra.example"}, False),
        ({"email": "@otra.example"}, False),
        ({"email": ["ana@oficina.example"]}, False),
        ({"email": None}, False),
        ({}, False),
    ],
)
def test_only_a_verified_address_of_the_list_enters(user: dict[str, object], enters: bool) -> None:
    provider = LogIn("", "", "", "", ("ana@oficina.example", "@otra.example"), "")
    assert provider.lets_in({"is_logged_in": True} | user) == enters


@pytest.mark.parametrize(
    ("address", "is_trusted"),
    [
        ("10.0.0.5", True),
        ("::ffff:10.0.0.5", True),
        ("10.0.0.6", False),
        ("fd00::7", True),
        ("fd00:0:0:0::7%eth0", True),
        ("fd01::7", False),
        ("10.0.0.5:80", False),
        ("010.0.0.5", False),
        ("10.5", False),
        ("localhost", False),
        ("", False),
        (None, False),
    ],
)
def test_an_address_is_trusted_in_every_way_to_write_it_and_nothing_else_is(
    monkeypatch: pytest.MonkeyPatch, address: str | None, is_trusted: bool
) -> None:
    monkeypatch.setenv("PULSO_PROXY", "10.0.0.5,fd00::/64")
    assert is_within(address, proxies()) == is_trusted


@pytest.mark.parametrize("name", ["ana\x00", "ana\r\nx: y", "a" * 255, "   "])
def test_a_name_that_is_none_is_nobody(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("PULSO_PROXY", "10.0.0.5")
    scope = {"type": "http", "headers": [(b"x-forwarded-user", name.encode())], access.PEER: "10.0.0.5"}
    assert access.name_of(scope) == b""
    scope["headers"] = [(b"x-forwarded-user", b"ana")]
    assert access.name_of(scope) == b"ana"
    assert access.name_of(scope | {access.PEER: None, "client": ("10.0.0.5", 1)}) == b""


@pytest.mark.parametrize("is_on_screen", [False, True])
def test_a_private_edition_under_another_name_closes_the_door_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_on_screen: bool
) -> None:
    monkeypatch.setenv("PULSO_DATA", str(tmp_path))
    monkeypatch.delenv("PULSO_EDITION", raising=False)
    monkeypatch.setattr("ui.serving.door.reader", lambda: None)
    official = sample(tmp_path, kind="official", with_register=False)
    assert [title.value for title in opened().title] != ["Edición privada"]
    private = sample(tmp_path, kind="private")
    editions = tmp_path / "editions"
    other = "official-2025-10-abcdef01"
    shutil.move(editions / f"{private}.duckdb", editions / f"{other}.duckdb")
    (editions / "CURRENT").write_text(f"{other if is_on_screen else official}\n", encoding="utf-8")
    page = opened()
    assert [title.value for title in page.title] == ["Edición privada"]
    assert not page.metric and PRIVATE_MARK not in str(page) and other not in str(page)
