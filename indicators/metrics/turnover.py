"""Metrics of what each firm brings to the change from base to window: it enters, stays, leaves, changes class."""

from indicators.metrics.metric import ANY_SIZE, FOB, STABLE_IDS, Metric, Parts, firm_metric

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


# -- Metrics of who starts to export, stops, comes back or lasts, year by year.

_IDENTITY = "n_t = n_t−1 + E − Z."
_SHORT = "En una ventana menor que un año, entrar es no haber exportado nada en los 12 meses anteriores a ella."
_SHORT_EXIT = "En una ventana menor que un año, salir es no exportar nada en los 12 meses que terminan con ella."

_N1, _N0 = (f"count(*) FILTER (WHERE v{place} > 0 AND unit IS NOT NULL)" for place in (1, 0))
_ENTRANTS = f"count(*) FILTER (WHERE v1 > 0 AND {ENTERS} AND unit IS NOT NULL)"
_LEAVERS = f"count(*) FILTER (WHERE v0 > 0 AND {EXITS} AND unit IS NOT NULL)"


def _turnover(id_: str, label: str, unit: str, definition: str, formula: str, sql: str, *, is_entry: bool) -> Metric:
    is_count = unit == "firms"
    return firm_metric(
        id=id_,
        empty=0 if is_count else None,
        label=label,
        unit=unit,
        definition=definition,
        formula=formula,
        caveats=(*([_IDENTITY] if is_count else []), _SHORT if is_entry else _SHORT_EXIT, STABLE_IDS),
        sql=sql,
        any_size=ANY_SIZE,
        cell="firm",
        window="year",
        finds_new_firms=is_entry,
        lookback=12 if is_entry else 0,
        is_trailing=not is_entry,
    )


TURNOVER = (
    _turnover(
        "entrants",
        "Empresas que entran",
        "firms",
        "Empresas que exportan en el año y no exportaron en el anterior.",
        "E_t = |{f : X_f(t) > 0 y X_f(t−1) = 0}|",
        f"{_ENTRANTS}::BIGINT",
        is_entry=True,
    ),
    _turnover(
        "entry",
        "Tasa de entrada",
        "fraction",
        "Parte de las empresas que exportan en el año y no exportaron en el anterior.",
        "E_t / n_t",
        f"{_ENTRANTS} / nullif({_N1}, 0)",
        is_entry=True,
    ),
    _turnover(
        "exits",
        "Empresas que salen",
        "firms",
        "Empresas que exportaron en el año anterior y no exportan en el año.",
        "Z_t = |{f : X_f(t−1) > 0 y X_f(t) = 0}|",
        f"{_LEAVERS}::BIGINT",
        is_entry=False,
    ),
    _turnover(
        "exit",
        "Tasa de salida",
        "fraction",
        "Parte de las empresas que exportaron en el año anterior y no exportan en el año.",
        "Z_t / n_t−1",
        f"{_LEAVERS} / nullif({_N0}, 0)",
        is_entry=False,
    ),
)

_THREE_YEARS = {
    "ya": "sum(CASE WHEN x.month >= $back_12 THEN x.fob_usd END)",
    "yb": "sum(CASE WHEN x.month >= $back_24 AND x.month < $back_12 THEN x.fob_usd END)",
    "yc": "sum(CASE WHEN x.month >= $back_36 AND x.month < $back_24 THEN x.fob_usd END)",
}
_REGULAR = "coalesce(ya0 > 0 AND yb0 > 0 AND yc0 > 0, false)"
_PAST = {  # apart, so that what is taken back in one does not hide what was exported in the other
    "recent": "sum(CASE WHEN x.month >= $back_36 THEN x.fob_usd END)",
    "old": "sum(CASE WHEN x.month < $back_36 THEN x.fob_usd END)",
}
_ABSENT, _KNOWN = "coalesce(recent0, 0) <= 0", "coalesce(old0, 0) > 0"
_POSITIVE = "v1 > 0 AND unit IS NOT NULL"

HISTORY = (
    firm_metric(
        id="regular_exporter",
        label="Exportadoras regulares",
        unit="fraction",
        definition="Parte de las empresas del año que exportó también en cada uno de los tres años anteriores.",
        formula="|{f : X_f > 0 en t, t−1, t−2 y t−3}| / n_t",
        caveats=("Se lee junto a la parte del valor que exportan (regular_exporter_value).", STABLE_IDS),
        sql=f"count(*) FILTER (WHERE {_POSITIVE} AND {_REGULAR}) / nullif(count(*) FILTER (WHERE {_POSITIVE}), 0)",
        any_size=_THREE_YEARS,
        cell="firm",
        window="year",
        is_annual=True,
        lookback=36,
    ),
    firm_metric(
        id="regular_exporter_value",
        label="Valor de las exportadoras regulares",
        unit="fraction",
        definition="Parte del valor del año que exportan las empresas que exportaron también los tres años anteriores.",
        formula="X de las regulares / X, en t",
        caveats=("Se lee junto a la parte de las empresas que son (regular_exporter).", STABLE_IDS),
        sql=f"coalesce(sum(v1::DOUBLE) FILTER (WHERE {_POSITIVE} AND {_REGULAR}), 0) / nullif(sum(v1::DOUBLE), 0)",
        any_size=_THREE_YEARS,
        cell="firm",
        window="year",
        is_annual=True,
        lookback=36,
    ),
    firm_metric(
        id="first_time_exporters",
        empty=0,
        label="Exportadoras por primera vez",
        unit="firms",
        definition="Empresas que exportan en la ventana y no aparecen antes en los datos, que cubren 36 meses o más.",
        formula="|{f : X_f(W) > 0 y X_f = 0 en los 36 meses anteriores y antes de ellos}|",
        caveats=("«Primera vez» es desde que empiezan los datos: la fecha va con el dato.", STABLE_IDS),
        sql=f"count(*) FILTER (WHERE {_POSITIVE} AND {_ABSENT} AND NOT {_KNOWN})::BIGINT",
        any_size=_PAST,
        cell="firm",
        window="year",
        finds_new_firms=True,
        lookback=36,
        has_history=True,
    ),
    firm_metric(
        id="returning_exporters",
        empty=0,
        label="Exportadoras que vuelven",
        unit="firms",
        definition="Empresas que exportan en la ventana después de más de 36 meses sin exportar.",
        formula="|{f : X_f(W) > 0, X_f = 0 en los 36 meses anteriores, X_f > 0 antes}|",
        caveats=("Necesita más de 36 meses de datos antes de la ventana.", STABLE_IDS),
        sql=f"count(*) FILTER (WHERE {_POSITIVE} AND {_ABSENT} AND {_KNOWN})::BIGINT",
        any_size=_PAST,
        cell="firm",
        window="year",
        finds_new_firms=True,
        lookback=37,
        has_history=True,
    ),
    firm_metric(
        id="survivors",
        label="Sobrevivientes de cada generación",
        unit="firms",
        definition="De las empresas que entraron en un año, cuántas exportan k años después (k = 0: las que entraron).",
        formula="|{f ∈ E_t : X_f(t + k) > 0}|",
        caveats=("Cuenta a quien deja un año y vuelve: exportar en t + k es lo único que se mira.", STABLE_IDS),
        operator="survivors",
        cell="firm",
        any_size=ANY_SIZE,
        window="year",
        is_annual=True,
        finds_new_firms=True,
        lookback=24,
        has_history=True,
    ),
    firm_metric(
        id="survival",
        label="Supervivencia de cada generación",
        unit="fraction",
        definition="Parte de las empresas que entraron en un año que exporta k años después.",
        formula="survival_k(t) = |{f ∈ E_t : X_f(t + k) > 0}| / E_t",
        caveats=("Una fila por generación t y distancia k, hasta el año de la ventana.", STABLE_IDS),
        operator="survival",
        cell="firm",
        any_size=ANY_SIZE,
        window="year",
        is_annual=True,
        finds_new_firms=True,
        lookback=24,
        has_history=True,
    ),
)
