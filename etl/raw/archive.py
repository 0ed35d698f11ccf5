"""Opens what was received, by its magic bytes: a text as it is, a ZIP or RAR unpacked within limits."""

import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO

from etl.errors import SourceError

# A month is some 6 MB packed and 110 MB unpacked; padded text shrinks up to 40 times.
LARGEST_UNPACKED = 2 << 30
LARGEST_RATIO = 200
RATIO_COUNTS_FROM = 64 << 20
MOST_MEMBERS = 500

ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
RAR_MAGIC = b"Rar!\x1a\x07"
OTHER_PACKERS = {b"7z\xbc\xaf\x27\x1c": "7z", b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zXZ": "xz"}
AGAIN = "vuelva a descargarlo de datos.gob.cl"


@dataclass(frozen=True)
class Member:
    """One file to look at: what to call it in sentences, and where its bytes are."""

    name: str
    path: Path


class Unpacked:
    """Writes members under numbers, never under their names, and counts every byte that comes out."""

    def __init__(self, name: str, packed_bytes: int, folder: Path) -> None:
        self.name, self.packed_bytes, self.folder = name, packed_bytes, folder
        self.members: list[Member] = []
        self._n_bytes = 0
        self._output: BinaryIO | None = None

    def begin(self, member_name: str) -> None:
        """Open the next member. Raises SourceError when its name would lead out of a folder."""
        refuse_bad_name(self.name, member_name)
        if len(self.members) >= MOST_MEMBERS:
            raise SourceError(
                f"{self.name}: trae más de {MOST_MEMBERS} archivos; no es un archivo de Aduanas, no se abre."
            )
        self.end()
        path = self.folder / f"{len(self.members):03d}.member"
        self.members.append(Member(f"{self.name} › {PurePosixPath(member_name).name}", path))
        self._output = path.open("wb")

    def write(self, data: bytes) -> None:
        """Take the next bytes of the open member. Raises SourceError past the limits."""
        self._n_bytes += len(data)
        ratio = self._n_bytes / max(self.packed_bytes, 1)
        if self._n_bytes > LARGEST_UNPACKED or (self._n_bytes > RATIO_COUNTS_FROM and ratio > LARGEST_RATIO):
            raise SourceError(
                f"{self.name}: al abrirlo crece {ratio:.0f} veces, más que un archivo de Aduanas; "
                f"parece una bomba de compresión, no se abre; {AGAIN}."
            )
        if self._output is not None:
            self._output.write(data)

    def end(self) -> None:
        """Close the open member."""
        if self._output is not None:
            self._output.close()
            self._output = None


def members(path: Path, name: str, folder: Path) -> list[Member]:
    """Return the files to look at: the file itself, or what the archive holds, unpacked into `folder`.

    Raises SourceError when the archive is damaged, encrypted, hostile, or holds another archive.
    """
    magic = read_start(path, 8)
    unpacked = Unpacked(name, path.stat().st_size, folder)
    try:
        if magic.startswith(RAR_MAGIC):
            from etl.raw.rar import unpack  # loads a C library only when it is needed

            unpack(path, unpacked)
        elif magic.startswith(ZIP_MAGIC) and not is_workbook(path):
            _unzip(path, unpacked)
        else:
            refuse_packed(name, magic)
            return [Member(name, path)]
    finally:
        unpacked.end()
    if not unpacked.members:
        raise SourceError(f"{name}: el archivo comprimido está vacío; {AGAIN}.")
    for member in unpacked.members:
        start = read_start(member.path, 8)
        if start.startswith((RAR_MAGIC, *ZIP_MAGIC)) and not is_workbook(member.path):
            raise SourceError(
                f"{member.name}: es un archivo comprimido dentro de otro; extráigalo y cárguelo por separado."
            )
        refuse_packed(member.name, start)
    return unpacked.members


def read_start(path: Path, size: int) -> bytes:
    """Return the first bytes of a file."""
    with path.open("rb") as content:
        return content.read(size)


def is_workbook(path: Path) -> bool:
    """Tell whether a ZIP is really a spreadsheet."""
    try:
        with zipfile.ZipFile(path) as packed:
            return "[Content_Types].xml" in packed.namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return False


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
    unpacked.begin(info.filename)
    with packed.open(info) as content:
        for data in _pieces(content):
            unpacked.write(data)


def _pieces(content: IO[bytes]) -> Iterator[bytes]:
    while data := content.read(1 << 18):
        yield data
