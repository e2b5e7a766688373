"""A customer's line to the door: nothing is lost or said twice when the door goes away."""

import asyncio
import json

import pytest
from websockets.asyncio.server import ServerConnection

from services.cli.door import CustomerLine, DoorRefused, Frame
from tests.unit.cli.fake_door import FakeDoor, door

PATIENCE = 5.0


def test_says_something_and_hears_the_answer() -> None:
    async def answer(fake: FakeDoor, socket: ServerConnection, frame: Frame) -> None:
        await fake.accept(socket, frame, "event-1")
        await fake.reply(socket, "event-1")

    async def scenario() -> None:
        async with (
            door(answer) as fake,
            CustomerLine(fake.address, "c-1", customer_id="me") as line,
        ):
            message_id = await line.say("hello", {"industry": "retail"})
            delivered = await line.answer(message_id, PATIENCE)
            assert (message_id, delivered.text, delivered.author) == (
                "event-1",
                "an answer",
                "bot",
            )
            assert fake.frames[0]["text"] == "hello"
            assert fake.frames[0]["attributes"] == {"industry": "retail"}
            assert fake.queries[0]["conversation_id"] == ["c-1"]
            assert fake.queries[0]["customer_id"] == ["me"]

    asyncio.run(scenario())


def test_an_answer_that_overtakes_the_acceptance_is_not_lost() -> None:
    async def answer(fake: FakeDoor, socket: ServerConnection, frame: Frame) -> None:
        await fake.reply(socket, "event-1")
        await fake.accept(socket, frame, "event-1")

    async def scenario() -> None:
        async with door(answer) as fake, CustomerLine(fake.address, "c-1") as line:
            assert (await line.answer(await line.say("hello"), PATIENCE)).id == "reply-event-1"

    asyncio.run(scenario())


def test_sends_again_under_the_same_id_when_the_door_restarts_and_resumes() -> None:
    async def answer(fake: FakeDoor, socket: ServerConnection, frame: Frame) -> None:
        if len(fake.frames) == 1:
            await fake.accept(socket, frame, "event-1")
            await fake.reply(socket, "event-1")
        elif len(fake.frames) == 2:
            await socket.close(1012)
        else:
            await fake.accept(socket, frame, "event-2")
            # The old reply once more, as a door may that remembers less than we do.
            await fake.reply(socket, "event-1", position=1)
            await fake.reply(socket, "event-2")

    async def scenario() -> None:
        heard: list[str] = []
        async with (
            door(answer) as fake,
            CustomerLine(
                fake.address, "c-1", on_event=lambda frame: heard.append(frame["id"])
            ) as line,
        ):
            await line.answer(await line.say("first"), PATIENCE)
            await line.answer(await line.say("second"), PATIENCE)
            assert fake.frames[1]["id"] == fake.frames[2]["id"]
            assert fake.queries[1]["after"] == ["1"]
            assert heard == ["reply-event-1", "reply-event-2"]

    asyncio.run(scenario())


def test_waits_when_the_door_is_busy_and_says_it_again() -> None:
    async def answer(fake: FakeDoor, socket: ServerConnection, frame: Frame) -> None:
        if len(fake.frames) == 1:
            busy = {"type": "rejected", "id": frame["id"], "status": 429, "retry_after": 0.01}
            await socket.send(json.dumps(busy))
        else:
            await fake.accept(socket, frame, "event-1")

    async def scenario() -> None:
        async with door(answer) as fake, CustomerLine(fake.address, "c-1") as line:
            assert await line.say("hello") == "event-1"
            assert fake.frames[0]["id"] == fake.frames[1]["id"]

    asyncio.run(scenario())


def test_a_refusal_is_told_with_its_reason() -> None:
    async def answer(fake: FakeDoor, socket: ServerConnection, frame: Frame) -> None:
        refused = {"type": "rejected", "id": frame["id"], "status": 400, "detail": "text: empty"}
        await socket.send(json.dumps(refused))

    async def scenario() -> None:
        async with door(answer) as fake, CustomerLine(fake.address, "c-1") as line:
            with pytest.raises(DoorRefused, match="400: text: empty"):
                await line.say(" ")

    asyncio.run(scenario())


def test_a_door_that_never_opens_is_told_after_the_patience() -> None:
    async def scenario() -> None:
        async with CustomerLine("http://127.0.0.1:9", "c-1", patience=0.3) as line:
            with pytest.raises(DoorRefused, match="503"):
                await line.say("hello")

    asyncio.run(scenario())


def test_no_answer_is_a_timeout() -> None:
    async def answer(fake: FakeDoor, socket: ServerConnection, frame: Frame) -> None:
        await fake.accept(socket, frame, "event-1")

    async def scenario() -> None:
        async with door(answer) as fake, CustomerLine(fake.address, "c-1") as line:
            with pytest.raises(TimeoutError):
                await line.answer(await line.say("hello"), 0.1)

    asyncio.run(scenario())
