"""Simulated customers."""

import asyncio
import json
import time

from websockets.asyncio.server import ServerConnection

from services.cli.conversations import Conversation
from services.cli.door import Frame
from services.cli.players import Pace, play_all
from tests.unit.cli.fake_door import FakeDoor, door


def test_each_turn_waits_for_the_answer_to_the_one_before() -> None:
    unanswered: set[str] = set()

    async def answer(fake: FakeDoor, socket: ServerConnection, frame: Frame) -> None:
        if frame["type"] == "message":
            assert not unanswered, "a customer wrote before the answer came"
            unanswered.add(frame["id"])
            await fake.accept(socket, frame, frame["id"])
            await asyncio.sleep(0.02)
            unanswered.discard(frame["id"])
            await fake.reply(socket, frame["id"])
        else:
            await fake.accept(socket, frame, frame["id"])

    async def scenario() -> None:
        async with door(answer) as fake:
            talk = Conversation("talk", ("one", "two", "three"), "bank")
            (played,) = await play_all([talk], fake.address, "demo", rate=0, at_once=4)
            assert [f["text"] for f in fake.frames if f["type"] == "message"] == [
                "one",
                "two",
                "three",
            ]
            assert fake.frames[-1]["type"] == "end"
            assert played.conversation_id == "demo-talk"
            assert len(played.by_platform) == len(played.accepted) == 3
            assert all(seconds >= 0.02 for seconds in played.by_platform)
            assert not played.unanswered
            assert not played.refused

    asyncio.run(scenario())


def test_what_is_not_answered_or_refused_is_told() -> None:
    async def answer(fake: FakeDoor, socket: ServerConnection, frame: Frame) -> None:
        if frame.get("text") == "refuse me":
            refused = {"type": "rejected", "id": frame["id"], "status": 400, "detail": "no"}
            await socket.send(json.dumps(refused))
        else:
            await fake.accept(socket, frame, "event")

    async def scenario() -> None:
        async with door(answer) as fake:
            talks = [Conversation("a", ("refuse me",)), Conversation("b", ("silence",))]
            first, second = await play_all(
                talks, fake.address, "demo", rate=0, at_once=1, patience=0.1
            )
            assert first.refused == ["400: no"]
            assert second.unanswered == ["event"]

    asyncio.run(scenario())


def test_the_pace_keeps_messages_apart() -> None:
    async def scenario() -> float:
        pace = Pace(100)
        began = time.monotonic()
        await asyncio.gather(*(pace() for _ in range(6)))
        return time.monotonic() - began

    assert asyncio.run(scenario()) >= 0.05
