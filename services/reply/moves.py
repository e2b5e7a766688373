"""What routing's moves mean for the bot: which messages it answers, and how. Pure."""

import base64
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from rapport.v1 import conversation_pb2, message_pb2
from services.common.answering import Whose, given_back, whose
from services.reply.memory import Memory, Owner

RETURNS_KEPT = 20
HELD_KEPT = 20

_OWNERS: dict[int, Owner] = {
    conversation_pb2.CONVERSATION_STATE_BOT: "bot",
    conversation_pb2.CONVERSATION_STATE_QUEUED: "queued",
    conversation_pb2.CONVERSATION_STATE_OFFERED: "queued",
    conversation_pb2.CONVERSATION_STATE_AGENT: "agent",
    # The customer's next message goes back to the same person.
    conversation_pb2.CONVERSATION_STATE_WRAP_UP: "agent",
    conversation_pb2.CONVERSATION_STATE_CLOSED: "closed",
}
_BEGINS_FROM = (
    conversation_pb2.CONVERSATION_STATE_UNSPECIFIED,
    conversation_pb2.CONVERSATION_STATE_CLOSED,
)


def owner_of(changed: conversation_pb2.ConversationChanged) -> Owner | None:
    """Who has the conversation after a move; None for a state of a newer version."""
    return _OWNERS.get(changed.to)


def after_move(
    memory: Memory, changed: conversation_pb2.ConversationChanged, owner: Owner
) -> Memory:
    """Memory after a move; an older move than the newest known changes nothing.

    A move with which a conversation begins, or begins again, follows the customer's message: it
    must not undo a hand-over that this very message led to. A return from a person or a queue lets
    attempts count anew.
    """
    if changed.version <= memory.version:
        return memory
    back = given_back(changed)
    if back is not None:
        memory = replace(memory, returns=(*memory.returns, back)[-RETURNS_KEPT:])
    if owner != "bot":
        memory = replace(memory, owner=owner)
    elif getattr(changed, "from") not in _BEGINS_FROM:
        memory = memory.afresh()
    return replace(memory, version=changed.version)


def whose_now(memory: Memory, ref: message_pb2.MessageRef) -> Whose | Literal["later"]:
    """Who answers a message; "later" where the bot will, once a move that is on its way is here.

    Such a message was written after the person gave the conversation back, of which the bot has
    not heard yet: what is held from before is answered first.
    """
    found = whose(ref, memory.returns)
    if found == "bot" and memory.owner == "agent" and ref.known_version > memory.version:
        return "later"
    return found


def hold(memory: Memory, scored: message_pb2.MessageScored) -> Memory:
    """Memory with a message held: what deciding a reply needs of it, and of the newest few."""
    kept = message_pb2.MessageScored()
    kept.CopyFrom(scored)
    kept.ClearField("entities")
    kept.reading.ClearField("emotions")
    kept.reading.ClearField("states")
    held = base64.b64encode(kept.SerializeToString(deterministic=True)).decode()
    return replace(memory, held=(*memory.held, held)[-HELD_KEPT:])


def release(memory: Memory) -> tuple[Memory, Sequence[message_pb2.MessageScored]]:
    """Memory after a move was taken in, and the held messages that the bot answers now, in order.

    What a person had to answer is forgotten once that person has given the conversation back.
    """
    still: list[str] = []
    due: list[message_pb2.MessageScored] = []
    for held in memory.held:
        scored = message_pb2.MessageScored.FromString(base64.b64decode(held))
        found = whose_now(memory, scored.ref)
        if found == "bot":
            due.append(scored)
        elif found != "done":
            still.append(held)
    return replace(memory, held=tuple(still)), due
