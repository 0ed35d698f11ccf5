"""Where the official sources are and how patiently they are asked. Addresses come from the environment when given."""

import os
from dataclasses import dataclass, field
from urllib.parse import urlsplit

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
