"""The first move of a reply: which tone fits the state, and what was just used. Pure.

The moves follow the strategies of emotional support conversation (Liu et al., ACL 2021: reflect,
reassure, affirm before suggesting) and of service recovery (Smith, Bolton and Wagner, Journal of
Marketing Research 1999: an apology restores, and a second one in place of progress does not).
"""

from services.reply.turn import State, Tone, Trend

# The fitting moves of each state, the best first.
_FITTING: dict[State, tuple[Tone, ...]] = {
    "calm": ("neutral",),
    "satisfied": ("celebrate",),
    "grateful": ("thank",),
    "confused": ("clarify",),
    "anxious": ("reassure", "acknowledge"),
    "disappointed": ("acknowledge",),
    "frustrated": ("apologise", "acknowledge"),
    "angry": ("apologise", "acknowledge"),
    "distressed": ("acknowledge", "reassure"),
}


def choose(
    state: State,
    *,
    trend: Trend = "steady",
    used: tuple[str, ...] = (),
    asking: bool = False,
    grief: bool = False,
) -> Tone:
    """The tone of the next reply.

    `used` are the tones so far, the latest last; `asking` says that the reply is a question
    back, `grief` that someone has died.
    """
    if grief:
        return "acknowledge" if used[-1:] != ("acknowledge",) else "reassure"
    if asking and state in ("calm", "confused", "satisfied", "grateful"):
        return "clarify"
    moves = _FITTING[state]
    if state == "disappointed" and trend == "escalating":
        moves = ("apologise", "acknowledge")
    # One apology in a conversation is heard; the next ones are noise.
    left = [move for move in moves if not (move == "apologise" and "apologise" in used)]
    fresh = [move for move in left if used[-1:] != (move,)]
    return (fresh or left or list(moves))[0]
