"""What is kept of a turn and of the reply to it. Pure."""

from dataclasses import dataclass, replace

from services.reply.memory import Memory, Pending, kept
from services.reply.plan import Plan
from services.reply.policy import NEGATIVE
from services.reply.turn import CustomerTurn, PastTurn, Tone
from services.reply.understanding import Understanding

_QUESTIONS_BEFORE_YES = 2


@dataclass(frozen=True, slots=True)
class Said:
    """A turn with what was understood of it, and the reply with what it was planned to be."""

    turn: CustomerTurn
    u: Understanding
    plan: Plan
    text: str
    tone: Tone
    issue: str
    openings: tuple[str, ...]


def heard(memory: Memory, turn: CustomerTurn, u: Understanding) -> Memory:
    """With the customer's turn, its language, industry and numbers taken in."""
    after = memory.with_turn(PastTurn("customer", turn.text, turn.state))
    for kind, value in u.references.items():
        if kind not in ("months", "area", "number", "card_kind"):
            after = after.with_reference(kind, value)
    return replace(after, turn=memory.turn + 1, language=u.language, industry=u.industry)


def remember(before: Memory, said: Said, *, grief: bool, hot: bool) -> Memory:
    """Memory after a reply; `grief` and `hot` as the reply took the customer to be."""
    plan, u = said.plan, said.u
    memory = heard(before, said.turn, u)
    for kind, value in plan.references:
        memory = memory.with_reference(kind, value)
    negative = said.turn.state in NEGATIVE
    failed = "failed" in u.acts and bool(before.article or before.action)
    answered = plan.grounded and bool(plan.sources)
    return replace(
        memory.with_turn(PastTurn("bot", said.text)),
        replies=before.replies + 1,
        attempts=before.attempts + 1,
        hot_attempts=(before.hot_attempts + hot) if negative or hot else 0,
        negative_attempts=before.negative_attempts + 1 if negative else 0,
        unanswered=before.unanswered + (not plan.grounded) if not answered else 0,
        wrong=before.wrong + ("wrong_answer" in u.signs),
        failed=0 if plan.resolved else before.failed + failed,
        declined_person=before.declined_person or "declines_person" in u.signs,
        grief=grief,
        openings=kept(before.openings, *said.openings),
        told=kept(before.told, *plan.told),
        tones=(*before.tones, said.tone)[-10:],
        intents=kept(before.intents, plan.intent),
        tried=kept(before.tried, *(source.id for source in plan.sources)),
        article=plan.article or before.article,
        issue=said.issue,
        action=plan.ran or before.action,
        facts=plan.facts if plan.facts is not None else before.facts,
        done=kept(before.done, plan.done),
        pending=_pending(before, plan, u),
    )


def _pending(before: Memory, plan: Plan, u: Understanding) -> Pending | None:
    """What is still awaited: a yes outlasts two questions about what it is to."""
    awaited = before.pending
    if awaited is None or plan.pending is not None or plan.keeps_pending:
        return awaited if plan.keeps_pending else plan.pending
    asks_first = "question" in u.acts and not plan.ran and not plan.resolved
    if asks_first and not awaited.missing and awaited.asked <= _QUESTIONS_BEFORE_YES:
        return replace(awaited, asked=awaited.asked + 1)
    return None
