"""The charts of the small firms that export."""

from collections.abc import Mapping, Sequence

from indicators.engine.result import Answer, Row
from indicators.narrative import pymes
from indicators.published import PublishedFact
from ui.charts.chart import Bar, Bars, Chart, Line, Lines, Waterfall, computed, printed
from words.formats import percent, quantity
from words.language import t

PERCENT = 0.01


def three_ways(answer: Answer) -> Chart | None:
    """Draw the growth of the count, of the value and of the same firms, always together."""
    rows = tuple(
        Bar(row.label, row.growth, pymes.grew(row), f"{row.label}: {pymes.grew(row)}")
        for row in answer.rows
        if row.growth is not None
    )
    if not rows:
        return None
    caption = computed(answer, pymes.three_ways_title(answer), _compared(answer))
    return Chart("tres-maneras", caption, t("Crecimiento de tres maneras"), Bars(rows), (answer,), unit="fraction")


def bridge(answer: Answer) -> Chart | None:
    """Draw from where the change of the value of small firms comes; not when a part of it is in reserve."""
    if answer.value is None or answer.base is None or any(row.change is None for row in answer.rows) or not answer.rows:
        return None
    start = _end(answer.base_label or t("Antes"), answer.base)
    steps = tuple(_step(row) for row in answer.rows)
    shape = Waterfall(start, steps, _end(answer.window_label, answer.value))
    caption = computed(answer, pymes.bridge_title(answer), _compared(answer))
    return Chart("puente", caption, t("De dónde viene el cambio, paso a paso"), shape, (answer,))


def _end(label: str, value: float) -> Bar:
    text = quantity(value, "usd")
    return Bar(label, float(value), text, f"{label}: {text}")


def _step(row: Row) -> Bar:
    text = quantity(row.change, "usd", sign=True)
    return Bar(row.label, float(row.change or 0), text, f"{row.label}: {text} ({pymes.contribution(row)})")


def by_part(answer: Answer, *, name: str, title: str) -> Chart | None:
    """Draw a figure of the parts of a split."""
    rows = tuple(
        Bar(
            row.label,
            float(row.value),
            quantity(row.value, answer.unit),
            f"{row.label}: {quantity(row.value, answer.unit)}",
        )
        for row in answer.rows
        if row.value is not None
    )
    if not rows:
        return None
    measure = t("{label}, {scope}, {window}", label=answer.label, scope=answer.scope_label, window=answer.window_label)
    return Chart(name, computed(answer, title, measure), measure, Bars(rows), (answer,))


def by_sector(answer: Answer) -> Chart | None:
    """Draw how many small firms of each sector export."""
    if not any(row.value for row in answer.rows):
        return None
    return by_part(answer, name="por-sector", title=pymes.sector_title(answer))


def turnover(entries: Sequence[Answer], exits: Sequence[Answer]) -> Chart | None:
    """Draw the rates of entry and exit, period by period."""
    if not any(entry.value is not None for entry in (*entries, *exits)):
        return None
    labels = tuple(entry.window_label for entry in entries)
    lines = tuple(_rate(name, runs) for name, runs in ((t("Entrada"), entries), (t("Salida"), exits)))
    measure = t("Parte de las empresas, en porcentaje; {scope}", scope=entries[-1].scope_label)
    caption = computed(entries[-1], pymes.turnover_title(entries, exits), measure)
    return Chart(
        "entrada-salida", caption, t("Tasas de entrada y salida"), Lines(lines, labels, PERCENT), (*entries, *exits)
    )


def _rate(name: str, runs: Sequence[Answer]) -> Line:
    values = tuple(None if answer.value is None else answer.value * 100 for answer in runs)
    return Line(name, values, tuple(f"{name}: {percent(answer.value)}" for answer in runs))


def survival(answer: Answer) -> Chart | None:
    """Draw one line per generation: all of it the year it enters, then the part that still exports after each year."""
    rows = [row for row in answer.rows if row.value is not None]
    if not rows:
        return None
    cohorts = dict.fromkeys(row.key.partition("+")[0] for row in rows)
    years = [0, *sorted({int(row.key.partition("+")[2]) for row in rows})]
    values_by_key = {f"{cohort}+0": 1.0 for cohort in cohorts} | {row.key: row.value for row in rows}
    lines = []
    for cohort in cohorts:
        values = tuple(values_by_key.get(f"{cohort}+{k}") for k in years)
        percents = tuple(None if value is None else value * 100 for value in values)
        lines.append(Line(cohort, percents, tuple(f"{cohort}: {percent(value)}" for value in values)))
    labels = (t("Entran"), *(t("{k} años", k=k) if k > 1 else t("1 año") for k in years[1:]))
    measure = t("Parte de las que entraron cada año que exporta k años después, en porcentaje")
    caption = computed(answer, pymes.survival_title(answer), measure)
    return Chart("supervivencia", caption, measure, Lines(tuple(lines), labels, PERCENT), (answer,))


def weights(facts_by_name: Mapping[str, Sequence[PublishedFact]], place: str) -> Chart | None:
    """Draw the weight of small firms in firms, workers and sales, year by year."""
    runs = {name: facts for name, facts in facts_by_name.items() if facts}
    if not runs:
        return None
    years = sorted({fact.period.end.year for facts in runs.values() for fact in facts})
    lines = []
    for name, facts in runs.items():
        by_year = {fact.period.end.year: fact for fact in facts}
        values = tuple(by_year[year].value * 100 if year in by_year else None for year in years)
        texts = tuple(f"{t(name)} {year}: {by_year[year].value_text if year in by_year else ''}" for year in years)
        lines.append(Line(t(name), values, texts))
    all_facts = tuple(fact for facts in runs.values() for fact in facts)
    title = pymes.weights_title([facts[-1] for facts in runs.values()], place)
    caption = printed(
        all_facts, title, t("Parte de todas las empresas de {place}, en porcentaje", place=place), place=place
    )
    return Chart("peso", caption, title, Lines(tuple(lines), tuple(map(str, years)), PERCENT), all_facts)


def _compared(answer: Answer) -> str:
    return t(
        "{label}, {scope}, {window} frente a {base}",
        label=answer.label,
        scope=answer.scope_label,
        window=answer.window_label,
        base=answer.base_label,
    )
