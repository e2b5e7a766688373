"""The state machine of a conversation. Pure.

    bot -> queued -> offered -> agent -> wrap_up -> closed

An offer that is declined or runs out goes back to queued, and so does what a lost agent had or an
agent transfers. An agent hands back to bot; a customer who writes to a closed conversation has it
reopened, in bot.
"""

from collections.abc import Mapping
from enum import IntEnum, StrEnum
from types import MappingProxyType


class State(IntEnum):
    """Who has the conversation; numbers as in `rapport.v1.ConversationState`.

    NONE is before the first message.
    """

    NONE = 0
    BOT = 1
    QUEUED = 2
    OFFERED = 3
    AGENT = 4
    WRAP_UP = 5
    CLOSED = 6

    @property
    def label(self) -> str:
        """Lower-case name, for metrics and for people."""
        return self.name.lower()


HELD = frozenset({State.OFFERED, State.AGENT, State.WRAP_UP})
"""States that take one place of an agent's capacity."""


class Cause(StrEnum):
    """What can happen to a conversation."""

    CUSTOMER_WROTE = "customer wrote"
    PERSON_NEEDED = "a person is needed"
    OFFER = "offer to an agent"
    ACCEPT = "accept"
    DECLINE = "decline"
    OFFER_EXPIRED = "offer ran out"
    AGENT_LOST = "agent is gone"
    TRANSFER = "transfer"
    HAND_BACK = "hand back to the bot"
    END = "end"
    WRAP_UP = "wrap up"
    WRAP_UP_EXPIRED = "wrap-up ran out"


class IllegalMove(Exception):
    """This cannot happen to a conversation in that state."""

    def __init__(self, state: State, cause: Cause) -> None:
        super().__init__(f"{cause.value}: not possible while the conversation is {state.label}")
        self.state = state
        self.cause = cause


# What happens in a state that is not listed is illegal. Where the state stays the same, the thing
# may happen and moves nothing.
MOVES: Mapping[State, Mapping[Cause, State]] = MappingProxyType(
    {
        State.NONE: {
            Cause.CUSTOMER_WROTE: State.BOT,
            # The reply's request can overtake the message that caused it: another topic.
            Cause.PERSON_NEEDED: State.BOT,
        },
        State.BOT: {
            Cause.CUSTOMER_WROTE: State.BOT,
            Cause.PERSON_NEEDED: State.QUEUED,
            Cause.END: State.CLOSED,
        },
        State.QUEUED: {
            Cause.CUSTOMER_WROTE: State.QUEUED,
            Cause.PERSON_NEEDED: State.QUEUED,
            Cause.OFFER: State.OFFERED,
            Cause.END: State.CLOSED,
        },
        State.OFFERED: {
            Cause.CUSTOMER_WROTE: State.OFFERED,
            Cause.PERSON_NEEDED: State.OFFERED,
            Cause.ACCEPT: State.AGENT,
            Cause.DECLINE: State.QUEUED,
            Cause.OFFER_EXPIRED: State.QUEUED,
            Cause.AGENT_LOST: State.QUEUED,
            # A supervisor takes it over.
            Cause.TRANSFER: State.QUEUED,
            Cause.END: State.CLOSED,
        },
        State.AGENT: {
            Cause.CUSTOMER_WROTE: State.AGENT,
            Cause.PERSON_NEEDED: State.AGENT,
            # An acceptance that is repeated because its answer was lost.
            Cause.ACCEPT: State.AGENT,
            Cause.HAND_BACK: State.BOT,
            Cause.END: State.WRAP_UP,
            Cause.WRAP_UP: State.WRAP_UP,
            Cause.AGENT_LOST: State.QUEUED,
            Cause.TRANSFER: State.QUEUED,
        },
        State.WRAP_UP: {
            # They are not done after all: the person who knows them is still there.
            Cause.CUSTOMER_WROTE: State.AGENT,
            Cause.PERSON_NEEDED: State.WRAP_UP,
            Cause.END: State.WRAP_UP,
            Cause.WRAP_UP: State.CLOSED,
            Cause.WRAP_UP_EXPIRED: State.CLOSED,
            Cause.AGENT_LOST: State.CLOSED,
        },
        State.CLOSED: {
            Cause.CUSTOMER_WROTE: State.BOT,
            Cause.PERSON_NEEDED: State.BOT,
            Cause.END: State.CLOSED,
        },
    }
)


def after(state: State, cause: Cause) -> State:
    """The state that follows; the same when nothing moves. IllegalMove when it cannot be."""
    try:
        return MOVES[state][cause]
    except KeyError:
        raise IllegalMove(state, cause) from None
