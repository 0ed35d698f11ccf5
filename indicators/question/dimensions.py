"""What a figure can be split by or filtered on: a column of the item tables and a table of names each."""

from collections.abc import Mapping
from dataclasses import dataclass

NAME = "coalesce(name_{language}, name_es)"  # in an edition that lacks a name in the other language


@dataclass(frozen=True)
class Dimension:
    """A way to cut exports. `column` is SQL over the item table `x`; `names` lists key and label of each part.

    Its own label is in Spanish, and so are the labels of tables without English names: shown through `t`.
    """

    column: str
    label: str
    names: str | None = None
    pattern: str = r"[0-9]{1,5}"
    is_customs_only: bool = False


def _hs(digits: int, label: str) -> Dimension:
    names = f"SELECT hs_code AS key, {NAME} AS label FROM core_hs WHERE level = {digits}"
    return Dimension(f"substring(x.hs_code, 1, {digits})", label, names if digits < 8 else None)


def _sector(scheme: str, label: str) -> Dimension:
    names = f"SELECT sector_id AS key, {NAME} AS label FROM core_sector WHERE scheme = '{scheme}'"
    return Dimension(f"x.{scheme}_sector_id", label, names, pattern=r"[\w.-]+")


def _codes(column: str, label: str, table: str, *, is_customs_only: bool = True) -> Dimension:
    names = f"SELECT {column} AS key, name AS label FROM {table}"
    return Dimension(f"x.{column}", label, names, is_customs_only=is_customs_only)


SEGMENT_NAMES = """SELECT * FROM (VALUES ('goods', 'Bienes'), ('services', 'Servicios'),
    ('ship_supplies', 'Rancho de naves'), ('unknown', 'Operación desconocida')) AS names (key, label)"""
SIZE_NAMES = """SELECT * FROM (VALUES ('micro', 'Micro'), ('pequena', 'Pequeña'), ('mediana', 'Mediana'),
    ('grande', 'Grande'), ('sin_informacion', 'Sin información')) AS names (key, label)"""
REGION_NAMES = "SELECT region_code AS key, name AS label FROM core_region"

DIMENSIONS: Mapping[str, Dimension] = {
    "region": Dimension("region", "región", REGION_NAMES),  # the column depends on the concept
    "month": Dimension("month", "mes"),  # a month of the base counts as the one it is compared to
    "sector:prochile": _sector("prochile", "sector (ProChile)"),
    "sector:bcch": _sector("bcch", "sector (Banco Central)"),
    "sector:ine": _sector("ine", "sector (INE)"),
    "country": Dimension(
        "x.country_code", "país de destino", f"SELECT country_code AS key, {NAME} AS label FROM core_country"
    ),
    "continent": Dimension(
        "(SELECT region_es FROM core_country AS place WHERE place.country_code = x.country_code)",
        "continente de destino",
        "SELECT DISTINCT region_es AS key, region_es AS label FROM core_country",
    ),
    "hs2": _hs(2, "código arancelario a 2 dígitos"),
    "hs4": _hs(4, "código arancelario a 4 dígitos"),
    "hs6": _hs(6, "código arancelario a 6 dígitos"),
    "hs8": _hs(8, "código arancelario a 8 dígitos"),
    "service_type": Dimension(
        "x.service_type_id",
        "tipo de servicio",
        f"SELECT service_type_id AS key, {NAME} AS label FROM core_service_type",
        pattern=r"[a-z_]+",
        is_customs_only=True,
    ),
    "segment": Dimension("x.segment", "flujo", SEGMENT_NAMES),
    "size": Dimension("x.size_class", "tamaño de empresa", SIZE_NAMES),
    "comuna": _codes("comuna_code", "comuna del exportador", "core_comuna", is_customs_only=False),
    "port": _codes("port_code", "puerto de embarque", "core_port"),
    "office": _codes("customs_office_code", "aduana", "core_customs_office"),
    "transport": _codes("transport_code", "vía de transporte", "core_transport"),
}
SERVICE_TYPE = "service_type"  # only services have one
PRINTED_SECTORS = "sector:printed"  # as each publisher names them: only with published figures
YEAR = "year"  # only of the yearly counts of all companies
SPLITS = (*DIMENSIONS, PRINTED_SECTORS, YEAR)
COMPANY_SPLITS = ("region", "size", YEAR)
PUBLISHED_SPLITS = ("region", "month", "country", PRINTED_SECTORS)
SECTOR_SCHEMES = ("prochile", "bcch", "ine")
CODE_FILTERS = ("country", "service_type", "comuna", "port", "office", "transport")  # a comma between values means «or»

UNKNOWN_KEY = "sin_dato"
UNKNOWN_LABEL = "Sin dato"


def can_narrow(split: str) -> bool:
    """Whether a question can keep one key of a dimension; a continent is no filter, but its countries are."""
    return split not in ("continent", PRINTED_SECTORS, YEAR)


def narrowed(split: str, key: str) -> dict[str, str]:
    """Return the parts of a question that keep one key of a dimension: `sector:ine`, `agro` → `sector=ine:agro`."""
    if split.startswith("sector:"):
        return {"sector": f"{split.removeprefix('sector:')}:{key}"}
    if split == SERVICE_TYPE:
        return {split: key, "flow": "services"}
    part = {"month": "window", "segment": "flow"}.get(split, "hs" if split.startswith("hs") else split)
    return {part: key}


# -- Blocs of countries, by customs' codes: `country=mercosur` asks for its members.

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
