"""What machines read of a synchronisation: a log in JSON lines, a health file, and no password in either."""

import json
import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, quote_plus

from etl.editions import write_whole
from etl.paths import Workspace
from etl.sync.outcome import Outcome

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
