"""What the first visitor would otherwise wait for: the imports of the pages and the first region's figures."""

import logging

import duckdb

from editions import current
from editions.errors import IndicatorError
from indicators.narrative import resumen
from ui import data
from ui.blocks import blocks, tables
from ui.charts import answers
from ui.serving import first_start
from ui.widgets import filters

__all__ = ["answers", "blocks", "first_start", "tables", "warm_up"]
LOG = logging.getLogger(__name__)


def warm_up() -> None:
    """Answer the default region of the current edition; a broken edition is told on the page, not here."""
    if current.current_id() is None:
        return
    try:
        edition = data.edition()
        data.published_summary(edition.id, filters.DEFAULT_REGION)
        for question in resumen.questions(filters.DEFAULT_REGION):
            data.answer(edition.id, str(question))
    except (IndicatorError, duckdb.Error) as error:
        LOG.warning("the current edition cannot be read: %s", error)
