"""A queue in front of something that few may use at a time; first come, first served."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition

TELL_EVERY = 0.5  # seconds


class Full(Exception):  # noqa: N818  what happened, not what went wrong
    """So many wait that one more would not get a turn in reasonable time."""


class Turns:
    """Lets `width` in at a time and `longest` more wait."""

    def __init__(self, width: int, longest: int) -> None:
        self._width, self._longest = width, longest
        self._line: list[object] = []  # those inside, then those that wait
        self._changed = Condition()

    @contextmanager
    def turn(self, tell: Callable[[int], None]) -> Iterator[None]:
        """Wait for a turn; while it has not come, `tell` gets its place in the queue, from 1. Raises Full at once.

        Whoever leaves, inside or still waiting (`tell` may raise), makes room for the next.
        """
        ticket = object()
        with self._changed:
            if len(self._line) >= self._width + self._longest:
                raise Full
            self._line.append(ticket)
        try:
            while not self._comes(ticket):
                tell(self._position(ticket))
            yield
        finally:
            with self._changed:
                self._line.remove(ticket)
                self._changed.notify_all()

    def _comes(self, ticket: object) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: self._position(ticket) <= 0, TELL_EVERY)

    def _position(self, ticket: object) -> int:
        """The place of a ticket among those that wait, from 1."""
        return self._line.index(ticket) - self._width + 1
