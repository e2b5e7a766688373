"""`rapport export`."""

import os

import typer

from services.cli.options import State


def export(
    customer: str = typer.Argument(help="The customer's id."),
    state: State = None,
    tenant: str = typer.Option("default", "--tenant", help="Whose customer it is."),
    redaction: str = typer.Option(
        "", "--redaction", help="host:port of redaction; the running platform's by default."
    ),
) -> None:
    """Print all that is held of a customer, as JSON: for their request to see it.

    Conversations with their transcripts, the values behind placeholders (each reveal is on
    record, with the purpose "access"), and the rows of every table. With mutual TLS, run it
    where the door runs: redaction reveals to nobody else.

    Example: `rapport export customer-7 > customer-7.json`
    """
    import orjson

    from services.cli.broker import database_of
    from services.cli.held import default, utc_now
    from services.cli.held import export as exported
    from services.cli.revealing import revealer

    home = os.environ.get("RAPPORT_INGESTION_TENANT", "default")
    with revealer(redaction, state, tenant) as reveal:
        found = exported(database_of(state), tenant, customer, home, reveal, utc_now())
    typer.echo(orjson.dumps(found, default=default, option=orjson.OPT_INDENT_2).decode())
    closed = sum(value is None for c in found["conversations"] for value in c["values"].values())
    if closed:
        typer.echo(f"{closed} values could not be revealed", err=True)
        raise typer.Exit(1)
