"""The first start: with no edition at all, the demonstration is built, once, while the reader sees how it goes.

This is the one place of the app that may call the ETL. `python -m ui.serving.first_start` does the same on a terminal.
"""

import logging
import re
import sys
import threading
import time

import streamlit as st

from editions import current
from editions.edition import is_public
from editions.errors import EtlError
from editions.folders import workspace
from editions.store import current_id, none_on_screen, to_restore
from editions.writing import write_utf8
from etl.load import build_demo, demo_is_due
from etl.progress import Bar, Progress
from words.language import t

TITLE = "Preparando los datos de demostración…"
FAILED = "No se pudo preparar la demostración; el detalle está en la consola del servidor. Intente otra vez."
LOST = (
    "Hay ediciones en disco, pero el archivo CURRENT, que dice cuál va en pantalla, se perdió o está dañado. Quien "
    "administra el tablero la repone con «pulso rollback {id}»; la demostración no se arma encima."
)
NOTHING_PUBLIC = "Todavía no hay una edición para el público."
READING = "Leyendo "  # what the ETL says of each file
POLL_SECONDS = 0.2
PATH = re.compile(r"(?<![\w/])/(?:[^\s/«»():;,]+/)+[^\s/«»():;,]*")  # where things lie is nothing for a visitor
LOG = logging.getLogger(__name__)


class Building(Progress):
    """A build of the demo edition in a thread of its own; readers look at how far it is."""

    def __init__(self) -> None:
        self.label = ""
        self.total = 0
        self.done = 0
        self.error: str | None = None
        self.thread = threading.Thread(target=self._run, name="first-start", daemon=True)
        self.thread.start()

    def start(self, total: int, label: str) -> None:
        """Note the piece of work that begins."""
        self.label, self.total, self.done = label, total, 0

    def advance(self, amount: int, rows: int = 0) -> None:  # noqa: ARG002  rows are for the terminal
        """Note what is finished."""
        self.done += amount

    def close(self) -> None:
        """Note that the piece of work is over."""
        self.done = self.total

    @property
    def fraction(self) -> float:
        """The part of the present piece of work that is done, 0 to 1."""
        return min(1.0, self.done / self.total) if self.total else 0.0

    def _run(self) -> None:
        try:
            build_demo(workspace(), progress=self)
        except EtlError as error:
            LOG.exception("the demonstration could not be built")
            self.error = PATH.sub(t("la carpeta de datos"), str(error))


@st.cache_resource(max_entries=1, show_spinner=False)
def _building(data_folder: str) -> Building:  # noqa: ARG001  one build per data directory and process
    return Building()


def ensure_edition() -> None:
    """Go on when there is an edition; else show the build of the demonstration and rerun when it is there."""
    if current.current_id() is not None:
        return
    waiting = to_restore(workspace())
    if is_public() and (waiting is not None or current_id(workspace()) is not None):  # the office's: nothing is built
        st.error(t(NOTHING_PUBLIC), icon=":material/error:")
        st.stop()
    if waiting is not None:
        st.error(t(LOST, id=waiting), icon=":material/error:")
        st.stop()
    building = _building(str(current.folder()))
    st.title(t(TITLE))
    st.markdown(
        t(
            "Todavía no hay una edición de datos en este equipo. Se generan registros sintéticos con el formato de "
            "Aduanas y se cargan como si fueran reales; toma menos de un minuto. Las cifras publicadas son reales."
        )
    )
    bar = st.progress(0.0, text=t(TITLE))
    while building.thread.is_alive():
        bar.progress(building.fraction, text=_said(building.label))
        time.sleep(POLL_SECONDS)
    if current.current_id() is not None:
        st.rerun()
    st.error(t(building.error or FAILED), icon=":material/error:")
    st.button(t("Reintentar"), on_click=_building.clear)
    st.stop()


def _said(label: str) -> str:
    """Return what the ETL says it is doing, which is Spanish, in the reader's language."""
    name = label.removeprefix(READING)
    return t("Leyendo {name}", name=name) if name != label else t(label or TITLE)


def main() -> int:
    """Build the demonstration on a terminal when none is there, or other code built it; return the exit code."""
    write_utf8()
    if not demo_is_due(workspace()):
        if to_restore(workspace()) is not None:
            sys.stderr.write(f"{t(NOTHING_PUBLIC) if is_public() else none_on_screen(workspace())}\n")
        return 0
    sys.stdout.write(f"{TITLE}\n")
    try:
        build_demo(workspace(), progress=Bar())
    except EtlError as error:
        sys.stderr.write(f"Error: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
