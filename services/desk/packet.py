"""The context packet as the page shows it, and the lines of the inbox. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime

from rapport.v1 import conversation_pb2, reply_pb2
from services.desk.words import (
    WARMTH,
    conversation_state,
    conversation_words,
    priority_word,
    reason_words,
    state_word,
    trend_word,
)


@dataclass(frozen=True)
class Line:
    """One conversation in a list."""

    id: str
    customer: str
    summary: str
    where: str
    where_words: str
    state: str
    warmth: str
    trend: str
    priority: str
    since: datetime | None
    unanswered: bool
    queue: str = ""
    agent: str = ""

    @property
    def iso(self) -> str:
        """Since when it waits, for a machine; "" when it does not."""
        return self.since.astimezone(UTC).isoformat(timespec="seconds") if self.since else ""


def line_of(assignment: conversation_pb2.Assignment, *, queue: str = "", agent: str = "") -> Line:
    """An assignment in a list."""
    state = state_word(assignment.context.state)
    where = conversation_state(assignment.state)
    since = assignment.waiting_since if assignment.HasField("waiting_since") else None
    return Line(
        id=assignment.conversation_id,
        customer=customer_words(assignment.customer_id),
        summary=wanted(assignment.context),
        where=where,
        where_words=conversation_words(where),
        state=state,
        warmth=WARMTH.get(state, "calm"),
        trend=trend_word(assignment.context.trajectory.trend),
        priority=priority_word(assignment.priority),
        since=since.ToDatetime(UTC) if since else None,
        unanswered=bool(assignment.last_message_id),
        queue=queue,
        agent=agent,
    )


@dataclass(frozen=True)
class Packet:
    """What an agent has to know in the first second."""

    who: str
    wants: str
    reason: str
    priority: str
    state: str
    warmth: str
    trend: str
    negative_in_a_row: int
    tried: tuple[tuple[str, str], ...]
    avoid: tuple[str, ...]
    opening: str
    sources: tuple[str, ...]
    turned: dict[str, bool]


def packet_of(assignment: conversation_pb2.Assignment) -> Packet:
    """The packet that came with an assignment."""
    context = assignment.context
    state = state_word(context.state)
    return Packet(
        who=customer_words(assignment.customer_id),
        wants=wanted(context),
        reason=reason_words(assignment.reason),
        priority=priority_word(assignment.priority),
        state=state,
        warmth=WARMTH.get(state, "calm"),
        trend=trend_word(context.trajectory.trend),
        negative_in_a_row=context.trajectory.negative_in_a_row,
        tried=tuple((each.what, each.result) for each in context.attempts)
        or tuple((each, "") for each in context.tried),
        avoid=tuple(context.avoid),
        opening=context.suggested_opening,
        sources=tuple(each.title or each.id for each in context.sources),
        turned={point.message_id: point.worse for point in context.trajectory.turning_points},
    )


def wanted(context: reply_pb2.ContextPacket) -> str:
    """What the customer wants, in one sentence."""
    return context.want or context.summary.split(". ")[0].removesuffix(".")


def customer_words(customer_id: str) -> str:
    """A customer by the end of the id: the id itself says nothing to a person."""
    return f"Customer {customer_id[-6:]}" if customer_id else "Customer"
