"""Where the official sources are, and how they are asked: configured hosts only, slowly, again after a failure."""

import json
import os
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from logging import getLogger
from typing import Any, TypeVar
from urllib.parse import urljoin, urlsplit

import requests
from urllib3.exceptions import HTTPError, MaxRetryError
from urllib3.util import Retry

from editions.errors import FetchError

# -- Where the official sources are and how patiently they are asked. Addresses come from the environment when
# given.

CKAN = "https://datos.gob.cl/api/3/action"
SII = "https://www.sii.cl/sobre_el_sii/empresas"
BCCH = "https://si3.bcentral.cl/SieteRestWS/SieteRestWS.ashx"
DEFAULT_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True)
class Settings:
    """Addresses, credentials (never shown) and limits of a synchronisation; times in seconds."""

    ckan: str = CKAN
    sii: str = SII
    bcch: str = BCCH
    more_hosts: tuple[str, ...] = ()
    ca_file: str | None = None
    bcch_user: str | None = field(default=None, repr=False)
    bcch_pass: str | None = field(default=None, repr=False)
    retries: int = 5
    backoff: float = 1.0
    longest_wait: int = 120
    connect_timeout: float = 15.0
    read_timeout: float = 60.0
    gap: float = 0.05  # least time between two requests: at most 20 a second, most of them «has it changed?»
    downloads_at_once: int = 2
    patience: float = 30.0  # a transfer slower than `slowest` bytes a second for so long is cut and resumed
    slowest: int = 1024

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be written anywhere."""
        return tuple(secret for secret in (self.bcch_pass, self.bcch_user) if secret)

    @property
    def origins(self) -> frozenset[tuple[str, str, int]]:
        """The only places a request may go to: scheme, host and port."""
        given = (host if "//" in host else f"https://{host}" for host in self.more_hosts)
        return frozenset(origin(address) for address in (self.ckan, self.sii, self.bcch, *given))


def from_environment() -> Settings:
    """Return the settings in force: `PULSO_CKAN_URL`, `PULSO_SII_URL`, `PULSO_BCCH_URL`, `PULSO_DOWNLOAD_HOSTS`
    (separated by commas), `PULSO_CA_FILE`, `BCCH_USER`, `BCCH_PASS`. Proxies are those of `HTTPS_PROXY`.
    """
    hosts = os.environ.get("PULSO_DOWNLOAD_HOSTS", "")
    return Settings(
        ckan=os.environ.get("PULSO_CKAN_URL") or CKAN,
        sii=os.environ.get("PULSO_SII_URL") or SII,
        bcch=os.environ.get("PULSO_BCCH_URL") or BCCH,
        more_hosts=tuple(host.strip() for host in hosts.split(",") if host.strip()),
        ca_file=os.environ.get("PULSO_CA_FILE") or None,
        bcch_user=os.environ.get("BCCH_USER") or None,
        bcch_pass=os.environ.get("BCCH_PASS") or None,
    )


def origin(address: str) -> tuple[str, str, int]:
    """Return scheme, host and port of an address; raises ValueError when it is none."""
    parts = urlsplit(address)
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname or parts.username is not None:
        raise ValueError("no es una dirección http(s)")
    return parts.scheme, parts.hostname.lower(), parts.port or DEFAULT_PORTS[parts.scheme]


# -- The body of an answer as it arrives, cut off when it drips; and the word for an attempt that another may
# mend.

PIECE = 1 << 16


class InterruptedTransferError(Exception):
    """An attempt failed in a way that another may not: why, and the answer whose Retry-After counts."""

    def __init__(self, reason: str, response: requests.Response | None = None) -> None:
        super().__init__(reason)
        self.response = response


class Pieces:
    """Iterates over a body. Raises InterruptedTransferError when it is cut or drips, FetchError when told to stop."""

    def __init__(self, response: requests.Response, settings: Settings, stopped: threading.Event) -> None:
        self._response, self._settings, self._stopped = response, settings, stopped
        self._since, self._bytes = time.monotonic(), 0

    def __iter__(self) -> "Pieces":
        return self

    def __next__(self) -> bytes:
        if self._stopped.is_set():
            raise FetchError("La descarga se detuvo.")
        try:
            data: bytes = self._response.raw.read1(PIECE, decode_content=False)
        except (HTTPError, requests.exceptions.RequestException, OSError):
            raise InterruptedTransferError("la transferencia se cortó") from None
        if not data:
            raise StopIteration
        self._watch(len(data))
        return data

    def _watch(self, n_bytes: int) -> None:
        settings = self._settings
        self._bytes += n_bytes
        waited = time.monotonic() - self._since
        if waited < settings.patience:
            return
        if self._bytes < settings.slowest * waited:
            self._response.close()
            raise InterruptedTransferError(f"el servidor envía menos de {settings.slowest} bytes por segundo")
        self._since, self._bytes = time.monotonic(), 0


# -- One careful visitor: asks only configured hosts, slowly, again when it failed, and says in one sentence
# why not.

log = getLogger(__name__)

T = TypeVar("T")
MOST_REDIRECTS = 5
LARGEST_ANSWER = 32 << 20
FOR_A_WHILE = {429, 500, 502, 503, 504}
CERTIFICATE_FAULTS = {
    "expired": "está vencido",
    "self-signed": "no lo firma una autoridad conocida",
    "unable to get local issuer": "no lo firma una autoridad conocida",
    "mismatch": "es de otro nombre",
    "not valid for": "es de otro nombre",
    "not yet valid": "todavía no rige",
}


class MissingError(FetchError):
    """The server says there is no such thing."""


class _Session(requests.Session):
    """A session that leaves redirections to us: requests would read the new address before we have looked at it."""

    def get_redirect_target(self, resp: requests.Response) -> None:  # noqa: ARG002  the name is requests'
        """Return nothing."""
        return


class Web:
    """A session with manners. Safe to use from several threads."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.stopped = threading.Event()
        self._session = _Session()
        self._session.headers.update({"User-Agent": "pulso-exportador", "Accept-Encoding": "identity"})
        self._session.auth = lambda request: request  # no password from a .netrc goes anywhere
        self._turn = threading.Lock()
        self._next_at = 0.0

    def json(self, address: str, *, label: str, params: Mapping[str, str]) -> Any:
        """Return the JSON answer of an address. Raises FetchError with one sentence that names `label` only."""

        def attempt() -> Any:
            body = self._whole(address, label, params)
            try:
                return json.loads(body)
            except (ValueError, RecursionError):
                raise InterruptedTransferError("respondió algo que no es JSON") from None

        return self.persist(label, attempt)

    def body(self, address: str, *, label: str, params: Mapping[str, str]) -> bytes:
        """Return the answer of an address as it came. Raises FetchError as `json` does."""
        return self.persist(label, lambda: self._whole(address, label, params))

    def persist(self, label: str, attempt: Callable[[], T]) -> T:
        """Return what `attempt` gives, tried again with back-off and jitter, or as Retry-After asks."""
        settings = self.settings
        retry = Retry(
            settings.retries,
            backoff_factor=settings.backoff,
            backoff_jitter=settings.backoff,
            backoff_max=settings.longest_wait,
            retry_after_max=settings.longest_wait,
        )
        while True:
            try:
                return attempt()
            except InterruptedTransferError as error:
                try:
                    retry = retry.increment("GET", "", error=HTTPError(str(error)))
                except MaxRetryError:
                    if not settings.retries:
                        raise FetchError(f"{label}: {error}; revise la red y repita.") from None
                    raise FetchError(
                        f"{label}: {error}, en {settings.retries + 1} intentos; lo ya descargado queda guardado: "
                        "repita «sync» más tarde."
                    ) from None
                log.info("%s: %s; se intenta otra vez.", label, error)
                asked = retry.get_retry_after(error.response.raw) if error.response is not None else None
                if self.stopped.wait(asked or retry.get_backoff_time()):
                    raise FetchError("La descarga se detuvo.") from None

    def open(
        self, address: str, *, label: str, params: Mapping[str, str] | None = None, headers: Mapping[str, str] = {}
    ) -> requests.Response:
        """Return an answer with its body unread (200, 206, 304 or 416); redirections stay within configured hosts.

        Raises InterruptedTransferError when it is worth another try, FetchError when it is not.
        """
        for _ in range(MOST_REDIRECTS + 1):
            self._refuse_other_hosts(address, label)
            response = self._send(address, label, params, headers)
            if response.is_redirect:
                address, params = _joined(address, response.headers["location"]), None
                response.close()
                continue
            if response.status_code in FOR_A_WHILE:
                response.close()
                raise InterruptedTransferError(f"el servidor respondió {response.status_code}", response)
            if response.status_code not in (200, 206, 304, 416):
                response.close()
                kind = MissingError if response.status_code in (404, 410) else FetchError
                raise kind(f"{label}: el servidor respondió {response.status_code}; revise si la fuente se movió.")
            return response
        raise FetchError(f"{label}: el servidor redirige sin fin; avise a quien publica la fuente.")

    def pieces(self, response: requests.Response) -> Pieces:
        """Return the body of an answer, piece by piece as it arrives."""
        return Pieces(response, self.settings, self.stopped)

    def _whole(self, address: str, label: str, params: Mapping[str, str]) -> bytes:
        body = bytearray()
        with self.open(address, label=label, params=params) as response:
            for piece in self.pieces(response):
                body += piece
                if len(body) > LARGEST_ANSWER:
                    raise FetchError(f"{label}: la respuesta es desmedida; no se lee.")
        return bytes(body)

    def _refuse_other_hosts(self, address: str, label: str) -> None:
        try:
            known = origin(address) in self.settings.origins
        except ValueError:
            known = False
        if not known:
            host = _host(address)
            raise FetchError(
                f"{label}: la fuente manda a {host[:80]}, que no está entre los servidores configurados; si es "
                "legítimo, agréguelo en PULSO_DOWNLOAD_HOSTS."
            )

    def _send(
        self, address: str, label: str, params: Mapping[str, str] | None, headers: Mapping[str, str]
    ) -> requests.Response:
        self._wait_for_turn()
        settings = self.settings
        try:
            return self._session.get(
                address,
                params=params,
                headers=dict(headers),
                stream=True,
                allow_redirects=False,
                timeout=(settings.connect_timeout, settings.read_timeout),
                verify=settings.ca_file,  # None: what the session and REQUESTS_CA_BUNDLE say
            )
        # The messages of these errors carry the address, which may carry a password: none is passed on.
        except requests.exceptions.SSLError as error:
            raise _tls_error(str(error), label, address) from None
        except requests.exceptions.ProxyError:
            raise InterruptedTransferError("el proxy no responde (HTTPS_PROXY)") from None
        except requests.exceptions.Timeout:
            raise InterruptedTransferError("el servidor no responde a tiempo") from None
        except (requests.exceptions.RequestException, OSError) as error:
            log.debug("%s: %s", label, type(error).__name__)
            raise InterruptedTransferError("no hay conexión con el servidor") from None

    def _wait_for_turn(self) -> None:
        with self._turn:
            now = time.monotonic()
            at = max(now, self._next_at)
            self._next_at = at + self.settings.gap
        time.sleep(at - now)


def _joined(address: str, location: str) -> str:
    """Return where a redirection leads; nowhere when it makes no sense."""
    try:
        return urljoin(address, location)
    except ValueError:
        return ""


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or "una dirección ilegible"
    except ValueError:
        return "una dirección ilegible"


def _tls_error(message: str, label: str, address: str) -> Exception:
    """Return a plain word on a certificate that does not hold, or an interruption when the handshake was only cut."""
    if "CERTIFICATE" not in message.upper() and "certificate" not in message:
        return InterruptedTransferError("se cortó la conexión segura (TLS)")
    fault = next((words for sign, words in CERTIFICATE_FAULTS.items() if sign in message), "no es válido")
    return FetchError(
        f"{label}: el certificado TLS de {_host(address)} {fault}; no se descargó nada. Revise la fecha "
        "del equipo; si su red pone un certificado propio, indique su archivo en PULSO_CA_FILE."
    )
