"""What exists against what is loaded, and what a run would do, in words."""

from datetime import date

from etl.paths import Workspace
from etl.sync.disk import needed_bytes
from etl.sync.plan import Item, month_at
from etl.sync.run import Survey
from etl.wording import megabytes, whole


def as_table(found: Survey) -> str:
    """Return one line a month: what datos.gob.cl lists, and whether the edition has it."""
    listed: dict[date | None, Item] = {item.month: item for item in found.plan.items if item.month}
    lines = [f"Edición: {found.have.edition_id or 'ninguna'}"]
    lines += [_line(month_at(number), listed, found) for number in found.span]
    lines += [f"Aviso: {note}" for note in found.plan.notes]
    return "\n".join(lines)


def as_intention(found: Survey, changed: list[Item], workspace: Workspace) -> str:
    """Return what a run would bring, and the room it needs."""
    new = [item for item in changed if item.wanted.known is None]
    lines = [f"{item.label}: {'nuevo' if item in new else 'cambió'}, {_size(item)}" for item in changed]
    lines.append(
        f"Se descargarían {len(changed)} archivos ({len(new)} nuevos, {megabytes(found.plan.unknown_bytes)} según la "
        f"lista); disco necesario: {megabytes(needed_bytes(found.plan, workspace))}. No se hizo nada."
    )
    return "\n".join(lines)


def _line(month: date, listed: dict[date | None, Item], found: Survey) -> str:
    item, items = listed.get(month), found.have.items.get(month)
    published = f"{item.wanted.name} ({_size(item)})" if item else "no está en datos.gob.cl"
    return f"{month:%Y-%m}  {_state(item, items):<22} {published}"


def _state(item: Item | None, items: int | None) -> str:
    if items is None:
        return "por cargar" if item else "—"
    known = item.wanted.known if item else None
    if item and known and item.wanted.listed_size != known.listed_size:
        return f"cambió ({whole(items)})"
    return f"cargado ({whole(items)})" if item else f"sólo aquí ({whole(items)})"


def _size(item: Item) -> str:
    return megabytes(item.wanted.listed_size) if item.wanted.listed_size else "tamaño sin decir"
