"""What the register knows of the years before customs' months: who exported in 2019–2022, so that firms have a history.

Without it no generation of entrants could be followed: survival, regular and returning exporters need earlier years.
"""

import numpy as np

from etl.demo.firms import MICRO, Firms
from etl.demo.items import SHIP, SIZE_SCALE, Items
from etl.demo.plan import seeded
from etl.demo.products import Flags, Ints

FIRST_YEAR = 2019
YEARS = 4  # before 2023, the year 0 of the items
MONTHS_BEFORE = 12 * YEARS
KEPT, CAME_BACK = 0.74, 0.09  # exported the year before: of those that export in a year, of those that do not
MOST_MONTHS = 6
SPREAD = 0.7  # of the logarithm of a value


def past(firms: Firms, items: Items) -> tuple[Items, Ints]:
    """Return the items of 2019–2022 and their value in cents; `month` counts from January 2019.

    Each is like one of the same firm in customs' months, drawn at random, but for its value by the class of 2023.
    """
    rng = seeded("past")
    known = np.flatnonzero(items.segment != SHIP)
    known = known[np.argsort(items.firm[known], kind="stable")]
    firm, first, n_items = np.unique(items.firm[known], return_index=True, return_counts=True)
    lives = _lives(firms.lives[firm, 0], rng)
    place, year = np.nonzero(lives)
    months = rng.integers(1, MOST_MONTHS + 1, len(place))
    place, year = np.repeat(place, months), np.repeat(year, months)
    month = year * 12 + rng.integers(0, 12, len(place))
    month, place = np.unique(np.column_stack([month, place]), axis=0).T
    model = known[first[place] + rng.integers(0, n_items[place])]
    scale = np.array([SIZE_SCALE[size] for size in range(len(SIZE_SCALE))])
    usd = scale[firms.size[firm[place], 0]] * rng.lognormal(0.0, SPREAD, len(place))
    made = Items(
        firm=firm[place],
        month=month,
        region=items.region[model],
        product=items.product[model],
        country=items.country[model],
        segment=items.segment[model],
        weight=usd,
    )
    return made, np.maximum(np.rint(usd * 100), SIZE_SCALE[MICRO]).astype(np.int64)


def _lives(in_2023: Flags, rng: np.random.Generator) -> Flags:
    """Return firm × year, drawn backwards from who exported in 2023."""
    lives = np.zeros((len(in_2023), YEARS), dtype=bool)
    later = in_2023
    for year in range(YEARS - 1, -1, -1):
        lives[:, year] = rng.random(len(in_2023)) < np.where(later, KEPT, CAME_BACK)
        later = lives[:, year]
    return lives
