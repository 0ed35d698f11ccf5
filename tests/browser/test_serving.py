"""What the server adds to Streamlit, over real HTTP."""

import gzip
import http.client
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from streamlit import file_util

from tests.patience import PATIENCE
from ui.serving.serve import listen, main

SCRIPTS = Path(file_util.get_static_dir()) / "static" / "js"


def test_the_page_is_declared_as_chilean_spanish_with_our_title_and_print_style(address: str) -> None:
    page = requests.get(address, timeout=PATIENCE).text
    assert '<html lang="es-CL">' in page
    assert "<title>Resumen · Pulso Exportador</title>" in page
    assert '<style media="print">' in page


def test_every_address_gets_the_same_head_with_its_true_length(address: str) -> None:
    answer = requests.get(f"{address}/resumen?region=08", timeout=PATIENCE)
    assert '<html lang="es-CL">' in answer.text
    assert int(answer.headers["content-length"]) == len(answer.content)


def test_script_files_travel_compressed_and_arrive_whole(address: str) -> None:
    file = max(SCRIPTS.glob("*.js"), key=lambda path: path.stat().st_size)
    with requests.get(f"{address}/static/js/{file.name}", stream=True, timeout=PATIENCE) as answer:
        packed = answer.raw.read(decode_content=False)
    assert answer.headers["content-encoding"] == "gzip"
    assert len(packed) < file.stat().st_size / 2
    assert gzip.decompress(packed) == file.read_bytes()


def test_a_client_without_gzip_gets_plain_files(address: str) -> None:
    file = next(SCRIPTS.glob("*.js"))
    answer = requests.get(f"{address}/static/js/{file.name}", headers={"accept-encoding": "identity"}, timeout=PATIENCE)
    assert "content-encoding" not in answer.headers
    assert answer.content == file.read_bytes()


def test_the_server_is_made_without_a_warning() -> None:
    """What caches is imported when the app starts, not before: each cache would complain that there is no runtime."""
    made = subprocess.run([sys.executable, "-c", "import app"], capture_output=True, text=True, check=True)
    assert (made.stdout, made.stderr) == ("", "")


@pytest.mark.parametrize(
    "path", ["/static/../../config.py", "/static/%2e%2e/%2e%2e/config.js", "/static/js/../../../config.js"]
)
def test_nothing_outside_the_assets_is_served(address: str, path: str) -> None:
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE)
    connection.request("GET", path, headers={"accept-encoding": "gzip"})
    answer = connection.getresponse()
    assert answer.status >= 400 or b"<!DOCTYPE html>" in answer.read()
    connection.close()


def test_a_foreign_host_name_gets_no_session(address: str) -> None:
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE)
    handshake = {
        "Host": "evil.example",
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    connection.request("GET", "/_stcore/stream", headers=handshake)
    assert connection.getresponse().status == 403
    connection.close()


def test_a_taken_port_is_told_with_the_way_out(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert listen("127.0.0.1", port) is None
        assert main(["--no-browser", "--port", str(port)]) == 1
    assert f"El puerto {port} está ocupado" in capsys.readouterr().err
