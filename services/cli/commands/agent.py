"""`rapport agent`."""

import typer

from services.cli.options import State, state_folder


def agent(
    state: State = None,
    name: str = typer.Option("", "--name", help="The agent's id (default: agent-<your user>)."),
    skills: str = typer.Option("", "--skills", help="What you can take, separated by commas."),
    languages: str = typer.Option("en", "--languages", help="What you speak, e.g. en,es."),
    capacity: int = typer.Option(0, "--capacity", min=0, help="Conversations at once."),
    auto: bool = typer.Option(
        False, "--auto", help="Take everything and answer each message with a short fitting line."
    ),
    routing: str = typer.Option("", "--routing", help="host:port of routing elsewhere."),
    door: str = typer.Option("", "--door", help="host:port of the door's gRPC elsewhere."),
) -> None:
    """Sit at the other end: take conversations that need a person, and answer them.

    Shows what an agent needs before the first word: the summary, what the customer feels and
    where that is heading, what was tried. Text is redacted; what you type is delivered revealed.

    Exit code 1 when no platform runs or routing cannot be reached.

    Examples: `rapport agent`, `rapport agent --name maria --skills billing,retention`,
    `rapport agent --auto`
    """
    import getpass

    from services.cli import running
    from services.cli.agent_desk import Seat, run_agent

    found = running.find(state_folder(state))
    if found is None and not (routing and door):
        typer.echo("no platform runs here: start one with 'rapport up'", err=True)
        raise typer.Exit(1)
    seat = Seat(
        routing=routing or (found.services["routing"].grpc if found else ""),
        door=door or (found.services["ingestion"].grpc if found else ""),
        agent_id=name or f"agent-{getpass.getuser()}",
        skills=_parts(skills),
        languages=_parts(languages),
        capacity=capacity or (50 if auto else 1),
        auto=auto,
    )
    raise typer.Exit(run_agent(seat))


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
