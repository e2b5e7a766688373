"""Placeholders on the way to the customer: values, or else plain words, never brackets."""

import time
from collections.abc import AsyncIterator
from typing import Any

import grpc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.v1 import services_pb2, services_pb2_grpc
from services.common.failures import Transient
from services.common.rpc import GrpcServer
from services.ingestion.placeholders import holds_placeholder, neutral
from services.ingestion.reveal import RedactionRevealer


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Hi [PERSON_1], your parcel is on its way.", "Hi, your parcel is on its way."),
        ("Thank you, [PERSON_1].", "Thank you."),
        ("I am sorry, [PERSON_1], that went wrong.", "I am sorry, that went wrong."),
        ("[PERSON_2] will call you.", "the person you named will call you."),
        (
            "I wrote to [EMAIL_1] and called [PHONE_12].",
            "I wrote to the e-mail address you gave and called the phone number you gave.",
        ),
        ("Your card [CREDIT_CARD_1] was charged.", "Your card the card you gave was charged."),
        ("[MEDICAL_RECORD_3] is on file.", "the detail you gave is on file."),
        ("Press [1] or [ENTER], array[0].", "Press [1] or [ENTER], array[0]."),
    ],
)
def test_says_it_in_neutral_words(text: str, said: str) -> None:
    assert neutral(text) == said


@given(
    parts=st.lists(
        st.sampled_from(["[PERSON_1]", "[EMAIL_2]", "[X_9]", ", ", ". ", "Hi ", "and "])
        | st.text(max_size=5)
    )
)
def test_nothing_that_looks_like_a_placeholder_is_left(parts: list[str]) -> None:
    assert not holds_placeholder(neutral("".join(parts)))


class Redaction(services_pb2_grpc.RedactionServiceServicer):
    """Answers, or fails with the codes it is told, first come first served."""

    def __init__(self) -> None:
        self.codes: list[grpc.StatusCode] = []
        self.asked: list[services_pb2.RevealRequest] = []

    async def Reveal(
        self, request: services_pb2.RevealRequest, context: Any
    ) -> services_pb2.RevealResponse:
        self.asked.append(request)
        if self.codes:
            await context.abort(self.codes.pop(0), "told to")
        return services_pb2.RevealResponse(text=request.text.replace("[PERSON_1]", "Ann"))

    async def Redact(
        self, request: services_pb2.RedactRequest, context: Any
    ) -> services_pb2.RedactResponse:
        if self.codes:
            await context.abort(self.codes.pop(0), "told to")
        return services_pb2.RedactResponse(text=request.text.replace("Ann", "[PERSON]"))


@pytest.fixture
async def redaction() -> AsyncIterator[tuple[Redaction, RedactionRevealer]]:
    servicer = Redaction()
    add = services_pb2_grpc.add_RedactionServiceServicer_to_server
    name = services_pb2.DESCRIPTOR.services_by_name["RedactionService"].full_name
    server = GrpcServer("redaction", "127.0.0.1", 0, [(add, servicer, name)])
    await server.start()
    revealer = RedactionRevealer(f"127.0.0.1:{server.port}", "default", first_wait=0.01)
    yield servicer, revealer
    await revealer.close()
    await server.drain()


@pytest.mark.anyio
async def test_asks_redaction_and_says_why(
    redaction: tuple[Redaction, RedactionRevealer],
) -> None:
    servicer, revealer = redaction
    assert await revealer.reveal("c-1", "Hello [PERSON_1].") == "Hello Ann."
    [asked] = servicer.asked
    assert (asked.tenant, asked.conversation_id, asked.purpose) == ("default", "c-1", "deliver")


@pytest.mark.anyio
async def test_asks_nothing_where_there_is_nothing_to_reveal(
    redaction: tuple[Redaction, RedactionRevealer],
) -> None:
    servicer, revealer = redaction
    assert await revealer.reveal("c-1", "Hello there.") == "Hello there."
    assert servicer.asked == []


@pytest.mark.anyio
async def test_waits_for_redaction_to_come_back(
    redaction: tuple[Redaction, RedactionRevealer],
) -> None:
    servicer, revealer = redaction
    servicer.codes = [grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED]
    assert await revealer.reveal("c-1", "Hello [PERSON_1].") == "Hello Ann."
    assert len(servicer.asked) == 3


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("code", "asked"), [(grpc.StatusCode.UNAVAILABLE, 4), (grpc.StatusCode.NOT_FOUND, 1)]
)
async def test_says_it_in_neutral_words_when_redaction_cannot(
    redaction: tuple[Redaction, RedactionRevealer], code: grpc.StatusCode, asked: int
) -> None:
    servicer, revealer = redaction
    servicer.codes = [code] * 9
    assert await revealer.reveal("c-1", "Hello [PERSON_1].") == "Hello."
    assert len(servicer.asked) == asked


@pytest.mark.anyio
async def test_what_redaction_does_not_know_is_put_in_neutral_words(
    redaction: tuple[Redaction, RedactionRevealer],
) -> None:
    _, revealer = redaction
    text = "[PERSON_1], we sent it to [ADDRESS_1]."
    assert await revealer.reveal("c-1", text) == "Ann, we sent it to the address you gave."


@pytest.mark.anyio
async def test_nobody_at_the_address_is_given_up_in_bounded_time() -> None:
    revealer = RedactionRevealer("127.0.0.1:9", "default", first_wait=0.01)
    began = time.monotonic()
    assert await revealer.reveal("c-1", "Hello [PERSON_1].") == "Hello."
    assert time.monotonic() - began < 9
    await revealer.close()


@pytest.mark.anyio
async def test_what_cannot_be_redacted_is_not_had(
    redaction: tuple[Redaction, RedactionRevealer],
) -> None:
    servicer, revealer = redaction
    assert await revealer.redact("c-1", "Ann was kind.") == "[PERSON] was kind."
    for code in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.INTERNAL):
        servicer.codes = [code]
        with pytest.raises(Transient):
            await revealer.redact("c-1", "Ann was kind.")
