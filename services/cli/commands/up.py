"""`rapport up`."""

import typer

from services.cli.options import State, state_folder


def up(
    state: State = None,
    kafka_nodes: int = typer.Option(
        0, "--kafka-nodes", min=0, help="Nodes of the local Kafka: 1 or 3 (default: KAFKA_NODES)."
    ),
    free_ports: bool = typer.Option(
        False, "--free-ports", help="Pick free ports instead of the usual ones."
    ),
) -> None:
    """Start the whole platform and show what is up. Ctrl-C stops it; twice stops it at once.

    The broker is KAFKA_BOOTSTRAP_SERVERS and the database DATABASE_URL where they are set;
    else both are started here. Exit code 1 when it does not come up.

    Examples: `rapport up`, `KAFKA_NODES=3 rapport up`, `rapport up --state /tmp/other --free-ports`
    """
    from services.cli.foreground import run_in_foreground

    raise typer.Exit(
        run_in_foreground(
            state_folder(state), kafka_nodes=kafka_nodes or None, fixed_ports=not free_ports
        )
    )
