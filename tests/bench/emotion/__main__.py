"""The emotion model beside other systems: quality, fairness, speed.

    make bench-emotion [JSON=FILE] [ARGS="--runs 5"]

Every threshold and mapping is tuned on dev. GoEmotions is left out, and said so, where
../shared/data is absent; so is a system whose package is not installed. Measure speed while
nothing else runs: the systems are held to one or two processors.
"""

import argparse
import json
import os
import platform
import tempfile
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from services.emotion.scorer import MODEL_FOLDER
from services.learning.emotion.config import load
from tests.bench.emotion import quality, speed, tables, traffic
from tests.bench.emotion.sets import read_care, read_goemotions

FP32_FOLDER = Path(".state/emotion-fp32")
PARTS = ("quality", "speed")
FILE_WIDTH = 130
"""Columns of the tables where they go to a file or a pipe."""


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    plan = speed.Plan()
    parser.add_argument("--json", type=Path, help="write the figures here as well")
    parser.add_argument("--only", choices=PARTS, help="one part instead of all")
    parser.add_argument("--model", type=Path, default=MODEL_FOLDER, help="folder of the model")
    parser.add_argument("--fp32", type=Path, default=FP32_FOLDER, help="folder of its fp32 twin")
    parser.add_argument("--runs", type=int, default=plan.runs, help="of each speed; the median")
    parser.add_argument("--seconds", type=float, default=plan.seconds, help="of one speed")
    parser.add_argument("--texts", type=int, default=6000, help="distinct texts for speed, at most")
    return parser.parse_args()


def machine() -> dict[str, Any]:
    """What the figures depend on beside the code."""
    return {
        "processors": len(os.sched_getaffinity(0)),
        "load_at_start": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        "machine": platform.machine(),
    }


def main() -> None:
    options = arguments()
    config = load()
    care = read_care(config.care.folder)
    sets = read_goemotions(config.goemotions.folder)
    console = Console()
    if not console.is_terminal:
        console.width = FILE_WIDTH
    figures: dict[str, Any] = {"machine": machine()}

    def keep() -> None:
        if options.json:
            text = json.dumps(figures, indent=2, ensure_ascii=False)
            options.json.write_text(text + "\n", encoding="utf-8")

    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True)) as progress:
        if options.only != "speed":
            judged, skipped = quality.judge_all(care, sets, options.model, options.fp32, progress)
            figures |= quality.summary(care, sets, judged, skipped)
            tables.show_quality(console, figures)
            tables.show_fairness(console, figures)
            keep()
        if options.only != "quality":
            messages = traffic.record(care, sets, options.model, options.texts)
            plan = speed.Plan(runs=options.runs, seconds=options.seconds)
            with tempfile.TemporaryDirectory() as work:
                place = speed.Place(options.model, options.fp32, Path(work))
                figures |= speed.measure(messages, place, plan, progress)
            tables.show_speed(console, figures)
            keep()


if __name__ == "__main__":
    main()
