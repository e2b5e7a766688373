"""What routing's moves mean for the bot: whether it speaks. Pure."""

from dataclasses import replace

from services.reply.memory import Memory, Owner


def after_move(
    memory: Memory, owner: Owner, version: int, *, begins: bool, at: float = 0.0
) -> Memory:
    """Memory after move number `version`; an older move than the newest known changes nothing.

    `at` is when it moved, in seconds since 1970.

    A move with which a conversation `begins` (or begins again) follows the customer's message:
    it must not undo a hand-over that this very message led to. A return from a person or a queue
    lets attempts count anew.
    """
    if version <= memory.version:
        return memory
    if owner == "bot":
        return replace(memory if begins else memory.afresh(), version=version)
    if owner == "closed" and memory.owner == "agent":
        memory = replace(memory, agent_until=at)
    return replace(memory, owner=owner, version=version)


def belongs_to_agent(memory: Memory, received_at: float) -> bool:
    """Whether a person answers a message that the door received at this time, not the bot.

    Moves may overtake messages: one that was written before the person closed the conversation
    was the person's to answer, also when it is handled after the close.
    """
    return memory.owner == "agent" or received_at < memory.agent_until
