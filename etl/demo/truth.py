"""The truths of the demonstration in `truth.toml`: read from the plan's own arrays, never through the ETL."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from etl.demo.products import FOLDER

PATH = FOLDER / "truth.toml"
REMARK = """\
# Verdades de la demostración: lo que el cálculo de punta a punta debe recuperar, al dígito.
# Datos sintéticos. No citar. planted = true: fijada en el diseño; las demás resultan de él.
# Ventana: enero a octubre. Pyme: pequeña o mediana según la clase del año. Montos en US$ FOB.
# Salvo que se diga otra cosa, los exportadores se cuentan en bienes y servicios, sin rancho.
"""


@dataclass(frozen=True)
class Truth:
    """One number of the demonstration and what it means."""

    definition: str
    unit: str
    value: str
    is_planted: bool


class Book:
    """Truths under their names, in the order they were written."""

    def __init__(self) -> None:
        self.truths: dict[str, Truth] = {}

    def count(self, name: str, definition: str, value: int, *, unit: str = "firms", planted: bool = False) -> None:
        """Write a whole number."""
        self._write(name, definition, unit, str(int(value)), planted)

    def usd(self, name: str, definition: str, cents: int, *, planted: bool = False) -> None:
        """Write an amount kept in cents."""
        sign, rest = ("-" if cents < 0 else ""), abs(int(cents))
        self._write(name, definition, "usd", f"{sign}{rest // 100}.{rest % 100:02d}", planted)

    def ratio(self, name: str, definition: str, value: float, *, unit: str = "fraction", planted: bool = False) -> None:
        """Write a number with the four decimals that are promised."""
        self._write(name, definition, unit, f"{value:.4f}", planted)

    def code(self, name: str, definition: str, value: str) -> None:
        """Write a code."""
        self._write(name, definition, "code", value, False)

    def _write(self, name: str, definition: str, unit: str, value: str, planted: bool) -> None:
        if name in self.truths:
            raise ValueError(f"truth written twice: {name}")
        self.truths[name] = Truth(definition, unit, value, planted)


def toml_text(truths: dict[str, Truth]) -> str:
    """Return the file that keeps these truths."""
    entries = [
        f'[{name}]\ndefinition = "{truth.definition}"\nunit = "{truth.unit}"\nvalue = "{truth.value}"\n'
        f"planted = {str(truth.is_planted).lower()}\n"
        for name, truth in truths.items()
    ]
    return REMARK + "\n" + "\n".join(entries)


def read(path: Path = PATH) -> dict[str, Truth]:
    """Return the committed truths."""
    return {
        name: Truth(entry["definition"], entry["unit"], entry["value"], entry["planted"])
        for name, entry in tomllib.loads(path.read_text(encoding="utf-8")).items()
    }
