"""The pages of the app: the name of each in the address, and its title in the menu."""

PRODUCT = "Pulso Exportador"
FIRST = "resumen"  # at the root of the address too
TITLES = {
    FIRST: "Resumen",
    "sectores": "Sectores",
    "pymes": "Pymes",
    "mercados": "Mercados",
    "servicios": "Servicios",
    "regiones": "Regiones",
    "explorar": "Explorar",
    "verificar": "Verificar",
    "encuentros": "Encuentros",
    "datos": "Datos",
}


def tab_title(*words: str) -> str:
    """Return what the tab of the browser says: the page, its place, the product."""
    return " · ".join((*filter(None, words), PRODUCT))
