"""A table as an Excel workbook: real numbers in «Datos», what they mean and where they come from in «Notas»."""

import io
from datetime import date
from functools import partial

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from indicators.files.table import CONTROLS, MONTH, OWN, Cell, Table, as_month, as_number
from words.language import t

TEXT_LIMIT = 32_000  # Excel refuses a cell of more than 32,767 characters
WIDEST, NARROWEST, NOTE_WIDTH = 48, 11, 100
NUMBERS = {  # unit → how Excel shows it; the separators are those of the reader's own computer
    "usd": "#,##0",
    "fraction": "0.0%",
    "points": "0.0%",
    "pp": "0.00",
    MONTH: "mmm yyyy",
    OWN: "General",
}
PLAIN = "#,##0.###"
SAFE = {  # text stays text: no formula, no link, no number is guessed from it
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def as_xlsx(table: Table, *, details: Table | None = None) -> bytes:
    """Return the workbook; `details` is a second table, in a sheet of its own."""
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed, SAFE) as book:
        style = partial(_style, book)
        _data(book.add_worksheet(t("Datos")), table, style)
        if details is not None:
            _data(book.add_worksheet(t("Detalle")), details, style)
        _notes(book.add_worksheet(t("Notas")), table, style)
        book.set_properties(
            {"title": _fitting(table.notes[0].text) if table.notes else "", "author": "Pulso Exportador"}
        )
    return packed.getvalue()


def _style(book: xlsxwriter.Workbook, **properties: object) -> Format:
    return book.add_format(properties)


def _data(sheet: Worksheet, table: Table, style: partial[Format]) -> None:
    """Write marks, heading and rows; the heading stays in sight."""
    warning, bold = style(bold=True, font_color="#8F3D05"), style(bold=True, bottom=1)
    for place, mark in enumerate(table.marks):
        sheet.write_string(place, 0, _fitting(mark), warning)
    top = len(table.marks)
    looks = {unit: style(num_format=look) for unit, look in NUMBERS.items()}
    plain, day = style(num_format=PLAIN), style(num_format="yyyy-mm-dd")
    for place, column in enumerate(table.columns):
        sheet.write_string(top, place, _fitting(t(column.title)), bold)
        sheet.set_column(place, place, _width(table, place))
    for line, row in enumerate(table.rows, top + 1):
        for place, (cell, column) in enumerate(zip(row, table.columns, strict=True)):
            unit = table.unit_of(row, column) or ""
            value = as_month(cell) or cell if unit == MONTH else cell
            _cell(sheet, line, place, value, day if isinstance(cell, date) else looks.get(unit, plain))
    sheet.freeze_panes(top + 1, 0)


def _cell(sheet: Worksheet, line: int, place: int, cell: Cell, look: Format) -> None:
    """Write one cell by its own type; what is missing stays empty."""
    number = as_number(cell)
    if number is not None:
        sheet.write_number(line, place, number, look)
    elif isinstance(cell, date):
        sheet.write_datetime(line, place, cell, look)
    elif isinstance(cell, str):
        sheet.write_string(line, place, _fitting(cell))


def _notes(sheet: Worksheet, table: Table, style: partial[Format]) -> None:
    bold, wrapped = style(bold=True, valign="top"), style(text_wrap=True, valign="top")
    said = [(t("Aviso"), mark) for mark in table.marks] + [(t(note.title), note.text) for note in table.notes]
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 1, NOTE_WIDTH)
    for line, (title, text) in enumerate(said):
        sheet.write_string(line, 0, _fitting(title), bold)
        sheet.write_string(line, 1, _fitting(text), wrapped)


def _width(table: Table, place: int) -> int:
    longest = max((len(str(row[place] or "")) for row in table.rows), default=0)
    return max(NARROWEST, min(WIDEST, max(longest, len(t(table.columns[place].title))) + 2))


def _fitting(text: str) -> str:
    """Return text that an Excel cell can hold."""
    clean = CONTROLS.sub("", text)
    return clean if len(clean) <= TEXT_LIMIT else f"{clean[:TEXT_LIMIT]}…"
