"""`rapport chat`."""

import typer

from services.cli.options import Json, State, state_folder


def chat(
    state: State = None,
    door: str = typer.Option("", "--door", help="Base address of a door elsewhere."),
    conversation: str = typer.Option("", "--conversation", help="Go on with this conversation."),
    customer: str = typer.Option("", "--customer", help="Write as this customer, e.g. C-1017."),
    industry: str = typer.Option("", "--industry", help="retail, bank, airline, telecom, …"),
    json: Json = False,
) -> None:
    """Talk to the platform as a customer, and see beside each answer what it read.

    Starts the platform itself when none runs here. Lines of a piped stdin are sent one by one,
    each after the answer to the one before.

    Exit code 1 when a message was refused or not answered.

    Examples: `rapport chat`, `rapport chat --industry bank`,
    `printf 'Where is order 48213?\\n' | rapport chat --json`
    """
    from services.cli.chatting import Wishes, run_chat

    raise typer.Exit(
        run_chat(
            Wishes(
                state=state_folder(state),
                door=door,
                conversation_id=conversation,
                customer_id=customer,
                industry=industry,
                json=json,
            )
        )
    )
