"""Runs every system over both sets; a system whose package is absent says so instead."""

import importlib.util
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.progress import Progress

from tests.bench.emotion import fairness
from tests.bench.emotion.figures import care_figures, label_figures
from tests.bench.emotion.graphs import twins
from tests.bench.emotion.lexicons import Lexicon, Nrc, Vader
from tests.bench.emotion.linear import LABEL_STRENGTHS, STRENGTHS, LinearCare, LinearLabels
from tests.bench.emotion.ours import Ours
from tests.bench.emotion.sets import SIGNALS, Care, GoEmotions

THIS, FULL, VADER, NRC, LINEAR = (
    "this model, INT8",
    "this model, fp32",
    "VADER",
    "NRCLex",
    "TF-IDF and logistic regression",
)
SYSTEMS = (THIS, FULL, VADER, NRC, LINEAR)
LABELS_SKIPPED = "no GoEmotions beside this checkout"


@dataclass(frozen=True)
class Judged:
    """One system's figures, by set; None for a set that is not there."""

    care: dict[str, Any]
    labels: dict[str, Any] | None
    fairness: dict[str, Any]
    notes: dict[str, Any]


Judge = Callable[[Care, GoEmotions | None, Progress], Judged]


def judge_all(
    care: Care,
    sets: GoEmotions | None,
    model: Path,
    fp32: Path,
    progress: Progress,
    only: Sequence[str] = SYSTEMS,
) -> tuple[dict[str, Judged], dict[str, str]]:
    """Figures by system, and of those that were skipped the reason."""
    judges: dict[str, tuple[Judge, str]] = {
        THIS: (_of_folder(model), ""),
        FULL: (_of_folder(fp32), _no_twin(model, fp32)),
        VADER: (_of_lexicon(Vader, "compound"), _missing("vaderSentiment")),
        NRC: (_of_lexicon(Nrc, "weights"), _missing("nrclex")),
        LINEAR: (_linear, _missing("sklearn")),
    }
    judged: dict[str, Judged] = {}
    skipped: dict[str, str] = {}
    for name in only:
        judge, reason = judges[name]
        if reason:
            skipped[name] = reason
        else:
            judged[name] = judge(care, sets, progress)
    return judged, skipped


def summary(
    care: Care, sets: GoEmotions | None, judged: dict[str, Judged], skipped: dict[str, str]
) -> dict[str, Any]:
    """What JSON says of quality: this model's figures, and beside them those of every system."""
    this, full = judged[THIS], judged.get(FULL)
    goemotions: dict[str, Any] = {"skipped": LABELS_SKIPPED}
    if sets is not None and this.labels is not None:
        goemotions = {
            "texts": len(sets.test),
            **this.labels,
            "systems": {name: each.labels for name, each in judged.items()},
        }
    loss: dict[str, Any] = {"skipped": skipped.get(FULL, "")}
    if full is not None:
        loss = {"care_macro_f1": full.care["macro_f1"] - this.care["macro_f1"]}
        if full.labels is not None and this.labels is not None:
            loss["goemotions_macro_f1"] = full.labels["macro_f1"] - this.labels["macro_f1"]
    return {
        "goemotions": goemotions,
        "care": {
            "utterances": len(care.test),
            **this.care,
            "systems": {name: each.care for name, each in judged.items()},
        },
        "signals": this.care["signals"],
        "calibration": {
            "ece": this.care["ece"],
            "systems": {name: each.care["ece"] for name, each in judged.items()},
        },
        "int8_loss": loss,
        "fairness": {
            **this.fairness,
            "systems": {name: each.fairness for name, each in judged.items()},
        },
        "tuned": {name: each.notes for name, each in judged.items()},
        "skipped": skipped,
    }


def _of_folder(folder: Path) -> Judge:
    def judge(care: Care, sets: GoEmotions | None, progress: Progress) -> Judged:
        ours = Ours(folder)
        rows = len(care.test) + (len(sets.test) if sets else 0)
        task = progress.add_task(f"{folder.name}: texts", total=rows)

        def tick() -> None:
            progress.advance(task)

        labels = None
        if sets is not None:
            texts = [comment.text for comment in sets.test]
            labels = label_figures(ours.labels(texts, sets.labels, tick), sets)
        figures = care_figures(ours.read(care.test, tick), care)
        notes = {"version": ours.version, "label_threshold": ours.threshold}
        return Judged(figures, labels, fairness.gaps(ours.read, care.test), notes)

    return judge


def _of_lexicon(kind: Callable[[], Lexicon], numbers: str) -> Judge:
    def judge(care: Care, sets: GoEmotions | None, progress: Progress) -> Judged:
        task = progress.add_task(f"{kind.__name__}: sets", total=3 if sets else 2)
        lexicon = kind()
        lexicon.tune_states(care.dev)
        figures = care_figures(lexicon.read(care.test), care)
        progress.advance(task)
        labels = None
        if sets is not None:
            lexicon.tune_labels(sets.dev, sets.truth(sets.dev), sets.labels)
            texts = [comment.text for comment in sets.test]
            labels = label_figures(lexicon.labels(texts, sets.labels), sets)
            progress.advance(task)
        gaps = fairness.gaps(lexicon.read, care.test)
        progress.advance(task)
        return Judged(figures, labels, gaps, {numbers: lexicon.state_numbers})

    return judge


def _linear(care: Care, sets: GoEmotions | None, progress: Progress) -> Judged:
    fits = len(STRENGTHS) + len(SIGNALS)
    fits += len(LABEL_STRENGTHS) * len(sets.labels) if sets else 0
    task = progress.add_task("logistic regressions", total=fits)

    def tick() -> None:
        progress.advance(task)

    states = LinearCare(care.train, care.dev, tick)
    figures = care_figures(states.read(care.test), care)
    notes: dict[str, Any] = {"care_inverse_strength": states.strength}
    labels = None
    if sets is not None:
        linear = LinearLabels(sets, tick)
        labels = label_figures(linear.labels([comment.text for comment in sets.test]), sets)
        notes |= {"label_threshold": linear.threshold, "label_inverse_strength": linear.strength}
    return Judged(figures, labels, fairness.gaps(states.read, care.test), notes)


def _missing(module: str) -> str:
    there = importlib.util.find_spec(module) is not None
    return "" if there else f"{module} is not installed: see requirements-bench.in"


def _no_twin(model: Path, fp32: Path) -> str:
    if not (fp32 / "model.json").exists():
        return f"no model in {fp32}: python -m services.learning.emotion export --fp32"
    if absent := _missing("onnx"):
        return absent
    same = twins(model / "model.onnx", fp32 / "model.onnx")
    return "" if same else f"the model in {fp32} is of another training"
