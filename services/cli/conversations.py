"""What simulated customers say: the bundled conversations, public dialogues, or a file."""

import csv
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from services.cli.plan import ROOT

BUNDLED = Path(__file__).resolve().parent / "conversations"
CUCOM_DIALOGUES = 200
MULTIDOGO_DIALOGUES = 100
MULTIDOGO_INDUSTRIES = {
    "airline": "airline",
    "fastfood": "restaurant",
    "finance": "bank",
    "software": "software",
}
# What the door takes as one text.
LONGEST_TEXT = 8_000


class BadConversation(ValueError):
    """A line that is no conversation; the message says what is wrong, never what was said."""


@dataclass(frozen=True)
class Conversation:
    """The customer's turns of one conversation, in order. `industry` is "" when not known."""

    id: str
    turns: tuple[str, ...]
    industry: str = ""
    title: str = ""
    customer_id: str | None = None
    origin: str = "file"


def parse(document: Any, origin: str = "file") -> Conversation:
    """A conversation of {"id","industry"?,"title"?,"customer_id"?,"turns":[{"text","author"?}]}.

    Turns of an agent or a bot are left out: only what the customer says is played.
    """
    if not isinstance(document, dict):
        raise BadConversation("a conversation must be a JSON object")
    identifier = document.get("id")
    if not isinstance(identifier, str) or not identifier.strip():
        raise BadConversation("id must be a string that is not empty")
    turns = document.get("turns")
    if not isinstance(turns, list) or not turns:
        raise BadConversation("turns must be a list that is not empty")
    said: list[str] = []
    for number, turn in enumerate(turns):
        text = turn.get("text") if isinstance(turn, dict) else None
        if not isinstance(text, str):
            raise BadConversation(f"turns[{number}].text must be a string")
        if turn.get("author", "customer") == "customer":
            said.append(text)
    optional = {name: document.get(name) or "" for name in ("industry", "title", "customer_id")}
    for name, value in optional.items():
        if not isinstance(value, str):
            raise BadConversation(f"{name} must be a string")
    return Conversation(
        id=identifier,
        turns=_sayable(said),
        industry=optional["industry"],
        title=optional["title"],
        customer_id=optional["customer_id"] or None,
        origin=origin,
    )


def read_lines(lines: Iterable[str], origin: str = "file") -> Iterator[Conversation]:
    """Conversations of JSON lines; blank lines are skipped. BadConversation names the line."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield parse(json.loads(line), origin)
        except json.JSONDecodeError as error:
            raise BadConversation(f"line {number}: not JSON ({error.msg})") from None
        except BadConversation as error:
            raise BadConversation(f"line {number}: {error}") from None


def bundled() -> list[Conversation]:
    """The conversations that come with Rapport, by file and place in it."""
    return [
        conversation
        for path in sorted(BUNDLED.glob("*.jsonl"))
        for conversation in read_lines(path.read_text("utf-8").splitlines(), "bundled")
    ]


def shared_data() -> Path | None:
    """Folder of public data: RAPPORT_SHARED_DATA, or ../shared/data; None when absent."""
    folder = Path(os.environ.get("RAPPORT_SHARED_DATA") or ROOT.parent / "shared" / "data")
    return folder if folder.is_dir() else None


def cucom(folder: Path, count: int = CUCOM_DIALOGUES) -> list[Conversation]:
    """The first `count` dialogues of CUCOM (Apache-2.0, vakyansh/cucom): customers' turns."""
    path = folder / "cucom" / "dialogues.jsonl"
    if not path.exists():
        return []
    with path.open(encoding="utf-8") as lines:
        dialogues = (json.loads(line)["turns"] for line in lines)
        said = (_sayable(t["content"] for t in d if t["role"] == "user") for d in dialogues)
        # In a few nobody but the agent speaks.
        return [
            Conversation(f"cucom-{number}", turns, "retail", origin="cucom")
            for number, turns in enumerate(islice(filter(None, said), count), start=1)
        ]


def multidogo(folder: Path, count: int = MULTIDOGO_DIALOGUES) -> list[Conversation]:
    """`count` dialogues of MultiDoGO (CDLA-Permissive-1.0, awslabs), evenly by industry.

    Its files hold customers' turns alone.
    """
    each = count // len(MULTIDOGO_INDUSTRIES)
    conversations = []
    for name, industry in MULTIDOGO_INDUSTRIES.items():
        path = folder / "multidogo" / name / "test.tsv"
        if not path.exists():
            continue
        dialogues: dict[str, list[tuple[float, str]]] = {}
        with path.open(encoding="utf-8", newline="") as rows:
            for row in csv.DictReader(rows, delimiter="\t"):
                # Some files write whole numbers as "3.0".
                turn = (float(row["turnNumber"]), row["utterance"])
                dialogues.setdefault(row["conversationId"], []).append(turn)
        said = (
            _sayable(text for _, text in sorted(turns, key=lambda turn: turn[0]))
            for turns in dialogues.values()
        )
        conversations += [
            Conversation(f"multidogo-{name}-{number}", turns, industry, origin="multidogo")
            for number, turns in enumerate(islice(filter(None, said), each), start=1)
        ]
    return conversations


def _sayable(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(text[:LONGEST_TEXT] for text in texts if text.strip())
