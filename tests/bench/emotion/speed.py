"""Speed and memory, each system in processes of its own, one after the other.

One thread means: one thread of computing, and the process held to one processor, so that the
service pays for its gRPC on it as well; its callers are on another one where there is one. Two
threads: two processors, which the callers share where there are no more.
"""

import importlib.util
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.progress import Progress

from tests.bench.emotion import graphs, traffic
from tests.bench.emotion.server import EmotionServers
from tests.bench.emotion.worker import resident_megabytes

SERVICE, SERVICE_BATCH, SCORER, FLOOR, FULL, TORCH, ROBERTA = (
    "service",
    "service_batch",
    "scorer",
    "onnxruntime",
    "onnxruntime_fp32",
    "pytorch_fp32",
    "roberta_base_fp32",
)
MEANS = {
    SERVICE: "this service over gRPC (calls at once)",
    SERVICE_BATCH: "the same by ScoreBatch, two calls at once",
    SCORER: "its scorer, called in process",
    FLOOR: "bare ONNX Runtime, INT8, same tokens",
    FULL: "bare ONNX Runtime, fp32, same tokens",
    TORCH: "PyTorch, fp32, same network",
    ROBERTA: "ONNX Runtime, fp32, RoBERTa-base's size",
}


@dataclass(frozen=True)
class Plan:
    """What is measured: `batches` of the graphs, `callers` of the service, runs of each."""

    threads: tuple[int, ...] = (1, 2)
    batches: tuple[int, ...] = (1, 8, 32)
    callers: tuple[int, ...] = (1, 2, 4, 8, 16)
    runs: int = 3
    seconds: float = 4.0


@dataclass(frozen=True)
class Place:
    """The models' folders, and a folder for what lives as long as the measuring."""

    model: Path
    fp32: Path
    work: Path

    @property
    def messages(self) -> Path:
        return self.work / "messages.json"

    @property
    def roberta(self) -> Path:
        return self.work / "roberta.onnx"


def missing(place: Place) -> dict[str, str]:
    """Of each system that cannot be measured here, the reason."""
    reasons = {}
    if not (place.fp32 / "model.onnx").exists():
        reasons[FULL] = f"no model in {place.fp32}"
    if absent := _absent("torch", "transformers", "onnx"):
        reasons[TORCH] = f"{absent} is not installed: see requirements-bench.in"
    if absent := _absent("onnx"):
        reasons[ROBERTA] = f"{absent} is not installed: see requirements-bench.in"
    return reasons


def measure(
    messages: list[traffic.Message], place: Place, plan: Plan, progress: Progress
) -> dict[str, Any]:
    """Medians over the runs, as JSON holds them: throughput, speed, memory, files, ratios."""
    skipped = missing(place)
    systems = [name for name in MEANS if name not in skipped]
    processors = sorted(os.sched_getaffinity(0))
    counts = [count for count in plan.threads if count <= len(processors)]
    traffic.save(messages, place.messages)
    if ROBERTA in systems:
        graphs.write_random(graphs.ROBERTA_BASE, place.roberta)
    # The scorer in process has one caller: a second thread would have nothing to do.
    turns = [(name, count) for name in systems for count in counts if (name, count) != (SCORER, 2)]
    task = progress.add_task("speed", total=plan.runs * len(turns))
    runs: dict[str, dict[int, list[dict[str, Any]]]] = {}
    with EmotionServers(place.work, place.model) as servers:
        # A round of all systems, then the next: what drifts, drifts for all of them.
        for _ in range(plan.runs):
            for name, count in turns:
                progress.update(task, description=f"speed: {name}, threads {count}")
                held = processors[:count]
                if name in (SERVICE, SERVICE_BATCH):
                    with servers.serve(count, held) as served:
                        callers = processors[count:] or processors
                        run = _work(name, count, callers, place, plan, served.address)
                        run["memory_mb"] = resident_megabytes(served.pid)
                else:
                    run = _work(name, count, held, place, plan)
                runs.setdefault(name, {}).setdefault(count, []).append(run)
                progress.advance(task)
    speed = {
        name: {str(count): _median(of_count) for count, of_count in of_name.items()}
        for name, of_name in runs.items()
    }
    return {
        **summary(speed),
        "speed": speed,
        "speed_skipped": skipped,
        "messages": {
            "distinct": len(messages),
            "mean_tokens": statistics.fmean(message.tokens for message in messages),
            "mean_characters": statistics.fmean(len(message.text) for message in messages),
        },
        "files_mb": files(place),
    }


def summary(speed: dict[str, Any]) -> dict[str, Any]:
    """Messages/s at each system's best batch, the waits behind them, memory, and the ratios."""

    def best(name: str, threads: str) -> float:
        batches = speed[name][threads]["batches"]
        return max(figures["messages_per_second"] for figures in batches.values())

    def alone(name: str) -> float:
        return float(speed[name]["1"]["batches"]["1"]["messages_per_second"])

    one = {name: best(name, "1") for name in speed}
    two = {name: best(name, "2") for name in speed if "2" in speed[name]}
    ratios = {
        "floor_over_service": one[FLOOR] / one[SERVICE],
        "floor_batch_1_over_service": alone(FLOOR) / one[SERVICE],
    }
    for rival in (TORCH, ROBERTA):
        if rival in one:
            ratios[f"service_over_{rival}"] = one[SERVICE] / one[rival]
            ratios[f"service_over_{rival}_batch_1"] = one[SERVICE] / alone(rival)
    return {
        "throughput": one,
        "throughput_two_threads": two,
        "ratios": ratios,
        "memory_mb": {name: speed[name]["1"]["memory_mb"] for name in speed},
    }


def files(place: Place) -> dict[str, float]:
    """Sizes of what each system loads, in MB."""
    found = {
        "this model, INT8": place.model / "model.onnx",
        "its tokenizer": place.model / "tokenizer.json",
        "this model, fp32": place.fp32 / "model.onnx",
        "RoBERTa-base's size, fp32": place.roberta,
    }
    return {name: path.stat().st_size / 1e6 for name, path in found.items() if path.exists()}


def _work(
    name: str, threads: int, processors: list[int], place: Place, plan: Plan, address: str = ""
) -> dict[str, Any]:
    """One process of `tests.bench.emotion.worker`; RuntimeError with what it said when it fails."""
    several = tuple(size for size in plan.batches if size > 1)
    sizes = {SERVICE: plan.callers, SERVICE_BATCH: several, SCORER: (1,)}.get(name, plan.batches)
    system = {
        SERVICE: SERVICE,
        SERVICE_BATCH: SERVICE_BATCH,
        SCORER: "scorer",
        TORCH: "pytorch",
    }.get(name, "graph")
    graph = {FULL: place.fp32 / "model.onnx", ROBERTA: place.roberta}
    arguments = [
        *("--threads", str(threads)),
        *("--processors", ",".join(map(str, processors))),
        *("--messages", str(place.messages)),
        *("--batches", ",".join(map(str, sizes))),
        *("--seconds", str(plan.seconds)),
        *("--graph", str(graph.get(name, place.model / "model.onnx"))),
        *("--model", str(place.model)),
        *("--address", address),
    ]
    command = [sys.executable, "-m", "tests.bench.emotion.worker", system, *arguments]
    # One BLAS thread where the services have one: a second spins for products of one vector.
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{name} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _median(runs: list[dict[str, Any]]) -> dict[str, Any]:
    """Of every figure the median over the runs."""
    first = runs[0]
    if isinstance(first, dict):
        return {name: _median([run[name] for run in runs]) for name in first}
    return statistics.median(runs)


def _absent(*modules: str) -> str:
    return next((name for name in modules if importlib.util.find_spec(name) is None), "")


def columns(speed: dict[str, Any]) -> Iterator[tuple[str, str, str, dict[str, float], float]]:
    """Of each system and number of threads batch 1 and the best: name, threads, batch, figures,
    memory in MB."""
    for name, of_name in speed.items():
        for threads, found in of_name.items():
            batches = found["batches"]
            best = max(batches, key=lambda size: batches[size]["messages_per_second"])
            for size in dict.fromkeys([*(["1"] if "1" in batches else []), best]):
                yield name, threads, size, batches[size], found["memory_mb"]
