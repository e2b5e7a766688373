"""`rapport topics`."""

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
