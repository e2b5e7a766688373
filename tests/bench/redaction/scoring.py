"""Counts of right, wrong and missed spans.

A marked span is found when reported spans of its type cover at least half of it. A reported span is
wrong when no marked span of its type overlaps it by half of either; one that lies on what the
corpus marks with a type that is not scored counts as neither.
"""

import statistics
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from tests.bench.judge.counts import Counts
from tests.bench.redaction.texts import Conversation, Mark


def _overlap(a: Mark, b: Mark) -> int:
    return max(0, min(a.end, b.end) - max(a.start, b.start))


def _half(a: Mark, b: Mark) -> bool:
    shared = _overlap(a, b)
    return bool(shared) and 2 * shared >= min(a.end - a.start, b.end - b.start)


@dataclass
class Score:
    """What one system made of one set; seconds are of processor time, one for each message."""

    overall: Counts = field(default_factory=Counts)
    types: dict[str, Counts] = field(default_factory=lambda: defaultdict(Counts))
    exact: int = 0
    clean: int = 0
    clean_touched: int = 0
    seconds: list[float] = field(default_factory=list)

    def add(
        self, conversation: Conversation, reported: list[list[Mark]], seconds: list[float]
    ) -> None:
        """`reported` and `seconds` have one entry for each turn."""
        for turn, found in zip(conversation.turns, reported, strict=True):
            for mark in turn.marks:
                if mark.type:
                    same = sum(_overlap(each, mark) for each in found if each.type == mark.type)
                    self._count(
                        mark.type, "right" if 2 * same >= mark.end - mark.start else "missed"
                    )
                    self.exact += mark in found
            for each in found:
                if any(mark.type in {each.type, ""} and _half(mark, each) for mark in turn.marks):
                    continue
                self._count(each.type, "wrong")
        if conversation.clean:
            self.clean += 1
            self.clean_touched += any(reported)
        self.seconds.extend(seconds)

    def _count(self, kind: str, outcome: str) -> None:
        for tally in (self.overall, self.types[kind]):
            setattr(tally, outcome, getattr(tally, outcome) + 1)

    @property
    def messages_per_second(self) -> float:
        return len(self.seconds) / sum(self.seconds)

    @property
    def p99_ms(self) -> float:
        return statistics.quantiles(self.seconds, n=100)[98] * 1000

    def figures(self) -> dict[str, Any]:
        return {
            **self.overall.figures(),
            "exact": self.exact,
            "clean": self.clean,
            "clean_touched": self.clean_touched,
            "messages": len(self.seconds),
            "messages_per_second": round(self.messages_per_second, 1),
            "p99_ms": round(self.p99_ms, 3),
            "types": {name: tally.figures() for name, tally in sorted(self.types.items())},
        }
