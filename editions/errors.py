"""The few errors of the product. Each message is one sentence for a person: what, where, what to do next."""

from collections.abc import Sequence

from words.formats import listing
from words.language import t

# -- The few errors of the ETL. Each message is one sentence for a person: what, where, what to do next.


class EtlError(Exception):
    """Base of every error the command line prints as one sentence and turns into its exit code."""

    exit_code = 1


class SourceError(EtlError):
    """A raw file cannot be used: unreadable, of another kind, truncated, incomplete or hostile."""


class FilesError(SourceError):
    """Several raw files of one load cannot be used; `errors` has what is wrong with each."""

    def __init__(self, errors: Sequence[SourceError], n_files: int) -> None:
        can = "puede" if len(errors) == 1 else "pueden"
        super().__init__(f"{len(errors)} de {n_files} archivos no se {can} usar; no se cargó ninguno.")
        self.errors = tuple(errors)


class NoRecordsError(SourceError):
    """A raw file is sound and holds nothing that it was brought for: only bultos, only transport documents."""


class ContractError(EtlError):
    """A built table breaks its contract: key, type, or a check that returned wrong rows."""


class PublishError(EtlError):
    """The edition could not be put in place; the one on screen stays."""


class GateError(EtlError):
    """A built edition did not pass the gates and no reason to publish it all the same was given."""


class OptionsError(EtlError):
    """A command was given options that make no sense; nothing was tried."""

    exit_code = 2


class FetchError(EtlError):
    """An official file could not be brought from where it is published; another run may succeed."""

    exit_code = 4


class BusyError(FetchError):
    """Another synchronisation of the same data directory is running; nothing was tried."""


# -- The few errors of the figure engine. Each message is one sentence, in the reader's language, for a page
# to show.

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
