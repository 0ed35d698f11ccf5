"""The body of an answer as it arrives, cut off when it drips; and the word for an attempt that another may mend."""

import threading
import time

import requests
from urllib3.exceptions import HTTPError

from etl.errors import FetchError
from etl.sync.settings import Settings

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
