"""What a synchronisation is asked and what came of it, for the summary, the exit code, the log and the health file."""

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import quote, quote_plus

from editions.folders import Workspace
from editions.store import write_whole
from etl.wording import megabytes

# -- What a synchronisation is asked to do.


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


# -- What a synchronisation did, for the closing summary, the exit code and the health file.

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


# -- What machines read of a synchronisation: a log in JSON lines, a health file, and no password in either.

HIDDEN = "***"
STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}


class Redacted(logging.Formatter):
    """Formats a record, as text or as one JSON object, with every secret struck out."""

    def __init__(self, secrets: Sequence[str], *, as_json: bool) -> None:
        super().__init__("%(message)s")
        self._secrets = sorted({form for secret in secrets for form in _forms(secret)}, key=len, reverse=True)
        self._as_json = as_json

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        return self.strike_out(self._json(record) if self._as_json else super().format(record))

    def strike_out(self, text: str) -> str:
        """Return a text without the secrets."""
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        return text

    def _json(self, record: logging.LogRecord) -> str:
        given = {name: value for name, value in vars(record).items() if name not in STANDARD}
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {"at": at, "level": record.levelname.lower(), "event": "message"} | given
        return json.dumps(line | {"message": record.getMessage()}, ensure_ascii=False, default=str)


def log_to_standard_error(secrets: Sequence[str], *, as_json: bool) -> Redacted:
    """Send the log of the ETL to standard error as JSON lines when asked; else only what no summary will say."""
    formatter = Redacted(secrets, as_json=as_json)
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    logger = logging.getLogger("etl")
    logger.handlers = [handler]
    logger.setLevel(logging.INFO if as_json else logging.ERROR)
    logger.propagate = False
    return formatter


def write_health(
    workspace: Workspace, state: str, exit_code: int | None, message: str, outcome: Outcome | None
) -> None:
    """Renew `sync-health.json`; the time of the last success is carried over from run to run."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    before = _before(workspace)
    health = {
        "status": state,
        "exit_code": exit_code,
        "at": now,
        "message": message,
        "edition_id": outcome.edition_id if outcome else before.get("edition_id"),
        "last_month": f"{outcome.last_month:%Y-%m}" if outcome and outcome.last_month else before.get("last_month"),
        "months": outcome.months if outcome else before.get("months"),
        "failed": sorted(outcome.failed) if outcome else [],
        "last_success_at": now if exit_code == 0 else before.get("last_success_at"),
    }
    workspace.root.mkdir(parents=True, exist_ok=True)
    write_whole(workspace.root / "sync-health.json", json.dumps(health, ensure_ascii=False, indent=1) + "\n")


def _before(workspace: Workspace) -> dict[str, Any]:
    try:
        before: dict[str, Any] = json.loads((workspace.root / "sync-health.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return before


def _forms(secret: str) -> set[str]:
    return {secret, quote(secret), quote(secret, safe=""), quote_plus(secret), json.dumps(secret)[1:-1]}
