"""Reads the scripted customers: `dev/` was looked at while the replies were mended, `test/` not.

A line is one conversation:

    {"id", "industry", "mood", "customer_id"?, "turns": [{"text", ...}]}

A turn may state what a good agent does there:

    handover  the reason, or reasons that are as good, for which a person is called in this turn
    may       reasons for which calling a person already in this turn is no mistake
    does      "order_status 48213": the action that is carried out, and a value that it gets
    tone      first moves that fit
    says      regular expressions that the reply must match, whatever their case
    never     regular expressions that it must not match

A turn with neither `handover` nor `may` is one in which no person is to be called.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

FOLDER = Path(__file__).parent
INDUSTRIES = frozenset({"retail", "airline", "bank", "telecom", "insurance", "health"})
REASONS = ("asked", "crisis", "sensitive", "escalating_emotion", "repeated_failure", "cannot_help")
_KNOWN = frozenset({"text", "handover", "may", "does", "tone", "says", "never"})
Part = Literal["dev", "test"]


class BadScript(ValueError):
    """A line that is no script; the message names its file and place, never what is said."""


@dataclass(frozen=True)
class Turn:
    """What the customer writes, and what is expected of the reply."""

    text: str
    handover: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    does: tuple[str, ...] = ()
    tone: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    never: tuple[str, ...] = ()


@dataclass(frozen=True)
class Script:
    """One scripted customer."""

    id: str
    part: Part
    industry: str
    mood: str
    customer_id: str
    turns: tuple[Turn, ...]

    @property
    def due(self) -> int | None:
        """The turn by which a person has to be called; None where none has."""
        return next((n for n, turn in enumerate(self.turns) if turn.handover), None)

    @property
    def contained(self) -> bool:
        """Whether the conversation should never need a person."""
        return not any(turn.handover or turn.may for turn in self.turns)


def read_scripts(folder: Path = FOLDER) -> list[Script]:
    """All scripts; BadScript for the first that is wrong."""
    scripts = [
        _script(line, part, f"{path.relative_to(folder)}:{number}")
        for part in ("dev", "test")
        for path in sorted((folder / part).glob("*.jsonl"))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
    ]
    names = [script.id for script in scripts]
    for name in names:
        if names.count(name) > 1:
            raise BadScript(f"{name} is used twice")
    return scripts


def _script(line: str, part: Part, place: str) -> Script:
    document = json.loads(line)
    if document["industry"] not in INDUSTRIES:
        raise BadScript(f"{place}: unknown industry")
    return Script(
        id=document["id"],
        part=part,
        industry=document["industry"],
        mood=document["mood"],
        customer_id=document.get("customer_id", ""),
        turns=tuple(_turn(turn, place) for turn in document["turns"]),
    )


def _turn(document: dict[str, Any], place: str) -> Turn:
    if unknown := document.keys() - _KNOWN:
        raise BadScript(f"{place}: unknown {sorted(unknown)}")
    turn = Turn(
        text=document["text"],
        handover=_several(document, "handover"),
        may=_several(document, "may"),
        does=tuple(document.get("does", "").split()),
        tone=_several(document, "tone"),
        says=_several(document, "says"),
        never=_several(document, "never"),
    )
    if {*turn.handover, *turn.may} - set(REASONS):
        raise BadScript(f"{place}: unknown reason")
    for pattern in (*turn.says, *turn.never):
        re.compile(pattern)
    return turn


def _several(document: dict[str, Any], name: str) -> tuple[str, ...]:
    value = document.get(name, ())
    return (value,) if isinstance(value, str) else tuple(value)
