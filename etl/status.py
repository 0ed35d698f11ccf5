"""What is loaded, in words: for `status`, `editions` and `check`."""

from pathlib import Path

import duckdb

from editions import store
from editions.errors import PublishError
from editions.folders import Workspace
from etl import contracts
from etl.gates import controls
from etl.gates.controls import GATES, accepted
from etl.wording import megabytes, millions, whole

FARTHEST_SHOWN = 10


def of_current(workspace: Workspace) -> str:
    """Return the edition on screen: what it is, its months by source, repairs, rejects and unknown codes."""
    path = _existing(workspace, None)
    with store.reading(path) as edition:
        build = edition.execute("SELECT edition_id, label, built_at, code_version, extract FROM meta_build").fetchone()
        assert build is not None  # noqa: S101  every edition has its one row
        lines = [f"Edición {build[0]} · {build[1]} · armada {build[2]} UTC · código {build[3]}"]
        if build[4]:
            lines.append(f"Sólo una parte de las exportaciones: {build[4]}")
        for source_id, first, last, months, complete, items, fob in edition.execute(
            "SELECT source_id, min(month), max(month), count(*), count(*) FILTER (is_complete), sum(n_items)::BIGINT, "
            "sum(fob_usd) FROM core_month GROUP BY 1 ORDER BY 1"
        ).fetchall():
            lines.append(
                f"{source_id}: {first:%Y-%m} a {last:%Y-%m}, {months} meses ({complete} completos), "
                f"{whole(items)} registros, {millions(fob)}"
            )
        lines += [f"Aviso: {sentence}" for sentence in controls.sentences(controls.holes(edition))]
        lines += _facts(edition)
        for words, query in (
            ("reparaciones", "SELECT kind, sum(n)::BIGINT FROM meta_repair GROUP BY 1 ORDER BY 2 DESC"),
            ("filas rechazadas", "SELECT reason, count(*) FROM meta_reject GROUP BY 1 ORDER BY 2 DESC LIMIT 10"),
            (
                "códigos desconocidos",
                "SELECT code_table || ' ' || code, n_items FROM meta_unknown_code ORDER BY 2 DESC",
            ),
        ):
            found = edition.execute(query).fetchall()
            if found:
                lines.append(f"{words}: " + "; ".join(f"{name} × {whole(count)}" for name, count in found))
        lines += [
            f"control aceptado ({GATES[one.gate]}): {one.detail} Razón: {one.accepted_reason}"
            for one in accepted(edition, path.stem)
        ]
    return "\n".join(lines)


def warnings(workspace: Workspace, edition_id: str) -> list[str]:
    """Return a sentence for each source of the edition that lacks months between others."""
    with store.reading(_existing(workspace, edition_id)) as edition:
        return controls.sentences(controls.holes(edition))


def _facts(edition: duckdb.DuckDBPyConnection) -> list[str]:
    """Return what the edition holds beside exports: firms counted by SII, business rounds, UF and dollar."""
    held = {name for (name,) in edition.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    lines = []
    if "core_sii_company" in held:
        for source_id, first, last, cells, masked in edition.execute(
            "SELECT source_id, min(year), max(year), count(*), count(*) FILTER (is_masked) FROM core_sii_company "
            "WHERE place_level = if(source_id = 'sii_comuna', 'comuna', 'region') GROUP BY 1 ORDER BY 1"
        ).fetchall():
            name = "sii (tabla de referencia)" if source_id == "reference" else source_id
            lines.append(f"{name}: {first} a {last}, {whole(cells)} celdas, {whole(masked)} con ventas ocultas")
    if "core_business_round" in held:
        found = edition.execute(
            "SELECT origin, count(*) FROM core_business_round GROUP BY 1 ORDER BY 1 DESC"
        ).fetchall()
        said = {"published": "publicados", "office": "de la oficina"}
        lines.append("encuentros: " + ", ".join(f"{whole(count)} {said[origin]}" for origin, count in found))
    for table, name in (("core_uf_month", "UF"), ("core_exchange_rate_month", "dólar")):
        if table in held:
            first, last = edition.execute(f"SELECT min(month), max(month) FROM {table}").fetchall()[0]
            lines.append(f"{name}: {first:%Y-%m} a {last:%Y-%m}" if first else f"{name}: sin serie")
    return lines


def of_editions(workspace: Workspace) -> str:
    """Return the editions on disk, the one published last first: when, months, kind, size; the one on screen marked."""
    current = store.current_id(workspace)
    ids = store.edition_ids(workspace)
    if not ids:
        return "No hay ediciones; cree la de demostración con «pulso demo»."
    published = {entry["edition_id"]: entry["published_at"] for entry in store.history(workspace)}
    lines = []
    for edition_id in ids:
        mark = "→" if edition_id == current else " "
        unlisted = "la que ve el público" if edition_id == store.public_id(workspace) else "sin publicar"
        when = f"{published[edition_id][:16].replace('T', ' ')} UTC" if edition_id in published else unlisted
        path = store.edition_path(workspace, edition_id)
        lines.append(f"{mark} {edition_id}  {when}  {_contents(path)}  {megabytes(path.stat().st_size)}")
    return "\n".join(lines)


def _contents(path: Path) -> str:
    """Return months and kind of the edition in a file; one that cannot be read stops no list."""
    try:
        with duckdb.connect(str(path), read_only=True) as edition:
            ((kind, extract),) = edition.execute("SELECT label, extract FROM meta_build").fetchall()
            ((first, last, n_months),) = edition.execute(
                "SELECT min(month), max(month), count(DISTINCT month) FROM core_month"
            ).fetchall()
            missing = len(controls.holes(edition))
    except duckdb.Error:
        return "no se puede leer: puede estar dañada"
    months = f"{first:%Y-%m} a {last:%Y-%m}, {whole(n_months)} {'mes' if n_months == 1 else 'meses'}"
    gaps = f" (faltan {whole(missing)})" if missing else ""
    return f"{months}{gaps}  {kind}{', sólo una parte' if extract else ''}"


def broken_promises(workspace: Workspace, edition_id: str | None) -> list[str]:
    """Return one sentence for each contract the edition breaks, and for each published figure it is too far from."""
    with store.reading(_existing(workspace, edition_id)) as edition:
        held = {name for (name,) in edition.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
        sentences = []
        for contract in contracts.all_contracts():
            if contract.table in held:
                sentences += contracts.verify(edition, contract)
            else:
                sentences.append(f"{contract.table}: la edición no la tiene; rearme con «pulso build».")
        return sentences + (_broken_tolerances(edition) if controls.TABLE in held else [])


def _broken_tolerances(edition: duckdb.DuckDBPyConnection) -> list[str]:
    """Return a sentence for each published figure beyond its tolerance, the farthest first, and how many are left."""
    sentences = [one.detail for one in controls.outside(edition)]
    if len(sentences) > FARTHEST_SHOWN:
        rest = len(sentences) - FARTHEST_SHOWN
        sentences[FARTHEST_SHOWN:] = [f"{controls.TABLE}: y {rest} más; véalas con «pulso reconcile»."]
    return sentences


def _existing(workspace: Workspace, edition_id: str | None) -> Path:
    wanted = edition_id or store.current_id(workspace)
    if wanted is None:
        raise store.none_on_screen(workspace)
    path = store.edition_path(workspace, wanted)
    if not path.exists():
        raise PublishError(f"No existe la edición {wanted}; vea las que hay con «pulso editions».")
    return path
