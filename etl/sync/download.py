"""Brings one file into `raw/`, resumed where it was cut, whole and of the right kind, or not at all."""

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import requests

from editions.errors import FetchError, SourceError
from editions.folders import Workspace
from editions.store import write_whole
from etl.progress import Progress
from etl.raw.archive import RAR_MAGIC, ZIP_MAGIC, read_start, refuse_packed, zip_end
from etl.raw.rar import has_end
from etl.raw.stage import Delivery, safe_name, write_delivery
from etl.sync.web import InterruptedTransferError, Web

# -- The part of a file that has arrived: gone on with only when the server proves that it is of the same
# version.

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


# -- Brings one file into `raw/`, resumed where it was cut, whole and of the right kind, or not at all.

LARGEST_FILE = 1 << 30


@dataclass(frozen=True)
class Wanted:
    """A file to bring, or to ask whether it changed since `known`."""

    resource_id: str
    address: str
    name: str
    listed_size: int | None = None
    known: Delivery | None = None


@dataclass(frozen=True)
class Fetched:
    """What the address delivers now, and whether its content is other than what was known."""

    delivery: Delivery
    is_new: bool


def fetch(web: Web, wanted: Wanted, workspace: Workspace, progress: Progress) -> Fetched:
    """Return what the address delivers, downloaded only when it changed.

    Raises FetchError with one sentence when it cannot be had whole; what has arrived is kept for the next time.
    """
    partial = Partial(workspace.raw / "partial", wanted.resource_id)

    def attempt() -> Fetched:
        with web.open(wanted.address, label=wanted.name, headers=_headers(wanted, partial)) as response:
            if wanted.known is not None and _is_unchanged(wanted, response):
                return Fetched(wanted.known, is_new=False)
            _receive(web, wanted, partial, response, progress)
            said = validators(response)
        refuse_wrong_content(wanted.name, partial)
        return _keep(wanted, partial, said, workspace)

    try:
        return web.persist(wanted.name, attempt)
    finally:
        progress.close()


def has_changed(web: Web, wanted: Wanted) -> bool:
    """Ask whether the address delivers something else than what is known, without reading it."""
    if wanted.known is None:
        return True

    def attempt() -> bool:
        headers = _headers(wanted, None)
        with web.open(wanted.address, label=wanted.name, headers=headers) as response:
            return not _is_unchanged(wanted, response)

    return web.persist(wanted.name, attempt)


def _headers(wanted: Wanted, partial: Partial | None) -> dict[str, str]:
    going_on = partial.validator(wanted.address) if partial else None
    if partial and going_on:
        return {"Range": f"bytes={partial.size}-", "If-Range": going_on}
    known = wanted.known
    if known is None or known.listed_size != wanted.listed_size or known.address != wanted.address:
        return {}
    asked = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {name: value for name, value in asked.items() if value}


def _is_unchanged(wanted: Wanted, response: requests.Response) -> bool:
    """Tell whether the answer says that the content is the known one: 304, or the same marks and length."""
    known = wanted.known
    if response.status_code == 304:
        return True
    if known is None or response.status_code != 200 or known.listed_size != wanted.listed_size:
        return False
    said = validators(response)
    same_marks = (said["etag"], said["last_modified"]) == (known.etag, known.last_modified)
    has_marks = bool(known.etag or known.last_modified)
    return has_marks and same_marks and response.headers.get("Content-Length") == str(known.size_bytes)


def _receive(web: Web, wanted: Wanted, partial: Partial, response: requests.Response, progress: Progress) -> None:
    begins, whole = extent(response, partial)
    if begins == 0:
        partial.begin(wanted.address, response)
    progress.start(whole or wanted.listed_size or 0, f"Descargando {wanted.name}")
    progress.advance(begins)
    with partial.path.open("ab") as output:
        for piece in web.pieces(response):
            output.write(piece)
            progress.advance(len(piece))
            if output.tell() > LARGEST_FILE:
                partial.drop()
                raise FetchError(f"{wanted.name}: pasa de 1 GB, más que cualquier archivo mensual; no se descarga.")
    if whole is not None and partial.size != whole:
        got = partial.size
        if got > whole:
            partial.drop()
        raise InterruptedTransferError(f"llegaron {got} bytes de {whole}")


def _keep(wanted: Wanted, partial: Partial, said: dict[str, str | None], workspace: Workspace) -> Fetched:
    """Move the file to its place among the raw ones, named by its content, and write its passport last."""
    with partial.path.open("rb") as content:
        sha256 = hashlib.file_digest(content, "sha256").hexdigest()
    delivery = Delivery(
        resource_id=wanted.resource_id,
        address=wanted.address,
        name=wanted.name,
        etag=said["etag"],
        last_modified=said["last_modified"],
        listed_size=wanted.listed_size,
        sha256=sha256,
        size_bytes=partial.size,
        raw_file=f"{sha256[:16]}-{safe_name(wanted.name)}",
        retrieved_at=datetime.now(UTC).isoformat(timespec="microseconds"),
    )
    target = workspace.raw / delivery.raw_file
    partial.path.chmod(0o644)
    partial.path.replace(target)
    write_delivery(workspace, delivery)
    partial.drop()
    return Fetched(delivery, is_new=wanted.known is None or wanted.known.sha256 != sha256)
