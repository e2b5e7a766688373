"""Replies to what asks for no information: thanks, good news, a farewell, small talk. Pure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from services.reply.composer import Text, Voice
from services.reply.knowledge import Article
from services.reply.memory import Memory
from services.reply.plain import sentences
from services.reply.plan import Plan
from services.reply.search import GOOD, Match
from services.reply.signs import acts_in, signs_in, tasks_in
from services.reply.turn import CustomerTurn, Source, Tone
from services.reply.understanding import Understanding

_HEATED = frozenset({"frustrated", "angry", "distressed"})
_UNEASY = frozenset({"frustrated", "angry", "distressed", "anxious", "confused"})
_SURE_TOPIC = 0.58
_SECRETS = re.compile(r"\[(?:PASSWORD|CREDIT_CARD|CVV|CARD_EXPIRY|SSN)_\d+\]", re.IGNORECASE)
_LOVES = re.compile(r"\bi love (?:you|u)\b|\byou saved (?:me|my)\b")
_UPSET = frozenset({"heat", "insult", "despair", "wrong_answer", "already_told", "cannot"})
_FEW_WORDS = 3
_MOST_ACCEPTING = 10
_COMMITS = re.compile(
    r"\b(?:i'?ll|i will|we'?ll|we will) (?:wait|try|do|hold|check|watch|see|look|go|use|read)\b|"
    r"\b(?:voy a|lo hare|espero|esperare)\b"
)


def social_plan(
    turn: CustomerTurn,
    u: Understanding,
    memory: Memory,
    voice: Voice,
    best: Callable[[], Match | None],
    articles: Mapping[str, Article],
    *,
    repeats: bool = False,
) -> Plan | None:
    """The plan for a message that is not about facts, or None.

    `best` finds the closest article, which costs something; `repeats` says that the customer puts into words what was just explained.
    """
    acts, heated = u.acts, turn.state in _HEATED
    if "opt_out" in u.signs:
        return _opted_out(voice, articles, sorry=turn.state in _UNEASY)
    if asks_only_if_bot(turn, u):
        then = voice.pick(voice.book("BOT_THEN"), "bot_then")
        return _plan("say_bot", (says_bot(voice), then), intent="asks_if_bot", opens=False)
    if "off_topic" in acts and not (u.tasks and not u.by_number):
        return _off_topic(voice)
    asks = {"question", "howto"} & acts or _score(best()) >= GOOD
    if "declines_person" in u.signs and not asks and not u.tasks:
        return _declined(memory, voice, articles, grateful="praise" in acts or "thanks" in acts)
    if shares_secret(turn) and not u.asks:
        return never_share(voice)
    if "affirm" in acts and memory.intents[-1:] == ("opt_out",):
        return _opted_out(voice, articles, sorry=turn.state in _UNEASY)
    warm = turn.state in ("grateful", "satisfied") and "thanks" in acts and "?" not in turn.text
    if (u.asks and not warm) or "failed" in acts:
        return None
    sure = "request" in acts and _score(best()) >= _SURE_TOPIC
    if "thanks" in acts and turn.state == "grateful" and "praise" not in acts:
        return _thanked(turn, voice)
    if "praise" in acts and not heated:
        note = voice.pick(voice.book("PRAISE"), "praise")
        return _plan("thank_for_praise", (note,), intent="compliment", tone="thank", opens=False)
    if "closing" in acts and not heated:
        return _plan("say_goodbye", (voice.pick(voice.book("CLOSING"), "closing"),),
                     intent="closing", tone=_glad(turn, "thank"), opens=False)  # fmt: skip
    if "good_news" in acts and turn.state not in ("angry", "distressed") and not sure:
        after = voice.unheard(voice.book("AFTER_GOOD_NEWS"), "after")
        return _plan("share_joy", (after,), intent="good_news", tone="celebrate", resolved=True)
    cool = turn.state not in ("angry", "frustrated") or bool(_LOVES.search(u.text))
    if "thanks" in acts and not sure and cool:
        return _thanked(turn, voice)
    if "greeting" in acts and not u.tasks and len(u.text.split()) <= _FEW_WORDS + 2:
        back = voice.pick(voice.book("GREETING_BACK"), "greeting")
        return _plan("greet", (back,), action="ask", intent="greeting", opens=False)
    short = len(u.text.split()) <= _FEW_WORDS
    takes_it = ("accepts" in acts and _takes_it(turn, u)) or (short and {"affirm", "deny"} & acts)
    upset = turn.state in ("angry", "distressed") or bool(_UPSET & u.signs)
    if takes_it and not u.tasks and not sure and not (upset and not short):
        return _accepted(turn, memory, voice, repeats=repeats)
    if u.informs and not u.tasks and not memory.unanswered and _score(best()) < GOOD:
        return noted(memory, voice)
    if turn.state == "grateful" and not u.wants_something:
        return _thanked(turn, voice)
    if turn.state == "satisfied" and not u.wants_something:
        after = voice.unheard(voice.book("AFTER_GOOD_NEWS"), "after")
        return _plan("share_joy", (after,), intent="good_news", tone="celebrate", resolved=True)
    return None


def _takes_it(turn: CustomerTurn, u: Understanding) -> bool:
    """Whether "ok" or the like is all that is said; irony and a new matter take more words."""
    words = len(u.text.split())
    if _COMMITS.search(u.text):
        return True
    return words <= (_FEW_WORDS + 1 if turn.state in _HEATED else _MOST_ACCEPTING)


def _score(match: Match | None) -> float:
    return match.score if match is not None else 0.0


def asks_only_if_bot(turn: CustomerTurn, u: Understanding) -> bool:
    """Whether the message asks what it is talking to, and nothing besides."""
    if not (turn.signals.asks_if_bot or "asks_bot" in u.signs):
        return False
    rest = [part for part in sentences(u.text) if "asks_bot" not in signs_in(part)]
    return not any({"question", "howto", "request"} & acts_in(p) or tasks_in(p) for p in rest)


def says_bot(voice: Voice) -> str:
    """The truthful answer to "are you a bot?"."""
    return voice.pick(voice.book("SAYS_BOT"), "bot")


def never_share(voice: Voice) -> Plan:
    """The note that passwords and card numbers do not belong into a chat."""
    note = voice.pick(voice.book("NEVER_SHARE"), "never_share")
    plan = _plan("keep_details_safe", (note,), intent="shares_secret", opens=False)
    return replace(plan, keeps_pending=True)


def shares_secret(turn: CustomerTurn) -> bool:
    """Whether a password, a card number or the like was typed."""
    return bool(_SECRETS.search(turn.text))


def noted(memory: Memory, voice: Voice) -> Plan:
    """Details were given: thanks, and on with what they are for."""
    note = voice.pick(voice.book("NOTED"), "noted")
    known = bool(memory.issue or memory.pending)
    more = "" if known else voice.pick(voice.book("NOTED_NEXT"), "noted_next")
    plan = _plan("note_details", (note, more), intent="informs", opens=False,
                 action="answer" if known else "ask")  # fmt: skip
    return replace(plan, keeps_pending=True)


def _opted_out(voice: Voice, articles: Mapping[str, Article], *, sorry: bool) -> Plan:
    said = voice.pick(voice.book("OPTED_OUT"), "opted_out")
    then = voice.pick(voice.book("OPTED_OUT_THEN"), "opted_out_then")
    plan = _plan("confirm_opt_out", (said, then), intent="opt_out", opens=sorry)
    name = "general-opt-out" if voice.language == "en" else "general-es-opt-out"
    article = articles.get(name)
    if article is None:
        return plan
    source = Source(f"article:{article.id}", article.title)
    return replace(plan, sources=(source,), issue=article.issue, resolved=True)


def _off_topic(voice: Voice) -> Plan:
    said = voice.pick(voice.book("OFF_TOPIC"), "off_topic")
    then = voice.pick(voice.book("OFF_TOPIC_THEN"), "off_topic_then")
    return _plan("keep_to_the_service", (said, then), intent="off_topic", opens=False)


def _declined(
    memory: Memory, voice: Voice, articles: Mapping[str, Article], *, grateful: bool
) -> Plan:
    said = voice.pick(voice.book("DECLINED"), "declined")
    if grateful:
        note = voice.pick(voice.book("PRAISE"), "praise")
        return _plan(
            "stay_with_bot", (said, note), intent="declines_person", tone="thank", opens=False
        )
    article = articles.get(memory.article)
    if article is None or article.language != voice.language:
        more = voice.pick(voice.book("ASK_MORE"), "ask_more")
        return _plan(
            "stay_with_bot", (said, more), action="ask", intent="declines_person", opens=False
        )
    plan = _plan("stay_with_bot", (said, *article.answer), intent="declines_person", opens=False)
    source = Source(f"article:{article.id}", article.title)
    return replace(plan, sources=(source,), sources_text=(" ".join(article.answer),))


def _thanked(turn: CustomerTurn, voice: Voice) -> Plan:
    after = voice.unheard(voice.book("AFTER_THANKS"), "after")
    if turn.state in ("grateful", "satisfied"):
        return _plan("thank_back", (after,), intent="thanks", tone="thank", resolved=True)
    first = voice.pick(voice.book("THANKS_CALM"), "thanks")
    return _plan("thank_back", (first, after), intent="thanks", tone="thank", opens=False,
                 resolved=True)  # fmt: skip


def _accepted(turn: CustomerTurn, memory: Memory, voice: Voice, *, repeats: bool) -> Plan:
    sad = turn.state == "disappointed"
    book = "ACCEPTED_SADLY" if sad else "ACCEPTED"
    text = voice.pick(voice.book(book), "accepted", issue=memory.issue)
    if repeats and not sad:
        text = f"{voice.pick(voice.book('CONFIRMED'), 'confirmed')} {text}"
    plan = _plan("leave_it_there", (text,), intent="accepts", opens=sad,
                 tone=_glad(turn, None))  # fmt: skip
    return replace(plan, keeps_pending=True)


def _glad(turn: CustomerTurn, otherwise: Tone | None) -> Tone | None:
    return "celebrate" if turn.state == "satisfied" else otherwise


def _plan(
    strategy: str,
    body: tuple[str, ...],
    *,
    intent: str,
    action: str = "answer",
    tone: Tone | None = None,
    opens: bool = True,
    resolved: bool = False,
) -> Plan:
    return Plan(
        strategy=strategy,
        action="ask" if action == "ask" else "answer",
        text=Text(tuple(part for part in body if part), whole=True),
        intent=intent,
        tone=tone,
        opens=opens,
        resolved=resolved,
    )
