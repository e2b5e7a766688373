"""Two stages: GoEmotions, then the care set with GoEmotions shown again beside it, so that no label
is forgotten."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from tokenizers import Tokenizer
from torch.nn import functional

from services.learning.emotion import data, metrics, network
from services.learning.emotion.batches import bucketed, padded
from services.learning.emotion.config import Config, Stage
from services.learning.emotion.examples import Examples, Row, of_comments, of_utterances

GOEMOTIONS_CHECKPOINT = "goemotions.pt"
CARE_CHECKPOINT = "care.pt"

HEADS = ("emotions", "states", "signals", "affect")

SIGNALS_WEIGHT = 3.0
"""Nineteen utterances in twenty have no given signal: without it, learning them starts late."""


def seed_everything(config: Config) -> None:
    random.seed(config.seed)
    np.random.seed(config.seed)
    torch.manual_seed(config.seed)
    torch.set_num_threads(config.threads)


@cache
def has_bf16() -> bool:
    """bf16 pays only where the processor multiplies it in hardware."""
    flags = Path("/proc/cpuinfo")
    return flags.exists() and "avx512_bf16" in flags.read_text(encoding="utf-8")


def base_tokenizer(config: Config) -> Tokenizer:
    """The encoder's tokenizer with its whole vocabulary."""
    tokenizer = Tokenizer.from_str(network.tokenizer_json(config.encoder_jar))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def train_goemotions(config: Config, run: Path) -> Path:
    """Stage one. Writes run/goemotions.pt, of the epoch with the best macro-F1 on dev."""
    seed_everything(config)
    stage = config.goemotions
    train, dev = _comments(config, stage, "train"), _comments(config, stage, "dev")
    model = network.fresh(config.encoder_jar, len(_labels(config)), stage.dropout)
    checkpoint = run / GOEMOTIONS_CHECKPOINT
    best = 0.0

    def after_epoch(epoch: int) -> None:
        nonlocal best
        scores = predict(model, dev.rows)["emotions"]
        truth = dev.targets["emotions"].astype(np.bool_)
        threshold = metrics.best_threshold(truth, scores)
        figure = metrics.macro_f1(truth, scores >= threshold)
        print(f"epoch {epoch}: dev macro-F1 {figure:.4f} at {threshold:.2f}", flush=True)
        if figure > best:
            best = figure
            torch.save(model.state_dict(), checkpoint)

    fit(model, stage, config.seed, lambda _: train, after_epoch)
    return checkpoint


def train_care(config: Config, run: Path) -> Path:
    """Stage two, from stage one's checkpoint. Writes run/care.pt and returns its path."""
    seed_everything(config)
    stage = config.care
    labels = len(_labels(config))
    tokenizer = base_tokenizer(config)

    def read(split: str, smoothing: float = 0.0) -> Examples:
        utterances = data.read_utterances(stage.folder / f"{split}.jsonl")
        return of_utterances(utterances, tokenizer, labels, stage.max_tokens, smoothing)

    care, dev = read("train", stage.label_smoothing), read("dev")
    reddit, reddit_dev = (_comments(config, config.goemotions, split) for split in ("train", "dev"))
    model = network.load(labels, run / GOEMOTIONS_CHECKPOINT)

    def mixture(epoch: int) -> Examples:
        rng = random.Random(config.seed + epoch)
        count = min(len(reddit.rows), stage.replay * len(care.rows))
        return care + reddit.pick(rng.sample(range(len(reddit.rows)), count))

    def after_epoch(epoch: int) -> None:
        print(f"epoch {epoch}: {_quality(model, dev)}; {_quality(model, reddit_dev)}", flush=True)
        torch.save(model.state_dict(), run / CARE_CHECKPOINT)

    fit(model, stage, config.seed, mixture, after_epoch)
    return run / CARE_CHECKPOINT


def _labels(config: Config) -> tuple[str, ...]:
    return data.read_labels(config.goemotions.folder)


def _comments(config: Config, stage: Stage, split: str) -> Examples:
    comments = data.read_comments(config.goemotions.folder / f"{split}.tsv")
    return of_comments(comments, base_tokenizer(config), len(_labels(config)), stage.max_tokens)


def _quality(model: Any, dev: Examples) -> str:
    """Figures of the heads whose truth is known, in words."""
    scores = predict(model, dev.rows)
    words = []
    if not np.isnan(dev.targets["emotions"]).any():
        truth = dev.targets["emotions"].astype(np.bool_)
        threshold = metrics.best_threshold(truth, scores["emotions"])
        figure = metrics.macro_f1(truth, scores["emotions"] >= threshold)
        words.append(f"GoEmotions dev macro-F1 {figure:.4f} at {threshold:.2f}")
    if not np.isnan(dev.targets["states"]).any():
        truth = dev.targets["states"] > 0.5
        guess = scores["states"] == scores["states"].max(axis=1, keepdims=True)
        words.append(f"care dev macro-F1 {metrics.macro_f1(truth, guess):.4f}")
        signals = dev.targets["signals"] > 0.5
        figures = metrics.f1_per_label(signals, scores["signals"] >= 0.5)
        words += [
            f"{name} F1 {value:.3f}" for name, value in zip(data.SIGNALS, figures, strict=True)
        ]
        known = ~np.isnan(dev.targets["affect"][:, 0])
        valence = np.corrcoef(dev.targets["affect"][known, 0], scores["affect"][known, 0])[0, 1]
        words.append(f"valence r {valence:.3f}")
    return ", ".join(words)


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
    steps = stage.epochs * -(-len(examples_of(0).rows) // stage.batch_size)
    schedules = [
        torch.optim.lr_scheduler.LambdaLR(optimiser, ramp(steps, stage.warm_up))
        for optimiser in optimisers
    ]
    weights = torch.from_numpy(rare_weights(examples_of(0).targets["emotions"], stage))
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
            lengths = [len(ids) for ids, _ in examples.rows]
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
    """The heads' losses summed, each over the examples whose target is known.

    Binary cross-entropy summed over labels for emotions and signals, cross-entropy for states,
    binary cross-entropy against values between 0 and 1 for affect.
    """
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=has_bf16()):
        outputs = model(*map(torch.from_numpy, padded(batch.rows)))
    loss = torch.zeros(())
    for head, logits in zip(batch.targets, outputs, strict=True):
        target, logits = torch.from_numpy(batch.targets[head]), logits.float()
        loss = loss + 0.0 * logits.sum()
        if head == "states":
            rows = ~torch.isnan(target[:, 0])
            if rows.any():
                loss = loss + functional.cross_entropy(logits[rows], target[rows])
            continue
        known = ~torch.isnan(target)
        if not known.any():
            continue
        each = functional.binary_cross_entropy_with_logits(
            logits,
            torch.nan_to_num(target),
            pos_weight=weights if head == "emotions" else None,
            reduction="none",
        )
        share = (each * known).sum() / known.any(dim=1).sum()
        loss = loss + (SIGNALS_WEIGHT if head == "signals" else 1.0) * share
    return loss


def predict(model: Any, rows: list[Row]) -> dict[str, metrics.Matrix]:
    """Probabilities by head, shape (rows, width), in fp32; affect scaled to 0..1."""
    model.eval()
    order = sorted(range(len(rows)), key=lambda row: len(rows[row][0]))
    scores = {
        name: np.zeros((len(rows), head.out_features), dtype=np.float32)
        for name, head in zip(HEADS, model.heads, strict=True)
    }
    with torch.inference_mode():
        for start in range(0, len(order), 64):
            chosen = order[start : start + 64]
            outputs = model(*map(torch.from_numpy, padded([rows[row] for row in chosen])))
            for name, logits in zip(scores, outputs, strict=True):
                act = torch.sigmoid if name != "states" else lambda x: torch.softmax(x, dim=-1)
                scores[name][chosen] = act(logits).numpy()
    return scores


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
            "params": [p for head in model.heads for p in head.parameters()],
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
