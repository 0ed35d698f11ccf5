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
from ui.text import link, plain
from words.formats import MISSING, month_name, number, numeric_day, percent, short_month, usd
from words.language import t
from words.letters import plain_letters

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


def sources(sources_held: tuple[Held, ...]) -> None:
    """Show what is loaded of each source and how fresh it is."""
    rows = [
        [
            plain(t(source.label)),
            _span(source),
            number(source.complete) if source.complete or source.partial else "–",
            plain(", ".join(map(month_name, source.partial))) or "–",
            number(source.n_files),
            f"{number(source.rows_kept)} / {number(source.rows_read)}",
            numeric_day(source.retrieved_on) if source.retrieved_on else "–",
        ]
        for source in sources_held
    ]
    names = ("Fuente", "Meses", "Completos", "Incompletos", "Archivos", "Filas usadas / leídas", "Obtenido")
    tables.show(t("Fuentes cargadas"), tuple(map(t, names)), rows, alt=t("Fuentes, meses y filas de la edición"))
    for source in sources_held:
        if source.missing:
            months = ", ".join(map(month_name, source.missing))
            st.warning(
                t(
                    "{source}: falta {months}, con meses antes y después. No es un mes sin exportaciones.",
                    source=plain(t(source.label)),
                    months=months,
                )
            )


def _span(source: Held) -> str:
    if source.first_month is None or source.last_month is None:
        return "–"
    return f"{month_name(source.first_month)} – {month_name(source.last_month)}"


def quality(quality_report: Quality) -> None:
    """Show what was mended, left out or not known, and what the gates said."""
    rows = [[plain(t(REPAIRS.get(kind, kind))), number(n)] for kind, n in quality_report.repairs.items()]
    rows.append([t("filas rechazadas"), number(quality_report.n_rejected)])
    tables.show(t("Lo que se reparó o se dejó fuera"), (t("Qué"), t("Cuántas")), rows, alt=t("Reparaciones y rechazos"))
    if quality_report.unknown:
        codes = quality_report.unknown[:MOST_ROWS]
        rows = [
            [
                plain(t(CODE_TABLES.get(code["code_table"], code["code_table"]))),
                plain(code["code"]),
                usd(code["fob_usd"]),
            ]
            for code in codes
        ]
        columns = (t("Tabla"), t("Código"), t("Valor"))
        tables.show(t("Códigos que ninguna tabla conoce (su valor se conserva)"), columns, rows, alt=t("Códigos"))
    _gates(quality_report)


def _gates(quality_report: Quality) -> None:
    """Show what each gate said: how often it held, and every other case with its detail."""
    if not quality_report.gates:
        st.caption(t("Esta edición no pasó por controles: la armó una versión anterior."))
        return
    count = Counter(row["gate"] for row in quality_report.gates if row["status"] == PASSED)
    rows = [
        [plain(_gate(gate)), t(PASSED), t("1 vez") if n == 1 else t("{n} veces", n=number(n))]
        for gate, n in count.items()
    ]
    rows += [
        [
            plain(_gate(row["gate"])),
            t(row["status"]),
            plain(" ".join(filter(None, (t(row["detail"]), row["accepted_reason"])))),
        ]
        for row in quality_report.gates
        if row["status"] != PASSED
    ][:MOST_ROWS]
    columns = (t("Control"), t("Resultado"), t("Detalle"))
    tables.show(t("Controles antes de publicar"), columns, rows, alt=t("Controles antes de publicar"))


def _gate(gate: str) -> str:
    return t(GATES.get(gate, gate))


def changes(month_changes: tuple[MonthChange, ...]) -> None:
    """Show which months are new or revised against the edition before."""
    rows = [
        [
            plain(t(SOURCES.get(change.source_id, change.source_id))),
            month_name(change.month),
            usd(change.before_usd),
            usd(change.after_usd),
        ]
        for change in month_changes[:MOST_ROWS]
    ]
    if not rows:
        st.caption(t("Ningún mes cambió respecto de la edición anterior."))
        return
    columns = (t("Fuente"), t("Mes"), t("Antes"), t("Ahora"))
    tables.show(t("Meses nuevos o revisados en esta edición"), columns, rows, alt=t("Meses nuevos o revisados"))
    _say_cut(len(month_changes))


def triangle(revisions: Triangle) -> None:
    """Show what each edition said of each month, the first and the latest value, and the change."""
    if not revisions.months:
        st.caption(t("No hay meses de esta región en la fuente."))
        return
    first = max(0, len(revisions.vintages) - MOST_VINTAGES)
    vintages = revisions.vintages[first:]
    names = [f"{numeric_day(one.built_on)} ({one.number})" for one in vintages]
    rows = [
        [
            short_month(one.month),
            *(usd(value.value) if value.value is not None else "–" for value in one.held[first:]),
            usd(one.first_usd),
            usd(one.latest_usd),
            usd(one.change.absolute, sign=True) if one.is_revised else t("sin cambio"),
        ]
        for one in reversed(revisions.months[-MOST_ROWS:])
    ]
    columns = (t("Mes"), *names, t("Primera"), t("Última"), t("Revisión"))
    tables.show(t("Triángulo de revisiones"), columns, rows, alt=t("Valor de cada mes según cada edición"))
    _say_cut(len(revisions.months))


def _say_cut(n_rows: int) -> None:
    if n_rows > MOST_ROWS:
        st.caption(t("Se muestran {n} de {all}; los más nuevos primero.", n=MOST_ROWS, all=number(n_rows)))


def reconciliation(comparisons: tuple[Comparison, ...]) -> None:
    """Show our totals beside the published ones: what is beyond its tolerance first."""
    counts = {status: sum(comparison.status == status for comparison in comparisons) for status in STATUSES}
    summary = ", ".join(f"{number(count)} {t(status)}" for status, count in counts.items())
    st.markdown(t("{n} comparaciones: {told}.", n=number(len(comparisons)), told=summary))
    by_distance = sorted(
        comparisons, key=lambda comparison: (comparison.status != OUTSIDE, -abs(comparison.residual or 0))
    )
    rows = [
        [
            plain(f"{comparison.region_label}, {comparison.scope_label}, {comparison.period_label}"),
            usd(comparison.published_usd),
            usd(comparison.edition_usd),
            percent(comparison.residual, sign=True) if comparison.residual is not None else t(MISSING),
            percent(comparison.tolerance) if comparison.tolerance is not None else "–",
            t(comparison.status),
            plain(comparison.explanation),
            link(comparison.publisher, (comparison.source_url or "").split(" ")[0]),
        ]
        for comparison in by_distance[:MOST_ROWS]
    ]
    names = ("Cifra", "Publicado", "Edición", "Diferencia", "Tolerancia", "Estado", "Explicación", "Publicado por")
    tables.show(t("Conciliación con lo publicado"), tuple(map(t, names)), rows, alt=t("Conciliación con lo publicado"))
    if len(comparisons) > MOST_ROWS:
        st.caption(t("Se muestran {n}; todas están en la descarga.", n=number(MOST_ROWS)))


def definitions() -> None:
    """Show what every metric means, those that a word is in."""
    word = plain_letters(st.text_input(t("Buscar una definición"), key="definition", max_chars=60))
    for metric in METRICS.values():
        text = f"{t(metric.label)} {t(metric.definition)} {metric.id}"
        if word in plain_letters(text):
            with st.expander(f"{plain(t(metric.label))} · `{metric.id}`"):
                st.markdown(plain(t(metric.definition)))
                st.code(metric.formula, language=None, wrap_lines=True)
                st.caption(plain(t(metric.caveat)))


def dictionary(tables: tuple[TableHelp, ...]) -> None:
    """Show the tables of the edition and what each column means."""
    for table in tables:
        with st.expander(f"`{table.name}` · {plain(table.description)}"):
            st.caption(plain(table.grain))
            st.table({t("Columna"): list(table.columns), t("Qué es"): [plain(text) for text in table.columns.values()]})


def editions(labels: Mapping[str, str]) -> None:
    """Show the editions on disk, each with a link that stays with it."""
    rows = [[f"[{plain(id_)}]({address.inside(edition=id_)})", plain(t(label))] for id_, label in labels.items() if id_]
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
