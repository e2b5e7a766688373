"""`rapport down`."""

import typer

from services.cli.options import State, state_folder


def down(
    state: State = None,
    timeout: float = typer.Option(60.0, "--timeout", min=0, help="Seconds to wait for the end."),
) -> None:
    """Stop the platform that runs on this machine, as Ctrl-C in its terminal would.

    Exit code 0 when none runs any more, 1 when it did not end in time.

    Example: `rapport down`
    """
    import os
    import signal

    from services.cli import running
    from services.cli.child import wait_until_gone

    found = running.find(state_folder(state))
    if found is None:
        typer.echo("no platform runs here")
        return
    typer.echo(f"stopping the platform (process {found.pid})")
    os.kill(found.pid, signal.SIGTERM)
    if not wait_until_gone(found.pid, timeout):
        typer.echo(f"it still runs after {timeout:.0f} s: kill {found.pid} to force it", err=True)
        raise typer.Exit(1)
    typer.echo("stopped")
