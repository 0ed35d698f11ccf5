"""Metrics of all companies, exporters or not, as the SII counts them: by region of the head office, size and year."""

from functools import partial

from indicators.metrics.metric import Metric
from indicators.scope import COMPANIES

_HEAD_OFFICE = "Cada empresa se cuenta una vez, en la región de su casa matriz, exporte o no."
_WEIGHT = (
    "Con un tamaño se da además la parte que es del total de empresas, las sin información incluidas: el peso de las "
    "pymes."
)
_companies = partial(Metric, sources=(COMPANIES,), operator="companies", window="year")

COMPANY = (
    _companies(
        id="sii_firms",
        label="Empresas según el SII",
        unit="firms",
        definition="Empresas con inicio de actividades que el SII cuenta en el año comercial.",
        formula="Σ empresas de las regiones y clases de tamaño pedidas",
        caveats=(_HEAD_OFFICE, _WEIGHT),
        column="n_firms",
    ),
    _companies(
        id="sii_workers",
        label="Trabajadores de empresas según el SII",
        unit="workers",
        definition="Trabajadores que informan las empresas en el año comercial: dependientes más a honorarios.",
        formula="Σ (dependientes + a honorarios)",
        caveats=(_HEAD_OFFICE, "Quien tiene dos empleadores cuenta dos veces.", _WEIGHT),
        column="workers",
    ),
    _companies(
        id="sii_sales",
        label="Ventas de empresas según el SII",
        unit="uf",
        definition="Ventas de las empresas en el año comercial, en UF.",
        formula="Σ ventas en UF de lo que el SII muestra",
        caveats=(
            _HEAD_OFFICE,
            "Lo que el SII oculta («*») no se suma: se dice «al menos».",
            "Las ventas no son valor agregado: su parte no es la del PIB.",
            _WEIGHT,
        ),
        column="sales_uf",
    ),
)
