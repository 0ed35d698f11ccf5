"""Unpacks a RAR through the UnRAR library, member by member and piece by piece. Only ever run by `confined`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from unrar.cffi import unrarlib
from unrar.cffi._unrarlib import ffi
from unrar.cffi._unrarlib import lib as unrar

from etl.errors import SourceError
from etl.raw.archive import AGAIN, Unpacked
from etl.raw.rar_headers import refuse_odd_headers

END_OF_ARCHIVE = 10
SPLIT_BEFORE_OR_AFTER = 0x03
ENCRYPTED = 0x04
DIRECTORY = 0x20
LARGEST_DICTIONARY_KB = 256 << 10  # the library takes as much memory as the archive asks for


def unpack(path: Path, unpacked: Unpacked) -> None:
    """Write every file of the archive to `unpacked`. Raises SourceError if damaged, locked or hostile."""
    refuse_odd_headers(path, unpacked.name)
    with _opened(path, unpacked.name) as archive:
        while True:
            header = unrarlib.RARHeaderDataEx()
            result = unrar.RARReadHeaderEx(archive, header)
            if result == END_OF_ARCHIVE:
                return
            _refuse_failure(result, unpacked.name)
            _unpack_one(archive, header, unpacked)


@contextmanager
def _opened(path: Path, name: str) -> Iterator[Any]:
    """Open the archive without a buffer for its comment.

    The binding's own class gives the size of that buffer in bytes where the library counts letters: a long comment is
    then written past its end.
    """
    archive_name = ffi.new("wchar_t[]", str(path))
    asked = {"ArcNameW": archive_name, "OpenMode": unrar.C_RAR_OM_EXTRACT}
    request = ffi.new("struct RAROpenArchiveDataEx *", asked)
    archive = unrar.RAROpenArchiveEx(request)
    _refuse_failure(request.OpenResult, name)
    try:
        yield archive
    finally:
        unrar.RARCloseArchive(archive)


def _unpack_one(archive: Any, header: Any, unpacked: Unpacked) -> None:
    name = ffi.string(header.FileNameW)
    if header.Flags & ENCRYPTED:
        raise SourceError(f"{unpacked.name}: tiene contraseña; extráigalo y cargue el texto.")
    if header.Flags & SPLIT_BEFORE_OR_AFTER:
        raise SourceError(
            f"{unpacked.name}: es sólo una parte de un RAR en varios tomos; extráigalo y cargue el texto."
        )
    if header.RedirType:
        raise SourceError(f"{unpacked.name}: «{name[:80]}» es un enlace, no un archivo; no se abre; {AGAIN}.")
    if header.DictSize > LARGEST_DICTIONARY_KB:
        raise SourceError(f"{unpacked.name}: pide demasiada memoria para abrirse; extráigalo y cargue el texto.")
    if header.Flags & DIRECTORY:
        _refuse_failure(unrar.RARProcessFileW(archive, unrar.C_RAR_SKIP, ffi.NULL, ffi.NULL), unpacked.name)
        return
    unpacked.begin(name)
    refused: list[Exception] = []

    def take(message: int, address: int, size: int) -> int:
        if message != unrar.UCM_PROCESSDATA:  # asks for a password, another volume, more memory: no
            return -1
        try:
            unpacked.write(bytes(ffi.buffer(ffi.cast("char *", address), size)))
        except (SourceError, OSError, MemoryError) as error:  # must not cross the library
            refused.append(error)
            return -1
        return 1

    kept_alive = ffi.new_handle(take)
    unrar.RARSetCallbackPtr(archive, unrar.PyUNRARCALLBACKStub, kept_alive)
    result = unrar.RARProcessFileW(archive, unrar.C_RAR_TEST, ffi.NULL, ffi.NULL)
    unrar.RARSetCallbackPtr(archive, ffi.NULL, ffi.NULL)
    if refused:
        raise refused[0]
    _refuse_failure(result, unpacked.name)


def _refuse_failure(code: int, name: str) -> None:
    if code in (unrarlib.FLAGS_MISSING_PASSWORD, unrarlib.FLAGS_BAD_PASSWORD):
        raise SourceError(f"{name}: tiene contraseña; extráigalo y cargue el texto.")
    if code != unrarlib.FLAGS_SUCCESS:
        raise SourceError(f"{name}: el RAR está dañado o incompleto (código {code}); {AGAIN}.")
