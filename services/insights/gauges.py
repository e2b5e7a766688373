"""Shows the last full minute on /metrics."""

from typing import Any

from services.common import metrics
from services.insights.floor import Kind

Place = tuple[Kind, str, str]


class Gauges:
    """Sets the gauges; what was shown once and is not counted any more shows 0."""

    def __init__(self) -> None:
        self._shown: set[Place] = set()

    def show(self, sums: dict[Place, int]) -> None:
        """Shows sums by (kind, queue, detail)."""
        self._shown |= sums.keys()
        for place in self._shown:
            _gauge(*place).set(sums.get(place, 0))


def _gauge(kind: Kind, queue: str, detail: str) -> Any:
    if kind is Kind.MESSAGE:
        return metrics.LIVE_MESSAGES.labels(queue)
    if kind is Kind.STATE:
        return metrics.LIVE_STATES.labels(queue, detail)
    return metrics.LIVE_HANDOVERS.labels(queue)
