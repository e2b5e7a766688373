"""`rapport accounts`."""

import sys

import typer

from services.cli.options import State

app = typer.Typer(no_args_is_help=True, help="Who may sign in to the desk.")


@app.command()
def add(
    name: str,
    role: str = typer.Option("agent", help="agent, supervisor or privacy_officer."),
    skill: list[str] = typer.Option([], help="What the agent takes; all when none."),  # noqa: B008
    language: list[str] = typer.Option(["en"], help="BCP 47."),  # noqa: B008
    capacity: int = typer.Option(4, min=1, max=100, help="Conversations at once."),
    state: State = None,
) -> None:
    """Make an account, or make it anew. The password is asked for, or read from a pipe.

    Examples: `rapport accounts add ada`, `rapport accounts add sam --role supervisor < password`
    """
    from services.cli.broker import database_of
    from services.common.database import connect
    from services.desk.accounts import Account, BadAccount, Role, checked
    from services.desk.store import save_account

    if sys.stdin.isatty():
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    else:
        password = sys.stdin.readline().rstrip("\n")
    try:
        kept = checked(name, password)
        account = Account(name, Role(role), tuple(skill), tuple(language), capacity)
    except (BadAccount, ValueError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    engine = connect(database_of(state), "desk", pool_size=1)
    with engine.begin() as connection:
        save_account(connection, account, kept)
    typer.echo(f"{name} may sign in as {account.role.title}")


@app.command("list")
def list_(state: State = None) -> None:
    """List the accounts.

    Example: `rapport accounts list`
    """
    from services.cli.broker import database_of
    from services.common.database import connect
    from services.desk.store import list_accounts

    with connect(database_of(state), "desk", pool_size=1).begin() as connection:
        for account in list_accounts(connection):
            skills = ",".join(account.skills) or "all skills"
            typer.echo(f"{account.name}\t{account.role.value}\t{skills}\t{account.capacity}")


@app.command()
def remove(name: str, state: State = None) -> None:
    """Remove an account; its sessions end.

    Example: `rapport accounts remove ada`
    """
    from services.cli.broker import database_of
    from services.common.database import connect
    from services.desk.store import remove_account

    with connect(database_of(state), "desk", pool_size=1).begin() as connection:
        found = remove_account(connection, name)
    if not found:
        typer.echo(f"there is no account {name}", err=True)
        raise typer.Exit(1)
    typer.echo(f"{name} is removed")
