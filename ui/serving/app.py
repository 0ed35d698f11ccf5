"""What the web server adds to Streamlit: a guard, a head of the page, compressed static files, a warm start."""

import gzip
import logging
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import lru_cache
from pathlib import Path

import anyio.to_thread
import streamlit as st
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config, file_util
from streamlit.proto.BackMsg_pb2 import BackMsg

from editions.errors import IndicatorError
from ui.serving.access import HEADER, READER, Access
from ui.serving.guard import Guard
from ui.serving.head import PageHead
from ui.text import plain
from words.language import t

ASSET = re.compile(r"^/static/(?:[\w.@-]+/)*[\w.@-]+\.(?P<kind>js|css)$")
ASSET_TYPE = {"js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8"}
GZIP_LEVEL = 4
FAILED = "Esta página no se pudo armar. El detalle quedó en el registro del servidor; pruebe con otra edición o región."
LOG = logging.getLogger(__name__)


@asynccontextmanager
async def lifespan(_app: object) -> AsyncIterator[None]:
    """Be warm before the first visitor comes."""
    from ui.serving.warm import warm_up  # not sooner: caches want Streamlit's runtime to be there

    await anyio.to_thread.run_sync(warm_up)
    yield


def tell(error: Exception) -> bool:
    """Show a sentence instead of Streamlit's English box; the details go to the server's log."""
    LOG.exception("a page failed", exc_info=error)
    st.error(plain(str(error)) if isinstance(error, IndicatorError) else t(FAILED), icon=":material/error:")
    return True


def middleware() -> list[Middleware]:
    """Return the middleware of the app, outermost first; pages read what `Access` tells as `st.user`."""
    config.set_option("server.trustedUserHeaders", {HEADER: READER})
    return [
        Middleware(Guard),
        Middleware(Access),
        Middleware(VisitorMessages),
        Middleware(PageHead),
        Middleware(CompressedAssets),
    ]


class VisitorMessages:
    """Passes on what a visitor's browser may ask of the app; the developer's tools are for nobody.

    «Clear cache» (a key of Streamlit's page, or a message of anybody's own) would empty the caches of all visitors;
    others tell where the app lies on the server.
    """

    ALLOWED = frozenset(
        ("rerun_script", "stop_script", "app_heartbeat", "file_urls_request", "backend_operation_request")
    )

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Leave messages of other kinds out; what is no message at all Streamlit refuses itself."""

        async def allowed() -> Message:
            while True:
                message = await receive()
                if message["type"] != "websocket.receive" or self._passes(message.get("bytes") or b""):
                    return message

        await self.app(scope, allowed if scope["type"] == "websocket" else receive, send)

    def _passes(self, message: bytes) -> bool:
        try:
            kind = BackMsg.FromString(message).WhichOneof("type")
        except DecodeError:
            return True
        return kind is None or kind in self.ALLOWED


class CompressedAssets:
    """Serves Streamlit's script and style files gzipped: a first visit moves 2.9 MB instead of 9.3 MB.

    Streamlit leaves them plain because compressing on every request is dear; here each file is
    compressed once per process.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a plain GET of a known asset from memory; pass everything else on."""
        if scope["type"] == "http" and scope["method"] == "GET":
            headers = Headers(scope=scope)
            asset = ASSET.match(scope["path"].removeprefix(scope.get("root_path", "")))
            if asset and "gzip" in headers.get("accept-encoding", "") and "range" not in headers:
                content = await anyio.to_thread.run_sync(compressed, asset.group())
                if content is not None:
                    await asset_response(content, asset["kind"])(scope, receive, send)
                    return
        await self.app(scope, receive, send)


def asset_response(content: bytes, kind: str) -> Response:
    """Return a compressed asset with the lifetime Streamlit gives it (its name holds a hash)."""
    headers = {
        "content-encoding": "gzip",
        "vary": "Accept-Encoding",
        "cache-control": "public, immutable, max-age=31536000",
    }
    return Response(content, media_type=ASSET_TYPE[kind], headers=headers)


@lru_cache(maxsize=512)
def compressed(path: str) -> bytes | None:
    """Return one static file of Streamlit gzipped, or None when there is no such file."""
    file = Path(file_util.get_static_dir()) / path.lstrip("/")
    return gzip.compress(file.read_bytes(), GZIP_LEVEL) if file.is_file() else None
