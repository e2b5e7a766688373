"""From a text and the turns before it to the network's token ids. Pure; training reads the same.

One sequence: the text, then the last thing that was said to the customer and the customer's own
last turn, each cut short. A long context would cost more than it tells: a token is 0.06 ms.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from tokenizers import Tokenizer

from services.emotion.wording import plain

TEXT_TOKENS = 256
TURN_TOKENS = 12
PICTURES = 8

_PICTURE = re.compile("([\u2600-\u27bf\U0001f300-\U0001f3fa\U0001f400-\U0001faff])\\1*")
_SKIN = re.compile("[\U0001f3fb-\U0001f3ff\u200d]")


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier turn of the conversation; `author` is "customer", "bot" or "agent"."""

    author: str
    text: str


def token_ids(
    tokenizer: Tokenizer, text: str, context: Sequence[Turn] = (), *, limit: int = TEXT_TOKENS
) -> tuple[list[int], list[int]]:
    """Ids and segments (0 the text, 1 what came before), of one length.

    Of a text longer than `limit` tokens the two ends are read.
    """
    ids: list[int] = tokenizer.encode(_valid(_named(plain(text)))).ids
    if len(ids) > limit:
        half = limit // 2
        ids = ids[:half] + ids[-half:]
    segments = [0] * len(ids)
    for turn in _telling(context):
        words = (
            f"{'customer' if turn.author == 'customer' else 'agent'}: {_named(plain(turn.text))}"
        )
        before = tokenizer.encode(_valid(words)).ids[1:]
        if len(before) > TURN_TOKENS:
            half = TURN_TOKENS // 2
            before = before[:half] + before[-half:]
        ids += before
        segments += [1] * len(before)
    return ids, segments


def _telling(context: Sequence[Turn]) -> list[Turn]:
    """The last turn that was not the customer's, and the customer's last, oldest first."""
    last = {turn.author == "customer": place for place, turn in enumerate(context)}
    return [context[place] for place in sorted(last.values())]


def _named(text: str) -> str:
    """Emoji by their names, for the vocabulary has none: at most PICTURES, a row of one as one."""
    if text.isascii():
        return text
    return _PICTURE.sub(_name, _SKIN.sub("", text), count=PICTURES)


def _name(picture: re.Match[str]) -> str:
    return f" {unicodedata.name(picture[1], '').lower()} "


def _valid(text: str) -> str:
    """Lone surrogates are no Unicode text; the tokenizer would refuse them."""
    return text.encode("utf-8", "replace").decode()
