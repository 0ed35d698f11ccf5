"""What every edition begins with: all tables, filled where no raw file can change them, and the dictionary.

It is built once for each recipe and kept beside the staged files; a build copies it.
"""

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

import duckdb

from editions.errors import ContractError
from editions.folders import Workspace
from etl import contracts, inputs
from etl.contracts import SQL_FOLDER, Contract
from etl.plan import recipe_hash

OWN_CODE = (Path(__file__), Path(contracts.__file__), Path(inputs.__file__))


def template(workspace: Workspace) -> Path:
    """Return the template of today's recipe, built when there is none; those of other recipes are deleted.

    Raises ContractError when a reference table breaks its contract.
    """
    path = workspace.staged / f"template-{_version()}.duckdb"
    if not path.exists():
        draft = workspace.build / path.name
        draft.unlink(missing_ok=True)
        _build(draft)
        with draft.open("rb") as whole:
            os.fsync(whole.fileno())
        for other in workspace.staged.glob("template-*.duckdb"):
            other.unlink()
        draft.replace(path)
    return path


def _version() -> str:
    """Return the hash of all that the template is made from, DuckDB's own version included."""
    digest = hashlib.sha256(f"{recipe_hash()} {duckdb.__version__}".encode())
    for path in OWN_CODE:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _build(target: Path) -> None:
    tables = contracts.all_contracts()
    later = contracts.filled_from_records(tables)
    with duckdb.connect(str(target)) as connection:
        connection.begin()  # hundreds of small statements: one commit
        connection.execute((SQL_FOLDER / "meta.sql").read_text(encoding="utf-8"))
        _fill(connection, [contract for contract in tables if contract not in later])
        for contract in later:
            connection.execute(contract.create_sql)
        contracts.describe(connection, tables)
        connection.commit()


def _fill(connection: duckdb.DuckDBPyConnection, tables: Sequence[Contract]) -> None:
    inputs.show_reference(connection, tables)
    for contract in tables:
        connection.execute(contract.create_sql)
        contracts.fill(connection, contract)
    broken = [sentence for contract in tables for sentence in contracts.verify(connection, contract)]
    if broken:
        raise ContractError("\n".join(broken))
    contracts.count_rows(connection, tables)
    inputs.hide(connection)
