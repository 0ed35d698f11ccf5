"""The Atom feed of publications, `editions/cambios.atom`: a function of the history, so it can always be made again."""

import re
from xml.etree import ElementTree

from etl import editions
from etl.paths import Workspace

FILE = "cambios.atom"
SHOWN = 20
NAMESPACE = "http://www.w3.org/2005/Atom"
TITLE = "Pulso Exportador: qué cambió en los datos oficiales"
NO_XML = re.compile(
    "[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)  # what XML 1.0 cannot hold, escaped or not


def write(workspace: Workspace) -> None:
    """Renew the feed when the history says something it does not: the latest publications of official editions.

    Demo editions are never news, and private ones are nobody else's.
    """
    entries = [one for one in _publications(workspace) if one["edition_id"].startswith("official-")][-SHOWN:]
    path = workspace.editions / FILE
    if not entries:
        return
    text = _atom(list(reversed(entries)))
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        editions.write_whole(path, text)


def _publications(workspace: Workspace) -> list[dict[str, str]]:
    """Return the history without the lines that a killed publication wrote before it was done again."""
    lines = editions.history(workspace)
    return [
        one
        for one, following in zip(lines, [*lines[1:], None], strict=True)
        if following is None or following["edition_id"] != one["edition_id"]
    ]


def _atom(entries: list[dict[str, str]]) -> str:
    ElementTree.register_namespace("", NAMESPACE)
    feed = ElementTree.Element(f"{{{NAMESPACE}}}feed")
    _add(feed, "id", "urn:pulso-exportador:cambios")
    _add(feed, "title", TITLE)
    _add(feed, "updated", entries[0]["published_at"])
    _add(_add(feed, "author"), "name", "Pulso Exportador")
    for entry in entries:
        said = _add(feed, "entry")
        back = entry["action"] == "rollback"
        _add(said, "id", f"urn:pulso-exportador:{entry['edition_id']}:{entry['published_at']}")
        _add(said, "title", f"{'Se vuelve a' if back else 'Publicada'} la edición {entry['edition_id']}")
        _add(said, "updated", entry["published_at"])
        _add(said, "content", entry.get("summary") or "Una edición anterior vuelve a la pantalla.").set("type", "text")
    ElementTree.indent(feed)
    return ElementTree.tostring(feed, encoding="unicode", xml_declaration=True) + "\n"


def _add(parent: ElementTree.Element, name: str, text: str | None = None) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
    element.text = NO_XML.sub(" ", text) if text is not None else None
    return element
