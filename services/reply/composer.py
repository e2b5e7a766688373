"""Builds what the customer reads from a plan: no model, no network, the same input the same text.

Variation comes from a hash of the conversation's id and the turn; what was said before in the
conversation is not said again. Shorter for anger, step by step for confusion, quiet after a death.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import ModuleType

from services.reply import phrases, phrases_handover, phrases_spanish
from services.reply.plain import plain
from services.reply.turn import Language, State, Tone

_BOOKS: dict[Language, tuple[ModuleType, ModuleType]] = {
    "en": (phrases, phrases_handover),
    "es": (phrases_spanish, phrases_spanish),
}
_OPENING_WORDS = 4
_FIRST_END = re.compile(r"(?<=[.!?:]) ")
_HOT_SENTENCES = 2
_MOST_SENTENCES = 5


@dataclass(frozen=True)
class Text:
    """What is to be said: sentences, and steps where they help. All of it is grounded."""

    body: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()
    # A body that must be said whole, such as a fixed text.
    whole: bool = False


@dataclass
class Voice:
    """Picks phrases for one reply. `heard` are openings of the conversation so far."""

    language: Language
    conversation_id: str
    turn: int
    heard: tuple[str, ...] = ()
    said: list[str] = field(default_factory=list)

    def book(self, name: str, *, handover: bool = False) -> tuple[str, ...]:
        """The phrases of a name in the language; those for hand-overs live in their own module."""
        book = _BOOKS[self.language][1 if handover else 0]
        options: tuple[str, ...] | str = getattr(book, name)
        return (options,) if isinstance(options, str) else options

    def table(self, name: str, key: str, *, handover: bool = False) -> tuple[str, ...]:
        """The phrases of one key of a table, or ()."""
        book = _BOOKS[self.language][1 if handover else 0]
        entries: Mapping[str, tuple[str, ...] | str] = getattr(book, name)
        found = entries.get(key, ())
        return (found,) if isinstance(found, str) else found

    def pick(self, options: Sequence[str], salt: str, **slots: str) -> str:
        """One of `options` that the conversation has not heard; "" when there is none at all."""
        filled = [option.format(**slots) for option in options if _fits(option, slots)]
        if not filled:
            return ""
        start = self._number(salt) % len(filled)
        rotated = filled[start:] + filled[:start]
        heard = {*self.heard, *self.said}
        fresh = [text for text in rotated if opening_of(text) not in heard]
        if not fresh:
            # All were heard: the one that was heard longest ago.
            order = {key: place for place, key in enumerate(self.heard)}
            fresh = sorted(rotated, key=lambda text: order.get(opening_of(text), len(order)))
        self.said.append(opening_of(fresh[0]))
        return fresh[0]

    def unheard(self, options: Sequence[str], salt: str, **slots: str) -> str:
        """Like `pick`, but "" when all were heard."""
        heard = {*self.heard, *self.said}
        left = [
            o for o in options if _fits(o, slots) and opening_of(o.format(**slots)) not in heard
        ]
        return self.pick(left, salt, **slots)

    def chance(self, salt: str, one_in: int) -> bool:
        """True for one turn in `one_in`, always the same ones."""
        return self._number(salt) % one_in == 0

    def _number(self, salt: str) -> int:
        seed = f"{self.conversation_id}/{self.turn}/{salt}".encode()
        return int.from_bytes(hashlib.blake2b(seed, digest_size=6).digest(), "big")


def opening_of(text: str) -> str:
    """What makes two openings the same: the first words of the first sentence, without marks."""
    first = _FIRST_END.split(plain(text), maxsplit=1)[0]
    words = first.replace(",", " ").replace(".", " ").replace(":", " ").split()
    return " ".join(words[:_OPENING_WORDS])


def open_with(
    voice: Voice, tone: Tone, state: State, issue: str, *, grief: bool = False, must: bool = True
) -> str:
    """The first sentence in the tone. `must` False leaves it out where all were heard."""
    if grief:
        return voice.unheard(voice.book("GRIEF"), "grief")
    key: str = tone
    if tone == "acknowledge" and state in ("disappointed", "distressed", "anxious"):
        key = f"acknowledge_{state}"
    with_issue = voice.table("OPENINGS", key) if issue else ()
    without = voice.table("OPENINGS_WITHOUT_ISSUE", key)
    choose = voice.pick if must else voice.unheard
    opening = voice.unheard(with_issue, "opening", issue=issue)
    return opening or choose(without, "opening", issue=issue)


def disclosure(voice: Voice, *, greeting: bool) -> str:
    """The sentence that says what the customer is writing with."""
    book = _BOOKS[voice.language][0]
    text: str = book.DISCLOSURE_GREETING if greeting else book.DISCLOSURE
    return text


def render(
    text: Text,
    *,
    lead: str = "",
    opening: str = "",
    state: State = "calm",
    grief: bool = False,
) -> str:
    """The reply as it is read. `lead` is the disclosure, `opening` the first move."""
    body = list(text.body)
    if not text.whole:
        body = body[: _HOT_SENTENCES if state == "angry" else _MOST_SENTENCES]
    steps = text.steps if state == "confused" else ()
    if steps:
        # The steps say what the prose said, so its first sentence is enough.
        body = body[:1]
    parts = [lead, opening, *body]
    prose = " ".join(part for part in parts if part)
    if steps:
        numbered = "\n".join(f"{i}. {step}" for i, step in enumerate(steps, 1))
        prose = f"{prose}\n{numbered}"
    closing = " ".join(part for part in text.closing if part)
    if closing:
        prose = f"{prose}\n{closing}" if steps else f"{prose} {closing}"
    return prose.replace("!", ".").replace("¡", "") if grief else prose.strip()


def _fits(option: str, slots: Mapping[str, str]) -> bool:
    """Whether every slot of a phrase has a word to fill it."""
    return all(
        slots.get(name)
        for name in ("issue", "what", "first", "second", "months", "new_address")
        if f"{{{name}}}" in option
    )
