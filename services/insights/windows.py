"""Live windows by faust: messages, care states and hand-overs by queue and minute.

The tables live in memory; their changelogs bring them back after a restart. Offsets are committed
every two seconds, so that what was counted since the last commit is counted again after a kill,
and nothing is lost: see docs/metrics.md for what was measured. Nothing here is on the path of a
message, so an undecodable record is counted as skipped and passed over (the outcomes' loop sends
it to the dead letters), and a failure ends the windows alone, which begin again after a pause.
"""

import asyncio
import logging
import ssl
import threading
import time
from contextlib import suppress
from typing import Any

import faust
from google.protobuf.message import DecodeError

from rapport.v1 import conversation_pb2, message_pb2
from services.common import metrics
from services.common.kafka import Connection
from services.common.logs import logger
from services.common.topics import CONVERSATION_CHANGED, MESSAGE_SCORED, PARTITIONS
from services.insights.changelogs import APP, COUNTS, QUEUES, create_missing
from services.insights.floor import (
    MINUTE,
    WITH_BOT,
    Cell,
    Kind,
    QueueNames,
    last_full_minute,
    state_name,
    summed,
)
from services.insights.gauges import Gauges
from services.insights.settings import InsightsSettings

log = logger(__name__)

SHOW_SECONDS = 5.0
WATCH_SECONDS = 0.25
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
SERVICE = "insights-windows"
_BOT_HAS_IT = (
    conversation_pb2.CONVERSATION_STATE_BOT,
    conversation_pb2.CONVERSATION_STATE_CLOSED,
)


class Floor:
    """The tables, and what each record does to them."""

    def __init__(self, app: Any) -> None:
        # Three minutes: the current one, the last full one, and one for records that come late.
        table = app.Table(COUNTS, default=int, partitions=PARTITIONS)
        self._counts = table.tumbling(MINUTE, expires=3 * MINUTE)
        self._stored = table
        self._queues = app.Table(QUEUES, default=str, partitions=PARTITIONS)
        self._names = QueueNames()

    def scored(self, partition: int, value: bytes) -> None:
        """A customer's message: counted with its state in the queue of its conversation."""
        message = message_pb2.MessageScored.FromString(value)
        # Not by the default: faust would store it for every conversation.
        waits = message.ref.conversation_id in self._queues
        queue = self._queues[message.ref.conversation_id] if waits else WITH_BOT
        self._count(Cell(partition, Kind.MESSAGE, queue))
        if state := state_name(message.reading.state):
            self._count(Cell(partition, Kind.STATE, queue, state))

    def changed(self, partition: int, value: bytes) -> None:
        """A move: remembers the queue, and counts those that go from the bot into one."""
        change = conversation_pb2.ConversationChanged.FromString(value)
        queue = self._names.bounded(change.queue)
        if change.to not in _BOT_HAS_IT:
            self._queues[change.conversation_id] = queue
        elif change.conversation_id in self._queues:
            del self._queues[change.conversation_id]
        came_from = getattr(change, "from")
        if (
            change.to == conversation_pb2.CONVERSATION_STATE_QUEUED
            and came_from == conversation_pb2.CONVERSATION_STATE_BOT
        ):
            self._count(Cell(partition, Kind.HANDOVER, queue))

    def _count(self, cell: Cell) -> None:
        self._counts[cell.key()] += 1

    def minute(self, begin: float, partitions: set[int]) -> dict[tuple[Kind, str, str], int]:
        """Sums of one minute."""
        return summed(list(self._stored.data.items()), begin, partitions)


def build_app(settings: InsightsSettings) -> Any:
    """The faust app with its agents, for the event loop that runs now."""
    folder = settings.state_folder / "windows"
    folder.mkdir(parents=True, exist_ok=True)
    app = faust.App(
        APP,
        broker=[f"kafka://{each}" for each in settings.kafka_bootstrap_servers.split(",")],
        broker_credentials=_credentials(settings.connection()),
        loop=asyncio.get_running_loop(),
        datadir=folder,
        store="memory://",
        web_enabled=False,
        autodiscover=False,
        topic_disable_leader=True,
        # Topics are declared by us: faust would give the sources settings of its own.
        topic_allow_declare=False,
        # Windows are about now: a first start does not read a month of messages.
        consumer_auto_offset_reset="latest",
        # After a kill the group waits this long for the member that will not come back.
        broker_session_timeout=10.0,
        broker_heartbeat_interval=3.0,
        broker_commit_interval=2.0,
        # In seconds, not milliseconds.
        producer_linger=0.0,
    )
    floor, gauges = Floor(app), Gauges()

    def source(name: str) -> Any:
        return app.topic(
            name, key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw"
        )

    async def take(stream: Any, topic: str, count: Any) -> None:
        async for event in stream.events():
            try:
                count(event.message.partition, event.value or b"")
                outcome = "handled"
            except (DecodeError, UnicodeDecodeError):
                outcome = "skipped"
            metrics.EVENTS.labels(SERVICE, topic, outcome).inc()

    @app.agent(source(MESSAGE_SCORED.name), name="scored")
    async def scored(stream: Any) -> None:
        await take(stream, MESSAGE_SCORED.name, floor.scored)

    @app.agent(source(CONVERSATION_CHANGED.name), name="changed")
    async def changed(stream: Any) -> None:
        await take(stream, CONVERSATION_CHANGED.name, floor.changed)

    @app.timer(interval=SHOW_SECONDS)  # type: ignore[untyped-decorator]  # faust does not say
    async def show() -> None:
        ours = {tp.partition for tp in app.consumer.assignment() if tp.topic == MESSAGE_SCORED.name}
        gauges.show(floor.minute(last_full_minute(time.time()), ours))

    return app


class Windows:
    """Runs the app in a loop of its own until stopped. A worker of a ThreadPart."""

    def __init__(self, settings: InsightsSettings) -> None:
        self._settings = settings
        self._stopping = threading.Event()

    def stop(self) -> None:
        """Asks the windows to end; they do at once, or within seconds."""
        self._stopping.set()

    def run(self) -> None:
        """Runs until stopped; a failure begins anew after a pause."""
        # In an outage it writes 25 lines a second; the outcomes' client says it once.
        logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
        pause = FIRST_PAUSE
        while not self._stopping.is_set():
            began = time.monotonic()
            try:
                create_missing(
                    self._settings.connection(), replication=self._settings.changelog_replication
                )
                asyncio.run(self._serve())
            except Exception as error:
                # The text of a library's error may quote a record.
                log.warning("windows_failed", error=type(error).__name__)
            if time.monotonic() - began > LONGEST_PAUSE:
                pause = FIRST_PAUSE
            self._stopping.wait(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _serve(self) -> None:
        app = build_app(self._settings)
        starting = asyncio.create_task(app.start(), name="start windows")
        try:
            while not self._stopping.is_set():
                await asyncio.sleep(WATCH_SECONDS)
                if starting.done():
                    starting.result()
                if app.crashed:
                    raise app.crash_reason or RuntimeError("faust ended")
        finally:
            if not starting.done():
                starting.cancel()
                with suppress(asyncio.CancelledError):
                    await starting
            await asyncio.wait_for(app.stop(), 10)


def _credentials(connection: Connection) -> Any:
    """How faust logs in, from the settings that every client has."""
    context = None
    if connection.security_protocol.endswith("SSL"):
        context = ssl.create_default_context(cafile=connection.ssl_cafile)
        if connection.ssl_certfile:
            context.load_cert_chain(connection.ssl_certfile, connection.ssl_keyfile)
    if connection.security_protocol.startswith("SASL"):
        return faust.SASLCredentials(
            username=connection.sasl_username,
            password=connection.sasl_password,
            mechanism=connection.sasl_mechanism,
            ssl_context=context,
        )
    return faust.SSLCredentials(context) if context is not None else None
