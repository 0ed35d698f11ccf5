"""What a page draws and offers, seen while it runs."""

from typing import Any

import pytest
import streamlit as st

from ui.charts import screen
from ui.charts.chart import Chart


class Watched:
    """The charts that pages drew, and the alternatives that they offered."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.drawn: list[Chart] = []
        self.options: dict[str, list[Any]] = {}
        draw, offer = screen.draw, st.segmented_control

        def drawing(chart: Chart) -> Any:
            self.drawn.append(chart)
            return draw(chart)

        def offering(label: str, options: Any, **rest: Any) -> Any:
            self.options[label] = list(options)
            return offer(label, options, **rest)

        patch.setattr(screen, "draw", drawing)
        patch.setattr(st, "segmented_control", offering)
