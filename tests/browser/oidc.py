"""A small provider of identities (OpenID Connect), for tests: whoever comes is logged in at once as `email`."""

import json
import secrets
import threading
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwk, jwt

CLIENT, SECRET = "pulso", "secreto de prueba"
ISSUED = "http://{}:{}"


class Provider(ThreadingHTTPServer):
    """Answers on a free port of this machine."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.key = jwk.RSAKey.generate_key(2048, parameters={"kid": "prueba"})
        self.claims: dict[str, Any] = {"email": "ana@oficina.example", "email_verified": True}
        self.codes: dict[str, str] = {}  # code → nonce

    @property
    def url(self) -> str:
        return ISSUED.format(*self.server_address[:2])


class Handler(BaseHTTPRequestHandler):
    server: Provider

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        if address.path == "/.well-known/openid-configuration":
            self.tell(
                {
                    "issuer": self.server.url,
                    "authorization_endpoint": f"{self.server.url}/authorize",
                    "token_endpoint": f"{self.server.url}/token",
                    "jwks_uri": f"{self.server.url}/keys",
                    "id_token_signing_alg_values_supported": ["RS256"],
                }
            )
        elif address.path == "/keys":
            self.tell({"keys": [self.server.key.as_dict(private=False)]})
        else:
            code = secrets.token_hex(8) + "-"  # a mark at the end, as codes may have
            self.server.codes[code] = query.get("nonce", "")
            self.send_response(302)
            self.send_header(
                "Location", f"{query['redirect_uri']}?{urlencode({'state': query['state'], 'code': code})}"
            )
            self.end_headers()

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        own = "Basic " + b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        code = form.get("code", [""])[0]
        if self.headers.get("Authorization") != own or code not in self.server.codes:
            self.send_error(401)
            return
        now = int(time.time())
        claims = self.server.claims | {
            "iss": self.server.url, "aud": CLIENT, "sub": "1", "iat": now, "exp": now + 600,
            "nonce": self.server.codes.pop(code),
        }  # fmt: skip
        token = jwt.encode({"alg": "RS256", "kid": "prueba"}, claims, self.server.key)
        self.tell({"access_token": "x", "token_type": "Bearer", "expires_in": 600, "id_token": token})

    def tell(self, content: dict[str, Any]) -> None:
        body = json.dumps(content).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def provider() -> Iterator[Provider]:
    with Provider() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()
