"""EmotionService as its callers see it, over a real channel."""

import asyncio
import hashlib
import random
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
import pytest
from google.rpc import error_details_pb2, status_pb2

from rapport.v1 import common_pb2, reply_pb2, services_pb2, services_pb2_grpc
from services.common.rpc import GrpcServer
from services.emotion import servicer as limits
from services.emotion.contract import reading_message
from services.emotion.inputs import Turn
from services.emotion.scorer import Reading, Scorer
from services.emotion.servicer import SERVICE, EmotionServicer
from services.emotion.serving import Serving

TEXTS = (
    "Hi, where is my order?",
    "This is the third time I am calling and nobody helps me!!!",
    "Thank you so much, you saved my day.",
    "Great, another hour on hold. Fantastic service.",
    "¿Por qué nadie me contesta?",
    "asdf \U0001f600 \u200b",
    "",
    "I want my money back! " * 400,
)
Stub = Any
Request = services_pb2.ScoreTextRequest
Streamed = services_pb2.ScoreStreamRequest


@pytest.fixture(scope="module")
def scorer() -> Scorer:
    return Scorer.load()


def calling(scorer: Any, call: Callable[[Stub], Awaitable[Any]]) -> Any:
    """What `call` returns with a client of a server with this scorer."""

    async def main() -> Any:
        with ThreadPoolExecutor(1) as executor:
            servicer = EmotionServicer(Serving(scorer), executor)
            add = services_pb2_grpc.add_EmotionServiceServicer_to_server
            server = GrpcServer("emotion", "127.0.0.1", 0, [(add, servicer, SERVICE)])
            await server.start()
            async with grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel:
                try:
                    return await call(services_pb2_grpc.EmotionServiceStub(channel))
                finally:
                    await server.drain()

    return asyncio.run(main())


def fault_of(error: grpc.aio.AioRpcError) -> tuple[str, str]:
    """Field and description of a refusal, out of its details."""
    assert error.code() == grpc.StatusCode.INVALID_ARGUMENT
    metadata = dict(error.trailing_metadata() or ())
    status = status_pb2.Status.FromString(metadata["grpc-status-details-bin"])
    request = error_details_pb2.BadRequest()
    assert status.details[0].Unpack(request)
    (violation,) = request.field_violations
    return violation.field, violation.description


async def read_all(stub: Stub, texts: Sequence[str]) -> dict[str, list[bytes]]:
    """The reading of each text as bytes, by each of the three calls."""
    requests = [Request(text=text) for text in texts]
    alone = [(await stub.ScoreText(request, timeout=20)).reading for request in requests]
    batch = await stub.ScoreBatch(services_pb2.ScoreBatchRequest(requests=requests), timeout=20)

    async def sent() -> AsyncIterator[Streamed]:
        for number, request in enumerate(requests):
            yield Streamed(id=str(number), request=request)

    streamed = [answer async for answer in stub.ScoreStream(sent(), timeout=20)]
    assert [answer.id for answer in streamed] == [str(n) for n in range(len(texts))]
    return {
        "ScoreText": [as_bytes(reading) for reading in alone],
        "ScoreBatch": [as_bytes(one.reading) for one in batch.responses],
        "ScoreStream": [as_bytes(answer.response.reading) for answer in streamed],
    }


def as_bytes(reading: Any) -> bytes:
    return bytes(reading.SerializeToString(deterministic=True))


def test_a_text_scores_the_same_bits_by_every_call_and_in_any_order(scorer: Scorer) -> None:
    alone = [as_bytes(reading_message(scorer.score(text))) for text in TEXTS]
    assert calling(scorer, lambda stub: read_all(stub, TEXTS)) == dict.fromkeys(
        ("ScoreText", "ScoreBatch", "ScoreStream"), alone
    )
    places = list(range(len(TEXTS))) * 3
    random.Random(7).shuffle(places)
    mixed = calling(scorer, lambda stub: read_all(stub, [TEXTS[place] for place in places]))
    for readings in mixed.values():
        assert readings == [alone[place] for place in places]


def test_a_text_scores_the_same_bits_in_another_process(scorer: Scorer) -> None:
    code = (
        "import sys, hashlib\n"
        "from services.emotion.contract import reading_message\n"
        "from services.emotion.scorer import Scorer\n"
        "scorer, digest = Scorer.load(), hashlib.sha256()\n"
        f"for text in {TEXTS[::-1]!r}:\n"
        "    reading = reading_message(scorer.score(text))\n"
        "    digest.update(reading.SerializeToString(deterministic=True))\n"
        "print(digest.hexdigest())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    here = hashlib.sha256()
    for readings in calling(scorer, lambda stub: read_all(stub, TEXTS[::-1]))["ScoreText"]:
        here.update(readings)
    assert done.stdout.strip() == here.hexdigest()


def test_the_turns_before_are_read_and_the_version_is_told(scorer: Scorer) -> None:
    offer = reply_pb2.Turn(author=common_pb2.AUTHOR_BOT, text="Shall I connect you with an agent?")
    request = Request(text="yes please", context=[offer], author=common_pb2.AUTHOR_CUSTOMER)
    response = calling(scorer, lambda stub: stub.ScoreText(request, timeout=20))
    assert response.reading.signals.asks_for_person
    assert response.reading.model_version == scorer.model_version
    assert not response.explanation


def test_words_are_explained_when_asked(scorer: Scorer) -> None:
    request = Request(text="I am furious about this delivery", explain=True)
    response = calling(scorer, lambda stub: stub.ScoreText(request, timeout=20))
    words = {span.text: span.weight for span in response.explanation}
    assert list(words) == request.text.split()
    assert max(words, key=words.__getitem__) == "furious"


@pytest.mark.parametrize("author", [common_pb2.AUTHOR_AGENT, common_pb2.AUTHOR_BOT, 17])
def test_what_a_customer_did_not_write_is_refused(scorer: Scorer, author: Any) -> None:
    request = Request(text="I am so angry", author=author)
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        calling(scorer, lambda stub: stub.ScoreText(request, timeout=20))
    assert fault_of(caught.value) == ("author", "only customers' texts are scored")


def test_limits_are_told_with_the_field(scorer: Scorer) -> None:
    long = "x" * (limits.MAX_CHARACTERS + 1)
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        calling(scorer, lambda stub: stub.ScoreText(Request(text=long), timeout=20))
    assert fault_of(caught.value) == ("text", "at most 100000 characters, got 100001")
    turns = [reply_pb2.Turn(text="hi")] * (limits.MAX_CONTEXT + 1)
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        calling(scorer, lambda stub: stub.ScoreText(Request(context=turns), timeout=20))
    assert fault_of(caught.value) == ("context", "at most 100 turns, got 101")


@pytest.mark.parametrize(
    ("requests", "fault"),
    [
        ([Request()] * 257, ("requests", "at most 256, got 257")),
        (
            [Request(text="a"), Request(text="b", author=common_pb2.AUTHOR_AGENT)],
            ("requests[1].author", "only customers' texts are scored"),
        ),
        ([Request(text="a", explain=True)], ("requests[0].explain", "only for single texts")),
    ],
)
def test_a_batch_is_refused_as_a_whole(
    scorer: Scorer, requests: list[Request], fault: tuple[str, str]
) -> None:
    batch = services_pb2.ScoreBatchRequest(requests=requests)
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        calling(scorer, lambda stub: stub.ScoreBatch(batch, timeout=20))
    assert fault_of(caught.value) == fault


def test_a_stream_goes_on_after_a_text_that_is_refused(scorer: Scorer) -> None:
    async def sent() -> AsyncIterator[Streamed]:
        yield Streamed(id="a", request=Request(text="hello"))
        yield Streamed(id="b", request=Request(text="hm", author=common_pb2.AUTHOR_AGENT))
        yield Streamed(id="c", request=Request(text="Thank you so much, you saved my day!"))

    async def call(stub: Stub) -> list[Any]:
        return [answer async for answer in stub.ScoreStream(sent(), timeout=20)]

    first, second, third = calling(scorer, call)
    assert first.response.reading.state == common_pb2.CARE_STATE_CALM
    assert (second.id, second.rejected.field) == ("b", "author")
    assert second.rejected.code == grpc.StatusCode.INVALID_ARGUMENT.value[0]
    assert third.response.reading.state == common_pb2.CARE_STATE_GRATEFUL


class Slow:
    """A scorer that counts, and waits where it is told to."""

    model_version = "slow"

    def __init__(self, inner: Scorer) -> None:
        self._reading = inner.score("hello")
        self.go_on = threading.Event()
        self.go_on.set()
        self.scored = 0

    def score(self, text: str, context: Sequence[Turn] = ()) -> Reading:
        self.scored += 1
        assert self.go_on.wait(20)
        return self._reading


async def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.01)


def test_a_client_that_does_not_read_is_not_read_from(scorer: Scorer) -> None:
    slow, total = Slow(scorer), 300
    # Long ids fill what the network holds on the way after few messages.
    tail = "x" * 50_000

    async def call(stub: Stub) -> None:
        stream = stub.ScoreStream(timeout=120)

        async def write() -> None:
            for number in range(total):
                await stream.write(Streamed(id=f"{number}{tail}", request=Request(text="hello")))
            await stream.done_writing()

        writing = asyncio.create_task(write())
        before = -1
        while before != slow.scored:
            before = slow.scored
            await asyncio.sleep(1)
        assert 0 < slow.scored < total
        assert not writing.done()
        for number in range(total):
            assert (await stream.read()).id == f"{number}{tail}"
        assert slow.scored == total
        await writing

    calling(slow, call)


def test_inference_does_not_hold_up_the_event_loop(scorer: Scorer) -> None:
    slow = Slow(scorer)
    slow.go_on.clear()

    async def call(stub: Stub) -> None:
        waiting = asyncio.ensure_future(stub.ScoreText(Request(text="hello"), timeout=20))
        await until(lambda: slow.scored == 1)
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await stub.ScoreText(Request(author=common_pb2.AUTHOR_AGENT), timeout=5)
        assert caught.value.code() == grpc.StatusCode.INVALID_ARGUMENT
        slow.go_on.set()
        await waiting

    calling(slow, call)


def test_more_texts_than_can_wait_are_refused(scorer: Scorer) -> None:
    slow = Slow(scorer)
    slow.go_on.clear()
    full = services_pb2.ScoreBatchRequest(requests=[Request(text="hello")] * limits.MAX_BATCH)

    async def call(stub: Stub) -> None:
        calls = limits.MAX_WAITING // limits.MAX_BATCH
        waiting = [asyncio.ensure_future(stub.ScoreBatch(full, timeout=20)) for _ in range(calls)]
        await until(lambda: slow.scored == 1)
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await asyncio.sleep(0.2)
            await stub.ScoreText(Request(text="hello"), timeout=5)
        assert caught.value.code() == grpc.StatusCode.RESOURCE_EXHAUSTED
        slow.go_on.set()
        assert [len((await answer).responses) for answer in waiting] == [limits.MAX_BATCH] * calls
        await stub.ScoreText(Request(text="hello"), timeout=5)

    calling(slow, call)


def test_a_fault_of_ours_is_answered_without_its_text() -> None:
    class Broken:
        model_version = "broken"

        def score(self, text: str, context: Sequence[Turn] = ()) -> Reading:
            raise RuntimeError(text)

    async def call(stub: Stub) -> Any:
        async def sent() -> AsyncIterator[Streamed]:
            yield Streamed(request=Request(text="my secret"))

        return [answer async for answer in stub.ScoreStream(sent(), timeout=20)]

    with pytest.raises(grpc.aio.AioRpcError) as caught:
        calling(Broken(), call)
    assert caught.value.code() == grpc.StatusCode.INTERNAL
    assert "secret" not in (caught.value.details() or "")
