"""Passwords and PINs, and user names: what follows their label, or answers a question."""

import re

from services.redaction import lexicon
from services.redaction.entities import ASKED, CHECKED, LABELLED, SHAPED, Author, Found, Kind
from services.redaction.labels import Label, squash
from services.redaction.numbers import NUMBER_WORDS
from services.redaction.recognisers.passphrases import (
    CHUNK,
    QUOTES,
    bare,
    phrase,
    telling,
    telling_secrets,
)
from services.redaction.recognisers.person_words import NEVER
from services.redaction.tokens import word_set
from services.redaction.view import View

_LINKS = frozenset({"is", "was", "es", "era", ":", "=", "as", "are"})
_SKIP = frozenset(
    [
        "is",
        "was",
        "es",
        "era",
        ":",
        "=",
        "it's",
        "its",
        "it",
        "as",
        "um",
        "uh",
        "-",
        '"',
        "'",
        "“",
        "”",
        "‘",
        "’",
        "my",
        "the",
        "like",
        "just",
        "actually",
        "currently",
        "set",
        "to",
        "now",
        "still",
        "#",
        "number",
        "code",
        "name",
        "for",
        "account",
        "online",
        "login",
        "on",
        "file",
        "your",
        "id",
    ]
)
# What people say of a password rather than tell it.
_SAID_OF = word_set(
    """
    not wrong incorrect correct expired invalid locked blocked working right good bad weak
    strong reset required needed missing different same case too also always never being still
    what the a an my your this that something anything empty blank stolen compromised hacked
    changed updated fine okay ok saved stored hidden long short easy hard safe secure older old
    new in on at by for from of and or but so no yes please page field screen box link email
    rejected refused accepted ready protected sensitive unknown forgotten lost temporary unique
    exactly about because written there here available taken unavailable visible displayed
    super kinda pretty quite totally completely apparently case saying says
    diff well yours mine theirs weird alright missing
    correcta incorrecta no muy sent showing asking sending gone supposed meant due
    case-sensitive i you we they it he she where when how why which who does doesn't do don't
    did didn't can can't will won't would keeps keep isn't wasn't recovery manager reset-link
    policy rules requirements attempts attempt verification change help issue issues problem
    problems
    """
)
_NOT_IN_PHRASE = (_SAID_OF - {"old", "new", "good", "correct"}) | (NEVER - {"march", "may"})
_HANDLE = re.compile(r"(?<![\w@.])@[A-Za-z0-9_](?:[A-Za-z0-9_.]{0,38}[A-Za-z0-9_])?")


def find(view: View) -> list[Found]:
    found = _pins(view)
    for label in view.labels:
        if label.meaning in {Kind.PASSWORD, Kind.USERNAME}:
            value = _after_label(view, label)
            if value is not None:
                found.append(value)
    found.extend(telling_secrets(view))
    for kind in (Kind.PASSWORD, Kind.USERNAME):
        answered = any(each.kind is kind for each in found)
        if view.asked(kind) and view.author is Author.CUSTOMER and not answered:
            found.extend(_answers(view, kind))
    found.extend(_logins(view))
    found.extend(_handles(view))
    return found


def _pins(view: View) -> list[Found]:
    """Digits that are a PIN: labelled or asked for."""
    found: list[Found] = []
    if not view.speaks_of(Kind.PASSWORD):
        return found
    for window in view.windows(3, 12):
        verdict = view.verdict(window.first, window.last)
        label = view.label_before(window.first)
        if label >= 0 and view.tokens[view.labels[label].first].low == "pass" and _is_ticket(view):
            continue
        if Kind.PASSWORD in verdict.meanings and verdict.distance <= 5:
            found.append(Found(window.start, window.end, Kind.PASSWORD, LABELLED + 0.04))
        elif view.asked(Kind.PASSWORD) and not verdict.meanings and window.whole:
            found.append(Found(window.start, window.end, Kind.PASSWORD, ASKED + 0.01))
    return found


_TICKETS = word_set(
    "season boarding ski bus day park ticket train metro transit event backstage hall"
)


def _is_ticket(view: View) -> bool:
    """ "season pass 2025": a pass that lets one in, and is said to nobody."""
    return any(token.low in _TICKETS for token in view.tokens)


def _after_label(view: View, label: Label) -> Found | None:
    tokens = view.tokens
    at = label.last + 1
    linked = False
    while at < len(tokens) and (tokens[at].low in _SKIP) and at - label.last <= 6:
        linked = linked or squash(tokens[at].low) in _LINKS or tokens[at].low in {"it's", "its"}
        at += 1
    if at >= len(tokens) or at in view.labelled_tokens:
        return None
    kind = Kind.PASSWORD if label.meaning is Kind.PASSWORD else Kind.USERNAME
    match = CHUNK.match(view.text, tokens[at].start)
    if match is None:
        return None
    # "(Tul1ps&Rain)": the chunk may have begun with a quote that was skipped.
    start, end = bare(view.text, match.start(), match.end(), kind is Kind.PASSWORD)
    if end - start < 2:
        return _spoken_after(view, at, kind) if linked else None
    value = view.text[start:end]
    if kind is Kind.USERNAME and "@" in value[1:]:
        return None
    low = value.lower().rstrip("!?.")
    if low in NUMBER_WORDS or not any(c.isalnum() for c in value):
        return None
    if telling(value):
        adjacent = at - label.last <= 2
        owned = label.first > 0 and tokens[label.first - 1].low in {"my", "mi"}
        if linked or (adjacent and (owned or not label.weak)) or value.startswith("@"):
            return Found(start, _spoken_tail(view, start, end), kind, CHECKED + 0.01)
        return None
    if low in _SAID_OF or low.endswith(("ing", "n't")) or not value[0].isalnum():
        return None
    if not linked:
        # "my password bluebonnet is rejected": of no list, right behind the label.
        alone = not label.weak and at == label.last + 1 and len(low) >= 5
        plain = lexicon.is_ordinary(low) or lexicon.is_name(low) or not value.isalpha()
        return Found(start, end, kind, SHAPED) if alone and not plain else None
    if label.weak and lexicon.is_ordinary(low):
        return None
    if lexicon.is_ordinary(low) and low.endswith("ed"):
        return None
    if kind is Kind.PASSWORD and label.meaning is Kind.PASSWORD and not label.weak:
        several = phrase(view, start, _NOT_IN_PHRASE)
        if several is not None:
            return Found(start, several, kind, LABELLED)
    tail = _spoken_tail(view, start, end)
    following = view.text[tail:].lstrip(QUOTES + " ")
    ended = (
        not following or following[0] in ".,;!?\n)" or following.lower().startswith(("and ", "y "))
    )
    if not ended and tail == end and lexicon.is_ordinary(low):
        return None
    return Found(start, tail, kind, LABELLED)


_LOGIN = re.compile(
    r"\b(?:user(?:name)?|login|log ?in|id)[ :=]{1,3}(\S{3,40}?)[,;]?\s*"
    r"(?:/|,|and|with|y|\n|&|-)?\s*"
    r"(?:my |the |mi )?(?:pass(?:word|code|wd)?|pw|pwd|pin|clave|contraseña)\b",
    re.IGNORECASE,
)


def _logins(view: View) -> list[Found]:
    """ "user dtrain pass choochoo9": a name to log in with, right before its password."""
    return [
        Found(match.start(1), match.end(1), Kind.USERNAME, LABELLED)
        for match in _LOGIN.finditer(view.text)
        if match.group(1).lower() not in _SAID_OF | _SKIP | NEVER
        and not lexicon.is_frequent(match.group(1).lower())
    ]


def _spoken_tail(view: View, start: int, end: int) -> int:
    """Takes spoken digits and signs behind a word: "blue heron seven seven"."""
    at = view.token_at(start)
    while at < len(view.tokens) and view.tokens[at].end <= end:
        at += 1
    signs = {"dot", "underscore", "dash", "hyphen", "punto", "exclamation", "hashtag", "star",
             "dollar", "pound", "capital", "hash", "asterisk", "percent", "ampersand"}  # fmt: skip
    while at < len(view.tokens):
        token = view.tokens[at]
        if token.low in NUMBER_WORDS:
            end = token.end
        elif token.low in signs and at + 1 < len(view.tokens):
            following = view.tokens[at + 1]
            if following.kind == "sign":
                return token.end
            end = following.end
            at += 1
        else:
            break
        at += 1
    return end


def _spoken_after(view: View, at: int, kind: Kind) -> Found | None:
    """A value of single letters: "username is j t r o y"."""
    tokens = view.tokens
    last = at
    count = 0
    while last < len(tokens) and (
        (tokens[last].word and len(tokens[last].text) == 1) or tokens[last].low in NUMBER_WORDS
        or (tokens[last].digits and len(tokens[last].text) == 1)
    ):  # fmt: skip
        last += 1
        count += 1
    if count < 3:
        return None
    return Found(tokens[at].start, tokens[last - 1].end, kind, LABELLED)


_FILLER_ANSWERS = word_set(
    """
    yes no ok okay sure yeah yep nope hi hello thanks thank sorry what why how i i'm im don't
    dont do not know forgot remember it one the my a please can you wait hold um uh none never
    not- have had set up is it's its i've ive just think should be maybe probably guess either
    believe would
    """
)


def _answers(view: View, kind: Kind) -> list[Found]:
    """The one chunk of a short answer that can be a user name or a password."""
    chunks = list(CHUNK.finditer(view.text))
    if len(chunks) > 8:
        return []
    made_up: list[Found] = []
    plain: list[Found] = []
    for match in chunks:
        start, end = bare(view.text, match.start(), match.end(), kind is Kind.PASSWORD)
        value = view.text[start:end]
        low = value.lower().rstrip("!?.")
        if end - start < 3 or low in _FILLER_ANSWERS or low in _SAID_OF or low in _SKIP:
            continue
        if low in NUMBER_WORDS or (value.isdigit() and kind is Kind.PASSWORD):
            continue
        if "@" in value[1:] and "." in value:
            continue
        if telling(value):
            made_up.append(Found(start, _spoken_tail(view, start, end), kind, ASKED))
        else:
            plain.append(Found(start, _spoken_tail(view, start, end), kind, ASKED - 0.1))
    if kind is Kind.PASSWORD and not made_up:
        told = _phrase_told(view)
        if told is not None:
            return [told]
    if made_up:
        several = any(token.low in {"or", "and", "o", "y"} for token in view.tokens)
        return made_up[: 2 if several else 1]
    if len(chunks) <= 4 and len(plain) == 1:
        return plain
    if (
        chunks
        and len(chunks) <= 3
        and plain
        and lexicon.is_ordinary(view.text[plain[0].start : plain[0].end].lower())
    ):
        return []
    return plain[-1:] if len(chunks) <= 5 else []


_THINKING = word_set("i think maybe probably it it's its should be is that's sure yes um uh")


def _phrase_told(view: View) -> Found | None:
    """An answer of several plain words: "correct horse battery"."""
    at = 0
    while at < len(view.tokens) and (
        view.tokens[at].low in _THINKING or view.tokens[at].kind == "sign"
    ):
        at += 1
    if at >= len(view.tokens):
        return None
    start = view.tokens[at].start
    end = phrase(view, start, _NOT_IN_PHRASE)
    if end is None or any(c.isalnum() for c in view.text[end:]):
        return None
    return Found(start, end, Kind.PASSWORD, ASKED - 0.05)


def _handles(view: View) -> list[Found]:
    """ "@lena.bakes" where a handle is talked of; brands that are merely addressed stay."""
    if "@" not in view.text:
        return []
    talked = any(label.meaning is Kind.USERNAME for label in view.labels)
    if not talked and not view.asked(Kind.USERNAME):
        return []
    found: list[Found] = []
    for match in _HANDLE.finditer(view.text):
        first = view.token_at(match.start())
        verdict = view.left(first)
        if view.asked(Kind.USERNAME) or Kind.USERNAME in verdict.meanings:
            found.append(Found(match.start(), match.end(), Kind.USERNAME, CHECKED))
    return found
