"""`rapport webhooks`."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from services.cli.options import Json, State, state_folder

app = typer.Typer(
    no_args_is_help=True,
    help="Receivers that are told what happens. Shows the key in RAPPORT_KEY where one is needed.",
)
Door = Annotated[str, typer.Option("--door", help="Base address of a door elsewhere.")]
Subscription = Annotated[str, typer.Argument(help="A subscription's id, as the list has it.")]


@app.command("list")
def list_subscriptions(state: State = None, door: Door = "", json: Json = False) -> None:
    """List subscriptions: where they go, what waits for them, and what was given up.

    Example: `rapport webhooks list`
    """
    found = _ask(state, door, "GET")
    if json:
        _print(found)
        return
    if not found:
        typer.echo("no subscriptions")
    for each in found:
        why = f" ({each['reason']})" if each["reason"] else ""
        typer.echo(
            f"{each['id']}  {each['state']}{why}  {each['pending']} waiting  {each['dead']} dead  "
            f"{each['url']}"
        )


@app.command()
def dead(
    subscription: Subscription,
    state: State = None,
    door: Door = "",
    limit: int = typer.Option(20, "--limit", min=1, max=500, help="At most so many."),
    json: Json = False,
) -> None:
    """Show what was given up, the newest first: which event, and why. Never its content.

    Example: `rapport webhooks dead 0190f2c4-…`
    """
    path = f"/{subscription}/deliveries"
    found = _ask(state, door, "GET", path, params={"state": "dead", "limit": limit})
    if json:
        _print(found)
        return
    if not found:
        typer.echo("nothing was given up")
    for each in found:
        typer.echo(
            f"{each['event_id']}  {each['type']}  {each['conversation_id']}  {each['error']}  "
            f"{each['attempts']} attempts  {each['at']}"
        )


@app.command()
def replay(
    subscription: Subscription,
    state: State = None,
    door: Door = "",
    delivered: bool = typer.Option(False, "--delivered", help="What was delivered, not the dead."),
    since: str = typer.Option("", "--since", help="Only from then on: 2026-01-31T12:00:00Z."),
    event: list[str] = typer.Option(  # noqa: B008
        None, "--event", help="Only the event with this id; may be repeated."
    ),
) -> None:
    """Send again what was given up, in its order and under the ids that it had.

    Examples: `rapport webhooks replay 0190f2c4-…`,
    `rapport webhooks replay 0190f2c4-… --delivered --since 2026-01-31T12:00:00Z`
    """
    wanted: dict[str, Any] = {"state": "delivered" if delivered else "dead"}
    if since:
        wanted["since"] = since
    if event:
        wanted["event_ids"] = event
    queued = _ask(state, door, "POST", f"/{subscription}/replay", json=wanted)["queued"]
    typer.echo(f"{queued} sent again")


@app.command()
def pause(subscription: Subscription, state: State = None, door: Door = "") -> None:
    """Tell a receiver nothing for now; what happens meanwhile waits for it.

    Example: `rapport webhooks pause 0190f2c4-…`
    """
    typer.echo(_ask(state, door, "POST", f"/{subscription}/pause")["state"])


@app.command()
def resume(subscription: Subscription, state: State = None, door: Door = "") -> None:
    """Go on with what waits for a receiver.

    Example: `rapport webhooks resume 0190f2c4-…`
    """
    typer.echo(_ask(state, door, "POST", f"/{subscription}/resume")["state"])


@app.command("test")
def try_out(subscription: Subscription, state: State = None, door: Door = "") -> None:
    """Send a signed event of no meaning now. Exit code 1 when it does not arrive.

    Example: `rapport webhooks test 0190f2c4-…`
    """
    tested = _ask(state, door, "POST", f"/{subscription}/test")
    typer.echo("delivered" if tested["delivered"] else f"not delivered: {tested['error']}")
    if not tested["delivered"]:
        raise typer.Exit(1)


def _ask(
    state: State,
    door: str,
    method: str,
    path: str = "",
    *,
    params: Mapping[str, Any] | None = None,
    json: Mapping[str, Any] | None = None,
) -> Any:
    """What the door answers; ends the command with 1 where it refuses, or cannot be reached."""
    import httpx

    from services.cli import running
    from services.cli.door import door_headers

    found = running.find(state_folder(state))
    address = door.rstrip("/") or (found.door if found else "")
    if not address:
        typer.echo("no platform runs here: start one with 'rapport up', or name a --door", err=True)
        raise typer.Exit(1)
    try:
        answer = httpx.request(
            method,
            f"{address}/v1/subscriptions{path}",
            params=params,
            json=json,
            headers=door_headers(),
            timeout=30,
        )
    except httpx.HTTPError as error:
        typer.echo(f"the door cannot be reached: {type(error).__name__}", err=True)
        raise typer.Exit(1) from None
    if answer.is_error:
        typer.echo(f"{answer.status_code}: {answer.json().get('detail')}", err=True)
        raise typer.Exit(1)
    return answer.json()


def _print(found: Any) -> None:
    import orjson

    typer.echo(orjson.dumps(found, option=orjson.OPT_INDENT_2))
