"""A claim as the short texts of a link, a form or a command, and back; and claims to be opened as examples."""

from dataclasses import dataclass

from editions.edition import Edition
from editions.errors import QuestionError
from indicators.claims.claim import Claim, read_claim, read_period
from indicators.claims.propose import period_in, plain
from indicators.claims.quantity import rewritten
from indicators.published import Period
from indicators.question.scope import NATION
from words import formats
from words.language import SPANISH, language, speaking, t

LONGEST = 60
PERIOD_HELP = (
    "escriba un año (2024), un mes (2025-10), un rango (2025-01..2025-10) o los meses en palabras "
    "(enero a octubre de 2025)"
)


@dataclass(frozen=True)
class Fields:
    """The parts of a claim as somebody wrote them; an empty period means any."""

    number: str
    about: str
    region: str = NATION
    period: str = ""


def fields_of(claim: Claim) -> Fields:
    """Return the texts that read back as the claim."""
    quantity = claim.quantity
    hidden_sign = formats.MINUS if quantity.value < 0 and not quantity.text.startswith(("-", "−", "–")) else ""
    return Fields(hidden_sign + rewritten(quantity), claim.about, claim.region, period_text(claim.period))


def claim_of(edition: Edition, fields: Fields) -> Claim:
    """Return the claim that the texts make; raises QuestionError with one sentence on the part that is wrong."""
    number = shortened(fields.number)
    if not number:
        raise QuestionError("number", t("Falta la cifra; por ejemplo: 12 %, US$ 4.230 millones."))
    if number.endswith("…"):
        raise QuestionError("number", t("«{number}» es demasiado largo para ser una cifra.", number=number))
    if not fields.about:
        raise QuestionError("about", t("Falta decir sobre qué es «{number}»; elija un tema.", number=number))
    check_region(edition, fields.region)
    period = period_text(read_rough_period(fields.period))
    claim = read_claim(number, about=shortened(fields.about), region=fields.region, period=period)
    if (claim.about, claim.region) == ("share", NATION):
        text = t("Falta decir de qué región es «{number}» de las exportaciones del país.", number=number)
        raise QuestionError("region", text)
    return claim


def check_region(edition: Edition, region: str) -> None:
    """Refuse a code that is neither Chile's nor a region's."""
    sql = "SELECT region_code FROM core_region WHERE is_region ORDER BY region_code"
    known = (NATION, *(row["region_code"] for row in edition.rows(sql)))
    if region not in known:
        text = t("La región «{region}» no existe; use {codes}.", region=shortened(region), codes=", ".join(known))
        raise QuestionError("region", text)


def read_rough_period(text: str) -> Period | None:
    """Return the period of `2024`, `2025-01..2025-10` or months in words, in Spanish or English; None when empty."""
    text = text.strip()
    if not text:
        return None
    in_words = period_in(plain(text)) if any(map(str.isalpha, text)) else None
    try:
        return in_words or read_period(text)
    except QuestionError as error:
        said = t("El período «{period}» no se entiende; {help}.", period=shortened(text), help=t(PERIOD_HELP))
        raise QuestionError("period", said) from error


def period_text(period: Period | None) -> str:
    """Return the shortest text that reads back as the period."""
    if period is None:
        return ""
    if period.kind == "year":
        return str(period.end.year)
    first, last = f"{period.start:%Y-%m}", f"{period.end:%Y-%m}"
    return first if first == last else f"{first}..{last}"


def shortened(text: str) -> str:
    """Return a text that can stand inside a sentence, cut where nobody would read on."""
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


# -- The claims that this product was made to check, ready to be opened as examples.

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
