"""What a synchronisation did, for the closing summary, the exit code and the health file."""

from dataclasses import dataclass, field
from datetime import date

from etl.wording import megabytes

SHOWN = 6


@dataclass
class Outcome:
    """The result of a run: `edition_id` is the edition on screen afterwards, `is_published` whether this run put it."""

    first: date
    last: date
    edition_id: str | None = None
    is_published: bool = False
    last_month: date | None = None
    months: int = 0
    downloaded: int = 0
    downloaded_bytes: int = 0
    unchanged: int = 0
    failed: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def exit_code(self) -> int:
        """0 all done, 3 done but for the files in `failed`."""
        return 3 if self.failed else 0

    def as_text(self) -> str:
        """Return the closing summary; it fits in one screen."""
        lines = [
            f"Sincronización {self.first:%Y-%m} a {self.last:%Y-%m}: {self.downloaded} archivos descargados "
            f"({megabytes(self.downloaded_bytes)}), {self.unchanged} sin cambios, {len(self.failed)} con problema, "
            f"en {self.seconds:.0f} s."
        ]
        lines += _shortened([f"Problema: {label}: {reason}" for label, reason in self.failed.items()])
        lines += _shortened([f"Aviso: {note}" for note in self.notes])
        lines += _shortened(self.changes)
        if self.is_published:
            lines.append(f"Publicada la edición {self.edition_id}: {self.months} meses, hasta {self._until()}.")
        elif self.edition_id:
            lines.append(f"Nada nuevo que publicar: sigue en pantalla {self.edition_id}, hasta {self._until()}.")
        else:
            lines.append("Nada que publicar.")
        return "\n".join(lines)

    def _until(self) -> str:
        return f"{self.last_month:%Y-%m}" if self.last_month else "ningún mes"


def _shortened(lines: list[str]) -> list[str]:
    rest = len(lines) - SHOWN
    return lines if rest <= 1 else [*lines[:SHOWN], f"  … y {rest} más."]
