"""Where the report of an edition lies: `<edition_id>.changes.md` and `.json` beside its file."""

from pathlib import Path

from etl import editions
from etl.changes import wording
from etl.changes.report import compare
from etl.errors import PublishError
from etl.paths import Workspace


def write(workspace: Workspace, edition_id: str, built: Path, base: Path | None) -> str:
    """Write the report of a built edition, before it is published, and return it in one paragraph."""
    report = compare(built, base)
    markdown, machine = editions.report_paths(workspace, edition_id)
    editions.write_whole(markdown, wording.as_markdown(report))
    editions.write_whole(machine, wording.as_json(report))
    return wording.summary(report)


def read(workspace: Workspace, edition_id: str | None) -> str:
    """Return the report in Markdown of an edition, by default the one on screen. Raises PublishError without one."""
    wanted = edition_id or editions.current_id(workspace)
    if wanted is None:
        raise editions.none_on_screen(workspace)
    markdown, _ = editions.report_paths(workspace, wanted)
    if not markdown.exists():
        raise PublishError(f"La edición {wanted} no tiene informe de cambios; vea las que hay con «pulso editions».")
    return markdown.read_text(encoding="utf-8")
