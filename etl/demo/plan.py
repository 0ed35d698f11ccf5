"""The design of the demonstration: seed, numbers of firms, and the truth planted in Biobío."""

import zlib
from dataclasses import dataclass

import numpy as np

SEED = 20251128
BIOBIO = "08"


@dataclass(frozen=True)
class Group:
    """Firms of Biobío that share their class in 2023, 2024, 2025 and their presence."""

    name: str
    count: int
    sizes: tuple[str, str, str]
    in_2023: int  # how many of them exported in 2023
    in_2024: bool
    in_2025: bool
    only_late_2024: int = 0  # of these, how many exported in November or December 2024 and not before


# Pymes (pequeña and mediana, class of the year) of January to October:
#   2024: 150 continuing + 6 that leave the class + 44 that stop exporting = 200
#   2025: 150 continuing + 9 that join the class + 125 that start exporting = 284, that is +42.0 %
BIOBIO_GROUPS = (
    Group("continuing", 150, ("pequena", "pequena", "pequena"), 126, True, True),
    Group("joined", 7, ("micro", "micro", "pequena"), 7, True, True),
    Group("joined", 2, ("grande", "grande", "mediana"), 2, True, True),
    Group("left", 4, ("mediana", "mediana", "grande"), 4, True, True),
    Group("left", 2, ("pequena", "pequena", "micro"), 1, True, True),
    Group("exiting", 44, ("pequena", "pequena", "pequena"), 38, True, False),
    Group("entering", 125, ("pequena", "pequena", "pequena"), 11, False, True, only_late_2024=6),
    Group("other", 31, ("micro", "micro", "micro"), 24, True, True),
    Group("other", 12, ("micro", "micro", "micro"), 0, False, True),
    Group("other", 9, ("micro", "micro", "micro"), 8, True, False),
    Group("other", 5, ("sin_informacion", "sin_informacion", "sin_informacion"), 4, True, True),
    Group("other", 27, ("pequena", "pequena", "pequena"), 27, False, False),
    Group("other", 8, ("micro", "micro", "micro"), 8, False, False),
)
# Value of these groups in Biobío, January to October, in cents. The 2025 total is 6.3 % above that of 2024,
# firms present in both windows and pyme in both sell 4.2 % less; the value of those that join follows.
CONTINUING_2024 = 9_641_827_540
EXITING_2024 = 623_390_415
LEFT_2024 = 1_140_211_862
PYME_2025 = round((CONTINUING_2024 + EXITING_2024 + LEFT_2024) * 1.063)
CONTINUING_2025 = round(CONTINUING_2024 * 0.958)
ENTERING_2025 = 1_721_456_031
JOINED_2025 = PYME_2025 - CONTINUING_2025 - ENTERING_2025
PLANTED_VALUE = {  # group → value in the window of 2024 and of 2025; None where nothing is planted
    "continuing": (CONTINUING_2024, CONTINUING_2025),
    "exiting": (EXITING_2024, None),
    "left": (LEFT_2024, None),
    "entering": (None, ENTERING_2025),
    "joined": (None, JOINED_2025),
}
SMALL_FIRMS = {  # firms that ever export in the 34 months, micro to medium
    "01": 95, "02": 110, "03": 60, "04": 130, "05": 400, "06": 330, "07": 340, "09": 130, "10": 210,
    "11": 25, "12": 60, "13": 1150, "14": 60, "15": 75, "16": 130,
}  # fmt: skip
LARGE_FIRMS = {  # odd codes first of each pair: even ones share firms with the region before
    "01": 24, "02": 48, "03": 26, "04": 34, "05": 110, "06": 90, "07": 84, "08": 64, "09": 36, "10": 80,
    "11": 12, "12": 24, "13": 240, "14": 22, "15": 16, "16": 34,
}  # fmt: skip


def seeded(topic: str) -> np.random.Generator:
    """Return the random numbers of one topic, the same on every run."""
    return np.random.default_rng([SEED, zlib.crc32(topic.encode())])
