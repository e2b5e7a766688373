"""`rapport score`, `rapport redact` and `rapport reply`: JSON lines in, JSON lines out."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from services.cli.filters import Handle

File = Annotated[
    typer.FileBinaryRead | None,
    typer.Argument(help="JSON lines to read (default: stdin)."),
]


def score(
    file: File = None,
    explain: bool = typer.Option(False, "--explain", help="Add which words carried the state."),
) -> None:
    """Score what customers feel: JSON lines in, JSON lines out, no broker.

    In: {"id","text","context":[{"author","text"}]}, the context being the turns before.

    Out: {"id","state","states":{…},"emotions":{…},"valence":-1..1,"arousal":0..1,
    "signals":{…},"satisfaction":1..5}.

    With --explain also "explanation":[{"text","start","end","weight"}]: by how much the state's
    score falls when these words (code points of the text) are left out. Up to 48 times the work.

    A bad line gives {"error","line"} on stderr, and exit code 1 at the end; the others go on.

    Example: `echo '{"id":"1","text":"this is the third time I ask"}' | rapport score`
    """
    from services.cli.filters import scorer

    _filter(scorer(explain), file)


def redact(file: File = None) -> None:
    """Replace personal data in conversations: JSON lines in, JSON lines out, no broker.

    In: {"id","turns":[{"author","text"}]}.

    Out: the same, with each text redacted and entities:[{"start","end","type"}] as code points
    of the original text.

    A bad line gives {"error","line"} on stderr, and exit code 1 at the end; the others go on.

    Example: `echo '{"id":"1","turns":[{"author":"customer","text":"I am Ann Lee"}]}' |
    rapport redact`
    """
    from services.cli.filters import redactor

    _filter(redactor(), file)


def reply(file: File = None) -> None:
    """Answer conversations turn by turn: JSON lines in, JSON lines out, no broker.

    In: {"id","industry","turns":[{"text"}]}, customers' turns only.

    Out: one line for each turn, counted from 0: {"id","turn","reply","handover":null or
    {"reason","priority","skills"},"state","tone","strategy","sources":[...]}.

    A bad line gives {"error","line"} on stderr, and exit code 1 at the end; the others go on.

    Example: `echo '{"id":"1","industry":"retail","turns":[{"text":"where is my order 48213?"}]}' |
    rapport reply`
    """
    from services.cli.filters import replier

    _filter(replier(), file)


def _filter(handle: "Handle", file: "typer.FileBinaryRead | None") -> None:
    from services.cli.lines import run

    lines = file if file is not None else sys.stdin.buffer
    try:
        code = run(handle, lines, sys.stdout.buffer, sys.stderr.buffer)
    except BrokenPipeError:
        # Whoever reads has enough. Python would complain once more at its end.
        sys.stdout = None
        raise typer.Exit(0) from None
    raise typer.Exit(code)
