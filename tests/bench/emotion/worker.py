"""One system on so many threads, in a process of its own; prints its figures as JSON.

    python -m tests.bench.emotion.worker SYSTEM --threads 1 --processors 0 --messages FILE ...

Started by `tests.bench.emotion.speed`; a process each, so that memory is one system's alone and no
pool of threads is another's.
"""

import argparse
import asyncio
import json
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from tests.bench.emotion.traffic import Message, batches, load, padded

Answer = Callable[[Any], Any]
FEWEST = 100
"""Messages of a measurement, at least: fewer say nothing of a 99th percentile."""
BATCH_CALLERS = 2
"""Calls of ScoreBatch under way at once, so that the service never waits for the next."""


def onnx_runtime(graph: Path, threads: int) -> Answer:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
    names = [each.name for each in session.get_inputs()]
    return lambda feed: session.run(None, {name: feed[name] for name in names})


def pytorch(model: Path, threads: int) -> Answer:
    """The network's own module with random weights, of the shipped graph's size, in fp32."""
    import torch
    from tokenizers import Tokenizer
    from transformers import BertConfig

    from services.learning.emotion.network import EmotionNetwork
    from tests.bench.emotion.graphs import shape_of

    torch.set_num_threads(threads)
    torch.set_num_interop_threads(1)
    vocabulary = Tokenizer.from_file(str(model / "tokenizer.json")).get_vocab_size()
    shape = shape_of(model / "model.onnx", vocabulary)
    config = BertConfig(
        vocab_size=shape.vocabulary,
        hidden_size=shape.hidden,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        intermediate_size=shape.inner,
    )
    config._attn_implementation = "sdpa"
    network = EmotionNetwork(config, 28, 0.0).eval()

    def answer(feed: dict[str, Any]) -> Any:
        with torch.inference_mode():
            return network(**{name: torch.from_numpy(ids) for name, ids in feed.items()})

    return answer


def scorer(model: Path) -> Answer:
    from services.emotion.scorer import Scorer

    loaded = Scorer.load(model)
    return lambda message: loaded.score(message.text, message.context)


def timed(work: Sequence[Any], answer: Answer) -> list[float]:
    """Seconds that each piece of work took."""
    took = []
    for piece in work:
        began = time.perf_counter()
        answer(piece)
        took.append(time.perf_counter() - began)
    return took


def measure(
    messages: list[Message], answer: Answer, size: int, seconds: float, *, feeds: bool
) -> dict[str, float]:
    """Messages/s and the wait of a message (its whole batch's time) at one batch size.

    First a few to warm up and to see how many fit into `seconds`; those are a random part of all
    messages, each text once. Padding is done before the clock starts.
    """

    def work(some: list[Message]) -> tuple[list[Any], list[int]]:
        found = batches(some, size)
        pieces = [padded(batch) if feeds else batch[0] for batch in found]
        return pieces, [len(batch) for batch in found]

    few = messages[: max(16, size)]
    pieces, _ = work(few)
    answer(pieces[0])
    rate = len(few) / sum(timed(pieces, answer))
    some = messages[: min(len(messages), max(FEWEST, int(rate * seconds)))]
    pieces, sizes = work(some)
    took = timed(pieces, answer)
    return figures(len(some), sum(took), np.repeat(took, sizes))


def figures(messages: int, seconds: float, waits: Any) -> dict[str, float]:
    """`waits` in seconds, one for each message."""
    middle, slow = np.percentile(np.asarray(waits) * 1000, [50, 99])
    return {
        "messages": messages,
        "messages_per_second": messages / seconds,
        "p50_ms": float(middle),
        "p99_ms": float(slow),
    }


async def call(
    address: str, messages: list[Message], callers: int, seconds: float, size: int = 1
) -> dict[str, float]:
    """ScoreText, or ScoreBatch of `size` texts, with `callers` calls under way at any time.

    A closed loop: a caller sends its next call when the one before is answered.
    """
    from rapport.v1 import common_pb2, reply_pb2, services_pb2, services_pb2_grpc
    from services.common.rpc import channel

    authors = {
        "customer": common_pb2.AUTHOR_CUSTOMER,
        "bot": common_pb2.AUTHOR_BOT,
        "agent": common_pb2.AUTHOR_AGENT,
    }
    requests = [
        services_pb2.ScoreTextRequest(
            text=message.text,
            context=[
                reply_pb2.Turn(author=authors[turn.author], text=turn.text)
                for turn in message.context
            ],
        )
        for message in messages
    ]
    groups = [requests[at : at + size] for at in range(0, len(requests), size)]
    async with channel(address) as connection:
        stub = services_pb2_grpc.EmotionServiceStub(connection)

        async def ask(group: list[Any]) -> None:
            if size == 1:
                await stub.ScoreText(group[0], timeout=10)
            else:
                await stub.ScoreBatch(services_pb2.ScoreBatchRequest(requests=group), timeout=10)

        async def run(some: list[Any]) -> tuple[float, list[float]]:
            left = iter(some)
            waits: list[float] = []

            async def caller() -> None:
                for group in left:
                    began = time.perf_counter()
                    await ask(group)
                    waits.extend([time.perf_counter() - began] * len(group))

            began = time.perf_counter()
            await asyncio.gather(*(caller() for _ in range(callers)))
            return time.perf_counter() - began, waits

        few = groups[: max(32 // size, 4 * callers)]
        took, _ = await run(few)
        count = max(FEWEST // size, int(len(few) / took * seconds))
        took, waits = await run(groups[:count])
        return figures(len(waits), took, waits)


def resident_megabytes(process: int | str = "self") -> float:
    """Memory of a process that is in RAM now, in MB; 0.0 where /proc is not there."""
    status = Path(f"/proc/{process}/status")
    if not status.exists():
        return 0.0
    return int(status.read_text().split("VmRSS:")[1].split()[0]) * 1024 / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "system", choices=("graph", "pytorch", "scorer", "service", "service_batch")
    )
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--processors", required=True, help="numbers, separated by commas")
    parser.add_argument("--messages", type=Path, required=True)
    parser.add_argument("--batches", required=True, help="sizes, or callers of the service")
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--graph", type=Path, help="graph: the ONNX file")
    parser.add_argument("--model", type=Path, help="pytorch, scorer: the model's folder")
    parser.add_argument("--address", help="service: host:port")
    options = parser.parse_args()
    os.sched_setaffinity(0, {int(number) for number in options.processors.split(",")})
    messages = load(options.messages)
    sizes = [int(size) for size in options.batches.split(",")]
    found: dict[str, Any] = {}
    if options.system == "service":
        for size in sizes:
            found[str(size)] = asyncio.run(call(options.address, messages, size, options.seconds))
    elif options.system == "service_batch":
        for size in sizes:
            answered = call(options.address, messages, BATCH_CALLERS, options.seconds, size)
            found[str(size)] = asyncio.run(answered)
    else:
        answer = (
            onnx_runtime(options.graph, options.threads)
            if options.system == "graph"
            else pytorch(options.model, options.threads)
            if options.system == "pytorch"
            else scorer(options.model)
        )
        feeds = options.system != "scorer"
        for size in sizes:
            found[str(size)] = measure(messages, answer, size, options.seconds, feeds=feeds)
    print(json.dumps({"batches": found, "memory_mb": resident_megabytes()}))


if __name__ == "__main__":
    main()
