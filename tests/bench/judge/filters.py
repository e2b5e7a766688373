"""Runs a set of this folder through one of the real filters of the `rapport` command."""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
# The command to judge; RAPPORT_COMMAND names another checkout's.
RAPPORT = os.environ.get("RAPPORT_COMMAND") or str(Path(sys.executable).parent / "rapport")
# What a set holds for the judge alone; the filter never sees it.
ANSWERS = frozenset(
    ("state", "signals", "tags", "near_misses", "unsure", "entities", "form", "handover", "routine")
) | {"bereaved"}

Record = dict[str, Any]


class FilterFailed(Exception):
    """The filter did not run, ended with an error or wrote something that is no JSON line."""


@dataclass(frozen=True)
class Run:
    """One pass of a filter: its output lines and how long it took, start-up included."""

    lines: list[Record]
    seconds: float


def read_set(name: str) -> list[Record]:
    """The records of `<name>.jsonl`, with repeated ids refused by ValueError."""
    text = (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8")
    records = [json.loads(line) for line in text.splitlines()]
    if len({record["id"] for record in records}) != len(records):
        raise ValueError(f"{name}.jsonl repeats an id")
    return records


def run_filter(name: str, records: list[Record], timeout_seconds: float = 900) -> Run:
    """Pipes the records without their answers through `rapport <name>`; FilterFailed otherwise."""
    questions = "".join(
        json.dumps({k: v for k, v in record.items() if k not in ANSWERS}, ensure_ascii=False) + "\n"
        for record in records
    )
    started = time.perf_counter()
    try:
        done = subprocess.run(
            [RAPPORT, name],
            input=questions.encode(),
            capture_output=True,
            timeout=timeout_seconds,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise FilterFailed(f"rapport {name}: {error}") from error
    seconds = time.perf_counter() - started
    if done.returncode:
        complaint = done.stderr.decode(errors="replace").strip()[-800:]
        raise FilterFailed(f"rapport {name} ended with {done.returncode}: {complaint}")
    try:
        lines = [json.loads(line) for line in done.stdout.decode().splitlines()]
    except ValueError as error:
        raise FilterFailed(f"rapport {name} wrote a line that is no JSON") from error
    return Run(lines, seconds)


def by_id(name: str, run: Run, records: list[Record]) -> dict[str, Record]:
    """The one output line of each record; FilterFailed where one is missing or doubled."""
    lines = {line["id"]: line for line in run.lines}
    if len(run.lines) != len(records) or set(lines) != {record["id"] for record in records}:
        raise FilterFailed(f"rapport {name}: {len(run.lines)} lines for {len(records)} records")
    return lines
