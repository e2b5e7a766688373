"""What the packet says of the way so far: what is wanted, what was tried, what to avoid. Pure.

All of it is for the agent, in English, and made of redacted texts and of what the memory holds.
"""

import re

from services.reply.issue import issue_in
from services.reply.memory import Memory
from services.reply.plain import plain
from services.reply.turn import CustomerTurn, Reason, Source

LONGEST_WANT = 180
MOST_AVOIDED = 4
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_ACTION, _ARTICLE = "action:", "article:"


def want(memory: Memory) -> str:
    """What the customer wants, in the words of the newest turn that says it."""
    said = [turn.text for turn in memory.turns if turn.author == "customer" and turn.text.strip()]
    if not said:
        return "The customer asked for a person and has written nothing yet."
    chosen = next((text for text in reversed(said) if issue_in(plain(text))), "")
    chosen = chosen or next((text for text in reversed(said) if "?" in text), said[0])
    return f"“{_shortened(chosen)}”"


def attempts(memory: Memory, turn: CustomerTurn) -> tuple[tuple[str, str], ...]:
    """What the assistant tried, the oldest first, and what came of it as far as it is known."""
    facts = ", ".join(f"{name.replace('_', ' ')}: {value}" for name, value in memory.facts)
    made = []
    for number, source in enumerate(memory.tried, 1):
        newest = number == len(memory.tried)
        result = facts if source == f"{_ACTION}{memory.action}" else ""
        after = f"customer {turn.state} after it" if newest else ""
        made.append((_done(source), "; ".join(filter(None, (result, after)))))
    return tuple(made)


def avoid(memory: Memory, *, reason: Reason, hot: bool) -> tuple[str, ...]:
    """What would make it worse, the worst first."""
    said = []
    if reason == "crisis":
        said.append("Leaving them alone: stay until you know that they are safe")
    if memory.grief:
        said.append("Cheerful phrases and offers: they have lost somebody")
    if hot:
        said.append("“Calm down”, and another apology without a next step")
    if memory.wrong or memory.failed or reason in ("repeated_failure", "cannot_help"):
        said += [f"Again: {_title(s)}" for s in memory.tried[-1:] if s.startswith(_ARTICLE)]
    for kind, value in memory.references[-1:]:
        said.append(f"Asking for the {kind.replace('_', ' ')}: it is {value}")
    if reason == "asked":
        said.append("Handing back to the assistant before they agree to it")
    if memory.turn > 1:
        said.append("Having them tell it all again: it is in the conversation")
    return tuple(said[:MOST_AVOIDED])


def sources(memory: Memory) -> tuple[Source, ...]:
    """What the answers so far were drawn from."""
    return tuple(Source(each, _title(each)) for each in memory.tried)


def _done(source: str) -> str:
    if source.startswith(_ACTION):
        return f"Looked up or did: {_title(source).lower()}"
    return f"Answered from “{_title(source)}”"


def _title(source: str) -> str:
    """What a source is called: "Retail returns policy" for "article:retail-returns-policy"."""
    return source.split(":", 1)[-1].replace("-", " ").replace("_", " ").capitalize()


def _shortened(text: str) -> str:
    """Whole sentences, as many as fit; a long first one is cut at a word."""
    kept = ""
    for sentence in _SENTENCE_END.split(" ".join(text.split())):
        longer = f"{kept} {sentence}".strip()
        if len(longer) > LONGEST_WANT:
            break
        kept = longer
    if kept:
        return kept
    return text[:LONGEST_WANT].rsplit(" ", 1)[0].rstrip(",;:") + " …"
