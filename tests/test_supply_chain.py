"""What is installed is locked whole, each file held to its hash, and under licences that we know."""

import re
import sys
from importlib import metadata

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.licences import NATIVE, PINNED, ROOT, locked, packages, page, unexplained

LOCKS = ("requirements", "requirements-dev")
ALLOWED = frozenset(
    {
        "0BSD",
        "Apache-2.0",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "CC0-1.0",
        "MIT",
        "MIT-0",
        "MIT-CMU",
        "MPL-2.0",
        "PSF-2.0",
        "Zlib",
    }
)


def direct(name: str) -> dict[str, str]:
    """Return what a hand-kept list pins, with what it takes over from another."""
    text = (ROOT / f"{name}.txt").read_text(encoding="utf-8")
    others = re.findall(r"^-r (\S+)\.txt", text, re.MULTILINE)
    pins = {canonicalize_name(package): version for package, version in PINNED.findall(text)}
    return {package: pin for other in others for package, pin in direct(other).items()} | pins


@pytest.mark.parametrize("name", LOCKS)
def test_the_lock_has_every_package_of_the_hand_kept_list(name: str) -> None:
    lock = locked(f"{name}.lock")
    wrong = {package: lock.get(package) for package, version in direct(name).items() if lock.get(package) != version}
    assert wrong == {}, "run: ./lock"


def test_what_runs_and_what_tests_have_the_same_versions() -> None:
    whole = locked("requirements-dev.lock")
    assert {name: whole.get(name) for name in locked()} == locked()


@pytest.mark.parametrize("name", LOCKS)
def test_the_lock_has_what_its_packages_need_and_nothing_else(name: str) -> None:
    lock = locked(f"{name}.lock")
    needed, left = set[str](), [(package, frozenset[str]()) for package in direct(name)]
    while left:
        package, extras = left.pop()
        needed.add(package)
        for line in metadata.requires(package) or []:
            want = Requirement(line)
            applies = want.marker is None or any(want.marker.evaluate({"extra": extra}) for extra in (*extras, ""))
            if applies and canonicalize_name(want.name) not in needed:
                left.append((canonicalize_name(want.name), frozenset(want.extras)))
            if applies:
                assert lock[canonicalize_name(want.name)] in want.specifier, f"{package} wants {line}"
    assert set(lock) - needed - set(NATIVE["elsewhere"]) == set()


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_of_a_lock_is_held_to_hashes_and_to_no_host(name: str) -> None:
    text = (ROOT / f"{name}.lock").read_text(encoding="utf-8")
    entries = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]
    assert len(entries) == len(locked(f"{name}.lock"))
    assert [entry.split()[0] for entry in entries if not re.search(r"--hash=sha256:[0-9a-f]{64}\b", entry)] == []
    assert "://" not in text
    assert not re.search(r"^\s*-[^-]|^--", text, re.MULTILINE), "an option of pip stands in the lock"


def test_what_is_installed_here_is_what_is_locked() -> None:
    lock = locked("requirements-dev.lock")
    installed = {name: metadata.version(name) for name in lock if name not in NATIVE["elsewhere"]}
    assert installed == {name: version for name, version in lock.items() if name in installed}


def test_every_run_time_licence_is_one_that_we_allow() -> None:
    licences = {one.name: set(re.split(r" (?:AND|OR) ", one.licence or "?")) for one in packages()}
    assert {name: parts - ALLOWED for name, parts in licences.items() if parts - ALLOWED} == {}


@pytest.mark.skipif(sys.platform != "linux", reason="files are listed as on Linux")
def test_all_compiled_code_is_explained() -> None:
    assert unexplained() == []
    assert {row["package"] for row in NATIVE["library"]} <= set(locked())


def test_the_page_of_licences_is_current() -> None:
    written = (ROOT / "docs" / "LICENCES.md").read_text(encoding="utf-8")
    assert written == page(), "run: python -m tests.licences > docs/LICENCES.md"
