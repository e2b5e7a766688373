"""Whether a customer is angry or desperate now. Pure."""

import re

from services.reply.memory import Memory
from services.reply.plain import without_placeholders
from services.reply.policy import HOT, NEGATIVE
from services.reply.turn import CustomerTurn
from services.reply.understanding import Understanding


def is_hot(turn: CustomerTurn, u: Understanding, before: Memory) -> bool:
    """Anger or despair, by the reading or in so many words.

    A reading of one message may miss it; an insult, words of rage or a raised voice do not.
    """
    if turn.state in HOT:
        return True
    if turn.state in ("satisfied", "grateful"):
        return False
    if "insult" in u.signs:
        return True
    heated_before = turn.state == "frustrated" or before.hot_attempts > 0
    shouts = heated_before and _shouts(turn.text)
    return turn.state in NEGATIVE and bool({"despair", "heat"} & u.signs or shouts)


def _shouts(text: str) -> bool:
    """Two words or more in capitals, or marks heaped up."""
    capitals = re.findall(r"\b[A-Z]{3,}\b", without_placeholders(text))
    return len(capitals) >= 2 or "!!" in text or "?!" in text or text.count("!") >= 2
