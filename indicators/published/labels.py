"""The words and numbers a reader sees for scopes, metrics and units of the ledger.

The words stand here in Spanish and are shown through `t`.
"""

from indicators import formats
from indicators.language import t

NATION = "CL"

SCOPE_LABELS = {  # in the order in which a page prefers them
    "goods": "bienes",
    "goods+services": "bienes y servicios",
    "non_copper_non_lithium": "bienes y servicios sin cobre ni litio",
    "non_copper": "bienes y servicios sin cobre",
    "goods+services+ship_supplies": "bienes, servicios y rancho de naves",
    "services": "servicios",
    "silvoagropecuario": "productos silvoagropecuarios y sus industrias",
    "exit_point": "salidas por puertos y aduanas de la región, de cualquier origen",
}
WHOLE_SCOPES = tuple(SCOPE_LABELS)[:5]  # scopes that speak of all the exports of a region, or nearly

METRIC_LABELS = {
    "sii_share_n_firms": "parte de las empresas",
    "sii_share_workers": "parte de los trabajadores",
    "sii_share_sales_uf": "parte de las ventas",
    "fob_total": "exportaciones",
    "fob_exit_point": "exportaciones que salen por la región",
    "fob_sector": "exportaciones del rubro",
    "dest_fob": "exportaciones al destino",
    "fob_change": "cambio del valor exportado",
    "growth": "variación del valor exportado contra igual período del año anterior",
    "share_national": "parte del total nacional",
    "share_region_pct": "parte del total",
    "share_national_pct": "parte del total nacional",
    "dest_share_pct": "parte del destino",
    "dest_yoy_pct": "variación del destino",
    "n_exporters": "empresas exportadoras",
    "n_exporters_sme": "pymes exportadoras",
    "n_exporters_new": "empresas que exportan por primera vez",
    "n_exporters_added": "exportadoras más que un año antes",
    "n_exporters_reactivated": "empresas que vuelven a exportar",
    "n_exporters_services": "empresas exportadoras de servicios",
    "n_exporters_yoy_pct": "variación del número de exportadoras",
    "n_exporters_sme_yoy_pct": "variación del número de pymes exportadoras",
    "fob_sme": "valor exportado por pymes",
    "fob_sme_yoy_pct": "variación del valor exportado por pymes",
    "fob_sme_change": "cambio del valor exportado por pymes",
    "share_sme_firms": "pymes entre las empresas exportadoras",
    "share_sme_value": "pymes en el valor exportado",
    "share_firms_pct": "parte de las empresas",
    "sme_growth_claim_pct": "crecimiento de las pymes exportadoras, sin decir de qué",
    "n_destinations": "destinos",
    "n_products": "productos",
    "volume_tonnes": "toneladas exportadas",
    "volume_yoy_pct": "variación de las toneladas",
    "event_companies": "empresas en un encuentro",
    "event_rounds": "rondas o reuniones de un encuentro",
    "event_buyers": "compradores en un encuentro",
    "event_exporters": "exportadoras en un encuentro",
    "event_sales_usd_m": "negocios esperados o cerrados en un encuentro",
    "event_other": "otro dato de un encuentro",
}
GROWTH_METRICS = frozenset({"yoy_pct", "ytd_yoy_pct", "exit_yoy_pct"})  # the period alone tells them apart

UNIT_NOUNS = {
    "firms": "empresas",
    "companies": "empresas",
    "countries": "países",
    "products": "productos",
    "meetings": "reuniones",
    "buyers": "compradores",
    "members": "socios",
    "activities": "actividades",
    "tonnes": "toneladas",
}
CHANGE_METRICS = frozenset(
    {"growth", "dest_yoy_pct", "n_exporters_yoy_pct", "n_exporters_sme_yoy_pct", "fob_sme_yoy_pct"}
    | {"volume_yoy_pct", "sme_growth_claim_pct", "fob_change", "fob_sme_change"}
)


def shown(value: float, unit: str, *, decimals: int, sign: bool = False) -> str:
    """Return a value of the ledger with its unit."""
    if unit == "usd":
        return formats.usd_millions(value, min(decimals, 1), sign=sign)
    if unit == "fraction":
        return formats.percent(value, decimals, sign=sign)
    write = formats.signed if sign else formats.number
    noun, digits = UNIT_NOUNS.get(unit, unit), write(value, decimals)
    return f"{digits} {t(formats.ONE.get(noun, noun) if digits.lstrip('+') == '1' else noun)}"
