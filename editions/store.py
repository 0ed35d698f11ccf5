"""Editions on disk: the `CURRENT` pointer, the history behind `rollback`, pruning, and the lock of a build."""

import contextlib
import fcntl
import json
import os
import re
import shutil
import tempfile
import time
from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from logging import getLogger
from pathlib import Path

import duckdb

from editions.errors import PublishError
from editions.folders import Workspace

LOG = getLogger(__name__)
KEEP = 5
EDITION_ID = re.compile("[a-z0-9-]+")
PRIVATE, PUBLIC = "private-", "public-"
DAMAGE = (duckdb.IOException, duckdb.FatalException, duckdb.InternalException, duckdb.SerializationException)


def edition_path(workspace: Workspace, edition_id: str) -> Path:
    """Return where the edition's file lies, whether or not it exists. An id that is no id is refused."""
    if not EDITION_ID.fullmatch(edition_id):
        raise PublishError(f"«{edition_id}» no es un identificador de edición; vea «pulso editions».")
    return workspace.editions / f"{edition_id}.duckdb"


def report_paths(workspace: Workspace, edition_id: str) -> tuple[Path, Path]:
    """Return where the edition's report of changes lies: for people (Markdown) and for machines (JSON)."""
    path = edition_path(workspace, edition_id)
    return path.with_suffix(".changes.md"), path.with_suffix(".changes.json")


def current_id(workspace: Workspace) -> str | None:
    """Return the id of the edition on screen; None when nothing was published or the pointer is lost or no text."""
    return _pointed(workspace, "CURRENT")


def _pointed(workspace: Workspace, pointer: str) -> str | None:
    try:
        text = (workspace.editions / pointer).read_text(encoding="ascii").strip()
    except (FileNotFoundError, UnicodeDecodeError):
        return None
    return text if EDITION_ID.fullmatch(text) else None


def to_restore(workspace: Workspace) -> str | None:
    """Return the edition to put on screen again where `CURRENT` is lost and real editions stand on disk: the last."""
    if current_id(workspace) is not None:
        return None
    return next(
        (edition_id for edition_id in edition_ids(workspace) if not edition_id.startswith(("demo-", "public-"))), None
    )


def none_on_screen(workspace: Workspace) -> PublishError:
    """Return the error for a data directory without an edition on screen: what to do next."""
    waiting = to_restore(workspace)
    if waiting is None:
        return PublishError(
            "No hay edición en pantalla; cargue archivos con «pulso load» o cree la de demostración con «pulso demo»."
        )
    return PublishError(
        f"El archivo CURRENT, que dice qué edición va en pantalla, se perdió o está dañado, y hay ediciones en disco; "
        f"ponga la última publicada con «pulso rollback {waiting}»."
    )


@contextlib.contextmanager
def reading(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open an edition to read. Raises PublishError, naming it, where its file is damaged."""
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            yield connection
    except duckdb.Error as error:
        if not is_damage(error):
            raise
        raise PublishError(
            f"La edición {path.stem} no se puede leer: su archivo está dañado. Vuelva a otra con «pulso "
            "rollback» o, si no hay, quite ese archivo y cargue de nuevo los originales; los públicos siguen en la "
            "carpeta raw."
        ) from error


def is_damage(error: duckdb.Error) -> bool:
    """Tell whether DuckDB could not read its own file, as against a query it does not understand."""
    return type(error) is duckdb.Error or isinstance(error, DAMAGE)


def public_id(workspace: Workspace) -> str | None:
    """Return the id of the edition that everybody sees (`CURRENT.public`), or None when none was ever published."""
    return _pointed(workspace, "CURRENT.public")


def edition_ids(workspace: Workspace) -> list[str]:
    """Return the editions on disk, the one published last first."""
    history_ids = [entry["edition_id"] for entry in reversed(history(workspace))]
    on_disk = {path.stem for path in workspace.editions.glob("*.duckdb") if EDITION_ID.fullmatch(path.stem)}
    on_disk_in_order = [edition_id for edition_id in dict.fromkeys(history_ids) if edition_id in on_disk]
    rest = sorted(
        on_disk - set(on_disk_in_order), key=lambda stem: edition_path(workspace, stem).stat().st_mtime, reverse=True
    )
    return on_disk_in_order + rest


def history(workspace: Workspace) -> list[dict[str, str]]:
    """Return what was published when, oldest first; a line that was cut or overwritten is passed over."""
    log = workspace.editions / "history.jsonl"
    if not log.exists():
        return []
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    entries = [entry for line in lines if (entry := _entry(line)) is not None]
    n_damaged = sum(bool(line.strip("\0 ")) for line in lines) - len(entries)
    if n_damaged:
        LOG.warning("history.jsonl: %s líneas dañadas; se pasan por alto, las ediciones no cambian.", n_damaged)
    return entries


def _entry(line: str) -> dict[str, str] | None:
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    whole = isinstance(entry, dict) and {"edition_id", "action", "published_at"} <= entry.keys()
    return entry if whole and EDITION_ID.fullmatch(str(entry["edition_id"])) else None


def publish(
    workspace: Workspace, edition_id: str, *, action: str, build_path: Path | None = None, summary: str | None = None
) -> None:
    """Put `build_path` in place (when given) and point `CURRENT` at the edition; whole or not at all.

    `CURRENT.public` goes along with an edition that has nothing to hide. A rollback is the office's own, and takes the
    public along only where both saw the same; a demonstration takes no real edition from it.

    `summary`, what it changes in one paragraph, is kept in the history.
    """
    target = edition_path(workspace, edition_id)
    if edition_id.startswith(PUBLIC):
        raise PublishError(
            f"«{edition_id}» es la edición que ve el público, hecha de una privada; la oficina no trabaja sobre ella. "
            "Elija una privada u oficial de «pulso editions»."
        )
    if edition_id.startswith(PRIVATE):
        keep_private(workspace.editions, *report_paths(workspace, edition_id), *filter(None, (build_path,)))
    if build_path is not None:
        put(workspace, edition_id, build_path)
    if not target.exists():
        raise PublishError(f"No existe la edición {edition_id}; vea las que hay con «pulso editions».")
    entry = {
        "edition_id": edition_id,
        "action": action,
        "published_at": datetime.now(UTC).isoformat(timespec="seconds"),
    } | ({"summary": summary} if summary else {})
    with (workspace.editions / "history.jsonl").open("a+b") as log:
        log.seek(max(log.seek(0, os.SEEK_END) - 1, 0))
        cut = log.read(1) not in (b"\n", b"")  # a line that a killed run left without its end
        log.write((b"\n" if cut else b"") + json.dumps(entry, ensure_ascii=False).encode() + b"\n")
    if _is_for_public(workspace, edition_id, action):
        publish_publicly(workspace, edition_id)
    write_whole(workspace.editions / "CURRENT", edition_id + "\n")


def _is_for_public(workspace: Workspace, edition_id: str, action: str) -> bool:
    public = public_id(workspace)
    is_lost = public is None or not edition_path(workspace, public).exists()
    if edition_id.startswith(PRIVATE):
        return False
    if action == "rollback":
        return is_lost or public == current_id(workspace)
    return is_lost or not edition_id.startswith("demo-") or str(public).startswith("demo-")


def put(workspace: Workspace, edition_id: str, build_path: Path) -> None:
    """Put a built edition beside the others; nothing points at it yet."""
    _sync(build_path)
    build_path.replace(edition_path(workspace, edition_id))


def publish_publicly(workspace: Workspace, edition_id: str) -> None:
    """Point `CURRENT.public` at an edition that has nothing to hide. The office's own pointer stays."""
    write_whole(workspace.editions / "CURRENT.public", edition_id + "\n")


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
    stay = {current_id(workspace), public_id(workspace), *edition_ids(workspace)[:keep]}
    surplus = [edition_id for edition_id in edition_ids(workspace) if edition_id not in stay]
    for edition_id in surplus:
        edition_path(workspace, edition_id).unlink(missing_ok=True)
    for report in workspace.editions.glob("*.changes.*"):
        if not (workspace.editions / f"{report.name.split('.')[0]}.duckdb").exists():
            report.unlink(missing_ok=True)
    return surplus


def erase(workspace: Workspace, edition_id: str) -> None:
    """Delete an edition, its report, and what the history says that it changed."""
    for path in (edition_path(workspace, edition_id), *report_paths(workspace, edition_id)):
        path.unlink(missing_ok=True)
    entries = history(workspace)
    for entry in entries:
        if entry["edition_id"] == edition_id:
            entry.pop("summary", None)
    lines = [json.dumps(entry, ensure_ascii=False) + "\n" for entry in entries]
    write_whole(workspace.editions / "history.jsonl", "".join(lines))


def take_off_screen(workspace: Workspace, removals: Collection[str]) -> None:
    """Put the last edition that is not among `removals` on screen; none when there is no other."""
    candidates = [
        edition_id
        for edition_id in edition_ids(workspace)
        if edition_id not in removals and not edition_id.startswith(PUBLIC)
    ]
    if candidates:
        publish(workspace, candidates[0], action="rollback")
    else:
        (workspace.editions / "CURRENT").unlink(missing_ok=True)


@contextlib.contextmanager
def build_lock(workspace: Workspace) -> Iterator[None]:
    """Hold the only right to build in this data directory; what a killed build left behind is cleared first."""
    try:
        for folder in (workspace.raw, workspace.staged, workspace.registers, workspace.build, workspace.editions):
            folder.mkdir(parents=True, exist_ok=True)
        keep_private(workspace.raw, workspace.staged, workspace.registers, workspace.build)
        if private := list(workspace.editions.glob(f"{PRIVATE}*")):
            keep_private(workspace.editions, *private)
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
        _clear_leftovers(workspace)
        yield


def _clear_leftovers(workspace: Workspace) -> None:
    """Delete what killed runs left: at once where only the holder of the lock writes, elsewhere after a day."""
    for leftover in workspace.build.glob("*"):
        if leftover.is_file():
            leftover.unlink()
        else:  # what a database spilled may be of a register
            shutil.rmtree(leftover, ignore_errors=True)
    leftovers = [
        *workspace.root.glob(".*-*"),
        *workspace.staged.glob("*.part"),
        *workspace.registers.glob("*.part"),
        *(workspace.raw / "passports").glob(".*-*"),
    ]
    yesterday = time.time() - 86400
    for leftover in [
        *workspace.editions.glob(".*-*"),
        *(path for path in leftovers if path.stat().st_mtime < yesterday),
    ]:
        if leftover.is_file():
            leftover.unlink(missing_ok=True)


def keep_private(*paths: Path) -> None:
    """Take what lies there from everybody but its owner; what is absent, or another's, is left."""
    for path in paths:
        with contextlib.suppress(FileNotFoundError, PermissionError):
            path.chmod(0o700 if path.is_dir() else 0o600)


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
