"""What a synchronisation is to bring: a file for each month and each other source asked for, beside what is known."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from etl.raw import bcch, dus, sii
from etl.raw.delivery import Delivery
from etl.sync import central_bank
from etl.sync.catalogue import Catalogue, Resource
from etl.sync.download import Wanted
from etl.sync.held import Held
from etl.sync.names import is_correction, month_of, role_of
from etl.sync.settings import Settings

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
