"""The few errors of the figure engine. Each message is one sentence, in the reader's language, for a page to show."""

from collections.abc import Sequence

from indicators.formats import listing
from indicators.language import t

NO_DATA = 5  # exit code of a command that was understood and has nothing to give; 3 and 4 are of `sync`


class IndicatorError(Exception):
    """Base of every error that a page shows and the command line prints."""


class QuestionError(IndicatorError):
    """A question has an unknown or contradictory part; the message names the part and what is allowed."""

    def __init__(self, part: str, message: str) -> None:
        super().__init__(message)
        self.part = part


class EditionMissing(IndicatorError):  # noqa: N818 — what happened, not what went wrong
    """There is no such edition to open."""


class EditionDamaged(EditionMissing):
    """The file of the edition cannot be read: as good as none."""


class EditionPrivate(EditionMissing):
    """The edition holds an office's register, and this is a public start: as good as none."""


class EditionOutdated(IndicatorError):  # noqa: N818 — what is wrong with it
    """Another version of the program built the edition: it lacks a table or a column that this one reads."""

    def __init__(self, missing: Sequence[str]) -> None:
        text = "A la edición, armada por otra versión del programa, le falta {what}; elija otra o ármela de nuevo."
        super().__init__(t(text, what=listing(missing)))


class NotAdditive(IndicatorError):  # noqa: N818 — the name says the rule that was broken
    """Somebody tried to add up figures that do not add up, such as distinct firms of several sectors."""
