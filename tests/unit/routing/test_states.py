"""The state machine as a table, and what no sequence of events can break."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.v1 import conversation_pb2
from services.routing.states import HELD, MOVES, Cause, IllegalMove, State, after

S, C = State, Cause

LEGAL = [
    (S.NONE, C.CUSTOMER_WROTE, S.BOT),
    (S.NONE, C.PERSON_NEEDED, S.BOT),
    (S.BOT, C.CUSTOMER_WROTE, S.BOT),
    (S.BOT, C.PERSON_NEEDED, S.QUEUED),
    (S.BOT, C.END, S.CLOSED),
    (S.QUEUED, C.CUSTOMER_WROTE, S.QUEUED),
    (S.QUEUED, C.PERSON_NEEDED, S.QUEUED),
    (S.QUEUED, C.OFFER, S.OFFERED),
    (S.QUEUED, C.END, S.CLOSED),
    (S.OFFERED, C.CUSTOMER_WROTE, S.OFFERED),
    (S.OFFERED, C.PERSON_NEEDED, S.OFFERED),
    (S.OFFERED, C.ACCEPT, S.AGENT),
    (S.OFFERED, C.DECLINE, S.QUEUED),
    (S.OFFERED, C.OFFER_EXPIRED, S.QUEUED),
    (S.OFFERED, C.AGENT_LOST, S.QUEUED),
    (S.OFFERED, C.TRANSFER, S.QUEUED),
    (S.OFFERED, C.END, S.CLOSED),
    (S.AGENT, C.CUSTOMER_WROTE, S.AGENT),
    (S.AGENT, C.PERSON_NEEDED, S.AGENT),
    (S.AGENT, C.ACCEPT, S.AGENT),
    (S.AGENT, C.HAND_BACK, S.BOT),
    (S.AGENT, C.END, S.WRAP_UP),
    (S.AGENT, C.WRAP_UP, S.WRAP_UP),
    (S.AGENT, C.AGENT_LOST, S.QUEUED),
    (S.AGENT, C.TRANSFER, S.QUEUED),
    (S.WRAP_UP, C.CUSTOMER_WROTE, S.AGENT),
    (S.WRAP_UP, C.PERSON_NEEDED, S.WRAP_UP),
    (S.WRAP_UP, C.END, S.WRAP_UP),
    (S.WRAP_UP, C.WRAP_UP, S.CLOSED),
    (S.WRAP_UP, C.WRAP_UP_EXPIRED, S.CLOSED),
    (S.WRAP_UP, C.AGENT_LOST, S.CLOSED),
    (S.CLOSED, C.CUSTOMER_WROTE, S.BOT),
    (S.CLOSED, C.PERSON_NEEDED, S.BOT),
    (S.CLOSED, C.END, S.CLOSED),
]


@pytest.mark.parametrize(("state", "cause", "expected"), LEGAL)
def test_what_may_happen_leads_where_it_should(state: State, cause: Cause, expected: State) -> None:
    assert after(state, cause) is expected


def test_everything_else_is_refused_and_says_why() -> None:
    listed = {(state, cause) for state, cause, _ in LEGAL}
    refused = [(s, c) for s in State for c in Cause if (s, c) not in listed]
    assert len(refused) == len(State) * len(Cause) - len(LEGAL)
    for state, cause in refused:
        with pytest.raises(IllegalMove, match=state.label):
            after(state, cause)


def test_states_have_the_numbers_of_the_contract() -> None:
    names = {s.name: int(s) for s in State if s is not State.NONE}
    contract = {
        name.removeprefix("CONVERSATION_STATE_"): value
        for name, value in conversation_pb2.ConversationState.items()
        if value
    }
    assert names == contract


@given(st.lists(st.sampled_from(Cause), max_size=40))
def test_no_sequence_leaves_the_machine_or_skips_the_queue(causes: list[Cause]) -> None:
    state = State.NONE
    for cause in causes:
        try:
            following = after(state, cause)
        except IllegalMove:
            continue
        if following is State.AGENT and state is not State.AGENT:
            # A person gets a conversation by accepting an offer, or keeps it from wrap-up.
            assert state in (State.OFFERED, State.WRAP_UP)
        if state is State.NONE:
            assert following is State.BOT
        assert following is not State.NONE
        state = following


def test_a_customer_can_always_write_and_a_person_always_be_asked_for() -> None:
    for state in State:
        after(state, Cause.CUSTOMER_WROTE)
        after(state, Cause.PERSON_NEEDED)


def test_whoever_is_held_by_an_agent_is_released_when_that_agent_is_lost() -> None:
    for state in HELD:
        assert after(state, Cause.AGENT_LOST) not in HELD
    assert {s for s in State if Cause.AGENT_LOST in MOVES[s]} == HELD
