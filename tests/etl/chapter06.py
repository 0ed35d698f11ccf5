"""Real DUS rows of HS chapter 06, 2011–2015: an extract of 95 fields a line, turned back into months of 84."""

from pathlib import Path

import pytest

from etl.raw.source import fields

EXTRACT = Path(__file__).resolve().parents[3] / "shared" / "data" / "raw" / "dus_chapter06"
YEARS = range(2011, 2016)
LOST_ZEROS = {"FECHAACEPT": 8, "COMUNAEXPORTADORPPAL": 5, "CODIGOARANCEL": 8}

needs_extract = pytest.mark.skipif(
    not EXTRACT.is_dir(), reason="los registros reales del capítulo 06 no están en ../shared/data"
)


def write_months(folder: Path, years: range = YEARS) -> list[Path]:
    """Write one file a month and return their paths in order of time.

    The extract joined packages and transport documents to each item: the eleven joined fields are dropped,
    leading zeros put back, and items that the join repeated within the month kept once.
    """
    return [_write_month(source, folder) for year in years for source in sorted((EXTRACT / str(year)).glob("*.txt"))]


def _write_month(source: Path, folder: Path) -> Path:
    names = fields("aduanas_dus")
    items: dict[tuple[str, str], str] = {}
    for joined in source.read_bytes().decode("latin-1").split("\n"):
        if not joined:
            continue
        row = dict(zip(names, joined.split(";"), strict=False))
        row |= {name: row[name].zfill(width) for name, width in LOST_ZEROS.items()}
        items.setdefault((row["NUMEROIDENT"], row["NUMEROITEM"]), ";".join(row.values()))
    path = folder / f"capitulo06-{source.parent.name}-{source.name[:2]}.txt"
    path.write_bytes("".join(f"{item}\n" for item in items.values()).encode("latin-1"))
    return path
