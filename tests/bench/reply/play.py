"""Plays one scripted customer against the real engine and notes what came of each turn."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from services.cli.replying import DemoActions, Replier
from services.reply.actions import ActionResult
from services.reply.engine import Engine
from services.reply.memory import Memory
from services.reply.turn import Answer, CustomerTurn
from tests.bench.reply import rubric
from tests.bench.reply.scripts import Script, Turn


@dataclass
class NotedActions(DemoActions):
    """The back office over its demo data; `ran` are what was carried out, with its facts."""

    ran: list[tuple[str, dict[str, str], ActionResult]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def run(
        self,
        industry: str,
        customer_id: str,
        action: str,
        parameters: Mapping[str, str],
        idempotency_key: str,
    ) -> ActionResult:
        result = super().run(industry, customer_id, action, parameters, idempotency_key)
        self.ran.append((action, dict(parameters), result))
        return result


class TimedEngine(Engine):
    """An engine that notes how long each answer takes, in milliseconds."""

    def respond(self, turn: CustomerTurn, memory: Memory) -> tuple[Answer, Memory]:
        started = time.perf_counter_ns()
        given = super().respond(turn, memory)
        TIMES.append((time.perf_counter_ns() - started) / 1e6)
        return given


TIMES: list[float] = []


@dataclass
class Played:
    """What came of one run of a script. `problems` are what it fell short of, by turn."""

    script: Script
    answers: list[Answer] = field(default_factory=list)
    problems: list[tuple[int, str]] = field(default_factory=list)
    handed: int | None = None
    reason: str = ""
    ungrounded: int = 0
    tones: int = 0
    tones_fit: int = 0

    @property
    def found(self) -> bool:
        """Whether a person was called by the turn in which one was due, and not too early."""
        due = self.script.due
        return due is not None and self.handed is not None and self._allowed(self.handed)

    @property
    def undue(self) -> bool:
        """Whether a person was called where none was needed."""
        return self.handed is not None and not self._allowed(self.handed)

    @property
    def reason_fits(self) -> bool:
        """Whether the reason is one of those expected in the turn."""
        if self.handed is None:
            return False
        turn = self.script.turns[self.handed]
        due = self.script.due
        later = self.script.turns[due].handover if due is not None else ()
        return self.reason in (*turn.handover, *turn.may, *later)

    @property
    def success(self) -> bool:
        return not self.problems

    @property
    def repeated_openings(self) -> int:
        openings = [rubric.opening(answer.text) for answer in self.answers]
        return len(openings) - len(set(openings))

    def _allowed(self, number: int) -> bool:
        turn, due = self.script.turns[number], self.script.due
        return bool(turn.handover or turn.may) and (due is None or number <= due)


def play(script: Script, replier: Replier, run: int) -> Played:
    """One run; another number gives another conversation id, and so other words."""
    actions = NotedActions()
    engine = replier.engine(actions)
    timed = TimedEngine(engine.search, engine.actions, engine.hear)
    played = Played(script)
    texts = [turn.text for turn in script.turns]
    given = replier.answers(
        timed,
        script.industry,
        texts,
        conversation_id=f"{script.id}/{run}",
        customer_id=script.customer_id,
    )
    before = 0
    for number, answer in enumerate(given):
        turn = script.turns[number]
        played.answers.append(answer)
        if answer.handover is not None and played.handed is None:
            played.handed, played.reason = number, answer.handover.reason
        ran = actions.ran[before:]
        before = len(actions.ran)
        for problem in _problems(number, turn, answer, ran, played):
            played.problems.append((number, problem))
        sources = [*texts[: number + 1], *_sources(engine, answer, actions)]
        for figure in rubric.ungrounded(answer.text, sources):
            played.ungrounded += 1
            played.problems.append((number, f"ungrounded: {figure}"))
    _judge_handover(played)
    if played.repeated_openings:
        played.problems.append((0, "an opening said twice"))
    return played


def _problems(
    number: int,
    turn: Turn,
    answer: Answer,
    ran: list[tuple[str, dict[str, str], ActionResult]],
    played: Played,
) -> list[str]:
    reason = answer.handover.reason if answer.handover else ""
    found = rubric.faults(
        answer.text, turn.text, state=answer.state, first=number == 0, reason=reason
    )
    found += [f"says {p!r}" for p in turn.never if re.search(p, answer.text, re.IGNORECASE)]
    early = played.handed is not None and (played.script.due is None or number < played.script.due)
    if early and played._allowed(played.handed or 0):
        # A person was called a turn before one was due: what the bot should say is theirs now.
        return found
    found += [f"lacks {p!r}" for p in turn.says if not re.search(p, answer.text, re.IGNORECASE)]
    if turn.does and not _done(turn.does, ran):
        found.append(f"did not do {' '.join(turn.does)}")
    if turn.tone:
        played.tones += 1
        played.tones_fit += answer.tone in turn.tone
    return found


def _done(wanted: tuple[str, ...], ran: list[tuple[str, dict[str, str], ActionResult]]) -> bool:
    action, *values = wanted
    return any(
        name == action
        and result.outcome in ("done", "refused")
        and all(any(value in given for given in parameters.values()) for value in values)
        for name, parameters, result in ran
    )


def _sources(engine: Engine, answer: Answer, actions: NotedActions) -> list[str]:
    """All that a reply may take its figures from, beside what the customer wrote."""
    texts = []
    for source in answer.sources:
        article = engine.search.articles.get(source.id.removeprefix("article:"))
        if article is not None:
            passages = (sentence for passage in article.passages() for sentence in passage)
            texts.append(" ".join((*passages, *article.steps)))
    for _, parameters, result in actions.ran:
        texts += [*parameters.values(), *result.facts.values()]
    return texts


def _judge_handover(played: Played) -> None:
    due = played.script.due
    if due is not None and not played.found:
        played.problems.append(
            (due, f"no hand-over ({'/'.join(played.script.turns[due].handover)})")
        )
    if played.undue:
        played.problems.append((played.handed or 0, f"undue hand-over ({played.reason})"))
    if played.handed is not None and not played.undue and not played.reason_fits:
        played.problems.append((played.handed, f"hand-over for another reason ({played.reason})"))
