"""The office's own register of exporters: every row must be right; firms are kept only as keyed hashes."""

import hmac
import os
import re
import secrets
from pathlib import Path

import duckdb

from etl.errors import SourceError
from etl.raw import fields as sql
from etl.raw.clean import BOM
from etl.raw.cleaned import Cleaned
from etl.raw.fields import Rule
from etl.raw.parsed import Parsed, Task, rejects
from etl.raw.report import MonthCount, Rejected, RowsRejectedError
from etl.raw.source import fields
from etl.raw.wording import thousands

SOURCE = "registro"
DEMO_KEY = b"demo"  # public on purpose: demo firms are invented
KEY_LENGTH = 24
SHOWN = 3
SEGMENTS = {"bienes": "goods", "servicios": "services", "rancho": "ship_supplies"}
SIZES = ("micro", "pequena", "mediana", "grande", "sin_informacion")
RULES = (
    Rule("periodo", "(19|20)[0-9]{2}-(0[1-9]|1[0-2])", "un mes AAAA-MM"),
    Rule("exportador", "[^ ].*", "un identificador"),
    Rule("region", "(0[0-9]|1[0-6]|20)", "una región 01 a 16, 20 o 00"),
    Rule("comuna", "([0-9]{4,5})?", "una comuna de 5 cifras"),
    Rule("hs", "[0-9]{8}", "un código arancelario de 8 cifras"),
    Rule("pais", "[0-9]{1,4}", "un código de país de Aduanas"),
    Rule("flujo", f"({'|'.join(SEGMENTS)})", "bienes, servicios o rancho"),
    Rule("fob_usd", "-?[0-9]{1,15}([.,][0-9]+)?", "un número con punto o coma decimal, sin separador de miles"),
    Rule("tamano", f"({'|'.join(SIZES)})", "micro, pequena, mediana, grande o sin_informacion"),
)


def secret(root: Path, *, is_demo: bool) -> bytes:
    """Return the key of the hashes: kept beside the data, readable by its owner only, made at first need."""
    if is_demo:
        return DEMO_KEY
    path = root / "register.secret"
    if not path.exists():
        draft = root / "register.secret.part"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
        draft.replace(path)
    return path.read_text(encoding="ascii").strip().encode()


def exporter_key(exporter: str, key: bytes) -> str:
    """Return the firm's keyed hash; dots, spaces and case of a RUT make no difference."""
    plain = re.sub(r"[.\s]", "", exporter).upper()
    return hmac.new(key, plain.encode(), "sha256").hexdigest()[:KEY_LENGTH]


def parse(task: Task, key: bytes) -> Parsed:
    """Write the register's rows as Parquet. Raises RowsRejectedError with all wrong rows if there is any."""
    body, names, misshapen = _body(task)
    if not body.rows:
        _refuse_any(task.name, misshapen, len(misshapen))
    with sql.connect(task.scratch) as connection:
        _read(connection, body.path, names)
        wrong = {row: "" for (row,) in connection.execute("SELECT rowid FROM entry WHERE NOT is_sound").fetchall()}
        rejected = misshapen + rejects(
            task.name,
            body,
            wrong,
            explain=lambda text: sql.broken_rule(RULES, dict(zip(names, text.split(";"), strict=True))),
        )
        _refuse_any(task.name, rejected, body.rows + len(misshapen))
        firms = [firm for (firm,) in connection.execute("SELECT DISTINCT exportador FROM entry").fetchall()]
        connection.execute(
            "CREATE TEMP TABLE firm AS SELECT unnest(?::VARCHAR[]) AS exportador, unnest(?::VARCHAR[]) AS exporter_key",
            [firms, [exporter_key(firm, key) for firm in firms]],
        )
        connection.execute(
            f"COPY (SELECT month, exporter_key, entry.* EXCLUDE (month, exportador, is_sound) FROM entry "
            f"JOIN firm USING (exportador) ORDER BY entry.rowid) "
            f"TO {sql.literal(str(task.parquet))} (FORMAT parquet)"
        )
        counts = connection.execute(
            "SELECT month, NULL, segment, count(*), sum(fob_usd) FROM entry GROUP BY ALL ORDER BY ALL"
        ).fetchall()
    return Parsed(
        rows=body.rows,
        rows_read=body.rows,
        repaired=dict(body.repaired),
        rejected=(),
        counts=tuple(MonthCount(*count) for count in counts),
    )


def _body(task: Task) -> tuple[Cleaned, list[str], list[Rejected]]:
    """Copy the rows of the right shape aside; return them, the column names and the rows of another shape."""
    body = Cleaned(task.scratch / "register.txt")
    names: list[str] = []
    misshapen: list[Rejected] = []
    with task.path.open("rb") as raw, body.path.open("wb") as output:
        for line, content in enumerate(raw, 1):
            task.progress.advance(len(content), rows=1)
            text = content.removeprefix(BOM).rstrip(b"\r\n")
            if not text.strip() or text.startswith(b"#"):
                continue
            if not names:
                names = [name.strip().lower() for name in text.decode("latin-1").split(";")]
            elif reason := _misshape(text, len(names)):
                misshapen.append(Rejected(task.name, line, reason, text.decode("latin-1")[:500]))
            else:
                body.begins_at(line)
                body.rows += 1
                output.write(text + b"\n")
    if not body.rows and not misshapen:
        raise SourceError(f"{task.name}: sólo trae el encabezado, sin filas; revise la exportación del registro.")
    return body, names, misshapen


def _misshape(text: bytes, n_fields: int) -> str | None:
    if text.count(b";") + 1 != n_fields:
        return f"{text.count(b';') + 1} campos donde se esperan {n_fields}"
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return "la fila no está en UTF-8"
    return "la fila trae un carácter de control" if b"\r" in text or b"\0" in text else None


def _refuse_any(name: str, rejected: list[Rejected], rows_read: int) -> None:
    if not rejected:
        return
    rejected.sort(key=lambda one: one.line)
    first = "; ".join(f"línea {thousands(one.line)}: {one.reason}" for one in rejected[:SHOWN])
    more = f"; y {thousands(len(rejected) - SHOWN)} más" if len(rejected) > SHOWN else ""
    raise RowsRejectedError(
        f"{name}: {thousands(len(rejected))} de {thousands(rows_read)} filas con error ({first}{more}); "
        f"corrija el registro y cárguelo de nuevo, no se cargó ninguna fila.",
        rejected,
    )


def _read(connection: duckdb.DuckDBPyConnection, text: Path, names: list[str]) -> None:
    connection.register("line", sql.read_text(text, names, fields(SOURCE)))
    segment = " ".join(f"WHEN '{said}' THEN '{segment}'" for said, segment in SEGMENTS.items())
    connection.execute(f"""
        CREATE TEMP TABLE entry AS
        SELECT
            try_strptime(trim(periodo) || '-01', '%Y-%m-%d')::DATE AS month,
            trim(exportador) AS exportador,
            {sql.padded_sql("region", 2)} AS region_code,
            nullif({sql.padded_sql("comuna", 5)}, '00000') AS comuna_code,
            trim(hs) AS hs_code,
            {sql.code_sql("pais")} AS country_code,
            CASE trim(flujo) {segment} END AS segment,
            {sql.decimal_sql("fob_usd", "DECIMAL(18, 2)")} AS fob_usd,
            trim(tamano) AS size_class,
            {sql.follows_sql(RULES)} AS is_sound
        FROM line
    """)
