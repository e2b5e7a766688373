"""The contract of the door: what an event may be, whichever way it comes in.

Events are CloudEvents 1.0 whose `data` is one of the models below. Every way in
ends in these models (see cloudevents.py), so that the same event is accepted, or refused for the
same reason, everywhere.
"""

from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    Strict,
    model_validator,
)
from pydantic.config import JsonDict

from services.ingestion.fields import (
    PRINTABLE,
    Attributes,
    CareState,
    Comment,
    ConversationId,
    Identifier,
    Instant,
    JsonType,
    Label,
    Language,
    MessageText,
    Score,
    Text,
    TraceParent,
    TraceState,
    wrong,
)


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


_BY_CUSTOMER: JsonDict = {
    "properties": {"author": {"const": "customer"}, "agent_id": {"type": "null"}}
}
_BY_AGENT: JsonDict = {
    "properties": {"author": {"const": "agent"}, "agent_id": {"type": "string"}},
    "required": ["agent_id"],
}


class MessageSent(_Model):
    """A customer or an agent wrote something."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [_BY_CUSTOMER, _BY_AGENT]})

    conversation_id: ConversationId
    customer_id: Identifier
    channel: Literal["chat", "sms", "email", "voice-transcript", "social"]
    author: Literal["customer", "agent"]
    text: MessageText = Field(description="Raw; redacted after the door.", repr=False)
    sent_at: Instant
    language: Language | None = None
    attributes: Attributes = Field(default_factory=dict)
    in_reply_to: Identifier | None = Field(
        default=None, description="Id of the message that an agent answers."
    )
    agent_id: Identifier | None = Field(
        default=None, description="Who wrote it; with author agent alone."
    )

    @model_validator(mode="after")
    def _agent_is_named(self) -> "MessageSent":
        if self.author == "agent" and self.agent_id is None:
            raise wrong("is required when the author is an agent", "agent_id")
        if self.author == "customer" and self.agent_id is not None:
            raise wrong("belongs to messages of agents alone", "agent_id")
        return self


class PersonRequested(_Model):
    """The customer pressed the button that calls a person."""

    conversation_id: ConversationId
    customer_id: Identifier


class ConversationEnded(_Model):
    """The conversation was closed by one of its sides."""

    conversation_id: ConversationId
    by: Literal["customer", "agent", "bot"]


class NoteAdded(_Model):
    """An agent tells the other agents something; the customer never sees it."""

    conversation_id: ConversationId
    agent_id: Identifier
    text: MessageText = Field(description="Raw; redacted after the door.", repr=False)


def _feedback_of(kind: str, score: JsonDict | None) -> JsonDict:
    """What goes with one kind of feedback: a score, or a label; a rating is the customer's."""
    rating: JsonDict = {"by": {"enum": ["customer", None]}} if kind == "csat" else {}
    if kind != "csat":
        rating = {"about": {"type": "null"}}
    wanted, other = ("label", "score") if score is None else ("score", "label")
    rule: JsonDict = {"type": "string"} if score is None else score
    return {
        "properties": {"kind": {"const": kind}, wanted: rule, other: {"type": "null"}, **rating},
        "required": ["kind", wanted],
    }


class FeedbackGiven(_Model):
    """A rating, or the correction of a reading.

    `comment` is redacted before it goes any further; values that it holds are kept nowhere.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [
                _feedback_of("csat", {"type": "number", "minimum": 1, "maximum": 5}),
                _feedback_of("thumbs", {"enum": [0, 1]}),
                _feedback_of("emotion_correction", None),
                _feedback_of("suggestion", {"enum": [0, 0.5, 1]}),
            ]
        }
    )

    conversation_id: ConversationId
    kind: Literal["csat", "thumbs", "emotion_correction", "suggestion"]
    score: Score | None = Field(
        default=None,
        description="csat: 1 to 5; thumbs: 0 or 1; suggestion: 1 sent as it was, 0.5 changed, "
        "0 turned down.",
    )
    comment: Comment | None = Field(
        default=None, description="Redacted before anybody keeps it.", repr=False
    )
    about: Literal["conversation", "handover"] | None = Field(
        default=None,
        description="What a csat is of: the whole, or the part of it that a person had.",
    )
    by: Literal["customer", "agent"] | None = Field(
        default=None, description="Who gave it; a csat is the customer's to give."
    )
    label: CareState | None = Field(
        default=None, description="The care state that it really was; with emotion_correction."
    )
    message_id: Identifier | None = Field(
        default=None, description="The message or reply meant; none: the conversation."
    )
    source_id: Identifier | None = Field(
        default=None, description="With suggestion: the source of the draft."
    )

    @model_validator(mode="after")
    def _kind_and_value_agree(self) -> "FeedbackGiven":
        if self.kind == "csat" and self.by == "agent":
            raise wrong("must be customer with csat: agents do not rate", "by")
        if self.kind != "csat" and self.about is not None:
            raise wrong("belongs to csat alone", "about")
        if self.kind == "emotion_correction":
            if self.label is None:
                raise wrong("is required with emotion_correction", "label")
            if self.score is not None:
                raise wrong("does not belong to emotion_correction", "score")
        else:
            if self.label is not None:
                raise wrong("belongs to emotion_correction alone", "label")
            if self.score is None:
                raise wrong(f"is required with {self.kind}", "score")
            if self.kind == "csat" and self.score < 1:
                raise wrong("must be 1 to 5 with csat", "score")
            if self.kind == "thumbs" and self.score not in (0, 1):
                raise wrong("must be 0 or 1 with thumbs", "score")
            if self.kind == "suggestion" and self.score not in (0, 0.5, 1):
                raise wrong("must be 0, 0.5 or 1 with suggestion", "score")
        return self


class AboutCustomer(_Model):
    """What concerns a customer, in whichever conversation."""

    customer_id: Identifier

    @property
    def conversation_id(self) -> str:
        """What its events are ordered by; no conversation's id has a slash."""
        return f"customer/{self.customer_id}"


class ErasureRequested(AboutCustomer):
    """What is held of the customer is to be deleted; `GET /v1/erasures/{id}` has the receipt."""


class ConsentChanged(AboutCustomer):
    """The customer agrees to something, or does not (any more)."""

    to: Literal["recording", "contact"] = Field(
        description="recording: that transcripts outlive their conversations; contact: messages "
        "that the customer did not begin."
    )
    granted: Annotated[bool, Strict()] = Field(description="false: refused, or taken back.")


Data = (
    MessageSent
    | PersonRequested
    | ConversationEnded
    | FeedbackGiven
    | ErasureRequested
    | ConsentChanged
    | NoteAdded
)


class CloudEvent(_Model):
    """What every event carries around its data: CloudEvents 1.0."""

    specversion: Literal["1.0"]
    id: Annotated[
        Text,
        Field(
            min_length=1,
            max_length=128,
            pattern=PRINTABLE,
            description="Unique within the source; the same event may be sent again.",
        ),
    ]
    source: Label
    time: Instant | None = None
    subject: Label | None = None
    datacontenttype: JsonType | None = None
    dataschema: Label | None = None
    traceparent: TraceParent | None = None
    tracestate: TraceState | None = None
    type: str
    data: Data


class MessageSentEvent(CloudEvent):
    type: Literal["rapport.message.sent.v1"]
    data: MessageSent


class PersonRequestedEvent(CloudEvent):
    type: Literal["rapport.person.requested.v1"]
    data: PersonRequested


class ConversationEndedEvent(CloudEvent):
    type: Literal["rapport.conversation.ended.v1"]
    data: ConversationEnded


class FeedbackGivenEvent(CloudEvent):
    type: Literal["rapport.feedback.given.v1"]
    data: FeedbackGiven


class ErasureRequestedEvent(CloudEvent):
    type: Literal["rapport.erasure.requested.v1"]
    data: ErasureRequested


class ConsentChangedEvent(CloudEvent):
    type: Literal["rapport.consent.changed.v1"]
    data: ConsentChanged


class NoteAddedEvent(CloudEvent):
    type: Literal["rapport.note.added.v1"]
    data: NoteAdded


MESSAGE_SENT = "rapport.message.sent.v1"
PERSON_REQUESTED = "rapport.person.requested.v1"
CONVERSATION_ENDED = "rapport.conversation.ended.v1"
FEEDBACK_GIVEN = "rapport.feedback.given.v1"
ERASURE_REQUESTED = "rapport.erasure.requested.v1"
CONSENT_CHANGED = "rapport.consent.changed.v1"
NOTE_ADDED = "rapport.note.added.v1"

MODELS: dict[str, type[CloudEvent]] = {
    MESSAGE_SENT: MessageSentEvent,
    PERSON_REQUESTED: PersonRequestedEvent,
    CONVERSATION_ENDED: ConversationEndedEvent,
    FEEDBACK_GIVEN: FeedbackGivenEvent,
    ERASURE_REQUESTED: ErasureRequestedEvent,
    CONSENT_CHANGED: ConsentChangedEvent,
    NOTE_ADDED: NoteAddedEvent,
}
