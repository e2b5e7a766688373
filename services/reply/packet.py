"""What a person who takes over reads in the first second. Pure; redacted texts only."""

from services.reply.briefing import attempts, avoid, sources, want
from services.reply.memory import Memory
from services.reply.turn import CustomerTurn, Language, Packet, PastTurn, Reason

_WHY: dict[Reason, str] = {
    "asked": "asked for a person",
    "crisis": "may be in danger",
    "escalating_emotion": "did not calm down after two answers",
    "sensitive": "brings a matter that needs care",
    "cannot_help": "needs something that the assistant cannot answer or decide",
    "repeated_failure": "had to repeat themselves or got wrong answers",
}
_NAMES = {
    "order_number": "order",
    "refund_number": "refund",
    "bill_number": "bill",
    "claim_number": "claim",
    "bag_number": "bag",
    "appointment_number": "appointment",
    "booking_reference": "booking",
    "outage_number": "outage",
}
_OPENINGS: dict[Language, dict[str, str]] = {
    "en": {
        "crisis": "I'm here with you now. Are you safe at this moment?",
        "sensitive": "I've read what you wrote, and I'm sorry. I'll take care of this with you.",
        "hot": "I've read everything{about}, and I see why you're upset. Here is what I do next:",
        "plain": "I've read everything you wrote{about}, so there's no need to repeat it.",
    },
    "es": {
        "crisis": "Ya estoy aquí con usted. ¿Está a salvo en este momento?",
        "sensitive": "He leído lo que escribió y lo siento. Me encargo de esto con usted.",
        "hot": "He leído todo{about} y entiendo su molestia. Esto es lo que hago ahora:",
        "plain": "He leído todo lo que escribió{about}; no hace falta que lo repita.",
    },
}


def packet(
    turn: CustomerTurn,
    memory: Memory,
    *,
    reason: Reason,
    intent: str,
    issue: str,
    hot: bool,
    language: Language,
) -> Packet:
    """The packet of a hand-over; `memory` holds the customer's turn already."""
    numbers = [f"{_NAMES[k]} {v}" for k, v in memory.references if k in _NAMES]
    topic = f" about {issue}" if issue else ""
    named = f" ({', '.join(numbers)})" if numbers else ""
    moving = f", {turn.trend}" if turn.trend != "steady" else ""
    tried = f" Tried: {', '.join(memory.tried)}." if memory.tried else " Nothing was tried yet."
    summary = (
        f"Customer {_WHY[reason]}{topic}{named}. Feels {turn.state}{moving}."
        f" {memory.attempts} answers so far.{tried}"
    )
    kind = (
        "crisis"
        if reason == "crisis"
        else "sensitive" if reason == "sensitive" else "hot" if hot else "plain"
    )  # fmt: skip
    about = f" {'sobre' if language == 'es' else 'about'} {issue}" if issue else ""
    return Packet(
        summary=summary,
        intent=intent,
        tried=memory.tried,
        turns=tuple(PastTurn(t.author, t.text, t.state) for t in memory.turns),
        state=turn.state,
        suggested_opening=_OPENINGS[language][kind].format(about=about),
        want=want(memory),
        attempts=attempts(memory, turn),
        avoid=avoid(memory, reason=reason, hot=hot),
        sources=sources(memory),
    )
