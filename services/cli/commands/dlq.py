"""`rapport dlq`."""

from typing import Annotated

import typer

from services.cli.options import Json, State

app = typer.Typer(
    no_args_is_help=True, help="Dead letters: messages that a service could not process."
)
Topic = Annotated[str, typer.Argument(help="A dead-letter topic as `rapport dlq list` names it.")]


@app.command("list")
def list_dead_letters(state: State = None, json: Json = False) -> None:
    """List the dead-letter topics that hold something, and how much was never replayed.

    Example: `rapport dlq list`
    """
    from dataclasses import asdict

    from services.cli import dead_letters
    from services.cli.broker import broker_of

    found = [each for each in dead_letters.waiting(broker_of(state)) if each.records or json]
    if json:
        import orjson

        typer.echo(orjson.dumps([asdict(each) for each in found], option=orjson.OPT_INDENT_2))
        return
    if not found:
        typer.echo("no dead letters")
    for each in found:
        typer.echo(f"{each.records:>6} kept  {each.waiting:>6} never replayed  {each.topic}")


@app.command()
def show(
    topic: Topic,
    state: State = None,
    limit: int = typer.Option(20, "--limit", min=1, help="Show at most so many, oldest first."),
    show_payload: bool = typer.Option(
        False, "--show-payload", help="Print the message itself: it may hold personal data."
    ),
    json: Json = False,
) -> None:
    """Show why messages died and where they came from. Never their text, unless asked for.

    Examples: `rapport dlq show rapport.message.received.v1.redaction.dlq`,
    `rapport dlq show TOPIC --json | jq .error_class`
    """
    from dataclasses import asdict
    from itertools import islice

    import orjson

    from services.cli import dead_letters
    from services.cli.broker import broker_of

    _check(topic)
    for record in islice(dead_letters.read(broker_of(state), topic), limit):
        told = asdict(dead_letters.describe(record))
        if show_payload:
            told["payload"] = dead_letters.payload(record)
        if json:
            typer.echo(orjson.dumps(told))
            continue
        typer.echo(
            f"{told['partition']}/{told['offset']}  {told['error_class']}  "
            f"from {told['origin_topic']} {told['origin_partition']}/{told['origin_offset']}  "
            f"event {told['event_id'] or '?'}  conversation {told['conversation_id'] or '?'}  "
            f"{told['failed_at']}  {told['bytes']} bytes"
        )
        if show_payload:
            typer.echo(orjson.dumps(told["payload"], option=orjson.OPT_INDENT_2))


@app.command()
def replay(
    topic: Topic,
    state: State = None,
    offset: list[int] = typer.Option(  # noqa: B008
        None, "--offset", help="Only the dead letter at this offset; may be repeated."
    ),
    again: bool = typer.Option(False, "--again", help="Those that were replayed before too."),
) -> None:
    """Send dead letters back to the topic they came from, with the headers they had.

    By default those that were never replayed. Their ids are unchanged, so what was handled after
    all is dropped by its reader.

    Examples: `rapport dlq replay rapport.message.scored.v1.reply.dlq`,
    `rapport dlq replay TOPIC --offset 3 --offset 5`
    """
    from services.cli import dead_letters
    from services.cli.broker import broker_of

    _check(topic)
    sent = dead_letters.replay(
        broker_of(state), topic, again=again, offsets=frozenset(offset or ())
    )
    typer.echo(f"{sent} sent back")


def _check(topic: str) -> None:
    from services.common.topics import dead_letter_topics

    if topic not in dead_letter_topics():
        typer.echo(f"no dead-letter topic is called {topic!r}: see 'rapport dlq list'", err=True)
        raise typer.Exit(2)
