"""Wrong registers: every wrong row is named with what to do, nothing is loaded, and no firm is named."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from editions.errors import SourceError
from editions.folders import Workspace
from etl import __main__ as command
from etl.raw.firm_key import check_digit_fits, exporter_key
from etl.raw.report import RowsRejectedError, causes
from tests.etl.fixtures.months import rows, stage_bytes, stage_one

HEADER = "periodo;exportador;region;comuna;hs;pais;flujo;fob_usd;tamano;ventas_uf;sector;trabajadores"
GOOD = {
    "periodo": "2025-01",
    "exportador": "76.123.456-0",
    "region": "08",
    "comuna": "08101",
    "hs": "44071100",
    "pais": "225",
    "flujo": "bienes",
    "fob_usd": "1234.50",
    "tamano": "pequena",
    "ventas_uf": "",
    "sector": "Forestal",
    "trabajadores": "25",
}
MISTAKES: list[tuple[dict[str, str], str]] = [  # what is wrong in a row → the words that name it
    ({"periodo": "enero"}, "periodo «enero» no es un mes AAAA-MM; escriba por ejemplo 2025-01"),
    ({"periodo": "2025-13"}, "periodo «2025-13» no es un mes"),
    ({"periodo": ""}, "periodo viene vacío"),
    ({"periodo": "2098-01"}, "periodo «2098-01» está fuera de 1990-01 a"),
    ({"periodo": "1925-01"}, "periodo «1925-01» está fuera de"),
    ({"exportador": ""}, "exportador viene vacío; escriba el RUT con guion o su identificador"),
    ({"exportador": "S/I"}, "exportador no es un identificador"),
    ({"exportador": "#N/A"}, "exportador no es un identificador"),
    ({"exportador": "7.6123E+07"}, "exportador no es un identificador"),
    ({"exportador": "76.123.456-7"}, "un RUT cuyo dígito verificador no corresponde; corríjalo"),
    ({"exportador": "76123457"}, "es sólo cifras y los demás son RUT con guion; agregue el guion"),
    ({"region": "17"}, "region «17» no es una región 01 a 16, 20 o 00"),
    ({"region": "Biobío"}, "region «Biobío» no es una región"),
    ({"region": "76.123.456-0"}, "region «##.###.###-#» no es una región"),
    ({"comuna": "Concepción"}, "comuna «Concepción» no es una comuna de 5 cifras"),
    ({"comuna": "08999"}, "comuna «08999» no está en la tabla de códigos"),
    ({"hs": "4407110"}, "hs «4407110» no es un código arancelario de 8 cifras; dé formato de texto"),
    ({"hs": "4.41E+07"}, "hs «4.41E+07» no es un código arancelario"),
    ({"hs": "98760000"}, "hs «98…» no está en la tabla de códigos; revise el capítulo"),
    ({"hs": "00250001"}, "hs «0025…» es de servicios y flujo dice «bienes»"),
    ({"pais": "CHN"}, "pais «CHN» no es un código de país de Aduanas; use el código de Aduanas"),
    ({"pais": "9876"}, "pais «9876» no está en la tabla de códigos"),
    ({"flujo": "goods"}, "flujo «goods» no es bienes, servicios o rancho; elija una de las tres palabras"),
    ({"fob_usd": "1.234,5"}, "fob_usd «1.234,5» no es un número con punto o coma decimal"),
    ({"fob_usd": "1.234"}, "fob_usd «1.234» no es un número"),
    ({"fob_usd": "US$ 10"}, "fob_usd «US$ 10» no es un número"),
    ({"fob_usd": "0"}, "fob_usd es cero; quite la fila o escriba el valor"),
    ({"fob_usd": ""}, "fob_usd viene vacío"),
    ({"tamano": "PYME"}, "tamano «pyme» no es micro, pequena, mediana, grande o sin_informacion"),
    ({"tamano": ""}, "tamano y ventas_uf vienen vacíos; escriba uno, o sin_informacion"),
    ({"ventas_uf": "30000"}, "tamano «pequena» no es la clase de sus ventas_uf; corrija uno de los dos"),
    ({"ventas_uf": "-5"}, "ventas_uf «-5» no es un monto en UF"),
    ({"sector": "x" * 81}, "no es un texto de hasta 80 caracteres; acórtelo"),
    ({"sector": "Maderas 76.123.456-0"}, "sector parece traer un RUT; quítelo de esa columna"),
    ({"trabajadores": "25,5"}, "trabajadores «25,5» no es un número entero"),
]


def line(**given: str) -> str:
    return ";".join((GOOD | given).values())


def register(*lines: str) -> bytes:
    return ("\n".join([HEADER, *lines]) + "\n").encode()


def refused(content: bytes, folder: Path, name: str = "registro.csv") -> RowsRejectedError:
    with pytest.raises(RowsRejectedError) as error:
        stage_bytes(content, folder, name=name)
    return error.value


def test_a_row_without_mistakes_is_loaded(tmp_path: Path) -> None:
    staged = stage_one(register(line()), tmp_path, name="registro.csv")
    assert rows(staged, "SELECT size_class, sales_uf, declared_sector, n_workers FROM item") == [
        ("pequena", None, "Forestal", 25)
    ]


def distinct(place: int, given: dict[str, str]) -> str:
    """One wrong row that no other row repeats: each has a value of its own."""
    return line(**{"fob_usd": f"{1000 + place}.25"} | given)


def test_each_mistake_is_named_in_its_row_and_nothing_is_loaded(tmp_path: Path) -> None:
    content = register(line(), *(distinct(place, given) for place, (given, _) in enumerate(MISTAKES)))
    found = refused(content, tmp_path)
    assert [one.line for one in found.rejected] == list(range(3, 3 + len(MISTAKES)))
    for one, (given, words) in zip(found.rejected, MISTAKES, strict=True):
        assert words in one.reason, (given, one.reason)
        assert one.reason.count(";") >= 1, one.reason  # it says what to do
    assert str(found).startswith(
        f"registro.csv: {len(MISTAKES)} de {len(MISTAKES) + 1} filas con error (líneas 3 a 4 (2 "
    )
    place = Workspace(tmp_path / "data")
    assert not list(place.staged.iterdir())
    assert not list(place.raw.iterdir())


def test_the_command_names_every_row_and_ends_with_an_exit_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULSO_DATA", str(tmp_path / "data"))
    path = tmp_path / "registro.csv"
    path.write_bytes(register(*(distinct(place, given) for place, (given, _) in enumerate(MISTAKES))))
    assert command.main(["load", str(path)]) == 1
    said = capsys.readouterr().err
    for _, words in MISTAKES:
        named, _, _ = words.partition(" «")
        assert f": {named}" in said or f"; además, {named}" in said or words in said, words
    listed = (tmp_path / "data" / "rechazos.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert [row.split(",")[1] for row in listed] == [str(number) for number in range(2, 2 + len(MISTAKES))]
    assert "corrija el archivo y cárguelo de nuevo, no se cargó ninguna fila." in said
    assert "123456" not in said and "123.456" not in said and "123457" not in said
    assert not list((tmp_path / "data" / "editions").glob("*.duckdb"))


def test_many_rows_of_one_cause_are_one_sentence_and_the_whole_list_is_in_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULSO_DATA", str(tmp_path / "data"))
    path = tmp_path / "registro.csv"
    path.write_bytes(register(*(line(region="99", fob_usd=f"{number}.5") for number in range(1, 302))))
    assert command.main(["load", str(path)]) == 1
    cause, summary, rest = capsys.readouterr().err.splitlines()
    assert cause.startswith("registro.csv, líneas 2 a 302 (301 filas): region «99» no es una región 01 a 16")
    assert summary.startswith("Error: registro.csv: 301 de 301 filas con error (líneas 2 a 302 (301 filas): region")
    assert rest.startswith("Fila por fila, la lista de 301 está en ")
    listed = (tmp_path / "data" / "rechazos.csv").read_text(encoding="utf-8").splitlines()
    assert len(listed) == 302
    assert listed[-1].startswith('registro.csv,302,"region «99» no es una región')


def test_a_cause_of_many_values_names_the_first_ones_and_its_lines(tmp_path: Path) -> None:
    wrong = [line(region=f"{17 + n}", fob_usd=f"{n + 1}") for n in (0, 1, 0, 4, 5, 6, 7)]
    found = causes(refused(register(line(), *wrong, line(), line(region="99", pais="CHN")), tmp_path).rejected)
    assert [(one.where, one.reason.split(";")[0]) for one in found] == [
        (
            "líneas 3 a 9 y 11 (8 filas)",
            "region «17», «18», «21», «22», «23», «…» no es una región 01 a 16, 20 o 00",
        ),
        ("línea 10", "fila repetida: dice lo mismo que la línea 2"),
        ("línea 11", "pais «CHN» no es un código de país de Aduanas"),
    ]


def test_a_code_or_an_amount_is_shown_and_what_may_be_a_firm_is_not(tmp_path: Path) -> None:
    rows = [
        line(hs="44071101234"),
        line(fob_usd="1234567,891"),
        line(periodo="20251302"),
        line(hs="76123456-0"),
        line(ventas_uf="761234560.0001", tamano=""),
        line(exportador="08101", hs="7612345"),  # columns shifted: the identifier is somewhere else
    ]
    reasons = [one.reason for one in refused(register(*rows), tmp_path).rejected]
    cells = [reason.partition("«")[2].partition("»")[0] for reason in reasons]
    assert cells[:4] == ["44071101234", "1234567,891", "20251302", "########-#"]
    assert not any("7612345" in reason for reason in reasons)


def test_a_row_with_several_mistakes_tells_them_all(tmp_path: Path) -> None:
    (one,) = refused(register(line(region="99", flujo="x", fob_usd="0")), tmp_path).rejected
    assert [word in one.reason for word in ("region «99»", "flujo «x»", "fob_usd es cero")] == [True] * 3


def test_a_row_that_repeats_another_and_a_firm_with_two_sizes_name_the_earlier_line(tmp_path: Path) -> None:
    content = register(
        line(),
        line(exportador="76123456-0"),
        line(fob_usd="9", tamano="mediana"),
        line(periodo="2024-12", tamano="micro"),
    )
    assert [(one.line, one.reason) for one in refused(content, tmp_path).rejected] == [
        (3, "fila repetida: dice lo mismo que la línea 2; quítela o sume las dos en una"),
        (4, "el exportador lleva otro tamaño que en la línea 2 del mismo año; deje uno solo"),
    ]


def test_rows_of_another_shape_or_encoding_are_named_without_their_text(tmp_path: Path) -> None:
    latin = line(exportador="MUÑOZ").encode("latin-1")
    content = (
        register(line(sector="Celulosa y árboles"), line() + ";x", line()[:-3])
        + latin
        + b"\n"
        + line().encode().replace(b"25", b"2\0")
        + b"\n"
    )
    found = refused(content, tmp_path)
    assert [(one.line, one.reason.split(";")[0], one.text) for one in found.rejected] == [
        (3, "13 campos donde se esperan 12", ""),
        (4, "11 campos donde se esperan 12", ""),
        (5, "la fila no está en UTF-8 como las demás", ""),
        (6, "la fila trae un carácter de control", ""),
    ]


def test_no_words_about_a_wrong_row_hold_its_identifier(tmp_path: Path) -> None:
    shifted = ";".join(["2025-01", "08", *list((GOOD).values())[1:2], *list(GOOD.values())[3:]])
    content = register(*(distinct(place, given) for place, (given, _) in enumerate(MISTAKES)), shifted)
    for one in refused(content, tmp_path).rejected:
        for digits in ("76123456", "76.123.456", "76123457"):
            assert digits not in one.reason
            assert digits not in one.text


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (
            HEADER.replace(";hs", ";codigo"),
            "falta la columna «hs»; no se reconocen «codigo»; el encabezado lleva periodo",
        ),
        (HEADER.replace("tamano;ventas_uf", "x;y"), "falta la columna «tamano» o «ventas_uf»"),
        (
            "periodo;exportador;region;fob_usd;sector",
            "faltan las columnas «hs», «pais», «flujo» y «tamano» o «ventas_uf»; el encabezado lleva periodo",
        ),
        (HEADER.replace("exportador", "firma").replace("pais", "destino"), "faltan las columnas «exportador» y «pais»"),
        (HEADER.replace("sector", "region"), "la columna «region» está dos veces (deje una)"),
        ("periodo;valor;zona;codigo", "no es un archivo de Aduanas ni un registro de exportadores"),
    ],
)
def test_a_wrong_header_is_one_sentence(tmp_path: Path, header: str, words: str) -> None:
    with pytest.raises(SourceError, match=r"registro\.csv") as found:
        stage_bytes(f"{header}\n{line()}\n".encode(), tmp_path, name="registro.csv")
    assert words in str(found.value)


def test_size_follows_from_sales_by_the_bands_of_sii(tmp_path: Path) -> None:
    sales = ["0", "0,01", "2400", "2400.01", "25000", "25000,01", "100000", "100000.01"]
    content = register(
        *(line(exportador=f"FIRMA-{sale}", tamano="", ventas_uf=sale) for sale in sales),
        line(exportador="FIRMA-A", tamano="Pequeña", ventas_uf="2500"),
    )
    staged = stage_one(content, tmp_path, name="registro.csv")
    assert [size for (size,) in rows(staged, "SELECT size_class FROM item")] == [
        "sin_informacion", "micro", "micro", "pequena", "pequena", "mediana", "mediana", "grande", "pequena",
    ]  # fmt: skip


def test_the_present_month_is_not_the_future(tmp_path: Path) -> None:
    assert (
        stage_one(register(line(periodo=f"{datetime.now(UTC):%Y-%m}")), tmp_path, name="registro.csv").passport.rows
        == 1
    )


@pytest.mark.parametrize("rut", ["61.704.000-K", "60.803.000-k", "97.030.000-7", "97.004.000-5", "11.111.111-1"])
def test_the_check_digit_of_well_known_ruts_fits_and_no_other_does(rut: str) -> None:
    assert [digit for digit in "0123456789K" if check_digit_fits(rut[:-1] + digit)] == [rut[-1].upper()]


def spellings() -> Iterator[str]:
    yield from ("76.123.456-0", "76123456-0", " 76123456-0 ", "076.123.456-0")


def test_a_firm_has_one_key_however_its_rut_is_written_and_another_with_another_secret() -> None:
    assert len({exporter_key(one, b"secret") for one in spellings()}) == 1
    assert exporter_key("76123456-0", b"secret") != exporter_key("76123456-0", b"other")
