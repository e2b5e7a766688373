"""The texts that redaction is measured on, with the personal data in them marked."""

import json
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
CORPUS = HERE.parents[2] / "../shared/data/presidio-research/generated_large.json"
# The corpus' types as ours. What it marks besides (LOCATION, ORGANIZATION, ...) is not scored.
_TYPES = {
    "PERSON": "PERSON", "ADDRESS": "ADDRESS", "CREDIT_CARD": "CREDIT_CARD",
    "PHONE_NUMBER": "PHONE", "EMAIL_ADDRESS": "EMAIL", "US_SSN": "SSN",
    "IBAN_CODE": "BANK_ACCOUNT", "US_DRIVER_LICENSE": "DRIVER_LICENSE",
    "IP_ADDRESS": "IP_ADDRESS",
}  # fmt: skip
# The corpus marks titles as persons; ours are no part of a name.
_TITLES = frozenset({"mr", "mrs", "ms", "dr", "miss", "prof"})


@dataclass(frozen=True)
class Mark:
    """Half-open code points; `type` is "" where the corpus marks what is not scored."""

    start: int
    end: int
    type: str


@dataclass(frozen=True)
class Turn:
    author: str
    text: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Conversation:
    id: str
    turns: tuple[Turn, ...]

    @property
    def clean(self) -> bool:
        return not any(turn.marks for turn in self.turns)


def conversations(part: str) -> list[Conversation]:
    """The project's own set. `part` is "dev" (rules are written against it) or "test"."""
    lines = (HERE / "conversations.jsonl").read_text(encoding="utf-8").splitlines()
    return [
        Conversation(
            record["id"],
            tuple(
                Turn(t["author"], t["text"], tuple(Mark(**mark) for mark in t["entities"]))
                for t in record["turns"]
            ),
        )
        for record in map(json.loads, lines)
        if record["part"] == part
    ]


def corpus() -> list[Conversation] | None:
    """The texts of presidio-research whose templates the rules were not written looking at (those
    with odd numbers), each a conversation of its own; None where the corpus is not there."""
    if not CORPUS.exists():
        return None
    found: list[Conversation] = []
    for number, sample in enumerate(json.loads(CORPUS.read_text(encoding="utf-8"))):
        if sample["template_id"] % 2 == 0:
            continue
        marks = tuple(
            Mark(s["start_position"], s["end_position"], _TYPES.get(s["entity_type"], ""))
            for s in sample["spans"]
            if s["entity_value"].lower().strip(".") not in _TITLES
        )
        turn = Turn("customer", sample["full_text"], marks)
        found.append(Conversation(f"corpus-{number}", (turn,)))
    return found
