"""All companies by the SII's count, and what small ones weigh among them: the definition that pages and claims read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from editions.edition import Edition
from indicators.engine import growth, result
from indicators.engine.context import blank_answer
from indicators.engine.growth import Guard
from indicators.engine.names import key_labels
from indicators.engine.plan import Plan
from indicators.engine.result import Answer, Row, Statement, at_least
from indicators.published import Period, PublishedFact
from indicators.question.calendar import WINDOW_NAMES, Window
from indicators.question.dimensions import YEAR
from indicators.question.question import Question
from indicators.question.scope import COMPANIES, COMPANY_SIZES, NATION, REGIONS, SIZE_LABELS, SIZES
from words.language import t

TABLE = "core_sii_company"
MONTHS_OF_YEAR = 12
CELLS_HIDDEN = {"sales_uf": "n_masked"}  # of the other columns, a cell that is hidden is empty
WHOLES = {  # those of unknown size included
    "n_firms": "de todas las empresas",
    "workers": "de todos los trabajadores informados",
    "sales_uf": "de todas las ventas que el SII muestra",
}
KEYS = {None: "NULL", "region": "region_code", "size": "size_class", "year": "year::VARCHAR"}
COUNTED = """SELECT year, {key} AS key,
    sum({column}) FILTER (list_contains($classes, size_class))::DOUBLE AS part,
    sum({column})::DOUBLE AS whole,
    sum({column}) FILTER (size_class <> 'sin_informacion')::DOUBLE AS of_known_size,
    coalesce(sum({hidden}) FILTER (list_contains($classes, size_class)), 0)::BIGINT AS n_hidden,
    coalesce(sum({hidden}), 0)::BIGINT AS n_hidden_of_whole,
    any_value(source) AS source
FROM core_sii_company
WHERE place_level = 'region' AND list_contains($regions, region_code) AND size_class <> 'todas'
GROUP BY ALL
ORDER BY year, key"""


@dataclass(frozen=True)
class Count:
    """What is counted of some companies in a year, and of all of them; cells that the SII hides are in neither."""

    year: int
    key: str | None
    part: float | None
    whole: float | None
    of_known_size: float | None
    n_hidden: int
    n_hidden_of_whole: int
    source: str

    @property
    def weight(self) -> float | None:
        """The part that they are of all companies, those of unknown size included."""
        return growth.share(self.part, self.whole)

    @property
    def url(self) -> str:
        """Where the SII publishes it."""
        return self.source[self.source.find("http") :]


def counts(
    edition: Edition, column: str, *, region: str, classes: Sequence[str], split: str | None = None
) -> tuple[Count, ...]:
    """Return what is counted of the companies of some size classes, oldest year first."""
    if TABLE not in edition.columns:
        return ()
    sql = _statement(column, region, classes, split)
    return tuple(Count(**row) for row in edition.rows(sql.sql, sql.params))


def _statement(column: str, region: str, classes: Sequence[str], split: str | None) -> Statement:
    hidden = CELLS_HIDDEN.get(column, f"({column} IS NULL)::INTEGER")
    regions = list(REGIONS) if region == NATION else region.split(",")
    sql = COUNTED.format(column=column, hidden=hidden, key=KEYS[split])
    return Statement(sql, {"classes": list(classes), "regions": regions})


def count(edition: Edition, question: Question) -> Answer:
    """Return the answer of a metric of all companies."""
    column, region, split = question.spec.column, question.region, question.split
    classes = SIZES.get(question.size or "", COMPANY_SIZES)
    by_year = {one.year: one for one in counts(edition, column, region=region, classes=classes)}
    window, base = _windows(question, by_year)
    answer = _blank(edition, question, window, base)
    if window is None:
        return answer
    if split is not None:
        parts = counts(edition, column, region=region, classes=classes, split=split)
        answer = replace(answer, rows=_rows(edition, question, parts, by_year, window=window, base=base))
    answer = replace(
        answer, statements=tuple(_statement(column, region, classes, one) for one in dict.fromkeys((None, split)))
    )
    if len(window) > MONTHS_OF_YEAR:  # companies of two years are not added
        return replace(answer, reasons=(result.ONLY_ROWS,))
    now, before = by_year[window.first.year], by_year.get(base.first.year) if base else None
    return _with_total(answer, _row(question, now, before, whole=now.whole), before)


def _windows(question: Question, by_year: Mapping[int, Count]) -> tuple[Window | None, Window | None]:
    """Return the years asked for and those they are compared with, where the SII has them."""
    if not by_year:
        return None, None
    asked = question.asked_window
    window = Window.parse(str(max(by_year)) if asked in WINDOW_NAMES else asked)
    held = [year for year in range(window.first.year, window.last.year + 1) if year in by_year]
    if not held:
        return None, None
    base = None if question.split == YEAR else question.base_of(window)  # each year has the one before it
    return window, base if base is not None and base.first.year in by_year else None


def _blank(edition: Edition, question: Question, window: Window | None, base: Window | None) -> Answer:
    missing = () if window is not None else (result.NO_COMPANIES,)
    if window is not None and question.needs_base and base is None and question.split != YEAR:
        missing = (result.NO_COMPANIES_BEFORE,)
    answer = blank_answer(edition, question, Plan(COMPANIES, window, base, reasons=missing), None)
    return replace(
        answer,
        scope_label=t(SIZE_LABELS[question.size]) if question.size else t("empresas de todo tamaño"),
        share_of=t(WHOLES[question.spec.column]) if _weighs(question) else None,
    )


def _weighs(question: Question) -> bool:
    return question.size is not None or question.split == "size"


def _with_total(answer: Answer, total: Row, before: Count | None) -> Answer:
    is_sized = answer.question.size is not None
    flags = tuple(reason for reason in total.reasons if reason.code == result.AT_LEAST)
    return replace(
        answer,
        value=total.value,
        base=total.base,
        change=total.change,
        growth=total.growth,
        share=total.share if is_sized else None,
        share_base=before.weight if is_sized and before else None,
        flags=flags,
        reasons=(*answer.reasons, *(reason for reason in total.reasons if reason not in flags)),
    )


def _rows(
    edition: Edition,
    question: Question,
    parts: Sequence[Count],
    by_year: Mapping[int, Count],
    *,
    window: Window,
    base: Window | None,
) -> tuple[Row, ...]:
    """Return a row for each region, size class or year of the window; a weight by size is of all sizes."""
    split, cells = question.split, {(one.year, one.key): one for one in parts}
    labels = key_labels(edition, split) if split in ("region", "size") else {}
    years = range(window.first.year, window.last.year + 1)
    wanted = SIZES.get(question.size or "", COMPANY_SIZES) if split == "size" else None
    rows = []
    for now in (one for one in parts if one.year in years and (wanted is None or one.key in wanted)):
        key = now.key or ""
        if split == YEAR:
            before = cells.get((now.year - 1, str(now.year - 1))) if question.needs_base else None
        else:
            before = cells.get((base.first.year, now.key)) if base else None
        whole = by_year[now.year].whole if split == "size" else now.whole
        rows.append(replace(_row(question, now, before, whole=whole), key=key, label=labels.get(key, key)))
    if split == "region":
        return tuple(sorted(rows, key=lambda row: (row.value is None, -(row.value or 0), row.key)))
    return tuple(sorted(rows, key=lambda row: COMPANY_SIZES.index(row.key) if split == "size" else int(row.key)))


def _row(question: Question, now: Count, before: Count | None, *, whole: float | None) -> Row:
    value, base = _number(question, now.part), _number(question, before.part if before else None)
    moved = growth.change(value, base, question.spec.unit, guard=Guard())
    told = [moved.reason] if moved.reason else []
    if now.n_hidden or (before is not None and before.n_hidden):
        moved, told = growth.Change(None, None), []  # what is hidden in a year may be shown in the other
    if now.part is None:
        told.append(result.MASKED if now.n_hidden else result.NO_SALES)
    elif now.n_hidden:
        told.append(result.at_least(now.n_hidden))
    weight = growth.share(now.part, whole) if _weighs(question) else None
    return Row("", "", value, base, moved.absolute, moved.growth, weight, None, tuple(told))


def _number(question: Question, value: float | None) -> float | int | None:
    """Companies and workers are whole numbers."""
    return value if value is None or question.spec.unit == "uf" else int(value)


# -- The weight of small firms among all firms, their workers and their sales (SII), year by year, as
# published facts.

SII = "SII"
MEASURES = {"n_firms": "empresas", "workers": "trabajadores", "sales_uf": "ventas"}  # column → what it weighs


@dataclass(frozen=True)
class PerThousand:
    """How many of a thousand firms export: a count of one source over a count of another, both of the same year."""

    year: int
    exporters: int
    firms: int
    answer: Answer

    @property
    def rate(self) -> float:
        """Exporters of each thousand firms."""
        return 1000 * self.exporters / self.firms


def weights(edition: Edition, region: str, rule: str) -> dict[str, tuple[PublishedFact, ...]]:
    """Return, for firms, workers and sales, the part (a fraction) that a size rule's firms make, oldest year first.

    With sales that SII hides (`*`) in any class, the fact says so: what is shown of them is «at least».
    """
    found = {name: counts(edition, column, region=region, classes=SIZES[rule]) for column, name in MEASURES.items()}
    if not any(found.values()):
        return {}
    return {
        name: tuple(_fact(one, column, region=region, rule=rule) for one in found[name] if one.weight is not None)
        for column, name in MEASURES.items()
    }


def _fact(one: Count, column: str, *, region: str, rule: str) -> PublishedFact:
    return PublishedFact(
        figure_ids=(),
        metric=f"sii_share_{column}",
        scope=t("todas las empresas que cuenta el SII"),
        region=region,
        subject_kind="size",
        subject=f"{rule}: {t(MEASURES[column])}",
        basis=None,
        period=Period(date(one.year, 1, 1), date(one.year, 12, 31)),
        value=one.weight or 0.0,
        unit="fraction",
        decimals=1,
        comparison="",
        publisher=SII,
        published_on=None,
        source_urls=(one.url,),
        is_derived=True,
        derivation=t("suma de las clases ÷ suma de todas, {year}", year=one.year),
        note=at_least(one.n_hidden_of_whole).text if one.n_hidden_of_whole else None,
    )


def per_thousand(
    edition: Edition, region: str, rule: str, *, ask: Callable[[Question], Answer]
) -> tuple[PerThousand, ...]:
    """Return the exporters of each thousand firms of a size rule, for the years that both sources have whole."""
    found = []
    for one in counts(edition, "n_firms", region=region, classes=SIZES[rule]):
        asked = Question("exporters", region=region, window=str(one.year), compare="none", flow="all", size=rule)
        answer = ask(asked)
        if answer.value is not None and answer.is_complete and one.part:
            found.append(PerThousand(one.year, int(answer.value), int(one.part), answer))
    return tuple(found)
