"""The filters without a broker: what each makes of one line.

Each function imports what it alone needs, so that a filter starts fast.
"""

from collections.abc import Callable, Iterable
from dataclasses import asdict
from functools import partial

from services.cli.lines import BadLine, Document, identifier, text_of, turns_of

Handle = Callable[[Document], Iterable[Document]]


def scorer(explained: bool = False) -> Handle:
    """{"id","text","context"} to the reading of the text; ModelUnfit where no model is.

    `explained` adds which words carried the state.
    """
    from services.emotion.explain import explain
    from services.emotion.inputs import Turn
    from services.emotion.scorer import Scorer

    model = Scorer.load()

    def score(line: Document) -> Iterable[Document]:
        name, text = identifier(line), text_of(line)
        turns = turns_of(line, "context", required=False, authors=True)
        context = [Turn(author, said) for author, said in turns]
        reading = model.score(text, context)
        scored: Document = {
            "id": name,
            "state": reading.state,
            "states": dict(reading.states),
            "emotions": dict(reading.emotions),
            "valence": reading.valence,
            "arousal": reading.arousal,
            "signals": asdict(reading.signals),
            "satisfaction": reading.satisfaction,
        }
        if explained:
            spans = explain(text, reading, partial(model.score, context=context))
            scored["explanation"] = [asdict(span) for span in spans]
        return (scored,)

    return score


def redactor() -> Handle:
    """{"id","turns"} to the same turns, redacted, with spans of the original text."""
    from services.redaction.transcript import redact_transcript

    def redact(line: Document) -> Iterable[Document]:
        name = identifier(line)
        turns_of(line, "turns", required=True, authors=False)
        turns: list[Document] = line["turns"]
        redacted = redact_transcript(turns)
        if len(redacted) != len(turns):
            raise BadLine("redaction lost a turn")
        shown = [
            {**turn, "text": done.text, "entities": [asdict(span) for span in done.entities]}
            for turn, done in zip(turns, redacted, strict=True)
        ]
        return ({"id": name, "turns": shown},)

    return redact


def replier() -> Handle:
    """{"id","industry","turns"} to one line for each turn, with the reply to it."""
    from services.cli.replying import Replier

    return Replier().reply
