"""Small customs files in the true format, for tests of whole loads."""

import calendar
from datetime import date
from pathlib import Path

from etl.raw.source import fields

USUAL = {
    "TIPOOPERACION": "200",
    "NRO_EXPORTADOR": "101",
    "COMUNAEXPORTADORPPAL": "08101",
    "ADUANA": "55",
    "PUERTOEMB": "907",
    "REGIONORIGEN": "8",
    "VIATRANSPORTE": "1",
    "PAISDESTINO": "225",
    "MODALIDADVENTA": "1",
    "TOTALITEM": "1",
    "TOTALVALORFOB": "1000,00",
    "NUMEROITEM": "1",
    "CODIGOARANCEL": "44071100",
    "UNIDADMEDIDA": "6",
    "CANTIDADMERCANCIA": "10,0000",
    "FOBUS": "1000,00",
    "PESOBRUTOITEM": "500,00",
}


def line(**given: str) -> str:
    """Return one item of 84 fields; fields not given hold something usual, and the total is the item's own value."""
    total = {"TOTALVALORFOB": given["FOBUS"]} if "FOBUS" in given else {}
    return ";".join((USUAL | total | given).get(name, "") for name in fields("aduanas_dus"))


def month_lines(month: date, *, firms: int = 30, fob: int = 1000, renumbered: bool = False) -> list[str]:
    """Return one declaration a day and firm for a whole month; ids are other ones each month when renumbered."""
    days = calendar.monthrange(month.year, month.month)[1]
    shift = (month.year * 12 + month.month) * 37 if renumbered else 0
    return [
        line(
            FECHAACEPT=f"{day:02d}{month:%m%Y}",
            NUMEROIDENT=f"{month:%Y%m}{day:02d}{firm:03d}",
            NRO_EXPORTADOR=str(500 + (firm * 7 + shift) % firms if renumbered else 500 + firm),
            COMUNAEXPORTADORPPAL=f"{8101 + firm % 10:05d}",
            FOBUS=f"{fob + firm},50",
        )
        for day in (1, 15, days)
        for firm in range(firms)
    ]


def write_month(folder: Path, month: date, *, name: str | None = None, lines: list[str] | None = None) -> Path:
    """Write a month's file and return its path."""
    path = folder / (name or f"Exportaciones {month:%Y-%m}.txt")
    path.write_bytes(("\n".join(month_lines(month) if lines is None else lines) + "\n").encode("latin-1"))
    return path
