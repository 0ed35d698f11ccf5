"""Metrics of value: exports, their growth, their weight."""

from indicators.metrics.metric import FOB, Metric
from indicators.question.scope import CUSTOMS_SOURCES, PUBLISHED, REGISTER

WITH_REGISTER = (*CUSTOMS_SOURCES, REGISTER)
WITH_PUBLISHED = (*WITH_REGISTER, PUBLISHED)

VALUE = (
    Metric(
        id="fob",
        empty=0,
        label="Valor exportado",
        unit="usd",
        additive=True,
        definition="Suma del valor FOB de los ítems exportados en la ventana, en dólares corrientes.",
        formula="X(S, W) = Σ FOBUS de los ítems de S aceptados en W",
        caveats=("Se suma el valor de cada ítem, nunca el total del encabezado del DUS, que se repite en cada ítem.",),
        sql="sum({v})",
        sources=WITH_PUBLISHED,
    ),
    Metric(
        id="yoy",
        label="Variación en doce meses",
        unit="fraction",
        definition="Variación del valor exportado de un mes respecto del mismo mes del año anterior.",
        formula="X(año, mes) / X(año − 1, mes) − 1",
        caveats=("Es la «variación interanual» del INE.",),
        sources=WITH_PUBLISHED,
        window="month",
        operator="growth",
    ),
    Metric(
        id="ytd",
        label="Variación acumulada en el año",
        unit="fraction",
        definition="Variación del valor exportado desde enero respecto de los mismos meses del año anterior.",
        formula="X(año, ene..M) / X(año − 1, ene..M) − 1, con M el último mes completo en ambos años",
        caveats=("La ventana nombra sus meses; nunca se compara un año en curso con un año entero.",),
        sources=WITH_PUBLISHED,
        operator="growth",
    ),
    Metric(
        id="rolling12",
        label="Variación de los últimos doce meses",
        unit="fraction",
        definition="Variación del valor de los últimos 12 meses completos respecto de los 12 anteriores.",
        formula="X(12 meses) / X(12 meses anteriores) − 1",
        caveats=("Necesita 24 meses completos.",),
        sources=WITH_REGISTER,
        window="rolling12",
        operator="growth",
    ),
    Metric(
        id="cagr",
        label="Crecimiento anual compuesto",
        unit="fraction",
        definition="Tasa anual constante que lleva del valor de la ventana base al de la ventana final.",
        formula="(X_T / X_0)^(1/T) − 1, con T años entre ambas ventanas y T ≥ 2",
        caveats=(
            "Se piden los dos extremos: por ejemplo window=2024 y compare=2014.",
            "Dice nada de lo que pasó entre ellos.",
        ),
        sources=WITH_REGISTER,
        window="year",
        operator="cagr",
    ),
    Metric(
        id="share",
        label="Participación",
        unit="fraction",
        definition="Parte que el valor de la región (o del corte) es de un total nacional que se nombra.",
        formula="X_r / X_den; numerador y denominador bajo el mismo alcance",
        caveats=("Cambia con el denominador: siempre se nombra cuál. Su cambio se mide en puntos porcentuales.",),
        sources=WITH_PUBLISHED,
        operator="share",
    ),
    Metric(
        id="contribution_pp",
        label="Contribución al crecimiento",
        unit="pp",
        additive=True,
        definition="Puntos porcentuales que cada parte (sector, país …) aporta al crecimiento del total.",
        formula="(X_s,t − X_s,t−1) / X_t−1 × 100",
        caveats=("Suma el crecimiento del total. No existe cuando el crecimiento no se muestra.",),
        sources=WITH_REGISTER,
        operator="contribution",
    ),
    Metric(
        id="location_quotient",
        label="Índice de especialización",
        unit="ratio",
        definition=(
            "Peso de un sector o producto en la región dividido por su peso en Chile; sobre 1 hay especialización."
        ),
        formula="(X_rk / X_r) / (X_k / X), con Chile como referencia",
        caveats=("La referencia es Chile, con el mismo alcance y la misma ventana.",),
        sources=WITH_REGISTER,
        operator="location_quotient",
    ),
    Metric(
        id="export_similarity",
        label="Parecido de la canasta exportadora",
        unit="fraction",
        definition=(
            "Parte de lo que exporta la región que coincide con lo que exporta cada una de las otras: suma, sobre los "
            "productos o los destinos, del menor de los dos pesos."
        ),
        formula="Σ_k min(X_rk / X_r, X_qk / X_q)",
        caveats=(
            "Índice de Finger y Kreinin (1979): 1 es la misma canasta y 0 ninguna parte en común.",
            "No dice nada del tamaño, y cuanto más fina la clasificación, menor sale.",
        ),
        operator="export_similarity",
        over=("product", "country"),
    ),
    Metric(
        id="coverage",
        label="Cobertura",
        unit="fraction",
        definition="Parte del valor de la que se conoce la región, el producto, el país o el tamaño.",
        formula="X con el dato / X",
        caveats=(
            "Lo que no tiene región (00) o es mercancía extranjera nacionalizada (20) queda en el total del país.",
        ),
        sql="coalesce(sum({v}::DOUBLE) FILTER (WHERE unit), 0) / nullif(sum({v}::DOUBLE), 0)",
        cell="over",
        over=("known_region", "known_product", "known_country", "known_size"),
        sources=WITH_REGISTER,
    ),
)


# -- Metrics of structure: concentration, variety, prices and volumes.

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
