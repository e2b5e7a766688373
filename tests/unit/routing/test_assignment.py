"""Rounds on a real PostgreSQL: offers, time-outs, lost agents, and two replicas at once."""

import itertools
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from prometheus_client import REGISTRY

from rapport.v1 import common_pb2, conversation_pb2
from services.common.database import connect
from services.common.outbox import Relay
from services.common.testing.broker import InMemoryBroker, InMemoryProducer
from services.common.topics import CONVERSATION_CHANGED
from services.routing import assignment
from services.routing.assignment import Assigner, Assignment, Patience
from services.routing.commands import Commands, Refused
from services.routing.matching import Rules
from services.routing.moves import Moves
from services.routing.states import State
from tests.unit.routing.floor import Floor

pytestmark = pytest.mark.integration


def test_who_waits_is_offered_to_who_is_there(floor: Floor) -> None:
    floor.queue("c1", skills=("billing",), language="es")
    floor.agent("english", languages=("en",))
    assert floor.assignment.round() == 0
    floor.agent("ada", skills=("billing",), languages=("es", "en"))
    assert floor.assignment.round() == 1
    assert (floor.state(), floor.see().agent_id) == (State.OFFERED, "ada")
    assert floor.path() == ["bot", "queued", "offered"]
    assert floor.assignment.round() == 0


def test_an_offer_runs_out_and_goes_to_the_next_agent(floor: Floor) -> None:
    floor.queue("c1")
    floor.agent("ada")
    floor.assignment.round()
    floor.wait(19)
    floor.agent("bob")
    assert floor.assignment.round() == 0
    floor.wait(1)
    floor.assignment.round()
    assert (floor.state(), floor.see().agent_id) == (State.OFFERED, "bob")
    assert floor.path()[-3:] == ["offered", "queued", "offered"]
    with pytest.raises(Refused, match="another agent"):
        floor.commands.accept("default", "ada", "c1")


def test_a_declined_offer_goes_to_the_next_and_rests_from_who_declined(floor: Floor) -> None:
    floor.queue("c1")
    floor.agent("ada")
    floor.assignment.round()
    floor.commands.decline("default", "ada", "c1")
    assert floor.assignment.round() == 0
    floor.wait(30)
    floor.agent("ada")
    floor.assignment.round()
    assert floor.see().agent_id == "ada"


def test_a_declined_one_is_served_before_who_waited_longer(floor: Floor) -> None:
    floor.queue("older")
    floor.wait(5)
    floor.queue("younger", priority=3)
    floor.agent("ada")
    floor.assignment.round()
    floor.commands.decline("default", "ada", "younger")
    floor.queue("newest", priority=3)
    floor.agent("bob")
    floor.assignment.round()
    assert floor.see("younger").agent_id == "bob"


def test_an_agent_who_falls_silent_loses_all_and_they_wait_at_the_head(floor: Floor) -> None:
    floor.with_agent("talking")
    floor.with_agent("ended")
    floor.wait(50)
    floor.take(floor.ended("ended"))
    floor.queue("offered", priority=3)
    floor.agent("bob", 1)
    floor.assignment.round()
    floor.commands.decline("default", "bob", "offered")
    floor.agent("bob", 1, presence=conversation_pb2.PRESENCE_AWAY)
    floor.assignment.round()
    assert floor.see("offered").agent_id == "ada"
    floor.wait(10)
    assert floor.assignment.round() == 0
    floor.queue("waits")
    floor.wait(1)
    assert floor.assignment.round() == 3
    assert floor.state("ended") is State.CLOSED
    for conversation in ("talking", "offered"):
        assert floor.see(conversation).returned
        assert floor.state(conversation) is State.QUEUED
    floor.agent("cem", 2)
    floor.assignment.round()
    assert floor.see("offered").agent_id == floor.see("talking").agent_id == "cem"
    assert floor.state("waits") is State.QUEUED
    with pytest.raises(Refused):
        floor.commands.hand_back("default", "ada", "talking")


def test_an_agent_who_goes_away_gives_back_the_offer_but_keeps_the_talk(floor: Floor) -> None:
    floor.with_agent("talking")
    floor.queue("offered")
    floor.assignment.round()
    floor.agent("ada", 10, presence=conversation_pb2.PRESENCE_AWAY)
    floor.assignment.round()
    assert floor.state("offered") is State.QUEUED
    assert floor.state("talking") is State.AGENT


def test_a_busy_agent_gets_nothing_new(floor: Floor) -> None:
    floor.queue("c1")
    floor.agent("ada", presence=conversation_pb2.PRESENCE_BUSY)
    assert floor.assignment.round() == 0


def test_capacity_counts_offers_and_wrap_up(floor: Floor) -> None:
    for conversation in ("c1", "c2", "c3"):
        floor.queue(conversation)
    floor.agent("ada", 2)
    assert floor.assignment.round() == 2
    held = [c for c in ("c1", "c2", "c3") if floor.state(c) is State.OFFERED]
    floor.commands.accept("default", "ada", held[0])
    floor.take(floor.ended(held[0]))
    assert floor.state(held[0]) is State.WRAP_UP
    assert floor.assignment.round() == 0
    floor.commands.wrap_up("default", "ada", held[0], "solved")
    assert floor.assignment.round() == 1


def test_tenants_have_floors_of_their_own(floor: Floor) -> None:
    floor.queue("c1")
    floor.agent("ada", tenant="other")
    assert floor.assignment.round() == 0


def test_urgent_ones_in_a_row_are_counted_for_each_agent(floor: Floor) -> None:
    for number in range(2):
        floor.queue(f"crisis{number}", priority=common_pb2.PRIORITY_URGENT)
    floor.agent("ada", 2)
    floor.assignment.round()
    floor.queue("crisis2", priority=common_pb2.PRIORITY_URGENT)
    floor.agent("ada", 3)
    floor.agent("bob", 1, skills=("retail",))
    floor.assignment.round()
    assert floor.see("crisis2").agent_id == "bob"


def test_gauges_tell_the_length_and_the_oldest_wait_of_each_queue(floor: Floor) -> None:
    floor.queue("c1", skills=("gauged",))
    floor.wait(12)
    floor.queue("c2", skills=("gauged",))
    floor.assignment.round()
    labels = {"queue": "gauged"}
    assert REGISTRY.get_sample_value("rapport_routing_waiting", labels) == 2
    assert REGISTRY.get_sample_value("rapport_routing_oldest_wait_seconds", labels) == 12
    floor.take(floor.ended("c1"), floor.ended("c2"))
    floor.assignment.round()
    assert REGISTRY.get_sample_value("rapport_routing_waiting", labels) == 0
    assert REGISTRY.get_sample_value("rapport_routing_oldest_wait_seconds", labels) == 0


def test_long_closed_conversations_are_deleted(floor: Floor) -> None:
    floor.take(floor.message("old"), floor.ended("old"), floor.message("open"))
    floor.wait(91 * 24 * 3600)
    floor.take(floor.message("new"), floor.ended("new"))
    assert floor.assignment.purge() == 1
    assert floor.state("open") is State.BOT


def test_moves_go_out_in_order_with_the_ids_of_their_versions(floor: Floor) -> None:
    floor.with_agent()
    floor.commands.wrap_up("default", "ada", "c1", "")
    broker = InMemoryBroker({CONVERSATION_CHANGED.name: 1})
    Relay(floor.outbox, floor.engine, InMemoryProducer(broker)).step()
    sent = [
        conversation_pb2.ConversationChanged.FromString(record.value or b"")
        for record in broker.records(CONVERSATION_CHANGED.name)
    ]
    assert [change.version for change in sent] == [1, 2, 3, 4, 5, 6]
    assert [State(change.to).label for change in sent][2:] == [
        "offered",
        "agent",
        "wrap_up",
        "closed",
    ]
    for before, change in itertools.pairwise(sent):
        assert getattr(change, "from") == before.to


def test_two_replicas_share_fifty_conversations_among_ten_agents_without_a_double(
    floor: Floor, database_url: str
) -> None:
    for number in range(50):
        floor.queue(f"c{number}")
    for number in range(10):
        floor.agent(f"agent{number}", 5)
    engines = [connect(database_url, "routing") for _ in range(2)]
    replicas = [
        (
            Assignment(engine, Moves(floor.outbox), floor.clock, Rules(), Patience()),
            Commands(engine, Moves(floor.outbox), floor.clock),
        )
        for engine in engines
    ]
    begin = threading.Barrier(2)

    def work(number: int) -> int:
        """Rounds, and the acceptance of whatever half of the agents was offered."""
        assignment, commands = replicas[number]
        begin.wait()
        moved = 0
        for _ in range(5):
            moved += assignment.round()
            for agent in range(number, 10, 2):
                for held in commands.held_by("default", f"agent{agent}"):
                    commands.accept("default", f"agent{agent}", held.conversation_id)
        return moved

    with ThreadPoolExecutor(2) as both:
        offers = sum(both.map(work, range(2)))
    for engine in engines:
        engine.dispose()
    assert offers == 50
    owners = Counter(floor.see(f"c{number}").agent_id for number in range(50))
    assert owners == {f"agent{number}": 5 for number in range(10)}
    for number in range(50):
        assert floor.path(f"c{number}") == ["bot", "queued", "offered", "agent"]


def test_the_assigner_offers_at_once_and_tells_who_watches(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Too long for a round to come by chance within this test.
    monkeypatch.setattr(assignment, "ROUND_SECONDS", 6.0)
    heard: list[tuple[str, str] | None] = []
    assigner = Assigner(floor.engine, floor.assignment, heard.append)
    thread = threading.Thread(target=assigner.run)
    thread.start()
    try:
        until(lambda: None in heard)
        floor.agent("ada")
        floor.queue("c1")
        until(lambda: ("default", "ada") in heard, seconds=4)
        assert floor.state() is State.OFFERED
    finally:
        assigner.stop()
        thread.join(10)
    assert not thread.is_alive()


def until(condition: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "not in time"
        threading.Event().wait(0.01)
