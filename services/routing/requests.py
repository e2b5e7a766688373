"""What agents may send: each field checked, with its name where it is wrong. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rapport.v1 import conversation_pb2
from services.routing.conversation import QUEUE

TENANT = "default"
MOST_CAPACITY = 100
MOST_TAGS = 50
MOST_LISTED = 500
_ID = re.compile(r"[^\x00-\x1f\x7f]{1,161}")
_SKILL = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")
_LANGUAGE = re.compile(r"[A-Za-z0-9]{1,8}(-[A-Za-z0-9]{1,8}){0,4}")
_CODE = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")


@dataclass(frozen=True)
class AgentRow:
    """An agent as last heard of."""

    tenant: str
    agent_id: str
    presence: "conversation_pb2.Presence.ValueType"
    skills: tuple[str, ...]
    languages: tuple[str, ...]
    capacity: int
    last_seen: datetime


class Invalid(ValueError):
    """A field of a request that cannot be taken, and why."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field = field
        self.problem = problem


def tenant_of(tenant: str) -> str:
    """The tenant named, or the default one."""
    return _id("tenant", tenant) if tenant else TENANT


def agent_of(agent_id: str) -> str:
    """A usable agent's id."""
    return _id("agent_id", agent_id)


def conversation_of(conversation_id: str) -> str:
    """A usable conversation's id."""
    if not conversation_id or len(conversation_id) > 256 or "\x00" in conversation_id:
        raise Invalid("conversation_id", "must have 1 to 256 characters")
    return conversation_id


def disposition_of(disposition: str) -> str:
    """What came of a conversation, as a code: a free text would pass redaction by."""
    if disposition and not _CODE.fullmatch(disposition):
        raise Invalid("disposition", "must be a code such as 'solved' or 'refund-sent', or empty")
    return disposition


def note_of(note: str) -> None:
    """A note is refused: it would be stored without redaction."""
    if note:
        raise Invalid(
            "note", "must be empty: send what the customer or the bot should know as a message"
        )


def target_of(request: conversation_pb2.TransferRequest) -> tuple[str, str]:
    """The queue and the agent of a transfer; one of them is empty."""
    if request.WhichOneof("to") is None:
        raise Invalid("queue", "a transfer names a queue or an agent")
    if request.HasField("to_agent_id"):
        return "", _id("to_agent_id", request.to_agent_id)
    if not QUEUE.fullmatch(request.queue):
        raise Invalid("queue", "must be a lower-case name such as 'billing'")
    return request.queue, ""


def limit_of(limit: int) -> int:
    """How many to list."""
    if not 0 <= limit <= MOST_LISTED:
        raise Invalid("limit", f"must be from 0 to {MOST_LISTED}")
    return limit or MOST_LISTED


def answered_through_of(
    request: conversation_pb2.HandBackRequest | conversation_pb2.WrapUpRequest,
) -> int | None:
    """The sequence up to which the agent answered; None where the agent does not say."""
    if not request.HasField("answered_through"):
        return None
    if request.answered_through < 0:
        raise Invalid("answered_through", "must not be negative")
    return request.answered_through


def presence_of(request: conversation_pb2.SetPresenceRequest, now: datetime) -> AgentRow:
    """The agent as this request says."""
    known = {*conversation_pb2.Presence.values()} - {conversation_pb2.PRESENCE_UNSPECIFIED}
    if request.presence not in known:
        raise Invalid("presence", "must be available, busy or away")
    if not 1 <= request.capacity <= MOST_CAPACITY:
        raise Invalid("capacity", f"must be from 1 to {MOST_CAPACITY}")
    return AgentRow(
        tenant=tenant_of(request.tenant),
        agent_id=agent_of(request.agent_id),
        presence=request.presence,
        skills=_tags("skills", request.skills, _SKILL, "a lower-case code such as 'billing'"),
        languages=_tags("languages", request.languages, _LANGUAGE, "a BCP 47 tag such as 'en'"),
        capacity=request.capacity,
        last_seen=now,
    )


def _tags(field: str, values: Sequence[str], form: re.Pattern[str], must: str) -> tuple[str, ...]:
    if len(values) > MOST_TAGS:
        raise Invalid(field, f"must be at most {MOST_TAGS}")
    for index, value in enumerate(values):
        if not form.fullmatch(value):
            raise Invalid(f"{field}[{index}]", f"must be {must}")
    return tuple(dict.fromkeys(values))


def _id(field: str, value: str) -> str:
    if not _ID.fullmatch(value):
        raise Invalid(field, "must have 1 to 161 characters, none of them control characters")
    return value
