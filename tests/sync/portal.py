"""A server that behaves like datos.gob.cl, SII and the Banco Central, and misbehaves when told to."""

import hashlib
import json
import ssl
import threading
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from etl.sync.catalogue import MONTHS
from tests.etl.customs_text import month_lines
from tests.etl.fixtures.archives import rar4, rar5, zipped
from tests.patience import PATIENCE

SLUGS = ("registro-de-exportacion", "registro-de-exportaciones", "registros-de-exportacion")
NAMES = ("Exportaciones {month} {year}", "EXPORTACIONES – {month} {year}", "Exportación  {month} de {year}")
BULTOS, TRANSPORT = "{name} - Bultos", "{name} — Documentos de Transporte"

Fault = Callable[["Handler", "Served"], None]


@dataclass
class Served:
    """One file of the portal; `faults` are worked off one a request, `always` after them."""

    content: bytes
    etag: str = ""
    faults: list[Fault] = field(default_factory=list)
    always: Fault | None = None

    def change(self, content: bytes) -> None:
        self.content, self.etag = content, f'"{hashlib.md5(content).hexdigest()}"'


class Portal:
    """Datasets by slug and files by path; `asked` lists what was asked for."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        portal = self

        class Bound(Handler):
            pass

        Bound.portal = portal
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Bound)
        self.server.daemon_threads = True
        if tls is not None:
            self.server.socket = tls.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        self.scheme = "https" if tls else "http"
        self.port = self.server.server_address[1]
        self.packages: dict[str, dict[str, Any]] = {}
        self.files: dict[str, Served] = {}
        self.series: dict[str, bytes] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.search_finds = True
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def address(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def package(self, year: int) -> dict[str, Any]:
        """Return the dataset of a year, made in the shape of the real listing when there is none."""
        for package in self.packages.values():
            if package["name"].endswith(str(year)):
                return package
        slug = f"{SLUGS[year % 3]}-{year}"
        self.packages[slug] = {
            "id": hashlib.md5(slug.encode()).hexdigest(),
            "name": slug,
            "title": f"Registro de Exportaciones {year}",
            "owner_org": "AE007",
            "organization": {"name": "servicio_nacional_de_aduanas"},
            "resources": [],
        }
        self.add_resource(self.packages[slug], "Metadata Exportaciones", "descripcion-y-estructura.xlsx", b"PK\x03\x04")
        return self.packages[slug]

    def add_month(self, month: date, content: bytes | None = None, *, with_others: bool = True) -> Served:
        """Publish a month as Aduanas does: main file, bultos and transport documents. Return the main file."""
        name = NAMES[month.month % 3].format(month=MONTHS[month.month - 1], year=month.year)
        package, stem = self.package(month.year), f"exportaciones-{MONTHS[month.month - 1]}-{month.year}"
        content = content or packed(month, text_of(month))
        kind = "zip" if content.startswith(b"PK") else "rar"
        served = self.add_resource(package, name, f"{stem}.{kind}", content)
        if with_others:
            self.add_resource(package, BULTOS.format(name=name), f"{stem}-bultos.{kind}", b"x")
            self.add_resource(package, TRANSPORT.format(name=name), f"{stem}-documentos-de-transporte.{kind}", b"x")
        return served

    def add_resource(self, package: dict[str, Any], name: str, file_name: str, content: bytes) -> Served:
        """Publish one resource and return its file."""
        n = len(package["resources"])
        resource_id = hashlib.md5(f"{package['id']}{n}{name}".encode()).hexdigest()
        path = f"/dataset/{package['id']}/resource/{resource_id}/download/{file_name}"
        package["resources"].append({
            "id": resource_id, "package_id": package["id"], "name": name, "format": file_name.rsplit(".", 1)[-1],
            "size": len(content), "url": self.address + path, "datastore_active": False,
        })  # fmt: skip
        self.files[path] = Served(b"")
        self.files[path].change(content)
        return self.files[path]

    def withdraw(self, month: date) -> None:
        """Take a month out of the listing."""
        package = self.package(month.year)
        word = MONTHS[month.month - 1]
        package["resources"] = [one for one in package["resources"] if word not in one["name"].lower()]

    def main_of(self, month: date) -> Served:
        """Return the main file of a month."""
        stem = f"/exportaciones-{MONTHS[month.month - 1]}-{month.year}."
        return next(served for path, served in self.files.items() if stem in path)

    def downloads(self) -> list[str]:
        """Return the paths of files asked for, in order."""
        return [path for path, _ in self.asked if "/download/" in path]


class Handler(BaseHTTPRequestHandler):
    portal: Portal
    protocol_version = "HTTP/1.1"
    timeout = PATIENCE

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self.portal.asked.append((self.path, dict(self.headers)))
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        try:
            if parts.path.endswith("/package_search"):
                self._search(query)
            elif parts.path.endswith("/package_show"):
                package = self.portal.packages.get(query["id"])
                self.answer_json({"success": bool(package), "result": package}, 200 if package else 404)
            elif parts.path.endswith("SieteRestWS.ashx"):
                self.answer(
                    self.portal.series.get(query["timeseries"], b'{"Codigo":-50,"Descripcion":"?","Series":{}}')
                )
            elif parts.path in self.portal.files:
                served = self.portal.files[parts.path]
                fault = served.faults.pop(0) if served.faults else served.always
                (fault or serve)(self, served)
            else:
                self.answer(b"<html>no</html>", 404)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _search(self, query: dict[str, str]) -> None:
        found = list(self.portal.packages.values()) if self.portal.search_finds else []
        other = {"name": "registro-de-importacion-2023", "owner_org": "AE007", "resources": []}
        found = [other, *found]
        start, rows = int(query["start"]), min(int(query["rows"]), 2)  # small pages: there is more than one
        assert query["fq"] == "owner_org:AE007"
        self.answer_json({"success": True, "result": {"count": len(found), "results": found[start : start + rows]}})

    def answer_json(self, what: Any, code: int = 200) -> None:
        self.answer(json.dumps(what).encode(), code)

    def answer(self, body: bytes, code: int = 200, **headers: str) -> None:
        self.send_response(code)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)


def serve(handler: Handler, served: Served) -> None:
    """Serve a file as a good server does: conditional and partial requests understood."""
    content, headers = served.content, {"ETag": served.etag, "Accept_Ranges": "bytes"}
    wanted = handler.headers
    if wanted["If-None-Match"] == served.etag:
        handler.send_response(304)
        handler.end_headers()
    elif wanted["Range"] and wanted["If-Range"] == served.etag:
        start = int(wanted["Range"].removeprefix("bytes=").removesuffix("-"))
        if start >= len(content):
            handler.answer(b"", 416)
            return
        span = f"bytes {start}-{len(content) - 1}/{len(content)}"
        handler.answer(content[start:], 206, Content_Range=span, **headers)
    else:
        handler.answer(content, 200, **headers)


def status(code: int, **headers: str) -> Fault:
    """Answer with an error."""
    return lambda handler, served: handler.answer(b"<html>error</html>", code, **headers)


def cut(handler: Handler, served: Served) -> None:
    """Close the connection half-way, honouring Range."""
    rest = served.content
    if handler.headers["Range"] and handler.headers["If-Range"] == served.etag:
        start = int(handler.headers["Range"].removeprefix("bytes=").removesuffix("-"))
        rest = rest[start:]
        handler.send_response(206)
        handler.send_header("Content-Range", f"bytes {start}-{len(served.content) - 1}/{len(served.content)}")
    else:
        handler.send_response(200)
    handler.send_header("ETag", served.etag)
    handler.send_header("Content-Length", str(len(rest)))
    handler.end_headers()
    handler.wfile.write(rest[: max(1, len(rest) // 2)])
    handler.close_connection = True


def says_longer(handler: Handler, served: Served) -> None:
    """Say a length that is longer than what is sent."""
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(served.content) + 100))
    handler.end_headers()
    handler.wfile.write(served.content)
    handler.close_connection = True


def says_shorter(handler: Handler, served: Served) -> None:
    """Say a length that is shorter than the file: what arrives is cut."""
    handler.answer(served.content[: len(served.content) // 2])


def without_length(handler: Handler, served: Served) -> None:
    """Send half of the file with no length at all and close: the reader cannot know."""
    handler.send_response(200)
    handler.end_headers()
    handler.wfile.write(served.content[: len(served.content) // 2])
    handler.close_connection = True


def without_marks(handler: Handler, served: Served) -> None:
    """Send the file without any mark by which a version could be told."""
    handler.answer(served.content)


def drip(handler: Handler, served: Served) -> None:
    """Send a byte from time to time."""
    handler.send_response(200)
    handler.send_header("ETag", served.etag)
    handler.send_header("Content-Length", str(len(served.content)))
    handler.end_headers()
    for byte in served.content:
        handler.wfile.write(bytes([byte]))
        time.sleep(0.1)


def html(handler: Handler, served: Served) -> None:
    """Send a page, with 200."""
    handler.answer(b"<!DOCTYPE html><html><body>Mantencion</body></html>")


def redirect(target: str) -> Fault:
    """Send the reader elsewhere."""
    return lambda handler, served: handler.answer(b"", 302, Location=target)


def redirect_to_itself(handler: Handler, served: Served) -> None:
    """Send the reader in a circle."""
    handler.answer(b"", 302, Location=handler.path)


def text_of(month: date, *, fob: int = 1000, firms: int = 30) -> bytes:
    """Return the text of a small whole month."""
    return ("\n".join(month_lines(month, fob=fob, firms=firms)) + "\n").encode("latin-1")


def bultos_of(month: date) -> bytes:
    """Return the text of a month's packages: what a main file holds when it was published by mistake."""
    return b"".join(f"{n};{month:%d%m%Y};1;10;CAJAS;MARCAS\n".encode() for n in range(1, 60))


def transport_of(month: date) -> bytes:
    """Return the text of a month's transport documents."""
    return b"".join(f"{n};{month:%d%m%Y};1;{month:%d%m%Y};BL{n};NAVE;1\n".encode() for n in range(1, 60))


def packed(month: date, text: bytes) -> bytes:
    """Return a month packed as that month is: ZIP, RAR 4 or RAR 5 by turns. RAR members are stored."""
    name = f"Exportaciones {month:%m}.txt"
    return (zipped, rar4, rar5)[month.month % 3]({name: text})


def bomb() -> bytes:
    """Return a small ZIP that grows beyond any customs file."""
    return zipped({"mes.txt": b"0" * (300 << 20)}, method=zipfile.ZIP_DEFLATED)
