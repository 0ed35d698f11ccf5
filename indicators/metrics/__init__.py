"""Every figure of the product, each defined once. Nobody adds up, divides or compares anywhere else."""

from collections.abc import Mapping

from indicators.metrics.firms import COMPANY, FIRMS
from indicators.metrics.metric import Metric
from indicators.metrics.turnover import BRIDGES, HISTORY, TURNOVER
from indicators.metrics.value import STRUCTURE, VALUE

METRICS: Mapping[str, Metric] = {
    metric.id: metric for metric in (*VALUE, *FIRMS, *BRIDGES, *TURNOVER, *HISTORY, *STRUCTURE, *COMPANY)
}

__all__ = ["METRICS", "Metric"]
