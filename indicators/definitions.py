"""The method in words: every metric with its definition, formula, caveat and an example worked by hand."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from indicators import growth
from indicators.disclosure import Policy
from indicators.formats import number, percent
from indicators.metrics import METRICS, Metric
from indicators.question import Question
from indicators.reserve import MAX_CUTS
from indicators.scope import CONCEPTS, DENOMINATORS, PUBLISHED, SIZE_LABELS, SOURCES

EXAMPLES = Path(__file__).parent / "examples.toml"
UNIT_NAMES = {
    "usd": "US$ FOB corrientes",
    "fraction": "fracción (se muestra en %)",
    "pp": "puntos porcentuales",
    "ratio": "razón",
    "index": "índice de 0 a 1",
    "number": "número",
    "firms": "empresas",
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
    parts: Mapping[str, float]
    table: str

    @property
    def records(self) -> list[dict[str, Any]]:
        """The records as dictionaries."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

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
            parts=one.get("parts", {}),
            table=one.get("table", "exports"),
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
    return f"""# Método

Qué significa cada dato y cómo se calcula. Esta página se genera del código:
`python -m indicators definitions`.

## Alcances

Denominadores de una participación:

{_bullets((one.id, one.label) for one in DENOMINATORS.values())}

Conceptos de región, que nunca se suman:

{_bullets((key, one.definition) for key, one in CONCEPTS.items())}

Tamaños de empresa, por ventas anuales según el SII, con la clase que la empresa tiene en cada período:

{_bullets(SIZE_LABELS.items())}

Fuentes:

{_bullets(SOURCES.items())}

## Reglas

{_rules(Policy(is_on=True))}"""


def _rules(policy: Policy) -> str:
    rules = (
        "**Sin base no hay variación**: nunca 0 % ni infinito. Si falta un dato, se dice por qué.",
        f"**Base baja**: hay porcentaje solo si la base vale al menos US$ {number(growth.FLOOR_USD)} y "
        f"{percent(growth.FLOOR_OF_REGION)} de lo exportado por la región en la ventana, tiene "
        f"{growth.MIN_EXPORTERS} empresas o más (donde se conocen) y la variación no supera "
        f"{percent(growth.MAX_GROWTH, 0)}. Si no, se muestra el cambio absoluto.",
        "**Meses completos**: las ventanas terminan en el último mes completo en ambos años; un mes incompleto "
        "se marca.",
        f"**Reserva**: en ediciones públicas no hay dato sobre empresas con menos de {policy.min_firms} de "
        f"ellas, ni donde lo que exportan todas menos las dos mayores es menos de {percent(policy.p, 0)} de lo "
        "que exporta la mayor. Se reserva también lo que permitiría deducirlo restando: otras filas del mismo "
        "desglose, y listas, tamaños, flujos o períodos con una parte reservada. Mediana y concentración piden "
        f"{policy.min_firms_of_shape} empresas; lo que combina más de {MAX_CUTS} criterios no se muestra. El valor "
        "FOB de Aduanas no es un dato sobre empresas: se publica ítem por ítem.",
    )
    return "\n".join(f"- {rule}" for rule in rules)


def _bullets(pairs: Iterable[tuple[str, str]]) -> str:
    return "\n".join(f"- `{key}`: {text}" for key, text in pairs)


def _metric(metric: Metric, worked: Sequence[Example]) -> str:
    lines = [
        f"## {metric.label} (`{metric.id}`)",
        "",
        metric.definition,
        "",
        f"- Fórmula: {metric.formula}",
        f"- Unidad: {UNIT_NAMES[metric.unit]}; {'se suma' if metric.additive else 'no se suma'}",
        f"- Cuidado: {metric.caveat}",
        f"- Fuentes, en orden de preferencia: {', '.join(one for one in metric.sources if one != PUBLISHED)}",
    ]
    if PUBLISHED in metric.sources:
        lines.append(f"- También como se publicó, solo si se pide: `source={PUBLISHED}`")
    if metric.over:
        lines.append(f"- Sobre qué: {', '.join(f'`over={name}`' for name in metric.over)}")
    for example in worked:
        lines += ["", f"Ejemplo: `{example.question}`", "", *_table(example), "", example.by_hand]
    return "\n".join(lines)


def _table(example: Example) -> list[str]:
    head = [f"| {' | '.join(example.columns)} |", f"|{'---|' * len(example.columns)}"]
    return head + [f"| {' | '.join(map(_shown, row))} |" for row in example.rows]


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "sí" if value else "no"
    return number(value) if isinstance(value, int) else str(value)


def as_text() -> str:
    """Return one line per metric."""
    return "".join(f"{metric.id:26} {metric.label}. {metric.definition}\n" for metric in METRICS.values())
