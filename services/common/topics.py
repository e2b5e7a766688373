"""THE MAP: every topic, what it carries, who writes it and who reads it.

README's path table, docs/events.md, docs/asyncapi.yaml and `rapport topics apply` derive from
this module; nothing else names a topic.
"""

from dataclasses import dataclass
from datetime import timedelta

from google.protobuf.message import Message

from rapport.v1 import (
    conversation_pb2,
    message_pb2,
    outcome_pb2,
    release_pb2,
    reply_pb2,
    rights_pb2,
)

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
    # None: the newest of each key for ever.
    retention: timedelta | None
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
        settings = {"cleanup.policy": self.cleanup, "max.message.bytes": str(1024 * 1024)}
        if self.retention is not None:
            settings["retention.ms"] = _milliseconds(self.retention)
        if self.sensitive:
            settings["segment.ms"] = _milliseconds(self.segment)
        return settings

    @property
    def cleanup(self) -> str:
        """Policies of the broker, as its setting wants them."""
        policies = ["compact"] * self.compacted + ["delete"] * (self.retention is not None)
        return ",".join(policies)

    @property
    def segment(self) -> timedelta:
        """How long a segment may stay open: records are deleted with their whole segment.

        The broker's own week, but for raw text: an hour's retention would mean little then.
        """
        return timedelta(minutes=15) if self.sensitive else timedelta(days=7)


def _milliseconds(span: timedelta) -> str:
    return str(int(span.total_seconds() * 1000))


HOUR, MONTH, PROOF = timedelta(hours=1), timedelta(days=30), timedelta(days=400)
# The services that hold something of a customer, and delete it when they are asked to.
HOLDERS = ("redaction", "emotion", "reply", "routing", "insights", "backoffice")

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
    # Ingestion: a customer who asks in their own words not to be contacted.
    readers=("reply", "insights", "ingestion"),
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
    readers=("routing", "insights", "ingestion"),
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
    readers=("ingestion",),
    retention=MONTH,
)
CONSENT_CHANGED = Topic(
    "rapport.consent.changed.v1",
    "A customer agrees to be recorded or contacted, or does not",
    rights_pb2.ConsentChanged,
    writer="ingestion",
    readers=(),
    retention=PROOF,
    key="customer_id",
    partitions=1,
)
ERASURE_REQUESTED = Topic(
    "rapport.erasure.requested.v1",
    "What is held of a customer is to be deleted",
    rights_pb2.ErasureRequested,
    writer="ingestion",
    readers=HOLDERS,
    retention=PROOF,
    key="customer_id",
    partitions=1,
)
ERASURE_COMPLETED = Topic(
    "rapport.erasure.completed.v1",
    "It is deleted: the receipt, with every store",
    rights_pb2.ErasureCompleted,
    writer="ingestion",
    readers=(),
    retention=PROOF,
    key="customer_id",
    partitions=1,
)
MODEL_RELEASED = Topic(
    "rapport.model.released.v1",
    "From now on this version of a model is to serve",
    release_pb2.ModelReleased,
    writer="learning",
    readers=("emotion",),
    retention=None,
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
    CONSENT_CHANGED,
    ERASURE_REQUESTED,
    ERASURE_COMPLETED,
    MODEL_RELEASED,
)
TOPICS_BY_NAME: dict[str, Topic] = {topic.name: topic for topic in TOPICS}

# What a service keeps at the broker for itself alone, in topics whose names begin so: the tables of
# insights' live windows. Nobody else writes or reads them.
KEPT_BY: dict[str, str] = {"insights": "rapport.insights.windows-"}


def dead_letter_name(topic: Topic, service: str) -> str:
    """Name of the dead-letter topic of one reader of one topic."""
    return topic.dead_letters_of(service)


def dead_letter_topics() -> dict[str, Topic]:
    """Every dead-letter topic by name, with the topic whose records it takes."""
    return {name: topic for topic in TOPICS for name in topic.dead_letters().values()}
