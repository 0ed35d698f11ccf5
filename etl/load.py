"""From raw files to the edition on screen: stage, plan, build aside, publish. Whole or not at all."""

import contextlib
import errno
import json
import shutil
import tomllib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import duckdb

from editions import store
from editions.errors import FilesError, PublishError, SourceError
from editions.folders import Workspace
from editions.store import write_whole
from etl import personal
from etl.build import build
from etl.changes import render
from etl.demo.generate import generate
from etl.gates.hold import hold
from etl.plan import Plan, code_version
from etl.progress import Progress
from etl.raw import registers
from etl.raw.firm_key import MARK_LENGTH
from etl.raw.report import Passport, Staged
from etl.raw.stage import FACTS, stage
from etl.template import template

FULL = ("No space left", "Disk quota exceeded", "File too large")  # what DuckDB says when it cannot write


@dataclass(frozen=True)
class Loaded:
    """What a load did: the edition now on screen, the files staged, and whether anything changed."""

    edition_id: str
    staged: tuple[Staged, ...]
    is_new: bool
    pruned: tuple[str, ...] = ()


def load(
    paths: Sequence[Path],
    workspace: Workspace,
    *,
    extract: str | None = None,
    accept: str | None = None,
    progress: Progress,
) -> Loaded:
    """Add these raw files to the edition on screen, or replace the months they cover, and publish.

    `accept` is the reason to publish even if a gate fails; it is kept in the edition.
    A demo edition is never a base: the first real file starts a real edition. Raises EtlError with one sentence;
    the edition on screen then stays.
    """
    with store.build_lock(workspace), plain_disk_errors():
        personal.take_in(workspace)
        staged = _staged(paths, workspace, extract, progress)
        if not staged:
            raise SourceError(
                "Ninguno de los archivos trae registros de exportación; cargue el archivo principal del mes."
            )
        base = None if staged[0].is_demo else base_edition(workspace)
        before = staged_of(base, workspace, progress)
        if base is None:
            base, before = _beside_demo(staged, workspace, progress)
        inputs = _merge(before, staged)
        plan = Plan(inputs, base, before)
        return _publish(plan, workspace, tuple(staged), action="load", accept=accept, progress=progress)


def _staged(paths: Sequence[Path], workspace: Workspace, extract: str | None, progress: Progress) -> list[Staged]:
    """Return what all files hold. Raises the error of the one that cannot be used, or FilesError with those of all."""
    staged: list[Staged] = []
    errors: list[SourceError] = []
    for path in paths:
        try:
            staged += stage(path, workspace, extract=extract, progress=progress)
        except SourceError as error:
            errors.append(error)
    if errors:
        raise errors[0] if len(paths) == 1 else FilesError(errors, len(paths))
    return staged


def rebuild(workspace: Workspace, *, accept: str | None = None, progress: Progress) -> Loaded:
    """Build the edition on screen again from its raw files, with the SQL and reference tables of today.

    `accept` is the reason to publish even if a gate fails; it is kept in the edition.
    """
    with store.build_lock(workspace), plain_disk_errors():
        personal.take_in(workspace)
        current = store.current_id(workspace)
        if current is None:
            raise store.none_on_screen(workspace)
        base = store.edition_path(workspace, current)
        inputs = staged_of(base, workspace, progress)
        return _publish(Plan(inputs, base), workspace, inputs, action="build", accept=accept, progress=progress)


def build_demo(workspace: Workspace, *, progress: Progress) -> Loaded:
    """Generate the demo's raw files, load them as any other and publish the demo edition.

    Where real editions stand on disk and the pointer is lost, they are what was on screen: nothing is published over.
    """
    with store.build_lock(workspace), plain_disk_errors():
        if store.to_restore(workspace) is not None:
            raise store.none_on_screen(workspace)
        folder = workspace.build / "demo"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        try:
            raw_files = generate(folder, progress=progress)
            staged = [one for path in raw_files for one in stage(path, workspace, progress=progress)]
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        kept = _merge(_beside_demo(staged, workspace, progress)[1], staged)
        return _publish(Plan(kept), workspace, tuple(staged), action="demo", progress=progress)


def roll_back(workspace: Workspace, edition_id: str | None = None) -> str:
    """Put the edition that was on screen before, or the one named, on screen again and return its id."""
    with store.build_lock(workspace):
        chosen = edition_id or store.previous_id(workspace)
        store.publish(workspace, chosen, action="rollback")
        render.write_feed(workspace)
    return chosen


def demo_is_due(workspace: Workspace) -> bool:
    """Return whether to build the demo: nothing was ever published, or a demo is on screen that other code built."""
    current = store.current_id(workspace)
    if current is None:
        return store.to_restore(workspace) is None
    path = store.edition_path(workspace, current)
    if not current.startswith("demo-") or not path.exists():
        return False
    with store.reading(path) as edition:
        built_by = edition.execute("SELECT code_version FROM meta_build").fetchall()
    return built_by != [(code_version(),)]


@contextlib.contextmanager
def plain_disk_errors() -> Iterator[None]:
    """Turn a full disk or a forbidden folder into one sentence."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise PublishError(
                f"El disco está lleno ({error.filename or 'carpeta de datos'}); libere espacio y repita. "
                "La edición en pantalla no cambió."
            ) from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise PublishError(
                f"No se puede escribir en {error.filename or 'la carpeta de datos'}; dé permiso o indique otra "
                "carpeta con PULSO_DATA. La edición en pantalla no cambió."
            ) from error
        raise
    except duckdb.Error as error:
        if any(words in str(error) for words in FULL):
            raise PublishError(
                "El disco está lleno; libere espacio y repita. La edición en pantalla no cambió."
            ) from error
        if not store.is_damage(error):
            raise
        raise PublishError(
            "No se pudo leer o escribir un archivo de datos: está dañado, o falla el disco. La edición en pantalla no "
            "cambió; revise el disco y repita, o vuelva a otra edición con «pulso rollback»."
        ) from error


def _publish(
    plan: Plan,
    workspace: Workspace,
    staged: tuple[Staged, ...],
    *,
    action: str,
    accept: str | None = None,
    progress: Progress,
) -> Loaded:
    _refuse_two_secrets(plan)
    edition_id = plan.edition_id
    if store.current_id(workspace) == edition_id:
        render.write_feed(workspace)  # in case the publication was killed before it
        return Loaded(edition_id, staged, is_new=False)
    built = summary = None
    if not store.edition_path(workspace, edition_id).exists():  # one that exists has stood the gates
        built = workspace.build / f"{edition_id}.duckdb"
        build(plan, built, template=template(workspace), progress=progress)
        hold(built, plan.base_edition, accept=accept)
        summary = render.write_reports(workspace, edition_id, built, plan.base_edition)
    store.publish(workspace, edition_id, action=action, build_path=built, summary=summary)
    render.write_feed(workspace)
    if plan.kind != "demo":
        record(workspace.root / "snapshots.toml", [one.passport for one in staged])
    pruned = tuple(store.prune(workspace))
    erase_unused_registers(workspace)
    return Loaded(edition_id, staged, is_new=True, pruned=pruned)


def _refuse_two_secrets(plan: Plan) -> None:
    if len({staged.key_mark[:MARK_LENGTH] for staged in plan.inputs if staged.key_mark}) > 1:
        raise SourceError(
            "El registro está guardado en parte con otra clave, y una empresa tendría dos identidades. Reponga la "
            "clave anterior o cargue, todos juntos, los registros originales (docs/REGISTER.md)."
        )


def erase_unused_registers(workspace: Workspace) -> None:
    """Erase the registers that no edition on disk was built from: nobody needs them any more."""
    used: set[str] = set()
    for edition_id in store.edition_ids(workspace):
        try:
            used |= personal.registers_of(store.edition_path(workspace, edition_id))
        except PublishError:  # damaged: nobody knows what it holds, so everything stays
            return
    for record in list(registers.all_of(workspace)):
        if record.sha256 not in used:
            registers.erase(record, workspace)
            registers.note(workspace, "erase", rows=sum(one.parsed.rows for one in record.members))
    registers.erase_strays(workspace)


def base_edition(workspace: Workspace) -> Path | None:
    """Return the real edition to add to: the one on screen, or the last real one behind a demo."""
    current = store.current_id(workspace)
    for edition_id in ([current] if current else []) + store.edition_ids(workspace):
        path = store.edition_path(workspace, edition_id)
        if not edition_id.startswith(("demo-", "public-")) and path.exists():
            return path
    return None


def _beside_demo(
    added: Sequence[Staged], workspace: Workspace, progress: Progress
) -> tuple[Path | None, tuple[Staged, ...]]:
    """Return what of a demo on screen stays: all when only facts are added to it, else the facts loaded beside it."""
    current = store.current_id(workspace)
    path = store.edition_path(workspace, current) if current and current.startswith("demo-") else None
    if path is None or not path.exists():
        return None, ()
    if all(one.is_fact for one in added):
        return path, staged_of(path, workspace, progress)
    return None, staged_of(path, workspace, progress, sources=FACTS)


def staged_of(
    edition: Path | None,
    workspace: Workspace,
    progress: Progress,
    *,
    sources: Sequence[str] | None = None,
    without: Collection[str] = (),
) -> tuple[Staged, ...]:
    """Return the staged files an edition was built from (of these sources), parsed again where the parser changed.

    `without` are raw files to leave out.
    """
    if edition is None:
        return ()
    with store.reading(edition) as connection:
        render = connection.execute(
            "SELECT DISTINCT raw_file, extract FROM meta_source WHERE $any OR source_id IN (SELECT unnest($sources)) "
            "ORDER BY ALL",
            {"any": sources is None, "sources": list(sources or ())},
        ).fetchall()
    return tuple(
        one
        for raw_file, extract in render
        if raw_file not in without
        for one in stage(workspace.raw / raw_file, workspace, extract=extract, progress=progress)
    )


def _merge(before: Sequence[Staged], added: Sequence[Staged]) -> tuple[Staged, ...]:
    """Return `before` with the months of `added` replaced; two different files for one month are refused."""
    merged: dict[tuple[str, date | None], Staged] = {}
    for staged in added:
        for slot in staged.slots:
            other = merged.setdefault((staged.source_id, slot), staged)
            if other.passport.sha256 != staged.passport.sha256:
                what = f"{slot:%Y-%m}" if slot else staged.source_id
                raise SourceError(
                    f"{other.passport.name} y {staged.passport.name} traen los dos {what} con contenido "
                    "distinto; cargue sólo el vigente."
                )
    for staged in before:
        replaced = [slot for slot in staged.slots if (staged.source_id, slot) in merged]
        if replaced and len(replaced) < len(staged.slots):
            raise SourceError(
                f"El archivo nuevo cubre sólo una parte de los meses de {staged.passport.name}; cargue uno que los "
                "cubra todos."
            )
        if not replaced:
            merged.update({(staged.source_id, slot): staged for slot in staged.slots})
    unique = {staged.parquet: staged for staged in merged.values()}
    return tuple(sorted(unique.values(), key=lambda one: (one.source_id, one.span)))


# -- The list of raw files ever published from a data directory: `snapshots.toml`, one passport each.


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
