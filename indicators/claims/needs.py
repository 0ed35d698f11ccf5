"""What data or words would settle a claim that published figures do not settle."""

from collections.abc import Mapping, Sequence

from indicators.claims.claim import Claim
from indicators.claims.reading import Reading
from indicators.edition import Edition
from indicators.language import t
from indicators.published import sme_facts

REGISTER = (
    "El registro de exportadores de la oficina, con empresa, mes, región y tamaño según las ventas del SII "
    "(se carga con «pulso load»)."
)
WORDS = "Que quien lo dijo precise si es número de empresas o valor, hasta qué mes y contra qué período."
NEEDS: Mapping[str, tuple[str, ...]] = {
    "share": (
        "Que quien lo dijo precise el total (todos los bienes, sin cobre, sin cobre ni litio, con o sin "
        "servicios), el año, y si cuenta el origen de la carga o el puerto por donde sale.",
    ),
    "growth": ("Que quien lo dijo precise los meses comparados y si incluye servicios.",),
    "growth_firms": ("Un conteo publicado de exportadores para los dos períodos, hecho igual.", REGISTER),
    "growth_sme": (WORDS, "Un conteo publicado de pymes exportadoras para los dos períodos.", REGISTER),
    "sme_share": ("La definición de pyme (con o sin micro) y si es parte de las empresas o del valor.", REGISTER),
    "jobs": ("La definición de pyme, el año y si se cuentan los honorarios y las empresas sin información.",),
    "gdp": (
        "El valor agregado por tamaño de empresa: no se encontró ninguna cifra oficial publicada; las ventas "
        "del SII no lo reemplazan.",
    ),
    "level": ("Que quien lo dijo precise los meses y si incluye servicios, cobre o lo que solo sale por la región.",),
    "firms": ("Un conteo publicado de la región y el año, con su definición.", REGISTER),
    "event": ("La lista de participantes o el informe de resultados de quien organizó el encuentro.",),
}
ON_SMES = ("growth_sme", "growth_firms", "sme_share", "firms")


def needs(edition: Edition, claim: Claim, published: Sequence[Reading]) -> list[str]:
    """Return what is missing to settle the claim; nothing when one published figure settles it."""
    hits = [reading for reading in published if reading.is_hit]
    if len(hits) == 1 and claim.about in ("level", "firms"):
        return []
    absent = [sme_facts(edition, claim.region).missing] if claim.about in ON_SMES and not hits else []
    return [*absent, *map(t, NEEDS[claim.about])]
