"""An answer as text, JSON, CSV, XLSX or Parquet: the same values, with what they mean and where they come from."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from indicators import files
from indicators.engine.result import MARKS, Answer, Row
from indicators.narrative.sentences import sentence
from words.formats import percent, points, quantity
from words.language import t

WEIGHED = ("usd", "uf", "firms", "workers")  # units of what parts are shares of


def as_text(answer: Answer) -> str:
    """Return the answer for a person at a terminal."""
    lines = [sentence(answer), ""]
    if answer.value is not None or not answer.rows:  # of parts without a total there is nothing to say above them
        lines.append(f"{answer.label}: {quantity(answer.value, answer.unit)}")
    lines.append(
        t(
            "Ventana: {window}; región: {region}; alcance: {scope}",
            window=answer.window_label,
            region=answer.region_label,
            scope=answer.scope_label,
        )
    )
    lines += _movement(answer)
    lines += [f"  {_row(row, row.unit or answer.unit)}" for row in answer.rows]
    lines += [t("Aviso: {notice}", notice=reason.text) for reason in (*answer.flags, *answer.reasons)]
    lines += [answer.definition, answer.source_note, t("Pregunta: {question}", question=answer.question)]
    return "\n".join(lines) + "\n"


def _movement(answer: Answer) -> Iterator[str]:
    if answer.base is not None:
        yield t("Base ({window}): {value}", window=answer.base_label, value=quantity(answer.base, answer.unit))
        yield t("Cambio: {change}", change=quantity(answer.change, answer.unit, sign=True))
    if answer.growth is not None:
        yield t("Variación: {growth}", growth=percent(answer.growth, sign=True))
    if answer.share is not None and answer.question.spec.operator is None:
        yield t("Participación: {share} {whole}", share=percent(answer.share), whole=answer.share_of)


def _row(row: Row, unit: str) -> str:
    parts = [f"{row.label} [{row.key}]: {quantity(row.value, unit)}"]
    if row.growth is not None:
        parts.append(percent(row.growth, sign=True))
    if row.share is not None and unit in WEIGHED:
        parts.append(t("{share} del total", share=percent(row.share)))
    if row.contribution is not None and unit == "usd":
        parts.append(t("aporta {points}", points=points(row.contribution)))
    parts += [t(MARKS[reason.code]) if reason.code in MARKS else reason.text for reason in row.reasons]
    return "; ".join(parts)


def as_json(answer: Answer) -> str:
    """Return the answer with every part of it, SQL included."""
    return json.dumps(_facts(answer), ensure_ascii=False, indent=2, default=str) + "\n"


def _facts(answer: Answer) -> dict[str, Any]:
    facts = {
        name: value
        for name, value in asdict(answer).items()
        if name not in ("question", "window", "base_window", "rows", "statements")
    }
    return {
        "question": str(answer.question),
        "definition": answer.definition,
        "formula": t(answer.question.spec.formula),
        "window": None if answer.window is None else str(answer.window),
        "base_window": None if answer.base_window is None else str(answer.base_window),
        **facts,
        "rows": [asdict(row) for row in answer.rows],
        "statements": [{"sql": one.sql, "params": dict(one.params)} for one in answer.statements],
    }


def as_csv(answer: Answer) -> str:
    """Return the rows (or the one value) as CSV, under comment lines that say what they are."""
    return files.as_csv(files.answers_table([answer]))


def as_xlsx(answer: Answer) -> bytes:
    """Return an Excel workbook with the rows and, in a sheet of their own, the notes."""
    return files.as_xlsx(files.answers_table([answer]))


def as_parquet(answer: Answer) -> bytes:
    """Return the rows as Parquet, with the notes in its metadata."""
    return files.as_parquet(files.answers_table([answer]))


FORMATS: Mapping[str, Callable[[Answer], str | bytes]] = {
    "text": as_text,
    "json": as_json,
    "csv": as_csv,
    "xlsx": as_xlsx,
    "parquet": as_parquet,
}
