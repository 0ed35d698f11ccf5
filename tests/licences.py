"""What is installed at run time and under which licences: `python -m tests.licences > docs/LICENCES.md`.

Packages and versions are those of requirements.lock, licences what each package's own metadata says, and compiled code
what docs/native-libraries.toml says of it.
"""

import re
import sys
import tomllib
from dataclasses import dataclass
from fnmatch import fnmatch
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
NATIVE = tomllib.loads((ROOT / "docs" / "native-libraries.toml").read_text(encoding="utf-8"))
COMPILED = re.compile(r"\.(so|dylib|dll|pyd|exe)(\.|$)")
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)
NAMES = {  # how metadata of before SPDX names a licence
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache License 2.0": "Apache-2.0",
    "License :: OSI Approved :: Apache Software License": "Apache-2.0",
    "License :: OSI Approved :: BSD License": "BSD-3-Clause",
    "License :: OSI Approved :: MIT License": "MIT",
    "License :: OSI Approved :: Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "License :: OSI Approved :: Python Software Foundation License": "PSF-2.0",
}
HEAD = """# Licences of what is installed at run time

Made by `python -m tests.licences > docs/LICENCES.md` from `requirements.lock`, the packages' own metadata and
`docs/native-libraries.toml`. The licences that are allowed are listed in `tests/test_supply_chain.py`: they ask to pass
on notices and, under MPL-2.0, changes of the package's own files.
"""
NATIVE_HEAD = """## Compiled code inside the wheels

As on Linux, x86-64; other systems bring the same under other file names. Everything else in a wheel is Python text.
"""


@dataclass(frozen=True)
class Package:
    """A locked package and the licence that it says it is under; None when it says none that is understood."""

    name: str
    version: str
    licence: str | None


def locked(lock: str = "requirements.lock") -> dict[str, str]:
    """Return the version of each package of a lock."""
    return dict(PINNED.findall((ROOT / lock).read_text(encoding="utf-8")))


def packages() -> list[Package]:
    """Return the run-time packages with their licences."""
    return [Package(name, version, licence_of(name)) for name, version in locked().items()]


def licence_of(name: str) -> str | None:
    """Return the licence that a package says, as an SPDX expression."""
    if name in NATIVE["elsewhere"]:
        return str(NATIVE["elsewhere"][name])
    facts = metadata.metadata(name)
    written = facts.get("License-Expression") or facts.get("License") or ""
    if re.fullmatch(r"[\w.-]+( (AND|OR) [\w.-]+)*", written):
        return written
    classified = (f for f in facts.get_all("Classifier") or [] if f.startswith("License ::"))
    return next((NAMES[text] for text in (written, *classified) if text in NAMES), None)


def unexplained() -> list[str]:
    """Return the compiled files of run-time packages that no row of docs/native-libraries.toml is about."""
    return [
        f"{name}: {file}"
        for name in locked()
        if name not in NATIVE["elsewhere"]
        for file in metadata.files(name) or []
        if COMPILED.search(file.name) and not any(_is_about(row, name, file.name) for row in NATIVE["library"])
    ]


def _is_about(row: dict[str, Any], name: str, file: str) -> bool:
    return row["package"] == name and any(fnmatch(file, pattern) for pattern in row["files"])


def page() -> str:
    """Return docs/LICENCES.md."""
    listed = [f"| {one.name} | {one.version} | {one.licence or '?'} |" for one in packages()]
    native = [
        f"| {row['package']} | {', '.join(f'`{name}`' for name in row['files'])} | {row['holds']} | {row['licence']} |"
        for row in NATIVE["library"]
    ]
    parts = (
        HEAD,
        *("| package | version | licence |", "|---|---|---|", *listed, ""),
        NATIVE_HEAD,
        *("| package | files | what they hold | licence |", "|---|---|---|---|", *native),
    )
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    sys.stdout.write(page())
