"""`rapport topics`."""

from pathlib import Path
from typing import Annotated

import typer

from services.cli.options import Json, State

app = typer.Typer(no_args_is_help=True, help="The topics of THE MAP at the broker.")


@app.command()
def apply(state: State = None, json: Json = False) -> None:
    """Create what is missing and set what differs; nothing is ever deleted.

    The broker is KAFKA_BOOTSTRAP_SERVERS, or else that of the platform that runs here.

    Examples: `rapport topics apply`, `KAFKA_BOOTSTRAP_SERVERS=kafka:9092 rapport topics apply`
    """
    from services.cli.broker import broker_of
    from services.cli.cluster import apply as apply_topics

    done = apply_topics(broker_of(state))
    if json:
        import orjson

        typer.echo(orjson.dumps(done, option=orjson.OPT_INDENT_2).decode())
        return
    for name, what in done.items():
        typer.echo(f"{what:<16} {name}")


@app.command("list")
def list_topics(
    state: State = None,
    json: Json = False,
    dead_letters: bool = typer.Option(False, "--dead-letters", help="Those of dead letters too."),
) -> None:
    """List every topic: who writes it, who reads it, how long it is kept, what it holds.

    Without a broker it lists what THE MAP declares.

    Examples: `rapport topics list`, `rapport topics list --dead-letters --json`
    """
    from services.cli.broker import broker_or_none
    from services.cli.topic_list import listing, topic_table

    rows = listing(broker_or_none(state), dead_letters=dead_letters)
    if json:
        import orjson

        typer.echo(orjson.dumps(rows, option=orjson.OPT_INDENT_2).decode())
        return
    from rich.console import Console

    Console().print(topic_table(rows))


@app.command()
def acls(
    state: State = None,
    json: Json = False,
    apply: bool = typer.Option(False, "--apply", help="Bring the broker to it."),
) -> None:
    """List what each service's user may do at the broker; with --apply, make it so there.

    The rights come from THE MAP: its named writer alone may write to a topic, its named readers
    alone may read it. Applying gives what is missing and takes away what else these users have.

    The broker is KAFKA_BOOTSTRAP_SERVERS, with the KAFKA_SASL_* of a user that may do so.

    Examples: `rapport topics acls`, `rapport topics acls --apply`
    """
    from services.cli.broker import broker_of
    from services.cli.broker_access import AccessRefused, apply_rights
    from services.common.topic_rights import rights

    try:
        done = apply_rights(broker_of(state)) if apply else dict.fromkeys(rights(), "")
    except AccessRefused as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    if json:
        from dataclasses import asdict

        import orjson

        rows = [asdict(right) | ({"done": what} if what else {}) for right, what in done.items()]
        typer.echo(orjson.dumps(rows, option=orjson.OPT_INDENT_2).decode())
        return
    for right, what in done.items():
        name = right.name + ("*" if right.prefixed else "")
        told = f"{right.user:<14} {right.operation:<7} {right.kind.lower():<6} {name}"
        typer.echo(f"{what:<11} {told}" if what else told)


@app.command()
def users(
    folder: Annotated[Path, typer.Argument(help="Where <user>.env with each one's password goes.")],
    state: State = None,
) -> None:
    """Make each service's user at the broker (SCRAM-SHA-512), with a password of its own.

    A user whose file is in the folder is left alone: delete the file for a new password.

    Example: `rapport topics users secrets/kafka`
    """
    from services.cli.broker import broker_of
    from services.cli.broker_access import AccessRefused, make_users
    from services.common import topic_rights

    try:
        made = make_users(broker_of(state), folder, topic_rights.users())
    except AccessRefused as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    for name in topic_rights.users():
        typer.echo(f"{'made' if name in made else 'unchanged':<10} {folder / name}.env")
