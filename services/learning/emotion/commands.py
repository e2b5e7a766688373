"""`rapport model`: train, export, evaluate and describe the emotion model."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from services.learning.emotion.config import DEFAULT, Config, load

app = typer.Typer(
    no_args_is_help=True,
    help="Makes the emotion model from its data. In order: train (about 90 minutes on two cores), "
    "export, evaluate. train and export need requirements-train.in; evaluate does not.",
)
ConfigOption = Annotated[Path, typer.Option(help="The one configuration file.")]
RunOption = Annotated[Path, typer.Option(help="Folder for checkpoints between the commands.")]
RUN = Path(".state/emotion-training")
FP32 = Path(".state/emotion-fp32")


class Stage(StrEnum):
    GOEMOTIONS = "goemotions"
    CARE = "care"
    ALL = "all"


@app.command()
def train(
    config: ConfigOption = DEFAULT,
    run: RunOption = RUN,
    stage: Annotated[
        Stage, typer.Option(help="One stage, from the checkpoint of the one before it, or all.")
    ] = Stage.ALL,
) -> None:
    """Fine-tunes the encoder on GoEmotions, then on the care set with GoEmotions shown again.

    A stage whose result is in the run folder is not done again: delete it to begin anew.

    Example: `rapport model train --stage care`
    """
    from services.learning.emotion import training

    settings = load(config)
    run.mkdir(parents=True, exist_ok=True)
    stages = {
        Stage.GOEMOTIONS: (training.GOEMOTIONS_CHECKPOINT, training.train_goemotions),
        Stage.CARE: (training.CARE_CHECKPOINT, training.train_care),
    }
    for name, (result, work) in stages.items():
        if stage not in (name, Stage.ALL):
            continue
        if stage is Stage.ALL and (run / result).exists():
            print(f"{name}: {result} is there already")
            continue
        print(f"{name}: begins")
        work(settings, run)


@app.command()
def export(
    config: ConfigOption = DEFAULT,
    run: RunOption = RUN,
    folder: Annotated[Path | None, typer.Option(help="Where to; the service's by default.")] = None,
    fp32: Annotated[
        bool, typer.Option("--fp32", help=f"Not quantised, to compare with; to {FP32} by default.")
    ] = False,
) -> None:
    """Writes model.onnx (fused, INT8), tokenizer.json and model.json with thresholds from dev.

    Example: `rapport model export --folder models/next`
    """
    from services.learning.emotion import exporting, training

    settings = load(config)
    target = folder or (FP32 if fp32 else settings.export_folder)
    exporting.export(settings, run / training.CARE_CHECKPOINT, target, quantise=not fp32)
    exporting.write_card(target, _card(settings))
    chosen = _chosen_on_dev(settings, target)
    exporting.write_card(target, _card(settings) | chosen)
    size = (target / exporting.MODEL).stat().st_size / 1e6
    Console().print(f"{target}: {size:.1f} MB, threshold {chosen['threshold']}")


@app.command()
def evaluate(
    config: ConfigOption = DEFAULT,
    folder: Annotated[
        Path | None, typer.Option(help="The model; the service's by default.")
    ] = None,
    split: Annotated[str, typer.Option(help="dev while you choose; test once, to report.")] = "dev",
    wrong: Annotated[
        bool, typer.Option("--wrong", help="List the care utterances misread.")
    ] = False,
) -> None:
    """Prints quality and speed of an exported model, through the service's own scorer.

    Example: `rapport model evaluate --split dev --wrong`
    """
    from services.emotion.model import EmotionModel
    from services.emotion.scorer import Scorer
    from services.learning.emotion import data, evaluating, metrics

    settings = load(config)
    source = folder or settings.export_folder
    model = EmotionModel.load(source)
    scorer = Scorer(model)
    console = Console()
    comments = data.read_comments(settings.goemotions.folder / f"{split}.tsv")
    scores = evaluating.emotion_scores(model, comments)
    truth = evaluating.truth_of(comments, len(model.labels))
    guess = scores >= model.threshold
    table = Table(title=f"GoEmotions {split}, {len(comments)} texts, threshold {model.threshold}")
    for column in ("texts", "macro-F1", "micro-F1"):
        table.add_column(column)
    known = data.read_comments(settings.goemotions.folder / "train.tsv")
    rows = evaluating.unseen(comments, known)
    for name, chosen in (("all", list(range(len(comments)))), ("not in train", rows)):
        macro = metrics.macro_f1(truth[chosen], guess[chosen])
        micro = metrics.micro_f1(truth[chosen], guess[chosen])
        table.add_row(name, f"{macro:.4f}", f"{micro:.4f}")
    console.print(table)
    by_label = zip(model.labels, metrics.f1_per_label(truth, guess), strict=True)
    console.print(", ".join(f"{label} {value:.2f}" for label, value in by_label))
    utterances = evaluating.read_split(settings.care.folder, split)
    figures = evaluating.care_figures(scorer, utterances)
    console.print(
        f"care {split}, {len(utterances)} utterances: macro-F1 {figures.macro_f1:.4f}, accuracy "
        f"{figures.accuracy:.4f}, calibration error {figures.calibration_error:.4f}"
    )
    console.print(", ".join(f"{state} {value:.2f}" for state, value in figures.f1.items()))
    for name, (recall, precision, count) in figures.signals.items():
        console.print(f"{name}: recall {recall:.3f}, precision {precision:.3f} ({count} true)")
    median, slowest = evaluating.milliseconds(scorer, [comment.text for comment in comments[:500]])
    console.print(
        f"one text on one thread: median {median:.2f} ms, 99th percentile {slowest:.2f} ms"
    )
    if wrong:
        for utterance_id, expected, given in figures.wrong:
            console.print(f"{utterance_id}: {expected}, read as {given}")


@app.command()
def card(
    folder: Annotated[
        Path | None, typer.Option(help="The model; the service's by default.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="model.json as it is.")] = False,
) -> None:
    """Shows what a model folder holds: version, heads, thresholds, calibration, origin.

    Example: `rapport model card --json`
    """
    source = folder or load(DEFAULT).export_folder
    text = (source / "model.json").read_text(encoding="utf-8")
    if as_json:
        print(text, end="")
        return
    table = Table("", "", show_header=False)
    for name, value in json.loads(text).items():
        shown = ", ".join(map(str, value)) if isinstance(value, list) else value
        if isinstance(value, dict):
            shown = "\n".join(f"{key}: {entry}" for key, entry in value.items())
        table.add_row(name, str(shown))
    Console().print(table)


def _card(settings: Config) -> dict[str, Any]:
    """model.json without the files' sums; calibration and thresholds leave all as it is."""
    from services.learning.emotion import data

    as_it_is = {"scale": 1.0, "shift": 0.0}
    return {
        "labels": list(data.read_labels(settings.goemotions.folder)),
        "states": list(data.STATES),
        "signals": list(data.SIGNALS),
        "threshold": 0.3,
        "signal_thresholds": dict.fromkeys(data.SIGNALS, 0.5),
        "calibration": {
            "emotions": as_it_is,
            "states": {"temperature": 1.0},
            "signals": as_it_is,
        },
        "base_model": "BAAI/bge-small-en-v1.5",
        "trained_on": ["GoEmotions (CC BY 4.0)", "services/learning/data/care"],
        "seed": settings.seed,
    }


def _chosen_on_dev(settings: Config, folder: Path) -> dict[str, Any]:
    """Calibration and thresholds of the exported model."""
    from services.emotion.model import EmotionModel
    from services.learning.emotion import calibrating, data, evaluating, metrics

    model = EmotionModel.load(folder)
    comments = data.read_comments(settings.goemotions.folder / "dev.tsv")
    utterances = evaluating.read_split(settings.care.folder, "dev")
    logits = evaluating.logits_of(model, utterances)
    logits["emotions"] = evaluating.logits_of(model, comments)["emotions"]
    truth = {
        "emotions": evaluating.truth_of(comments, len(model.labels)),
        "states": metrics.one_hot([each.state for each in utterances], data.STATES),
        "signals": evaluating.signals_of(utterances),
    }
    calibration = calibrating.calibration(logits, truth)
    emotions, signals = (
        metrics.sigmoid(calibration[head]["scale"] * logits[head] + calibration[head]["shift"])
        for head in ("emotions", "signals")
    )
    return {
        "threshold": metrics.best_threshold(truth["emotions"], emotions),
        "signal_thresholds": calibrating.signal_thresholds(
            signals, truth["signals"], evaluating.heard_by_rule(utterances)
        ),
        "calibration": calibration,
    }
