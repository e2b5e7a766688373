"""Wakes the streams of agents whose assignments changed. Lives in the server's event loop."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

Agent = tuple[str, str]


class Watchers:
    """The open streams of this replica by (tenant, agent)."""

    def __init__(self) -> None:
        self._waiting: dict[Agent, set[asyncio.Event]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self.closed = False

    @contextmanager
    def watch(self, agent: Agent) -> Iterator[asyncio.Event]:
        """An event that is set whenever this agent's assignments may have changed."""
        self._loop = asyncio.get_running_loop()
        event = asyncio.Event()
        self._waiting.setdefault(agent, set()).add(event)
        try:
            yield event
        finally:
            waiting = self._waiting[agent]
            waiting.discard(event)
            if not waiting:
                del self._waiting[agent]

    def changed(self, agent: Agent | None) -> None:
        """Wakes one agent's streams, or all. May be called from any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake, agent)

    def _wake(self, agent: Agent | None) -> None:
        woken = self._waiting.values() if agent is None else [self._waiting.get(agent, set())]
        for events in woken:
            for event in events:
                event.set()

    # As a part of the service: draining ends the streams, so that agents come back elsewhere.

    async def start(self) -> None:
        """Nothing to start."""

    async def drain(self) -> None:
        """Ends all streams."""
        self.closed = True
        self._wake(None)

    def ready(self) -> bool:
        """Whether streams are served."""
        return not self.closed
