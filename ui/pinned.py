"""A link that names an edition shows that edition, and says what the current one holds in its place."""

import duckdb
import streamlit as st

from indicators.diff import Moved
from indicators.edition import Edition
from indicators.errors import IndicatorError
from indicators.formats import MISSING, quantity
from indicators.language import t
from indicators.result import Answer
from ui import data, place
from ui.text import plain

REASONS_SHOWN = 3


def tell(edition: Edition, question: str) -> None:
    """Say under the filters, when the link names an older edition, what its headline figure is in the current one."""
    current = place.current_id()
    if current in (None, edition.id):
        return
    st.info(plain(_said(edition.id, str(current), question)), icon=":material/push_pin:")


def tell_figure(answer: Answer) -> None:
    """Say what a figure is in the current edition, when another one is on the screen."""
    current = place.current_id()
    if current not in (None, answer.edition_id):
        st.caption(plain(_said(answer.edition_id, str(current), str(answer.question))))


def _said(old_id: str, new_id: str, question: str) -> str:
    opening = t("Este enlace muestra la edición {old}; la vigente es {new}.", old=old_id, new=new_id)
    try:
        found = data.moved(old_id, new_id, question)
    except (IndicatorError, duckdb.Error) as error:
        return t("{opening} La cifra no se puede comparar: {why}", opening=opening, why=error)
    return t("{opening} {figure}", opening=opening, figure=comparison(found))


def comparison(found: Moved) -> str:
    """Return the figure in both editions and, where it is known, why they differ."""
    old, new = found.old, found.new
    what = t("{label}, {place}, {window}", label=old.label, place=old.region_label, window=old.window_label)
    before = quantity(old.value, old.unit)
    if found.is_same:
        return t("{what}: {value} en ambas.", what=what, value=before)
    why = "; ".join(_reasons(found)) or t("no se conoce la razón")
    after = quantity(new.value, new.unit) if new.value is not None else f"{t(MISSING)} ({_first_reason(new)})"
    return t(
        "{what}: {before} en la edición del enlace, {after} en la vigente. Por qué: {why}.",
        what=what,
        before=before,
        after=after,
        why=why,
    )


def _reasons(found: Moved) -> list[str]:
    if found.old.badge != found.new.badge:
        kinds = {"old": t(found.old.badge), "new": t(found.new.badge)}
        return [t("los datos del enlace son de otra clase ({old}) que los vigentes ({new})", **kinds)]
    shown = [reason.rstrip(".") for reason in found.why[:REASONS_SHOWN]]
    rest = len(found.why) - len(shown)
    return shown + ([t("y {n} cambios más", n=rest)] if rest else [])


def _first_reason(answer: Answer) -> str:
    return answer.reasons[0].text.rstrip(".") if answer.reasons else ""
