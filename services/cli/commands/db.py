"""`rapport db`."""

import typer

from services.cli.options import State

app = typer.Typer(no_args_is_help=True, help="The database's schemas.")


@app.command()
def migrate(
    state: State = None,
    service: list[str] = typer.Argument(None, help="Services; all by default."),  # noqa: B008
) -> None:
    """Bring the schema of every service, or of those named, to what this version needs.

    The database is DATABASE_URL, or else that of the platform that runs here. Safe to repeat.

    Examples: `rapport db migrate`, `rapport db migrate routing`
    """
    from services.cli.broker import database_of
    from services.common.migrations import migrate as migrate_schema
    from services.common.migrations import migrated_services

    known = migrated_services()
    unknown = [name for name in service or () if name not in known]
    if unknown:
        typer.echo(f"no such service with records: {', '.join(unknown)}", err=True)
        raise typer.Exit(2)
    url = database_of(state)
    for name in service or known:
        migrate_schema(name, url)
        typer.echo(f"{name}: up to date")
