"""Reads CloudEvents, in whichever mode they come, into the models of the contract.

Raises Rejected with the fields at fault. Pure: bytes or plain values in, models out.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from urllib.parse import unquote_to_bytes

import orjson
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from services.ingestion.contract import MODELS, CloudEvent, MessageSent
from services.ingestion.rejections import Reason, Rejected, Violation, invalid

EVENT_BYTES = 64 * 1024
BATCH_BYTES = 1024 * 1024
BATCH_EVENTS = 100
CLOCK_SKEW = timedelta(minutes=5)
MOST_VIOLATIONS = 10
_BINARY_HEADER = re.compile(r"ce-([a-z0-9]{1,40})")

# pydantic's words, where ours are plainer.
_DETAILS = {
    "missing": "is required",
    "extra_forbidden": "is not a known field",
    "string_type": "must be a string",
    "float_type": "must be a number",
    "dict_type": "must be an object",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "string_pattern_mismatch": "has characters or a form that are not allowed",
    "string_too_short": "must not be empty",
    "string_too_long": "must have at most {max_length} characters",
    "too_long": "must have at most {max_length} entries",
    "string_unicode": "must be valid Unicode: it holds half of a surrogate pair",
    "literal_error": "must be {expected}",
    "door": "{detail}",
}


def read_json(body: bytes, now: datetime, largest: int = EVENT_BYTES) -> CloudEvent:
    """The event of a body in structured mode, of at most `largest` bytes."""
    return read_event(_document(body, largest), now)


def read_batch(body: bytes, now: datetime, largest: int = EVENT_BYTES) -> list[CloudEvent]:
    """The events of a body in batch mode: all of them, or Rejected with their positions."""
    documents = _document(body, BATCH_BYTES)
    if not isinstance(documents, list):
        raise invalid("", "a batch must be a JSON array of events")
    if not documents:
        raise invalid("", "a batch must hold at least one event")
    if len(documents) > BATCH_EVENTS:
        raise invalid("", f"a batch holds at most {BATCH_EVENTS} events")
    events: list[CloudEvent] = []
    first: Rejected | None = None
    violations: list[Violation] = []
    for position, document in enumerate(documents):
        try:
            if len(orjson.dumps(document)) > largest:
                raise too_large(largest)
            events.append(read_event(document, now))
        except Rejected as rejected:
            first = first or rejected
            violations += [v.under(f"[{position}]") for v in rejected.violations]
    if first is not None:
        raise Rejected(first.reason, *violations[:MOST_VIOLATIONS])
    return events


def read_binary(
    headers: Iterable[tuple[str, str]], body: bytes, now: datetime, largest: int = EVENT_BYTES
) -> CloudEvent:
    """The event of a body in binary mode: `ce-*` headers around JSON data.

    Header values are percent-encoded UTF-8, as the HTTP binding of CloudEvents 1.0 has it.
    """
    document: dict[str, object] = {}
    for name, value in headers:
        match = _BINARY_HEADER.fullmatch(name)
        if match is None:
            continue
        attribute = match[1]
        if attribute in document:
            raise invalid(name, "is given twice")
        if attribute in ("data", "datacontenttype"):
            raise invalid(name, "is not a known field")
        try:
            document[attribute] = unquote_to_bytes(value.encode("latin-1")).decode()
        except UnicodeError:
            raise invalid(name, "must be percent-encoded UTF-8") from None
    return read_event(document | {"data": _document(body, largest)}, now)


def read_event(document: object, now: datetime) -> CloudEvent:
    """The event that a JSON value describes. `now` is what future times are held against."""
    if not isinstance(document, Mapping):
        raise invalid("", "an event must be a JSON object")
    model = _model_of(document)
    try:
        event = model.model_validate(document)
    except ValidationError as error:
        raise Rejected(Reason.INVALID, *violations_of(error)) from None
    _not_from_the_future(event, now)
    return event


def content_digest(event: CloudEvent, key: bytes) -> bytes:
    """32 bytes that are equal when two events say the same, whichever way they came in.

    Keyed, so that a digest of "yes" cannot be guessed. What counts is the type and the data;
    when it was sent does not, so that a sender may repeat an event with a fresh clock.
    """
    data = event.data.model_dump(mode="json", exclude={"sent_at"}, exclude_none=True)
    content = orjson.dumps([event.type, data], option=orjson.OPT_SORT_KEYS)
    return hmac.new(key, content, hashlib.sha256).digest()


def violations_of(error: ValidationError) -> list[Violation]:
    """The fields at fault in our words, a bounded number of them, without their values."""
    details = error.errors(include_url=False, include_input=False)
    return [_violation(detail) for detail in details[:MOST_VIOLATIONS]]


def too_large(limit: int) -> Rejected:
    """A body over its limit, in bytes."""
    return Rejected(Reason.TOO_LARGE, Violation("", f"at most {_size(limit)} are taken"))


def _size(limit: int) -> str:
    return f"{limit // 1024} KiB" if limit % 1024 == 0 else f"{limit} bytes"


def _document(body: bytes, limit: int) -> object:
    if len(body) > limit:
        raise too_large(limit)
    try:
        document: object = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise invalid("", "the body must be JSON in valid UTF-8") from None
    return document


def _model_of(document: Mapping[object, object]) -> type[CloudEvent]:
    kind = document.get("type")
    if kind is None:
        raise invalid("type", "is required")
    if not isinstance(kind, str):
        raise invalid("type", "must be a string")
    model = MODELS.get(kind)
    if model is None:
        raise invalid("type", "must be one of " + ", ".join(MODELS))
    return model


def _violation(error: ErrorDetails) -> Violation:
    context = error.get("ctx", {})
    location = [*error["loc"], *([context["field"]] if context.get("field") else [])]
    if location and location[-1] == "[key]":
        location.pop()
    field = ".".join(_shown(part) for part in location)
    detail = _DETAILS.get(error["type"])
    if detail is None:
        return Violation(field, error["msg"].replace("Input should be", "must be"))
    return Violation(field, detail.format_map(context))


def _shown(part: object) -> str:
    """A field's name as the sender wrote it, bounded."""
    name = str(part).encode(errors="replace").decode()
    return name if len(name) <= 64 else name[:64] + "…"


def _not_from_the_future(event: CloudEvent, now: datetime) -> None:
    latest = now + CLOCK_SKEW
    if event.time is not None and event.time > latest:
        raise invalid("time", "lies in the future")
    if isinstance(event.data, MessageSent) and event.data.sent_at > latest:
        raise invalid("data.sent_at", "lies in the future")
