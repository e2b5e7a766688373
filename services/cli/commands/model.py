"""`rapport model`."""

from pathlib import Path
from typing import Annotated

import typer

from services.cli.options import State
from services.learning.emotion import commands as training

app = typer.Typer(no_args_is_help=True, help="The emotion model: made, measured, released.")
app.add_typer(training.app)  # without a name: its commands stand beside those of this file


Store = Annotated[
    Path | None,
    typer.Option(
        "--store",
        envvar="RAPPORT_EMOTION_MODEL_STORE",
        help="Folder of models (default: the shipped one).",
    ),
]


@app.command()
def release(
    version: str = typer.Argument(help="The version, as its model.json has it."),
    store: Store = None,
    state: State = None,
) -> None:
    """Make a version of the model serve, without a restart; releasing an older one is the way back.

    The version is checked first as the emotion service will check it, so the store here must hold
    the same files as the store there. What is refused there is in its log and its metrics.

    The broker is KAFKA_BOOTSTRAP_SERVERS, or else that of the platform that runs here.

    Example: `rapport model release minilm-care-2 --store /srv/models`
    """
    from services.cli.broker import broker_of
    from services.emotion.scorer import MODEL_FOLDER
    from services.emotion.store import Refused
    from services.learning.releasing import release as release_model

    folder = store or MODEL_FOLDER
    try:
        released = release_model(broker_of(state), folder, version)
    except Refused as error:
        typer.echo(f"{version} in {folder} is not released: {error.reason}", err=True)
        raise typer.Exit(1) from None
    typer.echo(f"released {released.version}")
