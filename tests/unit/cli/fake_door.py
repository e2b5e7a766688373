"""A door that a test scripts: a WebSocket server that remembers what was sent to it."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

Frame = dict[str, Any]
Answer = Callable[["FakeDoor", ServerConnection, Frame], Awaitable[None]]


class FakeDoor:
    """`frames` are what customers sent; `queries` the query of each connection."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self.frames: list[Frame] = []
        self.queries: list[dict[str, list[str]]] = []
        self.position = 0
        self.address = ""

    async def accept(self, socket: ServerConnection, frame: Frame, event_id: str) -> None:
        """Says that a frame was accepted."""
        accepted = {"type": "accepted", "id": frame["id"], "event_id": event_id, "sequence": 1}
        await socket.send(json.dumps(accepted))

    async def reply(self, socket: ServerConnection, to: str, **more: Any) -> None:
        """Delivers a reply to an event."""
        self.position += 1
        reply = {
            "type": "reply",
            "position": self.position,
            "id": f"reply-{to}",
            "author": "bot",
            "text": "an answer",
            "in_reply_to": to,
            "action": "answer",
            "sources": [],
        }
        await socket.send(json.dumps(reply | more))

    async def _serve(self, socket: ServerConnection) -> None:
        assert socket.request is not None
        self.queries.append(parse_qs(urlsplit(socket.request.path).query))
        try:
            async for raw in socket:
                frame = json.loads(raw)
                self.frames.append(frame)
                await self._answer(self, socket, frame)
        except ConnectionClosed:
            return


@asynccontextmanager
async def door(answer: Answer) -> AsyncIterator[FakeDoor]:
    """A door on a free port of the loopback address."""
    fake = FakeDoor(answer)
    async with serve(fake._serve, "127.0.0.1", 0) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        fake.address = f"http://127.0.0.1:{port}"
        yield fake
