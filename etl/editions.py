"""Editions on disk: the `CURRENT` pointer, the history behind `rollback`, pruning, and the lock of a build."""

import contextlib
import fcntl
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from etl.errors import PublishError
from etl.paths import Workspace

KEEP = 5


def edition_path(workspace: Workspace, edition_id: str) -> Path:
    """Return where the edition's file lies, whether or not it exists. An id that is no id is refused."""
    if not re.fullmatch(r"[a-z0-9-]+", edition_id):
        raise PublishError(f"«{edition_id}» no es un identificador de edición; vea «python -m etl editions».")
    return workspace.editions / f"{edition_id}.duckdb"


def report_paths(workspace: Workspace, edition_id: str) -> tuple[Path, Path]:
    """Return where the edition's report of changes lies: for people (Markdown) and for machines (JSON)."""
    path = edition_path(workspace, edition_id)
    return path.with_suffix(".changes.md"), path.with_suffix(".changes.json")


def current_id(workspace: Workspace) -> str | None:
    """Return the id of the edition on screen, or None when nothing was ever published."""
    pointer = workspace.editions / "CURRENT"
    return pointer.read_text(encoding="utf-8").strip() or None if pointer.exists() else None


def edition_ids(workspace: Workspace) -> list[str]:
    """Return the editions on disk, the one published last first."""
    published = [entry["edition_id"] for entry in reversed(history(workspace))]
    on_disk = {path.stem for path in workspace.editions.glob("*.duckdb")}
    ordered = [edition_id for edition_id in dict.fromkeys(published) if edition_id in on_disk]
    return ordered + sorted(on_disk - set(ordered))


def history(workspace: Workspace) -> list[dict[str, str]]:
    """Return what was published when, oldest first."""
    log = workspace.editions / "history.jsonl"
    if not log.exists():
        return []
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines() if line.strip()]


def publish(
    workspace: Workspace, edition_id: str, *, action: str, built: Path | None = None, summary: str | None = None
) -> None:
    """Put `built` in place (when given) and point `CURRENT` at the edition; whole or not at all.

    `summary`, what it changes in one paragraph, is kept in the history.
    """
    target = edition_path(workspace, edition_id)
    if built is not None:
        _sync(built)
        built.replace(target)
    if not target.exists():
        raise PublishError(f"No existe la edición {edition_id}; vea las que hay con «python -m etl editions».")
    entry = {
        "edition_id": edition_id,
        "action": action,
        "published_at": datetime.now(UTC).isoformat(timespec="seconds"),
    } | ({"summary": summary} if summary else {})
    with (workspace.editions / "history.jsonl").open("a", encoding="utf-8") as log:
        log.write(json.dumps(entry, ensure_ascii=False) + "\n")
    write_whole(workspace.editions / "CURRENT", edition_id + "\n")


def previous_id(workspace: Workspace) -> str:
    """Return the edition that was on screen before the current one and is still on disk; after a rollback, one further
    back.
    """
    screens = _screens(workspace)
    current = current_id(workspace)
    if current in screens:
        screens = screens[: len(screens) - 1 - screens[::-1].index(current)]
    for candidate in reversed(screens):
        if candidate != current and edition_path(workspace, candidate).exists():
            return candidate
    raise PublishError("No hay una edición anterior a la cual volver.")


def _screens(workspace: Workspace) -> list[str]:
    """Return what was on screen, oldest first, without what was rolled back from."""
    screens: list[str] = []
    for entry in history(workspace):
        edition_id = entry["edition_id"]
        if entry["action"] == "rollback" and edition_id in screens:
            del screens[len(screens) - screens[::-1].index(edition_id) :]
        elif screens[-1:] != [edition_id]:
            screens.append(edition_id)
    return screens


def prune(workspace: Workspace, *, keep: int = KEEP) -> list[str]:
    """Delete all but the `keep` editions published last (the current one always stays); return those deleted.

    Reports of changes go with their edition, and so does one that a killed publication left without any.
    A reader that has a deleted file open goes on reading it.
    """
    stay = {current_id(workspace), *edition_ids(workspace)[:keep]}
    gone = [edition_id for edition_id in edition_ids(workspace) if edition_id not in stay]
    for edition_id in gone:
        edition_path(workspace, edition_id).unlink(missing_ok=True)
    for report in workspace.editions.glob("*.changes.*"):
        if not (workspace.editions / f"{report.name.split('.')[0]}.duckdb").exists():
            report.unlink(missing_ok=True)
    return gone


@contextlib.contextmanager
def build_lock(workspace: Workspace) -> Iterator[None]:
    """Hold the only right to build in this data directory; what a killed build left behind is cleared first."""
    try:
        for folder in (workspace.raw, workspace.staged, workspace.build, workspace.editions):
            folder.mkdir(parents=True, exist_ok=True)
        lock = (workspace.root / "build.lock").open("w")
    except OSError as error:
        raise PublishError(
            f"No se puede escribir en {workspace.root} ({error.strerror}); dé permiso de escritura o "
            "indique otra carpeta con PULSO_DATA."
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise PublishError(
                f"Otra carga está en curso en {workspace.root}; espere a que termine y repita."
            ) from error
        for leftover in workspace.build.glob("*"):
            if leftover.is_file():
                leftover.unlink()
            elif leftover.name.startswith("raw-"):  # may hold a copy of a register
                shutil.rmtree(leftover, ignore_errors=True)
        yield


def write_whole(path: Path, text: str) -> None:
    """Write a small file so that a reader sees the old text or the new one, never a part."""
    with tempfile.NamedTemporaryFile(
        "w", dir=path.parent, prefix=f".{path.name}-", delete=False, encoding="utf-8"
    ) as temporary:
        temporary.write(text)
        temporary.flush()
        os.fchmod(temporary.fileno(), 0o644)
        os.fsync(temporary.fileno())
    Path(temporary.name).replace(path)


def _sync(path: Path) -> None:
    with path.open("rb") as handle:
        os.fsync(handle.fileno())
