"""Events as systems offer them, good and bad: one table for every way in."""

import copy
from datetime import UTC, datetime, timedelta
from typing import Any

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)

MESSAGE = "rapport.message.sent.v1"
PERSON = "rapport.person.requested.v1"
ENDED = "rapport.conversation.ended.v1"
FEEDBACK = "rapport.feedback.given.v1"
ERASURE = "rapport.erasure.requested.v1"
CONSENT = "rapport.consent.changed.v1"
ABOUT_CUSTOMERS = (ERASURE, CONSENT)
REMOVED = object()


def event(kind: str, data: Any, /, **envelope: Any) -> dict[str, Any]:
    """A CloudEvent of a kind; an envelope member that is REMOVED is left out."""
    made = {"specversion": "1.0", "id": "m-1", "source": "shop/web", "type": kind, "data": data}
    return {name: value for name, value in (made | envelope).items() if value is not REMOVED}


def message(conversation_id: str = "c-1", **changes: Any) -> dict[str, Any]:
    """Data of a customer's message, with changes."""
    made = {
        "conversation_id": conversation_id,
        "customer_id": "customer-7",
        "channel": "chat",
        "author": "customer",
        "text": "My parcel never came and nobody answers me.",
        "sent_at": "2026-03-02T14:59:58Z",
    }
    return {name: value for name, value in (made | changes).items() if value is not REMOVED}


def sent(conversation_id: str = "c-1", sender_id: str = "m-1", **changes: Any) -> dict[str, Any]:
    """A whole message event; ids count within the conversation."""
    source = f"shop/{conversation_id}"
    return event(MESSAGE, message(conversation_id, **changes), id=sender_id, source=source)


def later(minutes: float) -> str:
    """RFC 3339, some minutes from now on."""
    return (NOW + timedelta(minutes=minutes)).isoformat()


# name: (event, the field that the answer must name)
BAD: dict[str, tuple[Any, str]] = {
    "unknown field in data": (event(MESSAGE, message(mood="angry")), "data.mood"),
    "unknown field around it": (event(MESSAGE, message(), priority=1), "priority"),
    "base64 data": (event(MESSAGE, message(), data_base64="e30="), "data_base64"),
    "no id": (event(MESSAGE, message(), id=REMOVED), "id"),
    "no source": (event(MESSAGE, message(), source=REMOVED), "source"),
    "no type": (event(MESSAGE, message(), type=REMOVED), "type"),
    "no specversion": (event(MESSAGE, message(), specversion=REMOVED), "specversion"),
    "another specversion": (event(MESSAGE, message(), specversion="0.3"), "specversion"),
    "no data": (event(MESSAGE, message(), data=REMOVED), "data"),
    "data that is a text": (event(MESSAGE, "hello"), "data"),
    "data that is null": (event(MESSAGE, None), "data"),
    "an unknown type": (event("rapport.message.seen.v1", message()), "type"),
    "a type that is a number": (event(MESSAGE, message(), type=7), "type"),
    "an empty id": (event(MESSAGE, message(), id=""), "id"),
    "an id that is a number": (event(MESSAGE, message(), id=7), "id"),
    "an id of 129 characters": (event(MESSAGE, message(), id="x" * 129), "id"),
    "an id with a line break": (event(MESSAGE, message(), id="a\nb"), "id"),
    "an id with a NUL": (event(MESSAGE, message(), id="a\x00b"), "id"),
    "an id with an invisible character": (event(MESSAGE, message(), id="a\u200bb"), "id"),
    "an id that ends in a blank": (event(MESSAGE, message(), id="a "), "id"),
    "a source of 257 characters": (event(MESSAGE, message(), source="x" * 257), "source"),
    "a time from the future": (event(MESSAGE, message(), time=later(6)), "time"),
    "a time without a zone": (event(MESSAGE, message(), time="2026-03-02T15:00:00"), "time"),
    "another content type": (
        event(MESSAGE, message(), datacontenttype="text/xml"),
        "datacontenttype",
    ),
    "no conversation": (event(MESSAGE, message(conversation_id=REMOVED)), "data.conversation_id"),
    "a conversation with a slash": (event(MESSAGE, message("a/b")), "data.conversation_id"),
    "an e-mail address as an id": (
        event(MESSAGE, message(customer_id="ann.lee@example.com")),
        "data.customer_id",
    ),
    "a phone number as an id": (
        event(MESSAGE, message("+1 415 555 0132")),
        "data.conversation_id",
    ),
    "no customer": (event(MESSAGE, message(customer_id=REMOVED)), "data.customer_id"),
    "no channel": (event(MESSAGE, message(channel=REMOVED)), "data.channel"),
    "an unknown channel": (event(MESSAGE, message(channel="fax")), "data.channel"),
    "no author": (event(MESSAGE, message(author=REMOVED)), "data.author"),
    "the bot as author": (event(MESSAGE, message(author="bot")), "data.author"),
    "an agent without a name": (event(MESSAGE, message(author="agent")), "data.agent_id"),
    "a customer with an agent's name": (
        event(MESSAGE, message(agent_id="agent-3")),
        "data.agent_id",
    ),
    "no text": (event(MESSAGE, message(text=REMOVED)), "data.text"),
    "an empty text": (event(MESSAGE, message(text="")), "data.text"),
    "a blank text": (event(MESSAGE, message(text=" \n\t\u2003\u200b")), "data.text"),
    "a text with a NUL": (event(MESSAGE, message(text="call me\x00")), "data.text"),
    "a text that is a number": (event(MESSAGE, message(text=42)), "data.text"),
    "a text that is null": (event(MESSAGE, message(text=None)), "data.text"),
    "a text of 8001 characters": (event(MESSAGE, message(text="x" * 8001)), "data.text"),
    "no sent_at": (event(MESSAGE, message(sent_at=REMOVED)), "data.sent_at"),
    "sent in the future": (event(MESSAGE, message(sent_at=later(5.1))), "data.sent_at"),
    "sent_at as a number": (event(MESSAGE, message(sent_at=1_772_463_598)), "data.sent_at"),
    "sent on a day that is none": (
        event(MESSAGE, message(sent_at="2026-02-30T10:00:00Z")),
        "data.sent_at",
    ),
    "a language that is none": (event(MESSAGE, message(language="en_US")), "data.language"),
    "17 attributes": (
        event(MESSAGE, message(attributes={f"a{n}": "x" for n in range(17)})),
        "data.attributes",
    ),
    "an attribute of 257 characters": (
        event(MESSAGE, message(attributes={"industry": "x" * 257})),
        "data.attributes.industry",
    ),
    "an attribute that is a number": (
        event(MESSAGE, message(attributes={"industry": 7})),
        "data.attributes.industry",
    ),
    "a card number in an attribute": (
        event(MESSAGE, message(attributes={"card": "4111 1111 1111 1111"})),
        "data.attributes.card",
    ),
    "a person asked for by nobody": (event(PERSON, {"conversation_id": "c-1"}), "data.customer_id"),
    "ended by nobody": (event(ENDED, {"conversation_id": "c-1"}), "data.by"),
    "ended by the weather": (event(ENDED, {"conversation_id": "c-1", "by": "weather"}), "data.by"),
    "a consent to nothing": (
        event(CONSENT, {"customer_id": "customer-8", "granted": True}),
        "data.to",
    ),
    "a consent that is a word": (
        event(CONSENT, {"customer_id": "customer-8", "to": "contact", "granted": "yes"}),
        "data.granted",
    ),
    "an erasure of nobody": (event(ERASURE, {}), "data.customer_id"),
    "an erasure of an e-mail address": (
        event(ERASURE, {"customer_id": "ann.lee@example.com"}),
        "data.customer_id",
    ),
    "csat without a score": (
        event(FEEDBACK, {"conversation_id": "c-1", "kind": "csat"}),
        "data.score",
    ),
    "csat of six": (
        event(FEEDBACK, {"conversation_id": "c-1", "kind": "csat", "score": 6}),
        "data.score",
    ),
    "csat of nothing": (
        event(FEEDBACK, {"conversation_id": "c-1", "kind": "csat", "score": 0}),
        "data.score",
    ),
    "csat that is true": (
        event(FEEDBACK, {"conversation_id": "c-1", "kind": "csat", "score": True}),
        "data.score",
    ),
    "half a thumb": (
        event(FEEDBACK, {"conversation_id": "c-1", "kind": "thumbs", "score": 0.5}),
        "data.score",
    ),
    "a correction without a label": (
        event(FEEDBACK, {"conversation_id": "c-1", "kind": "emotion_correction"}),
        "data.label",
    ),
    "a label with csat": (
        event(FEEDBACK, {"conversation_id": "c-1", "kind": "csat", "score": 3, "label": "calm"}),
        "data.label",
    ),
    "an event that is a list": ([message()], ""),
    "an event that is null": (None, ""),
}

# Bodies that are no JSON document at all.
NOT_JSON: dict[str, bytes] = {
    "nothing": b"",
    "no JSON": b"{not json",
    "protobuf": b"\n\x03m-1\x12\x04shop",
    "invalid UTF-8": b'{"type": "\xff\xfe"}',
    "half of a surrogate pair": b'{"type": "\\ud83d"}',
    "not a number": b'{"type": NaN}',
    "nested too deep": b"[" * 5000 + b"]" * 5000,
}


def good() -> dict[str, dict[str, Any]]:
    """One event of every type, and the corners of what is allowed."""
    return copy.deepcopy(
        {
            "a message": sent(),
            "an agent's message": sent(author="agent", agent_id="agent-3", in_reply_to="m-0"),
            "a text of 8000 characters": sent(text="ü" * 8000),
            "an emoji that is newer than our tables": sent(text="\U0001fadf"),
            "control characters that texts have": sent(text="line\r\n\tand line"),
            "a very old message": sent(sent_at="1970-01-01T00:00:00Z"),
            "a clock five minutes ahead": sent(sent_at=later(4.9)),
            "nanoseconds and an offset": sent(sent_at="2026-03-02T09:59:58.123456789-05:00"),
            "attributes and language": sent(language="en-US", attributes={"industry": "retail"}),
            "a person requested": event(
                PERSON, {"conversation_id": "c-1", "customer_id": "customer-7"}
            ),
            "an end": event(ENDED, {"conversation_id": "c-1", "by": "customer"}),
            "a consent": event(
                CONSENT, {"customer_id": "customer-8", "to": "recording", "granted": True}
            ),
            "an erasure": event(ERASURE, {"customer_id": "customer-8"}),
            "csat": event(
                FEEDBACK,
                {"conversation_id": "c-1", "kind": "csat", "score": 4, "comment": "fine"},
            ),
            "a correction": event(
                FEEDBACK,
                {
                    "conversation_id": "c-1",
                    "kind": "emotion_correction",
                    "label": "angry",
                    "message_id": "m-1",
                },
            ),
            "everything around it": event(
                MESSAGE,
                message(),
                time="2026-03-02T14:59:59Z",
                subject="order",
                datacontenttype="application/json",
                dataschema="https://example.com/schema",
                traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                tracestate="vendor=1",
            ),
        }
    )
