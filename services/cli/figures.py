"""What a run of simulated customers gave, as one table and as JSON."""

from collections.abc import Sequence
from typing import Any

from rich.table import Table

from services.cli.players import Played
from services.cli.record import Verdict, percentile

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
Figures = dict[str, Any]


def milliseconds(seconds: Sequence[float]) -> dict[str, float | None]:
    """p50, p95 and p99 in milliseconds; None of nothing."""
    shares = {"p50": 0.50, "p95": 0.95, "p99": 0.99}
    values = {name: percentile(list(seconds), share) for name, share in shares.items()}
    return {name: None if v is None else round(v * 1000, 1) for name, v in values.items()}


def figures(played: Sequence[Played], verdict: Verdict) -> Figures:
    """The figures of `rapport demo`: what the record says, and what the customers measured.

    `latency_ms` is from sending to the front door until the platform's answer was delivered
    there; answers of agents are in `agent_latency_ms`.
    """
    return {
        "conversations": len(played),
        "messages": verdict.messages,
        "replies": verdict.replies,
        "handovers": verdict.handovers,
        "unanswered": len(verdict.unanswered),
        "duplicates": verdict.duplicates,
        "latency_ms": milliseconds([s for p in played for s in p.by_platform]),
        "states": {state: verdict.states.get(state, 0) for state in STATES},
        "replies_by_bot": verdict.by_bot,
        "replies_by_agent": verdict.by_agent,
        "refused": sum(len(p.refused) for p in played),
        "agent_latency_ms": milliseconds([s for p in played for s in p.by_agent]),
    }


def figures_table(values: Figures, title: str) -> Table:
    """The figures for people."""
    table = Table(title=title, title_justify="left", box=None, show_header=False, pad_edge=False)
    table.add_column(style="bold")
    table.add_column()
    table.add_row("conversations", str(values["conversations"]))
    table.add_row("messages", str(values["messages"]))
    by = f"{values['replies_by_bot']} by the bot, {values['replies_by_agent']} by an agent"
    table.add_row("replies", f"{values['replies']} ({by})")
    table.add_row("hand-overs", str(values["handovers"]))
    table.add_row("unanswered", str(values["unanswered"]))
    table.add_row("answered twice", str(values["duplicates"]))
    seen = [f"{state} {count}" for state, count in values["states"].items() if count]
    table.add_row("care states", ", ".join(seen))
    latency = values["latency_ms"]
    table.add_row(
        "answer after", "   ".join(f"{name} {value} ms" for name, value in latency.items())
    )
    if values["refused"]:
        table.add_row("refused at the door", str(values["refused"]))
    return table
