"""Archives: known by their first bytes, unpacked within limits, refused whole when damaged or hostile."""

import zipfile
from pathlib import Path

import openpyxl
import pytest

from editions.errors import SourceError
from editions.folders import Workspace
from etl.raw import archive
from etl.raw.stage import stage
from tests.etl.fixtures import archives
from tests.etl.fixtures.months import N_ITEMS, sound_lines, stage_bytes, stage_one

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "raw" / "dus_bultos"
TEXT = b"\n".join(sound_lines()) + b"\n"
BULTOS = b"12575768;04012024;1;76;1;                  \n12611638;04012024;1;40;126;AQUACHILE  \n"
TRANSPORT = b"12575768;04012024;1;045-87646182;06122023;LAN CHILE;493330  \n"


@pytest.mark.parametrize(
    "packed",
    [archives.zipped({"enero.txt": TEXT}), archives.rar5({"enero.txt": TEXT}), archives.rar4({"enero.txt": TEXT})],
    ids=["zip", "rar5", "rar4"],
)
@pytest.mark.parametrize("name", ["enero.rar", "enero.zip", "enero"])
def test_an_archive_is_known_by_its_content_whatever_its_name(packed: bytes, name: str, tmp_path: Path) -> None:
    staged = stage_one(packed, tmp_path, name=name)
    assert (staged.source_id, staged.rows_read) == ("aduanas_dus", N_ITEMS)
    assert staged.passport.name == name
    assert staged.passport.size_bytes == len(packed)


def test_packages_and_transport_documents_beside_the_month_are_left_aside_with_a_word(tmp_path: Path) -> None:
    members = {"bultos.txt": BULTOS, "Exportaciones enero.txt": TEXT, "doctos.txt": TRANSPORT}
    staged = stage_one(archives.rar5(members), tmp_path, name="enero.rar")
    assert staged.rows_read == N_ITEMS
    assert staged.set_aside == (
        "enero.rar › bultos.txt: archivo de bultos: no trae valores, no hace falta cargarlo.",
        "enero.rar › doctos.txt: archivo de documentos de transporte: no trae valores, no hace falta cargarlo.",
    )


def test_a_file_of_packages_alone_gives_nothing_to_load_and_says_why(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert stage_bytes(BULTOS, tmp_path, name="bultos.txt") == []
    assert "bultos.txt: archivo de bultos" in caplog.text


@pytest.mark.skipif(not SHARED.is_dir(), reason="los archivos reales de bultos no están en ../shared/data")
def test_the_real_package_archive_and_the_real_dictionary_are_left_aside(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    place = Workspace(tmp_path / "data")
    for path in sorted(SHARED.glob("*.zip")) + sorted(SHARED.glob("*.xlsx")):
        assert stage(path, place) == []
    assert "archivo de bultos" in caplog.text
    assert "libro de Excel" in caplog.text


def test_a_workbook_is_not_taken_for_an_archive(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "diccionario.xlsx"
    openpyxl.Workbook().save(path)
    assert stage(path, Workspace(tmp_path / "data")) == []
    assert "diccionario.xlsx: libro de Excel" in caplog.text


BAD_NAMES = ["../fuera.txt", "/etc/fuera.txt", "a/../../fuera.txt", "..\\fuera.txt", "C:\\fuera.txt"]


@pytest.mark.parametrize("member", BAD_NAMES)
@pytest.mark.parametrize("make", [archives.zipped, archives.rar5], ids=["zip", "rar"])
def test_a_member_name_that_leads_out_of_its_folder_is_refused(make, member: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"enero.rar: trae un nombre que apunta fuera de su carpeta"):
        stage_bytes(make({member: TEXT}), tmp_path, name="enero.rar")
    assert not list(tmp_path.rglob("fuera*"))


REFUSED = {
    "zip cut short": (archives.zipped({"enero.txt": TEXT})[:-300], "el ZIP está dañado o incompleto"),
    "zip with flipped bytes": (
        archives.zipped({"enero.txt": TEXT}, method=zipfile.ZIP_STORED).replace(b"44071100", b"44071109", 1),
        "el ZIP está dañado o incompleto",
    ),
    "zip with password": (archives.zip_said_encrypted({"enero.txt": TEXT}), "tiene contraseña"),
    "zip with a link": (archives.zip_with_symlink("enero.txt", "/etc/passwd"), "es un enlace, no un archivo"),
    "empty zip": (archives.zipped({}), "el archivo comprimido está vacío"),
    "zip in a zip": (
        archives.zipped({"enero.zip": archives.zipped({"a": TEXT})}),
        "un archivo comprimido dentro de otro",
    ),
    "rar in a zip": (
        archives.zipped({"enero.rar": archives.rar5({"a": TEXT})}),
        "un archivo comprimido dentro de otro",
    ),
    "gzip in a rar": (archives.rar5({"enero.gz": b"\x1f\x8b\x08" + bytes(20)}), "es un archivo gzip"),
    "rar cut within a member": (archives.rar5({"enero.txt": TEXT})[:-300], "el RAR está dañado o incompleto"),
    "rar cut in its first header": (archives.rar5({"enero.txt": TEXT})[:12], "el RAR está dañado o incompleto"),
    "rar cut between members": (archives.rar5({"enero.txt": TEXT}, end=False), "el RAR está dañado o incompleto"),
    "rar with flipped bytes": (
        archives.rar5({"enero.txt": TEXT}).replace(b"44071100", b"44071109", 1),
        "el RAR está dañado o incompleto",
    ),
    "rar 4 cut within a member": (archives.rar4({"enero.txt": TEXT})[:-300], "el RAR está dañado o incompleto"),
    "rar with a link": (archives.rar5({"enero.txt": b""}, extra=archives.symlink_extra("/etc/passwd")), "es un enlace"),
    "rar with password": (archives.rar5({"enero.txt": TEXT}, extra=archives.encryption_extra()), "tiene contraseña"),
    "empty rar": (archives.rar5({}), "el archivo comprimido está vacío"),
    "7z": (b"7z\xbc\xaf\x27\x1c" + bytes(40), "es un archivo 7z"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_damaged_or_hostile_archive_is_refused_and_leaves_nothing(case: str, tmp_path: Path) -> None:
    content, sentence = REFUSED[case]
    with pytest.raises(SourceError, match=sentence) as refused:
        stage_bytes(content, tmp_path, name="enero.rar")
    assert "\n" not in str(refused.value)
    assert [path for path in (tmp_path / "data").rglob("*") if path.is_file()] == []
    assert list((tmp_path / "data" / "build").iterdir()) == []


@pytest.mark.parametrize("make", [archives.zipped, archives.rar5], ids=["zip", "rar"])
def test_an_archive_is_stopped_at_the_size_limit_whatever_it_declares(
    make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "LARGEST_UNPACKED", 20_000)
    with pytest.raises(SourceError, match="parece una bomba de compresión"):
        stage_bytes(make({"enero.txt": TEXT}), tmp_path, name="enero.rar")


def test_an_archive_that_grows_out_of_proportion_is_stopped(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"crece \d+ veces, más que un archivo de Aduanas"):
        stage_bytes(archives.zipped({"enero.txt": bytes(100 << 20)}), tmp_path, name="enero.zip")


def test_two_files_of_one_month_in_an_archive_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="trae dos veces 2024-01"):
        stage_bytes(archives.zipped({"a.txt": TEXT, "b.txt": TEXT}), tmp_path, name="enero.zip")
