"""Metrics of value: exports, their growth, their weight."""

from indicators.metrics.metric import Metric
from indicators.scope import CUSTOMS_SOURCES, PUBLISHED, REGISTER

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
