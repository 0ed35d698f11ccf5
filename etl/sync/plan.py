"""What a synchronisation is to bring: a file for each month and each other source asked for, beside what is known."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from etl.raw.delivery import Delivery
from etl.sync.catalogue import Catalogue, Resource
from etl.sync.download import Wanted
from etl.sync.held import Held
from etl.sync.settings import Settings

SII_FILES = ("PUB_TRAM5_REG.xlsb", "PUB_COMU.xlsb", "PUB_INI_FIN.xlsb")


@dataclass(frozen=True)
class Item:
    """One file to bring or ask about. `month` is the one its name speaks of; None for SII or a silent name."""

    wanted: Wanted
    month: date | None

    @property
    def label(self) -> str:
        """What to call it in a sentence: its month, or its name."""
        return f"{self.month:%Y-%m}" if self.month else self.wanted.name


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
    catalogue: Catalogue, known: Mapping[str, Delivery], have: Held, settings: Settings, *, sii: bool, span: range
) -> FetchPlan:
    """Return what to bring of a catalogue; `span` is the months asked for, counted by `month_number`."""
    items = [Item(_wanted(resource, known), month) for month, resource in catalogue.by_month.items()]
    items += [Item(_wanted(resource, known), None) for resource in catalogue.undated]
    if sii:
        items += [Item(_sii(name, settings, known), None) for name in SII_FILES]
    withdrawn = tuple(
        month for month in sorted(have.items) if month_number(month) in span and month not in catalogue.by_month
    )
    return FetchPlan(tuple(items), () if catalogue.undated else withdrawn, catalogue.notes)


def month_number(month: date) -> int:
    """Return the month as one number, so that months can be counted."""
    return month.year * 12 + month.month - 1


def month_at(number: int) -> date:
    """Return the month of a number."""
    return date(number // 12, number % 12 + 1, 1)


def _wanted(resource: Resource, known: Mapping[str, Delivery]) -> Wanted:
    return Wanted(resource.id, resource.address, resource.file_name[-100:], resource.size_bytes, known.get(resource.id))


def _sii(name: str, settings: Settings, known: Mapping[str, Delivery]) -> Wanted:
    resource_id = f"sii-{name.removesuffix('.xlsb').lower().replace('_', '-')}"
    return Wanted(resource_id, f"{settings.sii}/{name}", name, None, known.get(resource_id))
