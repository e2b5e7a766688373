"""How `make bench-emotion` measures speed, and what its JSON holds."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rapport.v1 import services_pb2_grpc
from services.common.rpc import GrpcServer
from services.emotion.inputs import Turn
from services.emotion.model import EmotionModel
from services.emotion.scorer import MODEL_FOLDER, Reading, Scorer
from services.emotion.servicer import SERVICE, EmotionServicer
from services.emotion.serving import Serving
from services.learning.emotion.data import Utterance
from tests.bench.emotion import speed, traffic, worker
from tests.bench.emotion.sets import Care
from tests.bench.emotion.traffic import Message, batches, padded


def message(number: int, tokens: int) -> Message:
    return Message(
        f"text {number}", (), ({"input_ids": [7] * tokens, "attention_mask": [1] * tokens},)
    )


def test_every_message_is_in_one_batch_and_none_in_two() -> None:
    messages = [message(number, 1 + number % 9) for number in range(21)]
    found = batches(messages, 4)
    assert sorted(each.text for batch in found for each in batch) == sorted(
        each.text for each in messages
    )
    assert [len(batch) for batch in found].count(4) == 5


def test_padding_adds_nothing_that_the_mask_keeps() -> None:
    feed = padded([message(1, 2), message(2, 5)])
    assert feed["input_ids"].shape == feed["attention_mask"].shape == (2, 5)
    assert feed["attention_mask"].sum(axis=1).tolist() == [2, 5]
    assert feed["input_ids"].dtype == np.int64


def test_recorded_feeds_are_what_the_scorer_gives_its_graph(tmp_path: Path) -> None:
    utterance = Utterance(
        id="a-1", voice="a", text="fine.", state="frustrated",
    )  # fmt: skip
    care = Care([], [], [utterance, utterance], [frozenset(), frozenset()])
    messages = traffic.record(care, None, MODEL_FOLDER, 10)
    assert [each.text for each in messages] == ["fine."]
    (feed,) = messages[0].feeds
    assert len(feed["input_ids"]) == len(feed["attention_mask"]) == messages[0].tokens > 2
    traffic.save(messages, tmp_path / "messages.json")
    assert traffic.load(tmp_path / "messages.json") == messages


def test_after_the_warm_up_every_text_is_answered_once() -> None:
    messages = [message(number, 1 + number) for number in range(50)]
    answered: list[Any] = []
    figures = worker.measure(messages, answered.append, size=8, seconds=1e-9, feeds=True)
    measured = [len(feed["input_ids"]) for feed in answered[-7:]]
    assert measured.count(8) == 6
    assert sum(measured) == figures["messages"] == 50
    lengths = [int(tokens) for feed in answered[-7:] for tokens in feed["attention_mask"].sum(1)]
    assert sorted(lengths) == list(range(1, 51))


def test_waits_are_quantiles_in_milliseconds() -> None:
    figures = worker.figures(4, 2.0, [0.001, 0.002, 0.002, 0.003])
    assert figures["messages_per_second"] == 2
    assert figures["p50_ms"] == pytest.approx(2)
    assert figures["p99_ms"] == pytest.approx(2.97)


class Counting(Scorer):
    """Remembers the texts that it scores."""

    def __init__(self, model: EmotionModel) -> None:
        super().__init__(model)
        self.texts: list[str] = []

    def score(self, text: str, context: Sequence[Turn] = ()) -> Reading:
        self.texts.append(text)
        return super().score(text, context)


@pytest.mark.parametrize(("callers", "size"), [(3, 1), (2, 4)])
def test_each_text_is_sent_once_whole_or_in_batches(callers: int, size: int) -> None:
    messages = [Message(f"text {number}", (Turn("bot", "Hello."),), ()) for number in range(10)]
    scorer = Counting(EmotionModel.load(MODEL_FOLDER))

    async def main() -> dict[str, float]:
        with ThreadPoolExecutor(1) as executor:
            servicer = EmotionServicer(Serving(scorer), executor)
            add = services_pb2_grpc.add_EmotionServiceServicer_to_server
            server = GrpcServer("emotion", "127.0.0.1", 0, [(add, servicer, SERVICE)])
            await server.start()
            try:
                address = f"127.0.0.1:{server.port}"
                return await worker.call(address, messages, callers, 0.01, size)
            finally:
                await server.drain()

    figures = asyncio.run(main())
    assert figures["messages"] == 10
    # All ten to warm up, then all ten once more under the clock.
    assert sorted(scorer.texts) == sorted(2 * [message.text for message in messages])


def one_run(rate: float, memory: float = 100) -> dict[str, Any]:
    of = {"messages": 100, "messages_per_second": rate, "p50_ms": 1.0, "p99_ms": 2.0}
    return {"batches": {"1": of, "8": {**of, "messages_per_second": 2 * rate}}, "memory_mb": memory}


def test_a_figure_is_the_median_of_its_runs() -> None:
    middle = speed._median([one_run(5, 90), one_run(90, 70), one_run(7, 80)])
    assert middle["batches"]["1"]["messages_per_second"] == 7
    assert middle["batches"]["8"]["messages_per_second"] == 14
    assert middle["memory_mb"] == 80


def test_throughput_is_that_of_the_best_batch_and_ratios_follow() -> None:
    found = speed.summary(
        {
            "service": {"1": one_run(200), "2": one_run(300)},
            "onnxruntime": {"1": one_run(250), "2": one_run(400)},
            "pytorch_fp32": {"1": one_run(50)},
        }
    )
    assert found["throughput"] == {"service": 400, "onnxruntime": 500, "pytorch_fp32": 100}
    assert found["throughput_two_threads"] == {"service": 600, "onnxruntime": 800}
    assert found["ratios"] == {
        "floor_over_service": 1.25,
        "floor_batch_1_over_service": 0.625,
        "service_over_pytorch_fp32": 4,
        "service_over_pytorch_fp32_batch_1": 8,
    }


def test_batch_one_and_the_best_are_shown_and_nothing_twice() -> None:
    shown = list(speed.columns({"service": {"1": one_run(200)}}))
    assert [(threads, size) for _, threads, size, _, _ in shown] == [("1", "1"), ("1", "8")]
    best_is_one = {"batches": {"1": one_run(5)["batches"]["1"]}, "memory_mb": 1.0}
    assert len(list(speed.columns({"scorer": {"1": best_is_one}}))) == 1


def test_the_graph_of_random_weights_runs_and_keeps_to_its_mask(tmp_path: Path) -> None:
    pytest.importorskip("onnx", reason="only the benchmarks need it: requirements-bench.in")
    from tests.bench.emotion import graphs

    shape = graphs.Shape(layers=2, hidden=48, heads=4, inner=96, vocabulary=100, positions=20)
    path = tmp_path / "random.onnx"
    graphs.write_random(shape, path)
    answer = worker.onnx_runtime(path, 1)
    (alone,) = answer(
        {"input_ids": np.full((1, 3), 7), "attention_mask": np.ones((1, 3), np.int64)}
    )
    (both,) = answer(padded([message(1, 3), message(2, 6)]))
    assert alone.shape == (1, 37)
    np.testing.assert_allclose(alone[0], both[0], atol=1e-5)
    assert graphs.shape_of(path, 100) == graphs.Shape(2, 48, 4, 96, 100)


def test_context_goes_with_its_message() -> None:
    kept = Message(
        "ok", (Turn("bot", "Done."),), ({"input_ids": [1, 2], "attention_mask": [1, 1]},)
    )
    assert batches([kept], 8) == [[kept]]


def test_a_model_of_another_training_is_no_twin(tmp_path: Path) -> None:
    onnx = pytest.importorskip("onnx", reason="only the benchmarks need it: requirements-bench.in")
    from onnx import numpy_helper

    from tests.bench.emotion import graphs

    shipped = MODEL_FOLDER / "model.onnx"
    assert graphs.twins(shipped, shipped)
    other = onnx.load(str(shipped))
    changed = next(each for each in other.graph.initializer if ".LayerNorm." in each.name)
    values = numpy_helper.to_array(changed) + np.float32(0.1)
    changed.CopyFrom(numpy_helper.from_array(values, changed.name))
    onnx.save(other, str(tmp_path / "other.onnx"))
    assert not graphs.twins(shipped, tmp_path / "other.onnx")
