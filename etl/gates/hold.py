"""Holds a built edition to the gates before it is published, and keeps what they found inside it."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import duckdb

from editions.errors import GateError
from etl.build import MEMORY_LIMIT
from etl.contracts import literal
from etl.gates import controls
from etl.gates.controls import (
    ACCEPTED,
    FAILED,
    GATES,
    NOT_APPLICABLE,
    Finding,
    accepted,
    coverage,
    declaration_totals,
    lost_value,
    row_counts,
    unknown_codes,
    write,
)

SHOWN = 4  # of each gate
LONGEST_REASON = 500
SYNTHETIC = "Datos sintéticos: no se comparan con lo publicado ni con otra edición."
PART = "La edición es sólo una parte declarada de las exportaciones."
FIRST = "No hay edición anterior con que comparar."


def hold(built: Path, base: Path | None, *, accept: str | None = None) -> tuple[Finding, ...]:
    """Return what the gates found of the edition in the file `built`, and write it there (`meta_gate`).

    A failure that the edition on screen already has, with the same figure, stays accepted for the reason given then;
    `accept` is the reason to publish against those that are left. Raises GateError with one sentence for each failed
    figure when there is none.
    """
    reason = _plain(accept)
    with duckdb.connect(str(built), config={"memory_limit": MEMORY_LIMIT}) as connection:
        if base is not None:
            connection.execute(f"ATTACH {literal(str(base))} AS base (READ_ONLY)")
        before = accepted(connection, "base") if base is not None else []
        found = [_with_reason(one, before, reason) for one in _judge(connection, has_base=base is not None)]
        failed = [one for one in found if one.status == FAILED]
        if failed:
            raise GateError(_sentences(failed))
        write(connection, found)
    return tuple(found)


def _judge(connection: duckdb.DuckDBPyConnection, *, has_base: bool) -> list[Finding]:
    kind, extract = connection.execute("SELECT kind, extract FROM meta_build").fetchall()[0]
    is_demo, is_extract = kind == "demo", extract is not None
    not_compared = SYNTHETIC if is_demo else PART if is_extract else None
    found = []
    for gate in GATES:
        if gate == "declaration_totals":
            found += declaration_totals(connection, is_extract=is_extract)
        elif gate == "unknown_codes":
            found += unknown_codes(connection)
        elif gate == "lost_value":
            found += lost_value(connection)
        elif gate == "coverage":
            found += coverage(connection) if has_base else [_skipped(gate, SYNTHETIC if is_demo else FIRST)]
        elif not_compared:
            found.append(_skipped(gate, not_compared))
        else:
            found += row_counts(connection) if gate == "row_counts" else controls.findings(connection, gate)
    return found


def _skipped(gate: str, why: str) -> Finding:
    return Finding(gate, "", None, NOT_APPLICABLE, None, None, why)


def _with_reason(one: Finding, before: Sequence[Finding], reason: str | None) -> Finding:
    if one.status != FAILED:
        return one
    same = (one.gate, one.subject, one.found)
    known = next((b.accepted_reason for b in before if (b.gate, b.subject, b.found) == same), None)
    return replace(one, status=ACCEPTED, accepted_reason=known or reason) if known or reason else one


def _plain(reason: str | None) -> str | None:
    """Return the reason on one line, or refuse one that says nothing."""
    if reason is None:
        return None
    plain = re.sub(r"[\x00-\x20\x7f-\x9f]+", " ", reason).strip()[:LONGEST_REASON]
    if not plain:
        raise GateError("--accept pide la razón por la que se publica a pesar de los controles; escríbala.")
    return plain


def _sentences(failed: Sequence[Finding]) -> str:
    """Return what is off, some figures of every gate that failed, and what to do."""
    said = []
    for gate, name in GATES.items():
        off = [one.detail for one in failed if one.gate == gate]
        said += [f"[{name}] {detail}" for detail in off[:SHOWN]]
        if len(off) > SHOWN:
            said.append(f"[{name}] Y {len(off) - SHOWN} más.")
    count = "1 cifra" if len(failed) == 1 else f"{len(failed)} cifras"
    return "\n".join(
        [
            f"La edición nueva no pasa los controles en {count} y no se publica; lo que está en pantalla no cambia.",
            *said,
            "Si lo nuevo es lo correcto, repita con --accept y la razón: quedará escrita en la edición.",
        ]
    )
