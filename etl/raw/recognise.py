"""What a text is, told by its content alone: the name of a file promises nothing."""

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from editions.errors import SourceError
from etl.raw import bcch
from etl.raw.archive import AGAIN, HEAD, is_zip, read_start
from etl.raw.cells import find_sheet
from etl.raw.office_table import is_parquet, parquet_names
from etl.raw.office_text import find_layout, has_all, table_of
from etl.raw.repair import BOM
from etl.raw.sii import is_sii, kind_of
from etl.raw.source import fields
from etl.raw.wording import plain, readable

DATE = re.compile(r" *\d{8} *")
NUMBER = re.compile(r" *\d+ *")
DEMO_MARK = "DEMOSTRACION NO CITAR"
DEMO_REGISTER_START = "# DATOS DE DEMOSTRACI"
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
NOT_TEXT = {b"%PDF": "un PDF", b"\xd0\xcf\x11\xe0": "un libro de Excel antiguo (xls)"}
N_BULTOS, N_TRANSPORT, N_JOINED = 6, 7, 95

BULTOS = "archivo de bultos: no trae valores, no hace falta cargarlo."
TRANSPORT = "archivo de documentos de transporte: no trae valores, no hace falta cargarlo."
WORKBOOK = (
    "libro de Excel sin una tabla conocida (¿un diccionario de datos?): no trae registros, no hace falta cargarlo."
)


@dataclass(frozen=True)
class Kind:
    """What a file is: one of our sources, or something to leave aside with these words."""

    source_id: str | None
    set_aside: str | None = None
    is_demo: bool = False


def recognise(path: Path, name: str) -> Kind:
    """Return what the file is. Raises SourceError when it is nothing the ETL knows, or damaged."""
    if is_zip(path):
        return _workbook(path, name)
    if is_parquet(path):
        return _parquet(path, name)
    head = read_start(path, HEAD)
    _refuse_other_content(head, name)
    if bcch.is_answer(head):
        return Kind(bcch.SOURCE)
    lines = _lines(head)
    if not lines:
        raise SourceError(f"{name}: el archivo sólo trae líneas en blanco; {AGAIN}.")
    return _by_header(lines) or _by_shape(lines, name)


def _refuse_other_content(head: bytes, name: str) -> None:
    """Raise SourceError for what is no text of ours at all."""
    start = head.lstrip(b" \r\n\t" + BOM)[:512].lower()
    if not head:
        raise SourceError(f"{name}: el archivo está vacío; {AGAIN}.")
    if start.startswith((b"<!doctype", b"<html", b"<head", b"<?xml", b"<body")):
        raise SourceError(
            f"{name}: es una página web (HTML), quizá un mensaje de error guardado como archivo; {AGAIN}."
        )
    for magic, what in NOT_TEXT.items():
        if head.startswith(magic):
            raise SourceError(f"{name}: es {what}, no un texto de Aduanas; cargue el archivo principal del mes.")
    if head.startswith(UTF16_MARKS) or head.count(0) * 4 > len(head):
        raise SourceError(f"{name}: está en UTF-16; cargue el archivo tal como se publica o guárdelo como texto UTF-8.")


def _lines(head: bytes) -> list[str]:
    """Return the whole lines at the start of the file, blank ones left out."""
    whole = head if len(head) < HEAD else head[: head.rfind(b"\n") + 1 or None]
    text = readable(whole.removeprefix(BOM))
    return [line for line in text.split("\n") if line.strip()]


def _by_header(lines: list[str]) -> Kind | None:
    """Return the kind of a file that says what it is in its header; a table kept by hand may have titles above it."""
    is_demo = lines[0].lstrip('"').startswith(DEMO_REGISTER_START)
    header = next((line for line in lines if not line.startswith("#")), lines[0])
    if {plain(field) for field in fields("aduanas_salidas")} <= {plain(part) for part in header.split(";")}:
        return Kind("aduanas_salidas")
    layout = find_layout("\n".join(lines))
    return Kind(layout.source_id, is_demo=is_demo) if layout else None


def _workbook(path: Path, name: str) -> Kind:
    sheet = find_sheet(
        path,
        name,
        lambda names: is_sii(names) or table_of(names) is not None,
        lambda names: is_sii(names) or has_all(names),
    )
    if sheet is None:
        return Kind(None, WORKBOOK)
    if is_sii(frozenset(sheet.names)):
        return Kind(kind_of(sheet.names))
    return Kind(table_of(sheet.titles), is_demo=sheet.above.startswith(DEMO_REGISTER_START))


def _parquet(path: Path, name: str) -> Kind:
    source_id = table_of(parquet_names(path, name))
    if source_id is None:
        raise SourceError(
            f"{name}: es un Parquet sin las columnas de un registro de exportadores; vea docs/REGISTER.md."
        )
    return Kind(source_id)


def _by_shape(lines: list[str], name: str) -> Kind:
    """Return the kind of a file without header: how many fields its lines have, what the first ones hold."""
    n_fields = Counter(line.count(";") + 1 for line in lines).most_common(1)[0][0]
    sample = next(line for line in lines if line.count(";") + 1 == n_fields).split(";")
    expected = len(fields("aduanas_dus"))
    if n_fields == expected and _looks_like_declaration(sample):
        return Kind("aduanas_dus", is_demo=any(DEMO_MARK in line for line in lines))
    if n_fields in (N_BULTOS, N_TRANSPORT) and NUMBER.fullmatch(sample[0]) and DATE.fullmatch(sample[1]):
        return Kind(None, BULTOS if n_fields == N_BULTOS else TRANSPORT)
    if n_fields == N_JOINED:
        raise SourceError(
            f"{name}, línea 1: {n_fields} campos donde se esperan {expected}; es un extracto unido con bultos "
            f"y documentos de transporte, que repite ítems; cargue el archivo principal de datos.gob.cl."
        )
    if _looks_like_declaration(sample) and n_fields > 2:
        raise SourceError(
            f"{name}, línea {_line_of(lines, n_fields)}: {n_fields} campos donde se esperan {expected}; "
            f"vuelva a descargar el archivo de datos.gob.cl."
        )
    raise SourceError(
        f"{name}, línea 1: no es un archivo de Aduanas ni un registro de exportadores (empieza con "
        f"«{lines[0].strip()[:60]}»); cargue el archivo principal del mes, el de Salidas o un "
        f"registro con su encabezado."
    )


def _looks_like_declaration(sample: list[str]) -> bool:
    return len(sample) > 1 and bool(DATE.fullmatch(sample[0])) and bool(NUMBER.fullmatch(sample[1]))


def _line_of(lines: list[str], n_fields: int) -> int:
    return next(number for number, line in enumerate(lines, 1) if line.count(";") + 1 == n_fields)
