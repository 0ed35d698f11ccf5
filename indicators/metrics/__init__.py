"""Every figure of the product, each defined once. Nobody adds up, divides or compares anywhere else."""

from collections.abc import Mapping

from indicators.metrics.bridges import BRIDGES
from indicators.metrics.companies import COMPANY
from indicators.metrics.firms import FIRMS
from indicators.metrics.metric import Metric
from indicators.metrics.structure import STRUCTURE
from indicators.metrics.turnover import HISTORY, TURNOVER
from indicators.metrics.value import VALUE

METRICS: Mapping[str, Metric] = {
    metric.id: metric for metric in (*VALUE, *FIRMS, *BRIDGES, *TURNOVER, *HISTORY, *STRUCTURE, *COMPANY)
}

__all__ = ["METRICS", "Metric"]
