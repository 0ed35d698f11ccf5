"""The few errors of the ETL. Each message is one sentence for a person: what, where, what to do next."""

from collections.abc import Sequence


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
