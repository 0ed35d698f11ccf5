"""Reads a RAR: first its headers, in plain Python, then its members through the UnRAR library, in another process."""

import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from unrar.cffi import unrarlib
from unrar.cffi._unrarlib import ffi
from unrar.cffi._unrarlib import lib as unrar

from editions.errors import SourceError
from etl.raw.archive import AGAIN, MOST_MEMBERS, Unpacked

# -- Reads the headers of a RAR in plain Python, before any library does: whether it is whole, and what is odd
# in it.

START_5, START_4 = b"Rar!\x1a\x07\x01\x00", b"Rar!\x1a\x07\x00"
MOST_BLOCKS = 4 * MOST_MEMBERS
SERVICE_5, ENCRYPTION_5, END_5 = 3, 4, 5
MAIN_4, FILE_4, OLD_COMMENT_4, SERVICE_4, END_4 = b"\x73", b"\x74", b"\x75", b"\x7a", b"\x7b"
HAS_COMMENT_4, HAS_PASSWORD_4, IS_LARGE_4, HAS_DATA_4 = 0x02, 0x80, 0x100, 0x8000
COMMENT = b"CMT"  # the name of the service block that holds a comment


@dataclass(frozen=True)
class Block:
    """One header, and how many bytes of data follow it."""

    data_size: int
    is_end: bool
    is_comment: bool
    is_locked: bool


def has_end(path: Path) -> bool:
    """Tell whether the archive closes with its end block, or is locked so that nobody can tell."""
    return any(block.is_end or block.is_locked for block in _blocks(path))


def refuse_odd_headers(path: Path, name: str) -> None:
    """Raise SourceError for a comment, a password over all, too many blocks or a missing end."""
    blocks = list(_blocks(path))
    for block in blocks:
        if block.is_locked:
            raise SourceError(f"{name}: tiene contraseña; extráigalo y cargue el texto.")
        if block.is_comment:
            raise SourceError(
                f"{name}: el RAR trae un comentario, y los de Aduanas no llevan ninguno; no se abre; {AGAIN}."
            )
        if block.is_end:
            return
    if len(blocks) == MOST_BLOCKS:
        raise SourceError(f"{name}: trae demasiados archivos; no es un archivo de Aduanas, no se abre.")
    raise SourceError(f"{name}: el RAR está dañado o incompleto (le falta el final); {AGAIN}.")


def _blocks(path: Path) -> Iterator[Block]:
    """Yield the headers in order as far as they are sound and whole; the end, or a lock, is the last."""
    length = path.stat().st_size
    with path.open("rb") as packed:
        start = packed.read(len(START_5))
        read = _block_5 if start == START_5 else _block_4
        packed.seek(len(START_5) if start == START_5 else len(START_4))
        for _ in range(MOST_BLOCKS):
            block = read(packed)
            if block is None or packed.tell() + block.data_size > length:
                return
            yield block
            if block.is_end or block.is_locked:
                return
            packed.seek(block.data_size, os.SEEK_CUR)


def _block_5(packed: IO[bytes]) -> Block | None:
    """Return the next header of a RAR 5, None when it is cut, damaged or longer than the format lets it be."""
    checksum, size_bytes = packed.read(4), b""
    while not size_bytes or size_bytes[-1] & 0x80:
        byte = packed.read(1)
        if not byte or len(size_bytes) == 3:
            return None
        size_bytes += byte
    try:
        header = packed.read(_number(size_bytes, 0)[0])
        if zlib.crc32(size_bytes + header) != int.from_bytes(checksum, "little"):
            return None
        kind, place = _number(header, 0)
        flags, place = _number(header, place)
        if flags & 1:
            _, place = _number(header, place)
        data_size = _number(header, place)[0] if flags & 2 else 0
    except IndexError:
        return None
    return Block(data_size, kind == END_5, kind == SERVICE_5 and COMMENT in header, kind == ENCRYPTION_5)


def _block_4(packed: IO[bytes]) -> Block | None:
    """Return the next header of a RAR 3 or 4, None when it is cut or damaged."""
    start = packed.read(7)
    kind, flags, size = start[2:3], int.from_bytes(start[3:5], "little"), int.from_bytes(start[5:7], "little")
    header = start + packed.read(max(size - len(start), 0))
    is_comment = (kind == MAIN_4 and bool(flags & HAS_COMMENT_4)) or kind == OLD_COMMENT_4
    is_sound = is_comment or zlib.crc32(header[2:]) & 0xFFFF == int.from_bytes(header[:2], "little")
    if len(header) != max(size, 7) or not is_sound:  # the checksum of a header leaves an old comment in it out
        return None
    has_data = kind in (FILE_4, SERVICE_4) or flags & HAS_DATA_4
    data_size = int.from_bytes(header[7:11], "little") if has_data else 0
    if kind in (FILE_4, SERVICE_4) and flags & IS_LARGE_4:
        data_size += int.from_bytes(header[32:36], "little") << 32
    is_comment = is_comment or (kind == SERVICE_4 and COMMENT in header)
    return Block(data_size, kind == END_4, is_comment, kind == MAIN_4 and bool(flags & HAS_PASSWORD_4))


def _number(content: bytes, place: int) -> tuple[int, int]:
    """Return the number of variable length at `place` and the place after it. Raises IndexError past the end."""
    number = 0
    for shift in range(0, 70, 7):
        byte = content[place]
        number, place = number | (byte & 0x7F) << shift, place + 1
        if not byte & 0x80:
            return number, place
    raise IndexError


# -- Unpacks a RAR through the UnRAR library, member by member and piece by piece. Only ever run by
# `confined`.

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
