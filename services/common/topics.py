"""THE MAP: every topic, what it carries, who writes it and who reads it.

README's path table, docs/events.md, docs/asyncapi.yaml and `rapport topics apply` derive from
this module; nothing else names a topic.
"""

from dataclasses import dataclass
from datetime import timedelta

from google.protobuf.message import Message

from rapport.v1 import conversation_pb2, message_pb2, outcome_pb2, release_pb2, reply_pb2

PARTITIONS = 6


@dataclass(frozen=True)
class Topic:
    """One topic. `message_type` is None where the value is CloudEvents JSON from other systems.

    `broadcast`: each replica of a reader reads all of it, in no group; it has no dead letters.
    """

    name: str
    summary: str
    message_type: type[Message] | None
    writer: str
    readers: tuple[str, ...]
    retention: timedelta
    sensitive: bool = False
    compacted: bool = False
    broadcast: bool = False
    key: str = "conversation_id"
    partitions: int = PARTITIONS

    def dead_letters_of(self, service: str) -> str:
        """Name of the topic that takes what `service` could not process of this one."""
        return f"{self.name}.{service}.dlq"

    def dead_letters(self) -> dict[str, str]:
        """The topic of dead letters of each reader by its name; none of a broadcast."""
        readers = () if self.broadcast else self.readers
        return {reader: self.dead_letters_of(reader) for reader in readers}

    def broker_settings(self) -> dict[str, str]:
        """Topic-level settings of Apache Kafka."""
        policy = "compact" if self.compacted else "delete"
        settings = {"cleanup.policy": policy, "max.message.bytes": str(1024 * 1024)}
        if not self.compacted:
            settings["retention.ms"] = str(int(self.retention.total_seconds() * 1000))
        if self.sensitive:
            # An hour's retention means little while a segment may stay open for a week.
            settings["segment.ms"] = str(15 * 60 * 1000)
        return settings


HOUR, MONTH = timedelta(hours=1), timedelta(days=30)

INBOUND = Topic(
    "rapport.inbound.v1",
    "Events that other systems publish: CloudEvents in structured JSON",
    None,
    writer="other systems",
    readers=("ingestion",),
    retention=HOUR,
    sensitive=True,
)
MESSAGE_RECEIVED = Topic(
    "rapport.message.received.v1",
    "A message came through the door: raw text",
    message_pb2.MessageReceived,
    writer="ingestion",
    readers=("redaction",),
    retention=HOUR,
    sensitive=True,
)
MESSAGE_REDACTED = Topic(
    "rapport.message.redacted.v1",
    "The same message with personal data replaced by placeholders",
    message_pb2.MessageRedacted,
    writer="redaction",
    readers=("emotion", "routing", "ingestion"),
    retention=MONTH,
)
MESSAGE_SCORED = Topic(
    "rapport.message.scored.v1",
    "What the customer feels, and where it is heading",
    message_pb2.MessageScored,
    writer="emotion",
    readers=("reply", "insights"),
    retention=MONTH,
)
REPLY_CREATED = Topic(
    "rapport.reply.created.v1",
    "The platform's answer to one customer's message",
    reply_pb2.ReplyCreated,
    writer="reply",
    readers=("ingestion", "insights"),
    retention=MONTH,
)
HANDOVER_REQUESTED = Topic(
    "rapport.handover.requested.v1",
    "A person is needed, with all that this person has to know",
    reply_pb2.HandoverRequested,
    writer="reply",
    readers=("routing", "insights"),
    retention=MONTH,
)
CONVERSATION_CHANGED = Topic(
    "rapport.conversation.changed.v1",
    "A conversation moved: bot, queued, offered, agent, wrap-up, closed",
    conversation_pb2.ConversationChanged,
    writer="routing",
    readers=("ingestion", "reply", "insights"),
    retention=MONTH,
    compacted=True,
)
FEEDBACK_GIVEN = Topic(
    "rapport.feedback.given.v1",
    "A customer's rating, or an agent's correction of a reading",
    message_pb2.FeedbackGiven,
    writer="ingestion",
    readers=("insights",),
    retention=MONTH,
)
OUTCOME_MEASURED = Topic(
    "rapport.outcome.measured.v1",
    "How one conversation went, once it closed",
    outcome_pb2.OutcomeMeasured,
    writer="insights",
    readers=(),
    retention=MONTH,
)
MODEL_RELEASED = Topic(
    "rapport.model.released.v1",
    "From now on this version of a model is to serve",
    release_pb2.ModelReleased,
    writer="learning",
    readers=("emotion",),
    retention=MONTH,
    compacted=True,
    broadcast=True,
    key="model",
    partitions=1,
)

TOPICS: tuple[Topic, ...] = (
    INBOUND,
    MESSAGE_RECEIVED,
    MESSAGE_REDACTED,
    MESSAGE_SCORED,
    REPLY_CREATED,
    HANDOVER_REQUESTED,
    CONVERSATION_CHANGED,
    FEEDBACK_GIVEN,
    OUTCOME_MEASURED,
    MODEL_RELEASED,
)
TOPICS_BY_NAME: dict[str, Topic] = {topic.name: topic for topic in TOPICS}


def dead_letter_name(topic: Topic, service: str) -> str:
    """Name of the dead-letter topic of one reader of one topic."""
    return topic.dead_letters_of(service)


def dead_letter_topics() -> dict[str, Topic]:
    """Every dead-letter topic by name, with the topic whose records it takes."""
    return {name: topic for topic in TOPICS for name in topic.dead_letters().values()}
