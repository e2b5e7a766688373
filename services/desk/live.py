"""What an open page hears: its inbox, its conversation, the floor."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import grpc

from rapport.v1 import conversation_pb2, services_pb2
from services.common.open_messages import OpenMessages
from services.desk.accounts import Account, Act, Session
from services.desk.calls import AWAY, Calls
from services.desk.curve import curve, words
from services.desk.entries import Entry, entry_of
from services.desk.packet import line_of
from services.desk.pages import Pages
from services.desk.readings import Readings
from services.desk.sse import Stream
from services.desk.words import WARMTH, conversation_state

PAUSE_SECONDS = 0.5
COMPANY_SECONDS = 0.04
"""How long the first of several entries waits for the others: they come to the page as one."""

HELD = ("offered", "agent", "wrap_up")
Check = Callable[[], Awaitable[Session | None]]


class Live:
    """Makes the workers of streams."""

    def __init__(
        self, calls: Calls, readings: Readings, pages: Pages, *, presence_seconds: float
    ) -> None:
        self._calls = calls
        self._readings = readings
        self._pages = pages
        self._presence_seconds = presence_seconds

    def presence(self, check: Check) -> Callable[[Stream], Awaitable[None]]:
        """Keeps the account present while its page is open; ends with the session."""

        async def worker(stream: Stream) -> None:
            while session := await check():
                account = session.account
                try:
                    await self._calls.be(account, account.presence)
                    await stream.send("trouble", {"with": ""})
                except grpc.aio.AioRpcError:
                    await stream.send("trouble", {"with": "routing"})
                await asyncio.sleep(self._presence_seconds)
            await stream.send("signed-out", {})

        return worker

    def inbox(self, account: Account) -> Callable[[Stream], Awaitable[None]]:
        """One agent's conversations: all of them whenever the watch begins, then what changes."""

        async def begin(stream: Stream) -> None:
            held = await self._calls.held(account.name)
            lines = [line_of(each.assignment, queue=each.queue) for each in held]
            items = [self._item(each.assignment) | {"html": self._pages.line(line)}
                     for each, line in zip(held, lines, strict=True)]  # fmt: skip
            await stream.send("reset", {"items": items})

        async def worker(stream: Stream) -> None:
            while True:
                with suppress(grpc.aio.AioRpcError):
                    watched = self._calls.watch(account.name)
                    await begin(stream)
                    async for assignment in watched:
                        item = self._item(assignment)
                        if item["where"] in HELD:
                            item["html"] = self._pages.line(line_of(assignment))
                        await stream.send("item", item)
                await asyncio.sleep(PAUSE_SECONDS)

        return worker

    @staticmethod
    def _item(assignment: conversation_pb2.Assignment) -> dict[str, Any]:
        return {
            "id": assignment.conversation_id,
            "where": conversation_state(assignment.state),
            "unanswered": bool(assignment.last_message_id),
        }

    def conversation(
        self, account: Account, conversation_id: str, *, after: int, since: int
    ) -> Callable[[Stream], Awaitable[None]]:
        """What is said and done in one conversation after a position, and what was read of it.

        `since` is the version of its newest move as routing had it when the page opened it.
        """
        reader = _Reader(self, account, conversation_id, after, since)
        return reader.work

    async def readings(self, stream: Stream, entries: list[Entry], turned: dict[str, bool]) -> None:
        """Tells what was read of a conversation's messages, and their course."""
        felt = await self._readings.of(entries)
        await stream.send(
            "readings",
            {
                "badges": {each.message_id: self._pages.badge(each.message_id, each.state)
                           for each in felt},
                "curve": str(curve(felt, turned)),
                "words": words(felt, turned),
                "warmth": WARMTH.get(felt[-1].state, "calm") if felt else "",
            },
        )  # fmt: skip


class _Reader:
    """One open conversation. Reads the record from its beginning: whose a message is, only that
    tells; the page is told what comes after its position."""

    def __init__(
        self, live: Live, account: Account, conversation_id: str, after: int, since: int
    ) -> None:
        self._live = live
        self._account = account
        self._id = conversation_id
        self._told = after
        self._read = 0
        self._entries: list[Entry] = []
        self._turned: dict[str, bool] = {}
        self._since = since
        self._messages = OpenMessages(account.name, since)
        self._latest: conversation_pb2.ConversationChanged | None = None
        self._seen_readings = 0
        self._reading: asyncio.Task[None] | None = None

    async def work(self, stream: Stream) -> None:
        arrived: asyncio.Queue[services_pb2.Delivery] = asyncio.Queue(1_000)
        fetching = asyncio.create_task(self._fetch(arrived))
        try:
            while True:
                batch = [await arrived.get()]
                await asyncio.sleep(COMPANY_SECONDS)
                while not arrived.empty():
                    batch.append(arrived.get_nowait())
                await self._take(stream, batch)
                if not self._may_look():
                    await stream.send("gone", {})
                    return
        finally:
            for task in (fetching, self._reading):
                if task is not None:
                    task.cancel()

    async def _fetch(self, arrived: asyncio.Queue[services_pb2.Delivery]) -> None:
        while True:
            try:
                async for delivery in self._live._calls.record(self._id, self._read):
                    self._read = delivery.position
                    await arrived.put(delivery)
            except grpc.aio.AioRpcError as error:
                if error.code() not in AWAY:
                    raise
            await asyncio.sleep(PAUSE_SECONDS)

    async def _take(self, stream: Stream, batch: list[services_pb2.Delivery]) -> None:
        html = []
        for delivery in batch:
            self._messages.take(delivery)
            if delivery.HasField("changed"):
                self._latest = delivery.changed
            elif delivery.HasField("reply"):
                points = delivery.reply.trajectory.turning_points
                self._turned |= {point.message_id: point.worse for point in points}
            entry = entry_of(delivery)
            if entry is None:
                continue
            self._entries.append(entry)
            if delivery.position > self._told:
                html.append(self._live._pages.entry(entry, own=entry.who == self._account.name))
        self._told = max(self._told, batch[-1].position)
        due = self._messages.due()
        changed = self._latest
        await stream.send(
            "entries",
            {
                "html": "".join(html),
                "where": conversation_state(changed.to) if changed else "bot",
                "mine": bool(changed and changed.agent_id == self._account.name),
                "version": changed.version if changed else 0,
                "due": due[-1].ref.message_id if due else "",
                "through": self._messages.through(),
            },
            self._told,
        )
        self._read_on(stream)

    def _read_on(self, stream: Stream) -> None:
        readable = sum(entry.readable for entry in self._entries)
        if readable == self._seen_readings or (self._reading and not self._reading.done()):
            return
        self._seen_readings = readable

        async def read() -> None:
            await self._live.readings(stream, list(self._entries), self._turned)

        self._reading = asyncio.create_task(read())
        # What came while it was reading is read after it.
        self._reading.add_done_callback(
            lambda task: None if task.cancelled() else self._read_on(stream)
        )

    def _may_look(self) -> bool:
        """Whether it is still this account's to look at, as far as the record has come."""
        changed = self._latest
        if self._account.may(Act.WATCH_FLOOR) or changed is None:
            return True
        here = changed.agent_id == self._account.name and conversation_state(changed.to) in HELD
        return here or changed.version <= self._since
