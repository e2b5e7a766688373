"""What goes into the reply engine and what comes out of it, as plain types."""

from dataclasses import dataclass, field
from typing import Literal

State = Literal[
    "calm",
    "satisfied",
    "grateful",
    "confused",
    "anxious",
    "disappointed",
    "frustrated",
    "angry",
    "distressed",
]
Trend = Literal["steady", "escalating", "recovering"]
Tone = Literal["neutral", "acknowledge", "apologise", "reassure", "celebrate", "thank", "clarify"]
Action = Literal["answer", "ask", "act", "handover", "queued"]
Reason = Literal[
    "asked", "crisis", "escalating_emotion", "sensitive", "cannot_help", "repeated_failure"
]
Priority = Literal["low", "normal", "high", "urgent"]
Language = Literal["en", "es"]
Kind = Literal["text", "person_requested"]

PRIORITIES: tuple[Priority, ...] = ("low", "normal", "high", "urgent")


@dataclass(frozen=True, slots=True)
class Signals:
    """Yes-or-no things that the emotion service read beside the feeling."""

    asks_for_person: bool = False
    asks_if_bot: bool = False
    crisis: bool = False
    opt_out: bool = False
    abusive: bool = False


@dataclass(frozen=True, slots=True)
class CustomerTurn:
    """One message of a customer with what was read from it.

    `text` is redacted. `valence` runs from -1 to 1, `arousal` from 0 to 1. `language` is BCP 47,
    empty when unknown; `industry` likewise empty when the sender did not say.
    """

    conversation_id: str
    message_id: str
    text: str
    state: State = "calm"
    valence: float = 0.0
    arousal: float = 0.0
    trend: Trend = "steady"
    negative_in_a_row: int = 0
    signals: Signals = field(default_factory=Signals)
    kind: Kind = "text"
    withheld: bool = False
    language: str = ""
    industry: str = ""
    customer_id: str = ""
    tenant: str = "default"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a sentence of a reply comes from: "article:retail-returns", "action:order_status"."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class PastTurn:
    """One earlier turn, redacted. `state` is empty for the bot's."""

    author: Literal["customer", "bot"]
    text: str
    state: State | Literal[""] = ""


@dataclass(frozen=True, slots=True)
class Packet:
    """What a person who takes over needs in the first second. `attempts` are pairs of what was
    tried and what came of it."""

    summary: str
    intent: str
    tried: tuple[str, ...]
    turns: tuple[PastTurn, ...]
    state: State
    suggested_opening: str
    want: str = ""
    attempts: tuple[tuple[str, str], ...] = ()
    avoid: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Handover:
    """A person is needed. `rule` names the line of the policy that said so."""

    reason: Reason
    priority: Priority
    skills: tuple[str, ...]
    packet: Packet
    rule: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the customer reads, and how it came about. `guard_trips` are rules that refused."""

    text: str
    action: Action
    tone: Tone
    strategy: str
    intent: str
    state: State
    trend: Trend
    sources: tuple[Source, ...] = ()
    handover: Handover | None = None
    guard_trips: tuple[str, ...] = ()
