"""Opens what was received, by its magic bytes: a text as it is, a ZIP or RAR unpacked by another process."""

import json
import os
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO

from editions.errors import SourceError
from etl.raw import confined
from etl.raw.office_text import find_layout
from etl.raw.repair import BOM
from etl.raw.wording import readable

# A month is some 6 MB packed and 110 MB unpacked; padded text shrinks up to 40 times.
LARGEST_UNPACKED = 2 << 30
LARGEST_RATIO = 200
RATIO_COUNTS_FROM = 64 << 20
MOST_MEMBERS = 500
SECONDS_TO_UNPACK = 120

ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
ZIP_END, ZIP_END_SIZE, LONGEST_ZIP_COMMENT = b"PK\x05\x06", 22, 0xFFFF
ZIP_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # others swell thousands of times inside the library
WORKBOOK_PARTS = (b"[Content_Types].xml", b"_rels/", b"docProps/", b"xl/")
PARQUET_MAGIC = b"PAR1"
HEAD = 1 << 17  # enough of a file to tell what it is
RAR_MAGIC = b"Rar!\x1a\x07"
OTHER_PACKERS = {b"7z\xbc\xaf\x27\x1c": "7z", b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zXZ": "xz"}
AGAIN = "vuelva a descargarlo de datos.gob.cl"


@dataclass(frozen=True)
class Member:
    """One file to look at: what to call it in sentences, and where its bytes are."""

    name: str
    path: Path


class Unpacked:
    """Writes members under numbers, never under their names, and counts every byte that comes out.

    A register is refused and a workbook, which may be one, passed over before a byte of it is on disk: a killed run
    would leave it there.
    """

    def __init__(self, name: str, packed_bytes: int, folder: Path, largest: int = LARGEST_UNPACKED) -> None:
        self.name, self.packed_bytes, self.folder, self.largest = name, packed_bytes, folder, largest
        self.members: list[Member] = []
        self.books: list[str] = []
        self._n_bytes = 0
        self._title = ""
        self._start: bytearray | None = None  # of the open member, until it is known what it is
        self._output: BinaryIO | None = None

    def begin(self, member_name: str) -> None:
        """Open the next member. Raises SourceError when its name would lead out of a folder."""
        refuse_bad_name(self.name, member_name)
        if len(self.members) + len(self.books) >= MOST_MEMBERS:
            raise SourceError(
                f"{self.name}: trae más de {MOST_MEMBERS} archivos; no es un archivo de Aduanas, no se abre."
            )
        self.end()
        self._title, self._start = f"{self.name} › {PurePosixPath(member_name).name}", bytearray()

    def write(self, data: bytes) -> None:
        """Take the next bytes of the open member. Raises SourceError past the limits."""
        self._n_bytes += len(data)
        ratio = self._n_bytes / max(self.packed_bytes, 1)
        if self._n_bytes > self.largest or (self._n_bytes > RATIO_COUNTS_FROM and ratio > LARGEST_RATIO):
            raise SourceError(
                f"{self.name}: al abrirlo crece {ratio:.0f} veces, más que un archivo de Aduanas; "
                f"parece una bomba de compresión, no se abre; {AGAIN}."
            )
        if self._start is not None:
            self._start += data
            if len(self._start) >= HEAD:
                self._open(bytes(self._start))
        elif self._output is not None:
            self._output.write(data)

    def end(self) -> None:
        """Close the open member."""
        if self._start is not None:
            self._open(bytes(self._start))
        self.close()

    def close(self) -> None:
        """Close the file of the open member, whole or not."""
        if self._output is not None:
            self._output.close()
            self._output = None

    def _open(self, start: bytes) -> None:
        """Begin the file of a member whose start is known."""
        self._start = None
        if _begins_workbook(start):
            self.books.append(self._title)
            return
        if _begins_register(start):
            raise SourceError(f"{self._title}: es un registro de exportadores; extráigalo y cárguelo sin comprimir.")
        path = self.folder / f"{len(self.members):03d}.member"
        self.members.append(Member(self._title, path))
        self._output = path.open("wb")
        self._output.write(start)


def members(path: Path, name: str, folder: Path) -> tuple[list[Member], list[str]]:
    """Return the files to look at: the file itself, or what the archive holds, unpacked into `folder`; and the titles
    of workbooks in it, which are not unpacked.

    Raises SourceError when the archive is damaged, encrypted, hostile, or holds another archive.
    """
    magic = read_start(path, 8)
    if not magic.startswith((RAR_MAGIC, *ZIP_MAGIC)):
        refuse_packed(name, magic)
        return [Member(name, path)], []
    limits = confined.Limits(seconds=SECONDS_TO_UNPACK, written=LARGEST_UNPACKED + 1)
    stranger = confined.Stranger(path, name, AGAIN)
    with confined.run("etl.raw.archive:unpack", str(folder), LARGEST_UNPACKED, on=stranger, limits=limits) as answer:
        unpacked, books = json.load(answer)
    found = [Member(title, folder / file) for title, file in unpacked]
    return (found, books) if found or books else ([Member(name, path)], [])


def unpack(answer: IO[bytes], path: str, name: str, folder: str, largest: int) -> None:
    """Unpack the archive into the folder and answer with the names of its members and files, and of its workbooks; if
    it is one itself, with none.
    """
    packed = Path(path)
    if is_zip(packed) and _is_workbook(packed):
        answer.write(b"[[], []]")
        return
    unpacked = Unpacked(name, packed.stat().st_size, Path(folder), largest)
    try:
        if is_zip(packed):
            _unzip(packed, unpacked)
        else:
            from etl.raw.rar import unpack as unrar  # loads a C library only when it is needed

            unrar(packed, unpacked)
        unpacked.end()
    finally:
        unpacked.close()
    if not unpacked.members and not unpacked.books:
        raise SourceError(f"{name}: el archivo comprimido está vacío; {AGAIN}.")
    for member in unpacked.members:
        start = read_start(member.path, 8)
        if start.startswith((RAR_MAGIC, *ZIP_MAGIC)):
            raise SourceError(
                f"{member.name}: es un archivo comprimido dentro de otro; extráigalo y cárguelo por separado."
            )
        refuse_packed(member.name, start)
    found = [(member.name, member.path.name) for member in unpacked.members]
    answer.write(json.dumps([found, unpacked.books]).encode())


def read_start(path: Path, size: int) -> bytes:
    """Return the first bytes of a file."""
    with path.open("rb") as content:
        return content.read(size)


def is_zip(path: Path) -> bool:
    """Tell whether a file is a ZIP. Among the `members` that can only be a workbook: other ZIPs are unpacked."""
    return read_start(path, 4) in ZIP_MAGIC


def _begins_workbook(start: bytes) -> bool:
    """Tell by the first file of a ZIP whether it is a workbook, as the programs that write them begin it."""
    size = int.from_bytes(start[26:28], "little")
    return start.startswith(ZIP_MAGIC[0]) and start[30 : 30 + size].startswith(WORKBOOK_PARTS)


def _begins_register(start: bytes) -> bool:
    if start.startswith(PARQUET_MAGIC):
        return True
    layout = find_layout(readable(start.removeprefix(BOM)))
    return layout is not None and layout.source_id == "registro"


def _is_workbook(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as packed:
            return "[Content_Types].xml" in packed.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False


@dataclass(frozen=True)
class ZipEnd:
    """What the last record of a ZIP says."""

    n_members: int
    comment_size: int


def zip_end(path: Path) -> ZipEnd | None:
    """Return what the end of a ZIP says, None when it is cut. Reads its tail only."""
    with path.open("rb") as packed:
        packed.seek(-min(path.stat().st_size, ZIP_END_SIZE + LONGEST_ZIP_COMMENT), os.SEEK_END)
        tail = packed.read()
    place = tail.rfind(ZIP_END)
    if place < 0 or len(tail) - place < ZIP_END_SIZE:
        return None
    numbers = [int.from_bytes(tail[place + at : place + at + 2], "little") for at in (10, 20)]
    return ZipEnd(*numbers) if len(tail) - place == ZIP_END_SIZE + numbers[1] else None


def refuse_packed(name: str, magic: bytes) -> None:
    """Raise SourceError for the packers that customs does not use."""
    for start, packer in OTHER_PACKERS.items():
        if magic.startswith(start):
            raise SourceError(
                f"{name}: es un archivo {packer}, se espera txt, csv, zip o rar; ábralo y cargue el texto."
            )


def refuse_bad_name(name: str, member_name: str) -> None:
    """Raise SourceError for a member name that points outside the folder it is unpacked in."""
    parts = member_name.replace("\\", "/").split("/")
    if ".." in parts or parts[0] == "" or ":" in parts[0] or "\0" in member_name:
        raise SourceError(
            f"{name}: trae un nombre que apunta fuera de su carpeta («{member_name[:80]}»); no se abre; {AGAIN}."
        )


def _unzip(path: Path, unpacked: Unpacked) -> None:
    name = unpacked.name
    end = zip_end(path)
    if end is not None and end.comment_size:
        raise SourceError(
            f"{name}: el ZIP trae un comentario, y los de Aduanas no llevan ninguno; no se abre; {AGAIN}."
        )
    try:
        with zipfile.ZipFile(path) as packed:
            for info in packed.infolist():
                _unzip_one(packed, info, unpacked)
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise SourceError(f"{name}: el ZIP está dañado o incompleto; {AGAIN}.") from error
    except NotImplementedError as error:
        raise SourceError(
            f"{name}: usa una compresión ZIP que no se puede leer; extráigalo y cargue el texto."
        ) from error


def _unzip_one(packed: zipfile.ZipFile, info: zipfile.ZipInfo, unpacked: Unpacked) -> None:
    refuse_bad_name(unpacked.name, info.filename)
    if info.is_dir() or info.filename.startswith("__MACOSX/"):
        return
    if stat.S_ISLNK(info.external_attr >> 16):
        raise SourceError(f"{unpacked.name}: «{info.filename[:80]}» es un enlace, no un archivo; no se abre; {AGAIN}.")
    if info.flag_bits & 1:
        raise SourceError(f"{unpacked.name}: tiene contraseña; extráigalo y cargue el texto.")
    if info.compress_type not in ZIP_METHODS:
        raise NotImplementedError
    unpacked.begin(info.filename)
    with packed.open(info) as content:
        for data in _pieces(content):
            unpacked.write(data)


def _pieces(content: IO[bytes]) -> Iterator[bytes]:
    while data := content.read(1 << 18):
        yield data
