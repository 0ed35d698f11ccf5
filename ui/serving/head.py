"""The page that Streamlit is shown in: its address, language, title, styles and script."""

import gzip
import json
import re
from functools import lru_cache
from html import escape
from pathlib import Path
from urllib.parse import parse_qs, quote, unquote_plus

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config, file_util

from ui.address import FIRST, LANGUAGE, TITLES, tab_title
from words.language import HTML_LANGUAGE, LANGUAGES, SPANISH, speaking, t

STYLES = {media: Path(__file__).with_name(f"{media}.css") for media in ("screen", "print")}
SCRIPT = Path(__file__).with_name("screen.js")
NO_CLIPBOARD = "El navegador no deja copiar desde una página sin https; copie de aquí:"
ROOT_NAMES = ("", "inicio")
FILES = ("media/", "component/")  # HTML that is no page: a reader's download
FREE = frozenset({"frase", "numero", "periodo", "sql"})  # parts that hold a reader's own words
PASTED = re.compile(
    r"^[\W_]+|[\W_]+$"
)  # what stood around a link: no name, and no value but a reader's own words, ends so


class PageHead:
    """Sends pages with the head that Streamlit's own index cannot know, and 404 for a page that there is not."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Rewrite the head of HTML answers; everything else passes untouched."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        name, query = page_name(scope), scope.get("query_string", b"").decode("latin-1")
        if forgiven(name, query) != (name, query):
            await RedirectResponse(address(scope, *forgiven(name, query)))(scope, receive, send)
            return
        start: Message | None = None
        body = bytearray()

        async def rewrite(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                is_page = Headers(raw=message["headers"]).get("content-type", "").startswith("text/html")
                if not is_page or name.startswith(FILES):
                    await send(message)
                    return
                start = message
            elif start is None:
                await send(message)
            else:
                body.extend(message.get("body", b""))
                if message.get("more_body"):
                    return
                if is_page_name(name):
                    await send_page(start, bytes(body), send, name=name, language=asked_language(scope))
                else:  # Streamlit answers every address that it does not know with its page
                    await unknown_page(scope)(scope, receive, send)

        await self.app(scope, receive, rewrite)


def page_name(scope: Scope) -> str:
    """Return what an address names below the root of the app."""
    return str(scope["path"]).removeprefix(root(scope)).strip("/")


def root(scope: Scope) -> str:
    """Return the path under which the app is served, without a slash at its end."""
    below = str(config.get_option("server.baseUrlPath")).strip("/")
    return str(scope.get("root_path", "")) + (f"/{below}" if below else "")


def address(scope: Scope, name: str = "", query: str = "") -> str:
    """Return the address of a page on this server."""
    return f"{root(scope)}/{name}" + (f"?{query}" if query else "")


def is_page_name(name: str) -> bool:
    """Return whether there is a page of that name."""
    return not name or name in TITLES


def forgiven(name: str, query: str) -> tuple[str, str]:
    """Return an address without what pasting left in it: the mark after a link, a capital, an escaped `&`."""
    plain = PASTED.sub("", name).lower()
    if plain in ROOT_NAMES:
        name = ""
    elif is_page_name(plain):
        name = plain
    if not is_page_name(name):
        return name, query  # a file, or nothing of ours
    query = query.replace("&amp;", "&")
    before, mark, last = query.rpartition("&")
    part, equals, value = last.partition("=")
    text = unquote_plus(value)
    if part in FREE or text == PASTED.sub("", text):
        return name, query
    return name, f"{before}{mark}{part}{equals}{quote(PASTED.sub('', text), safe=',:')}"


def asked_language(scope: Scope) -> str:
    """Return the language that the address asks for (`?lang=en`), Spanish unless it is one we have."""
    code = parse_qs(scope.get("query_string", b"").decode("latin-1")).get(LANGUAGE, [SPANISH])[0]
    return code if code in LANGUAGES else SPANISH


async def send_page(start: Message, body: bytes, send: Send, *, name: str, language: str) -> None:
    """Send one HTML page with its head; an answer without a body (HEAD, 304) goes as it is."""
    headers = MutableHeaders(raw=start["headers"])
    for stale in ("etag", "last-modified"):
        del headers[stale]
    if body:
        if headers.get("content-encoding") == "gzip":  # Streamlit packs every page but the root
            body = gzip.decompress(body)
            del headers["content-encoding"]
        body = with_head(body, name, language)
        headers["content-length"] = str(len(body))
    await send(start)
    await send({"type": "http.response.body", "body": body})


@lru_cache(maxsize=2 * (len(TITLES) + 1))
def with_head(page: bytes, name: str, language: str) -> bytes:
    """Return Streamlit's index page with our language, title, description, script and styles for screen and paper."""
    with speaking(language):
        about = t("Exportaciones de las regiones de Chile y de sus pymes, con definición y fuente en cada cifra.")
        title = tab_title(t(TITLES[name or FIRST]))
    meta = f'<meta name="description" content="{about}">'.encode()
    return (
        page.replace(b'<html lang="en">', f'<html lang="{HTML_LANGUAGE[language]}">'.encode(), 1)
        .replace(b"<title>Streamlit</title>", f"<title>{escape(title)}</title>".encode(), 1)
        .replace(b"</head>", meta + script().encode() + styles().encode() + chart_preload() + b"</head>", 1)
    )


def script() -> str:
    """Return our script, with its words in every language: the reader may change it without a new page."""
    words = {}
    for language in LANGUAGES:
        with speaking(language):
            words[HTML_LANGUAGE[language]] = t(NO_CLIPBOARD)
    return f"<script>const WORDS = {json.dumps(words)}\n{SCRIPT.read_text(encoding='utf-8')}</script>"


def styles() -> str:
    """Return our styles, each for its medium."""
    return "".join(
        f'<style media="{media}">{file.read_text(encoding="utf-8")}</style>' for media, file in STYLES.items()
    )


def chart_preload() -> bytes:
    """Return a hint to fetch the chart library with the page and not only when the first chart arrives."""
    static = Path(file_util.get_static_dir())
    files = [file.relative_to(static) for file in static.glob("static/js/PlotlyChart.*.js")]
    return b"".join(f'<link rel="modulepreload" crossorigin href="./{file}">'.encode() for file in files)


def unknown_page(scope: Scope) -> HTMLResponse:
    """Return the answer to an address that names no page: a sentence and the pages that there are."""
    language = asked_language(scope)
    with speaking(language):
        sentence = t("Esta página no existe. Las que hay:")
        query = "" if language == SPANISH else f"{LANGUAGE}={language}"
        links = "".join(
            f'<li><a href="{escape(address(scope, name, query))}">{escape(t(title))}</a></li>'
            for name, title in TITLES.items()
        )
        page = (
            f'<!doctype html><html lang="{HTML_LANGUAGE[language]}"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">'
            f"<title>{escape(tab_title(t('Página desconocida')))}</title></head>"
            '<body style="font:1.1rem/1.6 sans-serif;max-width:36rem;margin:3rem auto;padding:0 1rem">'
            f"<main><h1>{sentence}</h1><ul>{links}</ul></main></body></html>"
        )
    return HTMLResponse(page, status_code=404)
