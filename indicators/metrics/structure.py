"""Metrics of structure: concentration, variety, prices and volumes."""

from indicators.metrics.metric import FOB, Metric
from indicators.scope import CUSTOMS_SOURCES, PUBLISHED, REGISTER

WITH_REGISTER = (*CUSTOMS_SOURCES, REGISTER)
WITH_PUBLISHED = (*WITH_REGISTER, PUBLISHED)
OVER = ("product", "country", "firm")

_SUM = "nullif(sum({v}::DOUBLE) FILTER (WHERE {v} > 0), 0)"
_HHI = "sum({v}::DOUBLE * {v}::DOUBLE) FILTER (WHERE {v} > 0) / (" + _SUM + " * " + _SUM + ")"
_WHOLE = "Se calcula sobre productos (HS a seis dígitos), países o empresas: over=product, country o firm."

# Fisher's index over cells of HS8 × destination × unit of quantity that exist in both periods.
_RATIO = "(v1::DOUBLE / q1::DOUBLE) / (v0::DOUBLE / q0::DOUBLE)"
_MATCHED = {
    "matched": f"CASE WHEN v1 > 0 AND v0 > 0 AND q1 > 0 AND q0 > 0 THEN {_RATIO} BETWEEN 1.0 / 3 AND 3.0 ELSE false END"
}
_V1 = "sum({v1}::DOUBLE) FILTER (WHERE matched)"
_V0 = "sum({v0}::DOUBLE) FILTER (WHERE matched)"
_P1Q0 = "sum({v1}::DOUBLE / {q1}::DOUBLE * {q0}::DOUBLE) FILTER (WHERE matched)"
_P0Q1 = "sum({v0}::DOUBLE / {q0}::DOUBLE * {q1}::DOUBLE) FILTER (WHERE matched)"
_QUANTITIES = {**FOB, "q": "sum(x.quantity)"}
_MATCH = (
    "Solo entra lo que existe en ambos períodos con cantidad, y cuyo valor unitario no se triplica ni cae "
    "a menos "
    "de un tercio; price_volume_coverage dice qué parte del valor es."
)

STRUCTURE = (
    Metric(
        id="hhi",
        label="Concentración (Herfindahl-Hirschman)",
        unit="index",
        definition="Suma de los cuadrados de las participaciones; 1 es todo en uno.",
        formula="Σ s²",
        caveats=(_WHOLE,),
        sql=_HHI,
        cell="over",
        over=OVER,
        sources=WITH_REGISTER,
    ),
    Metric(
        id="effective_number",
        label="Número efectivo",
        unit="number",
        definition="Cuántos productos, países o empresas de igual tamaño darían la misma concentración.",
        formula="1 / HHI",
        caveats=(_WHOLE,),
        sql=f"1.0 / ({_HHI})",
        cell="over",
        over=OVER,
        sources=WITH_REGISTER,
    ),
    Metric(
        id="top_k",
        label="Participación de los k mayores",
        unit="fraction",
        definition="Parte del valor que concentran los k mayores productos, países o empresas.",
        formula="Σ de las k mayores participaciones",
        caveats=(_WHOLE, "k se indica con k=5 (el que rige si no se dice)."),
        sql=f"list_sum(max({{v}}::DOUBLE, $k) FILTER (WHERE {{v}} > 0)) / {_SUM}",
        cell="over",
        over=OVER,
        sources=WITH_REGISTER,
        has_top=True,
    ),
    Metric(
        id="n_products",
        empty=0,
        label="Productos exportados",
        unit="products",
        definition="Productos distintos (HS a seis dígitos) con valor mayor que cero.",
        formula="|{HS6 : X > 0}|",
        caveats=("Un cambio de revisión del Sistema Armonizado (2012, 2017, 2022) crea y borra códigos. No se suma.",),
        sql="count(*) FILTER (WHERE {v} > 0 AND unit IS NOT NULL)::BIGINT",
        cell="product",
        sources=WITH_PUBLISHED,
    ),
    Metric(
        id="n_destinations",
        empty=0,
        label="Destinos",
        unit="countries",
        definition="Países de destino distintos con valor mayor que cero.",
        formula="|{país : X > 0}|",
        caveats=("Los códigos que no son países (rancho, zonas francas, origen desconocido) no cuentan. No se suma.",),
        sql=(
            "count(*) FILTER (WHERE {v} > 0 AND unit NOT IN (SELECT country_code FROM core_country WHERE "
            "is_pseudo))::BIGINT"
        ),
        cell="country",
        sources=WITH_PUBLISHED,
    ),
    Metric(
        id="fisher_price",
        label="Variación de precios (Fisher)",
        unit="fraction",
        definition="Cuánto cambiaron los valores unitarios entre la base y la ventana, a canasta comparable.",
        formula="√(Laspeyres × Paasche) − 1 sobre valores unitarios por HS8 × destino × unidad",
        caveats=(_MATCH,),
        sql=f"sqrt(({_P1Q0} / {_V0}) * ({_V1} / {_P0Q1})) - 1",
        columns=_QUANTITIES,
        derived=_MATCHED,
        cell="unit_value",
        compares=True,
    ),
    Metric(
        id="fisher_volume",
        label="Variación de volumen (Fisher)",
        unit="fraction",
        definition="Cuánto cambiaron las cantidades entre la base y la ventana, a precios comparables.",
        formula="√(Laspeyres × Paasche) − 1; (1 + precio) × (1 + volumen) = razón de valor",
        caveats=(_MATCH,),
        sql=f"sqrt(({_P0Q1} / {_V0}) * ({_V1} / {_P1Q0})) - 1",
        columns=_QUANTITIES,
        derived=_MATCHED,
        cell="unit_value",
        compares=True,
    ),
    Metric(
        id="price_volume_coverage",
        label="Cobertura de precio y volumen",
        unit="fraction",
        definition="Parte del valor de la ventana que entra en los índices de precio y volumen.",
        formula="X comparable / X",
        caveats=(_MATCH,),
        sql=f"coalesce({_V1}, 0) / nullif(sum({{v1}}::DOUBLE), 0)",
        columns=_QUANTITIES,
        derived=_MATCHED,
        cell="unit_value",
        compares=True,
    ),
)
