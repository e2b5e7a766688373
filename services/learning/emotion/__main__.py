"""`python -m services.learning.emotion`: train, export and evaluate the emotion model."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from services.learning.emotion.config import DEFAULT, Config, load

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="Makes the emotion model from its data. In order: train (about 40 minutes on two cores), "
    "export, evaluate. train and export need requirements-train.in; evaluate does not.",
)
ConfigOption = Annotated[Path, typer.Option(help="The one configuration file.")]
RunOption = Annotated[Path, typer.Option(help="Folder for checkpoints between the commands.")]
RUN = Path(".state/emotion-training")
FP32 = Path(".state/emotion-fp32")


@app.command()
def train(
    config: ConfigOption = DEFAULT,
    run: RunOption = RUN,
    stage: Annotated[
        str, typer.Option(help="goemotions, care (from goemotions' checkpoint), or all.")
    ] = "all",
) -> None:
    """Fine-tunes MiniLM-L6 on GoEmotions, then on the care set with GoEmotions replayed."""
    from services.learning.emotion import training

    if stage not in ("goemotions", "care", "all"):
        raise typer.BadParameter("one of goemotions, care, all", param_hint="--stage")
    settings = load(config)
    run.mkdir(parents=True, exist_ok=True)
    if stage in ("goemotions", "all"):
        training.train_goemotions(settings, run)
    if stage in ("care", "all"):
        training.train_care(settings, run)


@app.command()
def export(
    config: ConfigOption = DEFAULT,
    run: RunOption = RUN,
    folder: Annotated[Path | None, typer.Option(help="Where to; the service's by default.")] = None,
    fp32: Annotated[
        bool, typer.Option("--fp32", help=f"Not quantised, to compare with; to {FP32} by default.")
    ] = False,
) -> None:
    """Writes model.onnx (fused, INT8), tokenizer.json and model.json with thresholds from dev."""
    from services.learning.emotion import exporting, training

    settings = load(config)
    target = folder or (FP32 if fp32 else settings.export_folder)
    exporting.export(settings, run / training.CARE_CHECKPOINT, target, quantise=not fp32)
    card = _card(settings, threshold=0.3, temperature=1.0)
    exporting.write_card(target, card)
    threshold, temperature = _tuned(settings, target)
    exporting.write_card(target, _card(settings, threshold, temperature))
    size = (target / exporting.MODEL).stat().st_size / 1e6
    Console().print(f"{target}: {size:.1f} MB, threshold {threshold}, temperature {temperature}")


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
    """Prints quality and speed of an exported model, through the service's own scorer."""
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


def _card(settings: Config, threshold: float, temperature: float) -> dict[str, object]:
    from services.learning.emotion import data

    return {
        "labels": list(data.read_labels(settings.goemotions.folder)),
        "states": list(data.STATES),
        "threshold": threshold,
        "state_temperature": temperature,
        "base_model": "sentence-transformers/all-MiniLM-L6-v2",
        "trained_on": ["GoEmotions (CC BY 4.0)", "services/learning/data/care"],
        "seed": settings.seed,
    }


def _tuned(settings: Config, folder: Path) -> tuple[float, float]:
    """The label threshold and the state head's temperature, both from dev alone."""
    from services.emotion.model import EmotionModel
    from services.learning.emotion import data, evaluating, metrics

    model = EmotionModel.load(folder)
    comments = data.read_comments(settings.goemotions.folder / "dev.tsv")
    scores = evaluating.emotion_scores(model, comments)
    threshold = metrics.best_threshold(evaluating.truth_of(comments, len(model.labels)), scores)
    utterances = data.alone(evaluating.read_split(settings.care.folder, "dev"))
    return threshold, evaluating.best_temperature(model, utterances)


if __name__ == "__main__":
    app()
