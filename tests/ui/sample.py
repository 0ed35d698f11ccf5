"""A data directory with one small edition: the real published figures, and a few made-up records and firms."""

from datetime import date
from pathlib import Path
from typing import Any

from indicators.question.calendar import Window
from tests.editions import tiny_edition
from tests.published_editions import print_ledger

MONTHS = Window.parse("2023-11..2025-10").months
PARTS = {  # ProChile's sector → product, destination, US$ of a month before and now
    "forestal": ("44071010", "225", 9_000_000, 6_000_000),
    "manufacturas": ("84314900", "219", 2_000_000, 2_600_000),
    "servicios": ("00250000", "219", 300_000, 450_000),
}


def sample(
    data: Path,
    *,
    kind: str = "demo",
    factor: int = 1,
    regions: tuple[str, ...] = ("08", "16"),
    with_register: bool = True,
) -> str:
    """Write an edition under `data`, point CURRENT at it and return its id."""
    folder = data / "editions"
    folder.mkdir(parents=True, exist_ok=True)
    edition = tiny_edition(
        folder,
        kind=kind,
        exports=_exports(regions, factor),
        register=_register(regions) if with_register else (),
        id_scope="month",
    )
    path, edition_id = edition.path, edition.id
    del edition
    print_ledger(path)
    (folder / "CURRENT").write_text(edition_id + "\n", encoding="utf-8")
    return edition_id


def _exports(regions: tuple[str, ...], factor: int) -> list[dict[str, Any]]:
    return [
        {
            "month": f"{month:%Y-%m}",
            "region_code": region,
            "hs_code": hs,
            "country_code": country,
            "prochile_sector_id": sector,
            "segment": "services" if sector == "servicios" else "goods",
            "service_type_id": _type(month, region) if sector == "servicios" else None,
            "fob_usd": factor * (now if month >= MONTHS[12] else before),
        }
        for month in MONTHS
        for region in regions
        for sector, (hs, country, before, now) in PARTS.items()
    ]


def _type(month: date, region: str) -> str:
    """Biobío's services are of two types, month by month; those of the others cannot be told."""
    return "sin_clasificar" if region != "08" else "logistica" if month.month % 2 else "tecnologia"


def _register(regions: tuple[str, ...]) -> list[dict[str, Any]]:
    """Ten firms before and fifteen now in each region, two in three of them small."""
    return [
        {
            "month": f"{month:%Y-%m}",
            "region_code": region,
            "exporter_key": f"{region}-{firm}",
            "fob_usd": 1_000_000 if firm % 3 == 0 else 50_000,
            "size_class": "grande" if firm % 3 == 0 else "pequena",
        }
        for month in MONTHS
        for region in regions
        for firm in range(15 if month >= MONTHS[12] else 10)
    ]
