"""Writes the demonstration's raw files: 34 monthly DUS files and an exporter register that begins four years before."""

from pathlib import Path

from etl.demo.calibration import MONTHS, calibrate
from etl.demo.declarations import declare
from etl.demo.firms import make_firms
from etl.demo.past import past
from etl.demo.products import products
from etl.demo.raw_format import file_name, month_texts
from etl.demo.register import NAME, register_text
from etl.demo.slices import World
from etl.demo.truth import Book, Truth
from etl.demo.truth_firms import write_firms
from etl.demo.truth_values import write_values
from etl.demo.values import make_items
from etl.progress import Progress


def make_world() -> World:
    """Return the demonstration's firms and items: the same on every run."""
    known = products()
    calibration = calibrate(known)
    firms = make_firms(calibration)
    items, cents = make_items(firms, calibration, known)
    declared = declare(items, cents, calibration, known)
    return World(calibration, known, firms, declared, *past(firms, declared.items))


def make_truths(world: World) -> dict[str, Truth]:
    """Return every truth of the demonstration; `truth.toml` keeps them."""
    book = Book()
    write_firms(book, world)
    write_values(book, world)
    return book.truths


def generate(folder: Path, *, progress: Progress) -> list[Path]:
    """Write the raw files into `folder` and return their paths, months first."""
    progress.start(MONTHS + 1, "Generando datos de demostración")
    try:
        world = make_world()
        written = []
        texts = month_texts(world.declared, world.firms, world.calibration, world.products)
        for month, text in enumerate(texts):
            path = folder / file_name(month)
            path.write_bytes(text)
            written.append(path)
            progress.advance(1, rows=text.count(b"\n"))
        register = folder / NAME
        listed = register_text(*world.registered, world.firms, world.calibration, world.products)
        register.write_text(listed, encoding="utf-8")
        progress.advance(1)
        return [*written, register]
    finally:
        progress.close()
