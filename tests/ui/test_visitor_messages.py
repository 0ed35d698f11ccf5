"""What a visitor's browser may ask of the app: nothing that touches other visitors or tells of the server."""

import anyio
import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from ui.serving.app import VisitorMessages, middleware

HARMLESS = [BackMsg(stop_script=True), BackMsg(rerun_script={"query_string": "region=08"}), BackMsg(app_heartbeat=True)]
DEVELOPERS = [BackMsg(clear_cache=True), BackMsg(load_git_info=True), BackMsg(set_run_on_save=True)]


def arriving(kind: str, messages: list[bytes]) -> list[bytes]:
    """Return what reaches Streamlit of these messages."""
    waiting = [{"type": "websocket.connect"}, *({"type": "websocket.receive", "bytes": one} for one in messages)]
    waiting.append({"type": "websocket.disconnect"})
    reached: list[bytes] = []

    async def receive():
        return waiting.pop(0)

    async def streamlit(scope, receive, send) -> None:
        while (message := await receive())["type"] != "websocket.disconnect":
            reached.extend([message["bytes"]] if "bytes" in message else [])

    anyio.run(VisitorMessages(streamlit), {"type": kind}, receive, None)
    return reached


def test_what_a_page_needs_passes_in_its_order() -> None:
    packed = [one.SerializeToString() for one in HARMLESS]
    assert arriving("websocket", packed) == packed


@pytest.mark.parametrize("message", DEVELOPERS, ids=lambda message: message.WhichOneof("type"))
def test_a_visitor_cannot_clear_the_caches_of_all_nor_use_a_developers_tool(message: BackMsg) -> None:
    heartbeat = HARMLESS[2].SerializeToString()
    assert arriving("websocket", [message.SerializeToString(), heartbeat]) == [heartbeat]


def test_what_is_no_message_is_left_for_streamlit_to_refuse() -> None:
    assert arriving("websocket", [b"\xff\xff", b""]) == [b"\xff\xff", b""]


def test_the_app_is_served_behind_it() -> None:
    assert VisitorMessages in [one.cls for one in middleware()]
