"""E-mail addresses: typed, mistyped, spoken ("j dot smith at gmail dot com"), obfuscated.

Everything is read outwards from an "@" or its stand-in, so the time is linear in the text.
"""

import re

from services.redaction import lexicon
from services.redaction.entities import ASKED, CHECKED, LABELLED, Author, Found, Kind
from services.redaction.labels import squash
from services.redaction.numbers import NUMBER_WORDS
from services.redaction.recognisers.email_words import (
    AT_WORDS,
    DOT_WORDS,
    ENDINGS,
    JOINT_SIGNS,
    JOINT_WORDS,
    PROVIDERS,
    ROLES,
    STOPS,
)
from services.redaction.tokens import Token
from services.redaction.view import View

_MOST_LOCAL, _MOST_DOMAIN = 64, 255
_GLUED_ENDING = re.compile(rf"(?:{'|'.join(sorted(PROVIDERS))})(?:com|net|org|con)")
_LEAD_IN = re.compile(r"^(?:it.?s|it is|ok|so|first|starts? with)[ ,:]+", re.IGNORECASE)
_SPACED_OUT = re.compile(r"(?<!\S)[\w.-](?: [\w.-]){1,40} @(?: [\w-]){2,40} \.(?: \w){2,5}(?!\S)")
_OPEN_END = re.compile(r"(?<!\S)([A-Za-z0-9](?:[A-Za-z0-9._+-]{0,62}[A-Za-z0-9])?@?)[.,]?\s*\Z")
_DOMAIN_ALONE = re.compile(
    r"(@|at |then at |)((\w[\w-]*)(?:\.[\w-]+)*\.[a-z]{2,6})\.?", re.IGNORECASE
)
_LOCAL = frozenset("abcdefghijklmnopqrstuvwxyz0123456789._%+-'&=~")


def find(view: View) -> list[Found]:
    found: list[Found] = []
    for index, token in enumerate(view.tokens):
        if token.text == "@" or token.low in AT_WORDS or _is_boxed_a(view, index):
            value = _around(view, index)
            if value is not None and not company_own(view, value):
                found.append(value)
    if " @ " in view.text:
        found.extend(
            Found(match.start(), match.end(), Kind.EMAIL, CHECKED + 0.02)
            for match in _SPACED_OUT.finditer(view.text)
        )
    if not found:
        found.extend(_beginning(view))
    if not found:
        found.extend(_domain_alone(view))
    if view.asked(Kind.EMAIL):
        found.extend(_answer_in_parts(view, found))
    return found


def _is_boxed_a(view: View, index: int) -> bool:
    """ "jdoe (a) gmail (.) com"."""
    tokens = view.tokens
    if tokens[index].low != "a" or not 0 < index < len(tokens) - 2:
        return False
    return tokens[index - 1].text + tokens[index + 1].text in {"()", "[]", "{}"}


def _beginning(view: View) -> list[Found]:
    """ "georgia.pell@" or "my email is tara.wheelock" at the end, with the rest to come."""
    match = _OPEN_END.search(view.text)
    if match is None:
        return []
    value = match.group(1)
    first = view.token_at(match.start(1))
    labelled = Kind.EMAIL in view.left(first).meanings and view.left(first).near
    if value.endswith("@"):
        return [Found(match.start(1), match.end(1), Kind.EMAIL, CHECKED)]
    shaped = "." in value or "_" in value or any(c.isdigit() for c in value)
    if labelled and shaped and any(c.isalpha() for c in value):
        return [Found(match.start(1), match.end(1), Kind.EMAIL, LABELLED)]
    return []


def _domain_alone(view: View) -> list[Found]:
    """ "@outlook.com", "at yahoo.com" and nothing else: the end of an address begun before."""
    match = _DOMAIN_ALONE.fullmatch(view.text.strip())
    if match is None or view.author is not Author.CUSTOMER:
        return []
    offset = len(view.text) - len(view.text.lstrip())
    name = match.group(3).lower()
    if match.group(1) != "@" and not (name in PROVIDERS or Kind.EMAIL in view.continuing):
        return []
    start, end = match.start(0 if match.group(1) == "@" else 2), match.end(2)
    return [Found(start + offset, end + offset, Kind.EMAIL, LABELLED)]


def _around(view: View, at: int) -> Found | None:
    """The address around the token that stands for "@"."""
    tokens = view.tokens
    typed = tokens[at].text == "@"
    left_edge, right_edge = at, at
    # "(at)", "[at]", "-at-" and the like.
    if at and at + 1 < len(tokens) and tokens[at - 1].text + tokens[at + 1].text in {
        "()", "[]", "{}", "<>", "--", "__", "**"
    }:  # fmt: skip
        left_edge, right_edge = at - 1, at + 1
    boxed = left_edge != at
    if typed and at and tokens[at - 1].end < tokens[at].start and _glued(tokens, at, at + 1):
        labels = [label for label in view.labels if label.last == at - 1]
        if labels and labels[0].meaning is Kind.USERNAME:
            return None  # "insta @maya.paints"
    if right_edge == at and at + 2 < len(tokens) and tokens[at + 1].text == "-":
        right_edge += 1  # "AT-gmail-DOT-com"
    domain = _domain_end(tokens, right_edge + 1, loose=not typed)
    if domain is None:
        return None
    last, dotted = domain
    provider = _is_provider(tokens[right_edge + 1])
    if typed and not dotted and _GLUED_ENDING.fullmatch(tokens[right_edge + 1].low):
        dotted = True  # "gmailcom"
    if not dotted and not (provider or boxed or typed):
        return None
    shaped = at > 1 and tokens[at - 2].text in "._" and tokens[at - 2].end == tokens[at - 1].start
    if not typed and not boxed and not dotted and not shaped and not _talks_of_mail(view):
        return None
    first = _local_start(view, left_edge - 1, typed)
    if first is None:
        fragment = typed and (dotted or provider) and _glued(tokens, at, at + 1)
        if fragment and (view.asked(Kind.EMAIL) or _pending(view)):
            return Found(tokens[at].start, tokens[last].end, Kind.EMAIL, ASKED)
        return None
    if typed and not dotted and not provider and not _talks_of_mail(view):
        return None
    start = tokens[first].start
    if typed and _glued(tokens, at - 1, at) and _glued(tokens, at, at + 1):
        return Found(start, tokens[last].end, Kind.EMAIL, CHECKED + 0.04)
    return Found(start, tokens[last].end, Kind.EMAIL, CHECKED + 0.01 if dotted else LABELLED)


def _talks_of_mail(view: View) -> bool:
    return view.asked(Kind.EMAIL) or any(
        label.meaning is Kind.EMAIL and view.tokens[label.first].low not in PROVIDERS - {"mail"}
        for label in view.labels
    )


def _pending(view: View) -> bool:
    return view.pending is not None and view.pending.kind is Kind.EMAIL


def _glued(tokens: list[Token], left: int, right: int) -> bool:
    return left >= 0 and right < len(tokens) and tokens[left].end == tokens[right].start


def _is_provider(token: Token) -> bool:
    return token.low in PROVIDERS


def _domain_end(tokens: list[Token], at: int, loose: bool) -> tuple[int, bool] | None:
    """The last token of a domain that begins at `at`, and whether it has an ending ("com")."""
    if at >= len(tokens) or tokens[at].kind == "sign":
        return None
    begun = tokens[at].start
    last = at
    index = at + 1
    dotted = False
    words = 1
    while index < len(tokens) and tokens[index].end - begun < _MOST_DOMAIN:
        token = tokens[index]
        dot = _dot_at(tokens, index, loose)
        if dot is not None:
            follow, after = dot
            if follow >= len(tokens) or tokens[follow].kind == "sign":
                break
            ending = tokens[follow].low in ENDINGS
            close = tokens[follow].start - tokens[last].end <= 1
            if not ending and not close and not loose:
                break
            if dotted and not ending:
                break
            if not ending and tokens[follow].digits:
                break
            last = follow
            dotted = dotted or ending or (close and len(tokens[follow].low) >= 2)
            index = after
            continue
        if dotted:
            break
        if token.text in "-_" and _glued(tokens, index - 1, index):
            index += 1
            if index < len(tokens) and tokens[index].kind != "sign":
                last = index
                index += 1
            continue
        if token.kind != "sign" and _glued(tokens, index - 1, index):
            last = index
            index += 1
            continue
        if token.low in ENDINGS and token.low in {"com", "net", "org", "con"} and loose:
            return index, True
        # "at work mail dot org", "at g mail dot com": at most two more words before the dot.
        if loose and token.word and words < 3 and _dot_follows(tokens, index + 1):
            words += 1
            last = index
            index += 1
            continue
        break
    return last, dotted


def _dot_follows(tokens: list[Token], index: int) -> bool:
    for ahead in (index, index + 1):
        dot = _dot_at(tokens, ahead, loose=True)
        if dot is not None and dot[0] < len(tokens) and tokens[dot[0]].low in ENDINGS:
            return True
    return False


def _dot_at(tokens: list[Token], index: int, loose: bool) -> tuple[int, int] | None:
    """A dot in any guise at `index`: the token after it, and the index after that one."""
    if index >= len(tokens):
        return None
    token = tokens[index]
    if token.text == ".":
        # A full stop ends a sentence where only what follows it stands apart.
        following = tokens[index + 1] if index + 1 < len(tokens) else None
        apart = following is not None and following.start > token.end
        if apart and tokens[index - 1].end == token.start:
            return None
        return index + 1, index + 2
    if token.text == "," and index + 1 < len(tokens):
        following = tokens[index + 1]
        # "gmail,com" is a slip of the finger.
        if following.low in {"com", "net", "org", "edu"} and following.start == token.end:
            return index + 1, index + 2
        return None
    if token.low in DOT_WORDS:
        return index + 1, index + 2
    if (
        token.text in {"(", "[", "{", "-", "<"}
        and index + 3 < len(tokens)
        and (tokens[index + 1].low in DOT_WORDS or tokens[index + 1].text == ".")
        and tokens[index + 2].text in {")", "]", "}", "-", ">"}
    ):
        return index + 3, index + 4
    return None


def _local_start(view: View, at: int, typed: bool) -> int | None:
    """The first token of the part before the "@", read backwards from token `at`."""
    tokens = view.tokens
    if at < 0:
        return None
    first: int | None = None
    index = at
    limit = tokens[at].end - _MOST_LOCAL * 2
    joined = True
    while index >= 0 and tokens[index].start >= limit:
        token = tokens[index]
        if first is not None and _boxed_dot(tokens, index):
            first, index, joined = index - 2, index - 3, True
            continue
        glued = first is not None and token.end == tokens[first].start
        if token.kind == "sign":
            spaced = typed and token.text in "._-" and index and tokens[index - 1].word
            if spaced and not glued and tokens[at + 1].start > tokens[at].end:
                # "maria . chen @ gmail . com"
                joined = True
                first = index - 1
                index -= 2
                continue
            if token.text in JOINT_SIGNS and (glued or (typed and index == at)):
                if index == 0 or tokens[index - 1].end != token.start:
                    if token.text in {"-", "'", "&"}:
                        break
                    return first if tokens[index - 1].end != token.start else index
                joined = True
                first = index
                index -= 1
                continue
            break
        if (
            typed
            and first is not None
            and not glued
            and not {token.low, tokens[first].low} & JOINT_WORDS
        ):
            break
        if first is None:
            apart = tokens[at + 1].start - token.end if at + 1 < len(tokens) else 0
            if typed and apart > 1:
                break
            if token.low in STOPS and not (typed and apart == 0):
                return None
            first = index
            joined = token.low in JOINT_WORDS
            index -= 1
            continue
        if glued or typed:
            first = index
            joined = token.low in JOINT_WORDS
            index -= 1
            continue
        step = _spoken_step(view, index, first, joined)
        if step is None:
            break
        first, joined = step
        index = first - 1
    while first is not None and first < at and tokens[first].low in JOINT_WORDS:
        first += 1
    if first is None or (tokens[first].kind == "sign" and tokens[first].text not in "_+"):
        return None
    return first


def _boxed_dot(tokens: list[Token], index: int) -> bool:
    """Whether "(dot)" or the like ends at a token."""
    if index < 3 or tokens[index].text not in {")", "]", "}", ">"}:
        return False
    return tokens[index - 1].low in DOT_WORDS and tokens[index - 2].text in {"(", "[", "{", "<"}


def _spoken_step(view: View, index: int, first: int, joined: bool) -> tuple[int, bool] | None:
    """One more word of a spoken local part, going left; None where it begins."""
    tokens = view.tokens
    token = tokens[index]
    before = tokens[first]
    if token.low in JOINT_WORDS:
        return index, True
    if index >= 2 and tokens[index - 1].low in {"in", "for", "like"}:
        # "s as in sam", "b like boy": the word explains the letter.
        letter = index - 3 if tokens[index - 2].low == "as" else index - 2
        if letter >= 0 and len(tokens[letter].text) == 1 and tokens[letter].word:
            return letter, False
    if joined:
        # "dot", "underscore" joins whatever stands before it.
        return (index, False) if token.low not in {"is", "es", "it's", "its"} else None
    if len(token.text) == 1 and len(before.text) == 1:
        return index, False
    if token.low in STOPS:
        return None
    if token.digits or token.low in NUMBER_WORDS:
        return index, False
    if before.digits or before.low in NUMBER_WORDS:
        return index, False
    if len(token.text) == 1:
        return index, False
    if len(before.text) == 1 or _follows_is(tokens, index) or lexicon.is_name(token.low):
        return (index, False) if not lexicon.is_frequent(token.low) else None
    return None


def _follows_is(tokens: list[Token], index: int) -> bool:
    """Whether "is" or "it's" stands just before: "my email is blue heron at ..."."""
    return index > 0 and squash(tokens[index - 1].low) in {"is", "its", "es"}


def _answer_in_parts(view: View, found: list[Found]) -> list[Found]:
    """ "maria.lopez88" alone, when the address was asked for and the rest is to come."""
    text = view.text.strip()
    if view.asked(Kind.USERNAME):
        return []
    text = _LEAD_IN.sub("", text).rstrip(".,!?")
    if found or not text or len(text) > _MOST_LOCAL or " " in text:
        return []
    if not set("._") & set(text) and not any(c.isdigit() for c in text):
        plain = lexicon.is_ordinary(text.lower()) or len(text) < 5
        if plain or view.author is not Author.CUSTOMER:
            return []
    if not set(text.lower()) <= _LOCAL or not any(c.isalpha() for c in text):
        return []
    start = view.text.index(text)
    return [Found(start, start + len(text.rstrip(".,")), Kind.EMAIL, LABELLED)]


def company_own(view: View, value: Found) -> bool:
    """A role's address (support@, returns@) that nobody says is theirs."""
    local = view.text[value.start : value.end].lower().replace(" at ", "@").split("@")[0].strip()
    if local.replace(" ", "") not in ROLES:
        return False
    if view.author is not Author.CUSTOMER:
        return True
    first = view.token_at(value.start)
    return not any(
        token.low in {"my", "mi", "mine"} for token in view.tokens[max(0, first - 5) : first]
    )
