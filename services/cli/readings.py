"""What the platform read and decided beside each reply: the door's record view, as it grows."""

import asyncio
from contextlib import suppress
from typing import Any

import httpx
import orjson
from httpx_sse import aconnect_sse

from services.cli.door import door_headers

PAUSE_SECONDS = 0.5
Entry = dict[str, Any]


class Readings:
    """Follows the record of one conversation by server-sent events."""

    def __init__(self, door: str, conversation_id: str) -> None:
        self._address = f"{door}/v1/conversations/{conversation_id}/events"
        self._position = 0
        self._entries: dict[str, Entry] = {}
        self._grown = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "Readings":
        self._task = asyncio.create_task(self._run(), name="readings")
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def of(self, reply_id: str, seconds: float = 2.0) -> Entry:
        """The record's entry of a reply; {} when it does not come within `seconds`."""
        deadline = asyncio.get_running_loop().time() + seconds
        while reply_id not in self._entries:
            self._grown.clear()
            left = deadline - asyncio.get_running_loop().time()
            try:
                await asyncio.wait_for(self._grown.wait(), max(0.0, left))
            except TimeoutError:
                return {}
        return self._entries[reply_id]

    async def _run(self) -> None:
        async with httpx.AsyncClient(
            timeout=httpx.Timeout(10.0, read=None), headers=door_headers()
        ) as client:
            while True:
                # The door may be away for a moment.
                with suppress(httpx.HTTPError, orjson.JSONDecodeError):
                    await self._follow(client)
                await asyncio.sleep(PAUSE_SECONDS)

    async def _follow(self, client: httpx.AsyncClient) -> None:
        query: dict[str, str | int] = {"view": "record", "after": self._position}
        async with aconnect_sse(client, "GET", self._address, params=query) as source:
            source.response.raise_for_status()
            async for event in source.aiter_sse():
                if not event.data:
                    continue  # it only says how soon to come back
                entry: Entry = orjson.loads(event.data)
                self._position = entry.get("position", self._position)
                if entry.get("type") == "reply":
                    self._entries[entry["id"]] = entry
                    self._grown.set()
