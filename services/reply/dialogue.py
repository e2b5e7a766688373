"""`rapport reply` without a broker: answers every turn of one conversation, in order. Pure.

Reading emotions, redacting and running actions are handed in: services never import each other.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.reply.engine import Engine
from services.reply.memory import Memory
from services.reply.turn import Answer, CustomerTurn, PastTurn, Signals, State, Trend


@dataclass(frozen=True)
class Reading:
    """What the emotion service reads in one turn, with the trajectory up to it."""

    state: State = "calm"
    valence: float = 0.0
    arousal: float = 0.0
    trend: Trend = "steady"
    negative_in_a_row: int = 0
    signals: Signals = field(default_factory=Signals)


# The text of a turn and the turns before it, the bot's too, oldest first.
Read = Callable[[str, Sequence[PastTurn]], Reading]
# All texts of the customer at once, so that the same value has the same placeholder.
Redact = Callable[[Sequence[str]], Sequence[str]]


def answers(
    engine: Engine,
    industry: str,
    texts: Sequence[str],
    read: Read,
    redact: Redact,
    *,
    conversation_id: str = "conversation",
    customer_id: str = "",
    language: str = "",
) -> Iterator[Answer]:
    """The answer to each turn, in order. After a hand-over the customer waits for a person."""
    memory = Memory()
    for number, text in enumerate(redact(texts)):
        reading = read(text, memory.turns)
        turn = CustomerTurn(
            conversation_id=conversation_id,
            message_id=f"{conversation_id}/{number}",
            text=text,
            state=reading.state,
            valence=reading.valence,
            arousal=reading.arousal,
            trend=reading.trend,
            negative_in_a_row=reading.negative_in_a_row,
            signals=reading.signals,
            language=language,
            industry=industry,
            customer_id=customer_id,
        )
        answer, memory = engine.respond(turn, memory)
        yield answer


def as_line(turn: int, answer: Answer) -> dict[str, Any]:
    """An answer as the filter writes it."""
    handover = answer.handover
    return {
        "turn": turn,
        "reply": answer.text,
        "handover": {
            "reason": handover.reason,
            "priority": handover.priority,
            "skills": list(handover.skills),
        }
        if handover
        else None,
        "state": answer.state,
        "tone": answer.tone,
        "strategy": answer.strategy,
        "sources": [source.id for source in answer.sources],
    }
