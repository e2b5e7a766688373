"""What the engine needs of whoever carries out routine tasks: a port, and its results. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

Outcome = Literal["done", "not_found", "refused", "needs_parameter"]


@dataclass(frozen=True)
class ActionResult:
    """What came of an action. `facts` are told by name, in words a customer reads.

    `detail` names the missing parameter, the one that nothing was found for, or is a code that
    says why it was refused.
    """

    outcome: Outcome
    facts: Mapping[str, str] = field(default_factory=dict)
    detail: str = ""


class ActionsUnavailable(Exception):
    """The back office cannot be reached now, or not in time; the customer hears the truth."""


class Actions(Protocol):
    """Runs an action. The same `idempotency_key` runs it once and gives the first result."""

    def run(
        self,
        industry: str,
        customer_id: str,
        action: str,
        parameters: Mapping[str, str],
        idempotency_key: str,
    ) -> ActionResult:
        """The result; raises ActionsUnavailable."""
