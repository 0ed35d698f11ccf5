"""One raw file as received → typed Parquet and a report, kept under the file's own hash; never half-made."""

import hashlib
import json
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from datetime import date
from logging import getLogger
from pathlib import Path

from editions.errors import SourceError
from editions.folders import Workspace
from editions.store import keep_private, write_whole
from etl.progress import Progress, quiet
from etl.raw import bcch, business_rounds, cells, dus, register, registers, salidas, sii
from etl.raw.archive import Member, members
from etl.raw.completeness import Completeness, judge, judge_by_rows, judge_extract, published_rows
from etl.raw.firm_key import secret, without_ruts
from etl.raw.parsed import Parsed, Task
from etl.raw.recognise import recognise
from etl.raw.record import Record, StoredMember, read_record, write_record
from etl.raw.report import Passport, Staged

log = getLogger(__name__)

PARSER_VERSION = "6"  # raise it when the same bytes would give other rows or another verdict
FACTS = (*sii.SOURCES, business_rounds.SOURCE, bcch.SOURCE)  # what is published or held, beside the exports
BOOK_IN_ARCHIVE = "libro de Excel dentro de un archivo comprimido; si trae datos, extráigalo y cárguelo por separado."
LARGEST_FILE = 2 << 30  # a month is some 110 MB of text; said before a byte is copied or hashed
OWN_RAW_NAME = re.compile(r"[0-9a-f]{16}-(.+)")


def stage(
    path: Path, workspace: Workspace, *, extract: str | None = None, progress: Progress | None = None
) -> list[Staged]:
    """Return what the file holds, one `Staged` per useful member; none when all is left aside.

    A file staged before is not parsed again. What is left aside is said in the log.
    Raises SourceError with one sentence; nothing published is touched.
    """
    for folder in (workspace.raw, workspace.staged, workspace.registers, workspace.build):
        folder.mkdir(parents=True, exist_ok=True)
        keep_private(folder)
    with (
        tempfile.TemporaryDirectory(prefix="raw-", dir=workspace.build) as name,
        ThreadPoolExecutor(1) as beside,
    ):
        scratch = Path(name)
        record = registers.kept_of(path, workspace)
        try:
            if record is None:
                raw = _received(path, workspace, scratch)
                hashing = beside.submit(_sha256, raw)
                record = _known(raw, hashing, workspace) or _parse(
                    path, raw, hashing, workspace, scratch, progress or quiet()
                )
        finally:
            cells.forget()
        sha256 = record.sha256 or hashing.result()
    for words in record.set_aside:
        log.warning("%s", words)
    staged = [_staged(record, one, sha256, workspace, extract) for one in record.members]
    for one in staged:
        _refuse_part_of_a_month(one)
    return staged


def _received(path: Path, workspace: Workspace, scratch: Path) -> Path:
    """Return where the file can be read, which is where it lies: a copy of a register would outlive a killed run."""
    try:
        size_bytes = path.stat().st_size
        if not path.is_file() and not path.is_dir():  # a device or a pipe may never end
            raise SourceError(f"{path.name}: no es un archivo; indique un archivo guardado en disco.")
        with path.open("rb"):
            pass
    except IsADirectoryError:
        raise SourceError(f"{path.name}: es una carpeta; indique los archivos que trae.") from None
    except PermissionError:
        raise SourceError(f"{path.name}: no hay permiso para leerlo; dé permiso de lectura y repita.") from None
    except OSError:
        raise SourceError(f"{path.name}: no existe; revise la ruta.") from None
    if size_bytes > LARGEST_FILE:
        raise SourceError(
            f"{path.name}: mide {size_bytes >> 20} MB, más que cualquier archivo de Aduanas o registro; no se lee; "
            f"divídalo por mes o por año."
        )
    if path.resolve().parent == workspace.raw.resolve():
        return path
    link = scratch / "received"
    link.symlink_to(path.resolve())
    return link


def _sha256(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _record_path(workspace: Workspace, sha256: str, size_bytes: int) -> Path:
    return workspace.staged / f"{sha256[:16]}-{size_bytes}-v{PARSER_VERSION}.json"


def _known(raw: Path, hashing: Future[str], workspace: Workspace) -> Record | None:
    """Return the record of a file staged before; the hash is only waited for when one of its size was."""
    size_bytes = raw.stat().st_size
    if registers.any_of_size(size_bytes, workspace):
        kept = registers.read(hashing.result(), workspace)
        if kept is not None and registers.has_secret_of_today(kept, workspace):  # else a firm would have two keys
            return kept
    if not any(workspace.staged.glob(f"*-{size_bytes}-v{PARSER_VERSION}.json")):
        return None
    record = read_record(_record_path(workspace, hashing.result(), size_bytes))
    return record if record is not None and (workspace.raw / record.raw_file).exists() else None


def _parse(
    path: Path, raw: Path, hashing: Future[str], workspace: Workspace, scratch: Path, progress: Progress
) -> Record:
    """Parse all useful members, then put their Parquet, a copy of the file and, last, the record in place.

    Of a register no copy is kept, and one that an earlier version left in raw is erased.
    """
    own = OWN_RAW_NAME.fullmatch(path.name) if raw == path else None
    name = own[1] if own else path.name
    stat = raw.stat()
    found, books = members(raw, name, scratch)
    stored, set_aside = _parse_members(found, workspace, scratch, progress)
    set_aside += tuple(f"{title}: {BOOK_IN_ARCHIVE}" for title in books)
    sha256 = hashing.result()
    is_register = any(one.source_id == register.SOURCE for one in stored)
    name = without_ruts(name) if is_register else name
    if (raw.stat().st_mtime_ns, raw.stat().st_size) != (stat.st_mtime_ns, stat.st_size):  # the hash may be of the later
        raise _changed(name)
    raw_file = f"{sha256[:16]}-{safe_name(name)}" if is_register or raw != path else path.name
    record = Record(name, date.fromtimestamp(stat.st_mtime).isoformat(), raw_file, stat.st_size, set_aside, stored)
    if is_register:
        return _keep_register(replace(record, sha256=sha256), raw, scratch, workspace)
    if raw != path:
        _copy(raw, name, sha256, workspace.raw / raw_file, scratch / "copy")
    record = replace(record, members=_put(stored, sha256, scratch, workspace.staged))
    write_record(_record_path(workspace, sha256, stat.st_size), record)
    return record


def _put(stored: Sequence[StoredMember], sha256: str, scratch: Path, folder: Path) -> tuple[StoredMember, ...]:
    """Put the Parquet of each member into the folder, under the hash of the file."""
    for one in stored:
        keep_private(scratch / one.parquet)
        (scratch / one.parquet).replace(folder / f"{sha256[:16]}-{one.parquet}")
    return tuple(replace(one, parquet=f"{sha256[:16]}-{one.parquet}") for one in stored)


def _keep_register(record: Record, raw: Path, scratch: Path, workspace: Workspace) -> Record:
    _refuse_change(raw, record.name, record.sha256)
    before = registers.read(record.sha256, workspace)
    if before is not None and before.revision:  # read again only because the secret is another one
        log.warning(
            "%s: de este registro se había quitado a una empresa, y con la clave nueva vuelve a estar; repita "
            "«pulso forget».",
            record.name,
        )
    members = _put(record.members, record.sha256, scratch, workspace.registers)
    record = registers.write(replace(record, members=members), workspace)
    if not raw.is_symlink():
        raw.unlink()
    return record


def _copy(raw: Path, name: str, sha256: str, target: Path, draft: Path) -> None:
    shutil.copyfile(raw, draft)
    shutil.copystat(raw, draft)
    _refuse_change(draft, name, sha256)
    draft.chmod(0o644)
    draft.replace(target)


def _refuse_change(path: Path, name: str, sha256: str) -> None:
    """Raise SourceError for a file that is no longer what was read."""
    if _sha256(path) != sha256:
        raise _changed(name)


def _changed(name: str) -> SourceError:
    return SourceError(f"{name}: el archivo cambió mientras se leía; repita cuando nadie lo esté guardando.")


def _parse_members(
    found: list[Member], workspace: Workspace, scratch: Path, progress: Progress
) -> tuple[tuple[StoredMember, ...], tuple[str, ...]]:
    stored: list[StoredMember] = []
    set_aside: list[str] = []
    for number, member in enumerate(found):
        kind = recognise(member.path, member.name)
        if kind.source_id is None:
            set_aside.append(f"{member.name}: {kind.set_aside}")
            continue
        parquet = f"{number}-v{PARSER_VERSION}.parquet"
        name = without_ruts(member.name) if kind.source_id == register.SOURCE else member.name
        task = Task(name, member.path, scratch / parquet, scratch, kind.is_demo, progress)
        progress.start(member.path.stat().st_size, f"Leyendo {name}")
        try:
            parsed = _parse_one(kind.source_id, task, workspace)
        finally:
            progress.close()
        stored.append(StoredMember(kind.source_id, kind.is_demo, parquet, parsed))
        _refuse_same_month_twice(stored, name)
    return tuple(stored), tuple(set_aside)


def _parse_one(source_id: str, task: Task, workspace: Workspace) -> Parsed:
    if source_id == dus.SOURCE:
        return dus.parse(task)
    if source_id == salidas.SOURCE:
        return salidas.parse(task)
    if source_id == bcch.SOURCE:
        return bcch.parse(task)
    if source_id in sii.SOURCES:
        return sii.parse(task)
    if source_id == business_rounds.SOURCE:
        return business_rounds.parse(task)
    return register.parse(task, secret(workspace.root, is_demo=task.is_demo))


def _refuse_same_month_twice(stored: list[StoredMember], name: str) -> None:
    *before, last = stored
    for other in before:
        shared = set(other.parsed.months) & set(last.parsed.months)
        if other.source_id == last.source_id and shared:
            raise SourceError(
                f"{name}: el archivo comprimido trae dos veces {min(shared):%Y-%m}; cargue sólo el vigente."
            )


def _staged(record: Record, member: StoredMember, sha256: str, workspace: Workspace, extract: str | None) -> Staged:
    parsed = member.parsed
    by_month = _completeness(member, extract)
    worst = min(by_month.values(), key=lambda one: one.is_complete, default=None)
    months = parsed.months
    span = (months[0], months[-1]) if months else (parsed.span.first, parsed.span.last) if parsed.span else None
    if span is None:
        raise SourceError(f"{record.name}: no trae ningún período; revise el archivo.")
    return Staged(
        source_id=member.source_id,
        months=months,
        parquet=(workspace.registers if record.sha256 else workspace.staged) / member.parquet,
        raw_file=record.raw_file,
        passport=Passport(
            member.source_id,
            record.name,
            address_of(workspace, sha256),
            record.retrieved_on,
            sha256,
            record.size_bytes,
            parsed.rows,
        ),
        rows_read=parsed.rows_read,
        repaired=parsed.repaired,
        rejected=parsed.rejected,
        counts=parsed.counts,
        set_aside=record.set_aside,
        extract=extract if months else None,
        is_demo=member.is_demo,
        completeness=worst,
        by_month=by_month,
        span=span,
        notes=parsed.notes,
        key_mark=parsed.key_mark and f"{parsed.key_mark}{record.revision}",
    )


def _completeness(member: StoredMember, extract: str | None) -> dict[date, Completeness]:
    measured = member.parsed.measured
    if measured is not None and extract is not None:
        return {measured.month: judge_extract(measured, extract)}
    if measured is not None:
        control = {} if member.is_demo else published_rows()
        return {measured.month: judge(measured, control)}
    if member.source_id == bcch.SOURCE:
        return dict.fromkeys(member.parsed.months, Completeness(True, "serie de referencia; se toma como viene."))
    rows: dict[date, int] = {}
    for count in member.parsed.counts:
        rows[count.month] = rows.get(count.month, 0) + count.items
    if not rows:
        return {}
    return judge_by_rows(rows, "un registro" if member.source_id == register.SOURCE else "un archivo de Salidas")


def _refuse_part_of_a_month(staged: Staged) -> None:
    if staged.completeness is None or staged.completeness.is_complete:
        return
    if staged.source_id == dus.SOURCE and staged.extract is None:
        raise SourceError(
            f"{staged.passport.name}: {staged.months[0]:%Y-%m} viene {staged.completeness.reason[:-1]}; vuelva a "
            f"descargarlo de datos.gob.cl o, si es una parte a propósito, cárguelo con --extract y la razón."
        )


def safe_name(name: str) -> str:
    """Return the name in plain ASCII, without anything a file system or a shell may mind."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9._-]+", "-", plain).strip("-.")[-100:] or "archivo"


# -- The passport of a fetched raw file: where it came from and what the server said of it, one JSON per
# delivery.


@dataclass(frozen=True)
class Delivery:
    """One file as one address delivered it. `resource_id` names what was asked for, whatever its content."""

    resource_id: str
    address: str
    name: str
    etag: str | None
    last_modified: str | None
    listed_size: int | None
    sha256: str
    size_bytes: int
    raw_file: str
    retrieved_at: str


def write_delivery(workspace: Workspace, delivery: Delivery) -> None:
    """Keep the passport, whole or not at all; the raw file must lie in place before."""
    folder = _folder(workspace)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{delivery.resource_id}.{delivery.sha256[:16]}.json"
    write_whole(path, json.dumps(asdict(delivery), ensure_ascii=False, indent=1) + "\n")


def latest_deliveries(workspace: Workspace) -> dict[str, Delivery]:
    """Return for each resource what it delivered last, when that raw file is still there."""
    latest: dict[str, Delivery] = {}
    for path in _folder(workspace).glob("*.json"):
        one = _read(path)
        before = latest.get(one.resource_id)
        if (before is None or one.retrieved_at > before.retrieved_at) and (workspace.raw / one.raw_file).exists():
            latest[one.resource_id] = one
    return latest


def address_of(workspace: Workspace, sha256: str) -> str | None:
    """Return the address a raw file was fetched from, or None when it was given by hand."""
    return next((_read(path).address for path in _folder(workspace).glob(f"*.{sha256[:16]}.json")), None)


def _folder(workspace: Workspace) -> Path:
    return workspace.raw / "passports"


def _read(path: Path) -> Delivery:
    return Delivery(**json.loads(path.read_text(encoding="utf-8")))
