"""How much a word looks like a part of a person's name, and how far a name reaches."""

import functools
from dataclasses import dataclass
from enum import IntEnum

from services.redaction import lexicon
from services.redaction.recognisers.person_words import (
    BRANDS,
    BRANDS_ALSO_PEOPLE,
    FIRMS,
    JOINT_FIRMS,
    MORE_THAN_NAMES,
    NAME_VERBS,
    NATURE,
    NEVER,
    PARTICLES,
    PEOPLE_WORDS,
    PLACES,
    PLACES_ALSO_PEOPLE,
    THINGS,
    TITLES,
)
from services.redaction.tokens import Token


class Look(IntEnum):
    """How a word looks on its own, from "cannot be a name" to "is hardly anything else"."""

    NEVER = 0
    WORD = 1  # an ordinary word that is in no list of names
    UNKNOWN = 2  # in no list at all
    DOUBTFUL = 3  # a name and an ordinary word, a place or a brand ("Rose", "Austin")
    SURNAME = 4
    RARE = 5  # a first name of the long lists
    NAME = 6  # a frequent first name that people do not use as a word


def core(token: Token) -> str:
    """The word without a possessive: "maria's" is "maria"."""
    low = token.low
    if low.endswith("'s"):
        return low[:-2]
    return low[:-1] if low.endswith("'") else low


def core_end(token: Token) -> int:
    """Where the word ends in the text, a possessive left out."""
    return token.start + len(core(token)) if len(token.low) == len(token.text) else token.end


def look(low: str) -> Look:
    low = low.replace("'", "")
    if low in NEVER:
        return Look.DOUBTFUL if lexicon.is_common_first_name(low) else Look.NEVER
    first = lexicon.is_first_name(low)
    surname = lexicon.is_surname(low)
    ordinary = lexicon.is_ordinary(low)
    if not (first or surname):
        return Look.WORD if ordinary else Look.UNKNOWN
    if lexicon.is_frequent(low) and not lexicon.is_common_first_name(low):
        return Look.WORD
    if low in BRANDS or low in PLACES:
        also = low in BRANDS_ALSO_PEOPLE or low in PLACES_ALSO_PEOPLE
        return Look.DOUBTFUL if first or surname or also else Look.WORD
    if ordinary or low in NATURE:
        return Look.DOUBTFUL
    if lexicon.is_common_first_name(low):
        return Look.RARE if low in MORE_THAN_NAMES else Look.NAME
    return Look.RARE if first else Look.SURNAME


@dataclass(frozen=True, slots=True)
class Name:
    """Tokens [first, last] of a name, in code points, and the surest look among them."""

    first: int
    last: int
    start: int
    end: int
    best: Look
    words: int


def capital(token: Token) -> bool:
    return token.text[0].isupper()


def is_name_word(token: Token, cased: bool) -> Look:
    """A word's look where its case counts (`cased`) or says nothing."""
    if not token.word or len(core(token)) < 2:
        return Look.NEVER
    seen = look(core(token))
    if cased and not capital(token) and seen in {Look.DOUBTFUL, Look.WORD}:
        return Look.WORD if seen is Look.WORD else Look.DOUBTFUL
    return seen


def take(
    tokens: list[Token], at: int, cased: bool, trusted: bool, cued: bool = False
) -> Name | None:
    """The name that begins at a token.

    `trusted`: words before it announce a name, so that a word of no list counts too. `cued`:
    they may announce one, so that a surname that is a word too ("Mark Young") is one.
    """
    if at >= len(tokens):
        return None
    opening = is_name_word(tokens[at], cased)
    upper = capital(tokens[at])
    if not _opens(tokens, at, opening, upper and cased, trusted, cued):
        return None
    last, best, words = at, opening, 1
    index = at + 1
    if core(tokens[at]) != tokens[at].low:
        return Name(at, at, tokens[at].start, core_end(tokens[at]), best, words)
    while index < len(tokens) and words < 5:
        step = _next(tokens, index, last, cased and upper, best, trusted, trusted or cued)
        if step is None:
            break
        index, seen = step
        enough = words >= 2 and best >= Look.SURNAME and len(tokens[last].text) > 1
        if not upper and seen is Look.UNKNOWN and enough:
            break
        best = max(best, seen)
        last = index
        words += 1
        if core(tokens[index]) != tokens[index].low:
            break
        index += 1
    return Name(at, last, tokens[at].start, core_end(tokens[last]), best, words)


def _opens(
    tokens: list[Token], at: int, seen: Look, upper: bool, trusted: bool, cued: bool
) -> bool:
    if seen is Look.NEVER:
        return False
    token = tokens[at]
    if trusted:
        if upper:
            return seen is not Look.WORD or lexicon.is_first_name(core(token))
        if seen is Look.DOUBTFUL:
            if core(token) in NEVER:
                # "my name is will": of such words only right behind "is".
                told = at > 0 and tokens[at - 1].low in {"is", "name", "name's", "named", "llamo"}
                return told and _doubtful_lower(tokens, at)
            return _doubtful_lower(tokens, at)
        return seen is not Look.WORD
    if cued and not upper and seen in {Look.UNKNOWN, Look.DOUBTFUL}:
        # "talking to marcus", "my son tunde": what the cue is worth is weighed afterwards.
        low = core(token)
        return lexicon.is_first_name(low) if seen is Look.DOUBTFUL else not is_slip(low)
    return seen >= Look.SURNAME or (upper and seen >= Look.UNKNOWN)


def _doubtful_lower(tokens: list[Token], at: int) -> bool:
    """A lower-case "mark" or "grace" behind "my name is": a first name, not said on."""
    low = core(tokens[at])
    if not lexicon.is_first_name(low) and not lexicon.is_surname(low):
        return False
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    if following is None or following.kind == "sign" or following.low in NEVER:
        return low not in NEVER or lexicon.is_common_first_name(low)
    return lexicon.is_common_first_name(low) or look(core(following)) >= Look.DOUBTFUL


def _next(
    tokens: list[Token],
    index: int,
    last: int,
    upper: bool,
    best: Look,
    trusted: bool,
    cued: bool,
) -> tuple[int, Look] | None:
    """The next word of a name after token `last`, over a hyphen, an initial or a particle."""
    token = tokens[index]
    close = token.start - tokens[last].end
    if token.text == "-" and close == 0 and index + 1 < len(tokens):
        following = tokens[index + 1]
        if following.start == token.end and following.word and (capital(following) or not upper):
            return index + 1, is_name_word(following, upper)
        return None
    if token.text == "." and close == 0 and len(tokens[last].text) == 1 and index + 1 < len(tokens):
        index += 1
        token = tokens[index]
        close = token.start - tokens[index - 1].end
    if not token.word or close > 2 or token.start == tokens[index - 1].end:
        return None
    if len(token.text) == 1:
        # An initial goes on only when a name follows it.
        ahead = index + 1
        if ahead < len(tokens) and tokens[ahead].text == ".":
            ahead += 1
        if ahead >= len(tokens):
            return None
        if not upper and tokens[index + 1].text == "." and tokens[ahead].word:
            # "eleanor p. whitcombe"
            goes_on = not lexicon.is_ordinary(core(tokens[ahead]))
            return (index, Look.UNKNOWN) if goes_on and best >= Look.SURNAME else None
        if not capital(token) or not upper:
            return None
        goes_on = capital(tokens[ahead]) and is_name_word(tokens[ahead], upper) >= Look.UNKNOWN
        return (index, Look.UNKNOWN) if goes_on else None
    low = core(token)
    if low in PARTICLES and index + 1 < len(tokens) and tokens[index + 1].word:
        ahead = index + 1
        if tokens[ahead].low in {"la", "los", "las", "der", "den"} and ahead + 1 < len(tokens):
            ahead += 1
        following = tokens[ahead]
        named = is_name_word(following, upper) >= (Look.UNKNOWN if upper else Look.DOUBTFUL)
        named = named or (
            not upper and best >= Look.RARE and not lexicon.is_frequent(core(following))
        )
        if named and (capital(following) if upper else not lexicon.is_frequent(core(following))):
            return ahead, is_name_word(following, upper)
    seen = is_name_word(token, upper)
    if seen is Look.NEVER or low in TITLES or low in PEOPLE_WORDS:
        return None
    if upper:
        if not capital(token):
            return None
        if low in THINGS and not (lexicon.is_surname(low) and best >= Look.RARE):
            return None
        if seen is Look.WORD:
            surname = lexicon.is_surname(low) and (cued or best >= Look.RARE)
            return (index, seen) if surname or best >= Look.NAME else None
        return index, seen
    if low in NAME_VERBS:
        return None  # "rep ines hung up"
    if seen >= Look.SURNAME:
        return index, seen
    if seen is Look.DOUBTFUL and best is Look.DOUBTFUL and cued and lexicon.is_surname(low):
        # "rose tyler", "bill hart": both are words, and together they close a phrase.
        common = lexicon.is_common_first_name(core(tokens[last]))
        behind = tokens[index + 1] if index + 1 < len(tokens) else None
        closes = behind is None or behind.kind == "sign" or behind.low in {"and", "here", "y"}
        return (index, Look.SURNAME) if common and closes else None
    if seen is Look.DOUBTFUL and best >= Look.RARE:
        return (index, seen) if _ends_here(tokens, index) else None
    if seen is Look.UNKNOWN and (trusted or (best >= Look.NAME and _closes(tokens, index))):
        return index, seen
    return None


_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@functools.lru_cache(maxsize=10_000)
def is_slip(low: str) -> bool:
    """Whether a word of no list is a frequent word with one slip ("confusd", "refnd")."""
    if lexicon.is_ordinary(low):
        return False
    cuts = [(low[:i], low[i:]) for i in range(len(low) + 1)]
    forms = (
        [a + b[1:] for a, b in cuts if b]
        + [a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1]
        + [a + c + b[1:] for a, b in cuts if b for c in _LETTERS]
        + [a + c + b for a, b in cuts for c in _LETTERS]
    )
    wanted = lexicon.is_frequent if len(low) < 6 else lexicon.is_ordinary
    return any(wanted(form) for form in forms)


def _closes(tokens: list[Token], index: int) -> bool:
    """Whether a lower-case word of no list is a surname behind a first name, and no slip."""
    low = core(tokens[index])
    if len(low) < 4 or low.endswith(("ed", "ing", "ly", "es", "nt", "n't")):
        return False
    following = tokens[index + 1] if index + 1 < len(tokens) else None
    return following is None or following.kind == "sign" or following.low in NEVER


def _ends_here(tokens: list[Token], index: int) -> bool:
    """Whether a lower-case surname that is a word too ("stone", "young") closes its phrase."""
    if lexicon.is_frequent(core(tokens[index])) and not lexicon.is_surname(core(tokens[index])):
        return False
    following = tokens[index + 1] if index + 1 < len(tokens) else None
    return (
        following is None
        or following.kind != "word"
        or following.low in NEVER
        or not lexicon.is_surname(following.low)
    )


def is_firm(tokens: list[Token], name: Name) -> bool:
    """A brand, a shop or a place of two words: "Calvin Klein", "Trader Joe's"."""
    at = name.first - 1
    if at > 0 and tokens[at].text == ".":
        at -= 1
    before = tokens[at].low if at >= 0 else ""
    ahead = [token.low for token in tokens[name.last + 1 : name.last + 3]]
    if len(ahead) == 2 and ahead[0] in {"and", "&", "n"}:
        second = ahead[1].removesuffix("'s")
        if (core(tokens[name.last]), second) in JOINT_FIRMS:
            return True
    behind = [token.low for token in tokens[max(0, name.first - 2) : name.first]]
    joined = len(behind) == 2 and behind[1] in {"and", "&", "n"}
    if joined and (behind[0], core(tokens[name.first])) in JOINT_FIRMS:
        return True
    words = [tokens[i].low.replace("'", "") for i in range(name.first, name.last + 1)]
    if "de" in words:
        return False  # "maria de los angeles"
    following = tokens[name.last + 1].low if name.last + 1 < len(tokens) else ""
    line = [before, *words, following]
    return any((line[i], line[i + 1]) in FIRMS for i in range(len(line) - 1))
