"""What the edition to add to holds already: its files by hash, its months with their counts."""

from dataclasses import dataclass, field
from datetime import date

from etl import editions
from etl.load import base_edition
from etl.paths import Workspace
from etl.plan import code_version
from etl.raw import dus

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
    with editions.reading(path) as edition:
        files = edition.execute("SELECT sha256, source_id, first_month FROM meta_source").fetchall()
        months = edition.execute("SELECT month, n_items FROM core_month WHERE source_id = $id", {"id": CUSTOMS})
        items = dict(months.fetchall())
        built_by = edition.execute("SELECT code_version FROM meta_build").fetchall()
    published = editions.history(workspace)
    return Held(
        edition_id=path.stem,
        is_on_screen=editions.current_id(workspace) == path.stem,
        is_of_this_code=built_by == [(code_version(),)],
        was_rolled_back=bool(published) and published[-1]["action"] == "rollback",
        months_of=_months_of(files),
        items=items,
    )
