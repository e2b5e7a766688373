"""The door for systems that speak gRPC, over a real server."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import grpc
import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from google.rpc import error_details_pb2
from grpc_status import rpc_status
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rapport.v1 import common_pb2, message_pb2, services_pb2, services_pb2_grpc
from services.common.rpc import GrpcServer, channel
from services.common.topics import MESSAGE_RECEIVED
from services.ingestion.servicer import SERVICE, ChatServicer
from tests.unit.ingestion.conftest import House, until
from tests.unit.ingestion.offers import ENDED, FEEDBACK, MESSAGE, NOW, PERSON

pytestmark = pytest.mark.anyio
SECONDS = 5


def stamp(minutes: float = 0) -> Timestamp:
    return Timestamp(seconds=int(NOW.timestamp() + minutes * 60))


def request(
    conversation: str, sender_id: str = "g-1", **changes: Any
) -> services_pb2.PublishRequest:
    """A customer's message, with changes to its data."""
    fields: dict[str, Any] = {
        "conversation_id": conversation,
        "customer_id": "customer-7",
        "channel": common_pb2.CHANNEL_CHAT,
        "author": common_pb2.AUTHOR_CUSTOMER,
        "text": "My parcel never came.",
        "sent_at": stamp(),
    }
    fields = {name: value for name, value in (fields | changes).items() if value is not None}
    return services_pb2.PublishRequest(
        id=sender_id, source=conversation, type=MESSAGE, message=services_pb2.MessageSent(**fields)
    )


@pytest.fixture
async def opened(house: House) -> AsyncIterator[grpc.aio.Channel]:
    chat = (services_pb2_grpc.add_ChatServiceServicer_to_server, ChatServicer(house.door), SERVICE)
    server = GrpcServer("ingestion", "127.0.0.1", 0, [chat])
    await server.start()
    async with channel(f"127.0.0.1:{server.port}") as opened:
        yield opened
    await server.drain()


@pytest.fixture
def stub(opened: grpc.aio.Channel) -> Any:
    return services_pb2_grpc.ChatServiceStub(opened)


async def refused(call: Any) -> tuple[grpc.StatusCode, dict[str, Any]]:
    """Status and details, by their type, of a call that must fail."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    status = rpc_status.from_call(caught.value)
    details: dict[str, Any] = {}
    for packed in status.details if status else ():
        for kind in (
            error_details_pb2.BadRequest,
            error_details_pb2.ErrorInfo,
            error_details_pb2.RetryInfo,
        ):
            if packed.Is(kind.DESCRIPTOR):
                details[kind.DESCRIPTOR.name] = detail = kind()
                packed.Unpack(detail)
    return caught.value.code(), details


async def test_publishes_and_repeats(stub: Any, house: House, conversation: str) -> None:
    first = await stub.Publish(request(conversation), timeout=SECONDS)
    again = await stub.Publish(request(conversation), timeout=SECONDS)
    assert (first.sequence, first.repeated, again.repeated) == (1, False, True)
    [published] = house.published(MESSAGE_RECEIVED, conversation)
    assert published.id == first.event_id == again.event_id


async def test_every_type_may_be_published(stub: Any, house: House, conversation: str) -> None:
    await stub.Publish(
        request(
            conversation,
            author=common_pb2.AUTHOR_AGENT,
            agent_id="agent-3",
            in_reply_to="m-0",
            language="en",
            attributes={"industry": "retail"},
            channel=common_pb2.CHANNEL_VOICE_TRANSCRIPT,
        ),
        timeout=SECONDS,
    )
    person = services_pb2.PersonRequested(conversation_id=conversation, customer_id="customer-7")
    ended = services_pb2.ConversationEnded(
        conversation_id=conversation, by=common_pb2.AUTHOR_CUSTOMER
    )
    feedback = services_pb2.FeedbackSent(
        conversation_id=conversation,
        kind=message_pb2.FEEDBACK_KIND_EMOTION_CORRECTION,
        label=common_pb2.CARE_STATE_ANGRY,
        message_id="m-0",
        comment="not kept",
    )
    for number, (kind, data) in enumerate(
        {PERSON: {"person_requested": person}, ENDED: {"conversation_ended": ended}}.items()
    ):
        accepted = await stub.Publish(
            services_pb2.PublishRequest(
                id=f"x-{number}", source=conversation, type=kind, time=stamp(), **data
            ),
            timeout=SECONDS,
        )
        assert accepted.sequence == number + 2
    given_feedback = services_pb2.PublishRequest(
        id="f", source=conversation, type=FEEDBACK, feedback=feedback
    )
    assert (await stub.Publish(given_feedback, timeout=SECONDS)).sequence == 0
    agent = house.published(MESSAGE_RECEIVED, conversation)[0].message.ref
    assert (agent.agent_id, agent.in_reply_to, agent.channel) == ("agent-3", "m-0", 4)


BAD: dict[str, tuple[services_pb2.PublishRequest, str]] = {
    "nothing": (services_pb2.PublishRequest(), "type"),
    "no id": (request("c", ""), "id"),
    "no data": (services_pb2.PublishRequest(id="a", source="s", type=MESSAGE), "data"),
    "a type that is another": (
        services_pb2.PublishRequest(
            id="a", source="s", type=PERSON, message=services_pb2.MessageSent()
        ),
        "type",
    ),
    "no conversation": (request(""), "source"),
    "no customer": (request("c", customer_id=""), "message.customer_id"),
    "no channel": (request("c", channel=None), "message.channel"),
    "a channel of tomorrow": (request("c", channel=99), "message.channel"),
    "no author": (request("c", author=None), "message.author"),
    "the bot": (request("c", author=common_pb2.AUTHOR_BOT), "message.author"),
    "an agent without a name": (
        request("c", author=common_pb2.AUTHOR_AGENT),
        "message.agent_id",
    ),
    "an empty text": (request("c", text=""), "message.text"),
    "a blank text": (request("c", text="\u2003 \n"), "message.text"),
    "a NUL": (request("c", text="a\x00"), "message.text"),
    "a text of 8001 characters": (request("c", text="x" * 8001), "message.text"),
    "a text of a megabyte, nearly": (request("c", text="x" * 1_000_000), ""),
    "no sent_at": (request("c", sent_at=None), "message.sent_at"),
    "the future": (request("c", sent_at=stamp(6)), "message.sent_at"),
    "a time that no calendar has": (
        request("c", sent_at=Timestamp(seconds=2**60)),
        "message.sent_at",
    ),
    "a language that is none": (request("c", language="e_n"), "message.language"),
    "an attribute too long": (
        request("c", attributes={"a": "x" * 257}),
        "message.attributes.a",
    ),
}


@pytest.mark.parametrize("name", BAD)
async def test_names_the_field_of_a_bad_request(stub: Any, name: str) -> None:
    bad, field = BAD[name]
    code, details = await refused(stub.Publish(bad, timeout=SECONDS))
    assert code is grpc.StatusCode.INVALID_ARGUMENT
    assert field in [v.field for v in details["BadRequest"].field_violations]
    assert details["ErrorInfo"].domain == "rapport"


async def test_more_than_a_megabyte_is_refused_and_the_channel_goes_on(
    stub: Any, conversation: str
) -> None:
    code, _ = await refused(
        stub.Publish(request(conversation, text="x" * 1_100_000), timeout=SECONDS)
    )
    assert code is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert (await stub.Publish(request(conversation), timeout=SECONDS)).sequence == 1


async def test_conflicts_have_their_own_status(stub: Any, conversation: str) -> None:
    await stub.Publish(request(conversation), timeout=SECONDS)
    code, details = await refused(
        stub.Publish(request(conversation, text="Other."), timeout=SECONDS)
    )
    assert (code, details["ErrorInfo"].reason) == (grpc.StatusCode.ALREADY_EXISTS, "ID_CONFLICT")
    other = request(conversation, "g-2", customer_id="customer-8")
    code, details = await refused(stub.Publish(other, timeout=SECONDS))
    assert code is grpc.StatusCode.FAILED_PRECONDITION
    assert details["ErrorInfo"].reason == "OTHER_CUSTOMER"
    assert details["BadRequest"].field_violations[0].field == "message.customer_id"


async def test_an_outage_says_when_to_come_back(stub: Any, house: House, conversation: str) -> None:
    house.producer.away = True
    code, details = await refused(stub.Publish(request(conversation), timeout=SECONDS))
    assert code is grpc.StatusCode.UNAVAILABLE
    assert details["RetryInfo"].retry_delay.seconds == 2


async def test_bytes_that_are_no_protobuf_are_refused_and_the_door_goes_on(
    opened: grpc.aio.Channel, stub: Any, conversation: str
) -> None:
    for raw in (b"\xff\xff\xff", b'{"id": "m-1"}', b"\x0a\x02\xff\xfe"):
        for call in (
            opened.unary_unary(f"/{SERVICE}/Publish")(raw, timeout=SECONDS),
            opened.unary_stream(f"/{SERVICE}/Watch")(raw, timeout=SECONDS).read(),
        ):
            code, details = await refused(call)
            assert code is grpc.StatusCode.INVALID_ARGUMENT
            assert details["ErrorInfo"].reason == "UNDECODABLE"
    converse = opened.stream_stream(f"/{SERVICE}/Converse")(timeout=SECONDS)
    await converse.write(b"\xff\xff\xff")
    answered = services_pb2.ConverseResponse.FromString(await converse.read())
    assert answered.rejected.code == 3
    converse.cancel()
    assert (await stub.Publish(request(conversation), timeout=SECONDS)).sequence == 1


async def test_an_agent_has_a_value_revealed_under_their_name(
    stub: Any, house: House, conversation: str
) -> None:
    house.vault.values["[PHONE_1]"] = "415 555 0132"
    asked = services_pb2.RevealToAgentRequest(
        conversation_id=conversation, placeholder="[PHONE_1]", agent_id="ada"
    )
    revealed = await stub.RevealToAgent(asked, timeout=SECONDS)
    assert revealed.value == "415 555 0132"
    nothing = services_pb2.RevealToAgentRequest(
        conversation_id=conversation, placeholder="[CVV_1]", agent_id="ada"
    )
    assert not (await stub.RevealToAgent(nothing, timeout=SECONDS)).HasField("value")
    every = services_pb2.ListAgentRevealsRequest()
    listed = await stub.ListAgentReveals(every, timeout=SECONDS)
    assert [(each.conversation_id, each.agent_id) for each in listed.reveals] == [
        (conversation, "ada"),
        (conversation, "ada"),
    ]
    asked.agent_id = ""
    status, _ = await refused(stub.RevealToAgent(asked, timeout=SECONDS))
    assert status is grpc.StatusCode.INVALID_ARGUMENT
    every.limit = 501
    status, _ = await refused(stub.ListAgentReveals(every, timeout=SECONDS))
    assert status is grpc.StatusCode.INVALID_ARGUMENT
    house.vault.away = True
    asked.agent_id = "ada"
    status, _ = await refused(stub.RevealToAgent(asked, timeout=SECONDS))
    assert status is grpc.StatusCode.UNAVAILABLE


async def test_converse_publishes_and_hears_on_one_stream(
    stub: Any, house: House, conversation: str
) -> None:
    house.vault.values["[PERSON_1]"] = "Ann"
    await asyncio.to_thread(house.replies, conversation, "Said before the stream began.")
    call = stub.Converse(timeout=30)
    await call.write(services_pb2.ConverseRequest(publish=request(conversation, text="")))
    rejected = (await call.read()).rejected
    assert (rejected.id, rejected.code, rejected.field) == ("g-1", 3, "message.text")
    await call.write(services_pb2.ConverseRequest(publish=request(conversation)))
    assert (await call.read()).accepted.sequence == 1
    await call.write(services_pb2.ConverseRequest(publish=request("another", "g-9")))
    assert (await call.read()).rejected.field == "conversation_id"
    await asyncio.to_thread(house.customer_said, conversation, "not heard again")
    await asyncio.to_thread(house.replies, conversation, "Hello [PERSON_1].")
    delivered = (await call.read()).delivery
    assert (delivered.position, delivered.reply.text) == (3, "Hello Ann.")
    assert delivered.reply.strategy == "acknowledge_then_answer"
    await call.done_writing()  # having said all, still listening
    await asyncio.to_thread(house.agent_says, conversation, "This is Sam.")
    assert (await call.read()).delivery.message.text == "This is Sam."
    call.cancel()
    await until(lambda: not house.door.streams._waiting)


async def test_converse_resumes_after_a_position(
    stub: Any, house: House, conversation: str
) -> None:
    for text in ("one", "two"):
        await asyncio.to_thread(house.replies, conversation, text)
    call = stub.Converse(timeout=30)
    await call.write(services_pb2.ConverseRequest(publish=request(conversation), after=1))
    assert (await call.read()).accepted.sequence == 1
    assert (await call.read()).delivery.reply.text == "two"
    call.cancel()


async def test_watch_gives_the_record_or_the_customers_view(
    stub: Any, house: House, conversation: str
) -> None:
    house.vault.values["[PERSON_1]"] = "Ann"
    await asyncio.to_thread(house.customer_said, conversation, "I am [PERSON_1]")
    await asyncio.to_thread(house.replies, conversation, "Hello [PERSON_1].")
    record = stub.Watch(services_pb2.WatchRequest(conversation_id=conversation), timeout=30)
    heard = [(await record.read()).delivery for _ in range(2)]
    assert [h.WhichOneof("event") for h in heard] == ["message", "reply"]
    assert heard[1].reply.text == "Hello [PERSON_1]."
    view = stub.Watch(
        services_pb2.WatchRequest(conversation_id=conversation, after=0, reveal=True), timeout=30
    )
    assert (await view.read()).delivery.reply.text == "Hello Ann."
    record.cancel()
    view.cancel()


@pytest.mark.parametrize(
    ("conversation_id", "after", "field"),
    [("", 0, "conversation_id"), ("a/b", 0, "conversation_id"), ("c", -1, "after")],
)
async def test_watch_names_the_field_at_fault(
    stub: Any, conversation_id: str, after: int, field: str
) -> None:
    call = stub.Watch(
        services_pb2.WatchRequest(conversation_id=conversation_id, after=after), timeout=SECONDS
    )
    code, details = await refused(call.read())
    assert code is grpc.StatusCode.INVALID_ARGUMENT
    assert details["BadRequest"].field_violations[0].field == field


async def test_streams_end_as_unavailable_when_the_door_closes(
    stub: Any, house: House, conversation: str
) -> None:
    watching = stub.Watch(services_pb2.WatchRequest(conversation_id=conversation), timeout=30)
    conversing = stub.Converse(timeout=30)
    await conversing.write(services_pb2.ConverseRequest(publish=request(conversation)))
    assert (await conversing.read()).accepted.sequence == 1
    await until(lambda: len(house.door.streams._waiting.get(conversation, ())) == 2)
    began = time.monotonic()
    await house.door.streams.drain()
    for call in (watching, conversing):
        code, _ = await refused(call.read())
        assert code is grpc.StatusCode.UNAVAILABLE
    assert time.monotonic() - began < 2


@given(
    sender_id=st.text(max_size=140),
    kind=st.sampled_from([MESSAGE, PERSON, "", "x"]),
    text=st.text(max_size=40),
    customer_id=st.text(max_size=140),
    enum=st.integers(min_value=-5, max_value=99),
    seconds=st.integers(min_value=-(2**62), max_value=2**62),
)
@settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
async def test_any_request_is_answered_with_a_receipt_or_its_fields(
    stub: Any,
    conversation: str,
    sender_id: str,
    kind: str,
    text: str,
    customer_id: str,
    enum: int,
    seconds: int,
) -> None:
    offered = request(
        conversation,
        sender_id,
        text=text,
        customer_id=customer_id,
        author=enum,
        channel=enum,
        sent_at=Timestamp(seconds=seconds),
    )
    offered.type = kind
    try:
        await stub.Publish(offered, timeout=SECONDS)
    except grpc.aio.AioRpcError as error:
        assert error.code() in (
            grpc.StatusCode.INVALID_ARGUMENT,
            grpc.StatusCode.FAILED_PRECONDITION,
        )
        assert rpc_status.from_call(error) is not None
