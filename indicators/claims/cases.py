"""The claims that this product was made to check, ready to be opened as examples."""

from dataclasses import dataclass

from indicators.claims.claim import Claim, read_claim
from indicators.language import SPANISH, language, speaking, t

BIOBIO = "08"


@dataclass(frozen=True)
class Case:
    """A claim quoted in the Spanish it was made in, and how it is read."""

    quote: str
    claim: Claim

    @property
    def translation(self) -> str | None:
        """What the quotation says in the reader's language; None in Spanish."""
        return None if language() == SPANISH else t(self.quote)


def _case(quote: str, number: str, about: str, period: str | None = None) -> Case:
    with speaking(SPANISH):  # whoever is first to import this may read English
        return Case(quote, read_claim(number, about=about, region=BIOBIO, period=period))


CASES = (
    _case("El Biobío representa cerca del 12 % de las exportaciones nacionales", "12 %", "share", "2024"),
    _case("Las pymes exportadoras del Biobío crecieron 42 %", "+42 %", "growth_sme", "2025"),
    _case("Las pymes generan el 50 % del empleo", "50 %", "jobs"),
    _case("Las pymes aportan el 17 % del PIB", "17 %", "gdp"),
    _case("Redes reunió a 1.300 empresas", "1.300 empresas", "event"),
    _case("Redes tuvo 450 rondas de negocios", "450 rondas", "event"),
    _case("ASEM Biobío tiene 250 socios", "250 socios", "event"),
)
