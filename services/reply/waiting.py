"""What is said when a person is called, and while the customer waits for one. Pure."""

import re

from services.reply.composer import Text, Voice
from services.reply.memory import Memory
from services.reply.plan import Plan
from services.reply.signs import acts_in
from services.reply.turn import CustomerTurn, Reason, State, Tone
from services.reply.understanding import Understanding

_WAIT = re.compile(
    r"\bhow (?:much )?long\b|\bhow soon\b|\bwait(?:ing)? time\b|\banyone (?:there|coming)\b|"
    r"\bwhen (?:will|is|does)\b.{0,30}\b(?:some|person|agent|they|call|answer|come)|"
    r"\bcuanto (?:tiempo|tarda|falta)\b|\bcuando me\b"
)
_DYING = re.compile(
    r"\bhospice\b|\bdying\b|\bsay goodbye\b|\bdeathbed\b|\bhours to live\b|muriendo"
)
_DIED = re.compile(
    r"\b(?:died|passed|dead|deceased|funeral|late (?:husband|wife|mother|father)|"
    r"lost (?:my|our))\b|fallec|muri"
)
# Said whole, without the line that nothing need be repeated.
_WHOLE = frozenset({"abuse", "crisis"})
_SORRY = frozenset(
    {
        "already_told",
        "complaint_about_staff",
        "injury",
        "mistreated",
        "privacy_breach",
        "sent_around",
        "useless_answer",
        "wrong_again",
    }
)
_GENTLE = frozenset({"bereavement", "abuse", "medical_distress", "injury"})


def nothing() -> Plan:
    """A plan that says nothing yet."""
    return Plan("undecided", "answer", Text())


def plan(turn: CustomerTurn, u: Understanding, memory: Memory, voice: Voice, *, hot: bool) -> Plan:
    """A short, fresh acknowledgement for someone who waits for a person."""
    name = _book(turn, u, memory, hot=hot)
    text = voice.pick(voice.book(name, handover=True), name.lower())
    if "opt_out" in u.signs:
        text = f"{voice.pick(voice.book('OPTED_OUT'), 'opted_out')} {text}"
    return Plan(
        "acknowledge_waiting", "queued", Text((text,), whole=True), intent="waiting", opens=False
    )


def _book(turn: CustomerTurn, u: Understanding, memory: Memory, *, hot: bool) -> str:
    if memory.reason == "crisis":
        return "QUEUED_CRISIS_SELF" if memory.crisis == "self_harm" else "QUEUED_CRISIS"
    asked = turn.kind == "person_requested" or "asks_person" in u.signs
    if asked or turn.signals.asks_for_person:
        return "QUEUED_ASKED"
    if turn.signals.asks_if_bot or "asks_bot" in u.signs:
        return "QUEUED_BOT"
    if _WAIT.search(u.text):
        return "QUEUED_WAIT"
    if memory.rule == "live_fraud":
        return "QUEUED_FRAUD"
    if memory.rule in _GENTLE:
        return "QUEUED_GENTLE"
    if hot:
        return "QUEUED_HOT"
    if {"thanks", "closing"} & acts_in(u.text):
        return "QUEUED_THANKS"
    return "QUEUED"


def speaks_of_dying(text: str) -> bool:
    """Whether someone close is dying, by a plain text."""
    return bool(_DYING.search(text))


def handover_text(
    voice: Voice, rule: str, crisis: str, issue: str, u: Understanding
) -> tuple[str, ...]:
    """The sentences that tell of a hand-over."""
    if crisis:
        return voice.table("CRISIS", crisis, handover=True)
    key = rule
    if rule == "bereavement" and speaks_of_dying(u.text) and not _DIED.search(u.text):
        key = "hospice"
    options = voice.table("HANDOVER", key, handover=True)
    without = voice.table("WITHOUT_ISSUE", key, handover=True)
    said = voice.pick(options if issue or not without else without, f"handover/{rule}", issue=issue)
    if rule in _WHOLE:
        return (said,)
    return (said, voice.pick(voice.book("NO_REPEATING", handover=True), "no_repeating"))


def handover_tone(reason: Reason, rule: str, state: State) -> Tone:
    """The first move of the message that tells of a hand-over."""
    if reason == "crisis":
        return "reassure"
    if rule in _SORRY:
        return "apologise"
    if rule in ("live_fraud", "medical_distress"):
        return "reassure"
    return "neutral" if reason == "asked" and state == "calm" else "acknowledge"
