"""What the fields of an event may hold: texts, ids, times. Pure."""

import re
import unicodedata
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, Strict, WithJsonSchema
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
INVISIBLE = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
# The characters of these categories, for the document: JSON Schema has no word for categories.
VISIBLE = (
    "[^"
    "\u0000-\u0020\u007f-\u00a0\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890-\u0891\u08e2"
    "\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u2064\u2066-\u206f\u3000\ufeff"
    "\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U00013438\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f"
    "]"
)


def wrong(detail: str, field: str = "") -> PydanticCustomError:
    """`field` names the member at fault where a whole object is being looked at."""
    return PydanticCustomError("door", "{detail}", {"detail": detail, "field": field})


def _encodable(value: str) -> str:
    """PostgreSQL and protobuf take neither NUL nor half of a surrogate pair."""
    if "\x00" in value:
        raise wrong("must not hold a NUL character")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise wrong("must be valid Unicode: it holds half of a surrogate pair") from None
    return value


def _opaque(value: str) -> str:
    kind = personal_data_in(value)
    if kind:
        raise wrong(f"must not be or hold {kind}: it is passed on unredacted")
    return value


def _not_blank(value: str) -> str:
    if all(unicodedata.category(character) in INVISIBLE for character in value):
        raise wrong("must not be empty")
    return value


def _instant(value: object) -> datetime:
    """An RFC 3339 date-time with its offset, in UTC to the microsecond."""
    if not isinstance(value, str):
        raise wrong("must be a date-time string such as 2026-01-31T12:00:00Z")
    match = _RFC3339.fullmatch(value)
    if match is None:
        raise wrong("must be an RFC 3339 date-time with an offset, such as 2026-01-31T12:00:00Z")
    date, time, fraction, offset = match.groups()
    zone = "+00:00" if offset in "Zz" else offset
    try:
        return datetime.fromisoformat(f"{date}T{time}.{(fraction or '0'):0<6}{zone}").astimezone(
            UTC
        )
    except (ValueError, OverflowError):
        raise wrong("must be a date and a time that exist") from None


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
        json_schema_extra={"allOf": [{"pattern": _NO_NUL}, {"pattern": VISIBLE}]},
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
