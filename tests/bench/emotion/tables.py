"""The figures as people read them."""

from typing import Any

from rich.console import Console
from rich.table import Table

from tests.bench.emotion import speed
from tests.bench.emotion.sets import SIGNALS, STATES


def show_quality(console: Console, figures: dict[str, Any]) -> None:
    labels, care = figures["goemotions"], figures["care"]
    if "skipped" in labels:
        console.print(f"GoEmotions is skipped: {labels['skipped']}", style="yellow")
    else:
        table = _table(
            f"GoEmotions test, {labels['texts']} texts, 28 labels",
            ("system", "macro-F1", "micro-F1", "unseen macro-F1", "unseen micro-F1"),
        )
        for name, each in labels["systems"].items():
            unseen = each["unseen"]
            _row(table, name, *_pair(each), *_pair(unseen))
        _say_skipped(table, figures["skipped"])
        console.print(table)
        console.print(
            f"unseen: the {labels['unseen']['texts']} texts that train does not have as well"
        )
    table = _table(
        f"Care test, {care['utterances']} utterances, nine states",
        ("system", "macro-F1", "micro-F1", "valence r", "arousal r", "calibration error"),
    )
    for name, each in care["systems"].items():
        said = (each["valence_pearson"], each["arousal_pearson"], each["ece"])
        _row(table, name, *_pair(each), *said)
    _say_skipped(table, figures["skipped"])
    console.print(table)
    table = _table("Care test, F1 by state", ("system", *STATES))
    for name, each in care["systems"].items():
        _row(table, name, *(each["f1"][state] for state in STATES), digits=2)
    console.print(table)
    table = _table(
        "Signals on the care test set",
        ("signal", "system", "recall", "precision", "true", "near misses flagged"),
    )
    for signal in SIGNALS:
        for name, each in care["systems"].items():
            if each["signals"] is not None:
                of = each["signals"][signal]
                near = f"{of['near_misses_flagged']} of {of['near_misses']}"
                _row(table, signal, name, of["recall"], of["precision"], str(of["true"]), near)
    console.print(table)
    loss = figures["int8_loss"]
    console.print(
        f"INT8 beside fp32: {loss['skipped']}"
        if "skipped" in loss
        else "INT8 loses "
        + ", ".join(f"{_cell(value, 4)} {name.replace('_', ' ')}" for name, value in loss.items())
    )


def show_fairness(console: Console, figures: dict[str, Any]) -> None:
    slices = figures["fairness"]
    table = _table(
        "Sentences that should be read alike (what redaction would mask is left in)",
        ("slice", "system", "pairs", "largest valence gap", "mean gap", "states that flip"),
    )
    for name in slices:
        if name == "systems":
            continue
        for system, each in slices["systems"].items():
            of = each[name]
            gap, mean, flips = (
                of["largest_valence_gap"],
                of["mean_valence_gap"],
                of["state_flips"],
            )
            _row(table, name, system, str(of["pairs"]), gap, mean, f"{flips:.1%}")
    console.print(table)


def show_speed(console: Console, figures: dict[str, Any]) -> None:
    texts = figures["messages"]
    table = _table(
        f"{texts['distinct']} distinct texts of {texts['mean_tokens']:.0f} tokens on average; "
        "medians of the runs",
        ("system", "threads", "batch", "messages/s", "p50 ms", "p99 ms", "memory MB"),
    )
    for name, threads, size, of, memory in speed.columns(figures["speed"]):
        rate, middle, slow = of["messages_per_second"], of["p50_ms"], of["p99_ms"]
        table.add_row(
            speed.MEANS[name], threads, size, f"{rate:.0f}", f"{middle:.2f}", f"{slow:.2f}",
            f"{memory:.0f}",
        )  # fmt: skip
    for name, reason in figures["speed_skipped"].items():
        table.add_row(speed.MEANS[name], reason, *["–"] * 5)
    console.print(table)
    for name, value in figures["ratios"].items():
        console.print(f"{name.replace('_', ' ')}: {value:.2f}")
    for name, size in figures["files_mb"].items():
        console.print(f"{name}: {size:.1f} MB")


def _table(title: str, columns: tuple[str, ...]) -> Table:
    table = Table(title=title)
    for name in columns:
        words = name in ("system", "signal", "slice")
        table.add_column(name, justify="left" if words else "right")
    return table


def _say_skipped(table: Table, skipped: dict[str, str]) -> None:
    for name, reason in skipped.items():
        _row(table, name, reason)


def _row(table: Table, *cells: Any, digits: int = 3) -> None:
    table.add_row(*(_cell(cell, digits) for cell in cells))


def _pair(figures: dict[str, Any]) -> tuple[float, float]:
    return figures["macro_f1"], figures["micro_f1"]


def _cell(value: Any, digits: int) -> str:
    if value is None:
        return "–"
    return value if isinstance(value, str) else f"{value:.{digits}f}"
