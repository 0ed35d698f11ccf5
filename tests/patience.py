"""How long a test waits for what must come: minutes, which cost nothing on a machine that does little else."""

import time
from collections.abc import Callable

PATIENCE = 600.0  # seconds
PAUSE = 0.002


def wait_until(condition: Callable[[], object]) -> None:
    """Return as soon as the condition holds; fail when it never does."""
    until = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < until, "what was waited for never came"
        time.sleep(PAUSE)
