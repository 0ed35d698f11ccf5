"""What is not a month of customs gets one sentence that says what was found, where, and what to do."""

import os
from datetime import date
from pathlib import Path

import pytest

from editions.errors import SourceError
from editions.folders import Workspace
from etl.raw.stage import stage
from tests.etl.customs_text import month_lines
from tests.etl.fixtures.months import sound_lines, spoiled, stage_bytes, stage_one, with_field

SOUND = b"\n".join(sound_lines()) + b"\n"


def narrowed(n_fields: int) -> bytes:
    return b"\n".join(b";".join(text.split(b";")[:n_fields]) for text in sound_lines()) + b"\n"


def joined(text: bytes) -> bytes:
    return text + b";04012024;1;22;98;ROTULADO;04012024;1;045-87646182;06122023;LAN CHILE;493330"


REFUSED = {
    "empty file": (b"", "enero.rar: el archivo está vacío; vuelva a descargarlo"),
    "blank file": (b"\n \r\n\n", "enero.rar: el archivo sólo trae líneas en blanco"),
    "HTML page": (b"<!DOCTYPE html>\n<html><body>504 Gateway Time-out</body></html>", "enero.rar: es una página web"),
    "HTML page after blanks": (b"\r\n\r\n  <HTML><HEAD></HEAD></HTML>", "enero.rar: es una página web"),
    "XML error": (b"<?xml version='1.0'?><Error><Code>NoSuchKey</Code></Error>", "enero.rar: es una página web"),
    "PDF": (b"%PDF-1.7\n%\xe2\xe3", "enero.rar: es un PDF"),
    "UTF-16 with mark": (SOUND.decode("latin-1").encode("utf-16"), "enero.rar: está en UTF-16"),
    "UTF-16 without mark": (SOUND.decode("latin-1").encode("utf-16-le"), "enero.rar: está en UTF-16"),
    "83 fields": (narrowed(83), "enero.rar, línea 1: 83 campos donde se esperan 84; vuelva a descargar"),
    "85 fields": (SOUND.replace(b"\n", b";\n"), "enero.rar, línea 1: 85 campos donde se esperan 84"),
    "63 fields throughout": (narrowed(63), "enero.rar, línea 1: 63 campos donde se esperan 84"),
    "95 fields": (
        b"\n".join(joined(text) for text in sound_lines()) + b"\n",
        "enero.rar, línea 1: 95 campos donde se esperan 84; es un extracto unido con bultos y documentos de transporte",
    ),
    "commas for semicolons": (SOUND.replace(b",", b".").replace(b";", b","), "no es un archivo de Aduanas"),
    "CSV of something else": (b"anio,region,valor\n2024,8,12\n", "enero.rar, línea 1: no es un archivo de Aduanas"),
    "semicolon CSV of something else": (b"anio;region;valor\n2024;8;12\n", r"empieza con «anio;region;valor»"),
    "binary": (bytes(range(1, 256)) * 40, "no es un archivo de Aduanas"),
    "84 fields of something else": ((b";".join([b"x"] * 84) + b"\n") * 200, "no es un archivo de Aduanas"),
    "cut within its last line": (SOUND[:-60], r"enero.rar, línea 240: el archivo termina a mitad de un registro"),
    "cut after a separator": (
        b"\n".join([*sound_lines()[:-1], b";".join(sound_lines()[-1].split(b";")[:63])]),
        r"línea 240: el archivo termina a mitad de un registro \(63 campos de 84, sin fin de línea\)",
    ),
    "day of another month": (
        spoiled(7, with_field("FECHAACEPT", "03022024")),
        "enero.rar, línea 7: FECHAACEPT 03-02-2024 no es de 2024-01, el mes del archivo; vuelva a descargar",
    ),
    "half a month by days": (
        b"\n".join(text for text in sound_lines() if text[:2] != b"31") + b"\n",
        r"2024-01 viene incompleto: sólo trae los días 1 a 15 de 31; vuelva a descargarlo .* --extract y la razón",
    ),
    "half of the rows": (
        b"\n".join(with_field("TOTALITEM", "2")(text) for text in sound_lines()) + b"\n",
        "2024-01 viene incompleto: sólo el 0,0 % de las declaraciones trae todos los ítems que declara",
    ),
    "a separator of thousands or of three decimals": (
        b"\n".join(with_field("FOBUS", f"37.{n:03d}")(text) for n, text in enumerate(sound_lines())) + b"\n",
        r"FOBUS trae valores como «37.\d{3}», siempre con tres cifras tras el punto, y no se sabe si separa miles o",
    ),
    "the same with numbers under a thousand": (
        b"\n".join(with_field("FOBUS", f"{n},250" if n > 99 else f"{n}")(text) for n, text in enumerate(sound_lines())),
        r"FOBUS trae valores como «\d{3},250», siempre con tres cifras tras la coma",
    ),
    "a total of the declaration that may be thousands": (
        b"\n".join(with_field("TOTALVALORFOB", "1.000")(text) for text in sound_lines()) + b"\n",
        "TOTALVALORFOB trae valores como «1.000»",
    ),
    "both separators in one column": (
        spoiled(7, with_field("FOBUS", "1006.50")),
        r"FOBUS trae valores con punto \(«1006.50»\) y con coma \(«1000,50»\), y no se sabe cuál separa decimales",
    ),
    "weights that may be thousands": (
        b"\n".join(with_field("PESOBRUTOITEM", "1.500")(text) for text in sound_lines()) + b"\n",
        "PESOBRUTOITEM trae valores como «1.500»",
    ),
    "a line without end": (sound_lines()[0] + b"x" * (3 << 20) + b"\n" + SOUND, "una línea mide más de 1 MB"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_bad_file_is_refused_in_one_sentence_and_nothing_stays_behind(case: str, tmp_path: Path) -> None:
    content, sentence = REFUSED[case]
    with pytest.raises(SourceError, match=sentence) as refused:
        stage_bytes(content, tmp_path, name="enero.rar")
    said = str(refused.value)
    assert "\n" not in said
    assert said.endswith(".")
    assert len(said) < 400
    assert list((tmp_path / "data" / "build").iterdir()) == []


TOLD_APART = {  # field → values that only a decimal separator can have
    "four figures before it": ("FOBUS", ("1234,567", "12,345")),
    "a zero before it": ("FOBUS", ("0,500", "12,345")),
    "three decimals of a weight beside money with two": ("PESOBRUTOITEM", ("1,500",)),
}


@pytest.mark.parametrize("case", TOLD_APART)
def test_a_separator_that_can_be_told_is_read(case: str, tmp_path: Path) -> None:
    field, values = TOLD_APART[case]
    lines = [with_field(field, values[n % len(values)])(text) for n, text in enumerate(sound_lines())]
    assert stage_one(b"\n".join(lines) + b"\n", tmp_path).rejected == ()


@pytest.mark.parametrize(
    ("case", "is_complete"), [("half a month by days", False), ("half of the rows", True)], ids=["days", "rows"]
)
def test_part_of_a_month_is_taken_when_it_is_said_to_be_one_and_judged_by_its_days(
    case: str, is_complete: bool, tmp_path: Path
) -> None:
    staged = stage_one(REFUSED[case][0], tmp_path, extract="sólo una parte")
    assert staged.completeness.is_complete is is_complete
    assert "de una parte declarada (sólo una parte)" in staged.completeness.reason
    assert staged.extract == "sólo una parte"
    with pytest.raises(SourceError, match="viene incompleto"):
        stage(tmp_path / "enero.txt", Workspace(tmp_path / "data"))


def test_a_month_far_below_its_published_row_count_is_refused(tmp_path: Path) -> None:
    content = "\n".join(month_lines(date(2025, 3, 1))).encode() + b"\n"
    with pytest.raises(SourceError, match=r"2025-03 viene incompleto: trae 90 filas de 100.956 publicadas"):
        stage_bytes(content, tmp_path)


def test_a_demo_month_is_told_by_its_text_and_not_held_to_published_counts(tmp_path: Path) -> None:
    marked = [
        with_field("OBSERVACION", "DEMOSTRACION NO CITAR")(text.encode()) for text in month_lines(date(2025, 3, 1))
    ]
    staged = stage_one(b"\n".join(marked) + b"\n", tmp_path)
    assert staged.is_demo
    assert staged.completeness.is_complete


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    place = Workspace(tmp_path / "data")
    with pytest.raises(SourceError, match=r"enero.txt: no existe; revise la ruta"):
        stage(tmp_path / "enero.txt", place)
    with pytest.raises(SourceError, match="es una carpeta; indique los archivos que trae"):
        stage(tmp_path, place)


@pytest.mark.skipif(os.geteuid() == 0, reason="a quien administra el equipo no se le niega la lectura")
def test_a_file_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / "enero.txt"
    path.write_bytes(SOUND)
    path.chmod(0)
    with pytest.raises(SourceError, match=r"enero.txt: no hay permiso para leerlo"):
        stage(path, Workspace(tmp_path / "data"))
