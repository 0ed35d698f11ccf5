"""Writes the demonstration's raw files: 34 monthly DUS files and an exporter register that begins four years before."""

from pathlib import Path

from etl.demo.design import MONTHS, calibrate, products
from etl.demo.files import REGISTER_NAME, declare, file_name, month_texts, register_text
from etl.demo.firms import make_firms
from etl.demo.items import make_items, past
from etl.demo.truth import Book, Truth, World, write_firms, write_values
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
        register = folder / REGISTER_NAME
        listed = register_text(*world.registered, world.firms, world.calibration, world.products)
        register.write_text(listed, encoding="utf-8")
        progress.advance(1)
        return [*written, register]
    finally:
        progress.close()
