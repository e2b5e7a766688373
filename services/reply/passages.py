"""Plans made of articles: an answer, more of it, or what goes with a result. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from services.reply.actions import Actions
from services.reply.composer import Text, Voice
from services.reply.facts import facts_asked
from services.reply.knowledge import GENERAL, Article
from services.reply.memory import Memory, Pending
from services.reply.plan import Plan
from services.reply.policy import NEGATIVE
from services.reply.search import Match, Search
from services.reply.tasks import Task, task_for
from services.reply.turn import CustomerTurn, Source
from services.reply.understanding import Understanding

# What a result leads on to: the intent of the article that says how to go on.
_LEADS_TO = {
    ("claim_status", "denied"): "denied_claim",
    ("order_status", "delayed"): "late_order",
    ("order_status", "lost in transit"): "late_order",
}
_TOLD_AT_ONCE = frozenset({"denied_claim"})
_LOOKED_UP = frozenset(
    {
        "order_status",
        "refund_status",
        "bill_explain",
        "outage_status",
        "appointment",
        "claim_status",
        "booking_status",
    }
)
# Offers that wait for a yes; the others wait for the number that they ask for.
_YES_OFFERS = frozenset({"card_block", "card_activate", "password_reset"})


@dataclass(frozen=True)
class Passages:
    """What the articles offer for one message, and plans made of it."""

    turn: CustomerTurn
    understood: Understanding
    memory: Memory
    search: Search
    actions: Actions | None
    voice: Voice

    @cached_property
    def matches(self) -> list[Match]:
        """What the articles offer for the message, best first."""
        u = self.understood
        return self.search.find(self.turn.text, industry=u.industry, language=u.language)

    def article(self, article: Article) -> Plan:
        """The answer of an article; what it adds when the answer was given just now."""
        if f"{article.id}:0" not in self.memory.told:
            return self.passage(article, 0, strategy="answer_from_article")
        number = self.untold(article)
        if number is not None and self.memory.article == article.id:
            return self.again(article, number)
        plan = self.passage(article, 0, strategy="answer_again")
        stuck = self.memory.article == article.id and (
            self.turn.state in NEGATIVE or "failed" in self.understood.acts
        )
        # Once more for a calm question, but not in answer to "it doesn't work".
        return replace(plan, grounded=False, more_to_say=False) if stuck else plan

    def again(self, article: Article, number: int) -> Plan:
        """One more passage of an article."""
        lead = self.voice.pick(self.voice.book("AGAIN"), "again")
        return self.passage(article, number, strategy="add_from_article", lead=lead)

    def passage(self, article: Article, number: int, *, strategy: str, lead: str = "") -> Plan:
        """One passage, with the steps that go with the answer and the offer to do it."""
        body = article.passages()[number]
        told: tuple[str, ...] = (f"{article.id}:{number}",)
        steps = article.steps if number == 0 else ()
        if steps and (self.turn.state == "confused"):
            told = (*told, f"{article.id}:steps")
        offer = self.offer(article)
        if offer is not None:
            told = (*told, f"offer:{offer.name}")
        said = self.voice.pick(self.voice.table("OFFER_TASK", offer.name), "offer") if offer else ""
        return Plan(
            strategy=strategy,
            action="answer",
            text=Text(((lead,) if lead else ()) + body, steps, (said,) if said else ()),
            intent=article.intents[0] if article.intents else article.id,
            issue=article.issue,
            opens=True,
            offers_person=offer is None,
            sources=(Source(f"article:{article.id}", article.title),),
            sources_text=(" ".join(body), " ".join(steps)),
            told=told,
            article=article.id,
            more_to_say=self.untold(article, but=number) is not None,
            pending=_pending_of(offer, self.understood.references) if offer else None,
        )

    def offer(self, article: Article) -> Task | None:
        """The task that the article explains, where it can be carried out; offered once."""
        u = self.understood
        if self.actions is None or not u.industry or not u.wants_something:
            return None
        found = (task_for(name, u.industry) for name in article.intents)
        task = next((task for task in found if task is not None), None)
        pending = self.memory.pending
        known = {self.memory.action, pending.action if pending else ""}
        if task is None or f"offer:{task.name}" in self.memory.told or task.name in known:
            return None
        return task

    def unavailable(self, task: Task) -> Plan:
        """The truth that it cannot be looked up or done now, and what the articles say about it."""
        name = "NO_SYSTEM" if self.actions is None else "UNAVAILABLE"
        issue = task.issue[self.voice.language]
        truth = self.voice.pick(self.voice.book(name), "unavailable", issue=issue)
        article = self.article_on(task)
        if article is None:
            return Plan(
                strategy="say_unavailable", action="answer", text=Text((truth,), whole=True),
                intent=task.name, issue=issue, grounded=False, more_to_say=False,
            )  # fmt: skip
        plan = self.article(article)
        text = Text((truth, *plan.text.body), plan.text.steps)
        return replace(plan, strategy="say_unavailable", text=text, intent=task.name, pending=None)

    def with_article(self, plan: Plan, task: Task, aside: Article | None = None) -> Plan:
        """With the article that says how to go on from a result.

        It is kept for what comes next; told at once where the customer gave a number only to say
        what they are writing about (`aside` is what they wrote about), or where it was denied.
        """
        if not plan.ran:
            return plan
        status = dict(plan.facts or ()).get("status", "")
        leads = _LEADS_TO.get((task.name, status), "")
        asked = facts_asked(self.understood.text, dict(plan.facts or ()), self.understood.language)
        if aside is not None and ("new_claim" in aside.intents or asked):
            aside = None
        article = self.article_on(task, leads) if leads in _TOLD_AT_ONCE else aside
        if article is None or article.language != self.understood.language:
            follows = self.article_on(task, leads)
            if follows is None:
                return plan
            # Where to look something up is no news once it has been looked up.
            told = (f"{follows.id}:0",) if task.name in _LOOKED_UP else ()
            return replace(plan, article=follows.id, told=told)
        passage = self.passage(article, 0, strategy="tell_result_and_answer")
        found = [s for s in plan.text.body if s.startswith("The reason")]
        return replace(
            plan,
            strategy=passage.strategy,
            text=Text((plan.text.body[0], *found[:1], *article.answer), passage.text.steps),
            issue=article.issue,
            sources=(*plan.sources, *passage.sources),
            sources_text=(*plan.sources_text, *passage.sources_text),
            told=passage.told,
            article=article.id,
        )

    def told_first(self, article: Article, plan: Plan, *, always: bool = False) -> Plan:
        """What the article says, then the question; where one was asked, or `always`."""
        asks = always or "question" in self.understood.acts
        if f"{article.id}:0" in self.memory.told or not asks:
            return plan
        body = (*article.answer[:2], *plan.text.body)
        return replace(
            plan,
            text=replace(plan.text, body=body),
            sources=(Source(f"article:{article.id}", article.title),),
            sources_text=(*plan.sources_text, " ".join(article.answer)),
            told=(f"{article.id}:0",),
            article=article.id,
        )

    def by_the_article(self, plan: Plan, task: Task) -> Plan:
        """With the article on the task as the source of what is proposed."""
        article = self.article_on(task)
        if article is None:
            return plan
        source = Source(f"article:{article.id}", article.title)
        said = " ".join(sentence for passage in article.passages() for sentence in passage)
        return replace(
            plan, sources=(*plan.sources, source), sources_text=(*plan.sources_text, said)
        )

    def article_on(self, task: Task, intent: str = "") -> Article | None:
        """The article on a task or an intent: the best match of the message, or any."""
        u, wanted = self.understood, intent or task.name
        fitting = [m.article for m in self.matches if wanted in m.article.intents]
        if fitting:
            return fitting[0]
        named = [
            article
            for article in self.search.articles.values()
            if wanted in article.intents
            and article.language == u.language
            and article.industry in (u.industry, GENERAL)
        ]
        return min(named, key=lambda a: (a.industry == GENERAL, a.id), default=None)

    def untold(self, article: Article, *, but: int = -1) -> int | None:
        """Number of the first passage that was not told yet, `but` this one."""
        for number in range(len(article.passages())):
            if number != but and f"{article.id}:{number}" not in self.memory.told:
                return number
        return None


def _pending_of(task: Task, said: Mapping[str, str]) -> Pending:
    missing = "" if task.name in _YES_OFFERS else task.parameters[0]
    known = tuple((name, said[name]) for name in task.parameters if said.get(name))
    return Pending(task.name, known, missing)
