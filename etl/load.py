"""From raw files to the edition on screen: stage, plan, build aside, publish. Whole or not at all."""

import contextlib
import errno
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from etl import editions, snapshots
from etl.build import Plan, build, code_version
from etl.demo.generate import generate
from etl.errors import PublishError, SourceError
from etl.paths import Workspace
from etl.progress import Progress
from etl.raw.report import Staged
from etl.raw.stage import stage
from etl.template import template


@dataclass(frozen=True)
class Loaded:
    """What a load did: the edition now on screen, the files staged, and whether anything changed."""

    edition_id: str
    staged: tuple[Staged, ...]
    is_new: bool
    pruned: tuple[str, ...] = ()


def load(paths: Sequence[Path], workspace: Workspace, *, extract: str | None = None, progress: Progress) -> Loaded:
    """Add these raw files to the edition on screen, or replace the months they cover, and publish.

    A demo edition is never a base: the first real file starts a real edition. Raises EtlError with one sentence;
    the edition on screen then stays.
    """
    with editions.build_lock(workspace), plain_disk_errors():
        staged = [one for path in paths for one in stage(path, workspace, extract=extract, progress=progress)]
        if not staged:
            raise SourceError(
                "Ninguno de los archivos trae registros de exportación; cargue el archivo principal del mes."
            )
        base = None if staged[0].is_demo else _base_edition(workspace)
        inputs = _merge(_staged_of(base, workspace, progress), staged)
        return _publish(Plan(inputs, base), workspace, tuple(staged), action="load", progress=progress)


def rebuild(workspace: Workspace, *, progress: Progress) -> Loaded:
    """Build the edition on screen again from its raw files, with the SQL and reference tables of today."""
    with editions.build_lock(workspace), plain_disk_errors():
        current = editions.current_id(workspace)
        if current is None:
            raise PublishError("No hay edición que reconstruir; cargue archivos con «python -m etl load».")
        base = editions.edition_path(workspace, current)
        inputs = _staged_of(base, workspace, progress)
        return _publish(Plan(inputs, base), workspace, inputs, action="build", progress=progress)


def build_demo(workspace: Workspace, *, progress: Progress) -> Loaded:
    """Generate the demo's raw files, load them as any other and publish the demo edition."""
    with editions.build_lock(workspace), plain_disk_errors():
        folder = workspace.build / "demo"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        try:
            raw_files = generate(folder, progress=progress)
            staged = [one for path in raw_files for one in stage(path, workspace, progress=progress)]
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        return _publish(Plan(tuple(staged)), workspace, tuple(staged), action="demo", progress=progress)


def demo_is_due(workspace: Workspace) -> bool:
    """Return whether to build the demo: nothing was ever published, or a demo is on screen that other code built."""
    current = editions.current_id(workspace)
    if current is None:
        return True
    path = editions.edition_path(workspace, current)
    if not current.startswith("demo-") or not path.exists():
        return False
    with duckdb.connect(str(path), read_only=True) as edition:
        built_by = edition.execute("SELECT code_version FROM meta_build").fetchall()
    return built_by != [(code_version(),)]


@contextlib.contextmanager
def plain_disk_errors() -> Iterator[None]:
    """Turn a full disk or a forbidden folder into one sentence."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
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
    except duckdb.IOException as error:
        if "No space left" in str(error):
            raise PublishError(
                "El disco está lleno; libere espacio y repita. La edición en pantalla no cambió."
            ) from error
        raise


def _publish(
    plan: Plan, workspace: Workspace, staged: tuple[Staged, ...], *, action: str, progress: Progress
) -> Loaded:
    edition_id = plan.edition_id
    if editions.current_id(workspace) == edition_id:
        return Loaded(edition_id, staged, is_new=False)
    built = None
    if not editions.edition_path(workspace, edition_id).exists():
        built = workspace.build / f"{edition_id}.duckdb"
        build(plan, built, template=template(workspace), progress=progress)
    editions.publish(workspace, edition_id, action=action, built=built)
    if plan.kind != "demo":
        snapshots.record(workspace.root / "snapshots.toml", [one.passport for one in staged])
    return Loaded(edition_id, staged, is_new=True, pruned=tuple(editions.prune(workspace)))


def _base_edition(workspace: Workspace) -> Path | None:
    """Return the real edition to add to: the one on screen, or the last real one behind a demo."""
    current = editions.current_id(workspace)
    for edition_id in ([current] if current else []) + editions.edition_ids(workspace):
        path = editions.edition_path(workspace, edition_id)
        if not edition_id.startswith("demo-") and path.exists():
            return path
    return None


def _staged_of(edition: Path | None, workspace: Workspace, progress: Progress) -> tuple[Staged, ...]:
    """Return the staged files an edition was built from, parsed again where the parser has changed."""
    if edition is None:
        return ()
    with duckdb.connect(str(edition), read_only=True) as connection:
        sources = connection.execute("SELECT DISTINCT raw_file, extract FROM meta_source ORDER BY ALL").fetchall()
    return tuple(
        one
        for raw_file, extract in sources
        for one in stage(workspace.raw / raw_file, workspace, extract=extract, progress=progress)
    )


def _merge(before: Sequence[Staged], added: Sequence[Staged]) -> tuple[Staged, ...]:
    """Return `before` with the months of `added` replaced; two different files for one month are refused."""
    merged: dict[tuple[str, date], Staged] = {}
    for staged in added:
        for month in staged.months:
            other = merged.setdefault((staged.source_id, month), staged)
            if other.passport.sha256 != staged.passport.sha256:
                raise SourceError(
                    f"{other.passport.name} y {staged.passport.name} traen los dos {month:%Y-%m} con contenido "
                    "distinto; cargue sólo el vigente."
                )
    for staged in before:
        replaced = [month for month in staged.months if (staged.source_id, month) in merged]
        if replaced and len(replaced) < len(staged.months):
            raise SourceError(
                f"El archivo nuevo cubre sólo una parte de los meses de {staged.passport.name}; cargue uno que los "
                "cubra todos."
            )
        if not replaced:
            merged.update({(staged.source_id, month): staged for month in staged.months})
    unique = {staged.parquet: staged for staged in merged.values()}
    return tuple(sorted(unique.values(), key=lambda one: (one.source_id, min(one.months))))
