"""How a batch of events becomes effects, exactly once: state and what follows are stored together.

Three processors, one contract. A processor gives one `Result` for each event; after it returns,
the effects in the database are committed, and the loop publishes what the results say. An event
that was handled before changes nothing and gives the same outgoing events again.
"""

import base64
import uuid
from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, Protocol, TypeVar

import orjson
import sqlalchemy as sa
from pydantic import TypeAdapter
from sqlalchemy.exc import DBAPIError

from services.common.database import as_transient
from services.common.events import Event, Outgoing
from services.common.failures import Fenced, Transient, Unprocessable
from services.common.logs import logger
from services.common.topics import TOPICS_BY_NAME, Topic
from services.common.tracing import span

S = TypeVar("S")
Write = Callable[[sa.Connection], None]
log = logger(__name__)


@dataclass(frozen=True, slots=True)
class Handled(Generic[S]):
    """What a stateful handler makes of an event.

    `state` None keeps the state as it was. `writes` run in the state's transaction.
    """

    state: S | None = None
    outgoing: tuple[Outgoing, ...] = ()
    writes: tuple[Write, ...] = ()


class StatefulHandler(Protocol[S]):
    """Event and the conversation's state in, new state and events out. Deterministic."""

    @property
    def service(self) -> str: ...

    @property
    def reads(self) -> tuple[Topic, ...]: ...

    @property
    def state_type(self) -> type[S]: ...

    def handle(self, event: Event[Any], state: S | None) -> Handled[S]: ...


class TransactionalHandler(Protocol):
    """Where SQL itself is the state: event and an open transaction in, events out."""

    @property
    def service(self) -> str: ...

    @property
    def reads(self) -> tuple[Topic, ...]: ...

    def handle(self, event: Event[Any], connection: sa.Connection) -> tuple[Outgoing, ...]: ...

    def committed(self) -> None:
        """Runs after each transaction: wake a relay, tell those who wait."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one event. `failure` is a code when it goes to the dead letters."""

    outgoing: tuple[Outgoing, ...] = ()
    traceparent: str | None = None
    repeated: bool = False
    failure: str | None = None


class Processor(Protocol):
    """Turns events into results, one for each, in order."""

    @property
    def service(self) -> str: ...

    @property
    def reads(self) -> tuple[Topic, ...]: ...

    def process(self, events: Sequence[Event[Any]]) -> list[Result]: ...

    def forget(self) -> None:
        """Drops what is cached: partitions moved."""

    def purge(self) -> None:
        """Deletes what is too old to be repeated."""


REPEAT_DAYS = 31
IDLE_DAYS = 31


class _Statements:
    """SQL of the loop's tables in one service's schema. Arrays go in whole: one round trip each."""

    def __init__(self, service: str) -> None:
        self.known = sa.text(
            f"select event_id, outgoing from {service}.handled where event_id = any(:ids)"
        )
        self.load = sa.text(
            f"select conversation_id, version, state from {service}.state "
            "where conversation_id = any(:keys)"
        )
        # Counts tell whether another replica was here: a version that is not the one we read, or
        # an event that is remembered already.
        self.store = sa.text(
            f"""
            with stored as (
                insert into {service}.state as s (conversation_id, version, state, changed_at)
                select k, v, x, now()
                from unnest(cast(:keys as text[]), cast(:versions as bigint[]),
                            cast(:states as bytea[])) as new (k, v, x)
                on conflict (conversation_id) do update
                set version = excluded.version, state = excluded.state,
                    changed_at = excluded.changed_at
                where s.version = excluded.version - 1
                returning 1
            ), remembered as (
                insert into {service}.handled (event_id, outgoing, handled_at)
                select i, o, now()
                from unnest(cast(:ids as uuid[]), cast(:outgoing as bytea[])) as new (i, o)
                on conflict (event_id) do nothing
                returning 1
            )
            select (select count(*) from stored), (select count(*) from remembered)
            """
        )
        self.purge = (
            sa.text(
                f"delete from {service}.handled "
                f"where handled_at < now() - interval '{REPEAT_DAYS} days'"
            ),
            sa.text(
                f"delete from {service}.state "
                f"where changed_at < now() - interval '{IDLE_DAYS} days'"
            ),
        )


def dump_outgoing(outgoing: Sequence[Outgoing]) -> bytes:
    """Outgoing events as JSON, to be sent again should their cause be repeated."""
    return orjson.dumps(
        [
            [
                o.topic.name,
                o.key,
                o.id,
                o.time,
                base64.b64encode(o.message.SerializeToString(deterministic=True)).decode(),
            ]
            for o in outgoing
        ]
    )


def load_outgoing(data: bytes) -> tuple[Outgoing, ...]:
    """Inverse of `dump_outgoing`."""
    events = []
    for name, key, event_id, time, value in orjson.loads(data):
        topic = TOPICS_BY_NAME[name]
        assert topic.message_type is not None
        message = topic.message_type.FromString(base64.b64decode(value))
        at = datetime.fromisoformat(time) if time else None
        events.append(Outgoing(topic, key, message, event_id, at))
    return tuple(events)


def _dated(outgoing: tuple[Outgoing, ...]) -> tuple[Outgoing, ...]:
    """Gives a time to those without: once, so that a repeat carries the same."""
    now = datetime.now(UTC)
    return tuple(o if o.time else Outgoing(o.topic, o.key, o.message, o.id, now) for o in outgoing)


def _failure(error: Exception, event: Event[Any], service: str) -> str:
    """Code of a handler's error; a fault of ours is logged with its place, never with its text."""
    if isinstance(error, Unprocessable):
        return error.reason
    frame = error.__traceback__
    while frame and frame.tb_next:
        frame = frame.tb_next
    where = (
        f"{frame.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{frame.tb_lineno}" if frame else ""
    )
    log.error("handler_failed", error=type(error).__name__, where=where, event_id=event.id)
    return type(error).__name__


class _Remembering(ABC):
    """What both database processors share: the record of handled events."""

    def __init__(self, service: str, reads: tuple[Topic, ...], engine: sa.Engine) -> None:
        self.service = service
        self.reads = reads
        self._engine = engine
        self._sql = _Statements(service)

    def process(self, events: Sequence[Event[Any]]) -> list[Result]:
        """One transaction for the batch; where one event spoils it, one for each."""
        try:
            return self._transaction(events)
        except DBAPIError as error:
            self.forget()
            if transient := as_transient(error):
                raise transient from error
            if len(events) == 1:
                return [Result(failure=_failure(error, events[0], self.service))]
            return [result for event in events for result in self.process([event])]

    @abstractmethod
    def _transaction(self, events: Sequence[Event[Any]]) -> list[Result]:
        """Handles and stores the events in one transaction."""

    @abstractmethod
    def forget(self) -> None:
        """Drops what is cached."""

    def purge(self) -> None:
        with self._engine.begin() as connection:
            for statement in self._sql.purge:
                connection.execute(statement)

    def _known(
        self, connection: sa.Connection, events: Sequence[Event[Any]]
    ) -> dict[str, tuple[Outgoing, ...]]:
        rows = connection.execute(
            self._sql.known, {"ids": [uuid.UUID(event.id) for event in events]}
        )
        return {str(row.event_id): load_outgoing(row.outgoing) for row in rows}

    def _store(
        self,
        connection: sa.Connection,
        states: Sequence[tuple[str, int, bytes]],
        handled: dict[str, tuple[Outgoing, ...]],
    ) -> None:
        """Writes states (key, new version, bytes) and remembers events; Fenced when overtaken."""
        counts = connection.execute(
            self._sql.store,
            {
                "keys": [key for key, _, _ in states],
                "versions": [version for _, version, _ in states],
                "states": [state for _, _, state in states],
                "ids": [uuid.UUID(event_id) for event_id in handled],
                "outgoing": [dump_outgoing(outgoing) for outgoing in handled.values()],
            },
        ).one()
        if tuple(counts) != (len(states), len(handled)):
            self.forget()
            raise Fenced


class StatefulProcessor(_Remembering, Generic[S]):
    """Runs a StatefulHandler: states through a bounded cache, written once for each batch.

    A state's `version` grows by one with each write; a write that finds another version than it
    read was overtaken by another replica (`Fenced`) and is done again from the stored state.
    """

    def __init__(
        self, handler: StatefulHandler[S], engine: sa.Engine, *, cache_conversations: int = 10_000
    ) -> None:
        super().__init__(handler.service, handler.reads, engine)
        self._handler = handler
        self._codec: TypeAdapter[S] = TypeAdapter(handler.state_type)
        self._cache: OrderedDict[str, tuple[S | None, int]] = OrderedDict()
        self._cache_conversations = cache_conversations

    def forget(self) -> None:
        self._cache.clear()

    def _transaction(self, events: Sequence[Event[Any]]) -> list[Result]:
        with self._engine.begin() as connection:
            known = self._known(connection, events)
            fresh = [event for event in events if event.id not in known]
            states = self._load(connection, {event.key for event in fresh})
            changed: dict[str, tuple[S, int]] = {}
            stored: dict[str, tuple[Outgoing, ...]] = {}
            results: list[Result] = []
            for event in events:
                if event.id in known or event.id in stored:
                    again = known.get(event.id) or stored.get(event.id, ())
                    results.append(Result(again, event.traceparent, repeated=True))
                    continue
                state, version = states[event.key]
                try:
                    with span(f"process {event.topic.name}", event.traceparent) as traceparent:
                        handled = self._handler.handle(event, state)
                except Transient:
                    raise
                except Exception as error:
                    results.append(Result(failure=_failure(error, event, self.service)))
                    continue
                if handled.state is not None:
                    states[event.key] = (handled.state, version)
                    changed[event.key] = (handled.state, version)
                for write in handled.writes:
                    write(connection)
                stored[event.id] = _dated(handled.outgoing)
                results.append(Result(stored[event.id], traceparent))
            self._store(
                connection,
                [(k, v + 1, self._codec.dump_json(state)) for k, (state, v) in changed.items()],
                stored,
            )
        for key, (state, version) in changed.items():
            self._keep(key, state, version + 1)
        return results

    def _load(self, connection: sa.Connection, keys: set[str]) -> dict[str, tuple[S | None, int]]:
        states = {key: self._cache[key] for key in keys if key in self._cache}
        missing = keys - states.keys()
        if missing:
            for row in connection.execute(self._sql.load, {"keys": sorted(missing)}):
                states[row.conversation_id] = (self._codec.validate_json(row.state), row.version)
        for key in keys:
            states.setdefault(key, (None, 0))
        return states

    def _keep(self, key: str, state: S, version: int) -> None:
        self._cache[key] = (state, version)
        self._cache.move_to_end(key)
        while len(self._cache) > self._cache_conversations:
            self._cache.popitem(last=False)


class TransactionalProcessor(_Remembering):
    """Runs a TransactionalHandler in one transaction for the batch.

    Where a handler fails, the batch is rolled back and done again with each event in a savepoint,
    so that a bad event undoes its own writes alone. Savepoints for every event would cost two
    more rounds for each.
    """

    def __init__(self, handler: TransactionalHandler, engine: sa.Engine) -> None:
        super().__init__(handler.service, handler.reads, engine)
        self._handler = handler

    def forget(self) -> None:
        """Nothing is cached here."""

    def _transaction(self, events: Sequence[Event[Any]]) -> list[Result]:
        try:
            return self._run(events, savepoints=False)
        except (Transient, DBAPIError):
            raise
        except Exception:
            return self._run(events, savepoints=True)

    def _run(self, events: Sequence[Event[Any]], *, savepoints: bool) -> list[Result]:
        with self._engine.begin() as connection:
            known = self._known(connection, events)
            stored: dict[str, tuple[Outgoing, ...]] = {}
            results: list[Result] = []
            for event in events:
                if event.id in known or event.id in stored:
                    again = known.get(event.id) or stored.get(event.id, ())
                    results.append(Result(again, event.traceparent, repeated=True))
                    continue
                try:
                    with (
                        span(f"process {event.topic.name}", event.traceparent) as traceparent,
                        connection.begin_nested() if savepoints else nullcontext(),
                    ):
                        outgoing = _dated(self._handler.handle(event, connection))
                except (Transient, DBAPIError):
                    raise
                except Exception as error:
                    if not savepoints:
                        raise
                    results.append(Result(failure=_failure(error, event, self.service)))
                    continue
                stored[event.id] = outgoing
                results.append(Result(outgoing, traceparent))
            self._store(connection, (), stored)
        self._handler.committed()
        return results
