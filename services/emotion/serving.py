"""The scorer in service, and how another takes its place between two micro-batches."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

from services.common.events import Event
from services.common.handling import Processor, Result
from services.common.topics import Topic
from services.emotion.scorer import Scorer


class Serving:
    """Holds the scorer in service."""

    def __init__(self, scorer: Scorer) -> None:
        self._scorer = scorer
        self.batch = threading.Lock()
        """Held while a micro-batch is scored: all of it is read by one model."""

    @property
    def scorer(self) -> Scorer:
        """The scorer for one call or one text; it stays usable after it was replaced."""
        return self._scorer

    def swap(self, scorer: Scorer) -> None:
        """Waits for the micro-batch in hand; the next one is read by `scorer`."""
        with self.batch:
            self._scorer = scorer


class BatchwiseProcessor:
    """The processor of the loop, each micro-batch of which is read by one model."""

    def __init__(self, inner: Processor, serving: Serving) -> None:
        self._inner = inner
        self._serving = serving

    @property
    def service(self) -> str:
        return self._inner.service

    @property
    def reads(self) -> tuple[Topic, ...]:
        return self._inner.reads

    def process(self, events: Sequence[Event[Any]]) -> list[Result]:
        with self._serving.batch:
            return self._inner.process(events)

    def forget(self) -> None:
        self._inner.forget()

    def purge(self) -> None:
        self._inner.purge()
