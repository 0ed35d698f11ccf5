"""What a figure covers: flows, exclusions, denominators, region concepts, size rules. All are fixed sets.

Their labels are constants in Spanish, shown through `t`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from words.language import t

NATION = "CL"
REGIONS = tuple(f"{code:02d}" for code in range(1, 17))
OTHER_ORIGINS = ("00", "20")  # no region, nationalised foreign goods: part of the nation, of no region

FLOWS: Mapping[str, tuple[str, ...]] = {  # flow → segments of core_export
    "goods": ("goods",),
    "services": ("services",),
    "ship_supplies": ("ship_supplies",),
    "goods+services": ("goods", "services"),
    "all": ("goods", "services", "ship_supplies", "unknown"),
}
FLOW_LABELS = {
    "goods": "bienes",
    "services": "servicios",
    "ship_supplies": "rancho de naves",
    "goods+services": "bienes y servicios",
    "all": "bienes, servicios y rancho de naves",
}
EXCLUSIONS = {"copper": "cobre", "lithium": "litio"}


@dataclass(frozen=True)
class Scope:
    """Which records count: a flow, less what is excluded."""

    flow: str
    exclude: tuple[str, ...] = ()

    @property
    def segments(self) -> tuple[str, ...]:
        """The segments of the flow."""
        return FLOWS[self.flow]

    @property
    def label(self) -> str:
        """The scope in the reader's language: `bienes sin cobre ni litio`."""
        flow, names = t(FLOW_LABELS[self.flow]), [t(EXCLUSIONS[name]) for name in self.exclude]
        if len(names) == 2:
            return t("{flow} sin {one} ni {other}", flow=flow, one=names[0], other=names[1])
        return t("{flow} sin {one}", flow=flow, one=names[0]) if names else flow

    def within(self, other: "Scope") -> bool:
        """Whether every record of this scope is in the other, so that a share of it makes sense."""
        return set(self.segments) <= set(other.segments) and set(other.exclude) <= set(self.exclude)


@dataclass(frozen=True)
class Denominator:
    """A whole that shares are taken of: the nation under one scope."""

    id: str
    scope: Scope
    regionalised: bool = False

    @property
    def label(self) -> str:
        """The whole in the reader's language, without article: `total nacional de bienes`."""
        if self.regionalised:
            return t("total nacional de {scope} con región de origen", scope=self.scope.label)
        return t("total nacional de {scope}", scope=self.scope.label)


_COPPER, _BOTH = ("copper",), ("copper", "lithium")
DENOMINATORS: Mapping[str, Denominator] = {
    denominator.id: denominator
    for denominator in (
        Denominator("goods", Scope("goods")),
        Denominator("goods_ex_copper", Scope("goods", _COPPER)),
        Denominator("goods_ex_copper_lithium", Scope("goods", _BOTH)),
        Denominator("goods+services", Scope("goods+services")),
        Denominator("goods_ex_copper+services", Scope("goods+services", _COPPER)),
        Denominator("goods_ex_copper_lithium+services", Scope("goods+services", _BOTH)),
        Denominator("regionalised", Scope("goods"), regionalised=True),
    )
}


@dataclass(frozen=True)
class Concept:
    """One answer to «of which region is this export?». The three are never added."""

    label: str
    definition: str


CONCEPTS: Mapping[str, Concept] = {
    "origin": Concept(
        "región de origen declarada",
        "Región de origen que declara el exportador en el DUS (16 regiones desde septiembre de 2018).",
    ),
    "comuna": Concept(
        "región de la comuna del exportador",
        "Región de la comuna que el exportador declara como domicilio; coincide con el origen en cerca de la "
        "mitad del valor.",
    ),
    "exit": Concept(
        "región de la aduana de salida",
        "Región de la aduana que tramita la salida, sea cual sea el origen de la carga.",
    ),
}

SIZES: Mapping[str, tuple[str, ...]] = {  # size rule → SII classes
    "pyme": ("pequena", "mediana"),
    "mipyme": ("micro", "pequena", "mediana"),
    "micro": ("micro",),
    "pequena": ("pequena",),
    "mediana": ("mediana",),
    "grande": ("grande",),
    "sin_informacion": ("sin_informacion",),
}
SIZE_LABELS = {
    "pyme": "pymes (pequeñas y medianas)",
    "mipyme": "mipymes (micro, pequeñas y medianas)",
    "micro": "microempresas",
    "pequena": "pequeñas empresas",
    "mediana": "medianas empresas",
    "grande": "grandes empresas",
    "sin_informacion": "empresas sin información de tamaño",
}

COMPANY_SIZES = ("micro", "pequena", "mediana", "grande", "sin_informacion")
UF_BANDS = (("micro", 2_400), ("pequena", 25_000), ("mediana", 100_000))  # yearly sales up to; above is grande
WORKER_BANDS = (("micro", 9), ("pequena", 49), ("mediana", 199))

SIZINGS: Mapping[str, str] = {  # where the size of a firm is taken from, best first
    "register": "tamaño según ventas del SII, del registro de la oficina",
    "workers": "tamaño según trabajadores, del registro de la oficina",
    "own_fob": "aproximación por monto exportado el año anterior",
    "month_fob": "aproximación por monto exportado en el mes",
}
REGISTER_SIZINGS = ("register", "workers")

CUSTOMS_SOURCES = ("aduanas_dus", "aduanas_salidas")
REGISTER = "registro"
COMPANIES = "sii"
PUBLISHED = "published"
REAL_SOURCES = (PUBLISHED, COMPANIES)  # not made of an edition's records: real in the demonstration too
SOURCES = {
    "aduanas_dus": "Servicio Nacional de Aduanas, registros mensuales de exportación (DUS)",
    "aduanas_salidas": "Servicio Nacional de Aduanas, archivo anual de salidas",
    "registro": "Registro de exportadores de la oficina, con tamaño según ventas del SII",
    "sii": "Servicio de Impuestos Internos, Estadísticas de Empresas (todas las empresas, exporten o no)",
    "published": "Cifras ya publicadas (INE, ProChile, SUBREI, Banco Central, Aduanas …), citadas y nunca mezcladas "
    "con las que se calculan",
}
