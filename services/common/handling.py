"""How a batch of events becomes effects, exactly once: state and what follows are stored together.

Three processors, one contract. A processor gives one `Result` for each event; after it returns,
the effects in the database are committed, and the loop publishes what the results say. An event
that was handled before changes nothing and gives the same outgoing events again.
"""

from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, Protocol, TypeVar

import psycopg
import sqlalchemy as sa
from pydantic import TypeAdapter
from sqlalchemy.exc import DBAPIError

from services.common.database import as_transient
from services.common.events import Event, Outgoing
from services.common.failures import Fenced, Transient, Unprocessable
from services.common.holdings import ERASED, FORGOTTEN
from services.common.ledger import Found, Ledger
from services.common.logs import logger
from services.common.topics import Topic
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
    """Where SQL itself is the state: events in an open transaction. What is to be published goes
    through the service's outbox."""

    @property
    def service(self) -> str: ...

    @property
    def reads(self) -> tuple[Topic, ...]: ...

    def begin(self, connection: sa.Connection) -> None:
        """Runs first in each transaction."""

    def handle(self, event: Event[Any], connection: sa.Connection) -> None: ...

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
        self._ledger = Ledger(service, engine)

    def process(self, events: Sequence[Event[Any]]) -> list[Result]:
        """One transaction for the batch; where one event spoils it, one for each."""
        try:
            return self._transaction(events)
        except (DBAPIError, psycopg.Error) as error:
            self.forget()
            if transient := as_transient(error):
                raise transient from error
            if len(events) == 1:
                return [Result(failure=_failure(error, events[0], self.service))]
            return [result for event in events for result in self.process([event])]
        except Fenced:
            self.forget()
            raise

    @abstractmethod
    def _transaction(self, events: Sequence[Event[Any]]) -> list[Result]:
        """Handles and stores the events in one transaction."""

    @abstractmethod
    def forget(self) -> None:
        """Drops what is cached."""

    def purge(self) -> None:
        self._ledger.purge()


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
        """Where the states are at hand nothing is read first: an event that was handled before
        spoils the one statement that stores, and then the batch is done again with reading."""
        if all(event.key in self._cache for event in events):
            try:
                return self._attempt(events, None)
            except Fenced:
                self.forget()
        missing = {event.key for event in events} - self._cache.keys()
        found = self._ledger.find([event.id for event in events], sorted(missing))
        return self._attempt(events, found)

    def _attempt(self, events: Sequence[Event[Any]], found: Found | None) -> list[Result]:
        """Handles and stores a batch; Fenced where that does not fit what is stored.

        `found` None: nothing was read, and a failure may be that of an event handled before.
        """
        handled_before = found.handled if found else {}
        states: dict[str, tuple[S | None, int]] = {
            key: (None if state == FORGOTTEN else self._codec.validate_json(state), version)
            for key, version, state in (found.states if found else ())
            if state != ERASED
        }
        erased = {key for key, _, state in (found.states if found else ()) if state == ERASED}
        changed: dict[str, tuple[S, int]] = {}
        stored: dict[str, tuple[Outgoing, ...]] = {}
        writes: list[Write] = []
        results: list[Result] = []
        for event in events:
            if event.id in handled_before or event.id in stored:
                again = handled_before.get(event.id) or stored.get(event.id, ())
                results.append(Result(again, event.traceparent, repeated=True))
                continue
            if event.key in erased:  # it was on its way when the customer was erased
                stored[event.id] = ()
                results.append(Result(traceparent=event.traceparent))
                continue
            state, version = states.get(event.key) or self._cache.get(event.key, (None, 0))
            try:
                with span(f"process {event.topic.name}", event.traceparent) as traceparent:
                    handled = self._handler.handle(event, state)
            except Transient:
                raise
            except Exception as error:
                if found is None:
                    raise Fenced from error
                results.append(Result(failure=_failure(error, event, self.service)))
                continue
            if handled.state is not None:
                states[event.key] = changed[event.key] = (handled.state, version)
            writes += handled.writes
            stored[event.id] = _dated(handled.outgoing)
            results.append(Result(stored[event.id], traceparent))
        self._store(changed, stored, writes)
        for key, (kept, version) in changed.items():
            self._keep(key, kept, version + 1)
        return results

    def _store(
        self,
        changed: dict[str, tuple[S, int]],
        stored: dict[str, tuple[Outgoing, ...]],
        writes: Sequence[Write],
    ) -> None:
        rows = [(k, v + 1, self._codec.dump_json(state)) for k, (state, v) in changed.items()]
        if not writes:
            self._ledger.store(rows, stored)
            return
        with self._engine.begin() as connection:
            for write in writes:
                write(connection)
            self._ledger.store(rows, stored, within=connection)

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
        except (Transient, DBAPIError, psycopg.Error):
            raise
        except Exception:
            return self._run(events, savepoints=True)

    def _run(self, events: Sequence[Event[Any]], *, savepoints: bool) -> list[Result]:
        results: list[Result] = []
        failed: list[str] = []
        with self._engine.begin() as connection:
            self._handler.begin(connection)
            new = self._ledger.claim([event.id for event in events], within=connection)
            for event in events:
                if event.id not in new:
                    results.append(Result(traceparent=event.traceparent, repeated=True))
                    continue
                new.remove(event.id)
                try:
                    with (
                        span(f"process {event.topic.name}", event.traceparent) as traceparent,
                        connection.begin_nested() if savepoints else nullcontext(),
                    ):
                        self._handler.handle(event, connection)
                except (Transient, DBAPIError, psycopg.Error):
                    raise
                except Exception as error:
                    if not savepoints:
                        raise
                    failed.append(event.id)
                    results.append(Result(failure=_failure(error, event, self.service)))
                    continue
                results.append(Result(traceparent=traceparent))
            if failed:
                self._ledger.release(failed, within=connection)
        self._handler.committed()
        return results
