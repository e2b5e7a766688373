"""`rapport replay`."""

from typing import Annotated

import typer

from services.cli.options import Json, State, state_folder


def replay(
    file: Annotated[
        typer.FileText,
        typer.Argument(
            help='JSON lines of {"id","turns":[{"text"}]}; - is stdin.', encoding="utf-8"
        ),
    ],
    state: State = None,
    door: str = typer.Option("", "--door", help="Base address of a door elsewhere."),
    rate: float = typer.Option(20.0, "--rate", min=0, help="Most messages a second; 0: no limit."),
    at_once: int = typer.Option(16, "--at-once", min=1, help="Conversations side by side."),
    patience: float = typer.Option(30.0, "--patience", min=0, help="Seconds for one answer."),
    json: Json = False,
) -> None:
    """Play conversations from a file through the door of the platform that runs.

    Each line is {"id","industry"?,"title"?,"customer_id"?,"turns":[{"text","author"?}]}; turns of
    agents and bots are left out. Each customer waits for the answer before writing on.

    Exit code 0 when every message was accepted and answered, 1 when not, 2 for a bad file.

    Examples: `rapport replay talks.jsonl`, `rapport replay talks.jsonl --rate 50 --json`
    """
    from services.cli.replaying import run_replay

    raise typer.Exit(
        run_replay(
            file,
            state=state_folder(state),
            door=door,
            rate=rate,
            at_once=at_once,
            patience=patience,
            json=json,
        )
    )
