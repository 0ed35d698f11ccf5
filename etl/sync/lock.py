"""The only right to synchronise a data directory, and the clearing of what a killed run left."""

import contextlib
import fcntl
import shutil
from collections.abc import Iterator

from etl import editions
from etl.errors import BusyError
from etl.paths import Workspace


@contextlib.contextmanager
def sync_lock(workspace: Workspace) -> Iterator[None]:
    """Hold the right to synchronise. Raises BusyError when another run has it, PublishError when a load runs.

    While files are brought a load may run; publishing then takes the lock of builds as every load does.
    """
    with contextlib.ExitStack() as held:
        with editions.build_lock(workspace):
            lock = held.enter_context((workspace.root / "sync.lock").open("w"))
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise BusyError(
                    f"Otra sincronización está en curso en {workspace.root}; espere a que termine."
                ) from None
            for leftover in workspace.build.glob("raw-*"):  # with both locks nobody is parsing: a killed run left it
                shutil.rmtree(leftover, ignore_errors=True)
        yield
