"""`make bench-reply`: plays the scripted customers four times each and prints what came of it.

    python -m tests.bench.reply.evaluate [--json FILE] [--show N] [--runs N] [--part dev]

`--show` prints conversations of `dev/` that fell short; those of `test/` are never shown.
"""

import argparse
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from services.cli.replying import Replier
from tests.bench.judge.counts import Counts
from tests.bench.reply.play import TIMES, Played, play
from tests.bench.reply.scripts import REASONS, Script, read_scripts

RUNS = 4
PARTS = ("all", "dev", "test")


def figures(runs: list[list[Played]]) -> dict[str, Any]:
    """The figures of some scripts; each of `runs` holds the runs of one script."""
    first = [played[0] for played in runs]
    every = [played for several in runs for played in several]
    overall, reasons = Counts(), {reason: Counts() for reason in REASONS}
    fitting = 0
    for played in first:
        due = played.script.due
        if due is not None:
            main = reasons[played.script.turns[due].handover[0]]
            main.right += played.found
            main.missed += not played.found
            overall.right += played.found
            overall.missed += not played.found
            fitting += played.found and played.reason_fits
        if played.undue:
            overall.wrong += 1
            reasons[played.reason].wrong += 1
    routine = [played for played in first if played.script.contained]
    tones = sum(played.tones for played in first)
    return {
        "conversations": len(runs),
        "success_once": _share(played.success for played in first),
        "success_4_of_4": _share(all(played.success for played in several) for several in runs),
        "handover": {
            "recall": round(overall.recall, 4),
            "precision": round(overall.precision, 4),
            "wanted": overall.right + overall.missed,
            "missed": overall.missed,
            "undue": overall.wrong,
            "reasons_right": fitting,
        },
        "reasons": {reason: count.figures() for reason, count in reasons.items()},
        "containment": _share(played.handed is None for played in routine),
        "tone_fit": round(sum(played.tones_fit for played in first) / tones, 4) if tones else 1.0,
        "ungrounded": sum(played.ungrounded for played in every),
        "repeated_openings": sum(played.repeated_openings for played in every),
        "guard_trips": sum(len(a.guard_trips) for played in every for a in played.answers),
        "words_median": int(
            np.median([len(a.text.split()) for played in every for a in played.answers])
        ),
    }


def _share(answers: Any) -> float:
    values = list(answers)
    return round(sum(values) / len(values), 4) if values else 1.0


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--json", type=Path, help="write the figures there")
    parser.add_argument("--show", type=int, default=0, help="print so many of dev that fell short")
    parser.add_argument("--runs", type=int, default=RUNS, help="times that each script is played")
    parser.add_argument("--only", default="", help="play only scripts whose id begins so")
    parser.add_argument("--part", choices=PARTS, default="all", help="play only these scripts")
    options = parser.parse_args()
    console = Console(stderr=True)
    scripts = [script for script in read_scripts() if script.id.startswith(options.only)]
    scripts = [script for script in scripts if options.part in ("all", script.part)]
    replier = Replier()
    runs: list[list[Played]] = []
    with Progress(console=console, refresh_per_second=4) as progress:
        task = progress.add_task("playing", total=options.runs * len(scripts))
        for script in scripts:
            runs.append([])
            for run in range(options.runs):
                runs[-1].append(play(script, replier, run))
                progress.advance(task)
    chosen = {part: [r for r in runs if part in ("all", r[0].script.part)] for part in PARTS}
    parts = {part: figures(several) for part, several in chosen.items() if several}
    latency = {f"p{p}": round(float(np.percentile(TIMES, p)), 2) for p in (50, 99)}
    values = {**parts["all"], "latency_ms": latency, "parts": parts}
    out = Console()
    out.print(_table(parts))
    out.print(_reasons(parts["all"]))
    out.print(f"Deciding and composing: p50 {latency['p50']} ms, p99 {latency['p99']} ms")
    out.print(_problems(runs))
    _show(out, runs, options.show)
    if options.json:
        options.json.write_text(json.dumps(values, indent=2) + "\n", "utf-8")
    return 0


def _table(parts: dict[str, dict[str, Any]]) -> Table:
    table = Table(title="Scripted customers")
    table.add_column("what")
    for part in parts:
        table.add_column(part, justify="right")
    for name in parts["all"]:
        if name in ("handover", "reasons"):
            continue
        table.add_row(name.replace("_", " "), *(str(values[name]) for values in parts.values()))
    for name in parts["all"]["handover"]:
        label = f"hand-over: {name.replace('_', ' ')}"
        table.add_row(label, *(str(values["handover"][name]) for values in parts.values()))
    return table


def _reasons(values: dict[str, Any]) -> Table:
    table = Table("reason", "recall", "wanted", "undue", title="Hand-overs by reason")
    for reason, count in values["reasons"].items():
        wanted = str(count["right"] + count["missed"])
        table.add_row(reason, f"{count['recall']:.2f}", wanted, str(count["wrong"]))
    return table


def _problems(runs: list[list[Played]]) -> Table:
    counted: Counter[str] = Counter(
        problem.partition(" '")[0].partition(" (")[0]
        for several in runs
        for played in several
        for _, problem in played.problems
    )
    table = Table("what fell short, in all runs", "times")
    for problem, times in counted.most_common():
        table.add_row(problem, str(times))
    return table


def _show(out: Console, runs: list[list[Played]], most: int) -> None:
    short = [p for several in runs for p in several if p.problems and p.script.part == "dev"]
    seen: set[str] = set()
    for played in short:
        if played.script.id in seen or len(seen) >= most:
            continue
        seen.add(played.script.id)
        out.print(f"\n{_name(played.script)}", style="bold", markup=False)
        for number, (turn, answer) in enumerate(
            zip(played.script.turns, played.answers, strict=True)
        ):
            handed = f" [{answer.handover.rule}]" if answer.handover else ""
            trips = f" guard: {', '.join(answer.guard_trips)}" if answer.guard_trips else ""
            about = f"{answer.state}, {answer.tone}, {answer.strategy}{handed}{trips}"
            out.print(f"  customer: {turn.text}", markup=False, highlight=False)
            out.print(f"  bot ({about}): {answer.text}", markup=False, highlight=False)
            for where, problem in played.problems:
                if where == number:
                    out.print(f"    ^ {problem}", style="red", markup=False)


def _name(script: Script) -> str:
    return f"{script.id} ({script.industry}, {script.mood})"


if __name__ == "__main__":
    sys.exit(main())
