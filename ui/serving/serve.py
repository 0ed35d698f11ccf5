"""`python -m ui.serving.serve`: the app behind uvicorn, tuned for many viewers on one machine."""

import gc
import os
import socket
import sys
import webbrowser

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import config

from editions.folders import REPOSITORY
from editions.writing import write_utf8
from ui.serving import access
from ui.serving.options import FIRST_PORT, LOCAL, parse

PORTS_TRIED = 50


def main(arguments: list[str] | None = None) -> int:
    """Serve the app until interrupted; return the exit code."""
    write_utf8()
    options = parse(arguments)
    os.chdir(REPOSITORY)  # where .streamlit/config.toml and app.py are
    if words := access.fault():
        sys.stderr.write(f"{words}\n")
        return 1
    listener = listen(options.host, options.port)
    if listener is None:
        sys.stderr.write(f"El puerto {options.port} está ocupado; elija otro, por ejemplo --port 8600.\n")
        return 1
    settings = uvicorn.Config(
        "app:app",
        ws="websockets-sansio",
        log_level="warning",
        access_log=False,
        proxy_headers=False,  # who is at the other end is seen, not told
        timeout_graceful_shutdown=2,
    )
    name = "localhost" if options.host in (LOCAL, "0.0.0.0") else options.host  # noqa: S104
    address = f"http://{name}:{listener.getsockname()[1]}"
    server = AnnouncingServer(settings, address=address, opens_browser=options.browser)
    settings.load()
    settings.loaded_app = Peers(settings.loaded_app)
    config.set_option("server.address", options.host)
    allow([*options.allow, options.host])
    server.run(sockets=[listener])
    return 0


def allow(names: list[str]) -> None:
    """Let these host names open a session, besides those of `.streamlit/config.toml`."""
    hosts = config.get_option("server.allowedHosts")
    config.set_option("server.allowedHosts", [*hosts, *names])


def listen(host: str, port: int | None) -> socket.socket | None:
    """Return a listening socket on the wished port, or on the first free one; None when it is taken."""
    candidates = [port] if port is not None else range(FIRST_PORT, FIRST_PORT + PORTS_TRIED)
    for candidate in candidates:
        listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, candidate))
        except OSError:
            listener.close()
            continue
        return listener
    return None


class Peers:
    """Notes the address at the other end of the line before anything may rewrite it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on with the note."""
        client = scope.get("client")
        await self.app({**scope, access.PEER: client[0] if client else None}, receive, send)


class AnnouncingServer(uvicorn.Server):
    """A server that freezes what start-up allocated, then says where it answers."""

    def __init__(self, settings: uvicorn.Config, *, address: str, opens_browser: bool) -> None:
        super().__init__(settings)
        self.address = address
        self.opens_browser = opens_browser

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start answering; Streamlit collects garbage on every rerun, so start-up's objects are set aside."""
        await super().startup(sockets)
        gc.collect()
        gc.freeze()
        sys.stdout.write(f"Pulso Exportador: {self.address}\n")
        sys.stdout.flush()
        if self.opens_browser:
            webbrowser.open(self.address)


if __name__ == "__main__":
    sys.exit(main())
