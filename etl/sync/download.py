"""Brings one file into `raw/`, resumed where it was cut, whole and of the right kind, or not at all."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

import requests

from etl.errors import FetchError
from etl.paths import Workspace
from etl.progress import Progress
from etl.raw.delivery import Delivery, write_delivery
from etl.raw.stage import safe_name
from etl.sync.body import InterruptedTransferError
from etl.sync.partial import Partial, extent, refuse_wrong_content, validators
from etl.sync.web import Web

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
