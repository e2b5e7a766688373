"""How long a queue lets people wait at most, and who is about to wait longer. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Promise = Literal["kept", "at risk", "broken"]
AT_RISK = 0.75
"""Part of the promised time after which a promise is at risk."""


@dataclass(frozen=True)
class Promises:
    """Seconds by queue; `usual` for those that are not named."""

    usual: float = 120.0
    by_queue: Mapping[str, float] = field(default_factory=dict)

    def seconds(self, queue: str) -> float:
        """The longest waiting that a queue promises."""
        return self.by_queue.get(queue, self.usual)

    def judge(self, queue: str, waited: float) -> Promise:
        """What is left of the promise after so many seconds."""
        promised = self.seconds(queue)
        if waited >= promised:
            return "broken"
        return "at risk" if waited >= AT_RISK * promised else "kept"
