"""One customer turn in, one answer out: understand, plan, decide, compose, guard, remember. Pure.

The same turn and memory give the same answer; what the world outside adds is the result of an
action, which its idempotency key makes repeatable.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from services.reply import guard, waiting
from services.reply.actions import Actions
from services.reply.composer import Text, Voice, disclosure, open_with, opening_of, render
from services.reply.heat import is_hot
from services.reply.issue import issue_in
from services.reply.memory import Memory
from services.reply.packet import packet
from services.reply.plain import plain
from services.reply.plan import Plan
from services.reply.planner import Planner
from services.reply.policy import (
    NEGATIVE,
    Decision,
    Situation,
    decide,
    skills_for,
)
from services.reply.remembering import Said, heard, remember
from services.reply.search import FAIR, Search
from services.reply.social import asks_only_if_bot, says_bot, shares_secret
from services.reply.tone import choose
from services.reply.turn import Answer, CustomerTurn, Handover, State, Tone
from services.reply.understanding import Understanding, understand

_WARM: frozenset[State] = frozenset({"calm", "satisfied", "grateful", "confused"})


@dataclass(frozen=True)
class Engine:
    """Answers customers from the articles and, with `actions`, by carrying out tasks.

    `hear` names what a text brings that calls for a person or for care, beside the signs.
    """

    search: Search
    actions: Actions | None = None
    hear: Callable[[str], frozenset[str]] | None = None

    def respond(self, turn: CustomerTurn, memory: Memory) -> tuple[Answer, Memory]:
        """The answer to a message, and the memory after it.

        Not to be asked while a person has the conversation: ValueError. A message to a closed
        conversation begins a new one with the bot.
        """
        if memory.owner == "agent":
            raise ValueError("a person has the conversation")
        if memory.owner == "closed":
            memory = replace(memory.afresh(), replies=0)
        understood = understand(turn, memory, self.hear)
        return _Turn(self.search, self.actions, turn, memory, understood).answer()


class _Turn:
    """The work on one turn."""

    def __init__(
        self,
        search: Search,
        actions: Actions | None,
        turn: CustomerTurn,
        memory: Memory,
        understood: Understanding,
    ) -> None:
        self.turn = turn
        self.before = memory
        self.u = understood
        self.voice = Voice(
            self.u.language, turn.conversation_id, memory.turn, heard=memory.openings
        )
        self.planner = Planner(turn, self.u, memory, search, actions, self.voice)
        self.grief = memory.grief or "bereavement" in self.u.signs
        self.hot = is_hot(turn, self.u, memory)
        self.trips: list[str] = []

    def answer(self) -> tuple[Answer, Memory]:
        memory = self.before
        if self.turn.withheld:
            return self._withheld()
        waits = memory.owner == "queued"
        plan = waiting.plan(self.turn, self.u, memory, self.voice, hot=self.hot) if waits else None
        if plan is None:
            plan = self.planner.plan() if self._needs_plan() else waiting.nothing()
        decision = decide(self._situation(plan))
        if decision.choice == "handover":
            return self._hand_over(decision)
        if (decision.choice == "ask" and not plan.grounded) or (
            not plan.text.body and plan.strategy == "nothing_found"
        ):
            plan = self._ask_back(plan)
        return self._reply(plan, decision)

    # What the decision needs.

    def _needs_plan(self) -> bool:
        """Nothing is looked up or carried out for a message that a person must take at once."""
        return decide(self._situation(waiting.nothing())).choice != "handover"

    def _situation(self, plan: Plan) -> Situation:
        signs, memory, turn = self.u.signs, self.before, self.turn
        pressed = turn.kind == "person_requested"
        declined = "declines_person" in signs
        # A bare "hi" asks for nobody, whatever was read into it.
        read = turn.signals.asks_for_person and not declined and "greeting" not in self.u.acts
        asked = pressed or "asks_person" in signs or read
        if asked and not pressed and asks_only_if_bot(turn, self.u):
            asked = "asks_person" in signs
        article = self.planner.search.articles.get(memory.article)
        return Situation(
            owner=memory.owner,
            waiting_for=memory.reason,
            waiting_priority=memory.priority,
            crisis=self._crisis(),
            asked=asked,
            declined=declined or (memory.declined_person and not asked),
            fraud="fraud" in signs,
            bereavement="bereavement" in signs,
            abuse="abuse" in signs,
            legal="legal" in signs,
            medical="medical" in signs,
            injury="injury" in signs,
            mistreated="mistreated" in signs,
            staff="staff" in signs,
            breach="breach" in signs,
            paper="paper" in signs,
            decision="decision" in signs,
            already_told="already_told" in signs,
            wrong_answer="wrong_answer" in signs,
            misread="misread" in signs,
            challenged="cannot" in signs,
            off_topic="off_topic" in self.u.acts,
            state=turn.state,
            hot=self.hot,
            escalating=turn.trend == "escalating",
            replies=memory.replies,
            hot_attempts=memory.hot_attempts,
            negative_attempts=memory.negative_attempts,
            unanswered=memory.unanswered,
            wrong=memory.wrong,
            failed=memory.failed
            + ("failed" in self.u.acts and bool(memory.article or memory.action)),
            wants_something=self._wants(plan),
            grounded=plan.grounded,
            doubtful=plan.doubtful,
            more_to_say=plan.more_to_say,
            person_next=bool(article and article.person_next),
            acted=bool(plan.ran),
            idle=plan.strategy == "acknowledge_feeling",
            asked_again=self.planner.asked_again,
        )

    def _wants(self, plan: Plan) -> bool:
        """Whether something is wanted, also where it is the answer to what we asked back."""
        answers_us = self.before.unanswered > 0 and plan.strategy == "nothing_found"
        return self.u.wants_something or "wrong_answer" in self.u.signs or answers_us

    def _crisis(self) -> str:
        """The kind of danger; the emotion service's reading counts as an emergency of its own.

        What it reads in violence at home, or in a farewell from the dying, has a rule of its own.
        """
        if self.u.crisis:
            return self.u.crisis
        own = "abuse" in self.u.signs or waiting.speaks_of_dying(self.u.text)
        return "emergency" if self.turn.signals.crisis and not own else ""

    # Ways to answer.

    def _withheld(self) -> tuple[Answer, Memory]:
        waits = self.before.owner == "queued"
        text = self.voice.pick(self.voice.book("WITHHELD"), "withheld")
        plan = Plan("say_withheld", "queued" if waits else "answer", Text((text,), whole=True),
                    intent="withheld", opens=False, keeps_pending=True)  # fmt: skip
        return self._reply(plan, Decision("reply", "withheld"))

    def _hand_over(self, decision: Decision) -> tuple[Answer, Memory]:
        assert decision.reason is not None
        assert decision.priority is not None
        issue = self._issue("")
        kind = self._crisis() if decision.reason == "crisis" else ""
        grave = decision.reason == "crisis" or self.grief or self.hot
        body = waiting.handover_text(self.voice, decision.rule, kind, self._named(), self.u)
        first = self.before.replies == 0
        closing = self.voice.book("DISCLOSURE_HANDOVER") if first else ()
        lead = ""
        if first and not grave and decision.reason == "asked":
            lead, closing = disclosure(self.voice, greeting=True), ()
        if not first and (self.turn.signals.asks_if_bot or "asks_bot" in self.u.signs):
            lead = says_bot(self.voice)
        text = render(Text(body, closing=closing, whole=True), lead=lead, grief=self.grief or grave)
        tone = waiting.handover_tone(decision.reason, decision.rule, self.turn.state)
        intent = self.u.tasks[0] if self.u.tasks else decision.rule
        memory = self._remember(
            Plan("hand_over", "handover", Text(), intent=intent, issue=issue), text, tone
        )
        memory = replace(
            memory, owner="queued", reason=decision.reason, priority=decision.priority,
            crisis=kind or memory.crisis, rule=decision.rule, pending=None,
        )  # fmt: skip
        context = packet(
            self.turn,
            heard(self.before, self.turn, self.u),
            reason=decision.reason,
            intent=intent,
            issue=issue,
            hot=self.hot,
            language=self.u.language,
        )
        handover = Handover(
            decision.reason,
            decision.priority,
            skills_for(decision.rule, self.u.industry, self.u.language),
            context,
            decision.rule,
        )
        answer = Answer(
            text=text,
            action="handover",
            tone=tone,
            strategy=f"hand_over_{decision.rule}",
            intent=intent,
            state=self.turn.state,
            trend=self.turn.trend,
            handover=handover,
            guard_trips=tuple(self.trips),
        )
        return answer, memory

    def _ask_back(self, plan: Plan) -> Plan:
        """One question back, honest about what is missing."""
        voice, issue = self.voice, plan.issue
        candidates = [m.article.issue for m in self.planner.matches[:2]]
        close = [match.score for match in self.planner.matches[:2]]
        alike = len(close) == 2 and close[1] >= FAIR and close[0] - close[1] < 0.08
        if plan.doubtful and alike and len(set(candidates)) == 2 and not self.hot:
            which = voice.pick(
                voice.book("WHICH"), "which", first=candidates[0], second=candidates[1]
            )
            return replace(plan, text=Text((which,), whole=True), strategy="ask_which", opens=False)
        if not plan.more_to_say:
            name = "NOTHING_MORE" if issue else "NOTHING_MORE_WITHOUT_ISSUE"
        elif "wrong_answer" in self.u.signs:
            name = "FALLBACK" if issue else "FALLBACK_WITHOUT_ISSUE"
        else:
            name = "LIMITS" if issue and self.before.replies else "LIMITS_WITHOUT_ISSUE"
        first = voice.pick(voice.book(name), "limits", issue=issue)
        then = "" if name.startswith("FALLBACK") else voice.pick(voice.book("ASK_MORE"), "ask_more")
        if not plan.more_to_say:
            then = voice.pick(voice.book("OFFER_PERSON"), "offer_person")
        opens = self.turn.state in NEGATIVE
        return replace(
            plan, text=Text((first, then), whole=True), strategy="ask_back", opens=opens,
            offers_person=False, action="ask",
        )  # fmt: skip

    def _reply(self, plan: Plan, decision: Decision) -> tuple[Answer, Memory]:
        tone = self._tone(plan)
        plan = self._with_extras(plan)
        text = self._compose(plan, tone)
        broken = guard.check(text, self._guarded(plan))
        if broken:
            self.trips += broken
            plan, text, tone = self._fallback(plan)
            if guard.check(text, self._guarded(plan)):
                return self._hand_over(Decision("handover", "guard", "cannot_help", "normal"))
        memory = self._remember(plan, text, tone)
        answer = Answer(
            text=text,
            action=plan.action,
            tone=tone,
            strategy=plan.strategy,
            intent=plan.intent,
            state=self.turn.state,
            trend=self.turn.trend,
            sources=plan.sources,
            guard_trips=tuple(self.trips),
        )
        return answer, memory

    def _fallback(self, plan: Plan) -> tuple[Plan, str, Tone]:
        """What is said when the guard refuses a reply: a question, which can harm nobody."""
        name = "FALLBACK" if plan.issue else "FALLBACK_WITHOUT_ISSUE"
        question = self.voice.pick(self.voice.book(name), "fallback", issue=plan.issue)
        safe = Plan("guard_fallback", "ask", Text((question,), whole=True), intent=plan.intent,
                    issue=plan.issue, opens=False)  # fmt: skip
        return safe, self._compose(safe, "clarify"), "clarify"

    # Words.

    def _tone(self, plan: Plan) -> Tone:
        if plan.tone is not None and not self.grief:
            return plan.tone
        if self.turn.state in ("satisfied", "grateful") and plan.sources:
            # They asked for something: the answer comes first, not the joy.
            return "neutral"
        return choose(
            self.turn.state,
            trend=self.turn.trend,
            used=self.before.tones,
            asking=plan.action == "ask",
            grief=self.grief,
        )

    def _with_extras(self, plan: Plan) -> Plan:
        """Adds what goes before and after: the answer to "are you a bot?", an offer of a person."""
        body = plan.text.body
        if plan.action != "queued":
            bot = self.turn.signals.asks_if_bot or "asks_bot" in self.u.signs
            if bot and plan.strategy != "say_bot":
                body = (says_bot(self.voice), *body)
            if shares_secret(self.turn) and plan.strategy != "keep_details_safe":
                note = self.voice.pick(self.voice.book("NEVER_SHARE"), "never_share")
                body = (note, *body)
        closing = plan.text.closing
        uneasy = self.hot or (self.turn.state == "frustrated" and self.before.negative_attempts > 0)
        if plan.offers_person and uneasy and not self.before.declined_person:
            closing = (
                *closing,
                self.voice.unheard(self.voice.book("OFFER_PERSON"), "offer_person"),
            )
        return replace(plan, text=replace(plan.text, body=body, closing=closing))

    def _compose(self, plan: Plan, tone: Tone) -> str:
        issue = self._named()
        first = self.before.replies == 0
        greeting = self.turn.state in _WARM and not self.grief
        lead = disclosure(self.voice, greeting=greeting) if first else ""
        opening = ""
        if plan.opens and plan.action != "queued":
            opening = self._opening(plan, tone, issue, first=first)
        quiet = self.grief or self.hot or self.turn.state in NEGATIVE
        text = render(plan.text, lead=lead, opening=opening, state=self.turn.state, grief=quiet)
        if text:
            return text
        # Nothing to add to a feeling: the opening alone carries it.
        return open_with(self.voice, tone, self.turn.state, issue, grief=self.grief)

    def _opening(self, plan: Plan, tone: Tone, issue: str, *, first: bool) -> str:
        if tone == "neutral":
            body = plan.text.body[0] if plan.text.body else ""
            repeated = opening_of(body) in self.before.openings
            if not repeated and (first or plan.action != "answer" or self.voice.chance("lead", 2)):
                return ""
            return open_with(self.voice, tone, self.turn.state, issue, must=False)
        if tone == "clarify" and plan.action == "ask":
            return ""
        return open_with(self.voice, tone, self.turn.state, issue, grief=self._new_grief())

    def _new_grief(self) -> bool:
        return self.grief and not self.before.grief

    def _issue(self, planned: str) -> str:
        own = issue_in(self.u.text) if self.u.language == "en" else ""
        return own or planned or self.before.issue

    def _named(self) -> str:
        """The issue as the customer's own words name it, now or before; "" where they do not."""
        if self.u.language != "en":
            return self.before.issue
        said = [t.text for t in reversed(self.before.turns) if t.author == "customer"]
        named = (issue_in(plain(text)) for text in (self.turn.text, *said))
        return next((issue for issue in named if issue), "")

    def _guarded(self, plan: Plan) -> guard.Context:
        said = tuple(t.text for t in self.before.turns if t.author == "customer")
        facts = tuple(value for _, value in self.before.facts)
        ours = (*plan.sources_text, *facts)
        texts = (*plan.sources_text, *facts, *said, self.turn.text, self.u.text)
        return guard.Context(texts, ours, grief=self.grief, hot=self.hot)

    def _remember(self, plan: Plan, text: str, tone: Tone) -> Memory:
        issue = self.before.issue
        if plan.issue or issue_in(self.u.text):
            issue = self._issue(plan.issue)
        return remember(
            self.before,
            Said(self.turn, self.u, plan, text, tone, issue, (*self.voice.said, opening_of(text))),
            grief=self.grief,
            hot=self.hot,
        )
