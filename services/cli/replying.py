"""`rapport reply`: redaction, emotion, the reply engine and the back office's logic in one process.

The same pure modules as on the path of a message, without a broker, a database or a network.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from services.backoffice import actions as backoffice
from services.backoffice.demo import demo_records
from services.backoffice.memory_store import MemoryStore
from services.cli.lines import BadLine, Document, identifier, turns_of
from services.emotion.inputs import Turn
from services.emotion.scorer import Scorer
from services.emotion.trajectory import Course, FeltTurn, after_turn
from services.ingestion.placeholders import PLACEHOLDER, neutral
from services.redaction.transcript import redact_transcript
from services.reply.actions import ActionResult, Actions, ActionsUnavailable
from services.reply.dialogue import Reading, answers, as_line
from services.reply.engine import Engine
from services.reply.library import load_engine
from services.reply.turn import Answer, PastTurn, Signals

ZONE = ZoneInfo("America/New_York")


class DemoActions:
    """The back office over its demo data, in memory."""

    def __init__(self) -> None:
        self._now = datetime.now(ZONE)
        self._store = MemoryStore(demo_records(self._now))

    def run(
        self,
        industry: str,
        customer_id: str,
        action: str,
        parameters: Mapping[str, str],
        idempotency_key: str,
    ) -> ActionResult:
        """The result; ActionsUnavailable where the request is at fault, as over gRPC."""
        request = backoffice.Request(
            action=action,
            customer_id=customer_id,
            industry=industry,
            key=idempotency_key,
            parameters=parameters,
        )
        try:
            result = backoffice.run(request, self._store, self._now)
        except backoffice.Invalid as error:
            raise ActionsUnavailable from error
        outcome = str(result.outcome.value).lower()
        return ActionResult(outcome, result.facts, result.detail)  # type: ignore[arg-type]


class Replier:
    """Answers conversations, each by itself."""

    def __init__(self) -> None:
        self._scorer = Scorer.load()
        self._engine = load_engine(None)

    def engine(self, actions: Actions) -> Engine:
        """An engine over the bundled articles."""
        return replace(self._engine, actions=actions)

    def reply(self, line: Document) -> Iterable[Document]:
        """One line for each turn of {"id","industry","turns":[{"text"}]}."""
        name = identifier(line)
        industry = line.get("industry") or ""
        if not isinstance(industry, str):
            raise BadLine("industry must be a string")
        texts = [text for _, text in turns_of(line, "turns", required=True, authors=False)]
        given = self.answers(
            self.engine(DemoActions()),
            industry,
            texts,
            conversation_id=str(name),
            customer_id=str(line.get("customer_id") or ""),
        )
        return [{"id": name, **as_line(turn, answer)} for turn, answer in enumerate(given)]

    def answers(
        self,
        engine: Engine,
        industry: str,
        texts: Sequence[str],
        *,
        conversation_id: str,
        customer_id: str = "",
    ) -> Iterator[Answer]:
        """The answer to each text of one customer, as the customer reads it."""
        values: dict[str, str] = {}
        course = Course()

        def redact(said: Sequence[str]) -> list[str]:
            redacted = redact_transcript([{"author": "customer", "text": text} for text in said])
            for text, turn in zip(said, redacted, strict=True):
                placeholders = PLACEHOLDER.finditer(turn.text)
                for found, span in zip(placeholders, turn.entities, strict=False):
                    values.setdefault(found.group(), text[span.start : span.end])
            return [turn.text for turn in redacted]

        def read(text: str, turns: Sequence[PastTurn]) -> Reading:
            nonlocal course
            reading = self._scorer.score(text, [Turn(t.author, t.text) for t in turns])
            before = course.trajectory()
            number = before.customer_turns if before else 0
            # No times are given: a second from turn to turn, in which nothing fades.
            felt = FeltTurn(str(number), number, number, reading.valence, reading.arousal)
            course = after_turn(course, felt)
            trajectory = course.trajectory()
            assert trajectory is not None
            return Reading(
                state=reading.state,  # type: ignore[arg-type]
                valence=reading.valence,
                arousal=reading.arousal,
                trend=str(trajectory.trend.value),  # type: ignore[arg-type]
                negative_in_a_row=trajectory.negative_in_a_row,
                signals=Signals(**asdict(reading.signals)),
            )

        given = answers(
            engine,
            industry,
            texts,
            read,
            redact,
            conversation_id=conversation_id,
            customer_id=customer_id,
        )
        for answer in given:
            # As the door does on the way out.
            shown = PLACEHOLDER.sub(lambda m: values.get(m.group(), m.group()), answer.text)
            yield replace(answer, text=neutral(shown))
