"""Server-sent events: several workers write to one stream, and a ping keeps it open."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any

import orjson

from services.common.logs import logger

log = logger(__name__)

HEARTBEAT_SECONDS = 10.0
RECONNECT_MILLISECONDS = 1_000
MOST_QUEUED = 1_000


class Stream:
    """One open stream. Workers `send`; it ends when one of them fails or `close` is called."""

    def __init__(self) -> None:
        # Bounded: a page that does not read is not written to.
        self._queue: asyncio.Queue[bytes | None] = asyncio.Queue(MOST_QUEUED)

    async def send(self, name: str, data: Any, id_: int | None = None) -> None:
        """One event; `id_` is what the page comes back with."""
        head = b"" if id_ is None else b"id: %d\n" % id_
        await self._queue.put(
            head + b"event: %s\ndata: %s\n\n" % (name.encode(), orjson.dumps(data))
        )

    def close(self) -> None:
        """Ends the stream; the page comes back by itself."""
        if self._queue.full():
            self._queue.get_nowait()
        self._queue.put_nowait(None)

    async def run(
        self, *workers: Callable[["Stream"], Awaitable[None]]
    ) -> AsyncGenerator[bytes, None]:
        """The bytes of the stream while the workers work."""
        tasks = [asyncio.create_task(self._guarded(worker)) for worker in workers]
        try:
            yield b"retry: %d\n\n" % RECONNECT_MILLISECONDS
            while True:
                try:
                    async with asyncio.timeout(HEARTBEAT_SECONDS):
                        event = await self._queue.get()
                except TimeoutError:
                    event = b"event: ping\ndata: 0\n\n"
                if event is None:
                    return
                yield event
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _guarded(self, worker: Callable[["Stream"], Awaitable[None]]) -> None:
        try:
            await worker(self)
        except Exception as error:
            log.warning("stream_failed", error=type(error).__name__)
        self.close()


class Streams:
    """A part of the service: the open streams, which end when it is drained."""

    def __init__(self) -> None:
        self._open: set[Stream] = set()
        self._closing = False

    async def run(
        self, *workers: Callable[[Stream], Awaitable[None]]
    ) -> AsyncGenerator[bytes, None]:
        """A new stream."""
        stream = Stream()
        self._open.add(stream)
        try:
            async for event in stream.run(*workers):
                yield event
        finally:
            self._open.discard(stream)

    async def start(self) -> None:
        """Nothing to start."""

    async def drain(self) -> None:
        """Ends all streams: pages come back, to another replica or after the restart."""
        self._closing = True
        for stream in tuple(self._open):
            stream.close()

    def ready(self) -> bool:
        """Whether streams are served."""
        return not self._closing
