"""One synchronisation from beginning to end: list, compare, bring, parse, publish."""

import contextlib
import fcntl
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from logging import getLogger
from urllib.parse import urlsplit

from editions import store
from editions.errors import (
    BusyError,
    ContractError,
    EtlError,
    FetchError,
    GateError,
    OptionsError,
    PublishError,
    SourceError,
)
from editions.folders import Workspace
from etl.load import Loaded, load, plain_disk_errors, rebuild
from etl.progress import Progress
from etl.raw.stage import Delivery, latest_deliveries
from etl.sync import central_bank
from etl.sync.catalogue import Catalogue, discover
from etl.sync.download import Wanted, has_changed
from etl.sync.gather import Gathered, Screen, gather, take_raw
from etl.sync.outcome import Options, Outcome
from etl.sync.plan import FetchPlan, Held, Item, held, month_number, plan_of, plan_of_raw, refuse_full_disk
from etl.sync.web import MissingError, Web

log = getLogger(__name__)


@dataclass(frozen=True)
class Survey:
    """What is known before anything is brought: the span asked for, what is held, what is published, what to do."""

    first: date
    last: date
    have: Held
    known: dict[str, Delivery]
    plan: FetchPlan

    @property
    def span(self) -> range:
        """The months asked for, as numbers."""
        return range(month_number(self.first), month_number(self.last) + 1)


def survey(web: Web, options: Options, workspace: Workspace) -> Survey:
    """Ask what is published and compare it with what is held. Raises FetchError when the listing cannot be had."""
    have, known = held(workspace), latest_deliveries(workspace)
    first, last = _span(options, have)
    if options.offline:
        plan = _plan_of_raw(known, have)
    else:
        catalogue: Catalogue = discover(web, first, last)
        span = range(month_number(first), month_number(last) + 1)
        plan = plan_of(catalogue, known, have, web.settings, with_sii=options.sii, span=span)
    return Survey(first, last, have, known, plan)


def synchronise(web: Web, options: Options, workspace: Workspace, screen: Screen) -> Outcome:
    """Bring what is new or changed and publish it; a second run with nothing new publishes nothing.

    Raises EtlError with one sentence when nothing could be published; what was brought stays for the next run.
    """
    started = time.monotonic()
    with sync_lock(workspace), plain_disk_errors():
        found = survey(web, options, workspace)
        log.info("%s archivos por revisar.", len(found.plan.items), extra={"event": "listed"})
        outcome = Outcome(found.first, found.last, notes=list(found.plan.notes))
        if options.offline:
            gathered = take_raw(found.plan.items, found.have, workspace, screen.parsing)
        else:
            refuse_full_disk(found.plan, workspace)
            gathered = gather(web, found.plan.items, found.have, workspace, screen)
            if options.bcch:
                _add_series(web, found, gathered, workspace)
        _count(outcome, found, gathered)
        _refuse_holes(found, gathered, options)
        _publish(outcome, found, gathered, options, workspace, screen.parsing)
    outcome.seconds = time.monotonic() - started
    return outcome


def changed_items(web: Web, found: Survey) -> list[Item]:
    """Return what a run would bring, asked without downloading; what cannot be asked counts as to be brought.

    A server that did not answer once is not asked again.
    """
    changed, silent = [], set()
    for item in found.plan.items:
        host = urlsplit(item.wanted.address).netloc
        try:
            if host in silent or has_changed(web, item.wanted):
                changed.append(item)
        except MissingError:
            changed.append(item)
        except FetchError as error:
            log.warning("%s", error)
            silent.add(host)
            changed.append(item)
    return changed


def _span(options: Options, have: Held) -> tuple[date, date]:
    first = options.first or have.first_month
    if first is None:
        raise OptionsError("No hay meses cargados: diga desde cuándo, por ejemplo «sync --from 2023-01».")
    last = options.last or datetime.now(UTC).date().replace(day=1)
    if first > last:
        raise OptionsError(f"{first:%Y-%m} es posterior a {last:%Y-%m}; revise --from y --to.")
    return first, last


def _plan_of_raw(known: dict[str, Delivery], have: Held) -> FetchPlan:
    if not known and have.edition_id is None:
        raise PublishError("No hay archivos descargados de los que rearmar la edición; repita sin --offline.")
    return plan_of_raw(known)


def _add_series(web: Web, found: Survey, gathered: Gathered, workspace: Workspace) -> None:
    """Bring UF and dollar; without credentials or with a refusal the rest goes on."""
    settings = web.settings
    if not (settings.bcch_user and settings.bcch_pass):
        gathered.notes.append(central_bank.NO_CREDENTIALS)
        return
    known = found.known.get(central_bank.RESOURCE)
    item = Item(Wanted(central_bank.RESOURCE, settings.bcch, "Banco Central", known=known), None)
    try:
        fetched = central_bank.fetch_series(web, workspace, known, today=datetime.now(UTC).date())
    except EtlError as error:
        gathered.refuse(item, error)
        return
    if fetched.delivery.sha256 not in found.have.months_of:
        gathered.to_load[workspace.raw / fetched.delivery.raw_file] = item


def _count(outcome: Outcome, found: Survey, gathered: Gathered) -> None:
    outcome.downloaded, outcome.downloaded_bytes = gathered.downloaded, gathered.downloaded_bytes
    outcome.unchanged, outcome.failed = gathered.unchanged, gathered.failed
    outcome.notes += gathered.notes
    outcome.notes += [
        f"{month:%Y-%m}: no está en datos.gob.cl; la edición lo conserva." for month in found.plan.withdrawn
    ]


def _refuse_holes(found: Survey, gathered: Gathered, options: Options) -> None:
    """Raise PublishError, FetchError when another run may do, where a month that failed would leave a hole.

    A hole that is on screen already was accepted, or loaded by hand.
    """
    if options.accept or not gathered.to_load:
        return
    there = {*gathered.months, *found.have.items}
    holes = sorted(
        month
        for month in gathered.failed_months.keys() - there
        if there and min(there) < month < max(there) and not found.have.spans(month)
    )
    if holes:
        reason = gathered.failed_months[holes[0]]
        refusal = FetchError if isinstance(reason, FetchError) else PublishError
        raise refusal(
            f"Falta {holes[0]:%Y-%m} ({reason}) y hay meses posteriores: publicar así dejaría "
            "un hueco. Lo descargado queda guardado; repita «sync», o publique sin ese mes con --accept y la razón."
        )


def _publish(
    outcome: Outcome, found: Survey, gathered: Gathered, options: Options, workspace: Workspace, progress: Progress
) -> None:
    have = found.have
    outcome.edition_id, outcome.last_month, outcome.months = have.edition_id, have.last_month, len(have.items)
    if not _is_anything_new(have, gathered):
        if gathered.failed and have.edition_id is None:
            raise FetchError("; ".join(gathered.failed.values()))
        return
    if have.was_rolled_back and not options.accept:
        raise PublishError(
            f"La edición en pantalla, {have.edition_id}, se eligió con «rollback»: no se cambia sola. Lo nuevo queda "
            "descargado; para publicarlo repita con --accept y la razón."
        )
    if gathered.to_load:
        loaded = _load(gathered, workspace, accept=options.accept, progress=progress)
    else:
        loaded = rebuild(workspace, accept=options.accept, progress=progress)
    if loaded is None:
        return
    now = held(workspace)
    outcome.edition_id, outcome.last_month, outcome.months = loaded.edition_id, now.last_month, len(now.items)
    outcome.is_published = loaded.is_new
    if loaded.is_new:
        outcome.changes = [said for said in (store.history(workspace)[-1].get("summary"),) if said]
        log.info("Publicada %s.", loaded.edition_id, extra={"event": "published", "edition": loaded.edition_id})


def _load(gathered: Gathered, workspace: Workspace, *, accept: str | None, progress: Progress) -> Loaded | None:
    """Load what was gathered; where that is refused, the exports without what stands beside them, listed as failed."""
    try:
        return load(sorted(gathered.to_load), workspace, accept=accept, progress=progress)
    except (SourceError, ContractError, GateError) as error:
        side = {path: item for path, item in gathered.to_load.items() if item.is_side}
        if not side:
            raise
        exports = sorted(gathered.to_load.keys() - side.keys())
        loaded = load(exports, workspace, accept=accept, progress=progress) if exports else None
        for item in side.values():
            gathered.refuse(item, error)
        return loaded


def _is_anything_new(have: Held, gathered: Gathered) -> bool:
    customs = have.edition_id is not None or bool(gathered.months)  # UF alone makes no edition
    is_old = have.edition_id is not None and not (have.is_on_screen and have.is_of_this_code)
    return customs and (bool(gathered.to_load) or is_old)


# -- The only right to synchronise a data directory, and the clearing of what a killed run left.


@contextlib.contextmanager
def sync_lock(workspace: Workspace) -> Iterator[None]:
    """Hold the right to synchronise. Raises BusyError when another run has it, PublishError when a load runs.

    While files are brought a load may run; publishing then takes the lock of builds as every load does.
    """
    with contextlib.ExitStack() as held:
        with store.build_lock(workspace):
            lock = held.enter_context((workspace.root / "sync.lock").open("w"))
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise BusyError(
                    f"Otra sincronización está en curso en {workspace.root}; espere a que termine."
                ) from None
            for leftover in workspace.build.glob("raw-*"):  # with both locks nobody is parsing: a killed run left it
                shutil.rmtree(leftover, ignore_errors=True)
        yield
