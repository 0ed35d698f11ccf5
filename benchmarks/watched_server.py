"""Serves the app as `./run` does and notes what each run of a script cost, for `benchmarks.pages`.

`python -m benchmarks.watched_server NOTES [bare] --port 0`: one line of JSON in NOTES when a browser asks for a run and
one when the last message of the run is on its way. The product is not changed: Streamlit's sessions are listened to.
"""

import importlib
import json
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TextIO

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.app_session import AppSession

from ui.serving import serve


@dataclass
class Run:
    """What a browser waits for once it asked: milliseconds by the clock and of processor, bytes sent, each chart's."""

    ms: float = 0.0
    cpu_ms: float = 0.0
    sent: int = 0
    charts: dict[str, int] = field(default_factory=dict)


class Watch:
    """Listens to the sessions of this process. One browser at a time: processor time is that of all threads."""

    def __init__(self, notes: TextIO) -> None:
        self.notes = notes
        self.run: Run | None = None
        self.since = (0.0, 0.0)

    def asked(self) -> None:
        """A run was asked for; one that takes the place of a run not yet over goes on with it."""
        if self.run is None:
            self.run, self.since = Run(), (time.perf_counter(), time.process_time())
            self._note({"asked": True})

    def sent(self, message: ForwardMsg) -> None:
        """Something goes to the browser."""
        kind = message.WhichOneof("type")
        if self.run is None:
            return
        self.run.sent += message.ByteSize()
        if kind == "delta" and message.delta.new_element.WhichOneof("type") == "plotly_chart":
            chart = message.delta.new_element.plotly_chart
            self.run.charts[chart.id.rpartition("-chart_")[2]] = len(chart.spec.encode())
        if kind == "script_finished" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            self.run.ms = (time.perf_counter() - self.since[0]) * 1000
            self.run.cpu_ms = (time.process_time() - self.since[1]) * 1000
            self._note(asdict(self.run))
            self.run = None

    def _note(self, line: dict[str, Any]) -> None:
        self.notes.write(json.dumps(line) + "\n")
        self.notes.flush()


def listen(watch: Watch) -> None:
    """Tell `watch` of what sessions receive and send."""
    receive, send = AppSession.handle_backmsg, AppSession._enqueue_forward_msg

    def receiving(session: AppSession, message: Any) -> None:
        if message.WhichOneof("type") == "rerun_script":
            watch.asked()
        receive(session, message)

    def sending(session: AppSession, message: ForwardMsg) -> None:
        send(session, message)
        watch.sent(message)

    AppSession.handle_backmsg = receiving  # type: ignore[method-assign]
    AppSession._enqueue_forward_msg = sending  # type: ignore[method-assign]


def main() -> int:
    """Serve until interrupted."""
    notes, *options = sys.argv[1:]
    if options[0] == "bare":
        sys.modules["app"] = importlib.import_module("benchmarks.bare")
        options = options[1:]
    with Path(notes).open("w", encoding="utf-8") as lines:
        listen(Watch(lines))
        return serve.main(["--no-browser", *options])


if __name__ == "__main__":
    sys.exit(main())
