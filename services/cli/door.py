"""A customer's side of the front door: one conversation over its WebSocket.

Survives a restart of the door: it connects again after the last position it saw, and sends again,
under the same id, what was not yet accepted.
"""

import asyncio
import os
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import orjson
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus

Frame = dict[str, Any]
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 2.0


def door_headers() -> dict[str, str]:
    """What a command shows at the door: the key in RAPPORT_KEY, for a door that asks for one."""
    key = os.environ.get("RAPPORT_KEY")
    return {"authorization": f"Bearer {key}"} if key else {}


class DoorRefused(RuntimeError):
    """The door does not take this: the message says which status and why."""


@dataclass(frozen=True)
class Delivered:
    """A reply of the platform or a message of an agent, as it came. `at` is a perf_counter."""

    id: str
    author: str
    text: str
    in_reply_to: str | None
    action: str | None
    at: float
    sources: tuple[str, ...] = ()


class CustomerLine:
    """An open conversation. `on_event` hears every frame that is delivered, in order."""

    def __init__(
        self,
        door: str,
        conversation_id: str,
        *,
        customer_id: str | None = None,
        after: int = 0,
        on_event: Callable[[Frame], None] | None = None,
        patience: float = 60.0,
    ) -> None:
        self.conversation_id = conversation_id
        self._door = door.replace("http", "ws", 1)
        self._customer_id = customer_id
        self._on_event = on_event or (lambda frame: None)
        self._patience = patience
        self._position = after
        self._socket: ClientConnection | None = None
        self._pending: dict[str, tuple[Frame, asyncio.Future[Frame]]] = {}
        self._answers: dict[str, Delivered] = {}
        self._waiting: dict[str, asyncio.Future[Delivered]] = {}
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "CustomerLine":
        self._task = asyncio.create_task(self._run(), name=f"line {self.conversation_id}")
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self._socket is not None:
            await self._socket.close()

    async def say(self, text: str, attributes: Mapping[str, str] | None = None) -> str:
        """Sends a message and returns its id once the door accepted it.

        DoorRefused when the door does not want it, or stays away for longer than the patience.
        """
        frame: Frame = {"type": "message", "text": text}
        if attributes:
            frame["attributes"] = dict(attributes)
        return str((await self._send(frame))["event_id"])

    async def ask_for_person(self) -> str:
        """The widget's button; the id of the event."""
        return str((await self._send({"type": "person"}))["event_id"])

    async def end(self) -> None:
        """The customer closes the conversation."""
        await self._send({"type": "end"})

    async def answer(self, message_id: str, seconds: float) -> Delivered:
        """The answer to a message; TimeoutError when none is delivered within `seconds`."""
        if message_id in self._answers:
            return self._answers[message_id]
        future = self._waiting.setdefault(message_id, asyncio.get_running_loop().create_future())
        return await asyncio.wait_for(asyncio.shield(future), seconds)

    async def _send(self, frame: Frame) -> Frame:
        # The id is ours, so that a frame that is sent again happens once.
        frame = {"id": str(uuid.uuid4()), **frame}
        deadline = time.monotonic() + self._patience
        while True:
            answer = await self._ask(frame, max(0.1, deadline - time.monotonic()))
            if answer["type"] == "accepted":
                return answer
            later = answer.get("retry_after") or 1.0
            busy = answer.get("status") in (429, 503)
            if not busy or time.monotonic() + later > deadline:
                detail = answer.get("detail") or answer.get("title")
                raise DoorRefused(f"{answer.get('status')}: {detail}")
            await asyncio.sleep(later)

    async def _ask(self, frame: Frame, seconds: float) -> Frame:
        future: asyncio.Future[Frame] = asyncio.get_running_loop().create_future()
        self._pending[frame["id"]] = (frame, future)
        try:
            if self._socket is not None:
                await self._put(self._socket, frame)
            return await asyncio.wait_for(future, seconds)
        except TimeoutError:
            raise DoorRefused("503: the door did not accept it in time") from None
        finally:
            self._pending.pop(frame["id"], None)

    @staticmethod
    async def _put(socket: ClientConnection, frame: Frame) -> None:
        try:
            await socket.send(orjson.dumps(frame).decode())
        except ConnectionClosed:
            return  # it stays pending and goes out again on the next connection

    async def _run(self) -> None:
        pause = FIRST_PAUSE
        while True:
            try:
                async with connect(
                    self._url(),
                    max_size=None,
                    compression=None,
                    additional_headers=door_headers(),
                ) as socket:
                    pause = FIRST_PAUSE
                    self._socket = socket
                    for frame, _ in list(self._pending.values()):
                        await self._put(socket, frame)
                    async for raw in socket:
                        self._take(orjson.loads(raw))
            except InvalidStatus as error:
                status = error.response.status_code
                if status < 500 and status != 429:
                    self._refuse(f"{status}: {_detail(error.response.body)}")
            except (ConnectionClosed, InvalidHandshake, OSError, TimeoutError):
                pass  # the door is away for a moment
            finally:
                self._socket = None
            await asyncio.sleep(pause)
            pause = min(LONGEST_PAUSE, pause * 2)

    def _url(self) -> str:
        query = {"conversation_id": self.conversation_id, "after": self._position}
        if self._customer_id is not None:
            query["customer_id"] = self._customer_id
        return f"{self._door}/v1/chat?{urlencode(query)}"

    def _refuse(self, detail: str) -> None:
        for _, future in self._pending.values():
            if not future.done():
                future.set_exception(DoorRefused(detail))

    def _take(self, frame: Frame) -> None:
        if frame["type"] in ("accepted", "rejected"):
            pending = self._pending.get(frame.get("id", ""))
            if pending is not None and not pending[1].done():
                pending[1].set_result(frame)
            return
        position = frame.get("position")
        if isinstance(position, int):
            if position <= self._position:
                return
            self._position = position
        if frame["type"] in ("reply", "message"):
            self._deliver(frame)
        self._on_event(frame)

    def _deliver(self, frame: Frame) -> None:
        answered = frame.get("in_reply_to")
        delivered = Delivered(
            id=frame["id"],
            author=frame["author"],
            text=frame["text"],
            in_reply_to=answered,
            action=frame.get("action"),
            at=time.perf_counter(),
            sources=tuple(source["id"] for source in frame.get("sources", ())),
        )
        if answered is None:
            return
        self._answers.setdefault(answered, delivered)
        waiting = self._waiting.pop(answered, None)
        if waiting is not None and not waiting.done():
            waiting.set_result(delivered)


def _detail(body: bytes | bytearray | None) -> str:
    try:
        problem = orjson.loads(body or b"")
        return str(problem.get("detail") or problem.get("title"))
    except (orjson.JSONDecodeError, AttributeError):
        return "refused"
