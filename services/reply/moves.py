"""What routing's moves mean for the bot: whether it speaks. Pure."""

from dataclasses import replace

from services.reply.memory import Memory, Owner


def after_move(memory: Memory, owner: Owner, version: int, *, begins: bool) -> Memory:
    """Memory after move number `version`; an older move than the newest known changes nothing.

    A move with which a conversation `begins` (or begins again) follows the customer's message:
    it must not undo a hand-over that this very message led to. A return from a person or a queue
    lets attempts count anew.
    """
    if version <= memory.version:
        return memory
    if owner == "bot":
        return replace(memory if begins else memory.afresh(), version=version)
    return replace(memory, owner=owner, version=version)
