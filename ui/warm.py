"""What the first visitor would otherwise wait for: the imports of the pages and the first region's figures."""

import logging

import duckdb

from indicators import summary
from indicators.errors import IndicatorError
from ui import blocks, data, filters, first_start, place, region_charts, tables

__all__ = ["blocks", "first_start", "region_charts", "tables", "warm_up"]
LOG = logging.getLogger(__name__)


def warm_up() -> None:
    """Answer the default region of the current edition; a broken edition is told on the page, not here."""
    if place.current_id() is None:
        return
    try:
        edition = data.edition()
        data.published_summary(edition.id, filters.DEFAULT_REGION)
        for question in summary.questions(filters.DEFAULT_REGION):
            data.answer(edition.id, str(question))
    except (IndicatorError, duckdb.Error) as error:
        LOG.warning("the current edition cannot be read: %s", error)
