"""The claims that this product was made to check, ready to be opened as examples."""

from dataclasses import dataclass

from indicators.claims.claim import Claim, read_claim

BIOBIO = "08"


@dataclass(frozen=True)
class Case:
    """A quoted claim and how it is read."""

    quote: str
    claim: Claim


CASES = (
    Case(
        "El Biobío representa cerca del 12 % de las exportaciones nacionales",
        read_claim("12 %", about="share", region=BIOBIO, period="2024"),
    ),
    Case(
        "Las pymes exportadoras del Biobío crecieron 42 %",
        read_claim("+42 %", about="growth_sme", region=BIOBIO, period="2025"),
    ),
    Case("Las pymes generan el 50 % del empleo", read_claim("50 %", about="jobs", region=BIOBIO)),
    Case("Las pymes aportan el 17 % del PIB", read_claim("17 %", about="gdp", region=BIOBIO)),
    Case("Redes reunió a 1.300 empresas", read_claim("1.300 empresas", about="event", region=BIOBIO)),
    Case("Redes tuvo 450 rondas de negocios", read_claim("450 rondas", about="event", region=BIOBIO)),
    Case("ASEM Biobío tiene 250 socios", read_claim("250 socios", about="event", region=BIOBIO)),
)
