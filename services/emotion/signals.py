"""Yes-or-no things that a message says beside its feeling. Pure; definitions in docs/model-card.md.

Each of them decides something at once (a hand-over, a stop of contact). These rules say why; the
network's own head is joined to them by the scorer, for what no pattern foresaw.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from services.emotion.bot import asks_if_bot
from services.emotion.crisis import goes_on, in_crisis
from services.emotion.hostility import is_abusive, opts_out
from services.emotion.inputs import Turn
from services.emotion.person import asks_for_person
from services.emotion.wording import folded, plain, spoken


@dataclass(frozen=True, slots=True)
class Signals:
    asks_for_person: bool = False
    asks_if_bot: bool = False
    crisis: bool = False
    opt_out: bool = False
    abusive: bool = False

    def joined(self, other: Signals) -> Signals:
        """Those that either has."""
        return Signals(
            self.asks_for_person or other.asks_for_person,
            self.asks_if_bot or other.asks_if_bot,
            self.crisis or other.crisis,
            self.opt_out or other.opt_out,
            self.abusive or other.abusive,
        )


_OFFERED = re.compile(
    r"\b(?:connect|transfer|put|pass|hand|bring|get|talk|speak|chat|call)\b[^.?!]{0,60}\b(?:agent|person|human|"
    r"someone|colleague|representative|specialist|advisor|team member|member of (?:our|the) team|you back|manager|"
    r"supervisor|teammate)\b[^.!]*\?|\bwould you (?:like|prefer) (?:a|an|to (?:speak|talk))\b[^.!]*\b(?:person|agent|call|"
    r"human|colleague)\b[^.!]*\?"
)
_ACCEPTS = re.compile(
    r"^(?:yes|yeah|yep|yup|ya|sure|ok(?:ay)?|please|pls|do|do it|do that|go ahead|absolutely|definitely|of course|"
    r"that would be (?:great|good|nice|lovely)|i would|i'?d like that|i do|yes i would|s[ií]|claro|por favor|y|"
    r"thanks|thank you|right away|now|asap|very much|that|great|fine|good|finally|alright|[\s,.!])+$"
)


def read_signals(text: str, context: Sequence[Turn] = ()) -> Signals:
    """Signals of a raw text, read with the turns before it, oldest first. Never fails.

    The text is read as written and once more without the fillers of speech. "yes please" asks for
    a person where the turn before offered one, and a danger that was said lasts until it is over.
    """
    low = folded(plain(text))
    ways = dict.fromkeys((low, spoken(low)))
    before = [(turn.author == "customer", folded(plain(turn.text))) for turn in context]
    offered = bool(before and not before[-1][0] and _OFFERED.search(before[-1][1]))
    return Signals(
        asks_for_person=any(map(asks_for_person, ways)) or (offered and bool(_ACCEPTS.match(low))),
        asks_if_bot=any(map(asks_if_bot, ways)),
        crisis=any(map(in_crisis, ways)) or goes_on(low, before),
        opt_out=any(map(opts_out, ways)),
        abusive=any(map(is_abusive, ways)),
    )
