"""`rapport vault`."""

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from services.cli.options import State, state_folder

if TYPE_CHECKING:
    from services.redaction.settings import RedactionSettings

app = typer.Typer(no_args_is_help=True, help="The vault's keys.")


@app.command()
def status(state: State = None) -> None:
    """Show which master key wraps how many customers' keys; the newest is marked.

    Example: `rapport vault status`
    """
    from services.cli.broker import database_of
    from services.common.database import connect
    from services.redaction.rotation import counts

    newest = _settings(state).wrapper().wrap(bytes(32), "probe").key_id
    engine = connect(database_of(state), "redaction", pool_size=1)
    found = counts(engine)
    for key_id in sorted({newest, *found}):
        typer.echo(f"{key_id}  {found.get(key_id, 0):>8}{'  newest' if key_id == newest else ''}")
    engine.dispose()


@app.command()
def rotate(
    state: State = None,
    rewrap_only: bool = typer.Option(
        False, "--rewrap-only", help="Make no new key: finish a rotation that was interrupted."
    ),
) -> None:
    """Wrap every customer's key under a new master key. Values are not touched, nothing stops.

    With a key file, a new key is put before the others; running services read it when they meet
    it. Keys that wrap nothing any more are dropped at the next rotation. With
    RAPPORT_REDACTION_MASTER_KEY, set the new key there and the old one in
    RAPPORT_REDACTION_FORMER_MASTER_KEYS, restart redaction, then run this. With a key service,
    rotate there first.

    Example: `rapport vault rotate`
    """
    from services.cli.broker import database_of
    from services.common.database import connect
    from services.redaction.cipher import Unreadable
    from services.redaction.master import add_key
    from services.redaction.rotation import counts, rewrap

    settings = _settings(state)
    engine = connect(database_of(state), "redaction", pool_size=1)
    try:
        settings.wrapper()  # the file is made, or its faults are told, before anything changes
        in_file = not settings.key_service and not settings.master_key.get_secret_value()
        if in_file and not rewrap_only:
            assert settings.master_key_file is not None
            used = counts(engine)
            made = add_key(settings.master_key_file, used.__contains__)
            typer.echo(f"new master key {made.key_id}")
        done = rewrap(engine, settings.wrapper())
    except (ValueError, Unreadable) as error:
        said = str(error) or "a customer's key is wrapped by a master key that is not here"
        typer.echo(said, err=True)
        raise typer.Exit(1) from None
    finally:
        engine.dispose()
    typer.echo(f"{done} keys wrapped anew")


def _settings(state: Path | None) -> "RedactionSettings":
    from services.common.tls import use
    from services.redaction.settings import RedactionSettings

    settings = RedactionSettings()
    use(settings.tls())  # a key service answers redaction alone: run it where redaction runs
    if "master_key_file" in settings.model_fields_set:
        return settings
    file = state_folder(state) / "redaction" / "master.key"
    return settings.model_copy(update={"master_key_file": file})
