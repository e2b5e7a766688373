"""What the door does on the side: marks what is published, deletes what is old."""

import asyncio
from collections.abc import Awaitable, Callable

from services.common.failures import Transient
from services.common.logs import logger
from services.ingestion.acceptance import Acceptor

log = logger(__name__)

GATHER_SECONDS = 0.2
PURGE_SECONDS = 3600.0
RETRY_SECONDS = 1.0


class Housekeeping:
    """A part of the service: two small tasks on its event loop."""

    def __init__(self, acceptor: Acceptor, purge: Callable[[], Awaitable[None]]) -> None:
        self._acceptor = acceptor
        self._purge = purge
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        self._tasks = [
            asyncio.create_task(self._settle(), name="settle"),
            asyncio.create_task(self._purge_hourly(), name="purge"),
        ]

    async def drain(self) -> None:
        """Marks what is left; if that fails, a repeat publishes it once more, with the same id."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        try:
            await self._acceptor.settle()
        except Transient as error:
            log.warning("not_settled", reason=error.reason)

    def ready(self) -> bool:
        return all(not task.done() for task in self._tasks)

    async def _settle(self) -> None:
        while True:
            await self._acceptor.acknowledged.wait()
            await asyncio.sleep(GATHER_SECONDS)
            self._acceptor.acknowledged.clear()
            try:
                await self._acceptor.settle()
            except Transient as error:
                log.warning("settling_later", reason=error.reason)
                self._acceptor.acknowledged.set()
                await asyncio.sleep(RETRY_SECONDS)

    async def _purge_hourly(self) -> None:
        while True:
            await asyncio.sleep(PURGE_SECONDS)
            try:
                await self._purge()
            except Transient as error:
                log.warning("purging_later", reason=error.reason)
