"""How long work reports that it is getting on: a protocol, a silent one, and a bar for the command line."""

from typing import NoReturn, Protocol

from tqdm import tqdm


class Progress(Protocol):
    """What the ETL tells while it works."""

    def start(self, total: int, label: str) -> None:
        """Begin a piece of work of `total` units (bytes or steps)."""

    def advance(self, done: int, rows: int = 0) -> None:
        """Say that `done` more units, and so many rows, are finished."""

    def close(self) -> None:
        """End the piece of work begun last."""


class Quiet:
    """Says nothing."""

    def start(self, total: int, label: str) -> None:
        """Begin a piece of work."""

    def advance(self, done: int, rows: int = 0) -> None:
        """Go on."""

    def close(self) -> None:
        """End the piece of work."""


class Bar:
    """A bar per piece of work with rows per second and time left; nothing when no terminal looks on."""

    def __init__(self, position: int | None = None) -> None:
        self._bar: tqdm[NoReturn] | None = None
        self._position = position
        self._rows = 0

    def start(self, total: int, label: str) -> None:
        """Open a bar; one left open by an error is closed first."""
        self.close()
        self._rows = 0
        layout = "{desc} {percentage:3.0f}% |{bar}| quedan {remaining}{postfix}"
        self._bar = tqdm(
            total=total, desc=label[:48], bar_format=layout, disable=None, leave=False, position=self._position
        )

    def advance(self, done: int, rows: int = 0) -> None:
        """Move the bar and renew the rows per second."""
        if self._bar is None:
            return
        self._rows += rows
        elapsed = float(self._bar.format_dict["elapsed"]) if self._rows and not self._bar.disable else 0.0
        if elapsed > 0:
            self._bar.set_postfix_str(f"{self._rows / elapsed:,.0f} filas/s".replace(",", "."), refresh=False)
        self._bar.update(done)

    def close(self) -> None:
        """Take the bar off the screen."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None


def quiet() -> Progress:
    """Return a progress that says nothing."""
    return Quiet()


def bar(position: int | None = None) -> Progress:
    """Return a progress that draws on standard error when it is a terminal; `position` is its line among several."""
    return Bar(position)
