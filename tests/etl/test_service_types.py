"""What a service is, from the words it was declared with; what no rule knows is said to be unclassified."""

from collections.abc import Iterator
from datetime import date

import duckdb
import pytest

from editions.folders import Workspace
from editions.store import edition_path
from etl.contracts import SQL_FOLDER, read_contract, verify
from etl.load import load
from etl.progress import quiet
from tests.etl.customs_text import line, month_lines, write_month

JANUARY = date(2024, 1, 1)
WORDINGS = {
    "SERVICIO DE LOGÍSTICA INTERNACIONAL": "logistica",
    "FLETE Y ALMACENAJE DE CARGA EN TRANSITO": "logistica",
    "SERVICIO DE EMBALAJE Y TRANSPORTE DE FRUTA": "embalaje",
    "DISEÑO DE ENVASES": "embalaje",
    "DISEÑO DE SOFTWARE PARA LA MINERIA PRIVADA": "tecnologia",
    "Soporte informático remoto": "tecnologia",
    "INGENIERIA DE SOFTWARE": "tecnologia",
    "SOFTWARE DE LOGISTICA": "tecnologia",
    "MANTENCION DE SOFTWARE": "tecnologia",
    "SERVICIOS FORESTALES": "forestal",
    "ASESORIA SILVÍCOLA EN PLANTACIONES DE PINO": "forestal",
    "INGENIERIA FORESTAL": "forestal",
    "DISEÑO DE INGENIERÍA DE DETALLE": "ingenieria",
    "ASESORIA EN INGENIERIA ESTRUCTURAL": "ingenieria",
    "MANTENCIÓN DE AERONAVES": "mantenimiento",
    "ANALISIS QUIMICO DE MUESTRAS": "laboratorio",
    "PRODUCCION AUDIOVISUAL": "audiovisual",
    "DISEÑO GRÁFICO PUBLICITARIO": "audiovisual",
    "ADMINISTRACION DE FONDOS DE TERCEROS": "financiero",
    "SERVICIOS DE ADMINISTRACION": "administracion",
    "CURSOS DE CAPACITACION A DISTANCIA": "educacion",
    "CONSULTORIA EN GESTION": "consultoria",
    "ASESORIA EN PREVENCION DE INCENDIOS": "consultoria",
    "SERVICIO CALIFICADO COMO EXPORTACION": "sin_clasificar",
    "SERVICIO PRESTADO AL EXTERIOR": "sin_clasificar",
    "ASESORIA,EN:FINANZAS": "financiero",
    "ANTIFORESTALIZADO": "sin_clasificar",  # a word, not a part of one
    "": "sin_clasificar",
}


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    folder = tmp_path_factory.mktemp("raw")
    services = [
        line(FECHAACEPT="10012024", NUMEROIDENT=str(number), TIPOOPERACION="202", CODIGOARANCEL="00259900", NOMBRE=text)
        for number, text in enumerate([*WORDINGS, "SERVICIOS FORESTALES"], start=1)
    ]
    software = line(FECHAACEPT="10012024", NUMEROIDENT="99", CODIGOARANCEL="85234990", NOMBRE="SOFTWARE EN DISCO")
    back = line(
        FECHAACEPT="10012024", NUMEROIDENT="98", TIPOOPERACION="227", CODIGOARANCEL="00259900", NOMBRE="REEXPORTACION"
    )
    written = write_month(folder, JANUARY, lines=[*month_lines(JANUARY), *services, software, back])
    place = Workspace(tmp_path_factory.mktemp("data"))
    loaded = load([written], place, progress=quiet())
    with duckdb.connect(str(edition_path(place, loaded.edition_id)), read_only=True) as connection:
        yield connection


@pytest.mark.parametrize("text", WORDINGS)
def test_a_wording_gives_its_type(text: str, edition: duckdb.DuckDBPyConnection) -> None:
    found = edition.execute(
        "SELECT DISTINCT service_type_id FROM core_export "
        "WHERE segment = 'services' AND product_text IS NOT DISTINCT FROM $text",
        {"text": text or None},
    ).fetchall()
    assert found == [(WORDINGS[text],)]


def test_goods_have_no_type_whatever_they_are_called(edition: duckdb.DuckDBPyConnection) -> None:
    found = edition.execute(
        "SELECT segment, service_type_id, count(*) FROM core_export WHERE segment = 'goods' GROUP BY ALL"
    )
    assert found.fetchall() == [("goods", None, 91)]


def test_every_type_but_the_unclassified_has_a_rule(edition: duckdb.DuckDBPyConnection) -> None:
    without = edition.execute(
        "SELECT service_type_id FROM core_service_type ANTI JOIN core_service_rule USING (service_type_id)"
    )
    assert without.fetchall() == [("sin_clasificar",)]


@pytest.mark.parametrize(
    ("damage", "promise"),
    [
        ("INSERT INTO core_service_rule VALUES ('INGENIERÍA CIVIL', 'ingenieria', 70, NULL, 'x')", "words_are_plain"),
        ("INSERT INTO core_service_rule VALUES ('SOFT|WARE', 'tecnologia', 10, NULL, 'x')", "words_are_plain"),
        ("INSERT INTO core_service_rule VALUES ('FERIAS', 'ferias', 500, NULL, 'x')", "type_exists"),
        ("INSERT INTO core_service_rule VALUES ('FERIAS', 'logistica', 10, NULL, 'x')", "a_priority_is_of_one_type"),
        ("INSERT INTO core_service_rule VALUES ('FERIAS', 'logistica', 95, NULL, 'x')", "a_type_has_one_priority"),
        ("INSERT INTO core_service_rule VALUES ('SOFTWARE*', 'tecnologia', 10, NULL, 'x')", "clave única"),
    ],
)
def test_a_rule_that_could_not_work_is_refused(damage: str, promise: str, edition: duckdb.DuckDBPyConnection) -> None:
    contract = read_contract(SQL_FOLDER / "core" / "core_service_rule.toml")
    with duckdb.connect() as copy:
        for table in ("core_service_rule", "core_service_type"):
            rows = edition.table(table).arrow()
            copy.register("rows", rows)
            copy.execute(f"CREATE TABLE {table} AS FROM rows")
        assert verify(copy, contract) == []
        copy.execute(damage)
        assert promise in "\n".join(verify(copy, contract))


def test_what_is_no_export_is_no_service_whatever_its_heading(edition: duckdb.DuckDBPyConnection) -> None:
    found = edition.execute("SELECT segment, service_type_id FROM core_export WHERE operation_code = '227'").fetchall()
    assert found == [("not_export", None)]
