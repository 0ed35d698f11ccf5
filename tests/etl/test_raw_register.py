"""The office's register: firms become keyed hashes, and one wrong row refuses the file with all wrong rows named."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from editions.errors import SourceError
from editions.folders import Workspace
from etl.raw import firm_key
from etl.raw.completeness import judge_by_rows
from etl.raw.firm_key import exporter_key
from etl.raw.report import RowsRejectedError
from tests.etl.fixtures.months import rows, stage_bytes, stage_one

HEADER = "periodo;exportador;region;comuna;hs;pais;flujo;fob_usd;tamano"
ROWS = [
    "2025-01;76.123.456-0;08;08101;44071100;225;bienes;1234.50;pequena",
    "2025-01;76123456-0;08;8101;00250001;336;servicios;10,25;pequena",
    "2025-02;99.000.111-1;20;;27101940;997;rancho;-5;grande",
    "2025-02;099000111-1;00;08101;08093010;336;bienes;7;grande",
]


def register(*lines: str, first: str = "") -> bytes:
    return (first + "\n".join([HEADER, *lines]) + "\n").encode()


def test_rows_are_typed_and_a_firm_keeps_one_key_however_it_is_written(tmp_path: Path) -> None:
    staged = stage_one(register(*ROWS), tmp_path, name="registro.csv")
    assert (staged.source_id, staged.is_demo) == ("registro", False)
    key = (tmp_path / "data" / "register.secret").read_text().encode()
    pyme, large = exporter_key("76123456-0", key), exporter_key("99000111-1", key)
    assert len(pyme) == 24
    assert rows(staged, "FROM item") == [
        (
            date(2025, 1, 1),
            pyme,
            "08",
            "08101",
            "44071100",
            "225",
            "goods",
            Decimal("1234.50"),
            "pequena",
            None,
            None,
            None,
        ),
        (
            date(2025, 1, 1),
            pyme,
            "08",
            "08101",
            "00250001",
            "336",
            "services",
            Decimal("10.25"),
            "pequena",
            None,
            None,
            None,
        ),
        (
            date(2025, 2, 1),
            large,
            "20",
            None,
            "27101940",
            "997",
            "ship_supplies",
            Decimal("-5.00"),
            "grande",
            None,
            None,
            None,
        ),
        (
            date(2025, 2, 1),
            large,
            "00",
            "08101",
            "08093010",
            "336",
            "goods",
            Decimal("7.00"),
            "grande",
            None,
            None,
            None,
        ),
    ]
    assert [(count.month.month, count.segment, count.items) for count in staged.counts] == [
        (1, "goods", 1), (1, "services", 1), (2, "goods", 1), (2, "ship_supplies", 1),
    ]  # fmt: skip


def test_neither_the_staged_rows_nor_their_record_name_a_firm(tmp_path: Path) -> None:
    stage_one(register(*ROWS), tmp_path, name="registro.csv")
    for path in (tmp_path / "data" / "registers").iterdir():
        assert b"76123456" not in path.read_bytes()
        assert b"76.123.456" not in path.read_bytes()


def test_the_secret_and_the_hashed_table_are_for_their_owner_only_and_the_secret_stays(tmp_path: Path) -> None:
    staged = stage_one(register(*ROWS), tmp_path, name="registro.csv")
    secret = tmp_path / "data" / "register.secret"
    before = secret.read_text()
    assert secret.stat().st_mode & 0o777 == 0o600
    assert staged.parquet.stat().st_mode & 0o777 == 0o600
    stage_one(register(*ROWS[:2]), tmp_path, name="enero.csv")
    assert secret.read_text() == before


@pytest.mark.parametrize("text", ["", "0123456789abcdef"])
def test_an_empty_or_cut_secret_hashes_nothing(tmp_path: Path, text: str) -> None:
    path = tmp_path / "register.secret"
    path.write_text(text)
    with pytest.raises(SourceError, match=r"^register\.secret está vacío o cortado"):
        firm_key.secret(tmp_path, is_demo=False)
    assert path.read_text() == text


def test_of_two_first_runs_at_once_both_hash_with_the_secret_that_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = "f" * 64
    make = firm_key._make_secret

    def make_late(path: Path) -> None:
        path.write_text(other)  # the other run came first
        make(path)

    monkeypatch.setattr(firm_key, "_make_secret", make_late)
    assert firm_key.secret(tmp_path, is_demo=False) == other.encode()
    assert [file.name for file in tmp_path.iterdir()] == ["register.secret"]


def test_a_demo_register_uses_the_public_key_and_makes_no_secret(tmp_path: Path) -> None:
    staged = stage_one(register(*ROWS, first="# DATOS DE DEMOSTRACIÓN. NO CITAR.\n"), tmp_path, name="registro.csv")
    assert staged.is_demo
    assert not (tmp_path / "data" / "register.secret").exists()
    assert rows(staged, "SELECT DISTINCT exporter_key FROM item WHERE size_class = 'pequena'") == [
        (exporter_key("76123456-0", b"demo"),)
    ]


def test_one_wrong_row_refuses_the_file_and_every_wrong_row_is_listed(tmp_path: Path) -> None:
    wrong = [
        "2025-13;76123456-0;08;08101;44071100;225;bienes;1;pequena",
        "2025-01;;08;08101;44071100;225;bienes;1;pequena",
        "2025-01;76123456-0;17;08101;44071100;225;bienes;1;pequena",
        "2025-01;76123456-0;08;08101;4407;225;bienes;1;pequena",
        "2025-01;76123456-0;08;08101;44071100;CHN;bienes;1;pequena",
        "2025-01;76123456-0;08;08101;44071100;225;goods;1;pequena",
        "2025-01;76123456-0;08;08101;44071100;225;bienes;1.234,5;pequena",
        "2025-01;76123456-0;08;08101;44071100;225;bienes;1;PYME",
        "2025-01;76123456-0;08;08101;44071100;225;bienes;1",
    ]
    with pytest.raises(RowsRejectedError) as refused:
        stage_bytes(register(*ROWS, *wrong), tmp_path, name="registro.csv")
    assert [(one.line, one.reason.split(" ")[0]) for one in refused.value.rejected] == [
        (6, "periodo"), (7, "exportador"), (8, "region"), (9, "hs"), (10, "pais"), (11, "flujo"), (12, "fob_usd"),
        (13, "tamano"), (14, "8"),
    ]  # fmt: skip
    said = str(refused.value)
    assert said.startswith(
        "registro.csv: 9 de 13 filas con error (línea 6: periodo «2025-13» no es un mes AAAA-MM; escriba "
    )
    assert said.endswith("; y 6 causas más); corrija el archivo y cárguelo de nuevo, no se cargó ninguna fila.")
    assert not list(Workspace(tmp_path / "data").staged.iterdir())


def test_a_register_from_a_spreadsheet_with_mark_and_crlf_is_read(tmp_path: Path) -> None:
    staged = stage_one(b"\xef\xbb\xbf" + register(*ROWS).replace(b"\n", b"\r\n"), tmp_path, name="registro.csv")
    assert staged.passport.rows == 4


def test_a_row_in_another_encoding_than_the_rest_is_named(tmp_path: Path) -> None:
    first = "2025-01;NÚÑEZ LTDA;08;08101;44071100;225;bienes;1;pequena"
    other = "2025-01;MUÑOZ Y CIA;08;08101;44071100;225;bienes;1;pequena"
    content = f"{HEADER}\n{first}\n".encode() + f"{other}\n".encode("cp1252")
    with pytest.raises(SourceError, match="línea 3: la fila no está en UTF-8 como las demás"):
        stage_bytes(content, tmp_path, name="registro.csv")


def test_a_register_without_rows_or_without_a_column_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="sólo trae el encabezado"):
        stage_bytes(register(), tmp_path, name="registro.csv")
    with pytest.raises(SourceError, match="falta la columna «tamano» o «ventas_uf»"):
        stage_bytes(
            register(*(row.rsplit(";", 1)[0] for row in ROWS)).replace(b";tamano", b""), tmp_path, name="registro.csv"
        )


def test_a_long_register_is_judged_month_by_month_against_the_months_around() -> None:
    grown = {date(2015 + n // 12, n % 12 + 1, 1): 100 + 10 * n for n in range(96)}  # in eight years ten times the rows
    assert all(one.is_complete for one in judge_by_rows(grown, "un registro").values())
    cut = date(2018, 6, 1)
    verdicts = judge_by_rows(grown | {cut: 200}, "un registro")
    assert [month for month, one in verdicts.items() if not one.is_complete] == [cut]
