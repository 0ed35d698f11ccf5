"""Unpacks a RAR through the UnRAR library, member by member and piece by piece."""

import os
import zlib
from pathlib import Path
from typing import Any

from unrar.cffi import unrarlib
from unrar.cffi._unrarlib import ffi
from unrar.cffi._unrarlib import lib as unrar

from etl.errors import SourceError
from etl.raw.archive import AGAIN, Unpacked

END_OF_ARCHIVE = 10
OLD_END = 0x7B
LONGEST_TAIL = 64
SPLIT_BEFORE_OR_AFTER = 0x03
ENCRYPTED = 0x04
DIRECTORY = 0x20
LARGEST_DICTIONARY_KB = 256 << 10  # the library takes as much memory as the archive asks for


def unpack(path: Path, unpacked: Unpacked) -> None:
    """Write every file of the archive to `unpacked`. Raises SourceError if damaged, locked or hostile."""
    if not has_end(path):  # the library takes a missing end for the end
        raise SourceError(f"{unpacked.name}: el RAR está dañado o incompleto (le falta el final); {AGAIN}.")
    try:
        with unrarlib.RarArchive.open_for_processing(path) as archive:
            while True:
                header = unrarlib.RARHeaderDataEx()
                result = unrar.RARReadHeaderEx(archive.handle, header)
                if result == END_OF_ARCHIVE:
                    return
                _refuse_failure(result, unpacked.name)
                _unpack_one(archive.handle, header, unpacked)
    except unrarlib.BadRarFile as error:
        _refuse_failure(error.code, unpacked.name)


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
        except (SourceError, OSError) as error:  # must not cross the C library: stop it, raise afterwards
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


def has_end(path: Path) -> bool:
    """Tell whether the archive closes with its end block: of RAR 5 (8 bytes) or of RAR 3 and 4 (7 to 20)."""
    with path.open("rb") as packed:
        packed.seek(-min(path.stat().st_size, LONGEST_TAIL), os.SEEK_END)
        tail = packed.read()
    for place in range(len(tail)):
        crc, size, kind = tail[place : place + 4], tail[place + 4 : place + 5], tail[place + 5 : place + 6]
        if (
            kind == b"\x05"
            and size
            and zlib.crc32(tail[place + 4 : place + 5 + size[0]]) == int.from_bytes(crc, "little")
        ):
            return True
        old = tail[place : place + 7]
        if len(old) == 7 and old[2] == OLD_END:
            block = tail[place + 2 : place + int.from_bytes(old[5:7], "little")]
            if zlib.crc32(block) & 0xFFFF == int.from_bytes(old[:2], "little"):
                return True
    return False
