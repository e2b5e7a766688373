"""Which ports the platform takes."""

import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.cli.plan import SERVICES, planned_ports
from services.cli.ports import LOOPBACK, choose, free_port, is_free


def test_keeps_the_planned_ports_that_are_free() -> None:
    plan = planned_ports(1)
    chosen, moved = choose(plan, fixed=True, free=lambda port: True)
    assert chosen == plan
    assert moved == {}


def test_moves_what_is_taken_and_says_so() -> None:
    plan = {"door": 8080, "emotion": 50053}
    chosen, moved = choose(plan, fixed=True, free=lambda port: port != 8080)
    assert moved == {"door": 8080}
    assert chosen["emotion"] == 50053
    assert chosen["door"] not in (8080, 50053)


@given(st.sets(st.integers(1, 65_535)), st.booleans())
def test_never_gives_one_port_twice_nor_a_taken_one(taken: set[int], fixed: bool) -> None:
    plan = planned_ports(3)
    chosen, _ = choose(plan, fixed=fixed, free=lambda port: port not in taken)
    assert len(set(chosen.values())) == len(plan)
    assert not set(chosen.values()) & taken


def test_a_port_that_somebody_listens_on_is_not_free() -> None:
    with socket.socket() as server:
        server.bind((LOOPBACK, 0))
        server.listen()
        assert not is_free(server.getsockname()[1])


def test_gives_up_when_nothing_is_free() -> None:
    with pytest.raises(RuntimeError, match="no free port"):
        free_port(free=lambda port: False)


def test_every_service_has_a_planned_port_of_its_own() -> None:
    ports = list(planned_ports(3).values())
    assert len(ports) == len(set(ports))
    assert {plan.name for plan in SERVICES} == {
        "ingestion",
        "redaction",
        "emotion",
        "reply",
        "routing",
        "insights",
        "backoffice",
        "desk",
    }
