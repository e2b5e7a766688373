"""Whether every customer's message was answered exactly once, read from the topics themselves."""

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from rapport.v1 import common_pb2, message_pb2, reply_pb2
from services.common.events import Record
from services.common.topics import (
    HANDOVER_REQUESTED,
    MESSAGE_RECEIVED,
    MESSAGE_REDACTED,
    MESSAGE_SCORED,
    REPLY_CREATED,
)

READS = (MESSAGE_RECEIVED, MESSAGE_REDACTED, MESSAGE_SCORED, REPLY_CREATED, HANDOVER_REQUESTED)
_ASKS = (message_pb2.MESSAGE_KIND_TEXT, message_pb2.MESSAGE_KIND_PERSON_REQUESTED)


@dataclass(frozen=True)
class Verdict:
    """What the record says. Every customer's message should be in `replies` or `handovers`.

    `unanswered` holds the ids of messages without an answer, and of accepted ones that never
    reached the record; `duplicates` counts the answers beyond the first. `announced` counts the
    messages that an agent answered after the bot had said that a person would.
    """

    messages: int
    replies: int
    handovers: int
    by_bot: int
    by_agent: int
    unanswered: tuple[str, ...]
    duplicated: tuple[str, ...]
    duplicates: int
    states: dict[str, int]

    @property
    def whole(self) -> bool:
        """Whether each message has exactly one reply or one hand-over."""
        return not self.unanswered and not self.duplicates


@dataclass
class Answers:
    """What the record holds for one message: distinct ids, so a repeated event counts once."""

    replies: set[str] = field(default_factory=set)
    announcements: set[str] = field(default_factory=set)
    handovers: set[str] = field(default_factory=set)
    by_agent: set[str] = field(default_factory=set)

    def count(self) -> int:
        """How many answers it got. A hand-over and the reply that tells of it are one; the
        telling alone is none, for nobody was called."""
        told = len(self.replies) + len(self.announcements)
        if self.announcements and not self.handovers:
            told -= 1
        return max(told, len(self.handovers)) + len(self.by_agent)


class RecordCheck:
    """Collects records of the topics in `READS`, in any order, for some conversations."""

    def __init__(self, conversations: Collection[str]) -> None:
        self._conversations = frozenset(conversations)
        self._messages: set[str] = set()
        self._answers: defaultdict[str, Answers] = defaultdict(Answers)
        self._states: dict[str, int] = {}

    def add(self, record: Record) -> None:
        """Takes one record; those of other conversations and dead letters are passed over."""
        if record.value is None or record.key is None:
            return
        if record.key.decode(errors="replace") in self._conversations:
            self._take(record.topic, record.value)

    def _take(self, topic: str, value: bytes) -> None:
        if topic == MESSAGE_RECEIVED.name:
            received = message_pb2.MessageReceived.FromString(value)
            if received.ref.author == common_pb2.AUTHOR_CUSTOMER and received.kind in _ASKS:
                self._messages.add(received.ref.message_id)
        elif topic == MESSAGE_REDACTED.name:
            redacted = message_pb2.MessageRedacted.FromString(value)
            if redacted.ref.author == common_pb2.AUTHOR_AGENT and redacted.ref.in_reply_to:
                answers = self._answers[redacted.ref.in_reply_to]
                answers.by_agent.add(redacted.ref.message_id)
        elif topic == MESSAGE_SCORED.name:
            scored = message_pb2.MessageScored.FromString(value)
            if scored.reading.state:
                self._states[scored.ref.message_id] = scored.reading.state
        elif topic == REPLY_CREATED.name:
            reply = reply_pb2.ReplyCreated.FromString(value)
            answers = self._answers[reply.in_reply_to]
            told = reply.action == reply_pb2.REPLY_ACTION_HANDOVER
            (answers.announcements if told else answers.replies).add(reply.reply_id)
        elif topic == HANDOVER_REQUESTED.name:
            handover = reply_pb2.HandoverRequested.FromString(value)
            self._answers[handover.caused_by].handovers.add(handover.handover_id)

    def all_answered(self, accepted: Iterable[str] = ()) -> bool:
        """Whether nothing is missing so far."""
        return not self.verdict(accepted).unanswered

    def verdict(self, accepted: Iterable[str] = ()) -> Verdict:
        """The result. `accepted` are ids that the door gave: they must be in the record too."""
        handovers = by_bot = by_agent = duplicates = 0
        unanswered, duplicated = [], []
        for message in sorted(self._messages | set(accepted)):
            answers = self._answers.get(message, Answers())
            count = answers.count() if message in self._messages else 0
            if count == 0:
                unanswered.append(message)
                continue
            if count > 1:
                duplicated.append(message)
                duplicates += count - 1
            if answers.handovers:
                handovers += 1
            elif answers.replies:
                by_bot += 1
            else:
                by_agent += 1
        states = Counter(
            _word(state) for message, state in self._states.items() if message in self._messages
        )
        return Verdict(
            messages=len(self._messages),
            replies=by_bot + by_agent,
            handovers=handovers,
            by_bot=by_bot,
            by_agent=by_agent,
            unanswered=tuple(unanswered),
            duplicated=tuple(duplicated),
            duplicates=duplicates,
            states=dict(states.most_common()),
        )


def read_names() -> list[str]:
    """Names of the topics that the check reads."""
    return [topic.name for topic in READS]


def percentile(values: list[float], share: float) -> float | None:
    """The smallest value that at least `share` (0 to 1) of all do not exceed; None of none."""
    if not values:
        return None
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * share) - 1)]


def _word(state: int) -> str:
    name: str = common_pb2.CareState.Name(state)  # type: ignore[arg-type]
    return name.removeprefix("CARE_STATE_").lower()
