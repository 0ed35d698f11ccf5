"""What a synchronisation is asked to do."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Options:
    """The choices of one run. `first` and `last` are months; None means the edition's first and the present one."""

    first: date | None = None
    last: date | None = None
    dry_run: bool = False
    offline: bool = False
    sii: bool = False
    bcch: bool = False
    accept: str | None = None
