"""Decides what to do with a customer's message: answer, ask, act or hand over. Pure.

`decide` goes through RULES from top to bottom and takes the first that applies, so that the same
situation always gives the same decision and every decision carries the name of its rule.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from services.reply.turn import PRIORITIES, Priority, Reason, State

Owner = Literal["bot", "queued", "agent", "closed"]
Choice = Literal["reply", "ask", "handover", "queued", "silent"]

HOT: frozenset[State] = frozenset({"angry", "distressed"})
NEGATIVE: frozenset[State] = frozenset(
    {"confused", "anxious", "disappointed", "frustrated", "angry", "distressed"}
)
GOOD_ATTEMPTS = 2
FRUSTRATED_ATTEMPTS = 4


@dataclass(frozen=True)
class Situation:
    """All that a decision depends on.

    `hot` is anger or despair now, by the reading or in so many words. `hot_attempts` are answers
    already given to it, `negative_attempts` answers to negative turns in a row, `unanswered`
    questions in a row without an article, `wrong` answers called wrong before this one, `failed`
    tries that the customer reported as failed. `grounded` says that an article or an action
    answers this message, `doubtful` that an article might. `person_next` says that the last
    article told where the bot's part ends. `acted` says that an action answers this message, `idle`
    that nothing can be said to it but that one understands, `asked_again` that the customer asks
    what they asked before.
    """

    owner: Owner = "bot"
    waiting_for: Reason | None = None
    waiting_priority: Priority | None = None
    crisis: str = ""
    asked: bool = False
    declined: bool = False
    fraud: bool = False
    bereavement: bool = False
    abuse: bool = False
    legal: bool = False
    medical: bool = False
    injury: bool = False
    mistreated: bool = False
    staff: bool = False
    breach: bool = False
    paper: bool = False
    decision: bool = False
    already_told: bool = False
    wrong_answer: bool = False
    misread: bool = False
    challenged: bool = False
    off_topic: bool = False
    state: State = "calm"
    hot: bool = False
    escalating: bool = False
    replies: int = 0
    hot_attempts: int = 0
    negative_attempts: int = 0
    unanswered: int = 0
    wrong: int = 0
    failed: int = 0
    wants_something: bool = False
    grounded: bool = True
    doubtful: bool = False
    more_to_say: bool = True
    person_next: bool = False
    acted: bool = False
    idle: bool = False
    asked_again: bool = False


@dataclass(frozen=True)
class Decision:
    """What to do, by which rule. `reason` and `priority` go with a hand-over."""

    choice: Choice
    rule: str
    reason: Reason | None = None
    priority: Priority | None = None


@dataclass(frozen=True)
class _Rule:
    name: str
    applies: Callable[[Situation], bool]
    reason: Reason
    priority: Callable[[Situation], Priority]


def _always(priority: Priority) -> Callable[[Situation], Priority]:
    return lambda _: priority


def _by_heat(s: Situation) -> Priority:
    grave = s.hot or s.fraud or s.bereavement or s.abuse or s.legal or s.medical or s.injury
    return "high" if grave else "normal"


def _told_again(s: Situation) -> bool:
    return s.already_told and s.replies > 0


def _sent_around(s: Situation) -> bool:
    """Said it to others before; what can be answered is still answered first."""
    unanswered = s.idle or not s.grounded
    return s.already_told and s.replies == 0 and s.state in NEGATIVE and unanswered


def _wrong_again(s: Situation) -> bool:
    return s.wrong_answer and s.wrong >= 1


def _useless(s: Situation) -> bool:
    """Of no use, and nothing better to say; who was only misread is asked once what they meant."""
    return s.wrong_answer and not s.misread and s.replies > 0 and not s.grounded


def _not_turned(s: Situation) -> bool:
    return s.hot and max(s.hot_attempts, s.negative_attempts) >= GOOD_ATTEMPTS


def _worn_out(s: Situation) -> bool:
    """Unhappy for long and getting worse, or unhappy after two answers and past asking."""
    worse = s.escalating and s.negative_attempts >= FRUSTRATED_ATTEMPTS
    if s.state == "frustrated" and (worse or not s.wants_something):
        return worse or s.negative_attempts >= GOOD_ATTEMPTS
    return s.state == "disappointed" and s.idle and s.negative_attempts >= GOOD_ATTEMPTS


def _at_the_end(s: Situation) -> bool:
    asks_on = s.wants_something or s.failed > 0
    return s.person_next and asks_on and not s.grounded


def _cannot_then_who(s: Situation) -> bool:
    return s.challenged and s.replies > 0 and (s.unanswered > 0 or s.person_next)


def _tried_everything(s: Situation) -> bool:
    """What was suggested did not work, and there is no more of it, or two suggestions failed."""
    if s.acted or s.replies == 0:
        return False
    used_up = s.failed >= GOOD_ATTEMPTS or (s.failed > 0 and not s.more_to_say)
    return used_up and not s.grounded


def _nothing_for_the_upset(s: Situation) -> bool:
    """A question back is no answer to someone whom two answers have left upset."""
    upset = s.hot or s.state in ("frustrated", "disappointed")
    unanswered = s.wants_something and not s.grounded and not s.doubtful and not s.off_topic
    return upset and unanswered and s.negative_attempts >= GOOD_ATTEMPTS


def _nothing_found_again(s: Situation) -> bool:
    again = s.unanswered >= 1 or s.asked_again
    return s.wants_something and not s.grounded and again and not s.off_topic


# The law of hand-over, in order.
RULES: tuple[_Rule, ...] = (
    _Rule("crisis", lambda s: bool(s.crisis), "crisis", _always("urgent")),
    _Rule("asked", lambda s: s.asked, "asked", _by_heat),
    _Rule("abuse", lambda s: s.abuse, "sensitive", _always("high")),
    _Rule("live_fraud", lambda s: s.fraud, "sensitive", _always("high")),
    _Rule("bereavement", lambda s: s.bereavement, "sensitive", _always("high")),
    _Rule("medical_distress", lambda s: s.medical, "sensitive", _always("high")),
    _Rule("injury", lambda s: s.injury, "sensitive", _always("high")),
    _Rule("legal_threat", lambda s: s.legal, "sensitive", _always("high")),
    _Rule("mistreated", lambda s: s.mistreated, "sensitive", _always("high")),
    _Rule("privacy_breach", lambda s: s.breach, "sensitive", _always("high")),
    _Rule("already_told", _told_again, "repeated_failure", _always("high")),
    _Rule("anger_not_turned", _not_turned, "escalating_emotion", _always("high")),
    _Rule("wrong_again", _wrong_again, "repeated_failure", _always("high")),
    _Rule("useless_answer", _useless, "repeated_failure", _always("high")),
    _Rule("needs_a_decision", lambda s: s.decision, "cannot_help", _by_heat),
    _Rule("needs_paper", lambda s: s.paper, "cannot_help", _by_heat),
    _Rule("complaint_about_staff", lambda s: s.staff, "cannot_help", _by_heat),
    _Rule("sent_around", _sent_around, "repeated_failure", _always("high")),
    _Rule("worn_out", _worn_out, "escalating_emotion", _always("high")),
    _Rule("beyond_the_bot", _at_the_end, "cannot_help", _by_heat),
    _Rule("cannot_then_who", _cannot_then_who, "cannot_help", _by_heat),
    _Rule("tried_everything", _tried_everything, "cannot_help", _by_heat),
    _Rule("nothing_for_the_upset", _nothing_for_the_upset, "cannot_help", _by_heat),
    _Rule("nothing_found_again", _nothing_found_again, "cannot_help", _by_heat),
)
# Reasons that may raise a customer who waits already; a second request for a person may not.
_RAISING: frozenset[Reason] = frozenset({"crisis", "sensitive"})
# Someone who said that they want no person is handed over only where it must be.
_DESPITE_DECLINE: frozenset[Reason] = frozenset({"crisis", "asked", "sensitive"})


def decide(s: Situation) -> Decision:
    """The decision of a situation."""
    if s.owner == "agent":
        return Decision("silent", "agent_has_it")
    handover = _handover(s)
    if s.owner == "queued":
        if handover is not None and _raises(handover, s):
            return handover
        return Decision("queued", "waiting_for_a_person")
    if handover is not None:
        return handover
    if s.wants_something and not s.grounded and not s.off_topic:
        return Decision("ask", "which_of_these" if s.doubtful else "nothing_found")
    return Decision("reply", "grounded" if s.grounded else "nothing_asked")


def _handover(s: Situation) -> Decision | None:
    for rule in RULES:
        if not rule.applies(s):
            continue
        if s.declined and rule.reason not in _DESPITE_DECLINE:
            continue
        return Decision("handover", rule.name, rule.reason, rule.priority(s))
    return None


def _raises(handover: Decision, s: Situation) -> bool:
    if handover.reason not in _RAISING or handover.reason == s.waiting_for:
        return False
    before = PRIORITIES.index(s.waiting_priority) if s.waiting_priority else 0
    return handover.priority is not None and PRIORITIES.index(handover.priority) > before


SKILLS: dict[str, tuple[str, ...]] = {
    "crisis": ("crisis",),
    "live_fraud": ("fraud",),
    "bereavement": ("bereavement",),
    "abuse": ("vulnerable_customers",),
    "medical_distress": ("vulnerable_customers",),
    "injury": ("complaints",),
    "legal_threat": ("legal",),
    "mistreated": ("complaints",),
    "anger_not_turned": ("de_escalation",),
    "worn_out": ("de_escalation",),
    "privacy_breach": ("privacy",),
    "complaint_about_staff": ("complaints",),
    "already_told": ("de_escalation",),
    "sent_around": ("de_escalation",),
    "wrong_again": ("de_escalation",),
    "useless_answer": ("de_escalation",),
    "needs_a_decision": ("approvals",),
}


def skills_for(rule: str, industry: str, language: str) -> tuple[str, ...]:
    """Skills of the person who should take over: the industry, the matter, the language."""
    industry_skill = (industry,) if industry else ("general",)
    spoken = () if language == "en" else (f"language_{language}",)
    return (*industry_skill, *SKILLS.get(rule, ()), *spoken)
