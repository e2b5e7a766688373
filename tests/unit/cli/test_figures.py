"""The figures of a demonstration."""

from rich.console import Console

from services.cli.figures import figures, figures_table
from services.cli.players import Played
from services.cli.record import Verdict


def verdict() -> Verdict:
    return Verdict(
        messages=4,
        replies=3,
        handovers=1,
        by_bot=2,
        by_agent=1,
        unanswered=(),
        duplicated=(),
        duplicates=0,
        states={"angry": 3, "calm": 1},
    )


def played() -> list[Played]:
    return [
        Played("a", accepted=["1", "2"], by_platform=[0.010, 0.030]),
        Played("b", accepted=["3", "4"], by_platform=[0.020], by_agent=[3.0]),
    ]


def test_hold_what_was_asked_for() -> None:
    values = figures(played(), verdict())
    assert values["conversations"] == 2
    assert (values["messages"], values["replies"], values["handovers"]) == (4, 3, 1)
    assert (values["unanswered"], values["duplicates"]) == (0, 0)
    assert values["states"]["angry"] == 3
    assert values["states"]["grateful"] == 0
    assert len(values["states"]) == 9


def test_latencies_are_the_platforms_in_milliseconds() -> None:
    values = figures(played(), verdict())
    assert values["latency_ms"] == {"p50": 20.0, "p95": 30.0, "p99": 30.0}
    assert values["agent_latency_ms"]["p50"] == 3000.0


def test_without_answers_there_is_no_latency() -> None:
    assert figures([], verdict())["latency_ms"] == {"p50": None, "p95": None, "p99": None}


def test_the_table_says_it_in_words() -> None:
    console = Console(width=200, color_system=None)
    with console.capture() as captured:
        console.print(figures_table(figures(played(), verdict()), "played"))
    text = captured.get()
    assert "2 by the bot, 1 by an agent" in text
    assert "calm 1, angry 3" in text
    assert "p99 30.0 ms" in text
