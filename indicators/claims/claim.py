"""What a claim says: a quoted number with its unit, what it is about, of which region and roughly when."""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from editions.errors import QuestionError
from indicators.claims.quantity import Quantity, read_quantity, with_unit
from indicators.published import Period
from indicators.question.calendar import Window
from indicators.question.scope import NATION
from words import formats
from words.language import t

# -- What a claim says: a quoted number, what it is about, of which region and roughly when.


@dataclass(frozen=True)
class About:
    """One kind of thing a quoted number can be about; its label is in Spanish, shown through `t`."""

    label: str
    units: tuple[str, ...]


ABOUTS: Mapping[str, About] = {
    "share": About("parte de las exportaciones del país", ("fraction",)),
    "growth": About("crecimiento del valor exportado", ("fraction",)),
    "growth_firms": About("crecimiento del número de empresas exportadoras", ("fraction",)),
    "growth_sme": About("crecimiento de las pymes exportadoras", ("fraction",)),
    "sme_share": About("peso de las pymes entre los exportadores o en su valor", ("fraction",)),
    "jobs": About("peso de las pymes en el empleo", ("fraction",)),
    "gdp": About("peso de las pymes en el PIB", ("fraction",)),
    "level": About("valor exportado", ("usd",)),
    "firms": About("número de empresas exportadoras o pymes exportadoras", ("firms",)),
    "event": About("dato de un encuentro de negocios", ("firms", "meetings", "buyers", "members", "countries")),
}


@dataclass(frozen=True)
class Claim:
    """A quoted figure as the user left it. `period` None means any."""

    quantity: Quantity
    about: str
    region: str = NATION
    period: Period | None = None
    sentence: str | None = None

    @property
    def about_label(self) -> str:
        """What the claim is about, in words."""
        return t(ABOUTS[self.about].label)

    def covers(self, period: Period) -> bool:
        """Whether a figure of that period can be what was meant: its last year is one the claim speaks of."""
        return self.period is None or self.period.start.year <= period.end.year <= self.period.end.year


def read_claim(
    number: str, *, about: str, region: str = NATION, period: str | None = None, sentence: str | None = None
) -> Claim:
    """Return the claim a form or a command describes; raises QuestionError when it makes no sense."""
    quantity = read_quantity(number)
    if quantity is None:
        text = t("«{number}» no es una cifra que se entienda; por ejemplo: 12 %, US$ 4.230 millones.", number=number)
        raise QuestionError("number", text)
    if about not in ABOUTS:
        options = formats.listing(tuple(ABOUTS), conjunction="o")
        raise QuestionError("about", t("El tema «{about}» no existe; use {options}.", about=about, options=options))
    units = ABOUTS[about].units
    if quantity.unit is None:  # a bare number takes the unit of its subject, where it has only one
        if len(units) > 1:
            text = t(
                "«{number}» no dice de qué es; escriba por ejemplo {number} empresas, rondas o socios.", number=number
            )
            raise QuestionError("number", text)
        quantity = with_unit(quantity, units[0])
    if quantity.unit not in units:
        what = t(ABOUTS[about].label)
        text = t("«{number}» no puede ser {about}; cambie la cifra o el tema.", number=number, about=what)
        raise QuestionError("about", text)
    return Claim(quantity, about, region, read_period(period) if period else None, sentence)


def read_period(text: str) -> Period:
    """Return the period written as `2024`, `2025-10` or `2025-01..2025-10`."""
    window = Window.parse(text)
    return Period(window.first, last_day(window.last))


def last_day(month: date) -> date:
    """Return the last day of the month that begins on this date."""
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])
