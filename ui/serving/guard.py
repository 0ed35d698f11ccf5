"""What the server refuses before Streamlit sees it, and the headers that say what a browser may do with an answer."""

import os
import re
from base64 import b64encode
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config, file_util

from ui.serving import head
from ui.widgets import language_switch

INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
REFUSED = 1008  # the websocket's code for a policy; the browser sees 403
METRICS = "/_stcore/metrics"
POLICY = {
    "default-src": "'self'",
    "style-src": "'self' 'unsafe-inline'",  # Streamlit and Plotly style by the element
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": "'self' data: blob:",
    "worker-src": "'self' blob:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
}
FRAMED = "'none'"  # but for the pages that are made to be put in a frame


class Guard:
    """Refuses foreign origins and the server's own measurements; marks every answer with what it may do.

    Streamlit would ask a public host for this machine's address to judge a foreign origin, and everybody would wait.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is allowed."""
        if scope["type"] == "websocket":
            if is_foreign(Headers(scope=scope)):
                await send({"type": "websocket.close", "code": REFUSED})
            else:
                await self.app(without_origin(scope), receive, send)
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(raw=message["headers"]).update(security_headers(scope))
            await send(message)

        is_closed = scope["path"].endswith(METRICS)
        app = PlainTextResponse("Not Found", status_code=404) if is_closed else self.app
        await app(scope, receive, marked)


def is_foreign(headers: Headers) -> bool:
    """Return whether a browser says that another site's page opens the session; programs that are none say nothing."""
    own = {headers.get("host", "").lower(), *map(host, allowed_origins())}
    return not {host(origin) for origin in headers.getlist("origin")} <= own


def host(origin: str) -> str | None:
    """Return the host and port of an origin, None where it has none."""
    try:
        return urlsplit(origin).netloc.lower() or None
    except ValueError:
        return None


def allowed_origins() -> Iterable[str]:
    """Return the origins that may open a session besides the server's own: the address in front of it."""
    return filter(None, (os.environ.get("PULSO_URL", ""), *config.get_option("server.corsAllowedOrigins")))


def without_origin(scope: Scope) -> Scope:
    """Return the scope without an origin that was judged here: Streamlit's own judgement may ask other hosts.

    Not where it is the server's own: there Streamlit asks nobody, and reads who is logged in only beside it.
    """
    headers = Headers(scope=scope)
    if [host(origin) for origin in headers.getlist("origin")] == [headers.get("host", "").lower()]:
        return scope
    return {**scope, "headers": [(name, value) for name, value in scope["headers"] if name != b"origin"]}


def security_headers(scope: Scope) -> dict[str, str]:
    """Return what every answer carries; a page asked for with `embed=true` may stand in anybody's frame."""
    query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    rules = POLICY | {"script-src": scripts()}
    if query.get("embed", [""])[-1].lower() != "true":
        rules |= {"frame-ancestors": FRAMED}
    return {
        "content-security-policy": "; ".join(f"{name} {value}" for name, value in rules.items()),
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
    }


@cache
def scripts() -> str:
    """Return which scripts run: files of this server (one is WebAssembly), and those inside the page by their hash."""
    index = (Path(file_util.get_static_dir()) / "index.html").read_text(encoding="utf-8")
    inside = [*INLINE.findall(index), *INLINE.findall(head.script()), *INLINE.findall(language_switch.scripts())]
    return " ".join(
        (
            "'self' 'wasm-unsafe-eval'",
            *(f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'" for script in inside),
        )
    )
