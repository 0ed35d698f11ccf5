"""Blocs of countries, by customs' codes: `country=mercosur` asks for its members.

A question keeps the members, not the name, so that a kept link means the same after a bloc changes. Blocs overlap (Perú
is in three): their figures never add up. `split=continent` is the cut that does.
"""

from collections.abc import Mapping
from dataclasses import dataclass

MEMBERS_ON = "2025-12-31"


@dataclass(frozen=True)
class Bloc:
    """A bloc and its full members on `MEMBERS_ON`; Chile itself is no destination and is left out."""

    label: str
    countries: tuple[str, ...]


BLOCS: Mapping[str, Bloc] = {
    "ue": Bloc(
        "Unión Europea",
        (
            *("305", "501", "504", "505", "506", "507", "509", "511", "512", "514", "515", "517", "519", "520", "523"),
            *("527", "528", "530", "532", "544", "545", "547", "548", "549", "553", "554", "563"),
        ),
    ),
    "mercosur": Bloc("Mercosur", ("220", "221", "222", "223", "224")),  # Bolivia since 2024; Venezuela is suspended
    "alianza_pacifico": Bloc("Alianza del Pacífico", ("202", "216", "219")),
    "can": Bloc("Comunidad Andina", ("202", "218", "219", "221")),
    "tmec": Bloc("T-MEC", ("216", "225", "226")),
    "efta": Bloc("EFTA", ("508", "513", "516", "534")),
    "cptpp": Bloc(  # the United Kingdom since December 2024
        "CPTPP", ("216", "219", "226", "325", "329", "331", "332", "344", "405", "406", "510")
    ),
}


def members(name: str) -> tuple[str, ...]:
    """Return the codes of a bloc; what is no bloc is returned as it stands."""
    return BLOCS[name].countries if name in BLOCS else (name,)


def bloc_of(codes: str) -> Bloc | None:
    """Return the bloc that has exactly these members (`202,216,219`), if one has."""
    asked = set(codes.split(","))
    return next((bloc for bloc in BLOCS.values() if set(bloc.countries) == asked), None)
