"""The blocks of the page of data: what is loaded, how it was checked, what was revised, what each figure means."""

from collections import Counter
from collections.abc import Mapping

import streamlit as st

from editions.folders import REPOSITORY
from indicators.console.queries import TableHelp
from indicators.holdings import Held, MonthChange, Quality
from indicators.metrics import METRICS
from indicators.question.scope import SOURCES
from indicators.receipts.reconciliation import OUTSIDE, STATUSES, Comparison
from indicators.receipts.revisions import Triangle
from ui import address
from ui.blocks import tables
from ui.text import link, plain, plain_letters
from words.formats import MISSING, month_name, number, numeric_day, percent, short_month, usd
from words.language import t

TEMPLATES = REPOSITORY / "data" / "reference" / "templates"
MOST_ROWS = 30
MOST_VINTAGES = 8
REPAIRS = {
    "crlf": "fines de línea CRLF",
    "stray_cr": "registros partidos en dos líneas, unidos",
    "inner_cr": "retornos de carro dentro de una línea",
    "cut_row": "filas cortadas, completadas",
    "tab": "tabuladores",
    "quote": "comillas leídas como texto",
    "nul": "bytes nulos",
    "entity_cr": "textos «&#X0D»",
    "c1_byte": "bytes de Windows-1252",
    "utf8_bom": "marca de orden de bytes",
    "blank_line": "líneas en blanco",
    "missing_newline": "última línea sin fin de línea",
    "header_residual": "valores tomados del total de la declaración",
}
PASSED = "cumple"
GATES = {
    "row_counts": "filas del mes contra las publicadas",
    "control_totals": "totales de control de Aduanas",
    "declaration_totals": "suma de los ítems contra el total de cada declaración",
    "unknown_codes": "códigos desconocidos",
    "lost_value": "valor de las filas rechazadas",
    "coverage": "cobertura contra la edición en pantalla",
    "reconciliation": "reconciliación con lo publicado",
}
CODE_TABLES = {
    "core_region": "regiones",
    "core_comuna": "comunas",
    "core_country": "países",
    "core_port": "puertos",
    "core_customs_office": "aduanas",
    "core_operation": "operaciones",
    "core_transport": "vías de transporte",
    "core_unit": "unidades de medida",
    "core_hs": "códigos arancelarios",
}


def sources(found: tuple[Held, ...]) -> None:
    """Show what is loaded of each source and how fresh it is."""
    rows = [
        [
            plain(t(one.label)),
            _span(one),
            number(one.complete) if one.complete or one.partial else "–",
            plain(", ".join(map(month_name, one.partial))) or "–",
            number(one.n_files),
            f"{number(one.rows_kept)} / {number(one.rows_read)}",
            numeric_day(one.retrieved_on) if one.retrieved_on else "–",
        ]
        for one in found
    ]
    names = ("Fuente", "Meses", "Completos", "Incompletos", "Archivos", "Filas usadas / leídas", "Obtenido")
    tables.show(t("Fuentes cargadas"), tuple(map(t, names)), rows, alt=t("Fuentes, meses y filas de la edición"))
    for one in found:
        if one.missing:
            months = ", ".join(map(month_name, one.missing))
            st.warning(
                t(
                    "{source}: falta {months}, con meses antes y después. No es un mes sin exportaciones.",
                    source=plain(t(one.label)),
                    months=months,
                )
            )


def _span(one: Held) -> str:
    if one.first_month is None or one.last_month is None:
        return "–"
    return f"{month_name(one.first_month)} – {month_name(one.last_month)}"


def quality(found: Quality) -> None:
    """Show what was mended, left out or not known, and what the gates said."""
    rows = [[plain(t(REPAIRS.get(kind, kind))), number(n)] for kind, n in found.repairs.items()]
    rows.append([t("filas rechazadas"), number(found.n_rejected)])
    tables.show(t("Lo que se reparó o se dejó fuera"), (t("Qué"), t("Cuántas")), rows, alt=t("Reparaciones y rechazos"))
    if found.unknown:
        listed = found.unknown[:MOST_ROWS]
        rows = [
            [plain(t(CODE_TABLES.get(one["code_table"], one["code_table"]))), plain(one["code"]), usd(one["fob_usd"])]
            for one in listed
        ]
        columns = (t("Tabla"), t("Código"), t("Valor"))
        tables.show(t("Códigos que ninguna tabla conoce (su valor se conserva)"), columns, rows, alt=t("Códigos"))
    _gates(found)


def _gates(found: Quality) -> None:
    """Show what each gate said: how often it held, and every other case with its detail."""
    if not found.gates:
        st.caption(t("Esta edición no pasó por controles: la armó una versión anterior."))
        return
    count = Counter(one["gate"] for one in found.gates if one["status"] == PASSED)
    rows = [
        [plain(_gate(gate)), t(PASSED), t("1 vez") if n == 1 else t("{n} veces", n=number(n))]
        for gate, n in count.items()
    ]
    rows += [
        [
            plain(_gate(one["gate"])),
            t(one["status"]),
            plain(" ".join(filter(None, (t(one["detail"]), one["accepted_reason"])))),
        ]
        for one in found.gates
        if one["status"] != PASSED
    ][:MOST_ROWS]
    columns = (t("Control"), t("Resultado"), t("Detalle"))
    tables.show(t("Controles antes de publicar"), columns, rows, alt=t("Controles antes de publicar"))


def _gate(gate: str) -> str:
    return t(GATES.get(gate, gate))


def changes(found: tuple[MonthChange, ...]) -> None:
    """Show which months are new or revised against the edition before."""
    rows = [
        [
            plain(t(SOURCES.get(one.source_id, one.source_id))),
            month_name(one.month),
            usd(one.before_usd),
            usd(one.after_usd),
        ]
        for one in found[:MOST_ROWS]
    ]
    if not rows:
        st.caption(t("Ningún mes cambió respecto de la edición anterior."))
        return
    columns = (t("Fuente"), t("Mes"), t("Antes"), t("Ahora"))
    tables.show(t("Meses nuevos o revisados en esta edición"), columns, rows, alt=t("Meses nuevos o revisados"))
    _say_cut(len(found))


def triangle(found: Triangle) -> None:
    """Show what each edition said of each month, the first and the latest value, and the change."""
    if not found.months:
        st.caption(t("No hay meses de esta región en la fuente."))
        return
    first = max(0, len(found.vintages) - MOST_VINTAGES)
    vintages = found.vintages[first:]
    names = [f"{numeric_day(one.built_on)} ({one.number})" for one in vintages]
    rows = [
        [
            short_month(one.month),
            *(usd(held.value) if held.value is not None else "–" for held in one.held[first:]),
            usd(one.first_usd),
            usd(one.latest_usd),
            usd(one.change.absolute, sign=True) if one.is_revised else t("sin cambio"),
        ]
        for one in reversed(found.months[-MOST_ROWS:])
    ]
    columns = (t("Mes"), *names, t("Primera"), t("Última"), t("Revisión"))
    tables.show(t("Triángulo de revisiones"), columns, rows, alt=t("Valor de cada mes según cada edición"))
    _say_cut(len(found.months))


def _say_cut(n_rows: int) -> None:
    if n_rows > MOST_ROWS:
        st.caption(t("Se muestran {n} de {all}; los más nuevos primero.", n=MOST_ROWS, all=number(n_rows)))


def reconciliation(found: tuple[Comparison, ...]) -> None:
    """Show our totals beside the published ones: what is beyond its tolerance first."""
    counts = {status: sum(one.status == status for one in found) for status in STATUSES}
    told = ", ".join(f"{number(count)} {t(status)}" for status, count in counts.items())
    st.markdown(t("{n} comparaciones: {told}.", n=number(len(found)), told=told))
    ordered = sorted(found, key=lambda one: (one.status != OUTSIDE, -abs(one.residual or 0)))
    rows = [
        [
            plain(f"{one.region_label}, {one.scope_label}, {one.period_label}"),
            usd(one.published_usd),
            usd(one.edition_usd),
            percent(one.residual, sign=True) if one.residual is not None else t(MISSING),
            percent(one.tolerance) if one.tolerance is not None else "–",
            t(one.status),
            plain(one.explanation),
            link(one.publisher, (one.source_url or "").split(" ")[0]),
        ]
        for one in ordered[:MOST_ROWS]
    ]
    names = ("Cifra", "Publicado", "Edición", "Diferencia", "Tolerancia", "Estado", "Explicación", "Publicado por")
    tables.show(t("Conciliación con lo publicado"), tuple(map(t, names)), rows, alt=t("Conciliación con lo publicado"))
    if len(found) > MOST_ROWS:
        st.caption(t("Se muestran {n}; todas están en la descarga.", n=number(MOST_ROWS)))


def definitions() -> None:
    """Show what every metric means, those that a word is in."""
    word = plain_letters(st.text_input(t("Buscar una definición"), key="definition", max_chars=60))
    for one in METRICS.values():
        said = f"{t(one.label)} {t(one.definition)} {one.id}"
        if word in plain_letters(said):
            with st.expander(f"{plain(t(one.label))} · `{one.id}`"):
                st.markdown(plain(t(one.definition)))
                st.code(one.formula, language=None, wrap_lines=True)
                st.caption(plain(t(one.caveat)))


def dictionary(found: tuple[TableHelp, ...]) -> None:
    """Show the tables of the edition and what each column means."""
    for one in found:
        with st.expander(f"`{one.name}` · {plain(one.description)}"):
            st.caption(plain(one.grain))
            st.table({t("Columna"): list(one.columns), t("Qué es"): [plain(text) for text in one.columns.values()]})


def editions(found: Mapping[str, str]) -> None:
    """Show the editions on disk, each with a link that stays with it."""
    rows = [[f"[{plain(id_)}]({address.inside(edition=id_)})", plain(t(label))] for id_, label in found.items() if id_]
    tables.show(t("Ediciones"), (t("Enlace fijo"), t("Qué es")), rows, alt=t("Ediciones en disco"))


def downloads(csv_text: str, edition_id: str) -> None:
    """Offer the templates, the reconciliation, and how to take the whole edition away."""
    files = {
        t("Plantilla del registro de exportadores"): ("registro.csv", (TEMPLATES / "registro.csv").read_bytes()),
        t("Columnas del registro"): ("registro_columnas.csv", (TEMPLATES / "registro_columnas.csv").read_bytes()),
        t("Plantilla de encuentros"): ("encuentros.csv", (TEMPLATES / "encuentros.csv").read_bytes()),
        t("Columnas de encuentros"): ("encuentros_columnas.csv", (TEMPLATES / "encuentros_columnas.csv").read_bytes()),
        t("Conciliación (CSV)"): (f"pulso_conciliacion_{edition_id}.csv", csv_text.encode()),
    }
    for label, (name, content) in files.items():
        st.download_button(
            label, content, file_name=name, mime="text/csv", icon=":material/download:", on_click="ignore", key=name
        )
    st.markdown(t("La edición entera (Parquet, CSV, diccionario y recibos) en un ZIP:"))
    st.code("pulso release --out pulso.zip", language=None)
