"""Who answers a customer's message, the bot or a person: one rule for all who have to agree. Pure.

Each service learns of a move at a time of its own, so none of them may go by what it knows just
then. Two facts decide, and both travel with the events:

- The door writes on each message who has the conversation, by the newest move that it knew when it
  gave the message its place.
- A move that takes the conversation from people says up to which message they have answered. What
  they were to answer after that is the bot's.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from rapport.v1 import common_pb2, conversation_pb2, message_pb2

Whose = Literal["bot", "person", "done"]
"""Whose a message is to answer; done: it was a person's who has given the conversation back."""

_WITH_AGENT = frozenset(
    {
        conversation_pb2.CONVERSATION_STATE_AGENT,
        # The customer's next message goes back to the same person.
        conversation_pb2.CONVERSATION_STATE_WRAP_UP,
    }
)
_OPEN_TO_PEOPLE = _WITH_AGENT | {
    # What a lost agent left waits for the next one.
    conversation_pb2.CONVERSATION_STATE_QUEUED,
    conversation_pb2.CONVERSATION_STATE_OFFERED,
}
_WITHOUT_PEOPLE = frozenset(
    {conversation_pb2.CONVERSATION_STATE_BOT, conversation_pb2.CONVERSATION_STATE_CLOSED}
)


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has a conversation, and the version of the move that says so; 0 before the first."""

    answered_by: "common_pb2.Author.ValueType" = common_pb2.AUTHOR_BOT
    version: int = 0


@dataclass(frozen=True, slots=True)
class GivenBack:
    """A move that took a conversation from people: its version, and the sequence of the last
    message that was theirs."""

    version: int
    through: int


def holder(changed: conversation_pb2.ConversationChanged) -> Holder:
    """Who has the conversation after a move."""
    person = changed.to in _WITH_AGENT
    return Holder(common_pb2.AUTHOR_AGENT if person else common_pb2.AUTHOR_BOT, changed.version)


def given_back(changed: conversation_pb2.ConversationChanged) -> GivenBack | None:
    """What a move gives back to the bot; None when it leaves the conversation where it was."""
    if getattr(changed, "from") in _OPEN_TO_PEOPLE and changed.to in _WITHOUT_PEOPLE:
        return GivenBack(changed.version, changed.answered_through)
    return None


def whose(ref: message_pb2.MessageRef, returns: Iterable[GivenBack]) -> Whose:
    """Who answers this message of a customer.

    `returns` are the conversation's moves back to the bot, the oldest first: the first one that
    the door did not know of yet decides.
    """
    if ref.answered_by != common_pb2.AUTHOR_AGENT:
        return "bot"
    later = (each for each in returns if each.version > ref.known_version)
    decides = next(later, None)
    if decides is None:
        return "person"
    return "done" if ref.sequence <= decides.through else "bot"
