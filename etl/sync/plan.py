"""What a synchronisation is to bring beside what the edition holds, and whether the disk has room for it."""

import shutil
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from editions import store
from editions.errors import PublishError
from editions.folders import Workspace
from etl.load import base_edition
from etl.plan import code_version
from etl.raw import bcch, dus, sii
from etl.raw.stage import Delivery
from etl.sync import central_bank
from etl.sync.catalogue import Catalogue, Resource, is_correction, month_of, role_of
from etl.sync.download import Wanted
from etl.sync.web import Settings
from etl.wording import megabytes

# -- What the edition to add to holds already: its files by hash, its months with their counts.

CUSTOMS = dus.SOURCE


@dataclass(frozen=True)
class Held:
    """The real edition on screen, or the last one behind a demo; empty when there is none.

    `months_of` gives for the sha256 of each of its raw files the customs months in it.
    """

    edition_id: str | None = None
    is_on_screen: bool = False
    is_of_this_code: bool = False
    was_rolled_back: bool = False
    months_of: dict[str, tuple[date, ...]] = field(default_factory=dict)
    items: dict[date, int] = field(default_factory=dict)

    @property
    def first_month(self) -> date | None:
        """The earliest customs month it holds."""
        return min(self.items, default=None)

    @property
    def last_month(self) -> date | None:
        """The latest customs month it holds."""
        return max(self.items, default=None)

    def spans(self, month: date) -> bool:
        """Tell whether a month lies between those it holds."""
        return bool(self.items) and min(self.items) < month < max(self.items)


def _months_of(files: list[tuple[str, str, date]]) -> dict[str, tuple[date, ...]]:
    """Return the customs months of each raw file; an archive may hold several."""
    months: dict[str, tuple[date, ...]] = {}
    for sha256, source_id, month in files:
        months[sha256] = months.get(sha256, ()) + ((month,) if source_id == CUSTOMS else ())
    return months


def held(workspace: Workspace) -> Held:
    """Return what is held, read from the edition itself."""
    path = base_edition(workspace)
    if path is None:
        return Held()
    with store.reading(path) as edition:
        files = edition.execute("SELECT sha256, source_id, first_month FROM meta_source").fetchall()
        months = edition.execute("SELECT month, n_items FROM core_month WHERE source_id = $id", {"id": CUSTOMS})
        items = dict(months.fetchall())
        built_by = edition.execute("SELECT code_version FROM meta_build").fetchall()
    published = store.history(workspace)
    return Held(
        edition_id=path.stem,
        is_on_screen=store.current_id(workspace) == path.stem,
        is_of_this_code=built_by == [(code_version(),)],
        was_rolled_back=bool(published) and published[-1]["action"] == "rollback",
        months_of=_months_of(files),
        items=items,
    )


# -- What a synchronisation is to bring: a file for each month and each other source asked for, beside what is
# known.

SII_IDS = {  # file → what it is called among the deliveries
    "PUB_TRAM5_REG.xlsb": "sii-pub-tram5-reg",
    "PUB_COMU.xlsb": "sii-pub-comu",
    "PUB_INI_FIN.xlsb": "sii-pub-ini-fin",
}


@dataclass(frozen=True)
class Item:
    """One file to bring or ask about. `month` is the one its name speaks of; None for SII or a silent name.

    `rivals` are tried when the file is of no use, `companions` (bultos, transport documents: names get swapped) when
    it arrives without records.
    """

    wanted: Wanted
    month: date | None
    rivals: tuple[Wanted, ...] = ()
    companions: tuple[Wanted, ...] = ()

    @property
    def label(self) -> str:
        """What to call it in a sentence: its month, or its name."""
        return f"{self.month:%Y-%m}" if self.month else self.wanted.name

    @property
    def sources(self) -> tuple[str, ...]:
        """Which of our sources it should hold."""
        if self.wanted.resource_id in SII_IDS.values():
            return sii.SOURCES
        return (bcch.SOURCE,) if self.wanted.resource_id == central_bank.RESOURCE else (dus.SOURCE,)

    @property
    def is_side(self) -> bool:
        """Tell whether it is a source beside the exports; one of those never stops them."""
        return dus.SOURCE not in self.sources


@dataclass(frozen=True)
class FetchPlan:
    """All files to bring, the months that the edition has and the publisher no longer lists, and notes."""

    items: tuple[Item, ...]
    withdrawn: tuple[date, ...]
    notes: tuple[str, ...]

    @property
    def unknown_bytes(self) -> int:
        """Bytes of the files never fetched, as far as the listing tells."""
        return sum(one.wanted.listed_size or 0 for one in self.items if one.wanted.known is None)

    @property
    def largest(self) -> int:
        """Bytes of the largest of them."""
        return max((one.wanted.listed_size or 0 for one in self.items if one.wanted.known is None), default=0)


def plan_of(
    catalogue: Catalogue, known: Mapping[str, Delivery], have: Held, settings: Settings, *, with_sii: bool, span: range
) -> FetchPlan:
    """Return what to bring of a catalogue; `span` is the months asked for, counted by `month_number`."""
    items = [
        Item(
            _wanted(resource, known),
            month,
            tuple(_wanted(one, known) for one in catalogue.rivals.get(month, ())),
            tuple(_wanted(one, known) for one in catalogue.companions.get(month, ())),
        )
        for month, resource in catalogue.by_month.items()
    ]
    items += [Item(_wanted(resource, known), None) for resource in catalogue.undated]
    if with_sii:
        items += [
            Item(Wanted(resource_id, f"{settings.sii}/{name}", name, None, known.get(resource_id)), None)
            for name, resource_id in SII_IDS.items()
        ]
    withdrawn = tuple(
        month for month in sorted(have.items) if month_number(month) in span and month not in catalogue.by_month
    )
    return FetchPlan(tuple(items), () if catalogue.undated else withdrawn, catalogue.notes)


def plan_of_raw(known: Mapping[str, Delivery]) -> FetchPlan:
    """Return what to take of the files fetched before: of each month the one to use, the others beside it."""
    items: list[Item] = []
    mains, companions = defaultdict[date, list[Wanted]](list), defaultdict[date, list[Wanted]](list)
    ranked = sorted(known.values(), key=lambda one: (is_correction(one.name), one.retrieved_at), reverse=True)
    for one in ranked:
        wanted = Wanted(one.resource_id, one.address, one.name, one.listed_size, one)
        role, month = role_of(one.name, "", one.address), month_of(one.name, one.address, None)
        if month is not None and role in ("bultos", "transport"):
            companions[month].append(wanted)
        elif month is not None and role == "main":
            mains[month].append(wanted)
        else:
            items.append(Item(wanted, None))
    items += [Item(best, month, tuple(rest), tuple(companions[month])) for month, (best, *rest) in mains.items()]
    return FetchPlan(tuple(items), (), ())


def month_number(month: date) -> int:
    """Return the month as one number, so that months can be counted."""
    return month.year * 12 + month.month - 1


def month_at(number: int) -> date:
    """Return the month of a number."""
    return date(number // 12, number % 12 + 1, 1)


def _wanted(resource: Resource, known: Mapping[str, Delivery]) -> Wanted:
    return Wanted(resource.id, resource.address, resource.file_name[-100:], resource.size_bytes, known.get(resource.id))


# -- Whether the disk has room for what is to be downloaded, unpacked, parsed and built. Asked before the
# first byte.

# Measured on months of real size: a RAR of 6 MB, its text of 88 MB (one at a time), Parquet and edition 1.5 times each.
UNPACKED = 20
KEPT = 4
AT_LEAST = 50 << 20


def needed_bytes(plan: FetchPlan, workspace: Workspace) -> int:
    """Return the bytes a run may take on the disk: files, Parquet, one unpacked month and the new edition."""
    current = store.current_id(workspace)
    path = store.edition_path(workspace, current) if current else None
    edition = path.stat().st_size if path and path.exists() else 0
    return AT_LEAST + KEPT * plan.unknown_bytes + UNPACKED * plan.largest + 2 * edition


def refuse_full_disk(plan: FetchPlan, workspace: Workspace) -> None:
    """Raise PublishError, with both figures, when there is less room than that."""
    needed, free = needed_bytes(plan, workspace), shutil.disk_usage(workspace.root).free
    if free < needed:
        raise PublishError(
            f"Faltan {megabytes(needed - free)} en el disco de {workspace.root}: se necesitan {megabytes(needed)} y "
            f"hay {megabytes(free)}; libere espacio o indique otra carpeta con PULSO_DATA. No se descargó nada."
        )
