"""`rapport status`."""

import typer

from services.cli.options import Json, State, state_folder


def status(state: State = None, json: Json = False) -> None:
    """Say whether the platform runs, and how each service is.

    Exit code 0 when it runs and every service is ready, else 1.

    Examples: `rapport status`, `rapport status --json | jq .services.reply.ready`
    """
    from services.cli import running
    from services.cli.inspection import inspect

    found = running.find(state_folder(state))
    report = inspect(found)
    if json:
        import orjson

        typer.echo(orjson.dumps(report, option=orjson.OPT_INDENT_2).decode())
    elif found is None:
        typer.echo("no platform runs here; start it with 'rapport up'")
    else:
        from rich.console import Console

        from services.cli.tables import status_table

        Console().print(status_table(report))
    raise typer.Exit(0 if report["ready"] else 1)
