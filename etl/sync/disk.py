"""Whether the disk has room for what is to be downloaded, unpacked, parsed and built. Asked before the first byte."""

import shutil

from etl import editions
from etl.errors import PublishError
from etl.paths import Workspace
from etl.sync.plan import FetchPlan
from etl.wording import megabytes

# Measured on months of real size: a RAR of 6 MB, its text of 88 MB (one at a time), Parquet and edition 1.5 times each.
UNPACKED = 20
KEPT = 4
AT_LEAST = 50 << 20


def needed_bytes(plan: FetchPlan, workspace: Workspace) -> int:
    """Return the bytes a run may take on the disk: files, Parquet, one unpacked month and the new edition."""
    current = editions.current_id(workspace)
    path = editions.edition_path(workspace, current) if current else None
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
