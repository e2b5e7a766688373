"""Keeps the records fresh while the service runs: demo data of today, no results of long ago."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy.exc import DBAPIError

from services.backoffice.actions import DEFAULT_TENANT
from services.backoffice.demo import demo_records
from services.backoffice.store import SqlStore
from services.common.logs import logger

log = logger(__name__)

ROUND_SECONDS = 600.0


class Upkeep:
    """A part of the service: once before the first call is answered, then every ten minutes."""

    def __init__(
        self,
        store: SqlStore,
        now: Callable[[], datetime],
        *,
        demo_data: bool,
        keep_results: timedelta,
        round_seconds: float = ROUND_SECONDS,
    ) -> None:
        self._store = store
        self._now = now
        self._demo_data = demo_data
        self._keep_results = keep_results
        self._round_seconds = round_seconds
        self._rounds: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """The first round; its failure ends the start."""
        await asyncio.to_thread(self._round)
        self._rounds = asyncio.create_task(self._repeat())

    def ready(self) -> bool:
        """Whether the first round is done."""
        return self._rounds is not None

    async def drain(self) -> None:
        """Ends the rounds."""
        if self._rounds is not None:
            self._rounds.cancel()
            with suppress(asyncio.CancelledError):
                await self._rounds

    async def _repeat(self) -> None:
        while True:
            await asyncio.sleep(self._round_seconds)
            try:
                await asyncio.to_thread(self._round)
            except DBAPIError as error:
                # The next round does what this one could not; calls report the outage.
                log.warning("upkeep_failed", error=type(error).__name__)

    def _round(self) -> None:
        now = self._now()
        if self._demo_data and self._store.load_demo(DEFAULT_TENANT, now.date(), demo_records(now)):
            log.info("demo_data_loaded", made_for=now.date().isoformat())
        forgotten = self._store.forget_results(now - self._keep_results)
        if forgotten:
            log.info("results_forgotten", count=forgotten)
