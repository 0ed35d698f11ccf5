"""Downloads in threads while the months that have arrived are parsed; a bad month stops no other."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from logging import getLogger
from pathlib import Path
from queue import SimpleQueue

from etl.errors import EtlError
from etl.paths import Workspace
from etl.progress import Progress
from etl.raw.stage import stage
from etl.sync.download import Fetched, fetch
from etl.sync.held import CUSTOMS, Held
from etl.sync.plan import Item
from etl.sync.web import Web

log = getLogger(__name__)


@dataclass(frozen=True)
class Arrival:
    """A file at hand: where it lies, the customs months in it, and whether the edition still lacks it."""

    item: Item
    path: Path
    retrieved_at: str
    months: tuple[date, ...]
    is_new: bool


@dataclass
class Gathered:
    """What came of the plan: the months now at hand, the files to load, and why some are not among them."""

    arrivals: list[Arrival] = field(default_factory=list)
    months: dict[date, Arrival] = field(default_factory=dict)
    to_load: list[Path] = field(default_factory=list)
    downloaded: int = 0
    downloaded_bytes: int = 0
    unchanged: int = 0
    notes: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    failed_months: set[date] = field(default_factory=set)

    def refuse(self, item: Item, reason: str) -> None:
        """Note that a file is left out, and why."""
        log.warning("%s: %s", item.label, reason, extra={"event": "refused", "item": item.label})
        self.failed[item.label] = reason
        if item.month:
            self.failed_months.add(item.month)

    def settle(self) -> "Gathered":
        """Give each month to the file that holds it; of two, to the one whose name says so, else the last."""
        newest_first = sorted(self.arrivals, key=lambda one: one.retrieved_at, reverse=True)
        for arrival in sorted(newest_first, key=lambda one: one.item.month not in one.months):
            taken = [month for month in arrival.months if month in self.months]
            if taken:
                rival = self.months[taken[0]].item.wanted.name
                said = f"{arrival.item.wanted.name} trae {taken[0]:%Y-%m}, igual que {rival}."
                if arrival.item.month:
                    self.refuse(arrival.item, said)
                else:
                    self.notes.append(f"Se deja de lado: {said}")
                continue
            if arrival.item.month and arrival.months and arrival.item.month not in arrival.months:
                self.notes.append(f"{arrival.item.label}: el archivo trae {arrival.months[0]:%Y-%m}, y así se carga.")
            self.months |= dict.fromkeys(arrival.months, arrival)
            if arrival.is_new:
                self.to_load.append(arrival.path)
        return self


@dataclass(frozen=True)
class Screen:
    """The bars of a synchronisation: one for all files, one for the file being parsed, one a download."""

    overall: Progress
    parsing: Progress
    downloads: tuple[Progress, ...]


def gather(web: Web, items: tuple[Item, ...], have: Held, workspace: Workspace, screen: Screen) -> Gathered:
    """Bring every file, parse each as soon as it is there, and return what came of it. One bad file is only noted."""
    gathered = Gathered()
    free: SimpleQueue[Progress] = SimpleQueue()
    for progress in screen.downloads:
        free.put(progress)

    def bring(item: Item) -> Fetched:
        progress = free.get()
        try:
            return fetch(web, item.wanted, workspace, progress)
        finally:
            free.put(progress)

    screen.overall.start(len(items), "Archivos")
    try:
        with _threads(web) as pool:
            waiting = {pool.submit(bring, item): item for item in items}
            for future in as_completed(waiting):
                _take(gathered, waiting[future], future.result, have, workspace, screen.parsing)
                screen.overall.advance(1)
    finally:
        screen.overall.close()
    return gathered.settle()


def take_raw(items: tuple[Item, ...], have: Held, workspace: Workspace, progress: Progress) -> Gathered:
    """Return what came of files fetched before, without a network."""
    gathered = Gathered()
    for item in items:
        known = item.wanted.known
        if known is not None:
            _take(gathered, item, partial(Fetched, known, is_new=False), have, workspace, progress)
    return gathered.settle()


@contextmanager
def _threads(web: Web) -> Iterator[ThreadPoolExecutor]:
    """Give threads to download in; an error or Ctrl-C stops transfers at once, what has arrived is kept."""
    pool = ThreadPoolExecutor(web.settings.downloads_at_once, thread_name_prefix="descarga")
    try:
        yield pool
    except BaseException:
        web.stopped.set()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _take(
    gathered: Gathered, item: Item, result: Callable[[], Fetched], have: Held, workspace: Workspace, progress: Progress
) -> None:
    """Note one arrival, and parse it unless the edition holds it."""
    try:
        fetched = result()
        _count(gathered, item, fetched)
        path, came = workspace.raw / fetched.delivery.raw_file, fetched.delivery
        if came.sha256 in have.months_of:
            held_months = have.months_of[came.sha256]
            gathered.arrivals.append(Arrival(item, path, came.retrieved_at, held_months, is_new=False))
            return
        staged = stage(path, workspace, progress=progress)
    except EtlError as error:
        gathered.refuse(item, str(error))
        return
    if not staged:
        gathered.notes.append(f"{item.label}: se guardó; no trae registros que esta versión lea.")
        return
    rows = sum(one.passport.rows for one in staged)
    log.info("%s: %s registros listos.", item.label, rows, extra={"event": "staged", "item": item.label, "rows": rows})
    months = tuple(month for one in staged if one.source_id == CUSTOMS for month in one.months)
    gathered.arrivals.append(Arrival(item, path, came.retrieved_at, months, is_new=True))


def _count(gathered: Gathered, item: Item, fetched: Fetched) -> None:
    known, now = item.wanted.known, fetched.delivery
    if known is now:
        gathered.unchanged += 1
        return
    gathered.downloaded += 1
    gathered.downloaded_bytes += now.size_bytes
    said = {"event": "downloaded", "item": item.label, "bytes": now.size_bytes, "sha256": now.sha256}
    log.info("%s: descargado (%s bytes).", item.label, now.size_bytes, extra=said)
    if known is not None and fetched.is_new:
        gathered.notes.append(
            f"{item.label}: el archivo publicado cambió desde {known.retrieved_at[:10]} "
            f"(de {known.size_bytes} a {now.size_bytes} bytes)."
        )
