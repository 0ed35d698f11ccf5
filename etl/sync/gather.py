"""Downloads in threads while the months that have arrived are parsed; a bad month stops no other."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from logging import getLogger
from pathlib import Path
from queue import SimpleQueue

from editions.errors import EtlError, FetchError, NoRecordsError, SourceError
from editions.folders import Workspace
from etl.progress import Progress
from etl.raw.stage import stage
from etl.sync.download import Fetched, fetch
from etl.sync.plan import Held, Item
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
    to_load: dict[Path, Item] = field(default_factory=dict)
    downloaded: int = 0
    downloaded_bytes: int = 0
    unchanged: int = 0
    notes: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    failed_months: dict[date, EtlError] = field(default_factory=dict)

    def refuse(self, item: Item, error: EtlError) -> None:
        """Note that a file is left out, and why."""
        log.warning("%s: %s", item.label, error, extra={"event": "refused", "item": item.label})
        self.failed[item.label] = str(error)
        if item.month:
            self.failed_months[item.month] = error

    def settle(self) -> "Gathered":
        """Give each month to the file that holds it; of two, to the one whose name says so, else the last."""
        newest_first = sorted(self.arrivals, key=lambda one: one.retrieved_at, reverse=True)
        for arrival in sorted(newest_first, key=lambda one: one.item.month not in one.months):
            taken = [month for month in arrival.months if month in self.months]
            if taken:
                rival = self.months[taken[0]].item.wanted.name
                said = f"{arrival.item.wanted.name} trae {taken[0]:%Y-%m}, igual que {rival}."
                if arrival.item.month:
                    self.refuse(arrival.item, SourceError(said))
                else:
                    self.notes.append(f"Se deja de lado: {said}")
                continue
            if arrival.item.month and arrival.item.month not in arrival.months:
                holds = f"el archivo trae {arrival.months[0]:%Y-%m}, y así se carga."
                self.refuse(arrival.item, SourceError(holds))
            self.months |= dict.fromkeys(arrival.months, arrival)
            if arrival.is_new:
                self.to_load[arrival.path] = arrival.item
        return self


@dataclass(frozen=True)
class Screen:
    """The bars of a synchronisation: one for all files, one for the file being parsed, one a download."""

    overall: Progress
    parsing: Progress
    downloads: tuple[Progress, ...]


def gather(web: Web, items: tuple[Item, ...], have: Held, workspace: Workspace, screen: Screen) -> Gathered:
    """Bring every file, parse each as soon as it is there, and return what came of it. One bad file is only noted."""
    free: SimpleQueue[Progress] = SimpleQueue()
    for progress in screen.downloads:
        free.put(progress)

    def bring(item: Item) -> Fetched:
        progress = free.get()
        try:
            return fetch(web, item.wanted, workspace, progress)
        finally:
            free.put(progress)

    hand = _Hand(bring, have, workspace, screen.parsing)
    screen.overall.start(len(items), "Archivos")
    try:
        with _threads(web) as pool:
            waiting = {pool.submit(bring, item): item for item in items}
            for future in as_completed(waiting):
                hand.take(waiting[future], future.result)
                screen.overall.advance(1)
    finally:
        screen.overall.close()
    return hand.gathered.settle()


def take_raw(items: tuple[Item, ...], have: Held, workspace: Workspace, progress: Progress) -> Gathered:
    """Return what came of files fetched before, without a network."""

    def bring(item: Item) -> Fetched:
        if item.wanted.known is None:
            raise FetchError(f"{item.wanted.name}: no se ha descargado.")
        return Fetched(item.wanted.known, is_new=False)

    hand = _Hand(bring, have, workspace, progress)
    for item in items:
        hand.take(item, partial(bring, item))
    return hand.gathered.settle()


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


@dataclass
class _Hand:
    """Takes files as they arrive and parses those that the edition lacks; `bring` gets a rival's file."""

    bring: Callable[[Item], Fetched]
    have: Held
    workspace: Workspace
    progress: Progress
    gathered: Gathered = field(default_factory=Gathered)

    def take(self, item: Item, result: Callable[[], Fetched]) -> None:
        """Note what came of one item: of its own file or, when that is of no use, of the first rival that serves."""
        arrival, reason = None, None
        try:
            arrival = self._arrival(item, result())
        except EtlError as error:
            reason = error
        if arrival is None or (item.month and item.month not in arrival.months):
            arrival = self._rival(item, reason) or arrival
        if arrival is not None:
            self.gathered.arrivals.append(arrival)
        elif reason is not None:
            self.gathered.refuse(item, reason)

    def _rival(self, item: Item, reason: EtlError | None) -> Arrival | None:
        """Return what a rival holds of the item's month. A month on screen does not change because a server is down."""
        stays = isinstance(reason, FetchError) and item.month in self.have.items
        for wanted in item.rivals + (item.companions if isinstance(reason, NoRecordsError) else ()):
            rival = replace(item, wanted=wanted)
            try:
                arrival = self._arrival(rival, self.bring(rival))
            except EtlError as error:
                log.info("%s: %s", item.label, error)
                continue
            if item.month in arrival.months and not (stays and arrival.is_new):
                why = reason or "no trae ese mes."
                self.gathered.notes.append(f"{item.label}: se usa «{wanted.name}»; de «{item.wanted.name}»: {why}")
                return arrival
        return None

    def _arrival(self, item: Item, fetched: Fetched) -> Arrival:
        """Return the file at hand, parsed unless the edition holds it. Raises NoRecordsError when it brings nothing."""
        _count(self.gathered, item, fetched)
        came = fetched.delivery
        path = self.workspace.raw / came.raw_file
        months = self.have.months_of.get(came.sha256)
        if months is not None and (months or item.is_side):
            return Arrival(item, path, came.retrieved_at, months, is_new=False)
        staged = [one for one in stage(path, self.workspace, progress=self.progress) if one.source_id in item.sources]
        if not staged:
            what = "ningún dato que esta versión lea" if item.is_side else "ningún registro de exportación"
            raise NoRecordsError(f"{item.wanted.name}: el archivo llegó y no trae {what}.")
        rows = sum(one.passport.rows for one in staged)
        event = {"event": "staged", "item": item.label, "rows": rows}
        log.info("%s: %s registros listos.", item.label, rows, extra=event)
        months = tuple(month for one in staged for month in one.months)
        return Arrival(item, path, came.retrieved_at, months, is_new=True)


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
