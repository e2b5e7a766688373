"""Bot and people agree on who answers each message, however late each service hears of a move.

The door, routing, reply and an agent's desk, each with queues of its own before it that a test
empties in any order. Routing and reply's handler are the real ones.
"""

import uuid
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rapport.v1 import (
    common_pb2,
    conversation_pb2,
    message_pb2,
    reply_pb2,
    services_pb2,
)
from services.common.answering import Holder, holder
from services.common.events import Event, Outgoing
from services.common.open_messages import OpenMessages
from services.common.topics import (
    CONVERSATION_CHANGED,
    HANDOVER_REQUESTED,
    MESSAGE_REDACTED,
    MESSAGE_SCORED,
    REPLY_CREATED,
)
from services.reply.handler import ReplyHandler
from services.reply.memory import Memory
from services.reply.turn import Answer, CustomerTurn, Handover, Packet
from services.routing.states import State
from tests.unit.routing.floor import Floor, fresh_id

pytestmark = pytest.mark.integration

PERSON, QUESTION = "a person, please", "where is my order"


class Bot:
    """Calls a person for whoever asks, and answers everything else."""

    def respond(self, turn: CustomerTurn, memory: Memory) -> tuple[Answer, Memory]:
        assert memory.owner != "agent", "a person has it"
        said = Answer("yes", "answer", "neutral", "", "", "calm", "steady")
        if memory.owner == "queued":
            return replace(said, action="queued"), memory
        if turn.text != PERSON:
            return said, replace(memory, owner="bot")
        packet = Packet("", "", (), (), "calm", "")
        handover = Handover("asked", "normal", (), packet, "asked")
        return replace(said, action="handover", handover=handover), replace(memory, owner="queued")


@dataclass
class World:
    """One conversation and all who take part in it."""

    floor: Floor
    key: str = field(default_factory=fresh_id)
    sequence: int = 0
    asked: list[str] = field(default_factory=list)
    answered: Counter[str] = field(default_factory=Counter)
    record: list[services_pb2.Delivery] = field(default_factory=list)
    held_by: Holder = field(default_factory=Holder)
    memory: Memory | None = None
    moves_seen: int = 0
    desk: OpenMessages | None = None
    read: int = 0
    to_routing: deque[Event] = field(default_factory=deque)  # type: ignore[type-arg]
    handovers_to_routing: deque[Event] = field(default_factory=deque)  # type: ignore[type-arg]
    scored_to_reply: deque[Event] = field(default_factory=deque)  # type: ignore[type-arg]
    moves_to_reply: deque[Event] = field(default_factory=deque)  # type: ignore[type-arg]
    messages_to_door: deque[message_pb2.MessageRedacted] = field(default_factory=deque)
    replies_to_door: deque[reply_pb2.ReplyCreated] = field(default_factory=deque)
    moves_to_door: deque[conversation_pb2.ConversationChanged] = field(default_factory=deque)

    def __post_init__(self) -> None:
        self.handler = ReplyHandler(Bot())
        # Of its own: the agent is not offered what the examples before left waiting.
        self.tenant = f"tenant of {self.key}"

    # What people do.

    def asks(self) -> None:
        self._customer(QUESTION)

    def asks_for_person(self) -> None:
        self._customer(PERSON)

    def ends(self) -> None:
        self._accept("", common_pb2.AUTHOR_CUSTOMER, message_pb2.MESSAGE_KIND_CONVERSATION_ENDED)

    def accepts(self) -> None:
        self.floor.agent("ada", 100, tenant=self.tenant)
        self.floor.assignment.round()
        if self._state() is State.OFFERED:
            self.floor.commands.accept(self.tenant, "ada", self.key)
            since = self.floor.see(self.key, self.tenant).version
            self.desk, self.read = OpenMessages("ada", since), 0
        self._moved()

    def looks(self) -> None:
        if self.desk is not None and self.read < len(self.record):
            self.desk.take(self.record[self.read])
            self.read += 1

    def answers(self) -> None:
        due = self.desk.due() if self.desk is not None else []
        if self.desk is not None and due:
            message_id = due[0].ref.message_id
            self.answered[message_id] += 1
            self.desk.answer(message_id)
            self._accept("here", common_pb2.AUTHOR_AGENT, in_reply_to=message_id)

    def hands_back(self) -> None:
        if self.desk is not None and self._state() is State.AGENT:
            self.floor.commands.hand_back(self.tenant, "ada", self.key, self.desk.through())
            self.desk = None
            self._moved()

    def wraps_up(self) -> None:
        if self.desk is not None and self._state() in (State.AGENT, State.WRAP_UP):
            self.floor.commands.wrap_up(self.tenant, "ada", self.key, "", self.desk.through())
            self.desk = None
            self._moved()

    def is_lost(self) -> None:
        """The agent says nothing for a minute: what was written before has arrived by then."""
        if self.desk is not None and self._state() is State.AGENT:
            while self.messages_to_door:
                self.door_hears_message()
            self.floor.wait(61)
            self.floor.assignment.round()
            self.desk = None
            self._moved()

    # What services do.

    def routing_hears(self) -> None:
        self._take(self.to_routing)

    def routing_is_asked(self) -> None:
        self._take(self.handovers_to_routing)

    def reply_hears(self) -> None:
        self._reply(self.scored_to_reply)

    def reply_learns(self) -> None:
        self._reply(self.moves_to_reply)

    def door_hears_message(self) -> None:
        if self.messages_to_door:
            self._recorded(services_pb2.Delivery(message=self.messages_to_door.popleft()))

    def door_hears_reply(self) -> None:
        if self.replies_to_door:
            self._recorded(services_pb2.Delivery(reply=self.replies_to_door.popleft()))

    def door_learns(self) -> None:
        if self.moves_to_door:
            change = self.moves_to_door.popleft()
            self.held_by = holder(change)
            self._recorded(services_pb2.Delivery(changed=change))

    def settles(self) -> None:
        """Everything arrives, and people do what is theirs to do."""
        while True:
            before = self._progress()
            for act in SERVICES:
                while act(self) or self._pending(act):
                    pass
            if self._state() is State.QUEUED:
                self.accepts()
            while self.desk is not None and self.read < len(self.record):
                self.looks()
            self.answers()
            if self.desk is not None and self.desk.over:
                self.wraps_up()
            if self._progress() == before:
                return

    # How.

    def _pending(self, act: Callable[["World"], None]) -> bool:
        return bool(getattr(self, QUEUES[act]))

    def _progress(self) -> tuple[object, ...]:
        return (self._state(), len(self.record), self.read, sum(self.answered.values()),
                self.sequence, self.moves_seen)  # fmt: skip

    def _state(self) -> State:
        if not self.moves_seen:
            return State.NONE
        return self.floor.see(self.key, self.tenant).state

    def _customer(self, text: str) -> None:
        self.asked.append(self._accept(text, common_pb2.AUTHOR_CUSTOMER))

    def _accept(
        self,
        text: str,
        author: "common_pb2.Author.ValueType",
        kind: "message_pb2.MessageKind.ValueType" = message_pb2.MESSAGE_KIND_TEXT,
        in_reply_to: str = "",
    ) -> str:
        self.sequence += 1
        ref = message_pb2.MessageRef(
            message_id=fresh_id(),
            conversation_id=self.key,
            customer_id="customer",
            tenant=self.tenant,
            author=author,
            sequence=self.sequence,
            in_reply_to=in_reply_to,
            answered_by=self.held_by.answered_by,
            known_version=self.held_by.version,
        )
        ref.received_at.FromDatetime(self.floor.now)
        redacted = message_pb2.MessageRedacted(ref=ref, kind=kind, text=text)
        self.to_routing.append(self._event(MESSAGE_REDACTED, redacted))
        self.messages_to_door.append(redacted)
        if author == common_pb2.AUTHOR_CUSTOMER:
            scored = message_pb2.MessageScored(ref=ref, kind=kind, text=text)
            self.scored_to_reply.append(self._event(MESSAGE_SCORED, scored))
        return ref.message_id

    def _event(self, topic, message) -> Event:  # type: ignore[no-untyped-def, type-arg]
        return Event(fresh_id(), topic, self.key, self.floor.now, "rapport/test", message)

    def _take(self, queue: deque[Event]) -> None:  # type: ignore[type-arg]
        if queue:
            (result,) = self.floor.take(queue.popleft())
            assert result.failure is None
            self._moved()

    def _moved(self) -> None:
        """Passes on what routing has put into its outbox since."""
        changes = self.floor.changes(self.key)
        for change in changes[self.moves_seen :]:
            self.moves_to_reply.append(self._event(CONVERSATION_CHANGED, change))
            self.moves_to_door.append(change)
        self.moves_seen = len(changes)

    def _reply(self, queue: deque[Event]) -> None:  # type: ignore[type-arg]
        if not queue:
            return
        handled = self.handler.handle(queue.popleft(), self.memory)
        self.memory = handled.state or self.memory
        for outgoing in handled.outgoing:
            self._published(outgoing)

    def _published(self, outgoing: Outgoing) -> None:
        if outgoing.topic is REPLY_CREATED:
            assert isinstance(outgoing.message, reply_pb2.ReplyCreated)
            self.answered[outgoing.message.in_reply_to] += 1
            self.replies_to_door.append(outgoing.message)
        else:
            assert outgoing.topic is HANDOVER_REQUESTED
            self.handovers_to_routing.append(self._event(HANDOVER_REQUESTED, outgoing.message))

    def _recorded(self, delivery: services_pb2.Delivery) -> None:
        delivery.position, delivery.event_id = len(self.record) + 1, str(uuid.uuid4())
        self.record.append(delivery)


QUEUES = {
    World.routing_hears: "to_routing",
    World.routing_is_asked: "handovers_to_routing",
    World.reply_hears: "scored_to_reply",
    World.reply_learns: "moves_to_reply",
    World.door_hears_message: "messages_to_door",
    World.door_hears_reply: "replies_to_door",
    World.door_learns: "moves_to_door",
}
SERVICES = tuple(QUEUES)
PEOPLE = (
    World.asks,
    World.asks,
    World.asks_for_person,
    World.accepts,
    World.looks,
    World.looks,
    World.answers,
    World.hands_back,
    World.wraps_up,
    World.is_lost,
)


def outcome(world: World) -> list[int]:
    """How often each message was answered, in their order."""
    return [world.answered[message] for message in world.asked]


def waiting(floor: Floor) -> World:
    """A conversation that routing knows to wait, and nobody else."""
    world = World(floor)
    world.asks_for_person()
    world.reply_hears()
    world.routing_hears()
    world.routing_is_asked()
    return world


def with_agent(floor: Floor) -> World:
    """A conversation that everybody knows to be with an agent, who has answered all there was."""
    world = World(floor)
    world.asks_for_person()
    world.settles()
    assert world._state() is State.AGENT
    return world


def test_a_message_that_the_door_took_before_it_knew_of_the_take_over_is_the_bots(
    floor: Floor,
) -> None:
    world = waiting(floor)
    world.accepts()
    world.asks()
    while world.moves_to_reply:
        world.reply_learns()
    world.reply_hears()
    world.settles()
    assert outcome(world) == [1, 1]
    assert [d.reply.action for d in world.record if d.HasField("reply")] == [
        reply_pb2.REPLY_ACTION_HANDOVER,
        reply_pb2.REPLY_ACTION_QUEUED,
    ]


def test_a_message_that_the_door_took_after_the_take_over_is_the_persons_though_reply_lags(
    floor: Floor,
) -> None:
    world = waiting(floor)
    world.accepts()
    while world.moves_to_door:
        world.door_learns()
    world.asks()
    world.reply_hears()
    world.settles()
    assert outcome(world) == [1, 1]
    assert len([d for d in world.record if d.HasField("reply")]) == 1


def test_a_message_that_the_agent_did_not_see_before_handing_back_is_answered_by_the_bot(
    floor: Floor,
) -> None:
    world = with_agent(floor)
    world.asks()
    world.reply_hears()
    world.routing_hears()
    world.hands_back()
    world.settles()
    assert outcome(world) == [1, 1]


def test_a_message_written_after_the_hand_back_waits_for_those_before_it(floor: Floor) -> None:
    world = with_agent(floor)
    world.asks()
    world.reply_hears()
    world.hands_back()
    while world.moves_to_door:
        world.door_learns()
    world.asks()
    world.reply_hears()
    assert outcome(world) == [1, 0, 0]
    world.settles()
    assert outcome(world) == [1, 1, 1]
    told = [d.reply.in_reply_to for d in world.record if d.HasField("reply")]
    assert told == world.asked


def test_an_answer_on_its_way_when_the_agent_hands_back_is_not_given_twice(floor: Floor) -> None:
    world = with_agent(floor)
    world.asks()
    world.door_hears_message()
    while world.read < len(world.record):
        world.looks()
    world.answers()
    world.hands_back()
    world.settles()
    assert outcome(world) == [1, 1]


def test_what_was_written_as_the_agent_closed_it_opens_it_again(floor: Floor) -> None:
    world = with_agent(floor)
    world.asks()
    world.routing_hears()
    world.wraps_up()
    world.settles()
    assert outcome(world) == [1, 1]
    assert floor.path(world.key)[-3:] == ["wrap_up", "closed", "bot"]


@pytest.mark.parametrize("begin", [World, waiting, with_agent])
@given(acts=st.lists(st.sampled_from(PEOPLE + SERVICES), min_size=4, max_size=40))
@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_each_message_is_answered_once_however_the_services_lag(
    floor: Floor, begin: Callable[[Floor], World], acts: list[Callable[[World], None]]
) -> None:
    world = begin(floor)
    for act in acts:
        act(world)
    world.settles()
    assert outcome(world) == [1] * len(world.asked)
