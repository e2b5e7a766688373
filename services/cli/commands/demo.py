"""`rapport demo`."""

from pathlib import Path
from typing import Annotated

import typer


def demo(
    json_file: Annotated[
        Path | None,
        typer.Option("--json", help="Write the figures to this file too.", dir_okay=False),
    ] = None,
    rate: float = typer.Option(
        50.0, "--rate", min=0, help="Most messages a second; 0 is as fast as answers come."
    ),
    at_once: int = typer.Option(24, "--at-once", min=1, help="Conversations side by side."),
    limit: int | None = typer.Option(
        None, "--limit", min=1, help="Play only the first so many conversations."
    ),
    keep: bool = typer.Option(False, "--keep", help="Keep its logs and data when it is done."),
) -> None:
    """Play many conversations through a platform of its own, and read the record.

    Plays the bundled conversations and, where ../shared/data (or RAPPORT_SHARED_DATA) is there,
    200 dialogues of CUCOM and 100 of MultiDoGO. Each simulated customer waits for the answer
    before writing on; hand-overs go to an automatic agent.

    Exit code 0 only when the topics hold exactly one reply or one hand-over for every message.

    Examples: `rapport demo`, `rapport demo --json figures.json`, `rapport demo --limit 20`
    """
    from services.cli.demonstration import run_demo

    raise typer.Exit(
        run_demo(rate=rate, at_once=at_once, limit=limit, json_file=json_file, keep=keep)
    )
