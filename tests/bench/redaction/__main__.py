"""Redaction beside presidio-analyzer, in one run on the same texts.

    make bench-redaction [JSON=FILE]

Texts: the test part of this folder's conversations, and the held-out templates of presidio-research
where `../shared/data` is there. Each system runs in a process of its own on one core.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from tests.bench.redaction.scoring import Score
from tests.bench.redaction.texts import Conversation, Mark, conversations, corpus

ROOT = Path(__file__).parents[3]
SYSTEMS = ("rapport", "presidio")
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def measure(
    system: str, python: Path, texts: list[Conversation], progress: Progress, title: str
) -> Score:
    """Runs the texts through a system. RuntimeError where it ends before the last one."""
    score = Score()
    worker = subprocess.Popen(
        [python, "-m", "tests.bench.redaction.worker", system],
        cwd=ROOT,
        env=os.environ | _ONE_THREAD,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert worker.stdin is not None
    assert worker.stdout is not None
    with worker:
        for conversation in progress.track(texts, description=f"{title}: {system}"):
            turns = [{"author": turn.author, "text": turn.text} for turn in conversation.turns]
            worker.stdin.write(json.dumps({"id": conversation.id, "turns": turns}) + "\n")
            worker.stdin.flush()
            line = worker.stdout.readline()
            if not line:
                raise RuntimeError(f"{system} ended before {conversation.id}")
            answer = json.loads(line)
            reported = [[Mark(**span) for span in spans] for spans in answer["spans"]]
            score.add(conversation, reported, answer["seconds"])
        worker.stdin.close()
    return score


def show(console: Console, title: str, scores: dict[str, Score]) -> None:
    table = Table(
        "", "prec.", "recall", "F1", "F2", "clean touched", "msgs/s", "p99 ms", title=title
    )
    for system, score in scores.items():
        counts = score.overall
        table.add_row(
            system,
            f"{counts.precision:.3f}",
            f"{counts.recall:.3f}",
            f"{counts.f():.3f}",
            f"{counts.f(2):.3f}",
            f"{score.clean_touched} of {score.clean}",
            f"{score.messages_per_second:.0f}",
            f"{score.p99_ms:.2f}",
        )
    console.print(table)
    kinds = Table(
        "type", "marked", *(f"{system} F2" for system in scores), title=f"{title}, by type"
    )
    for kind in sorted({kind for score in scores.values() for kind in score.types}):
        counts_of = [score.types[kind] for score in scores.values()]
        marked = counts_of[0].right + counts_of[0].missed
        if marked:
            kinds.add_row(kind, str(marked), *(f"{each.f(2):.2f}" for each in counts_of))
    console.print(kinds)


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure redaction beside presidio-analyzer.")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    parser.add_argument(
        "--presidio",
        type=Path,
        default=ROOT / ".state/bench-redaction/bin/python",
        help="the Python of an environment with requirements-bench-redaction.txt",
    )
    parser.add_argument("--part", choices=("dev", "test"), default="test")
    options = parser.parse_args()
    console = Console()
    pythons = {"rapport": Path(sys.executable), "presidio": options.presidio}
    sets = {"conversations": conversations(options.part), "presidio_research": corpus()}
    figures: dict[str, Any] = {}
    for name, texts in sets.items():
        if texts is None:
            console.print(f"{name}: ../shared/data is not here, skipped")
            continue
        with Progress(console=console, transient=True) as progress:
            scores = {
                system: measure(system, pythons[system], texts, progress, name)
                for system in SYSTEMS
            }
        show(console, name, scores)
        figures[name] = {system: score.figures() for system, score in scores.items()}
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
