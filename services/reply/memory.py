"""What the bot remembers of one conversation: stored as JSON, bounded, and without raw values."""

from dataclasses import dataclass, replace
from typing import Literal

from services.common.answering import GivenBack
from services.reply.turn import PastTurn, Priority, Reason

Owner = Literal["bot", "queued", "agent", "closed"]

TURNS_KEPT = 20
TEXT_KEPT = 1_000
LIST_KEPT = 60


@dataclass(frozen=True)
class Pending:
    """An action that waits for something from the customer.

    `missing` is the parameter asked for; empty when only a yes is awaited.
    """

    action: str
    parameters: tuple[tuple[str, str], ...] = ()
    missing: str = ""
    asked: int = 1


@dataclass(frozen=True)
class Memory:
    """The conversation so far, as far as deciding the next reply needs it.

    `version` is the newest routing move that was taken in. `hot_attempts` are answers given to
    anger or despair that has not turned since, `negative_attempts` answers to negative turns in a
    row, `unanswered` questions in a row for which nothing was found, `wrong` answers that the
    customer called wrong or useless. `openings` are first words that were
    said, `told` keys of passages, `crisis` the danger and `rule` the
    line of the policy that a person was called for. `returns` are the newest moves that took the
    conversation from people; `held` are messages that a person is to answer, or that wait for a
    move on its way: scored messages in base64.
    """

    owner: Owner = "bot"
    version: int = 0
    returns: tuple[GivenBack, ...] = ()
    held: tuple[str, ...] = ()
    reason: Reason | None = None
    priority: Priority | None = None
    turn: int = 0
    replies: int = 0
    language: str = ""
    industry: str = ""
    attempts: int = 0
    hot_attempts: int = 0
    negative_attempts: int = 0
    unanswered: int = 0
    wrong: int = 0
    failed: int = 0
    declined_person: bool = False
    grief: bool = False
    crisis: str = ""
    rule: str = ""
    openings: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    tones: tuple[str, ...] = ()
    intents: tuple[str, ...] = ()
    tried: tuple[str, ...] = ()
    article: str = ""
    issue: str = ""
    action: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    done: tuple[str, ...] = ()
    references: tuple[tuple[str, str], ...] = ()
    pending: Pending | None = None
    turns: tuple[PastTurn, ...] = ()

    def with_turn(self, turn: PastTurn) -> "Memory":
        """With one more turn; the oldest go when there are too many, long ones are cut."""
        kept = replace(turn, text=turn.text[:TEXT_KEPT])
        return replace(self, turns=(*self.turns, kept)[-TURNS_KEPT:])

    def with_reference(self, kind: str, value: str) -> "Memory":
        """With the newest number of a kind ("order_number", "48213"), most recent last."""
        others = tuple(pair for pair in self.references if pair[0] != kind)
        return replace(self, references=(*others, (kind, value)))

    def reference(self, kind: str) -> str:
        """The newest number of a kind, or ""."""
        return dict(self.references).get(kind, "")

    def afresh(self) -> "Memory":
        """The conversation back with the bot: attempts count anew, what was said stays known."""
        return replace(
            self,
            owner="bot",
            reason=None,
            priority=None,
            attempts=0,
            hot_attempts=0,
            negative_attempts=0,
            unanswered=0,
            wrong=0,
            failed=0,
            declined_person=False,
            pending=None,
        )


def kept(values: tuple[str, ...], *new: str) -> tuple[str, ...]:
    """`values` with `new` at the end, bounded; each value once, in its newest place."""
    fresh = tuple(value for value in new if value)
    return (*(value for value in values if value not in fresh), *fresh)[-LIST_KEPT:]
