"""Finds the best thing to say to a message: act, answer from an article, or a social reply."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from services.reply.actions import ActionResult, Actions, ActionsUnavailable
from services.reply.composer import Text, Voice
from services.reply.errands import Errand
from services.reply.facts import PRECISE, facts_asked
from services.reply.knowledge import GENERAL, Article
from services.reply.memory import Memory
from services.reply.passages import Passages
from services.reply.plain import prepared, sentences
from services.reply.plan import Plan
from services.reply.policy import HOT, NEGATIVE
from services.reply.recall import ENOUGH, of_kind, recall
from services.reply.results import tell
from services.reply.results_spanish import spanish_date
from services.reply.search import FAIR, GOOD, Match, Search
from services.reply.social import noted, social_plan
from services.reply.tasks import BY_REFERENCE, TASKS, Task, task_for
from services.reply.turn import CustomerTurn, Source
from services.reply.understanding import Understanding

# How close an article has to be to what was said: for someone who shouts, or gives a number of
# something else; and for someone who asks nothing at all.
CLEAR = 0.53
SURE = 0.58
_CERTAIN = 0.65
_BRIEF = 8
_UNMISTAKABLE = 0.8
# What an article explains in general before one bill is looked at.
_EXPLAINED = frozenset({"bill_explain", "payment_plan"})
# How alike two messages are that ask the same; shorter ones than this say too little.
_SAME_QUESTION = 0.72
_BRIEFEST = 4
_THIN = 0.2
# How much of a question one sentence has to cover where its article is the one that fits anyway.
_ENOUGH_OF_THE_SAME = 0.3


@dataclass(frozen=True)
class Planner:
    """Plans one reply. `actions` is None where nothing can be carried out."""

    turn: CustomerTurn
    understood: Understanding
    memory: Memory
    search: Search
    actions: Actions | None
    voice: Voice

    @cached_property
    def passages(self) -> Passages:
        """What the articles offer for the message."""
        return Passages(
            self.turn, self.understood, self.memory, self.search, self.actions, self.voice
        )

    @property
    def matches(self) -> list[Match]:
        return self.passages.matches

    @property
    def best(self) -> Match | None:
        return self.matches[0] if self.matches else None

    @cached_property
    def asked_again(self) -> bool:
        """Whether the customer asks what they asked before, in whatever words."""
        embed, u = self.search.embed, self.understood
        if embed is None or u.language != "en" or not self.memory.replies or u.bare:
            return False
        now = prepared(self.turn.text)
        if len(now.split()) < _BRIEFEST:
            return False
        before = [prepared(t.text) for t in self.memory.turns if t.author == "customer"]
        vector = embed(now)
        asked = (text for text in before if len(text.split()) >= _BRIEFEST)
        return any(float(np.dot(vector, embed(text))) >= _SAME_QUESTION for text in asked)

    def plan(self) -> Plan:
        """The best plan; one that is not grounded where nothing answers the message."""
        if "wrong_answer" in self.understood.signs and self.memory.replies:
            return self._corrected()
        steps: tuple[Callable[[], Plan | None], ...] = (
            self._resumed,
            self._social,
            self._fact,
            self._task,
            self._recalled,
            self._held,
            self._more,
            self._from_article,
            self._statement,
        )
        for step in steps:
            if (found := step()) is not None:
                return found
        return self._nothing()

    def _corrected(self) -> Plan:
        """After an answer that missed: a task that is asked for now, or another article, or none."""
        best, told = self.best, self.memory.told
        numbered = any(kind in self.understood.references for kind in BY_REFERENCE)
        if numbered and (found := self._task()) is not None:
            return found
        if best and best.score >= CLEAR and f"{best.article.id}:0" not in told:
            return self.passages.article(best.article)
        article = self.search.articles.get(self.memory.article)
        if article is not None and not self.memory.wrong and "misread" not in self.understood.signs:
            # Of no use yet; the rest of it may be.
            number = self.passages.untold(article)
            if number is not None and article.language == self.understood.language:
                return self.passages.again(article, number)
        return self._nothing()

    # The steps, in order.

    def _resumed(self) -> Plan | None:
        pending = self.memory.pending
        task = task_for(pending.action, self.understood.industry) if pending else None
        if pending is None or task is None or self.actions is None:
            return None
        others = [name for name in self.understood.tasks if name != task.name]
        agrees = "affirm" in self.understood.acts or self.understood.by_number
        if others and not agrees:
            return None
        try:
            plan = self._errand(task, self.actions).resume(pending)
        except ActionsUnavailable:
            return self.passages.unavailable(task)
        return self.passages.with_article(plan, task) if plan is not None else None

    def _social(self) -> Plan | None:
        u = self.understood
        weigh = self.search.weigher(u.language)
        said_back = "accepts" in u.acts and recall(u.text, self._sayable(), u.language, weigh)
        return social_plan(
            self.turn,
            u,
            self.memory,
            self.voice,
            lambda: self.best,
            self.search.articles,
            repeats=bool(said_back),
        )

    def _fact(self) -> Plan | None:
        """A question about the result of the last action."""
        u, facts = self.understood, dict(self.memory.facts)
        if not facts or any(kind in u.references for kind in BY_REFERENCE):
            return None
        other = [name for name in u.tasks if name != self.memory.action]
        asks = {"question"} if self.turn.state in HOT else {"question", "request"}
        if other or not asks & u.acts:
            return None
        asked = facts_asked(u.text, facts, u.language)
        if not asked or not self._fact_wins(asked[0][0]):
            return None
        return self._tell_facts(asked, strategy="tell_fact")

    def _fact_wins(self, name: str) -> bool:
        best = self.best
        if name in PRECISE or best is None or self.memory.action in best.article.intents:
            return True
        told = f"fact:{self.memory.action}:{name}" in self.memory.told
        return best.score < (SURE if told else _UNMISTAKABLE)

    def _tell_facts(self, asked: tuple[tuple[str, str], ...], *, strategy: str) -> Plan:
        action, facts = self.memory.action, dict(self.memory.facts)
        values = tuple(facts[name] for name, _ in asked)
        return Plan(
            strategy=strategy,
            action="answer",
            text=Text(tuple(sentence for _, sentence in asked), whole=True),
            intent=action,
            issue=self.memory.issue,
            sources=(Source(f"action:{action}", action.replace("_", " ")),),
            sources_text=(*values, *map(spanish_date, values)),
            told=tuple(f"fact:{action}:{name}" for name, _ in asked),
            offers_person=True,
            keeps_pending=True,
        )

    def _task(self) -> Plan | None:
        u = self.understood
        tasks = [task for name in u.tasks if (task := task_for(name, u.industry)) is not None]
        if not tasks:
            return None
        task, best = tasks[0], self.best
        fits = best is not None and task.name in best.article.intents
        if task.name == "outage_status" and u.industry == "software" and "sync" not in u.text:
            return None
        if self.actions is None:
            return self.passages.unavailable(task)
        asks_how = "howto" in u.acts and not any(kind in u.references for kind in BY_REFERENCE)
        if task.changes and asks_how and best is not None and best.score >= FAIR:
            # "How do I cancel?" wants the way; the offer to do it comes along.
            return None
        other = best is not None and not fits and best.article.industry == u.industry
        known = u.by_number or any(kind in u.references for kind in BY_REFERENCE)
        if other and best and best.score >= SURE and not known and task.name in _EXPLAINED:
            # "How do I avoid the late fee?" is not about one bill.
            return None
        explicit = bool({"request", "affirm"} & u.acts)
        try:
            plan = self._errand(task, self.actions).begin(explicit=explicit)
        except ActionsUnavailable:
            return self.passages.unavailable(task)
        if plan.strategy == "ask_to_confirm" and task.name == "payment_plan":
            plan = self.passages.by_the_article(plan, task)
        if plan.strategy == "ask_to_confirm" and fits and best and best.score >= GOOD:
            return self.passages.told_first(best.article, plan)
        if plan.strategy == "ask_for_detail" and fits and best and task.name in _EXPLAINED:
            return self.passages.told_first(best.article, plan, always=True)
        aside = u.by_number and best is not None and best.score >= CLEAR and not fits
        if aside and best and ("already_told" in u.signs or self._about_a_change(best.article)):
            # Who only tells what happened asks for no cancellation.
            aside = False
        return self.passages.with_article(plan, task, best.article if aside and best else None)

    def _about_a_change(self, article: Article) -> bool:
        """Whether an article is on a task that changes something, which was not asked for."""
        tasks = [TASKS[name] for name in article.intents if name in TASKS]
        return any(task.changes for task in tasks) and not {"question", "request"} & set(
            self.understood.acts
        )

    def _recalled(self) -> Plan | None:
        """A question back about what was just said, or about what its article says."""
        u = self.understood
        if "question" not in u.acts or not self.memory.replies or u.tasks:
            return None
        asked = ([part for part in sentences(u.text) if part.endswith("?")] or [u.text])[-1]
        best = self.best
        own = best is not None and best.article.industry != GENERAL
        other = best is not None and best.article.id != self.memory.article
        found = None
        if not (other and best and best.score >= _UNMISTAKABLE):
            # A general article on waiting times is no better than what was just said of it.
            found = of_kind(asked, self._sayable(), anyway=other and not own)
        if found is None:
            elsewhere = _CERTAIN if own else _UNMISTAKABLE
            brief = len(asked.split()) < _BRIEFEST
            if other and best and best.score >= elsewhere and not brief:
                return None
            same = best is not None and not other and best.score >= GOOD
            found = recall(
                asked,
                self._sayable(),
                u.language,
                self.search.weigher(u.language),
                enough=_ENOUGH_OF_THE_SAME if same else ENOUGH,
            )
        if found is None:
            return None
        article = self.search.articles.get(found.origin)
        if article is not None:
            source = Source(f"article:{article.id}", article.title)
        else:
            source = Source(f"action:{found.origin}", found.origin.replace("_", " "))
        return Plan(
            strategy="point_to_what_applies",
            action="answer",
            text=Text(found.sentences, whole=True),
            intent=self.memory.intents[-1] if self.memory.intents else found.origin,
            issue=self.memory.issue,
            sources=(source,),
            sources_text=found.sentences,
            article=article.id if article is not None else "",
            offers_person=True,
            keeps_pending=True,
        )

    def _sayable(self) -> Iterator[tuple[str, str]]:
        """Sentences that the last article or the last result holds, with where they are from."""
        article = self.search.articles.get(self.memory.article)
        if article is not None and article.language == self.understood.language:
            for passage in article.passages():
                yield from ((sentence, article.id) for sentence in passage)
        if self.memory.action:
            result = ActionResult("done", dict(self.memory.facts))
            told = tell(self.memory.action, result, self.understood.language)
            yield from ((sentence, self.memory.action) for sentence in told)

    def _held(self) -> Plan | None:
        """Nothing new was asked: the result that stands, for someone uneasy or still stuck."""
        u, state = self.understood, self.turn.state
        stuck = "failed" in u.acts and state != "angry"
        if not self.memory.facts or "question" in u.acts or u.tasks:
            return None
        if not (stuck or state in ("anxious", "confused")):
            return None
        asked = facts_asked("when why what next", dict(self.memory.facts), u.language)
        fresh = [f for f in asked if f"fact:{self.memory.action}:{f[0]}" not in self.memory.told]
        return self._tell_facts(tuple(fresh[:2]), strategy="hold_on_to_result") if fresh else None

    def _from_article(self) -> Plan | None:
        best, wants = self.best, self.understood.wants_something
        # What is only told, or shouted, is answered from an article when it clearly fits.
        hot, begins = self.turn.state in HOT, not self.memory.article
        needed = GOOD if (wants or begins) and not hot else _CERTAIN if hot and wants else SURE
        if self.memory.unanswered or self.asked_again:
            # What was near enough before did not answer it.
            needed = max(needed, CLEAR)
        if best is not None and best.words <= _THIN and not self.memory.replies:
            # Near in meaning, but hardly a word in common: a neighbouring matter.
            needed = max(needed, CLEAR)
        if best is None or best.score < needed or not self._about_something():
            return None
        return self.passages.article(best.article)

    def _more(self) -> Plan | None:
        """Another passage of the last article, for someone who tried it or is still uneasy."""
        article = self.search.articles.get(self.memory.article)
        u = self.understood
        if article is None or article.language != u.language:
            return None
        best = self.best
        if best and best.score >= _CERTAIN and best.article.id != article.id:
            return None
        tried, uneasy = "failed" in u.acts, self.turn.state in NEGATIVE
        if not (tried or uneasy) or ("question" in u.acts and not tried and not self._confused()):
            return None
        number = self.passages.untold(article)
        if number is not None:
            return self.passages.again(article, number)
        if self._confused() and article.steps and f"{article.id}:steps" not in self.memory.told:
            return self.passages.passage(article, 0, strategy="go_step_by_step")
        return None

    def _statement(self) -> Plan | None:
        """Nothing was asked: someone tells how they feel, or gives a detail."""
        u = self.understood
        vents = self.turn.state in HOT and "question" not in u.acts and not u.tasks
        if u.wants_something and not vents:
            return None
        if self.memory.unanswered:
            # It was asked what they need, and this is the answer.
            return None
        if self.turn.state not in NEGATIVE:
            return noted(self.memory, self.voice)
        question = self.voice.unheard(self.voice.book("EMPATHY_NEXT"), "empathy")
        return Plan(
            strategy="acknowledge_feeling",
            action="ask" if question else "answer",
            text=Text((question,) if question else (), whole=True),
            intent=self.memory.intents[-1] if self.memory.intents else "statement",
            issue=self.memory.issue,
            offers_person=True,
            keeps_pending=True,
        )

    def _nothing(self) -> Plan:
        best = self.best
        article = self.search.articles.get(self.memory.article)
        return Plan(
            strategy="nothing_found",
            action="ask",
            text=Text(),
            intent=self.memory.intents[-1] if self.memory.intents else "unknown",
            issue=self.memory.issue,
            grounded=False,
            doubtful=best is not None and best.score >= FAIR and self._about_something(),
            more_to_say=article is None or self.passages.untold(article) is not None,
        )

    def _errand(self, task: Task, actions: Actions) -> Errand:
        return Errand(task, self.turn, self.understood, self.memory, actions, self.voice)

    def _confused(self) -> bool:
        return self.turn.state == "confused"

    def _about_something(self) -> bool:
        u = self.understood
        brief = len(u.text.split()) <= _BRIEF
        says_yes_or_no = brief and bool({"accepts", "deny", "affirm"} & u.acts)
        details = u.informs and (self.best is None or self.best.score < SURE)
        return u.wants_something or not (details or says_yes_or_no)
