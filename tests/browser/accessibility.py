"""What axe-core and our own eyes find on a page, wide and narrow, light and dark.

`python -m tests.browser.accessibility` writes the table of docs/ACCESSIBILITY.md.
"""

import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import chromium, serving
from tests.browser.furnished import furnished
from tests.browser.walking import CUT, FAINT, RESTS, SIDEWAYS, menu, opened, said

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
ALL = {"type": "tag", "values": [*WCAG, "best-practice"]}
COLOURS = {"type": "rule", "values": ["color-contrast"]}
LOOKS = (  # width, scheme, rules: structure does not change with the colours
    (1440, "light", ALL),
    (1440, "dark", COLOURS),
    (390, "dark", ALL),
    (390, "light", COLOURS),
)
GRAVE = ("serious", "critical")
AXE = """async ([rules, known]) => {
    const found = await axe.run(document, {runOnly: rules, elementRef: true, resultTypes: ["violations"]});
    return {
        passes: found.passes.map(rule => rule.id),
        nodes: found.violations.flatMap(rule => rule.nodes.map(node => ({
            rule: rule.id, impact: rule.impact, text: node.element.textContent.trim().slice(0, 60),
            html: node.html.slice(0, 140), what: node.failureSummary.split("\\n")[1].trim(),
            known: known.find(([id, selector]) => id === rule.id && node.element.matches(selector)) ?? null,
        }))),
    };
}"""
PAINTED = """() => {
    const style = one => getComputedStyle(one), app = style(document.querySelector('.stApp'));
    const dark = matchMedia('(prefers-color-scheme: dark)').matches;
    const light = app.backgroundColor.match(/\\d+/g).slice(0, 3).reduce((sum, one) => sum + Number(one), 0) > 380;
    const all = (selector, is) => [...document.querySelectorAll(selector)].every(is);
    return light !== dark && all('.stPlotlyChart', one => style(one).color === app.color)
        && all('.svg-container > .main-svg:first-child', one => style(one).backgroundColor === app.backgroundColor);
}"""


@dataclass(frozen=True)
class OfStreamlit:
    """A violation whose element Streamlit makes and that we cannot mend; `seen` is a visit that shows it."""

    rule: str
    selector: str
    seen: str
    why: str


REST: tuple[OfStreamlit, ...] = (
    OfStreamlit(
        "scrollable-region-focusable",
        "[data-testid=stTable] *",
        "encuentros",
        "a table wider than a phone scrolls in a box to which `st.table` gives no tabindex; screen readers read it all",
    ),
)


@dataclass(frozen=True)
class Visit:
    """A page in one state after another: what is opened, and the moves that follow."""

    name: str
    address: str
    moves: tuple[tuple[str, Callable[[Page], None]], ...] = ()


def pick(option: str) -> tuple[str, Callable[[Page], None]]:
    """Return the move that presses one of several alternatives."""
    return option, lambda page: page.get_by_role("radio", name=option, exact=True).click()


def unfold(page: Page) -> None:
    """Open the first part that is folded away."""
    page.locator("summary").first.click()


def search(page: Page) -> None:
    """Look up a product that there is not."""
    page.get_by_role("button", name="Producto").click()
    page.get_by_label("Nombre o código arancelario").fill("nada que exista")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Ningún producto se llama así")).to_be_visible()


def definition(page: Page) -> None:
    """Open the definition of the figures."""
    page.get_by_role("button", name="Definición").click()
    expect(page.get_by_test_id("stPopoverBody")).to_be_visible()


def run(page: Page) -> None:
    """Run the query of the address."""
    page.get_by_role("button", name="Consultar").click()
    expect(page.get_by_text("La consulta vino en el enlace")).to_be_hidden()


MENU, RUN = ("menú de un gráfico", menu), ("consultar", run)
VISITS = (
    Visit("resumen", "resumen", (MENU, pick("Enlaces"), pick("Citar"))),
    Visit("sectores", "sectores", (("definición", definition),)),
    Visit("sectores, detalle", "sectores?sector=prochile:forestal&hs=44&ver=precios", (MENU, pick("SQL"))),
    Visit("pymes", "pymes", (MENU,)),
    Visit("mercados", "mercados", (("producto", search),)),
    Visit("servicios", "servicios", (MENU,)),
    Visit("regiones", "regiones", (MENU,)),
    Visit("explorar", "explorar?cols=month", tuple(map(pick, ("Mapa de calor", "Líneas", "Barras", "Áreas")))),
    Visit("explorar, SQL", "explorar?tool=sql&sql=SELECT+1+AS+uno", (RUN, ("tablas", unfold))),
    Visit("explorar, SQL que falla", "explorar?tool=sql&sql=SELECT", (RUN,)),
    Visit("verificar", "verificar"),
    Visit("verificar, resultado", "verificar?numero=12+%25&sobre=share&region=08&periodo=2024", (("otra", unfold),)),
    Visit("encuentros", "encuentros"),
    Visit(
        "datos",
        "datos",
        (
            *map(pick, ("Calidad", "Revisiones", "Conciliación", "Definiciones")),
            ("una definición", unfold),
            pick("Diccionario"),
            ("una tabla", unfold),
            *map(pick, ("Ediciones", "Descargas")),
        ),
    ),
    Visit("dirección equivocada", "resumen?region=99"),
)


@dataclass
class Found:
    """What a visit found: our problems, the known rest, and which rules passed in how many looks."""

    ours: list[str] = field(default_factory=list)
    slight: list[str] = field(default_factory=list)
    rest: Counter[tuple[str, str]] = field(default_factory=Counter)
    passed: set[str] = field(default_factory=set)
    looks: int = 0


def looked_at(visit: Visit, browser: Browser, address: str) -> Found:
    """Return what is found on a page in each of its states, wide and narrow, light and dark."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="es-CL", reduced_motion="reduce")
    try:
        found = Found()
        page = context.new_page()
        page.on("console", lambda line: found.ours.append(f"console: {line.text}") if line.type == "error" else None)
        opened(page, f"{address}/{visit.address}")
        page.evaluate(AXE_SCRIPT)
        _look(page, visit.name, found)
        for name, move in visit.moves:
            move(page)
            said(page)
            _look(page, f"{visit.name}, {name}", found)
        return found
    finally:
        context.close()


def _look(page: Page, name: str, found: Found) -> None:
    for width, scheme, rules in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        page.wait_for_function(PAINTED)
        page.wait_for_selector(RESTS)
        where = f"{name}, {width} {scheme}"
        _axe(page, where, rules, found)
        found.ours += [f"{where}: faint text, {text}" for text in page.evaluate(FAINT)]
        if width == 390:
            found.ours += [f"{where}: runs out of the side, {text}" for text in page.evaluate(SIDEWAYS)]
            found.ours += [f"{where}: cut by its chart, {text}" for text in page.evaluate(CUT)]
        found.looks += 1
    page.set_viewport_size({"width": 1440, "height": 900})


def _axe(page: Page, where: str, rules: dict[str, Any], found: Found) -> None:
    told = page.evaluate(AXE, [rules, [[one.rule, one.selector] for one in REST]])
    found.passed |= set(told["passes"])
    for node in told["nodes"]:
        if node["known"]:
            found.rest[tuple(node["known"])] += 1
            continue
        said_of_it = f"{where}: {node['impact']} {node['rule']}, «{node['text']}» {node['html']}: {node['what']}"
        (found.ours if node["impact"] in GRAVE else found.slight).append(said_of_it)


def report(browser: Browser, address: str) -> Iterator[str]:
    """Yield the lines of the table: a page, the looks at it, rules passed, what is ours, what is Streamlit's."""
    yield "| page | looks | rules passed | ours, serious or critical | ours, slighter | Streamlit's |"
    yield "|---|--:|--:|--:|--:|---|"
    for visit in VISITS:
        found = looked_at(visit, browser, address)
        sys.stderr.write("".join(f"{line}\n" for line in dict.fromkeys((*found.ours, *found.slight))))
        rest = ", ".join(f"{rule} ({count})" for (rule, _), count in sorted(found.rest.items())) or "–"
        counts = (found.looks, len(found.passed), len(found.ours), len(found.slight))
        yield f"| {visit.name} | {' | '.join(map(str, counts))} | {rest} |"


def main() -> None:
    """Print the table for docs/ACCESSIBILITY.md, made on the edition of the tests."""
    with tempfile.TemporaryDirectory() as folder:
        furnished(Path(folder))
        version = re.search(r"axe v([\d.]+)", AXE_SCRIPT)
        with serving(Path(folder)) as address, chromium() as browser:
            sys.stdout.write(f"axe-core {version[1] if version else '?'}, Chromium {browser.version}\n\n")
            for line in report(browser, address):
                sys.stdout.write(f"{line}\n")
                sys.stdout.flush()


if __name__ == "__main__":
    main()
