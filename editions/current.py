"""Where the editions lie and which one is on screen. No Streamlit here: the terminal asks too."""

import os
from pathlib import Path

from editions import edition as editions
from editions.folders import REPOSITORY


def folder() -> Path:
    """Return the data directory in force: `PULSO_DATA`, else `data/` of the repository."""
    return Path(os.environ.get("PULSO_DATA") or REPOSITORY / "data").resolve()


def current_id() -> str | None:
    """Return the id of the edition on screen; asked on every interaction, so a new one needs no restart."""
    return editions.current_edition_id(folder())


def edition_ids() -> list[str]:
    """Return the ids of the editions on disk, newest first."""
    return editions.edition_ids(folder())
