"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

from services.cli.plan import default_state

State = Annotated[
    Path | None,
    typer.Option(
        "--state",
        help="Folder of the platform's state (default: RAPPORT_STATE, or .state in the checkout).",
        file_okay=False,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]


def state_folder(given: Path | None) -> Path:
    """The folder to use."""
    return given.resolve() if given else default_state()
