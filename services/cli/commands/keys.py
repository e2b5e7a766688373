"""`rapport keys`."""

from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.options import Json, State

if TYPE_CHECKING:
    from services.ingestion.keyring import Keyring, ListedKey

app = typer.Typer(no_args_is_help=True, help="API keys of tenants at the door, and their limits.")


@app.command()
def create(
    tenant: Annotated[str, typer.Argument(help="Whose key it is, e.g. default.")],
    state: State = None,
    name: str = typer.Option("", "--name", help="What it is for: you read it in the list."),
    scope: list[str] = typer.Option(  # noqa: B008
        None,
        "--scope",
        help="publish, feedback, read, subscribe, chat or admin (all of them); may be repeated.",
    ),
    public: bool = typer.Option(
        False,
        "--public",
        help="For the widget of a page: all see it, it may chat alone.",
    ),
    origin: list[str] = typer.Option(  # noqa: B008
        None, "--origin", help="With --public: a page's origin, https://shop.example; repeatable."
    ),
    days: int | None = typer.Option(None, "--days", min=1, help="It ends after so many days."),
    json: Json = False,
) -> None:
    """Make a key and show it, once: only a digest of it is kept.

    Examples: `rapport keys create acme --name crm --scope publish --scope read`,
    `rapport keys create acme --public --origin https://shop.example`
    """
    from services.ingestion.keys import BadKey

    scopes = list(scope or (["chat"] if public else []))
    try:
        key_id, key = _keyring(state).create(
            tenant, name, scopes, public=public, origins=origin or (), days=days
        )
    except BadKey as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    if json:
        import orjson

        typer.echo(orjson.dumps({"key_id": key_id, "tenant": tenant, "key": key}))
        return
    typer.echo(key)
    typer.echo(f"key {key_id} of {tenant}: it is shown this once", err=True)


@app.command("list")
def list_keys(
    state: State = None,
    tenant: str = typer.Option("", "--tenant", help="Only those of one tenant."),
    json: Json = False,
) -> None:
    """List keys, the revoked ones too: whose they are, what they may do, when they were used.

    Example: `rapport keys list --tenant acme`
    """
    found = _keyring(state).keys(tenant or None)
    if json:
        from dataclasses import asdict

        import orjson

        typer.echo(orjson.dumps([asdict(key) for key in found], option=orjson.OPT_INDENT_2))
        return
    if not found:
        typer.echo("no keys")
    for key in found:
        typer.echo(_line(key))


@app.command()
def revoke(
    key_id: Annotated[str, typer.Argument(help="The key's id, as the list has it.")],
    state: State = None,
) -> None:
    """End a key. The door lets nobody in with it after five seconds, and ends what is open.

    Exit code 1 when no key with this id works.

    Example: `rapport keys revoke k7m2q4x6n5p3`
    """
    if not _keyring(state).revoke(key_id):
        typer.echo(f"no key {key_id!r} works", err=True)
        raise typer.Exit(1)
    typer.echo(f"{key_id} is revoked")


@app.command()
def limit(
    tenant: Annotated[str, typer.Argument(help="Whose limits they are.")],
    state: State = None,
    rate: float | None = typer.Option(None, "--rate", help="Events a second."),
    burst: int | None = typer.Option(
        None, "--burst", min=100, help="Events at once after a pause."
    ),
    event_bytes: int | None = typer.Option(
        None, "--event-bytes", min=1, max=65536, help="Largest event in bytes."
    ),
) -> None:
    """Set how much a tenant may send; what is not given becomes the door's own again.

    Example: `rapport keys limit acme --rate 20 --burst 200`
    """
    if rate is not None and rate <= 0:
        typer.echo("--rate must be more than 0", err=True)
        raise typer.Exit(2)
    _keyring(state).limit(tenant, events_per_second=rate, burst=burst, event_bytes=event_bytes)
    typer.echo(f"the limits of {tenant} are set")


def _keyring(state: State) -> "Keyring":
    from services.cli.broker import database_of
    from services.ingestion.keyring import Keyring

    return Keyring(database_of(state))


def _line(key: "ListedKey") -> str:
    what = "revoked" if key.revoked_at else "public" if key.public else "secret"
    used = f"used {key.used_at:%Y-%m-%d %H:%M}" if key.used_at else "never used"
    until = f"  until {key.expires_at:%Y-%m-%d}" if key.expires_at else ""
    allowed = ",".join(key.scopes + key.origins)
    return f"{key.key_id}  {key.tenant:<16} {what:<8} {allowed}  {used}{until}  {key.name}".rstrip()
