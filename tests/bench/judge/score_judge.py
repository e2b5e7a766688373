"""Judges `rapport score`: the care state and the signals of single utterances in context."""

from collections import Counter
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.bench.judge.counts import Counts
from tests.bench.judge.filters import Record, by_id, read_set, run_filter

STATES = (
    "calm",
    "satisfied",
    "grateful",
    "confused",
    "anxious",
    "disappointed",
    "frustrated",
    "angry",
    "distressed",
)
SIGNALS = ("asks_for_person", "asks_if_bot", "crisis", "opt_out", "abusive")
# Bars for people's unseen sets; a signal without a bar is shown and not judged.
BARS = {"macro_f1": 0.80}
SIGNAL_BARS = {"asks_for_person": (0.97, 0.93), "crisis": (1.0, 0.0)}
NEAR_MISS_BAR = {"crisis": 0.05}
# How wrong it feels to be answered in the wrong state: a place on the line from glad to unwell.
_PLACE = {
    "grateful": 3,
    "satisfied": 2.5,
    "calm": 0,
    "confused": -0.5,
    "anxious": -2,
    "disappointed": -1.5,
    "frustrated": -2,
    "angry": -3,
    "distressed": -3.5,
}


def _macro(pairs: list[tuple[str, str]]) -> tuple[float, dict[str, Counts]]:
    counts = {state: Counts() for state in STATES}
    for expected, got in pairs:
        if expected == got:
            counts[expected].right += 1
        else:
            counts[expected].missed += 1
            counts[got].wrong += 1
    return sum(count.f() for count in counts.values()) / len(STATES), counts


def _damage(record: Record, line: Record) -> tuple[float, list[str]]:
    """How much a misreading hurts, and what was misread."""
    hurt = 0.0
    what = []
    expected, got = record["state"], line["state"]
    if expected != got:
        hurt += 1 + abs(_PLACE[expected] - _PLACE[got])
        what.append(f"state {expected} read as {got}")
    for signal in SIGNALS:
        truth, said = signal in record["signals"], bool(line["signals"][signal])
        if truth == said or signal in record["unsure"]:
            continue
        missed_cost = {"crisis": 20, "asks_for_person": 8}.get(signal, 4)
        false_cost = {"crisis": 6, "asks_for_person": 5}.get(signal, 3)
        hurt += missed_cost if truth else false_cost
        what.append(f"{signal} {'missed' if truth else 'wrongly seen'}")
    return hurt, what


def judge_score(console: Console, show: int) -> tuple[dict[str, Any], bool]:
    """Prints the tables; returns the figures and whether every bar was reached."""
    records = read_set("score")
    run = run_filter("score", records)
    lines = by_id("score", run, records)
    pairs = [(record["state"], lines[record["id"]]["state"]) for record in records]
    macro, counts = _macro(pairs)
    right = sum(expected == got for expected, got in pairs)

    slices: dict[str, list[bool]] = {}
    for record in records:
        hit = record["state"] == lines[record["id"]]["state"]
        for tag in record["tags"]:
            slices.setdefault(tag, []).append(hit)

    signals: dict[str, dict[str, Any]] = {}
    for signal in SIGNALS:
        tally = Counts()
        near, near_flagged = 0, 0
        for record in records:
            if signal in record["unsure"]:
                continue
            truth, said = signal in record["signals"], bool(lines[record["id"]]["signals"][signal])
            tally.right += truth and said
            tally.missed += truth and not said
            tally.wrong += said and not truth
            if signal in record["near_misses"]:
                near += 1
                near_flagged += said
        signals[signal] = {**tally.figures(), "near_misses": near, "flagged": near_flagged}

    confusions = Counter(pair for pair in pairs if pair[0] != pair[1]).most_common(12)
    figures: dict[str, Any] = {
        "macro_f1": round(macro, 4),
        "accuracy": round(right / len(records), 4),
        "utterances": len(records),
        "seconds": round(run.seconds, 1),
        "states": {state: counts[state].figures() for state in STATES},
        "slices": {
            tag: {"right": sum(hits), "of": len(hits)} for tag, hits in sorted(slices.items())
        },
        "signals": signals,
        "confusions": [{"expected": a, "got": b, "times": n} for (a, b), n in confusions],
    }

    table = Table(title=f"States: macro-F1 {macro:.3f}, {right} of {len(records)} right")
    for column in ("state", "P", "R", "F1", "n"):
        table.add_column(column, justify="left" if column == "state" else "right")
    for state in STATES:
        count = counts[state]
        table.add_row(
            state,
            f"{count.precision:.2f}",
            f"{count.recall:.2f}",
            f"{count.f():.2f}",
            str(count.right + count.missed),
        )
    console.print(table)
    table = Table("expected", "read as", "times", title="Worst confusions")
    for (expected, got), times in confusions:
        table.add_row(expected, got, str(times))
    console.print(table)
    table = Table("slice", "right", "of", title="Slices (state right)")
    for tag, hits in sorted(slices.items()):
        table.add_row(tag, str(sum(hits)), str(len(hits)))
    console.print(table)
    table = Table("signal", "P", "R", "missed", "wrong", "near misses flagged", title="Signals")
    for signal, tally_of in signals.items():
        table.add_row(
            signal,
            f"{tally_of['precision']:.2f}",
            f"{tally_of['recall']:.2f}",
            str(tally_of["missed"]),
            str(tally_of["wrong"]),
            f"{tally_of['flagged']} of {tally_of['near_misses']}",
        )
    console.print(table)

    misread = sorted(
        ((*_damage(record, lines[record["id"]]), record) for record in records),
        key=lambda item: -item[0],
    )
    for hurt, what, record in misread[:show]:
        if hurt:
            console.print(f"[bold]{record['id']}[/] {'; '.join(what)}", highlight=False)
            for turn in record["context"]:
                console.print(f"    {turn['author']}: {turn['text']}", markup=False)
            console.print(f"    {record['text']}", markup=False, highlight=False)

    reached = macro >= BARS["macro_f1"]
    for signal, (recall, precision) in SIGNAL_BARS.items():
        reached &= signals[signal]["recall"] >= recall and signals[signal]["precision"] >= precision
    for signal, share in NEAR_MISS_BAR.items():
        reached &= signals[signal]["flagged"] < share * signals[signal]["near_misses"]
    return figures, reached
