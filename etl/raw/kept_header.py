"""Which table an office's columns are, whatever their accents, case and order, and what is missing or not ours."""

from collections.abc import Iterable, Sequence

from etl.errors import SourceError
from etl.raw.firm_key import without_ruts
from etl.raw.source import Column, columns
from etl.raw.wording import plain

TABLES = ("registro", "encuentros")
LEAST_REQUIRED = 3  # columns that tell a table apart when one of its first two is missing
HEADER_WITHIN = 30  # rows: offices write titles above
LISTED = 20


def column_name(title: str) -> str:
    """Return a column's title as our names are written: «Negocios cerrados USD» is «negocios_cerrados_usd»."""
    return plain(title).replace(" ", "_")


def table_of(titles: Iterable[str]) -> str | None:
    """Return which table has these columns: its first two, or most of those it requires."""
    names = {column_name(title) for title in titles}
    scores = {source_id: _score(names, columns(source_id)) for source_id in TABLES}
    best = max(TABLES, key=lambda source_id: scores[source_id])
    return best if scores[best] else None


def _score(names: set[str], known: Sequence[Column]) -> int:
    """Return how many of the required columns are there; 0 when they are too few to be this table."""
    required = {column.name for column in known if column.is_required}
    n_there = len(required & names)
    enough = max(LEAST_REQUIRED, len(required) // 2 + 1)
    return n_there if n_there >= enough or {column.name for column in known[:2]} <= names else 0


def has_all(titles: Iterable[str]) -> bool:
    """Tell whether these columns are a whole table of ours."""
    names = [column_name(title) for title in titles]
    source_id = table_of(names)
    return source_id is not None and not _missing(names, columns(source_id))


def refuse_incomplete(name: str, source_id: str, names: Sequence[str]) -> None:
    """Raise SourceError with all that is missing or written twice, and what the file has instead."""
    known = columns(source_id)
    missing, own = _missing(names, known), {column.name for column in known}
    repeated = sorted({f"«{one}»" for one in own if names.count(one) > 1})
    if not missing and not repeated:
        return
    faults = []
    if missing:
        faults.append(f"falta{'n' * (len(missing) > 1)} {_columns(missing)}")
    if repeated:
        faults.append(f"{_columns(repeated)} está{'n' * (len(repeated) > 1)} dos veces (deje una)")
    strange = unread(source_id, names)
    others = f"; no se reconocen {', '.join(strange)}" if strange else ""
    raise SourceError(
        f"{name}: {' y '.join(faults)}{others}; el encabezado lleva {', '.join(column.name for column in known)} "
        "(vea la plantilla)."
    )


def unread(source_id: str, titles: Iterable[str]) -> list[str]:
    """Return the titles of columns that nobody reads, as they may be shown."""
    own = {column.name for column in columns(source_id)}
    strange = [title for title in titles if title.strip() and column_name(title) not in own]
    return [f"«{without_ruts(' '.join(title.split()))[:40]}»" for title in strange][:LISTED]


def _missing(names: Sequence[str], known: Sequence[Column]) -> list[str]:
    """Return the columns that are not there; of two of which one is enough, both as one."""
    single = [f"«{column.name}»" for column in known if column.is_required and column.name not in names]
    pairs = {
        " o ".join(f"«{name}»" for name in sorted((column.name, column.unless)))
        for column in known
        if column.unless and column.name not in names and column.unless not in names
    }
    return [*single, *sorted(pairs)]


def _columns(names: Sequence[str]) -> str:
    *most, last = names
    return f"las columnas {', '.join(most)} y {last}" if most else f"la columna {last}"
