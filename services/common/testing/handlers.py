"""Drives a handler in a unit test the way the loop does, without a broker or a database."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, TypeVar

from google.protobuf.message import Message

from services.common.events import Event, Outgoing
from services.common.handling import StatefulHandler
from services.common.topics import Topic

S = TypeVar("S")
AT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


def event(topic: Topic, key: str, event_id: str, message: Message, at: datetime = AT) -> Event[Any]:
    """An event as the loop would hand it over."""
    return Event(event_id, topic, key, at, "rapport/test", message, None)


def run_handler(
    handler: StatefulHandler[S], events: Iterable[Event[Any]]
) -> tuple[dict[str, S], list[Outgoing]]:
    """Feeds events in order; gives the states by conversation and all outgoing events.

    A repeated event id is dropped, as the loop does. `writes` are not run.
    """
    states: dict[str, S] = {}
    outgoing: list[Outgoing] = []
    seen: set[str] = set()
    for happened in events:
        if happened.id in seen:
            continue
        seen.add(happened.id)
        handled = handler.handle(happened, states.get(happened.key))
        if handled.state is not None:
            states[happened.key] = handled.state
        outgoing += handled.outgoing
    return states, outgoing
