"""Finds the best thing to say to a message: act, answer from an article, or a social reply."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from services.reply.actions import Actions, ActionsUnavailable
from services.reply.composer import Text, Voice
from services.reply.errands import Errand
from services.reply.facts import fact_asked
from services.reply.knowledge import Article
from services.reply.memory import Memory
from services.reply.plain import sentences
from services.reply.plan import Plan
from services.reply.policy import NEGATIVE
from services.reply.search import FAIR, GOOD, Match, Search
from services.reply.signs import SIGNS
from services.reply.social import social_plan
from services.reply.tasks import BY_REFERENCE, Task, task_for
from services.reply.turn import CustomerTurn, Source
from services.reply.understanding import Understanding

# An article this close says what the customer means better than a number in the text does.
_SURE = 0.58
_FAILED_AGAIN = frozenset({"failed"})


@dataclass(frozen=True)
class Planner:
    """Plans one reply. `actions` is None where nothing can be carried out."""

    turn: CustomerTurn
    understood: Understanding
    memory: Memory
    search: Search
    actions: Actions | None
    voice: Voice

    def plan(self) -> Plan:
        """The best plan; one that is not grounded where nothing answers the message."""
        steps: tuple[Callable[[], Plan | None], ...] = (
            self._resumed,
            self._social,
            self._fact,
            self._task,
            self._from_article,
            self._more,
        )
        for step in steps:
            if (found := step()) is not None:
                return found
        return self._nothing()

    # Steps, in order.

    def _resumed(self) -> Plan | None:
        pending = self.memory.pending
        task = task_for(pending.action, self.understood.industry) if pending else None
        if pending is None or task is None or self.actions is None:
            return None
        others = [name for name in self.understood.tasks if name != task.name]
        if others and "affirm" not in self.understood.acts and not self.understood.bare:
            return None
        try:
            return self._errand(task, self.actions).resume(pending)
        except ActionsUnavailable:
            return self._unavailable(task)

    def _social(self) -> Plan | None:
        return social_plan(self.turn, self.understood, self.memory, self.voice, self._best())

    def _fact(self) -> Plan | None:
        u, facts = self.understood, dict(self.memory.facts)
        if not facts or any(kind in u.references for kind in BY_REFERENCE):
            return None
        other = [name for name in u.tasks if name != self.memory.action]
        if other or not {"question", "request"} & u.acts:
            return None
        found = fact_asked(u.text, facts, u.language)
        if found is None:
            return None
        name, sentence = found
        best = self._best()
        if best is not None and best.score >= _SURE and f"fact:{name}" in self.memory.told:
            return None
        source = Source(f"action:{self.memory.action}", self.memory.action.replace("_", " "))
        return Plan(
            strategy="tell_fact",
            action="answer",
            text=Text((sentence,), whole=True),
            intent=self.memory.action,
            issue=self.memory.issue,
            sources=(source,),
            sources_text=(facts[name],),
            told=(f"fact:{name}",),
            keeps_pending=True,
        )

    def _task(self) -> Plan | None:
        u = self.understood
        tasks = [task for name in u.tasks if (task := task_for(name, u.industry)) is not None]
        if not tasks:
            return None
        task, best = tasks[0], self._best()
        if best is not None and self._article_wins(task, best):
            return None
        if self.actions is None:
            return self._unavailable(task)
        if task.changes and "howto" in u.acts and not u.references and best is not None:
            # "How do I cancel?" wants the way; the offer to do it comes along.
            return None
        explicit = "request" in u.acts or "affirm" in u.acts
        try:
            return self._errand(task, self.actions).begin(explicit=explicit)
        except ActionsUnavailable:
            return self._unavailable(task)

    def _from_article(self) -> Plan | None:
        best = self._best()
        if best is None or best.score < GOOD:
            return None
        if not self._about_something():
            return None
        return self._article(best.article)

    def _more(self) -> Plan | None:
        """Another passage of the last article, for someone who tried it or asks on."""
        article = self.search.articles.get(self.memory.article)
        u = self.understood
        asks_on = "failed" in u.acts or "confused" == self.turn.state or self._upset()
        if article is None or not asks_on or article.language != u.language:
            return None
        if "question" in u.acts and "failed" not in u.acts and self.turn.state != "confused":
            return None
        found = self._untold(article)
        if found is None:
            return None
        again = self.voice.pick(self.voice.book("AGAIN"), "again")
        return self._passage(article, found, lead=again, strategy="add_from_article")

    # What the steps are made of.

    def _nothing(self) -> Plan:
        best = self._best()
        doubtful = best is not None and FAIR <= best.score < GOOD and self._about_something()
        article = self.search.articles.get(self.memory.article)
        nothing_left = article is not None and self._untold(article) is None
        return Plan(
            strategy="nothing_found",
            action="ask",
            text=Text(),
            intent=self.memory.intents[-1] if self.memory.intents else "",
            issue=self.memory.issue,
            grounded=False,
            doubtful=doubtful,
            more_to_say=not nothing_left,
        )

    def _article(self, article: Article) -> Plan:
        if f"{article.id}:0" not in self.memory.told:
            return self._passage(article, 0, strategy="answer_from_article")
        found = self._untold(article)
        if found is not None:
            again = self.voice.pick(self.voice.book("AGAIN"), "again")
            return self._passage(article, found, lead=again, strategy="add_from_article")
        plan = self._passage(article, 0, strategy="answer_from_article")
        repeats = self.memory.article == article.id and (self._upset() or "failed" in self.understood.acts)
        # Said before: once more for a calm question, but not in answer to "it doesn't work".
        return replace(plan, grounded=False, more_to_say=False) if repeats else plan

    def _passage(self, article: Article, number: int, *, strategy: str, lead: str = "") -> Plan:
        body = article.passages()[number]
        closing: tuple[str, ...] = ()
        told = (f"{article.id}:{number}",)
        offer, offered = self._offer(article)
        if offer:
            closing, told = (offer,), (*told, offered)
        steps = article.steps if number == 0 or self.turn.state == "confused" else ()
        return Plan(
            strategy=strategy,
            action="answer",
            text=Text(((lead,) if lead else ()) + body, steps, closing),
            intent=article.intents[0] if article.intents else article.id,
            issue=article.issue,
            opens=not lead,
            offers_person=True,
            sources=(Source(f"article:{article.id}", article.title),),
            sources_text=(" ".join(body), " ".join(steps)),
            told=told,
            article=article.id,
            more_to_say=self._untold(article, but=number) is not None,
            pending=self._offered_pending(article) if offer else None,
        )

    def _offer(self, article: Article) -> tuple[str, str]:
        """The offer to carry out what the article explains, and its key; made once."""
        task = self._offered(article)
        if task is None or self.actions is None:
            return "", ""
        key = f"offer:{task.name}"
        if key in self.memory.told or not {"question", "request", "howto"} & self.understood.acts:
            return "", ""
        return self.voice.pick(self.voice.table("OFFER_TASK", task.name), "offer"), key

    def _offered(self, article: Article) -> Task | None:
        industry = self.understood.industry
        found = (task_for(name, industry) for name in article.intents)
        return next((task for task in found if task is not None), None) if industry else None

    def _offered_pending(self, article: Article):  # type: ignore[no-untyped-def]
        raise NotImplementedError

    def _unavailable(self, task: Task) -> Plan:
        """The truth, and what the articles say about it."""
        raise NotImplementedError

    def _untold(self, article: Article, *, but: int = -1) -> int | None:
        for number in range(len(article.passages())):
            if number != but and f"{article.id}:{number}" not in self.memory.told:
                return number
        return None

    def _article_wins(self, task: Task, best: Match) -> bool:
        named = task.name in best.article.intents
        by_number = not any(task.name == name for name in self.understood.tasks[:0])
        return by_number and not named and best.score >= _SURE

    def _errand(self, task: Task, actions: Actions) -> Errand:
        return Errand(task, self.turn, self.understood, self.memory, actions, self.voice)

    def _upset(self) -> bool:
        return self.turn.state in NEGATIVE

    def _about_something(self) -> bool:
        u = self.understood
        return not u.informs and not ({"accepts", "deny"} & u.acts and not u.wants_something)
