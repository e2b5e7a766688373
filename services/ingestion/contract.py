"""The contract of the door: what an event may be, whichever way it comes in.

Events are CloudEvents 1.0 whose `data` is one of the models below. Every way in
ends in these models (see cloudevents.py), so that the same event is accepted, or refused for the
same reason, everywhere.
"""

import re
import unicodedata
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    WithJsonSchema,
    model_validator,
)
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError

from services.ingestion.identifiers import personal_data_in

TEXT_CHARACTERS = 8_000

# No control characters, no invisible ones (they make two ids look alike), no blank ends.
_EDGE = r"[^\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
_INNER = r"[^\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
PRINTABLE = rf"^{_EDGE}({_INNER}*{_EDGE})?$"
_NO_NUL = r"^[^\u0000]*$"
ATTRIBUTE = r"^[A-Za-z][A-Za-z0-9_.-]{0,63}$"
# The id is a segment of /v1/conversations/{id}.
SEGMENT = (
    rf"^{_EDGE.replace('[^', '[^/')}({_INNER.replace('[^', '[^/')}*{_EDGE.replace('[^', '[^/')})?$"
)
_RFC3339 = re.compile(
    r"(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2}:\d{2})(?:\.(\d{1,6})\d*)?([Zz]|[+-]\d{2}:\d{2})",
    re.ASCII,
)
_INVISIBLE = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
# The characters of these categories, for the document: JSON Schema has no word for categories.
_VISIBLE = (
    "[^"
    "\u0000-\u0020\u007f-\u00a0\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890-\u0891\u08e2"
    "\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u2064\u2066-\u206f\u3000\ufeff"
    "\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U00013438\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f"
    "]"
)


def _wrong(detail: str, field: str = "") -> PydanticCustomError:
    """`field` names the member at fault where a whole object is being looked at."""
    return PydanticCustomError("door", "{detail}", {"detail": detail, "field": field})


def _encodable(value: str) -> str:
    """PostgreSQL and protobuf take neither NUL nor half of a surrogate pair."""
    if "\x00" in value:
        raise _wrong("must not hold a NUL character")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise _wrong("must be valid Unicode: it holds half of a surrogate pair") from None
    return value


def _opaque(value: str) -> str:
    kind = personal_data_in(value)
    if kind:
        raise _wrong(f"must not be or hold {kind}: it is passed on unredacted")
    return value


def _not_blank(value: str) -> str:
    if all(unicodedata.category(character) in _INVISIBLE for character in value):
        raise _wrong("must not be empty")
    return value


def _instant(value: object) -> datetime:
    """An RFC 3339 date-time with its offset, in UTC to the microsecond."""
    if not isinstance(value, str):
        raise _wrong("must be a date-time string such as 2026-01-31T12:00:00Z")
    match = _RFC3339.fullmatch(value)
    if match is None:
        raise _wrong("must be an RFC 3339 date-time with an offset, such as 2026-01-31T12:00:00Z")
    date, time, fraction, offset = match.groups()
    zone = "+00:00" if offset in "Zz" else offset
    try:
        return datetime.fromisoformat(f"{date}T{time}.{(fraction or '0'):0<6}{zone}").astimezone(
            UTC
        )
    except (ValueError, OverflowError):
        raise _wrong("must be a date and a time that exist") from None


Text = Annotated[str, Strict()]
Identifier = Annotated[
    Text, Field(min_length=1, max_length=128, pattern=PRINTABLE), AfterValidator(_opaque)
]
ConversationKey = Annotated[
    Text, Field(min_length=1, max_length=128, pattern=SEGMENT, description="Opaque; no slash.")
]
ConversationId = Annotated[ConversationKey, AfterValidator(_opaque)]
Instant = Annotated[
    datetime,
    BeforeValidator(_instant),
    WithJsonSchema(
        {
            "type": "string",
            "format": "date-time",
            "description": "RFC 3339 with an offset; at most five minutes ahead of the door.",
        }
    ),
]
Attributes = Annotated[
    dict[
        Annotated[Text, Field(pattern=ATTRIBUTE)],
        Annotated[Text, Field(max_length=256), AfterValidator(_encodable), AfterValidator(_opaque)],
    ],
    Field(max_length=16),
    WithJsonSchema(
        {
            "type": "object",
            "maxProperties": 16,
            "propertyNames": {"pattern": ATTRIBUTE},
            "additionalProperties": {"type": "string", "maxLength": 256, "pattern": _NO_NUL},
            "description": "Industry, intent hints and the like; passed on unredacted.",
        }
    ),
]

Language = Annotated[
    Text,
    Field(max_length=35, pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$", description="BCP 47."),
]
Score = Annotated[float, Strict(), Field(ge=0, le=5, allow_inf_nan=False)]
MessageText = Annotated[
    Text,
    Field(
        min_length=1,
        max_length=TEXT_CHARACTERS,
        json_schema_extra={"allOf": [{"pattern": _NO_NUL}, {"pattern": _VISIBLE}]},
    ),
    AfterValidator(_encodable),
    AfterValidator(_not_blank),
]
Comment = Annotated[
    Text,
    Field(max_length=TEXT_CHARACTERS, json_schema_extra={"pattern": _NO_NUL}),
    AfterValidator(_encodable),
]
CareState = Literal[
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
Label = Annotated[Text, Field(min_length=1, max_length=256, pattern=PRINTABLE)]
JsonType = Annotated[Text, Field(pattern=r"^application/json(; ?charset=utf-8)?$")]
TraceParent = Annotated[Text, Field(pattern=r"^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$")]
TraceState = Annotated[Text, Field(max_length=512, pattern=r"^[\x20-\x7e]*$")]


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
            raise _wrong("is required when the author is an agent", "agent_id")
        if self.author == "customer" and self.agent_id is not None:
            raise _wrong("belongs to messages of agents alone", "agent_id")
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
            raise _wrong("must be customer with csat: agents do not rate", "by")
        if self.kind != "csat" and self.about is not None:
            raise _wrong("belongs to csat alone", "about")
        if self.kind == "emotion_correction":
            if self.label is None:
                raise _wrong("is required with emotion_correction", "label")
            if self.score is not None:
                raise _wrong("does not belong to emotion_correction", "score")
        else:
            if self.label is not None:
                raise _wrong("belongs to emotion_correction alone", "label")
            if self.score is None:
                raise _wrong(f"is required with {self.kind}", "score")
            if self.kind == "csat" and self.score < 1:
                raise _wrong("must be 1 to 5 with csat", "score")
            if self.kind == "thumbs" and self.score not in (0, 1):
                raise _wrong("must be 0 or 1 with thumbs", "score")
            if self.kind == "suggestion" and self.score not in (0, 0.5, 1):
                raise _wrong("must be 0, 0.5 or 1 with suggestion", "score")
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
