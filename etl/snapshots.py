"""The list of raw files ever published from a data directory: `snapshots.toml`, one passport each."""

import json
import tomllib
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from etl.editions import write_whole
from etl.raw.report import Passport


def record(path: Path, passports: Iterable[Passport]) -> None:
    """Add the passports that `path` does not list yet, told apart by sha256."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    known = {entry["sha256"] for entry in tomllib.loads(text).get("file", [])}
    for passport in passports:
        if passport.sha256 in known:
            continue
        known.add(passport.sha256)
        # A TOML basic string takes the same escapes as a JSON string.
        lines = [
            f"{name} = {json.dumps(value, ensure_ascii=False)}"
            for name, value in asdict(passport).items()
            if value is not None
        ]
        text += "\n[[file]]\n" + "\n".join(lines) + "\n"
    write_whole(path, text)
