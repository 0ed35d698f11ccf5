"""The words that sentences of the news are read by, in Spanish and in English, as patterns over plain text.

Plain text is in small letters, without accents or apostrophes. The language of a sentence is told by its own words.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from indicators.language import ENGLISH, SPANISH


@dataclass(frozen=True)
class Vocabulary:
    """How one language says the things that claims are about. `usual` are the words that tell the language."""

    usual: str
    clause_end: str
    growth: str
    fall: str
    smes: str
    number_of: str
    gdp: str
    jobs: str
    nation: str
    event: str

    @property
    def rules(self) -> tuple[tuple[str, str, str], ...]:
        """Unit, words around the number, subject: the first rule that fits says what a number is about."""
        moved = rf"{self.growth}|{self.fall}"
        return (
            ("fraction", self.gdp, "gdp"),
            ("fraction", self.jobs, "jobs"),
            ("fraction", rf"(?=.*(?:{moved}))(?=.*(?:{self.smes}))", "growth_sme"),
            ("fraction", rf"(?=.*(?:{moved}))(?=.*(?:{self.number_of}))", "growth_firms"),
            ("fraction", moved, "growth"),
            ("fraction", self.nation, "share"),
            ("fraction", self.smes, "sme_share"),
            ("fraction", "", "share"),
            ("usd", "", "level"),
            ("meetings", "", "event"),
            ("buyers", "", "event"),
            ("members", "", "event"),
            ("countries", "", "event"),
            ("firms", self.event, "event"),
            ("firms", "", "firms"),
        )


VOCABULARIES: Mapping[str, Vocabulary] = {
    SPANISH: Vocabulary(
        usual=r"\b(?:el|la|los|las|de|del|y|en|por|con|su|sus|al|un|una|que|se|fue|mas|hay|pymes?|empresas|exportaciones"
        r"|exporto|crecio|crecieron|cayo|cayeron|empleo|pib|millones)\b",
        clause_end=r"[,;]\s|\.\s|\s[ye]\s",
        growth=r"crec|aument|subi|alza|incremen|expan|creci|variaci|repunt|avanz",
        fall=r"cay|caid|\bbaj|disminu|retroced|contra[ceij]|reduj|descen",
        smes=r"pyme|mipyme|pymex|pequenas",
        number_of=r"numero de|cantidad de",
        gdp=r"\bpib\b|producto interno|producto geografico",
        jobs=r"emple|trabajador|puestos de trabajo|mano de obra",
        nation=r"nacional|del pais|de chile|chilenas",
        event=r"encuentro|rond|rued|feria|evento|reun|congreg|redes|particip|asist|convoc",
    ),
    ENGLISH: Vocabulary(
        usual=r"\b(?:the|of|and|in|by|for|from|with|its|is|are|was|were|than|there|smes?|firms|companies|exports|exporting"
        r"|exporters|exported|grew|rose|fell|jobs|gdp|million|billion)\b",
        clause_end=r"[,;]\s|\.\s|\sand\s",
        growth=r"\bgr[eo]w|\brose\b|\bris(?:e|es|en|ing)\b|increas|expan|climb|jump|surg|rebound|\bup (?:by )?\d",
        fall=r"\bfell\b|\bfall(?:s|en|ing)?\b|drop|declin|decreas|shr[aiu]nk|\bcontract(?:ed|ion)\b|slump"
        r"|\bdown (?:by )?\d",
        smes=r"\bm?smes?\b|pyme|small (?:and|firms|businesses|companies)",
        number_of=r"number of",
        gdp=r"\bgdp\b|gross (?:domestic|regional|national) product",
        jobs=r"\bjobs?\b|employ|\bworkers?\b|workforce",
        nation=r"national|countrys|the country|of chile|chiles|chilean",
        event=r"meeting|round|fair|event|gather|brought together|redes|attend|particip",
    ),
}


def language_of(text: str) -> str:
    """Return the language that a plain text is written in: the one with more of its usual words in it, else Spanish."""
    counted = {code: len(re.findall(words.usual, text)) for code, words in VOCABULARIES.items()}
    return max(counted, key=lambda code: counted[code])
