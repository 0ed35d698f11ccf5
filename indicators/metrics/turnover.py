"""Metrics of who starts to export, stops, comes back or lasts, year by year."""

from indicators.metrics.bridges import ENTERS, EXITS
from indicators.metrics.metric import ANY_SIZE, STABLE_IDS, Metric, firm_metric

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
