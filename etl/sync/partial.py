"""The part of a file that has arrived: gone on with only when the server proves that it is of the same version."""

import json
import re
from pathlib import Path
from typing import Any

import requests

from etl.editions import write_whole
from etl.errors import SourceError
from etl.raw.archive import RAR_MAGIC, ZIP_MAGIC, read_start, refuse_packed, zip_end
from etl.raw.rar_headers import has_end
from etl.sync.body import InterruptedTransferError

HTML_STARTS = (b"<!doctype", b"<html", b"<head", b"<body", b"<?xml")


class Partial:
    """The part of a file that has arrived, and the words of the server that tell one version from another."""

    def __init__(self, folder: Path, resource_id: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path, self._note = folder / f"{resource_id}.part", folder / f"{resource_id}.json"
        for leftover in folder.glob(f".{self._note.name}-*"):  # of a run that was killed while it wrote the note
            leftover.unlink(missing_ok=True)

    @property
    def size(self) -> int:
        """How many bytes have arrived."""
        return self.path.stat().st_size if self.path.exists() else 0

    def validator(self, address: str) -> str | None:
        """Return what to send as If-Range, or None when the part cannot be gone on with."""
        if not self.size or not self._note.exists():
            return None
        note: dict[str, Any] = json.loads(self._note.read_text(encoding="utf-8"))
        etag = note["etag"] if note["etag"] and not note["etag"].startswith("W/") else None
        return (etag or note["last_modified"]) if note["address"] == address else None

    def begin(self, address: str, response: requests.Response) -> None:
        """Forget the part and note whose bytes come next."""
        self.path.unlink(missing_ok=True)
        write_whole(self._note, json.dumps({"address": address} | validators(response)))

    def drop(self) -> None:
        """Forget all of it."""
        self.path.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)


def extent(response: requests.Response, partial: Partial) -> tuple[int, int | None]:
    """Return where the body begins and how long the whole is. A part that cannot be gone on with is dropped."""
    if response.status_code == 206:
        span = re.fullmatch(r"bytes (\d+)-\d+/(\d+)", response.headers.get("Content-Range", ""))
        if span and int(span[1]) == partial.size:
            return int(span[1]), int(span[2])
    if response.status_code != 200:
        partial.drop()
        raise InterruptedTransferError("el servidor no supo seguir la descarga")
    length = response.headers.get("Content-Length", "")
    return 0, int(length) if length.isdigit() else None


def refuse_wrong_content(name: str, partial: Partial) -> None:
    """Drop what is no archive of ours: a page, nothing, another packer, an archive without its end."""
    start = read_start(partial.path, 512) if partial.size else b""
    reason = None
    if not start:
        reason = "llegó vacío"
    elif start.lstrip(b" \r\n\t\xef\xbb\xbf").lower().startswith(HTML_STARTS):
        reason = "llegó una página web (HTML) en vez del archivo"
    elif start.startswith((*ZIP_MAGIC, RAR_MAGIC)) and not _has_end(partial.path, start):
        reason = "el archivo comprimido llegó incompleto o dañado"
    if reason:
        partial.drop()
        raise InterruptedTransferError(reason)
    try:
        refuse_packed(name, start)
    except SourceError:
        partial.drop()
        raise


def _has_end(path: Path, start: bytes) -> bool:
    if start.startswith(RAR_MAGIC):
        return has_end(path)
    end = zip_end(path)
    return end is not None and end.n_members > 0


def validators(response: requests.Response) -> dict[str, str | None]:
    """Return the words of a server that tell one version of a file from another."""
    return {"etag": response.headers.get("ETag"), "last_modified": response.headers.get("Last-Modified")}
