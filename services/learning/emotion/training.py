"""Two stages: GoEmotions, then the care set with GoEmotions replayed beside it."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from torch.nn import functional

from services.learning.emotion import data, metrics, network
from services.learning.emotion.batches import Encoder, bucketed, padded
from services.learning.emotion.config import Config, Stage

GOEMOTIONS_CHECKPOINT = "goemotions.pt"
CARE_CHECKPOINT = "care.pt"


@dataclass(frozen=True)
class Examples:
    """Token ids and the targets they have; NaN rows mark a target that is not known."""

    ids: list[list[int]]
    emotions: metrics.Matrix
    states: metrics.Matrix

    def __add__(self, other: Examples) -> Examples:
        return Examples(
            self.ids + other.ids,
            np.concatenate([self.emotions, other.emotions]),
            np.concatenate([self.states, other.states]),
        )

    def pick(self, rows: list[int]) -> Examples:
        return Examples([self.ids[row] for row in rows], self.emotions[rows], self.states[rows])


def seed_everything(config: Config) -> None:
    random.seed(config.seed)
    np.random.seed(config.seed)
    torch.manual_seed(config.seed)
    torch.set_num_threads(config.threads)


def has_bf16() -> bool:
    """bf16 pays only where the processor multiplies it in hardware."""
    flags = Path("/proc/cpuinfo")
    return flags.exists() and "avx512_bf16" in flags.read_text(encoding="utf-8")


def train_goemotions(config: Config, run: Path) -> Path:
    """Stage one. Writes run/goemotions.pt and returns its path."""
    seed_everything(config)
    stage = config.goemotions
    labels = data.read_labels(stage.folder)
    encoder = Encoder(network.base_folder(config.base_package) / "tokenizer.json", stage.max_tokens)
    train = comments(data.read_comments(stage.folder / "train.tsv"), encoder, len(labels))
    dev = comments(data.read_comments(stage.folder / "dev.tsv"), encoder, len(labels))
    model = network.fresh(config.base_package, len(labels), stage.dropout)
    checkpoint = run / GOEMOTIONS_CHECKPOINT

    def after_epoch(epoch: int) -> None:
        scores = predict(model, dev.ids)[0]
        truth = dev.emotions.astype(np.bool_)
        print(
            f"epoch {epoch}: dev macro-F1 {metrics.macro_f1(truth, scores >= 0.3):.4f} at 0.30, "
            f"best threshold {metrics.best_threshold(truth, scores):.2f}",
            flush=True,
        )
        torch.save(model.state_dict(), checkpoint)

    fit(model, stage, config.seed, lambda _: train, after_epoch)
    return checkpoint


def train_care(config: Config, run: Path) -> Path:
    """Stage two, from stage one's checkpoint. Writes run/care.pt and returns its path."""
    seed_everything(config)
    stage = config.care
    labels = data.read_labels(config.goemotions.folder)
    encoder = Encoder(network.base_folder(config.base_package) / "tokenizer.json", stage.max_tokens)
    care_set = data.alone(data.read_utterances(stage.folder / "train.jsonl"))
    care = utterances(care_set, encoder, stage, len(labels))
    dev_set = data.alone(data.read_utterances(stage.folder / "dev.jsonl"))
    dev = utterances(dev_set, encoder, stage, len(labels))
    reddit = data.read_comments(config.goemotions.folder / "train.tsv")
    reddit_dev = comments(
        data.read_comments(config.goemotions.folder / "dev.tsv"), encoder, len(labels)
    )
    model = network.load(config.base_package, len(labels), run / GOEMOTIONS_CHECKPOINT)
    model.train()
    checkpoint = run / CARE_CHECKPOINT

    def mixture(epoch: int) -> Examples:
        rng = random.Random(config.seed + epoch)
        replayed = rng.sample(reddit, stage.replay * len(care.ids))
        return care + comments(replayed, encoder, len(labels))

    def after_epoch(epoch: int) -> None:
        states = predict(model, dev.ids)[1]
        guesses = [data.STATES[column] for column in states.argmax(axis=1)]
        names = [example.state for example in dev_set]
        figure = metrics.macro_f1(
            metrics.one_hot(names, data.STATES), metrics.one_hot(guesses, data.STATES)
        )
        scores = predict(model, reddit_dev.ids)[0]
        kept = metrics.macro_f1(reddit_dev.emotions.astype(np.bool_), scores >= 0.3)
        print(
            f"epoch {epoch}: care dev macro-F1 {figure:.4f}, "
            f"GoEmotions dev macro-F1 {kept:.4f} at 0.30",
            flush=True,
        )
        torch.save(model.state_dict(), checkpoint)

    fit(model, stage, config.seed, mixture, after_epoch)
    return checkpoint


def comments(rows: list[data.Comment], encoder: Encoder, labels: int) -> Examples:
    unknown = np.full((len(rows), len(data.STATES)), np.nan, dtype=np.float32)
    return Examples(encoder.ids([row.text for row in rows]), data.multi_hot(rows, labels), unknown)


def utterances(rows: list[data.Utterance], encoder: Encoder, stage: Stage, labels: int) -> Examples:
    unknown = np.full((len(rows), labels), np.nan, dtype=np.float32)
    states = metrics.one_hot([row.state for row in rows], data.STATES).astype(np.float32)
    smooth = states * (1 - stage.label_smoothing) + stage.label_smoothing / len(data.STATES)
    return Examples(encoder.ids([row.text for row in rows]), unknown, smooth)


def fit(
    model: Any,
    stage: Stage,
    seed: int,
    examples_of: Callable[[int], Examples],
    after_epoch: Callable[[int], None],
) -> None:
    """AdamW with layer decay, sparse Adam on the word embeddings, linear warm-up and decay."""
    model.encoder.embeddings.word_embeddings.sparse = True
    optimisers = make_optimisers(model, stage)
    steps = stage.epochs * -(-len(examples_of(0).ids) // stage.batch_size)
    schedules = [
        torch.optim.lr_scheduler.LambdaLR(optimiser, ramp(steps, stage.warm_up))
        for optimiser in optimisers
    ]
    weights = torch.from_numpy(rare_weights(examples_of(0).emotions, stage))
    rng = random.Random(seed)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns) as progress:
        task = progress.add_task("steps", total=steps)
        for epoch in range(stage.epochs):
            examples = examples_of(epoch)
            model.train()
            lengths = [len(row) for row in examples.ids]
            for rows in bucketed(lengths, stage.batch_size, stage.bucket, rng):
                loss = batch_loss(model, examples.pick(rows), weights)
                for optimiser in optimisers:
                    optimiser.zero_grad(set_to_none=True)
                loss.backward()
                dense = [
                    p for p in model.parameters() if p.grad is not None and not p.grad.is_sparse
                ]
                torch.nn.utils.clip_grad_norm_(dense, stage.clip)
                for optimiser, schedule in zip(optimisers, schedules, strict=True):
                    optimiser.step()
                    schedule.step()
                progress.update(task, advance=1, description=f"loss {loss.item():.3f}")
            after_epoch(epoch + 1)


def batch_loss(model: Any, batch: Examples, weights: Any) -> Any:
    """Binary cross-entropy for emotions plus cross-entropy for states, each where it is known."""
    ids, mask = padded(batch.ids)
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=has_bf16_once()):
        emotions, states = model(torch.from_numpy(ids), torch.from_numpy(mask))
    loss = 0.0 * (emotions.float().sum() + states.float().sum())
    known = torch.from_numpy(~np.isnan(batch.emotions[:, 0]))
    if known.any():
        target = torch.from_numpy(batch.emotions)[known]
        loss = loss + target.shape[1] * functional.binary_cross_entropy_with_logits(
            emotions.float()[known], target, pos_weight=weights
        )
    labelled = torch.from_numpy(~np.isnan(batch.states[:, 0]))
    if labelled.any():
        target = torch.from_numpy(batch.states)[labelled]
        loss = loss + functional.cross_entropy(states.float()[labelled], target)
    return loss


def predict(model: Any, rows: list[list[int]]) -> tuple[metrics.Matrix, metrics.Matrix]:
    """Emotion probabilities (rows, 28) and state probabilities (rows, 9), in fp32."""
    model.eval()
    order = sorted(range(len(rows)), key=lambda row: len(rows[row]))
    emotions = np.zeros((len(rows), model.emotions.out_features), dtype=np.float32)
    states = np.zeros((len(rows), model.states.out_features), dtype=np.float32)
    with torch.inference_mode():
        for start in range(0, len(order), 64):
            chosen = order[start : start + 64]
            ids, mask = padded([rows[row] for row in chosen])
            logits = model(torch.from_numpy(ids), torch.from_numpy(mask))
            emotions[chosen] = torch.sigmoid(logits[0]).numpy()
            states[chosen] = torch.softmax(logits[1], dim=-1).numpy()
    return emotions, states


def rare_weights(emotions: metrics.Matrix, stage: Stage) -> metrics.Matrix:
    """Weight of each label's positives: the root of how much rarer it is than `rare_share`."""
    share = np.nanmean(emotions, axis=0)
    wanted = np.sqrt(stage.rare_share / np.maximum(share, 1e-6))
    return np.clip(wanted, 1.0, stage.rare_limit).astype(np.float32)


def make_optimisers(model: Any, stage: Stage) -> list[Any]:
    """Lower layers learn slower by `layer_decay` each; the heads have a rate of their own."""
    layers = model.encoder.encoder.layer
    depth = len(layers)
    lowest = stage.learning_rate * stage.layer_decay ** (depth + 1)
    words = model.encoder.embeddings.word_embeddings.weight
    groups = [
        {
            "params": [*model.emotions.parameters(), *model.states.parameters()],
            "lr": stage.head_learning_rate,
        },
        {
            "params": [p for p in model.encoder.embeddings.parameters() if p is not words],
            "lr": lowest,
        },
    ]
    for number, layer in enumerate(layers):
        rate = stage.learning_rate * stage.layer_decay ** (depth - number)
        groups.append({"params": list(layer.parameters()), "lr": rate})
    return [
        torch.optim.AdamW(groups, weight_decay=stage.weight_decay),
        torch.optim.SparseAdam([words], lr=lowest),
    ]


def ramp(steps: int, warm_up: float) -> Callable[[int], float]:
    """Rises to 1 over the first share of the steps, then falls to 0 in a line."""
    rising = max(1, int(steps * warm_up))

    def factor(step: int) -> float:
        if step < rising:
            return (step + 1) / rising
        return max(0.0, (steps - step) / max(1, steps - rising))

    return factor


_BF16: list[bool] = []


def has_bf16_once() -> bool:
    """`has_bf16`, read once a process."""
    if not _BF16:
        _BF16.append(has_bf16())
    return _BF16[0]
