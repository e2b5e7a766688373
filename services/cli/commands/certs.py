"""`rapport certs`."""

from typing import Annotated

import typer

from services.cli.options import State, state_folder


def certs(
    names: Annotated[
        list[str] | None,
        typer.Argument(help="More names, such as system-shop for a system that calls the door."),
    ] = None,
    state: State = None,
) -> None:
    """Make development certificates: a CA of this machine, and one for each service.

    They go to the folder certificates of the platform's state and live a week (the CA a month).
    What is still good stays; run it again to have the rest made anew.

    Examples: `rapport certs`, `rapport certs system-shop`
    """
    from services.cli.certificates import CA, known_names, make_certificates

    folder = state_folder(state) / "certificates"
    wanted = [*known_names(), *(names or ())]
    made = make_certificates(folder, wanted)
    for name in [CA, *wanted]:
        typer.echo(f"{'made' if name in made else 'unchanged':<10} {folder / name}.pem")
    typer.echo(
        "\nA service takes its own by RAPPORT_TLS_CAFILE, RAPPORT_TLS_CERTFILE and "
        "RAPPORT_TLS_KEYFILE; whoever has ca.key can be anybody."
    )
