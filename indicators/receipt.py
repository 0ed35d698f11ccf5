"""A receipt: all that is needed to believe one figure and to compute it again. It holds facts, never instructions."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from indicators import reasons
from indicators.calendar import Window, add_months
from indicators.edition import Edition
from indicators.errors import IndicatorError
from indicators.formats import listing
from indicators.language import LANGUAGES, SPANISH, language, t
from indicators.reasons import CUT_SHORT, Reason
from indicators.result import Answer
from indicators.scope import CONCEPTS, PUBLISHED, REAL_SOURCES

FORMAT = 1
DATED_FILES = """SELECT source_id, name, address, retrieved_on, sha256, size_bytes, first_month, last_month
FROM meta_source WHERE first_month IS NOT NULL AND last_month IS NOT NULL ORDER BY first_month, name, sha256"""
LARGEST_BYTES = 20_000_000
LONGEST_TEXT = 2_000  # of a question or an edition id: far more than any real one

Receipt = dict[str, Any]


class ReceiptError(IndicatorError):
    """The file is no receipt, or a damaged one."""


def _written(value: Any) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in a receipt")


AS_WRITTEN: Mapping[str, Any] = {"ensure_ascii": False, "allow_nan": False, "default": _written}


def receipt(edition: Edition, answer: Answer) -> Receipt:
    """Return the receipt of an answer: question, figure, what it means, how and from which files it was made."""
    return {
        "receipt": FORMAT,
        "question": str(answer.question),
        "language": language(),
        "demo": t(reasons.DEMO.text) if edition.is_demo and answer.question.source not in REAL_SOURCES else None,
        "answer": _figure(answer),
        "reasons": _listed(answer.reasons),
        # its question has the months shown written out, so they are no longer less than what was asked
        "flags": _listed(flag for flag in answer.flags if flag.code != CUT_SHORT),
        "sizing": answer.sizing,
        "metric": _definition(answer),
        "rows_read": answer.n_items,
        "statements": [{"sql": one.sql, "params": dict(one.params)} for one in answer.statements],
        "sources": source_files(edition, answer),
        "edition": {
            "id": edition.id,
            "kind": edition.kind,
            "label": t(edition.label),
            "extract": edition.extract,
            "built_at": edition.built_at,
            "code_version": edition.code_version,
        },
    }


def as_json(made: Receipt) -> str:
    """Return a receipt as it is written to a file: same figure, same bytes; each row of a split on a line."""
    encode = json.JSONEncoder(**AS_WRITTEN).encode
    rows = [encode(row) for row in made["answer"]["rows"]]
    whole = json.dumps(made | {"answer": {**made["answer"], "rows": []}}, indent=2, **AS_WRITTEN)
    if not rows:
        return whole + "\n"
    # No text holds this unescaped: quotes within one have a backslash.
    return whole.replace('"rows": []', '"rows": [\n      ' + ",\n      ".join(rows) + "\n    ]", 1) + "\n"


def several_as_json(made: Sequence[Receipt], **more: Any) -> str:
    """Return the receipts of one chart made of several answers, and what else is to be said of it."""
    return json.dumps({"receipts": list(made), **more}, indent=2, **AS_WRITTEN) + "\n"


def read_receipt(path: Path) -> Receipt:
    """Return the receipt in a file. Raises ReceiptError, in one sentence, when it is none."""
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        said = t("No se puede leer el recibo {file}: {why}.", file=path.name, why=error.strerror)
        raise ReceiptError(said) from error
    if len(raw) > LARGEST_BYTES:
        most = LARGEST_BYTES // 1_000_000
        raise ReceiptError(t("{file} pasa de {most} MB: no es un recibo.", file=path.name, most=most))
    try:
        found = json.loads(raw.decode("utf-8"), parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise ReceiptError(t("{file} no es un recibo: no es JSON bien formado.", file=path.name)) from error
    if not isinstance(found, dict) or found.get("receipt") != FORMAT:
        said = "{file} no es un recibo de formato {format}; se hacen con «receipt PREGUNTA»."
        raise ReceiptError(t(said, file=path.name, format=FORMAT))
    _check_parts(found)
    return found


def _check_parts(found: Receipt) -> None:
    """Refuse a receipt without what it is answered again by. One without language is of before there was another."""
    edition = found.get("edition")
    if not _is_plain(found.get("question")):
        raise ReceiptError(t("El recibo está dañado: la pregunta falta o no es un texto legible."))
    if not _is_plain(edition.get("id") if isinstance(edition, dict) else None):
        raise ReceiptError(t("El recibo está dañado: la edición falta o no es un texto legible."))
    if found.get("language", SPANISH) not in LANGUAGES:
        known = listing(LANGUAGES, conjunction="o")
        raise ReceiptError(t("El recibo está dañado: su idioma debe ser {known}.", known=known))


def source_files(edition: Edition, answer: Answer) -> list[dict[str, Any]]:
    """Return the raw files that hold months of the window or of the base, each with its hash; or the rows quoted."""
    if answer.question.source == PUBLISHED:
        return [asdict(one) for one in answer.citations]
    source, spans = answer.question.source, [one for one in (answer.window, answer.base_window) if one is not None]
    return [
        {**file, "name": PurePosixPath(file["name"]).name}
        for file in edition.constant(DATED_FILES)
        if file["source_id"] == source
        and any(file["first_month"] <= span.last and file["last_month"] >= span.first for span in spans)
    ]


def months_read(answer: Answer) -> tuple[date, ...]:
    """Return every month of the window and of the base, in order."""
    windows: Iterable[Window | None] = (answer.base_window, answer.window)
    return tuple(sorted({month for window in windows if window is not None for month in window.months}))


def _figure(answer: Answer) -> Mapping[str, Any]:
    return {
        "label": answer.label,
        "value": answer.value,
        "unit": answer.unit,
        "base": answer.base,
        "change": answer.change,
        "growth": answer.growth,
        "share": answer.share,
        "share_base": answer.share_base,
        "share_of": answer.share_of,
        "window": _span(answer.window),
        "base_window": _span(answer.base_window),
        "window_label": answer.window_label,
        "base_label": answer.base_label,
        "region_label": answer.region_label,
        "scope_label": answer.scope_label,
        "badge": answer.badge,
        "publisher": answer.publisher,
        "published_on": answer.published_on,
        "coverage": None if answer.coverage is None else vars(answer.coverage),
        "rows": [vars(row) | {"reasons": _listed(row.reasons)} for row in answer.rows],
    }


def _definition(answer: Answer) -> Mapping[str, Any]:
    spec = answer.question.spec
    return {
        "id": spec.id,
        "label": t(spec.label),
        "definition": answer.definition,
        "formula": t(spec.formula),
        "caveat": spec.caveat,
        "region_concept": t(CONCEPTS[answer.question.concept].definition),
    }


def _span(window: Window | None) -> Mapping[str, date] | None:
    """The first and the last day, both included."""
    if window is None:
        return None
    return {"first": window.first, "last": date.fromordinal(add_months(window.last, 1).toordinal() - 1)}


def _listed(found: Iterable[Reason]) -> list[Mapping[str, str]]:
    return [{"code": reason.code, "text": reason.text} for reason in found]


def _is_plain(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST_TEXT and value.isprintable()


def _refuse(constant: str) -> None:
    raise ValueError(constant)
