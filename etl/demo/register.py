"""The exporter register of the demonstration: the same exports, by firm."""

import numpy as np

from etl.demo.calibration import Calibration
from etl.demo.firms import SIZES, Firms
from etl.demo.items import Items
from etl.demo.past import FIRST_YEAR, YEARS
from etl.demo.products import Ints, Products

NAME = "registro-exportadores-demo.csv"
MARK = "# DATOS DE DEMOSTRACIÓN. NO CITAR."
COLUMNS = "periodo;exportador;region;comuna;hs;pais;flujo;fob_usd;tamano"
FLOWS = ("bienes", "servicios", "rancho")


def register_text(items: Items, cents: Ints, firms: Firms, calibration: Calibration, products: Products) -> str:
    """Return the register of items whose months count from January 2019.

    Every firm keeps its key over all months and has the size class of the year: before 2023, that of 2023.
    """
    cells = (items.month, items.firm, items.region, items.product, items.country, items.segment)
    widths = [int(values.max()) + 1 for values in cells]
    code, position = np.unique(np.ravel_multi_index(cells, widths), return_inverse=True)
    value = np.zeros(len(code), dtype=np.int64)
    np.add.at(value, position, cents)
    month, firm, region, product, country, segment = (part.tolist() for part in np.unravel_index(code, widths))
    sizes = firms.size[:, [0] * YEARS + [0, 1, 2]].tolist()
    rows = [
        f"{FIRST_YEAR + m // 12}-{m % 12 + 1:02d};{firms.key(f)};{calibration.regions[r]};{firms.comuna[f]};"
        f"{products.hs_code[p]};{calibration.countries[c]};{FLOWS[s]};{v:.2f};{SIZES[sizes[f][m // 12]]}"
        for m, f, r, p, c, s, v in zip(
            month, firm, region, product, country, segment, (value / 100).tolist(), strict=True
        )
    ]
    return "\n".join([MARK, COLUMNS, *rows]) + "\n"
