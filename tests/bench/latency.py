"""Publish-to-reply latency as a customer's system sees it: from sending at the door to the reply
delivered by the door, over gRPC `Converse`, at a fixed rate of arrivals (open loop: a slow answer
does not slow the arrivals down).

    make bench-latency [JSON=FILE]
"""

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
import uuid
from collections import deque
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from rapport.v1 import common_pb2, services_pb2, services_pb2_grpc
from services.cli.platform import Platform
from services.common.rpc import channel
from tests.bench.null_pipeline import NullPipeline

CONVERSATIONS = 100
QUESTIONS = (
    "Hi, where is my order 48213? It was due on Friday.",
    "How do I reset my password?",
    "What are your opening hours on Saturday?",
    "My bill is higher than last month and I do not understand why.",
    "Can I return shoes that I have worn once?",
    "I was charged twice for the same thing, this is so frustrating.",
    "How long does a refund take?",
    "Thank you, that helped.",
)


class Talker:
    """One conversation on one `Converse` stream."""

    def __init__(self, stub: Any) -> None:
        self.conversation_id = f"bench-{uuid.uuid4()}"
        self._requests: asyncio.Queue[Any] = asyncio.Queue()
        self._unacknowledged: deque[float | None] = deque()
        self._sent: dict[str, float | None] = {}
        self._answered: dict[str, float] = {}
        self.latencies: list[float] = []
        self.replies = 0
        self.said = 0
        self._stream = stub.Converse(self._outgoing())
        self._task = asyncio.create_task(self._receive())

    async def _outgoing(self) -> AsyncIterator[Any]:
        while (request := await self._requests.get()) is not None:
            yield request

    def say(self, text: str, *, measured: bool) -> None:
        message = services_pb2.MessageSent(
            conversation_id=self.conversation_id,
            customer_id="bench",
            channel=common_pb2.CHANNEL_CHAT,
            author=common_pb2.AUTHOR_CUSTOMER,
            text=text,
        )
        message.sent_at.GetCurrentTime()
        event = services_pb2.PublishRequest(
            id=str(uuid.uuid4()),
            source="bench",
            type="rapport.message.sent.v1",
            time=message.sent_at,
            message=message,
        )
        self.said += 1
        self._unacknowledged.append(time.perf_counter() if measured else None)
        self._requests.put_nowait(services_pb2.ConverseRequest(publish=event))

    async def _receive(self) -> None:
        async for response in self._stream:
            now = time.perf_counter()
            kind = response.WhichOneof("event")
            if kind == "accepted":
                self._sent[response.accepted.event_id] = self._unacknowledged.popleft()
                self._match(response.accepted.event_id)
            elif kind == "rejected":
                raise RuntimeError(f"rejected: {response.rejected.detail}")
            elif response.delivery.WhichOneof("event") == "reply":
                self.replies += 1
                self._answered[response.delivery.reply.in_reply_to] = now
                self._match(response.delivery.reply.in_reply_to)

    def _match(self, message_id: str) -> None:
        if message_id in self._sent and message_id in self._answered:
            began = self._sent[message_id]
            if began is not None:
                self.latencies.append((self._answered[message_id] - began) * 1000)

    async def close(self) -> None:
        self._requests.put_nowait(None)
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


async def measure(address: str, rate: float, seconds: float, warm_up: float) -> dict[str, Any]:
    """Latencies in milliseconds of one run, and what was not answered."""
    async with channel(address) as connection:
        stub = services_pb2_grpc.ChatServiceStub(connection)
        talkers = [Talker(stub) for _ in range(CONVERSATIONS)]
        began = time.perf_counter()
        for number in range(int(rate * (warm_up + seconds))):
            await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
            talker = talkers[number % CONVERSATIONS]
            text = QUESTIONS[(number // CONVERSATIONS + number) % len(QUESTIONS)]
            talker.say(text, measured=number >= rate * warm_up)
        deadline = time.monotonic() + 15
        while time.monotonic() < deadline and any(t.replies < t.said for t in talkers):
            await asyncio.sleep(0.05)
        latencies = [value for talker in talkers for value in talker.latencies]
        unanswered = sum(talker.said - talker.replies for talker in talkers)
        await asyncio.gather(*(talker.close() for talker in talkers))
        return {"latencies": latencies, "unanswered": unanswered}


def quantiles(values: list[float]) -> dict[str, float]:
    """p50, p95 and p99 in milliseconds."""
    cuts = statistics.quantiles(values, n=100, method="inclusive")
    return {"p50": round(cuts[49], 1), "p95": round(cuts[94], 1), "p99": round(cuts[98], 1)}


def medians(runs: list[dict[str, float]]) -> dict[str, float]:
    """Median over runs of each figure."""
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rates", default="10,50", help="messages/s, separated by commas")
    parser.add_argument("--seconds", type=float, default=20, help="measured part of a run")
    parser.add_argument("--warm-up", type=float, default=10, help="part before it, thrown away")
    parser.add_argument("--runs", type=int, default=3, help="runs of each; medians are reported")
    parser.add_argument("--json", type=Path, help="write the figures here as well")
    options = parser.parse_args()
    rates = [float(rate) for rate in options.rates.split(",")]
    console = Console(stderr=True)
    result: dict[str, Any] = {"rates": {}, "unanswered": 0}
    with tempfile.TemporaryDirectory() as state, Progress(console=console) as progress:
        platform = Platform(Path(state), fixed_ports=False, say=lambda _: None)
        try:
            platform.start()
            floor = NullPipeline(platform.bootstrap_servers)
            task = progress.add_task("runs", total=len(rates) * options.runs * 2)
            for rate in rates:
                ours: list[dict[str, float]] = []
                floors: list[dict[str, float]] = []
                for _ in range(options.runs):
                    timing = (rate, options.seconds, options.warm_up)
                    floors.append(quantiles(floor.measure(*timing)))
                    progress.advance(task)
                    run = asyncio.run(measure(platform.grpc_address("ingestion"), *timing))
                    result["unanswered"] += run["unanswered"]
                    ours.append(quantiles(run["latencies"]))
                    progress.advance(task)
                result["rates"][f"{rate:g}"] = {
                    "rapport": medians(ours),
                    "floor": medians(floors),
                    "runs": {"rapport": ours, "floor": floors},
                }
            floor.close()
        finally:
            platform.stop()
    table = Table(title="Publish to reply, milliseconds (medians of runs)")
    for column in ("messages/s", "system", "p50", "p95", "p99"):
        table.add_column(column, justify="right")
    for rate_name, figures in result["rates"].items():
        for system in ("rapport", "floor"):
            cells = [f"{figures[system][name]:.1f}" for name in ("p50", "p95", "p99")]
            table.add_row(rate_name, system, *cells)
    Console().print(table)
    if options.json:
        options.json.write_text(json.dumps(result, indent=2) + "\n")
    if result["unanswered"]:
        console.print(f"[red]{result['unanswered']} messages were not answered[/]")
        sys.exit(1)


if __name__ == "__main__":
    main()
