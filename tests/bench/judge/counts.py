"""Precision, recall and F from counts."""

from dataclasses import dataclass


@dataclass
class Counts:
    """How often a thing was found rightly, found wrongly and missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """1.0 where nothing was found: nothing was found wrongly."""
        found = self.right + self.wrong
        return self.right / found if found else 1.0

    @property
    def recall(self) -> float:
        """1.0 where nothing was there to find."""
        there = self.right + self.missed
        return self.right / there if there else 1.0

    def f(self, beta: float = 1.0) -> float:
        """F-beta; beta 2 weighs recall four times (van Rijsbergen 1979)."""
        weight = beta * beta
        below = weight * self.precision + self.recall
        return (1 + weight) * self.precision * self.recall / below if below else 0.0

    def figures(self) -> dict[str, float | int]:
        return {
            "precision": round(self.precision, 4),
            "recall": round(self.recall, 4),
            "f1": round(self.f(), 4),
            "f2": round(self.f(2), 4),
            "right": self.right,
            "wrong": self.wrong,
            "missed": self.missed,
        }
