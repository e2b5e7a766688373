"""JSON lines in, JSON lines out: what the filters share. A bad line harms itself alone."""

from collections.abc import Callable, Iterable
from typing import Any, BinaryIO

import orjson

Document = dict[str, Any]
# Nobody says as much in one message; it keeps one line from eating the machine.
LONGEST_LINE_BYTES = 4 * 1024 * 1024


class BadLine(ValueError):
    """What is wrong with a line, in words that hold none of its text."""


def run(
    handle: Callable[[Document], Iterable[Document]],
    lines: Iterable[bytes],
    output: BinaryIO,
    errors: BinaryIO,
) -> int:
    """Hands each line's object to `handle` and writes what it gives, in order.

    A line that fails becomes {"error", "line"} on `errors` (lines count from 1; with its "id"
    where it has one), and the others go on. Returns the exit code: 1 when a line failed.
    """
    failed = False
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        document: Document = {}
        try:
            document = parse(line)
            for result in handle(document):
                output.write(orjson.dumps(result, option=orjson.OPT_APPEND_NEWLINE))
        except Exception as error:
            failed = True
            said = str(error) if isinstance(error, BadLine) else f"failed: {type(error).__name__}"
            fault: Document = {"error": said, "line": number}
            if isinstance(name := document.get("id"), str | int) and not isinstance(name, bool):
                fault["id"] = name
            errors.write(orjson.dumps(fault, option=orjson.OPT_APPEND_NEWLINE))
            errors.flush()
        output.flush()
    return 1 if failed else 0


def parse(line: bytes) -> Document:
    """The object of one line; BadLine where there is none."""
    if len(line) > LONGEST_LINE_BYTES:
        raise BadLine(f"longer than {LONGEST_LINE_BYTES} bytes")
    try:
        document = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise BadLine(f"not JSON: {error.msg} (column {error.colno})") from None
    if not isinstance(document, dict):
        raise BadLine("must be a JSON object")
    return document


def identifier(document: Document) -> str | int:
    """The line's "id": a string or a whole number, given back as it came."""
    value = document.get("id")
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise BadLine("id must be a string")
    return value


def text_of(document: Any, where: str = "text") -> str:
    """The member "text" of an object, which must be a string."""
    value = document.get("text") if isinstance(document, dict) else None
    if not isinstance(value, str):
        raise BadLine(f"{where} must be a string")
    return value


def turns_of(
    document: Document, name: str, *, required: bool, authors: bool
) -> list[tuple[str, str]]:
    """(author, text) of each object in the list `name`.

    With `authors` each must say who wrote it (customer, agent or bot); without, the customer did.
    """
    value = document.get(name)
    if value is None and not required:
        return []
    if not isinstance(value, list):
        raise BadLine(f"{name} must be a list")
    turns = []
    for place, turn in enumerate(value):
        text = text_of(turn, f"{name}[{place}].text")
        author = turn.get("author", None if authors else "customer")
        if author not in ("customer", "agent", "bot"):
            raise BadLine(f"{name}[{place}].author must be customer, agent or bot")
        turns.append((author, text))
    return turns
