"""Who asks, as far as the web server knows: it tells the page, and the page lets in (`ui/serving/door.py`).

The server knows a reader by the log-in of the office (OpenID Connect), by a proxy whose address is trusted and that
names the reader, or, where neither is set up and it listens to this machine alone, because they sit at it.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import config

READER = "reader"  # in `st.user`
HEADER = "x-pulso-reader"  # how the web server tells the page, whoever sent it before
PEER = "pulso.peer"  # in the scope: the address at the other end of the line, whatever headers say
AT_THIS_MACHINE = "local"
NAMES_OF_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})
FORWARDED = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip")
LONGEST_NAME, SHORTEST_SECRET = 254, 32
Network = IPv4Network | IPv6Network


@dataclass(frozen=True)
class LogIn:
    """The office's provider of identities, from the environment; `allow` has addresses and `@domains`."""

    metadata: str
    client_id: str
    client_secret: str
    cookie_secret: str
    allow: tuple[str, ...]
    url: str

    def lets_in(self, user: Mapping[str, object]) -> bool:
        """Return whether the person is on the list; an address that the provider doubts is nobody's."""
        email = str(user.get("email") or "").lower()
        person, at, domain = email.rpartition("@")
        is_one = bool(person) and "@" not in person
        is_listed = is_one and (email in self.allow or f"{at}{domain}" in self.allow)
        return bool(user.get("is_logged_in")) and user.get("email_verified") is not False and is_listed


def log_in() -> LogIn | None:
    """Return the provider that is set up; None when none is, or only a part of it."""
    texts = {name: os.environ.get(variable, "").strip() for name, variable in VARIABLES.items()}
    if not all(texts.values()):
        return None
    allow = tuple(filter(None, (address.strip().lower() for address in texts.pop("allow").split(","))))
    return LogIn(**texts, allow=allow)


VARIABLES = {
    "metadata": "PULSO_OIDC_METADATA",
    "client_id": "PULSO_OIDC_CLIENT_ID",
    "client_secret": "PULSO_OIDC_CLIENT_SECRET",
    "cookie_secret": "PULSO_OIDC_COOKIE_SECRET",
    "allow": "PULSO_OIDC_ALLOW",
    "url": "PULSO_URL",
}


def secrets() -> dict[str, dict[str, str]] | None:
    """Return what Streamlit wants to know of the provider."""
    provider = log_in()
    if provider is None:
        return None
    return {
        "auth": {
            "redirect_uri": f"{provider.url.rstrip('/')}/oauth2callback",
            "cookie_secret": provider.cookie_secret,
            "client_id": provider.client_id,
            "client_secret": provider.client_secret,
            "server_metadata_url": provider.metadata,
        }
    }


def proxies() -> tuple[Network, ...]:
    """Return the addresses of the proxies that are believed (`PULSO_PROXY`). Raises ValueError for what is none."""
    texts = (address.strip() for address in os.environ.get("PULSO_PROXY", "").split(","))
    return tuple(ip_network(text) for text in texts if text)


def fault() -> str | None:
    """Return what is wrong with how readers are to be known, before the server starts; None when nothing is."""
    try:
        everybody = [network for network in proxies() if not network.prefixlen]
    except ValueError:
        return "PULSO_PROXY debe traer direcciones o redes, separadas por comas: 10.0.0.5, fd00::/64."
    if everybody:
        return f"PULSO_PROXY no puede ser {everybody[0]}: cualquiera diría ser quien quiera."
    missing = [variable for variable in VARIABLES.values() if not os.environ.get(variable, "").strip()]
    if not any(name.startswith("PULSO_OIDC_") and os.environ.get(name) for name in VARIABLES.values()):
        return None
    if missing:
        return f"Para el ingreso con cuenta de la oficina falta {', '.join(missing)}; vea docs/ACCESS.md."
    if len(os.environ["PULSO_OIDC_COOKIE_SECRET"]) < SHORTEST_SECRET:
        return f"PULSO_OIDC_COOKIE_SECRET es muy corta: use {SHORTEST_SECRET} caracteres al azar o más."
    address = urlsplit(os.environ["PULSO_URL"])
    if address.scheme != "https" and address.hostname not in NAMES_OF_THIS_MACHINE:
        return "PULSO_URL debe empezar con https: por una línea abierta, la sesión se puede robar."
    return None


class Access:
    """Tells the page who asks, in a header of our own; one that came from outside is taken away."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on with the reader's name, or with none."""
        if scope["type"] in ("http", "websocket"):
            name = name_of(scope)
            headers = [(key, value) for key, value in scope["headers"] if key.lower() != HEADER.encode()]
            scope = {**scope, "headers": [*headers, *([(HEADER.encode(), name)] if name else [])]}
        await self.app(scope, receive, send)


def name_of(scope: Scope) -> bytes:
    """Return who a trusted proxy says that it is, or that it is somebody at this machine; empty for everybody else."""
    headers = Headers(scope=scope)
    networks = proxies()
    if networks and is_within(scope.get(PEER), networks):
        names = headers.getlist(os.environ.get("PULSO_PROXY_HEADER") or "X-Forwarded-User")
        is_sound = len(names) == 1 and 0 < len(names[0].strip()) <= LONGEST_NAME and names[0].isprintable()
        return names[0].strip().encode("latin-1") if is_sound else b""
    return AT_THIS_MACHINE.encode() if is_at_this_machine(scope, headers) else b""


def is_at_this_machine(scope: Scope, headers: Headers) -> bool:
    """Return whether the line begins and ends on this machine, nobody handed it on and no other way is set up."""
    if os.environ.get("PULSO_PROXY") or os.environ.get("PULSO_URL") or log_in():
        return False
    try:
        host = urlsplit(f"//{headers.get('host', '')}").hostname
    except ValueError:
        return False
    ends = (scope.get("client"), scope.get("server"))
    return (
        config.get_option("server.address") in NAMES_OF_THIS_MACHINE
        and all(end and is_within(str(end[0]), LOOPBACK) for end in ends)
        and host in NAMES_OF_THIS_MACHINE
        and not any(name in headers for name in FORWARDED)
    )


LOOPBACK: tuple[Network, ...] = (ip_network("127.0.0.0/8"), ip_network("::1"))


def is_within(text: str | None, networks: tuple[Network, ...]) -> bool:
    """Return whether an address is in one of the networks: `::ffff:10.0.0.5` and `fe80::1%eth0` are addresses too."""
    try:
        address = ip_address(str(text).partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return any(address in network for network in networks)
