"""What an answer is made of, and the reasons why a figure is missing or needs care."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from editions.errors import NotAdditive
from indicators.question.calendar import Window
from indicators.question.question import Question
from indicators.question.scope import PUBLISHED
from words.formats import listing, month_name, usd_millions
from words.language import language, t

# -- Why a figure is missing or needs care. The constants are Spanish: `answer` gives them in the reader's
# language.


@dataclass(frozen=True)
class Reason:
    """A code for the program and a sentence for the reader."""

    code: str
    text: str


CUT_SHORT = "recortado"  # the code of a window shown without its end
AT_LEAST = "al_menos"
INCOMPLETE = ("parcial", CUT_SHORT)

MARKS = {  # code → how a row has room to say it
    "base_baja": "base baja",
    "sin_base": "sin base",
    "reservado": "reservado",
    "no_publicado": "no se publica",
    "parcial": "parcial",
}
PRIVATE_MARK = "Edición privada: no difundir"
DEMO = Reason("demo", "Datos de demostración. No citar.")
NO_REGISTER = Reason(
    "no_register",
    "Esta edición no tiene un registro de exportadores. Con el registro de la oficina (empresa, mes, región, "
    "tamaño según el SII), cargado con «pulso load», este dato existe.",
)
NO_DATA = Reason("sin_datos", "Esta edición no tiene registros de la fuente que este dato necesita.")
NO_COMPANIES = Reason("sin_datos", "El SII no tiene conteos de empresas de ese período en esta edición.")
NO_COMPANIES_BEFORE = Reason("sin_base", "Sin base: esta edición no tiene conteos del SII del año de comparación.")
MASKED = Reason(
    "oculto_sii", "El SII no muestra este dato («*»): lo informan 10 empresas o menos, o permitiría deducir otro."
)
NO_SALES = Reason("sin_ventas", "El SII no da ventas de las empresas sin información.")
NO_RECORDS = Reason("sin_registros", "No hay exportaciones en este corte; no hay de qué calcular el dato.")
NO_BASE_VALUE = Reason(
    "sin_base", "Sin base: no hubo exportaciones en el período de comparación, así que no hay porcentaje."
)
NO_COMPARABLE = Reason("sin_comparables", "No hay productos con cantidad en ambos períodos que se puedan comparar.")
ONLY_ROWS = Reason("solo_filas", "Este dato existe para cada parte del desglose, no para el total.")
PARTIAL_COMPARISON = Reason("parcial", "No se calcula variación: la ventana no está completa.")
RESERVED = Reason(
    "reservado",
    "Dato reservado: son menos de 3 empresas, o una podría calcular lo que exporta otra, o permitiría deducir otro "
    "dato reservado.",
)
MONTHLY_IDS = Reason(
    "id_mensual",
    "Aduanas renumera a los exportadores cada mes: no se puede saber cuántas empresas distintas hay en varios meses. "
    "Existe el promedio mensual (exporters_month_avg), o el dato exacto con un registro de la oficina.",
)
UNMEASURED_IDS = Reason(
    "id_no_medido",
    "No se ha podido medir si los números de exportador siguen a las mismas empresas de un mes a otro; use un solo mes "
    "o el promedio mensual (exporters_month_avg).",
)
NO_WORKERS = Reason(
    "sin_trabajadores",
    "El registro cargado no trae el número de trabajadores de cada empresa; con esa columna el tamaño se puede medir "
    "así. Con las ventas sí: quite sizing=workers.",
)
NO_DOLLAR = Reason(
    "sin_dolar",
    "Falta el tipo de cambio para pasar lo exportado a UF y aproximar así el tamaño: traiga el dólar observado del "
    "Banco Central con «pulso sync --bcch».",
)
NO_PREVIOUS_YEAR = Reason(
    "sin_ano_anterior",
    "El tamaño se aproxima con lo que la empresa exportó el año calendario anterior, que la edición no tiene completo.",
)
NEW_WITHOUT_SIZE = Reason(
    "nueva_sin_tamano",
    "Las empresas que entran no exportaron el año anterior, así que con ese monto no tienen tamaño: este dato "
    "necesita el registro de la oficina.",
)
OWN_FOB = Reason(
    "aproximacion_tamano",
    "Tamaño: aproximación por monto exportado el año calendario anterior, en tramos de UF. No son las ventas de la "
    "empresa: una grande que exporta poco cuenta como pequeña; la que no exportó ese año queda sin información.",
)
MONTH_FOB = Reason(
    "aproximacion_tamano",
    "Tamaño: aproximación por monto exportado en el mes, en doceavos de los tramos de UF. No son las ventas de la "
    "empresa: una grande que exportó poco ese mes cuenta como pequeña.",
)
PROVISIONAL = Reason(
    "provisional", "Cifras provisionales: Aduanas puede modificar los meses de los últimos doce meses."
)


def low_base(floor_usd: float) -> Reason:
    """A percentage of almost nothing."""
    return _low_base(floor_usd, language())


@lru_cache(maxsize=256)
def _low_base(floor_usd: float, _language: str) -> Reason:
    """Every row of a split has the same floor, and a split may have thousands."""
    return Reason(
        "base_baja",
        t(
            "Base baja: se muestra el cambio y no el porcentaje (base menor que {floor}, con menos de 5 empresas, o "
            "variación mayor que 300\u00a0%).",
            floor=usd_millions(floor_usd, 2),
        ),
    )


def no_window(asked: str, first: date | None, last: date | None) -> Reason:
    """The window has no data at all."""
    if first is None or last is None:
        return Reason("sin_datos", t("No hay meses completos para la ventana {window}.", window=asked))
    said = t(
        "No hay datos de {window}; la edición tiene de {first} a {last}.",
        window=asked,
        first=month_name(first),
        last=month_name(last),
    )
    return Reason("fuera_de_rango", said)


def not_published(nearest: str | None) -> Reason:
    """A public edition does not hold a cut of firms; `nearest` says one that it does."""
    said = t("Este corte de empresas no se publica.")
    if nearest is not None:
        said += " " + t("El más cercano que se publica es {question}", question=nearest)
    return Reason("no_publicado", said)


def base_not_published(base_label: str) -> Reason:
    """A public edition holds the cut of the window and not of the base."""
    return Reason("sin_base", t("Sin base: este corte no se publica de {base}.", base=base_label))


def no_base(base_label: str, first: date) -> Reason:
    """The base lies before the data, or was never loaded."""
    said = "Sin base: la edición no tiene {base} (los datos empiezan en {first})."
    return Reason("sin_base", t(said, base=base_label, first=month_name(first)))


def no_history(months: int, first: date) -> Reason:
    """The months before the window are too few."""
    return Reason(
        "sin_historia",
        t(
            "Necesita {months} meses completos y seguidos antes de la ventana, con las mismas empresas identificables; "
            "los datos empiezan en {first}.",
            months=months,
            first=month_name(first),
        ),
    )


def partial_base(base_label: str, missing: Sequence[date]) -> Reason:
    """Some months of the base are not complete."""
    said = t("Sin base comparable: de {base} falta {months}.", base=base_label, months=_months(missing))
    return Reason("sin_base", said)


def not_whole(asked_label: str, missing: Sequence[date]) -> Reason:
    """The figure is of a whole window only, and months of it are missing or incomplete."""
    said = "Este dato es de un período entero, y de {asked} falta {months}."
    return Reason("parcial", t(said, asked=asked_label, months=_months(missing)))


def trimmed(asked_label: str, shown_label: str) -> Reason:
    """The end of the window is not complete and was left out."""
    said = "Se pidió {asked}; los meses completos llegan a {shown}, que es lo mostrado."
    return Reason(CUT_SHORT, t(said, asked=asked_label, shown=shown_label))


def partial(missing: Sequence[date], *, loaded: bool) -> Reason:
    """Months of the window are missing or incomplete and the rest is shown."""
    said = "Período parcial: {months} está incompleto."
    if not loaded:
        said = "Período parcial: {months} está sin datos o incompleto."
    return Reason("parcial", t(said, months=_months(missing)))


def with_gaps(label: str, *, absent: Sequence[date], unfinished: Sequence[date]) -> str:
    """Return the label of a window with the months of it that are missing or incomplete."""
    gaps = [t("sin {months}", months=_months(absent))] if absent else []
    gaps += [t("incompleto: {months}", months=_months(unfinished))] if unfinished else []
    return f"{label} ({'; '.join(gaps)})" if gaps else label


def at_least(n_hidden: int) -> Reason:
    """Cells that the SII hides are not in a sum."""
    if n_hidden == 1:
        return Reason(AT_LEAST, t("Al menos: el SII oculta una celda por reserva y no se suma."))
    return Reason(AT_LEAST, t("Al menos: el SII oculta {n} celdas por reserva y no se suman.", n=n_hidden))


def series_break(text: str) -> Reason:
    """A break of the series lies between the base and the end of the window."""
    return Reason("quiebre_de_serie", text)


def extract(what: str) -> Reason:
    """The edition holds only a part of the exports."""
    return Reason("extracto", t("La edición contiene solo una parte de las exportaciones: {what}.", what=what))


def _months(months: Sequence[date]) -> str:
    named = [month_name(month) for month in months]
    if len(named) <= 3:
        return listing(named)
    return listing([*named[:2], t("otros {n} meses", n=len(named) - 2)])


# -- What an answer is made of.


@dataclass(frozen=True)
class Statement:
    """SQL that was run and the values it was given: the core of a receipt."""

    sql: str
    params: Mapping[str, Any]


@dataclass(frozen=True)
class Citation:
    """A row of the ledger that an answer quotes: what was printed, by whom, when and where."""

    figure_id: str
    metric: str
    flow_scope: str
    region_code: str
    subject: str | None
    period_start: date
    period_end: date
    printed_value: float | None
    printed_unit: str | None
    publisher: str
    published_on: str | None
    source_url: str | None
    source_kind: str | None
    note: str | None
    contradicts: bool


@dataclass(frozen=True)
class Coverage:
    """Of the national value in scope, the part whose region, product, country or size is known."""

    region: float | None
    product: float | None
    country: float | None
    size: float | None = None


@dataclass(frozen=True)
class Row:
    """One part of a split. Growth, share and contribution are fractions."""

    key: str
    label: str
    value: float | int | None
    base: float | int | None
    change: float | None
    growth: float | None
    share: float | None
    contribution: float | None
    reasons: tuple[Reason, ...] = ()
    share_base: float | None = None
    unit: str | None = None  # when it is not that of the answer


@dataclass(frozen=True)
class Answer:
    """The one answer to a question: what chart, table, sentence, file and receipt are all made from.

    Its words are in the language it was asked in; `badge` is a code, shown through `t`.
    `question` has window and source written out. `reasons` say why something is missing; `flags` what to mind
    about what is shown. Growth and shares are fractions; `share_of` names the whole of the shares. `publisher`,
    `published_on` and `citations` are of published figures only, which are never computed from records. `place` is
    the region as a sentence names it; `region_label` is as a table does, and tells the concept of region.
    """

    question: Question
    label: str
    unit: str
    value: float | int | None
    base: float | int | None
    change: float | None
    growth: float | None
    share: float | None
    share_base: float | None
    share_of: str | None
    window: Window | None
    base_window: Window | None
    window_label: str
    base_label: str | None
    scope_label: str
    region_label: str
    place: str
    reasons: tuple[Reason, ...]
    flags: tuple[Reason, ...]
    coverage: Coverage | None
    rows: tuple[Row, ...]
    n_items: int
    source_note: str
    edition_id: str
    badge: str
    statements: tuple[Statement, ...]
    publisher: str | None = None
    published_on: str | None = None
    citations: tuple[Citation, ...] = ()
    gaps: tuple[date, ...] = ()  # months of the window that are missing or incomplete

    @property
    def definition(self) -> str:
        """What the figure is: the metric's definition, or that it is as its publisher printed it."""
        if self.question.source != PUBLISHED:
            return t(self.question.spec.definition)
        return t("Cifra tal como se publicó, no calculada de registros; si es derivada, se muestra la fórmula.")

    @property
    def source_urls(self) -> tuple[str, ...]:
        """Where the figure, or what it is derived from, was printed; none when it was computed from records."""
        quoted = (one.source_url for one in self.citations if not one.contradicts)
        return tuple(dict.fromkeys(url for url in quoted if url))

    @property
    def share_change(self) -> float | None:
        """How many points (as a fraction) the share moved."""
        if self.share is None or self.share_base is None:
            return None
        return self.share - self.share_base

    @property
    def sizing(self) -> str | None:
        """Where the size of firms was taken from (a key of SIZINGS), or None when size does not matter."""
        if not self.question.is_sized or self.window is None:
            return None
        return self.question.sizing or "register"

    @property
    def is_complete(self) -> bool:
        """Whether every month of the window is complete."""
        return all(flag.code not in INCOMPLETE for flag in self.flags)

    @property
    def has_data(self) -> bool:
        """Whether there is any value: its own or that of a row."""
        return self.value is not None or any(row.value is not None for row in self.rows)

    @property
    def reserved(self) -> tuple[str, ...]:
        """The labels of the parts that a public edition withholds: any of them may be the largest."""
        return tuple(row.label for row in self.rows if row.value is None and RESERVED in row.reasons)

    def total(self) -> float:
        """Return the sum of the rows. Refuses when the metric does not add up or a row is hidden."""
        spec = self.question.spec
        if not spec.additive:
            raise NotAdditive(t("«{metric}» no se suma: {caveat}", metric=t(spec.label), caveat=spec.caveat))
        values = [row.value for row in self.rows]
        if any(value is None for value in values):
            text = "«{metric}» tiene filas sin dato; su suma no es el total."
            raise NotAdditive(t(text, metric=t(spec.label)))
        return float(sum(value for value in values if value is not None))
