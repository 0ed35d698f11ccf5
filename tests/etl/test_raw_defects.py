"""Every defect seen in real months, one at a time: the row is kept whole, and the report counts the repair."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from editions.errors import SourceError
from etl.raw.report import as_text
from etl.raw.source import fields
from tests.etl.customs_text import line
from tests.etl.fixtures.months import FIRMS, N_ITEMS, rows, sound_lines, spoiled, stage_one, with_field, with_line

TOTAL = 3 * sum(Decimal(1000 + firm) + Decimal("0.50") for firm in range(FIRMS))
SOUND = b"\n".join(sound_lines()) + b"\n"


def cut_after(text: bytes, n_fields: int) -> bytes:
    return b";".join(text.split(b";")[:n_fields])


def broken_in_two(text: bytes) -> bytes:
    """Put CR LF inside the name of the port of embarkation, the 14th field."""
    parts = text.split(b";")
    parts[13] = b"SAN\r\nANTONIO"
    return b";".join(parts)


def broken_in_field_19(text: bytes) -> bytes:
    """Break as the real files do: 19 fields, then 66."""
    parts = text.split(b";")
    parts[18] = b"PUERTO\r\nX"
    assert [piece.count(b";") + 1 for piece in b";".join(parts).split(b"\n")] == [19, 66]
    return b";".join(parts)


REPAIRED = {
    "a sound month": (SOUND, {}),
    "record broken in two lines": (spoiled(7, broken_in_two), {"stray_cr": 1}),
    "record of 19 and 66 fields": (spoiled(7, broken_in_field_19), {"stray_cr": 1}),
    "record broken at the very end": (spoiled(N_ITEMS, broken_in_two), {"stray_cr": 1}),
    "CR within a line": (spoiled(7, with_field("GLOSAPUERTOEMB", "SAN\rANTONIO")), {"inner_cr": 1}),
    "tab": (spoiled(7, with_field("PAISDESTINO", "225\t")), {"tab": 1}),
    "quotes": (spoiled(7, with_field("NOMBRE", 'TUBO 2" "ACERO')), {"quote": 2}),
    "one quote": (spoiled(7, with_field("NOMBRE", '"TUBO')), {"quote": 1}),
    "NUL": (spoiled(7, with_field("OBSERVACION", "A\0B")), {"nul": 1}),
    "entity": (spoiled(7, with_field("NOMBRE", "UVAS&#X0D ROJAS")), {"entity_cr": 1}),
    "entity with its semicolon": (spoiled(7, with_field("NOMBRE", "UVAS&#X0D;ROJAS")), {"entity_cr": 1}),
    "Windows byte": (spoiled(7, with_field("NOMBRE", "CAJA \x96 UVA")), {"c1_byte": 1}),
    "latin-1 letters": (spoiled(7, with_field("NOMBRE", "PIÑA AÑEJA")), {}),
    "CRLF file": (SOUND.replace(b"\n", b"\r\n"), {"crlf": N_ITEMS}),
    "CRLF file with a broken record": (
        spoiled(7, broken_in_two).replace(b"\r", b"").replace(b"\n", b"\r\n"), {"stray_cr": 1, "crlf": N_ITEMS},
    ),
    "no last line end": (SOUND[:-1], {"missing_newline": 1}),
    "UTF-8 mark": (b"\xef\xbb\xbf" + SOUND, {"utf8_bom": 1}),
    "UTF-8 letters": (
        spoiled(7, lambda text: with_field("NOMBRE", "PI?A")(text).replace(b"PI?A", "PIÑA".encode())), {},
    ),
    "blank lines": (SOUND.replace(b"\n", b"\n\n", 2), {"blank_line": 2}),
}  # fmt: skip


@pytest.mark.parametrize("defect", REPAIRED)
def test_a_known_defect_is_repaired_and_counted_and_no_value_is_lost(defect: str, tmp_path: Path) -> None:
    content, repaired = REPAIRED[defect]
    staged = stage_one(content, tmp_path)
    assert staged.repaired == repaired
    assert staged.rejected == ()
    assert (staged.rows_read, staged.passport.rows) == (N_ITEMS, N_ITEMS)
    assert rows(staged, "SELECT count(*), sum(fob_usd), count(DISTINCT declaration_id) FROM item") == [
        (N_ITEMS, TOTAL, N_ITEMS)
    ]
    assert rows(staged, "SELECT DISTINCT country_code, hs_code, region_code, comuna_code[1:3] FROM item") == [
        ("225", "44071100", "08", "081")
    ]


def test_padded_fields_give_the_same_values_as_bare_ones(tmp_path: Path) -> None:
    padded = [b";".join(part + b"   " for part in text.split(b";")) + b" " * 300 for text in sound_lines()]
    (tmp_path / "bare").mkdir()
    bare, wide = stage_one(SOUND, tmp_path / "bare"), stage_one(b"\n".join(padded) + b"\n", tmp_path)
    assert rows(wide, "FROM item ORDER BY ALL") == rows(bare, "FROM item ORDER BY ALL")


def test_a_defect_late_in_a_long_file_leaves_the_start_as_it_was(tmp_path: Path) -> None:
    lines = [
        line(FECHAACEPT=f"{1 + n % 31:02d}012024", NUMEROIDENT=str(n), NOMBRE="X" * 70).encode() for n in range(5000)
    ]
    lines[4900] = with_field("GLOSAPUERTOEMB", "SAN\rANTONIO")(lines[4900])
    lines[4950] = with_field("CODIGOARANCEL", "4407XX00")(lines[4950])
    staged = stage_one(b"\n".join(lines) + b"\n", tmp_path)
    assert staged.repaired == {"inner_cr": 1}
    assert rows(staged, "SELECT count(*), sum(fob_usd) FROM item") == [(4999, Decimal("4999000.00"))]
    assert [(one.file, one.line, one.reason) for one in staged.rejected] == [
        ("enero.txt", 4951, "CODIGOARANCEL «4407XX00» no es un código arancelario de 8 cifras")
    ]


def test_line_numbers_are_those_of_the_raw_file_after_joined_blank_and_rejected_lines(tmp_path: Path) -> None:
    lines = sound_lines()
    lines[3] = broken_in_two(lines[3])  # lines 4 and 5
    lines[10] = b""  # line 12
    lines[20] = with_field("REGIONORIGEN", "8A")(lines[20])  # line 22
    staged = stage_one(b"\n".join(lines) + b"\n", tmp_path)
    assert [one.line for one in staged.rejected] == [22]
    assert staged.rejected[0].reason == "REGIONORIGEN «8A» no es un código de hasta 2 cifras"
    assert staged.rejected[0].text == lines[20].decode()


def declaration(first: dict[str, str], second: dict[str, str], *, cut: bool = True) -> bytes:
    """Return the month with one more declaration of two items worth 1000, the second cut after NOMBRE."""
    shared = {"FECHAACEPT": "20012024", "NUMEROIDENT": "99", "TOTALITEM": "2", "TOTALVALORFOB": "1000,00"}
    whole = line(**shared | {"NUMEROITEM": "1", "FOBUS": "640,25"} | first).encode()
    other = line(**shared | {"NUMEROITEM": "2", "NOMBRE": "RESTO"} | second).encode()
    return SOUND + whole + b"\n" + (cut_after(other, 63) if cut else other) + b"\n"


def test_a_cut_row_gets_what_the_declaration_total_leaves_over(tmp_path: Path) -> None:
    staged = stage_one(declaration({}, {}), tmp_path)
    assert staged.repaired == {"cut_row": 1, "header_residual": 1}
    assert rows(
        staged,
        "SELECT fob_usd, fob_origin, hs_code, weight_kg FROM item WHERE declaration_id = '99' ORDER BY item_number",
    ) == [
        (Decimal("640.25"), "declared", "44071100", Decimal("500.000")),
        (Decimal("359.75"), "header_residual", None, None),
    ]


@pytest.mark.parametrize(
    "content",
    [
        declaration({}, {"TOTALITEM": "3"}),  # a third item is not in the file
        declaration({"FOBUS": ""}, {}),  # two values missing
        declaration({"FOBUS": "1640,25"}, {}),  # the rest would be negative
        declaration({}, {"TOTALVALORFOB": "2000,00"}),  # the two rows disagree on the total
    ],
    ids=["item missing", "two values missing", "negative rest", "two totals"],
)
def test_a_cut_row_whose_value_cannot_be_told_is_rejected_with_its_line(content: bytes, tmp_path: Path) -> None:
    staged = stage_one(content, tmp_path, extract="prueba")
    assert {(one.line, one.reason) for one in staged.rejected} >= {
        (242, "no trae FOBUS y no se puede deducir del total de la declaración")
    }
    assert "header_residual" not in staged.repaired


def test_negative_values_are_kept(tmp_path: Path) -> None:
    staged = stage_one(spoiled(1, with_field("FOBUS", "-250,75")), tmp_path)
    assert rows(staged, "SELECT min(fob_usd) FROM item") == [(Decimal("-250.75"),)]


REJECTED = {
    "FECHAACEPT": ("00000000", "FECHAACEPT «00000000» no es una fecha DDMMAAAA"),
    "NUMEROIDENT": ("", "NUMEROIDENT viene vacío"),
    "CODIGOARANCEL": ("4407110", "CODIGOARANCEL «#######» no es un código arancelario de 8 cifras"),
    "PAISDESTINO": ("22.5", "PAISDESTINO «22.5» no es un código de hasta 4 cifras"),
    "TIPOOPERACION": ("", "TIPOOPERACION viene vacío"),
    "FOBUS": ("1.234,5", "FOBUS «1.234,5» no es un número"),
    "PESOBRUTOITEM": ("mucho", "PESOBRUTOITEM «mucho» no es un número"),
}


@pytest.mark.parametrize("field", REJECTED)
def test_a_malformed_field_rejects_its_row_with_line_and_reason(field: str, tmp_path: Path) -> None:
    value, reason = REJECTED[field]
    staged = stage_one(spoiled(7, with_field(field, value)), tmp_path)
    assert [(one.file, one.line, one.reason) for one in staged.rejected] == [("enero.txt", 7, reason)]
    assert (staged.rows_read, staged.passport.rows) == (N_ITEMS, N_ITEMS - 1)


def test_a_malformed_code_changes_nothing_in_the_other_rows(tmp_path: Path) -> None:
    (tmp_path / "sound").mkdir()
    sound, spoilt = stage_one(SOUND, tmp_path / "sound"), stage_one(spoiled(7, with_field("PUERTOEMB", "9X")), tmp_path)
    lost = sound_lines()[6].split(b";")[1].decode()
    assert rows(spoilt, "FROM item ORDER BY ALL") == rows(
        sound, f"FROM item WHERE declaration_id <> '{lost}' ORDER BY ALL"
    )


def test_a_day_that_does_not_exist_rejects_its_row(tmp_path: Path) -> None:
    staged = stage_one(spoiled(7, with_field("FECHAACEPT", "31022024")), tmp_path)
    assert staged.rejected[0].reason == "FECHAACEPT «31022024» no existe en el calendario"


def test_a_product_code_missing_beside_a_value_rejects_the_row(tmp_path: Path) -> None:
    staged = stage_one(spoiled(7, with_field("CODIGOARANCEL", " ")), tmp_path)
    assert [(one.line, one.reason) for one in staged.rejected] == [(7, "CODIGOARANCEL viene vacío")]


def test_a_line_with_a_field_too_many_is_rejected_alone(tmp_path: Path) -> None:
    staged = stage_one(spoiled(7, lambda text: text + b";"), tmp_path)
    assert [(one.line, one.reason) for one in staged.rejected] == [(7, "85 campos donde se esperan 84")]


def test_two_lines_whose_errors_cancel_out_are_both_rejected(tmp_path: Path) -> None:
    lines = sound_lines() * 2
    lines[N_ITEMS:] = [with_field("NUMEROITEM", "2")(text) for text in lines[N_ITEMS:]]
    lines = [with_field("TOTALITEM", "2")(text) for text in lines]
    lines[6], lines[7] = lines[6] + b";", cut_after(lines[7], 83)
    staged = stage_one(b"\n".join(lines) + b"\n", tmp_path, extract="prueba")
    assert [(one.line, one.reason) for one in staged.rejected] == [
        (7, "85 campos donde se esperan 84"),
        (8, "83 campos donde se esperan 84"),
    ]


def test_an_item_repeated_in_its_declaration_is_kept_once(tmp_path: Path) -> None:
    staged = stage_one(SOUND + sound_lines()[0] + b"\n", tmp_path)
    assert [(one.line, one.reason) for one in staged.rejected] == [
        (241, "repite la declaración y el número de un ítem anterior")
    ]
    assert rows(staged, "SELECT sum(fob_usd) FROM item") == [(TOTAL,)]


def test_more_than_one_row_in_a_hundred_wrong_and_the_file_is_not_believed(tmp_path: Path) -> None:
    lines = sound_lines()
    for place in (6, 60, 90):
        lines[place] += b";"
    with pytest.raises(
        SourceError, match=r"enero.txt, línea 7: 85 campos donde se esperan 84; se rechazan 3 de 240 filas"
    ):
        stage_one(b"\n".join(lines) + b"\n", tmp_path)


def test_codes_lose_padding_and_zeros_that_say_nothing_become_missing(tmp_path: Path) -> None:
    content = with_line(
        NUMEROIDENT="00099",
        NRO_EXPORTADOR="0",
        COMUNAEXPORTADORPPAL="0",
        REGIONORIGEN="0",
        PUERTOEMB="0",
        PAISDESTINO="0336",
        TIPOOPERACION=" 200 ",
        ADUANA="",
        UNIDADMEDIDA="06",
        CANTIDADMERCANCIA=",292283",
        PESOBRUTOITEM="",
    )
    staged = stage_one(content, tmp_path)
    assert rows(
        staged,
        "SELECT declaration_id, exporter_id, comuna_code, region_code, port_code, country_code, operation_code, "
        "customs_office_code, unit_code, quantity, weight_kg FROM item WHERE accepted_on = DATE '2024-01-20'",
    ) == [("99", None, None, "00", "0", "336", "200", None, "6", Decimal("0.292283"), None)]


def test_text_is_kept_for_services_only_and_joined_as_the_source_splits_it(tmp_path: Path) -> None:
    name = "SERVICIO        ~ DISEÑO DE SOFTWARE~ PARA LA MINERIA PRIVADA~ EN REMO"
    assert len(name) == 70
    content = with_line(
        NUMEROIDENT="99",
        TIPOOPERACION="202",
        CODIGOARANCEL="00250001",
        NOMBRE=name,
        ATRIBUTO1="TO, POR   HORAS~",
        ATRIBUTO2=" ~",
    )
    staged = stage_one(content, tmp_path)
    assert rows(staged, "SELECT DISTINCT product_text, operation_code FROM item ORDER BY 2") == [
        (None, "200"),
        ("SERVICIO, DISEÑO DE SOFTWARE, PARA LA MINERIA PRIVADA, EN REMOTO, POR HORAS", "202"),
    ]


def test_texts_of_services_are_read_in_whatever_encoding_they_come(tmp_path: Path) -> None:
    written = {1: "DISEÑO".encode("latin-1"), 2: "DISEÑO".encode(), 3: b"A \x96 B"}
    lines = [
        line(FECHAACEPT="20012024", NUMEROIDENT=str(n), TIPOOPERACION="202", NOMBRE="?").encode().replace(b"?", text)
        for n, text in written.items()
    ]
    staged = stage_one(SOUND + b"\n".join(lines) + b"\n", tmp_path)
    assert rows(staged, "SELECT product_text FROM item WHERE operation_code = '202' ORDER BY declaration_id") == [
        ("DISEÑO",), ("DISEÑO",), ("A – B",),
    ]  # fmt: skip


def test_a_short_text_field_is_widened_before_the_next_is_joined(tmp_path: Path) -> None:
    staged = stage_one(with_line(NUMEROIDENT="99", TIPOOPERACION="203", NOMBRE="ASESORIA", ATRIBUTO1="LEGAL"), tmp_path)
    assert rows(staged, "SELECT product_text FROM item WHERE operation_code = '203'") == [("ASESORIA LEGAL",)]


def test_the_report_names_what_was_read_repaired_and_rejected_by_month_and_segment(tmp_path: Path) -> None:
    lines = sound_lines()
    lines[6] = with_field("FOBUS", "x")(lines[6])
    lines[7] = with_field("GLOSAPUERTOEMB", "SAN\rANTONIO")(lines[7])
    lines[8] = with_field("TIPOOPERACION", "202")(lines[8])
    lines[9] = with_field("TIPOOPERACION", "211")(lines[9])
    staged = stage_one(b"\n".join(lines) + b"\n", tmp_path)
    assert as_text(staged).split("\n") == [
        "enero.txt (aduanas_dus): 240 filas leídas, 239 cargadas, 1 rechazadas.",
        "  Reparado: 1 retornos de carro dentro de una línea, cambiados por un espacio.",
        "  Rechazada: enero.txt, línea 7: FOBUS «x» no es un número.",
        "  Valor de las filas rechazadas: US$ 1.006,50 FOB.",
        "  2024-01 bienes: 237 ítems, US$ 246.575,50 FOB.",
        "  2024-01 servicios: 1 ítems, US$ 1.008,50 FOB.",
        "  2024-01 rancho: 1 ítems, US$ 1.009,50 FOB.",
        "  Completitud: completo: días 1 a 31; 100,0 % de las declaraciones con todos sus ítems; "
        "sin cuenta de filas publicada con que comparar.",
    ]
    assert staged.months == (date(2024, 1, 1),)


def test_the_source_has_the_84_fields_of_the_official_dictionary() -> None:
    names = fields("aduanas_dus")
    assert len(names) == len(set(names)) == 84
    places = {"FECHAACEPT": 0, "NUMEROIDENT": 1, "TIPOOPERACION": 3, "NRO_EXPORTADOR": 5, "COMUNAEXPORTADORPPAL": 7}
    places |= {"PUERTOEMB": 12, "REGIONORIGEN": 14, "PAISDESTINO": 19, "TOTALITEM": 43, "TOTALVALORFOB": 46}
    places |= {"OBSERVACION": 55, "NUMEROITEM": 61, "CODIGOARANCEL": 69, "CANTIDADMERCANCIA": 71, "FOBUS": 73}
    places |= {"PESOBRUTOITEM": 83}
    assert {name: names.index(name) for name in places} == places
