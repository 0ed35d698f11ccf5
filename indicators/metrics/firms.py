"""Metrics of firms. Distinct firms never add up over regions, products or months."""

from functools import partial

from indicators.metrics.metric import FIRM_SOURCES, Metric, firm_metric
from indicators.question.scope import COMPANIES, PUBLISHED

_ID_SCOPE = (
    "Con registros de Aduanas solo existe dentro de un mes o de un tramo con identificadores estables; con el registro "
    "de la oficina, siempre."
)
_POSITIVE = "{v} > 0 AND unit IS NOT NULL"

# Where a cell is what a firm does with one thing: `f` all that the firm exports, `n` how many things have a value.
_OF_FIRM = "OVER (PARTITION BY is_total, key, unit.firm)"
_BY_FIRM = {
    f"{name}{place}": f"{sql.format(f'v{place}')} {_OF_FIRM}"
    for place in (1, 0)
    for name, sql in (("f", "sum({0})"), ("n", "count(*) FILTER (WHERE {0} > 0 AND unit.of IS NOT NULL)"))
}
_EXPORTERS = "count(DISTINCT unit.firm) FILTER (WHERE {f} > 0 AND unit IS NOT NULL)"
_SINGLE = (
    f"count(*) FILTER (WHERE {_POSITIVE} AND unit.of IS NOT NULL AND {{f}} > 0 AND {{n}} = 1) / nullif({_EXPORTERS}, 0)"
)

FIRMS = (
    firm_metric(
        id="exporters",
        empty=0,
        label="Empresas exportadoras",
        unit="firms",
        definition=(
            "Empresas distintas con exportaciones por un valor mayor que cero en exactamente el corte mostrado."
        ),
        formula="n(S, W) = |{f : X_f(S, W) > 0}|",
        caveats=("No se suma: una empresa puede estar en dos sectores o dos regiones.", _ID_SCOPE),
        sql=f"count(*) FILTER (WHERE {_POSITIVE})::BIGINT",
        cell="firm",
        sources=(*FIRM_SOURCES, PUBLISHED),
    ),
    firm_metric(
        id="exporters_proportional",
        empty=0,
        label="Empresas exportadoras (conteo proporcional)",
        unit="firms",
        definition="Cada empresa se reparte entre las regiones según lo que exporta desde cada una.",
        formula="Σ_f X_fr / X_f",
        caveats=(
            "Suma sobre regiones el número de empresas del país; se muestra junto al conteo de empresas.",
            "Con un filtro reparte lo que cada empresa exporta de él; por eso solo se desglosa por región o tamaño.",
            _ID_SCOPE,
        ),
        sql="sum({v}::DOUBLE / {t}::DOUBLE) FILTER (WHERE {t} > 0 AND unit IS NOT NULL)",
        cell="firm",
        whole_firm=True,
        additive=True,
    ),
    firm_metric(
        id="exporters_month_avg",
        empty=0,
        label="Empresas exportadoras, promedio mensual",
        unit="firms",
        definition="Promedio, sobre los meses de la ventana que tienen datos, de las empresas que exportan en el mes.",
        formula="Σ_m n(S, m) / meses de W con datos",
        caveats=(
            "Es el único conteo público cuando los identificadores se renumeran cada mes.",
            "No es el número de empresas del período.",
        ),
        sql=f"count(*) FILTER (WHERE {_POSITIVE}) / $months",
        cell="firm_month",
        sources=("aduanas_dus", "registro"),
        counts_firms=False,  # within a month any id tells firms apart
    ),
    firm_metric(
        id="fob_per_exporter",
        label="Valor por empresa (promedio)",
        unit="usd",
        definition="Valor exportado promedio de las empresas que exportan en el corte.",
        formula="X(S, W) / n(S, W)",
        caveats=("La mitad de las empresas exporta muy poco: se lee junto a la mediana.", _ID_SCOPE),
        sql=f"avg({{v}}::DOUBLE) FILTER (WHERE {_POSITIVE})",
        cell="firm",
    ),
    firm_metric(
        id="fob_per_exporter_median",
        label="Valor por empresa (mediana)",
        unit="usd",
        definition="Valor exportado de la empresa que está al medio, ordenadas por lo que exportan.",
        formula="mediana de X_f(S, W), f con X_f > 0",
        caveats=(_ID_SCOPE,),
        sql=f"median({{v}}::DOUBLE) FILTER (WHERE {_POSITIVE})",
        cell="firm",
    ),
    firm_metric(
        id="fob_same_firms",
        empty=0,
        label="Valor de las mismas empresas",
        unit="usd",
        definition="Valor exportado por las empresas presentes tanto en la ventana como en la base.",
        formula="Σ X_f(S, W) con X_f(S, W) > 0 y X_f(S, W₀) > 0",
        caveats=("Aísla el crecimiento de las que ya exportaban del que traen las que entran o salen.", _ID_SCOPE),
        sql="sum({v}) FILTER (WHERE {v1} > 0 AND {v0} > 0 AND unit IS NOT NULL)",
        cell="firm",
        compares=True,
        additive=False,
    ),
    firm_metric(
        id="single_product_firms",
        label="Empresas de un solo producto",
        unit="fraction",
        definition=(
            "Parte de las empresas exportadoras que vende un solo producto (HS a seis dígitos) "
            "con valor mayor que cero."
        ),
        formula="|{f : X_f > 0 y X > 0 en un solo HS6}| / n",
        caveats=(_ID_SCOPE,),
        sql=_SINGLE,
        derived=_BY_FIRM,
        cell="firm_product",
    ),
    firm_metric(
        id="single_market_firms",
        label="Empresas de un solo mercado",
        unit="fraction",
        definition="Parte de las empresas exportadoras que vende a un solo país con valor mayor que cero.",
        formula="|{f : X_f > 0 y X > 0 en un solo destino}| / n",
        caveats=(_ID_SCOPE,),
        sql=_SINGLE,
        derived=_BY_FIRM,
        cell="firm_country",
    ),
    firm_metric(
        id="exporters_overlap",
        empty=0,
        label="Empresas contadas en más de una región",
        unit="firms",
        definition="Cuánto supera la suma de los conteos de empresas por región al número de empresas distintas.",
        formula="Σ_r n_r − n",
        caveats=("Por esto el número de empresas no se suma entre regiones; el conteo proporcional, sí.", _ID_SCOPE),
        sql=f"(count(*) FILTER (WHERE {_POSITIVE}) - {_EXPORTERS})::BIGINT",
        derived=_BY_FIRM,
        cell="firm_region",
    ),
)


# -- Metrics of all companies, exporters or not, as the SII counts them: by region of the head office, size
# and year.

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
