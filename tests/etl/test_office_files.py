"""An office's ordinary files: CSV as Excel in Chile writes it, and workbooks, give the rows of the plain template."""

import csv
import io
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from editions.errors import SourceError
from etl import __main__ as command
from etl.raw.report import RowsRejectedError, Staged, as_text
from tests.etl.fixtures.months import MONTH, rows, sound_lines, stage_bytes, stage_one

NAMES = ["periodo", "exportador", "region", "comuna", "hs", "pais", "flujo", "fob_usd", "tamano", "sector"]
ROWS = [
    ["2025-01", "76.123.456-0", "08", "08101", "08093010", "225", "bienes", "1234.50", "pequena", "Fruta, viña"],
    ["2025-02", "99.000.111-1", "16", "16101", "44071100", "336", "bienes", "20000", "sin_informacion", "Árboles"],
]
ROUND_NAMES = ["encuentro", "version", "inicio", "termino", "region", "paises", "negocios_cerrados_usd", "fuente"]
ROUNDS = [
    ["Encuentro de prueba", "2024", "2024-05-06", "2024-05-10", "08", "12", "1500000", "Memoria de la oficina"],
    ["Encuentro de prueba", "2025", "2025-06", "", "CL", "", "2000.5", "Memoria; página 3"],
]
TITLES = ["Período", "EXPORTADOR", "Región", "Comuna", "HS", "País", "Flujo", "FOB USD", "Tamaño", "Sector"]
Table = list[list[Any]]


def as_csv(
    table: Sequence[Sequence[Any]], *, delimiter: str = ";", encoding: str = "utf-8", quoting: Any = csv.QUOTE_MINIMAL
) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, quoting=quoting).writerows(table)
    return text.getvalue().encode(encoding)


def with_column(table: Table, place: int, values: Sequence[Any]) -> Table:
    return [[*row[:place], value, *row[place + 1 :]] for row, value in zip(table, values, strict=True)]


def book(sheets: dict[str, Table], *, hidden: Sequence[str] = ()) -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for title, table in sheets.items():
        sheet = made.create_sheet(title)
        for row in table:
            sheet.append(row)
        sheet.sheet_state = "hidden" if title in hidden else "visible"
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


CELLS: Table = [  # as cells of the right type, with what a numeric cell loses
    [datetime(2025, 1, 15), "76.123.456-0", 8, 8101, 8093010, 225, "Bienes", 1234.5, "Pequeña", "Fruta, viña"],
    [date(2025, 2, 28), "99.000.111-1", 16, 16101, 44071100, 336, "BIENES", 20000, "Sin información", "Árboles"],
]
ROUND_CELLS: Table = [
    [*ROUNDS[0][:1], 2024, date(2024, 5, 6), datetime(2024, 5, 10), 8, 12, 1500000, ROUNDS[0][7]],
    [*ROUNDS[1][:1], 2025, "junio 2025", None, "cl", None, 2000.5, ROUNDS[1][7]],
]


def written_book() -> bytes:
    """A workbook of another writer, with months as Excel shows them (ene-25) and a total that was computed."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as made:
        sheet = made.add_worksheet("Registro")
        month = made.add_format({"num_format": "mmm-yy"})
        sheet.write_row(0, 0, TITLES)
        for number, row in enumerate(CELLS, 1):
            sheet.write_datetime(number, 0, row[0], month)
            sheet.write_row(number, 1, row[1:])
        sheet.write(3, 6, "Total")
        sheet.write_formula(3, 7, "=SUM(H2:H3)", None, 21234.5)
    return content.getvalue()


BLANK = [""] * len(NAMES)
LOADED: dict[str, tuple[bytes, str]] = {  # how the office saved it → the bytes, and what the report says of it
    "cp1252 with accents": (as_csv([TITLES, *ROWS], encoding="cp1252"), "Letras leídas como Windows-1252"),
    "UTF-8 with mark": (as_csv([TITLES, *ROWS], encoding="utf-8-sig"), ""),
    "commas": (as_csv([NAMES, *ROWS], delimiter=","), "Celdas separadas por comas."),
    "tabs": (as_csv([NAMES, *ROWS], delimiter="\t"), "Celdas separadas por tabuladores."),
    "every cell in quotes": (as_csv([TITLES, *ROWS], delimiter=",", quoting=csv.QUOTE_ALL), "separadas por comas"),
    "titles above": (
        as_csv([["Registro 2025", *BLANK[1:]], ["Oficina; Biobío", *BLANK[1:]], BLANK, TITLES, *ROWS]),
        "Encabezado en la línea 4; lo que está encima no se lee.",
    ),
    "a total below": (
        as_csv([NAMES, *ROWS, BLANK, ["TOTAL GENERAL", *BLANK[1:7], "21234.50", "", ""]]),
        "Fila de totales dejada de lado: línea 5.",
    ),
    "a total without a word": (
        as_csv([NAMES, *ROWS, [*BLANK[:7], "21234.50", "", ""]]),
        "totales dejada de lado: línea 4",
    ),
    "its source below": (
        as_csv([NAMES, *ROWS, BLANK, ["Fuente: declaraciones de la oficina", *BLANK[1:]]]),
        "Notas bajo la tabla dejadas de lado: línea 5.",
    ),
    "dates": (
        as_csv([NAMES, *with_column(ROWS, 0, ["15-01-2025", "28/02/2025 0:00"])]),
        "periodo: fechas leídas como día-mes-año («15-01-2025» es 2025-01).",
    ),
    "months in words": (
        as_csv([NAMES, *with_column(ROWS, 0, ["ene-25", "Febrero de 2025"])]),
        "fechas leídas por su mes",
    ),
    "months first": (as_csv([NAMES, *with_column(ROWS, 0, ["1/15/2025", "2/28/2025"])]), "leídas como mes-día-año"),
    "decimal comma": (as_csv([NAMES, *with_column(ROWS, 7, ["1234,50", "20000,0"])]), ""),
    "thousands": (
        as_csv([NAMES, *with_column(ROWS, 7, ["1.234,50", "20.000"])]),
        "fob_usd: punto leído como separador de miles («1.234,50» es 1234,50).",
    ),
    "a code without its zero": (
        as_csv([NAMES, *with_column(ROWS, 4, ["8093010", "44071100"])]),
        "hs: ceros iniciales devueltos, que Excel quita a los números («8093010» es 08093010).",
    ),
    "a column of nobody's": (
        as_csv([[*NAMES, "Razón Social"], *([*row, "Maderas"] for row in ROWS)]),
        "Columnas que no se leen ni se guardan: «Razón Social».",
    ),
    "empty columns at the end": (as_csv([[*NAMES, "", ""], *([*row, "", ""] for row in ROWS)]), ""),
    "workbook": (book({"Registro": [["Registro 2025"], [], TITLES, *CELLS]}), "Encabezado en la fila 3"),
    "workbook with totals and formulas": (
        book({"Registro": [TITLES, *CELLS, [], ["TOTAL", *[None] * 6, "=SUM(H2:H3)"], ["Fuente: la oficina"]]}),
        "Fila de totales dejada de lado: línea 5.",
    ),
    "workbook with other sheets": (
        book({"Portada": [["Oficina"]], "Datos": [TITLES, *CELLS], "Resumen": [["periodo", "exportador"], ["a", "b"]]}),
        "Hoja leída: «Datos»; las demás no: «Portada», «Resumen».",
    ),
    "workbook with a hidden copy and an empty one": (
        book({"Datos": [TITLES, *CELLS], "Copia": [TITLES, *CELLS[:1]], "Marzo": [TITLES]}, hidden=["Copia"]),
        "Hoja leída: «Datos»",
    ),
    "workbook of another writer": (written_book(), "Fila de totales dejada de lado: línea 4."),
}
ROUNDS_LOADED: dict[str, tuple[bytes, str]] = {
    "some accents": (
        as_csv([["encuentro", "versión", "inicio", "término", "región", "países", *ROUND_NAMES[6:]], *ROUNDS]),
        "",
    ),
    "cp1252, commas, quotes": (
        as_csv(
            [[*ROUND_NAMES[:3], "Término", *ROUND_NAMES[4:]], *ROUNDS],
            delimiter=",",
            encoding="cp1252",
            quoting=csv.QUOTE_ALL,
        ),
        "Windows-1252",
    ),
    "dates and thousands": (
        as_csv(
            [ROUND_NAMES, *with_column(with_column(ROUNDS, 2, ["06-05-2024", "06-2025"]), 6, ["1.500.000", "2.000,5"])]
        ),
        "negocios_cerrados_usd: punto leído como separador de miles",
    ),
    "a total below": (
        as_csv([ROUND_NAMES, *ROUNDS, ["Total", "", "", "", "", "12", "1502000.5", ""]]),
        "de totales dejada",
    ),
    "workbook": (
        book({"Portada": [["x"]], "Encuentros": [["Encuentros"], [], [*ROUND_NAMES, "Contacto"], *ROUND_CELLS]}),
        "Columnas que no se leen ni se guardan: «Contacto».",
    ),
}


def staged_from(content: bytes, folder: Path, case: str) -> Staged:
    folder.mkdir()
    return stage_one(content, folder, name="tabla de la oficina.xlsx" if "workbook" in case else "tabla.csv")


@pytest.mark.parametrize("case", LOADED)
def test_a_register_as_an_office_saves_it_gives_the_rows_of_the_template(tmp_path: Path, case: str) -> None:
    content, words = LOADED[case]
    plain = rows(
        staged_from(as_csv([NAMES, *ROWS]), tmp_path / "plain", "csv"), "SELECT * EXCLUDE (exporter_key) FROM item"
    )
    staged = staged_from(content, tmp_path / "office", case)
    assert rows(staged, "SELECT * EXCLUDE (exporter_key) FROM item") == plain
    assert words in as_text(staged)


@pytest.mark.parametrize("case", ROUNDS_LOADED)
def test_rounds_as_an_office_saves_them_give_the_rows_of_the_template(tmp_path: Path, case: str) -> None:
    content, words = ROUNDS_LOADED[case]
    plain = rows(staged_from(as_csv([ROUND_NAMES, *ROUNDS]), tmp_path / "plain", "csv"), "FROM item")
    staged = staged_from(content, tmp_path / "office", case)
    assert rows(staged, "FROM item") == plain
    assert words in as_text(staged)


def test_a_plain_table_is_read_without_assumptions(tmp_path: Path) -> None:
    assert stage_one(as_csv([NAMES, *ROWS]), tmp_path, name="registro.csv").notes == ()


def test_a_cell_of_two_lines_keeps_the_lines_of_the_rows_below(tmp_path: Path) -> None:
    table = [NAMES, [*ROWS[0][:9], 'Fruta\n"fresca"; seca'], [*ROWS[1][:2], "99", *ROWS[1][3:]]]
    with pytest.raises(RowsRejectedError) as refused:
        stage_bytes(as_csv(table), tmp_path, name="registro.csv")
    assert [(one.line, one.reason.split(" ")[0]) for one in refused.value.rejected] == [(4, "region")]
    staged = stage_one(as_csv(table[:2]), tmp_path, name="registro.csv")
    assert rows(staged, "SELECT declared_sector FROM item") == [('Fruta "fresca"; seca',)]


COMILLAS = "línea 2: unas comillas se abren y no se cierran; ciérrelas o quítelas"
ASKED: dict[str, tuple[bytes, str]] = {
    "two sheets": (
        book({"Enero": [TITLES, CELLS[0]], "Febrero": [TITLES, CELLS[1]]}),
        "las hojas «Enero» y «Febrero» traen la tabla, ¿cuál se carga?; deje en el libro sólo esa",
    ),
    "a formula without its value": (
        book({"R": [TITLES, *with_column(CELLS, 7, [10, "=10*2"])]}),
        "línea 3: fob_usd es una fórmula sin su valor; abra el libro en Excel, guárdelo",
    ),
    "an error in a column that may be empty": (
        book({"R": [TITLES, *with_column(CELLS, 9, ["Fruta", "#N/A"])]}),
        "línea 3: sector trae el error «#N/A» de Excel",
    ),
    "days or months first": (
        as_csv([NAMES, *with_column(ROWS, 0, ["01/01/2025", "02/01/2025"])]),
        "periodo «01/01/2025», «02/01/2025» no es un mes AAAA-MM",
    ),
    "thousands or decimals": (
        as_csv([NAMES, *with_column(ROWS, 7, ["1.234", "20.000"])]),
        "fob_usd «1.234», «20.000» no es",
    ),
    "a cut code": (as_csv([NAMES, *with_column(ROWS, 4, ["4407110", "250100"])]), "hs «4407110», «250100» no es"),
    "an open quote": (as_csv([NAMES, *ROWS]).replace(b'"', b"").replace(b"Fruta", b'"Fruta'), COMILLAS),
    "an open quote above a closed one": (
        as_csv([NAMES, *ROWS], quoting=csv.QUOTE_ALL).replace('viña"'.encode(), "viña".encode()),
        COMILLAS,
    ),
    "a row in the middle without a firm": (
        as_csv([NAMES, ROWS[0], [*BLANK[:7], "5", "", ""], ROWS[1]]),
        "línea 3: periodo viene vacío",
    ),
}


@pytest.mark.parametrize("case", ASKED)
def test_what_cannot_be_told_is_asked(tmp_path: Path, case: str) -> None:
    content, words = ASKED[case]
    with pytest.raises(SourceError) as refused:
        stage_bytes(content, tmp_path, name="registro")
    assert words in str(refused.value)


def test_services_get_both_zeros_back_and_salt_does_not_become_one(tmp_path: Path) -> None:
    service = [*ROWS[0][:4], "250001", "225", "servicios", *ROWS[0][7:]]
    assert rows(stage_one(as_csv([NAMES, service]), tmp_path), "SELECT hs_code FROM item") == [("00250001",)]
    salt = [*ROWS[0][:4], "250100", *ROWS[0][5:]]
    with pytest.raises(RowsRejectedError, match="hs «250100» no es un código arancelario de 8 cifras"):
        stage_bytes(as_csv([NAMES, salt]), tmp_path)


def broken_month(change: Callable[[bytes], bytes]) -> bytes:
    return b"\n".join(change(text) for text in sound_lines()) + b"\n"


def test_a_load_of_many_files_tells_the_fault_of_each_and_loads_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULSO_DATA", str(tmp_path / "data"))
    files = {
        f"{MONTH:%Y-%m}.txt": broken_month(bytes),
        "corto.txt": broken_month(lambda text: text.rsplit(b";", 1)[0]),
        "registro.csv": as_csv([NAMES, *with_column(ROWS, 2, ["99", "98"])]),
        "sin columnas.csv": as_csv([NAMES[:7], *(row[:7] for row in ROWS)]),
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    assert command.main(["load", *(str(tmp_path / name) for name in files)]) == 1
    said = capsys.readouterr().err
    for words in (
        "Error: corto.txt, línea 1: 83 campos donde se esperan 84",
        "registro.csv, líneas 2 a 3 (2 filas): region «99», «98» no es una región",
        "Error: sin columnas.csv: faltan las columnas «fob_usd» y «tamano» o «ventas_uf»",
        "Error: 3 de 4 archivos no se pueden usar; no se cargó ninguno.",
    ):
        assert words in said
    assert command.main(["load", *(str(tmp_path / name) for name in list(files)[:2])]) == 1
    assert capsys.readouterr().err.endswith("Error: 1 de 2 archivos no se puede usar; no se cargó ninguno.\n")
    assert not list((tmp_path / "data" / "editions").glob("*.duckdb"))
