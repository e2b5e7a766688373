"""`rapport retention`."""

import typer

from services.cli.options import Json, State


def retention(state: State = None, json: Json = False) -> None:
    """List every table and topic: how long it keeps what, how much there is, and since when.

    Exit code 1 where something is older than its limit allows.

    Examples: `rapport retention`, `rapport retention --json`
    """
    from services.cli.broker import broker_or_none, database_of
    from services.cli.held import retention as listing
    from services.cli.held import retention_table, utc_now

    rows = listing(database_of(state), broker_or_none(state), utc_now())
    if json:
        import orjson

        typer.echo(orjson.dumps(rows, option=orjson.OPT_INDENT_2).decode())
    else:
        from rich.console import Console

        Console().print(retention_table(rows))
    if any(row["overdue"] for row in rows):
        raise typer.Exit(1)
