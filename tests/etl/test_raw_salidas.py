"""The yearly Salidas file: codes without their zeros or with a decimal tail, several months, some rows without one."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from editions.errors import SourceError
from etl.raw.report import as_text
from etl.raw.source import fields
from tests.etl.fixtures.months import rows, stage_bytes, stage_one

HEADER = ";".join(fields("aduanas_salidas"))
USUAL = {
    "PERIODO": "2025",
    "MES": "1",
    "COD_ADUANA_TRAMITACION": "39",
    "COD_TIPO_OPERACION": "200",
    "COD_REGION_ORIGEN": "8,0",
    "COD_VIA_TRANSPORTE": "1",
    "COD_PUERTO_EMBARQUE": "907",
    "COD_PUERTO_DESEMBARQUE": "499",
    "COD_PAIS_DESTINO": "336,0",
    "COD_MODALIDAD_VENTA": "1",
    "MONEDA": "13",
    "CLAUSULA_VENTA": "1",
    "COD_TIPO_CARGA": "F",
    "ITEM_SA": "8093010",
    "FOB_US_DUSLEG": "1500,75",
    "FOBUS_AJUSTADO_IVV": "1600",
    "PESO_BRUTO_KG": "200,5",
    "CANTIDAD_MERCANCIA": "10",
    "COD_UNIDAD_MEDIDA": "6.0",
}


def record(**given: str) -> str:
    return ";".join((USUAL | given)[name] for name in fields("aduanas_salidas"))


def year(*more: str, months: int = 3, each: int = 100) -> bytes:
    lines = [HEADER, *(record(MES=str(1 + n % months)) for n in range(months * each)), *more]
    return ("\n".join(lines) + "\n").encode("latin-1")


def test_a_year_is_typed_with_its_months_and_its_codes_whole(tmp_path: Path) -> None:
    staged = stage_one(year(), tmp_path, name="Salidas2025.csv")
    assert staged.source_id == "aduanas_salidas"
    assert staged.months == (date(2025, 1, 1), date(2025, 2, 1), date(2025, 3, 1))
    assert rows(staged, "SELECT count(*), sum(fob_usd) FROM item") == [(300, Decimal("450225.00"))]
    codes = ("39", "200", "08", "1", "907", "336", "1", "08093010")
    amounts = (Decimal("1500.75"), Decimal("1600.00"), Decimal("200.500"), Decimal("10.000000"))
    assert rows(staged, "SELECT DISTINCT * EXCLUDE (month) FROM item") == [(*codes, *amounts, "6")]


def test_columns_are_read_by_name(tmp_path: Path) -> None:
    turned = "\n".join(";".join(reversed(text.split(";"))) for text in year().decode().splitlines()) + "\n"
    (tmp_path / "a").mkdir()
    straight, back = stage_one(year(), tmp_path / "a"), stage_one(b"\xef\xbb\xbf" + turned.encode(), tmp_path)
    assert rows(back, "FROM item") == rows(straight, "FROM item")


REJECTED = {
    "no month": ({"MES": ""}, "MES viene vacío"),
    "no year": ({"PERIODO": ""}, "PERIODO viene vacío"),
    "month 13": ({"MES": "13"}, "MES «13» no es un mes"),
    "letters in the product": ({"ITEM_SA": "80930AB"}, "ITEM_SA «80930AB» no es un código arancelario de 8 cifras"),
    "no value": ({"FOB_US_DUSLEG": ""}, "FOB_US_DUSLEG viene vacío"),
    "a fraction for a region": (
        {"COD_REGION_ORIGEN": "8,5"},
        "COD_REGION_ORIGEN «8,5» no es un código de hasta 2 cifras",
    ),
}


@pytest.mark.parametrize("case", REJECTED)
def test_a_wrong_record_is_rejected_with_its_line(case: str, tmp_path: Path) -> None:
    given, reason = REJECTED[case]
    staged = stage_one(year(record(**given)), tmp_path, name="Salidas2025.csv")
    assert [(one.line, one.reason) for one in staged.rejected] == [(302, reason)]
    assert (staged.rows_read, staged.passport.rows) == (301, 300)


def test_a_separator_that_may_be_of_thousands_refuses_the_year_and_three_decimals_of_weights_do_not(
    tmp_path: Path,
) -> None:
    with pytest.raises(SourceError, match=r"FOB_US_DUSLEG trae valores como «1\.500», siempre con tres cifras"):
        stage_bytes(year().replace(b"1500,75", b"1.500"), tmp_path, name="Salidas2025.csv")
    assert stage_one(year().replace(b";200,5;", b";200,500;"), tmp_path, name="Salidas2025.csv").rejected == ()


def test_a_rejected_record_keeps_its_month_and_what_it_is_worth(tmp_path: Path) -> None:
    odd = (record(FOB_US_DUSLEG="1,2E+06"), record(MES="", FOB_US_DUSLEG="900,5"), record(FOB_US_DUSLEG=""))
    staged = stage_one(year(*odd, each=200), tmp_path, name="Salidas2025.csv")
    assert [(one.month, one.fob_usd) for one in staged.rejected] == [
        (date(2025, 1, 1), Decimal("1200000.00")),
        (None, Decimal("900.50")),
        (date(2025, 1, 1), None),
    ]


def test_services_headings_get_all_their_zeros_back(tmp_path: Path) -> None:
    staged = stage_one(year(record(ITEM_SA="250001", COD_TIPO_OPERACION="202")), tmp_path)
    assert rows(staged, "SELECT hs_code FROM item WHERE operation_code = '202'") == [("00250001",)]
    assert {count.segment: count.items for count in staged.counts} == {"goods": 100, "services": 1}


SIX_DIGITS = {  # operation, code as written → code as read
    ("200", "250100"): "25010000",  # salt, of the Harmonized System
    ("202", "250100"): "00250100",  # a service, of Section 0
    ("200", "250001"): "00250001",  # no heading of goods begins with 2500
    ("200", "330000"): "00330000",
    ("200", "440710"): "44071000",
    ("200", "00250100"): "00250100",  # written whole
}


def test_six_digits_are_a_code_of_the_harmonized_system_where_they_can_be_no_service(tmp_path: Path) -> None:
    odd = [record(ITEM_SA=code, COD_TIPO_OPERACION=operation, MES="4") for operation, code in SIX_DIGITS]
    staged = stage_one(year(*odd), tmp_path)
    read = rows(staged, "SELECT hs_code FROM item WHERE month = DATE '2025-04-01'")
    assert [code for (code,) in read] == list(SIX_DIGITS.values())
    assert "Reparado: 2 códigos arancelarios de seis cifras leídos como los del Sistema Armonizado" in as_text(staged)


def test_a_service_under_an_operation_that_exports_nothing_is_not_counted_as_one(tmp_path: Path) -> None:
    odd = (record(ITEM_SA="00250001", COD_TIPO_OPERACION=operation, MES="4") for operation in ("227", "200", "999"))
    staged = stage_one(year(*odd), tmp_path)
    counted = {count.operation_code: count.segment for count in staged.counts if count.month.month == 4}
    assert counted == {"227": "not_export", "200": "services", "999": "services"}


def test_a_month_with_far_fewer_records_than_the_others_is_marked_not_refused(tmp_path: Path) -> None:
    staged = stage_one(year(*(record(MES="4") for _ in range(50))), tmp_path)
    assert not staged.completeness_of(date(2025, 4, 1)).is_complete
    assert staged.completeness_of(date(2025, 3, 1)).is_complete
    assert "50 filas, la mediana de los 4 meses más cercanos es 100" in staged.completeness_of(date(2025, 4, 1)).reason


def test_too_many_wrong_records_and_a_bare_header_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"línea 302: MES viene vacío; se rechazan 5 de 305 filas"):
        stage_bytes(year(*(record(MES="") for _ in range(5))), tmp_path)
    with pytest.raises(SourceError, match="sólo trae el encabezado, sin registros"):
        stage_bytes(HEADER.encode() + b"\n", tmp_path)
