"""Where things lie. `PULSO_DATA` moves raw files, staged months and editions; reference tables stay here."""

import os
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
REFERENCE = REPOSITORY / "data" / "reference"


@dataclass(frozen=True)
class Workspace:
    """The folders of one data directory."""

    root: Path

    @property
    def raw(self) -> Path:
        """Raw files as received, named by their sha256."""
        return self.root / "raw"

    @property
    def staged(self) -> Path:
        """Typed Parquet and load report of each raw file, named by the file's sha256 and the parser's version."""
        return self.root / "staged"

    @property
    def registers(self) -> Path:
        """The office's registers as they are kept: hashed tables with their passports, never a file as received."""
        return self.root / "registers"

    @property
    def build(self) -> Path:
        """Scratch space of a running build; safe to delete when none runs."""
        return self.root / "build"

    @property
    def editions(self) -> Path:
        """Immutable `<edition_id>.duckdb` files and the `CURRENT` pointer."""
        return self.root / "editions"


def workspace() -> Workspace:
    """Return the data directory in force: `PULSO_DATA`, else `data/` of the repository."""
    return Workspace(Path(os.environ.get("PULSO_DATA") or REPOSITORY / "data").resolve())
