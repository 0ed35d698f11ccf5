"""The method in words: every metric with its definition, formula, caveat and an example worked by hand."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import isnan
from pathlib import Path
from typing import Any

from indicators.engine import growth
from indicators.metrics import METRICS
from indicators.metrics.metric import Metric
from indicators.question.question import Question
from indicators.question.scope import CONCEPTS, DENOMINATORS, PUBLISHED, SIZE_LABELS, SOURCES
from words.formats import MISSING, number, percent
from words.language import t

EXAMPLES = Path(__file__).parent / "examples.toml"
UNIT_NAMES = {
    "usd": "US$ FOB corrientes",
    "fraction": "fracción (se muestra en %)",
    "pp": "puntos porcentuales",
    "ratio": "razón",
    "index": "índice de 0 a 1",
    "number": "número",
    "firms": "empresas",
    "workers": "trabajadores",
    "uf": "UF (unidades de fomento)",
    "products": "productos",
    "countries": "países",
}


@dataclass(frozen=True)
class Example:
    """A handful of records, a question, and its answer computed by hand."""

    question: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    by_hand: str
    value: float | None
    base: float | None
    growth: float | None
    share: float | None
    parts: Mapping[str, float | None]
    table: str
    missing: tuple[str, ...]  # months between the first and the last that were never loaded

    @property
    def records(self) -> list[dict[str, Any]]:
        """The records as dictionaries."""
        values = ([None if value == MISSING else value for value in row] for row in self.rows)
        return [dict(zip(self.columns, row, strict=True)) for row in values]

    @property
    def source(self) -> str:
        """The source that the records belong to."""
        return "registro" if self.table == "register" else "aduanas_dus"

    @cached_property
    def months(self) -> str:
        """The months that are complete: from the first to the last of the records."""
        months = sorted(record["month"] for record in self.records)
        return f"{months[0]}..{months[-1]}"


def examples() -> tuple[Example, ...]:
    """Return the worked examples, in the order of the registry."""
    written = tomllib.loads(EXAMPLES.read_text(encoding="utf-8"))["example"]
    return tuple(
        Example(
            question=one["question"],
            columns=tuple(one["columns"]),
            rows=tuple(map(tuple, one["rows"])),
            by_hand=one["by_hand"],
            value=one.get("value"),
            base=one.get("base"),
            growth=one.get("growth"),
            share=one.get("share"),
            parts={key: None if isnan(value) else value for key, value in one.get("parts", {}).items()},
            table=one.get("table", "exports"),
            missing=tuple(one.get("missing", ())),
        )
        for one in written
    )


def as_markdown() -> str:
    """Return the method as a page: scopes, rules, then every metric with its worked example."""
    worked: dict[str, list[Example]] = {}
    for example in examples():
        worked.setdefault(Question.parse(example.question).metric, []).append(example)
    sections = [_introduction(), *(_metric(metric, worked.get(metric.id, [])) for metric in METRICS.values())]
    return "\n\n".join(sections) + "\n"


def _introduction() -> str:
    parts = (
        f"# {t('Método')}",
        t("Qué significa cada dato y cómo se calcula. Esta página se genera del código:\n`pulso definitions`."),
        f"## {t('Alcances')}",
        t("Denominadores de una participación:"),
        _bullets((one.id, one.label) for one in DENOMINATORS.values()),
        t("Conceptos de región, que nunca se suman:"),
        _bullets((key, t(one.definition)) for key, one in CONCEPTS.items()),
        t("Tamaños de empresa, por ventas anuales según el SII, con la clase que la empresa tiene en cada período:"),
        _bullets((key, t(label)) for key, label in SIZE_LABELS.items()),
        t("Fuentes:"),
        _bullets((key, t(label)) for key, label in SOURCES.items()),
        f"## {t('Reglas')}",
        _rules(),
    )
    return "\n\n".join(parts)


def _rules() -> str:
    rules = (
        t("**Sin base no hay variación**: nunca 0 % ni infinito. Si falta un dato, se dice por qué."),
        t(
            "**Base baja**: hay porcentaje solo si la base vale al menos US$ {floor} y {of_region} de lo exportado por "
            "la región en la ventana, tiene {firms} empresas o más (donde se conocen) y la variación no supera {most}. "
            "Si no, se muestra el cambio absoluto.",
            floor=number(growth.FLOOR_USD),
            of_region=percent(growth.FLOOR_OF_REGION),
            firms=growth.MIN_EXPORTERS,
            most=percent(growth.MAX_GROWTH, 0),
        ),
        t(
            "**Meses completos**: las ventanas terminan en el último mes completo en ambos años; un mes incompleto "
            "se marca."
        ),
        t(
            "**Reserva**: en una edición pública hay datos de empresas solo en los cortes que se publican, por "
            "semestres y años, y ninguno que muestre a una: se reservan los de menos de {few} empresas, donde la "
            "segunda podría calcular a la mayor con un error menor que {p}, y los que permitirían deducirlos. En las "
            "demás ediciones nada se reserva. El valor FOB de Aduanas no es un dato de empresas: se publica ítem por "
            "ítem.",
            few=3,
            p=percent(0.1, 0),
        ),
    )
    return "\n".join(f"- {rule}" for rule in rules)


def _bullets(pairs: Iterable[tuple[str, str]]) -> str:
    return "\n".join(f"- `{key}`: {text}" for key, text in pairs)


def _metric(metric: Metric, worked: Sequence[Example]) -> str:
    adds = t("se suma") if metric.additive else t("no se suma")
    sources = ", ".join(one for one in metric.sources if one != PUBLISHED)
    points = [
        t("Fórmula: {formula}", formula=t(metric.formula)),
        t("Unidad: {unit}; {adds}", unit=t(UNIT_NAMES[metric.unit]), adds=adds),
        t("Cuidado: {caveat}", caveat=metric.caveat),
        t("Fuentes, en orden de preferencia: {sources}", sources=sources),
    ]
    if PUBLISHED in metric.sources:
        points.append(t("También como se publicó, solo si se pide: `source={source}`", source=PUBLISHED))
    if metric.over:
        points.append(t("Sobre qué: {names}", names=", ".join(f"`over={name}`" for name in metric.over)))
    lines = [f"## {t(metric.label)} (`{metric.id}`)", "", t(metric.definition), "", *(f"- {one}" for one in points)]
    for example in worked:
        asked = t("Ejemplo: `{question}`", question=example.question)
        lines += ["", asked, "", *_table(example), "", t(example.by_hand)]
    return "\n".join(lines)


def _table(example: Example) -> list[str]:
    head = [f"| {' | '.join(example.columns)} |", f"|{'---|' * len(example.columns)}"]
    return head + [f"| {' | '.join(map(_shown, row))} |" for row in example.rows]


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return t("sí") if value else t("no")
    return number(value) if isinstance(value, int) else str(value)


def as_text() -> str:
    """Return one line per metric."""
    return "".join(f"{metric.id:26} {t(metric.label)}. {t(metric.definition)}\n" for metric in METRICS.values())
