"""Metrics of what each firm brings to the change from base to window: it enters, stays, leaves, changes class."""

from indicators.metrics.metric import ANY_SIZE, FOB, STABLE_IDS, Parts, firm_metric

_REST = "Sin empresa conocida o sin valor positivo"

# `v` is what a firm exports while it is of the size asked for, `a` whatever its size.
ENTERS, EXITS = "coalesce(a0, 0) <= 0", "coalesce(a1, 0) <= 0"
_IS, _WAS = "coalesce(v1, 0) > 0", "coalesce(v0, 0) > 0"

_BRIDGE = Parts(
    sql=f"""CASE WHEN unit IS NULL THEN 'rest'
        WHEN {_IS} AND {ENTERS} THEN 'entrants' WHEN {_WAS} AND {EXITS} THEN 'exits'
        WHEN {_IS} AND {_WAS} THEN 'continuing' WHEN {_IS} THEN 'joined' WHEN {_WAS} THEN 'left' ELSE 'rest' END""",
    labels={
        "entrants": "Empresas que entran",
        "exits": "Empresas que salen",
        "continuing": "Pymes en ambos períodos",
        "joined": "Pasan a ser pyme",
        "left": "Dejan de ser pyme",
        "rest": _REST,
    },
)
_IN_BOTH = "v1 > 0 AND v0 > 0 AND unit IS NOT NULL"

SME = (
    firm_metric(
        id="sme_growth",
        label="Crecimiento de las pymes, de tres maneras",
        unit="fraction",
        definition=(
            "Cuánto creció el número de pymes exportadoras, cuánto su valor y cuánto el valor de las que fueron pymes "
            "exportadoras en ambos períodos. Siempre juntos."
        ),
        formula="n / n₀ − 1; X / X₀ − 1; X de las mismas / X₀ de las mismas − 1",
        caveats=("Ninguno de los tres se cita solo: pueden tener signos distintos.", STABLE_IDS),
        operator="three_ways",
        compares=True,
        size="pyme",
    ),
    firm_metric(
        id="sme_bridge",
        empty=0,
        label="De dónde viene el cambio del valor de las pymes",
        unit="usd",
        additive=True,
        definition=(
            "Valor de las pymes en la ventana y en la base, por lo que hizo cada empresa: entra, sale, sigue, pasa a "
            "ser pyme o deja de serlo."
        ),
        formula="ΔX = entran − salen + Δ de las que siguen + pasan a ser pyme − dejan de ser pyme",
        caveats=(
            "Entrar y salir es no exportar nada en el otro período, desde el corte mostrado; cada período usa su clase "
            "de tamaño.",
            STABLE_IDS,
        ),
        sql="sum({v})",
        any_size=ANY_SIZE,
        cell="firm",
        parts=_BRIDGE,
        compares=True,
        finds_new_firms=True,
        size="pyme",
    ),
    firm_metric(
        id="sme_bridge_firms",
        empty=0,
        label="De dónde viene el cambio del número de pymes",
        unit="firms",
        additive=True,
        definition=(
            "Número de pymes exportadoras en la ventana y en la base, por lo que hizo cada una: entra, sale, sigue, "
            "pasa a ser pyme o deja de serlo."
        ),
        formula="n = n₀ + entran − salen + pasan a ser pyme − dejan de ser pyme",
        caveats=("Suma entre las partes, nunca entre regiones o sectores.", STABLE_IDS),
        sql="count(*) FILTER (WHERE {v} > 0 AND unit IS NOT NULL)::BIGINT",
        any_size=ANY_SIZE,
        cell="firm",
        parts=_BRIDGE,
        compares=True,
        finds_new_firms=True,
        size="pyme",
    ),
    firm_metric(
        id="same_firms",
        empty=0,
        label="Las mismas empresas",
        unit="firms",
        definition="Número de empresas que exportan en la ventana y en la base.",
        formula="|{f : X_f(S, W) > 0 y X_f(S, W₀) > 0}|",
        caveats=("Con un tamaño, son las que lo tienen en ambos períodos.", STABLE_IDS),
        sql=f"(count(*) FILTER (WHERE {_IN_BOTH}) + 0 * count({{v}}))::BIGINT",
        any_size=ANY_SIZE,
        cell="firm",
        compares=True,
    ),
)

# Of the firm of a cell: `f` what it exports while it is of the size asked for, `g` whatever its size.
_FIRM1, _FIRM0 = "coalesce(f1, 0) > 0", "coalesce(f0, 0) > 0"
_NEW, _GONE = "coalesce(g0, 0) <= 0", "coalesce(g1, 0) <= 0"
_CELL = f"""CASE WHEN {_IS} AND NOT ({_WAS}) THEN 'added' WHEN {_WAS} AND NOT ({_IS}) THEN 'dropped'
        WHEN coalesce(v1, 0) >= coalesce(v0, 0) THEN 'growing' ELSE 'shrinking' END"""
_OF_FIRM = "sum({}{}) OVER (PARTITION BY is_total, key, unit.firm)"

MARGINS = (
    firm_metric(
        id="margins",
        empty=0,
        label="Márgenes del crecimiento",
        unit="usd",
        additive=True,
        definition=(
            "Valor en la ventana y en la base, por margen: empresas nuevas y que salen, productos (o destinos) que las "
            "que siguen agregan o dejan, y los que crecen o caen; con un tamaño, también las que cambian de clase."
        ),
        formula="ΔX = nuevas − salen + agregados − dejados + crecen − caen; en pp de la base",
        caveats=(
            "over=product mira HS a seis dígitos, over=country destinos.",
            "Un cambio de revisión del Sistema Armonizado crea agregados y dejados falsos.",
            STABLE_IDS,
        ),
        sql="sum({v})",
        columns=FOB,
        any_size=ANY_SIZE,
        derived={
            f"{name}{place}": _OF_FIRM.format(column, place)
            for name, column in (("f", "v"), ("g", "a"))
            for place in (1, 0)
        },
        cell="firm_over",
        over=("product", "country"),
        parts=Parts(
            sql=f"""CASE WHEN unit IS NULL THEN 'rest' WHEN {_FIRM1} AND {_NEW} THEN 'new_firms'
        WHEN {_FIRM0} AND {_GONE} THEN 'exiting_firms' WHEN {_FIRM1} AND {_FIRM0} THEN {_CELL}
        WHEN {_FIRM1} THEN 'joined' WHEN {_FIRM0} THEN 'left' ELSE 'rest' END""",
            labels={
                "new_firms": "Empresas nuevas",
                "exiting_firms": "Empresas que salen",
                "joined": "Pasan al tamaño pedido",
                "left": "Dejan el tamaño pedido",
                "added": "Agregan las que siguen",
                "dropped": "Dejan las que siguen",
                "growing": "Crecen",
                "shrinking": "Caen",
                "rest": _REST,
            },
        ),
        compares=True,
    ),
)

BRIDGES = (*SME, *MARGINS)
