"""Judges `rapport redact`: spans of personal data in whole conversations.

A marked span is found when spans of its type cover at least half of it. A span that the filter
reports is wrong when it touches no marked span of its type by at least half of that span or of
itself (a spelled name in two pieces is two right spans).
"""

from collections import defaultdict
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.bench.judge.counts import Counts
from tests.bench.judge.filters import Record, by_id, read_set, run_filter

BARS = {"f2": 0.90, "clean_touched_share": 3 / 72}
# A value whose leak costs more than a name's.
_WEIGHT = {"CREDIT_CARD": 5, "SSN": 5, "CVV": 5, "PASSWORD": 4, "BANK_ACCOUNT": 4, "EMAIL": 3}


def _overlap(a: Record, b: Record) -> int:
    return max(0, min(int(a["end"]), int(b["end"])) - max(int(a["start"]), int(b["start"])))


def _length(span: Record) -> int:
    return int(span["end"] - span["start"])


def _wrong(span: Record, marked: list[Record]) -> bool:
    return not any(
        span["type"] == gold["type"]
        and 2 * _overlap(span, gold) >= min(_length(gold), _length(span))
        and _overlap(span, gold)
        for gold in marked
    )


def judge_redact(console: Console, show: int) -> tuple[dict[str, Any], bool]:
    """Prints the tables; returns the figures and whether every bar was reached."""
    records = read_set("redact")
    run = run_filter("redact", records)
    lines = by_id("redact", run, records)
    overall = Counts()
    types: dict[str, Counts] = defaultdict(Counts)
    forms: dict[str, Counts] = defaultdict(Counts)
    exact = leaked = 0
    clean = touched = 0
    faults: list[tuple[float, str, str]] = []
    for record in records:
        turns = lines[record["id"]]["turns"]
        clean += not record["entities"]
        hit_clean = False
        for position, (asked, answered) in enumerate(zip(record["turns"], turns, strict=True)):
            text = asked["text"]
            marked = [span for span in record["entities"] if span["turn"] == position]
            reported = answered["entities"]
            hit_clean |= bool(reported) and not record["entities"]
            for gold in marked:
                same = sum(_overlap(s, gold) for s in reported if s["type"] == gold["type"])
                covered = sum(_overlap(s, gold) for s in reported)
                exact += any(s == {k: gold[k] for k in ("start", "end", "type")} for s in reported)
                found = 2 * same >= _length(gold)
                for tally in (overall, types[gold["type"]], forms[record["form"]]):
                    tally.right += found
                    tally.missed += not found
                if 2 * covered < _length(gold):
                    leaked += 1
                if not found:
                    got = ", ".join(
                        f"{s['type']} {text[s['start'] : s['end']]!r}"
                        for s in reported
                        if _overlap(s, gold)
                    )
                    faults.append(
                        (
                            _WEIGHT.get(gold["type"], 2) * (0.5 if got else 1),
                            f"{record['id']}/{position} {record['form']}: {gold['type']} "
                            f"{text[gold['start'] : gold['end']]!r} got {got or 'nothing'}",
                            text,
                        )
                    )
            for span in reported:
                if _wrong(span, marked):
                    for tally in (overall, types[span["type"]], forms[record["form"]]):
                        tally.wrong += 1
                    if not any(_overlap(span, gold) for gold in marked):
                        faults.append(
                            (
                                2.5 if not record["entities"] else 1.5,
                                f"{record['id']}/{position} {record['form']}: nothing, got "
                                f"{span['type']} {text[span['start'] : span['end']]!r}",
                                text,
                            )
                        )
        touched += hit_clean

    spans = overall.right + overall.missed
    messages = sum(len(record["turns"]) for record in records)
    figures: dict[str, Any] = {
        **overall.figures(),
        "exact": round(exact / spans, 4),
        "leaked": leaked,
        "spans": spans,
        "clean": clean,
        "clean_touched": touched,
        "messages": messages,
        "seconds": round(run.seconds, 1),
        "types": {name: tally.figures() for name, tally in sorted(types.items())},
        "forms": {name: tally.figures() for name, tally in sorted(forms.items())},
    }
    title = (
        f"Spans: P {overall.precision:.3f} R {overall.recall:.3f} F1 {overall.f():.3f} "
        f"F2 {overall.f(2):.3f}; exact {exact} of {spans}; not masked at all {leaked}; "
        f"clean conversations touched {touched} of {clean}"
    )
    console.print(title, highlight=False)
    for name, tallies in (("type", types), ("form", forms)):
        table = Table(name, "P", "R", "F2", "marked", "wrong", "missed")
        for key, tally in sorted(tallies.items()):
            table.add_row(
                key,
                f"{tally.precision:.2f}",
                f"{tally.recall:.2f}",
                f"{tally.f(2):.2f}",
                str(tally.right + tally.missed),
                str(tally.wrong),
                str(tally.missed),
            )
        console.print(table)
    for _, what, text in sorted(faults, key=lambda fault: -fault[0])[:show]:
        console.print(what, markup=False, highlight=False, style="bold")
        console.print(f"    {text}", markup=False, highlight=False)
    reached = overall.f(2) >= BARS["f2"] and touched <= BARS["clean_touched_share"] * clean
    return figures, reached
