"""The passport of a fetched raw file: where it came from and what the server said of it, one JSON per delivery."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from etl.editions import write_whole
from etl.paths import Workspace


@dataclass(frozen=True)
class Delivery:
    """One file as one address delivered it. `resource_id` names what was asked for, whatever its content."""

    resource_id: str
    address: str
    name: str
    etag: str | None
    last_modified: str | None
    listed_size: int | None
    sha256: str
    size_bytes: int
    raw_file: str
    retrieved_at: str


def write_delivery(workspace: Workspace, delivery: Delivery) -> None:
    """Keep the passport, whole or not at all; the raw file must lie in place before."""
    folder = _folder(workspace)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{delivery.resource_id}.{delivery.sha256[:16]}.json"
    write_whole(path, json.dumps(asdict(delivery), ensure_ascii=False, indent=1) + "\n")


def latest_deliveries(workspace: Workspace) -> dict[str, Delivery]:
    """Return for each resource what it delivered last, when that raw file is still there."""
    latest: dict[str, Delivery] = {}
    for path in _folder(workspace).glob("*.json"):
        one = _read(path)
        before = latest.get(one.resource_id)
        if (before is None or one.retrieved_at > before.retrieved_at) and (workspace.raw / one.raw_file).exists():
            latest[one.resource_id] = one
    return latest


def address_of(workspace: Workspace, sha256: str) -> str | None:
    """Return the address a raw file was fetched from, or None when it was given by hand."""
    return next((_read(path).address for path in _folder(workspace).glob(f"*.{sha256[:16]}.json")), None)


def _folder(workspace: Workspace) -> Path:
    return workspace.raw / "passports"


def _read(path: Path) -> Delivery:
    return Delivery(**json.loads(path.read_text(encoding="utf-8")))
