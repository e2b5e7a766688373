"""Finds personal data with the conversation as the unit: what the other side asked, the first
half of a number in the message before, a name told once and repeated in lower case."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from services.redaction import lexicon
from services.redaction.allowed import Allowed
from services.redaction.entities import CHECKED, GUESSED, SHAPED, Author, Found, Kind, settle
from services.redaction.label_words import Meaning, Other
from services.redaction.memory import MOST_TOPICS, MOST_WORDS, Memory
from services.redaction.questions import find_asks, wants_it_again
from services.redaction.recognisers import (
    address,
    alone,
    bank,
    birth,
    card,
    documents,
    email,
    masked,
    network,
    person,
    phone,
    secrets,
    ssn,
    vehicle,
)
from services.redaction.recognisers.person_tokens import core
from services.redaction.recognisers.streets import streets
from services.redaction.values import digits_of, name_words, value_key
from services.redaction.view import Pending, View

RECOGNISERS: tuple[Callable[[View], list[Found]], ...] = (
    address.find,
    alone.find,
    bank.find,
    birth.find,
    card.find,
    documents.find,
    email.find,
    masked.find,
    network.find,
    phone.find,
    secrets.find,
    ssn.find,
    vehicle.find,
)
# How many digits a whole value has, where parts of it are to be put together.
_WHOLE: dict[Kind, int] = {
    Kind.CREDIT_CARD: 16,
    Kind.PHONE: 10,
    Kind.SSN: 9,
    Kind.ROUTING_NUMBER: 9,
    Kind.BANK_ACCOUNT: 12,
}
_PLACEHOLDER = re.compile(r"\[[A-Z_]{2,20}_\d{1,9}\]")
_CHUNK = re.compile(r"(?<!\S)[^\s()\"'“”]{4,40}(?!\S)")
_REPEATABLE_DIGITS = frozenset(
    {
        Kind.PHONE,
        Kind.SSN,
        Kind.CREDIT_CARD,
        Kind.BANK_ACCOUNT,
        Kind.ROUTING_NUMBER,
        Kind.MEDICAL_RECORD,
        Kind.DRIVER_LICENSE,
    }
)
_REPEATABLE_WORDS = frozenset(
    {
        Kind.USERNAME,
        Kind.DRIVER_LICENSE,
        Kind.PASSPORT,
        Kind.HEALTH_PLAN_ID,
        Kind.MEDICAL_RECORD,
        Kind.VEHICLE_ID,
    }
)
_PATIENCE = 3  # messages of the same author in which the rest of a value may come
_ACKNOWLEDGEMENT = 5  # words: "okay, go ahead" does not close a question
_ECHO = 8  # words of a turn that reads a piece of a value back
_OPEN_TURNS = 4  # messages that a question stays open for


@dataclass(frozen=True, slots=True)
class Reading:
    """What one turn holds, and the memory before and after it.

    `continues` is the index of the finding that goes on with the pending value.
    """

    found: tuple[Found, ...]
    continues: int | None
    before: Memory
    memory: Memory


def read_turn(
    text: str,
    author: Author,
    memory: Memory,
    allowed: Allowed,
    fingerprint: Callable[[str], str],
) -> Reading:
    """Personal data of a turn, and the memory for the next one.

    `fingerprint` makes of a value the key by which the memory knows it again.
    """
    asks = memory.asked_agent if author is not Author.CUSTOMER else memory.asked_customer
    pending = memory.pending
    if pending is not None and pending.author is not author:
        pending = None
    goes_on = memory.continuing if author is Author.CUSTOMER else ()
    view = View(text, author, asks, pending, frozenset(memory.topics), goes_on)
    found = [each for recognise in RECOGNISERS for each in recognise(view)]
    rest = _rest_of_pending(view)
    if rest is not None:
        found.append(rest)
    elif memory.unclaimed and author is Author.CUSTOMER:
        found.extend(_other_half(view, memory.unclaimed))
    taken = [match.span() for match in _PLACEHOLDER.finditer(text)] if "[" in text else []
    known = frozenset(word for each in memory.people for word in each.words)
    never = frozenset(memory.not_people) | person.not_people(view)
    people = person.find(view, known, never)
    told = frozenset(
        word
        for each in settle(found + people)
        if each.kind is Kind.PERSON
        for word in name_words(text[each.start : each.end])
    )
    if told - known:
        # "Ms. Siobhan O'Malley ... about siobhan's order": known from here on.
        people = person.find(view, known | told, never)
    found.extend(people)
    found.extend(_repeated(view, memory, fingerprint))
    kept = [
        each
        for each in settle(found)
        if not allowed.covers(text[each.start : each.end], each.kind)
        and not _company_told(memory, text, each)
        and not any(each.start < end and start < each.end for start, end in taken)
    ]
    continues = None
    if rest is not None:
        places = [i for i, each in enumerate(kept) if each == rest]
        continues = places[0] if places else None
    after = _remember(view, memory, kept, continues, never)
    return Reading(tuple(kept), continues, memory, after)


def hear(text: str, memory: Memory) -> Memory:
    """The memory after a reply of our own bot. It was composed of redacted text and holds no
    value: what counts is what it asks and what it tells of the company."""
    pending = memory.pending
    if pending is not None and pending.author is not Author.BOT:
        pending = None
    view = View(text, Author.BOT, memory.asked_agent, pending, frozenset(memory.topics))
    never = frozenset(memory.not_people) | person.not_people(view)
    return _remember(view, memory, [], None, never)


def _repeated(view: View, memory: Memory, fingerprint: Callable[[str], str]) -> list[Found]:
    """Values of earlier turns that come again with no label: "yes 0142 is mine"."""
    known = {(value.kind, value.key) for value in memory.values}
    kinds = {value.kind for value in memory.values}
    found: list[Found] = []
    for kind in kinds & _REPEATABLE_DIGITS:
        fewest = 2 if kind in memory.continuing and view.words <= _ECHO else 4
        for window in view.windows(fewest, 19):
            if view.denied(window.first, window.last):
                continue
            key = fingerprint(value_key(kind, view.text[window.start : window.end]))
            if (kind, key) in known:
                found.append(Found(window.start, window.end, kind, SHAPED + 0.1))
    for kind in kinds & _REPEATABLE_WORDS:
        for match in _CHUNK.finditer(view.text):
            key = fingerprint(value_key(kind, match.group()))
            if (kind, key) in known:
                end = match.start() + len(match.group().rstrip(".,;:!?)"))
                found.append(Found(match.start(), end, kind, SHAPED + 0.1))
    return found


def _rest_of_pending(view: View) -> Found | None:
    """The digits that go on where an earlier message of the same author stopped."""
    pending = view.pending
    if pending is None or pending.kind not in _WHOLE:
        return None
    missing = _whole_length(pending) - len(pending.digits)
    for window in view.windows(1, max(missing, 1)):
        if len(window.digits) < min(missing, 2):
            continue
        verdict = view.verdict(window.first, window.last)
        other = verdict.meanings - {pending.kind, Other.LAST_FOUR}
        if other and verdict.near:
            continue
        complete = len(window.digits) == missing
        if complete or view.words <= 6:
            return Found(window.start, window.end, pending.kind, CHECKED + 0.015)
    return None


def _other_half(view: View, unclaimed: str) -> list[Found]:
    """The digits that make a card number of those that closed the message before, untold."""
    return [
        Found(window.start, window.end, Kind.CREDIT_CARD, CHECKED + 0.015)
        for window in view.windows(3, 15)
        if card.is_card(unclaimed + window.digits) and not view.denied(window.first, window.last)
    ] + [
        Found(window.start, window.end, Kind.SSN, GUESSED)
        for window in view.windows(4, 4)
        if len(unclaimed) == 5
        and window.whole
        and view.words <= 3
        and not view.orders
        and ssn.is_social(unclaimed + window.digits)
    ]


def _unclaimed(view: View, memory: Memory, found: list[Found]) -> str:
    """Digits that close the customer's message and are nothing so far."""
    if view.author is not Author.CUSTOMER:
        return memory.unclaimed if view.words <= _ACKNOWLEDGEMENT else ""
    if found:
        return ""
    if not view.runs:
        return memory.unclaimed if view.words <= _ACKNOWLEDGEMENT else ""
    last = view.runs[-1]
    digits = "".join(atom.digits for atom in last)
    closes = not any(c.isalnum() for c in view.text[last[-1].end :])
    denied = view.denied(last[0].first, last[-1].last) or view.asked_something_else
    if not closes or denied or any(atom.coded for atom in last) or len(digits) > 15:
        return ""
    whole = memory.unclaimed + digits
    alone = len(view.runs) == 1 and view.words <= _ACKNOWLEDGEMENT
    return whole if alone and len(whole) <= 15 else digits


def _whole_length(pending: Pending) -> int:
    if pending.kind is Kind.CREDIT_CARD and pending.digits.startswith("3"):
        return 15
    if pending.kind is Kind.PHONE and pending.digits.startswith("1"):
        return 11
    if pending.kind is Kind.BANK_ACCOUNT:
        return 17
    return _WHOLE[pending.kind]


def _next_pending(
    view: View, memory: Memory, found: list[Found], continues: int | None
) -> Pending | None:
    """The value that this turn leaves unfinished."""
    pending = memory.pending
    if continues is not None and pending is not None:
        digits = pending.digits + digits_of(
            view.text[found[continues].start : found[continues].end]
        )
        longer = Pending(pending.kind, digits, pending.author, _PATIENCE)
        return longer if len(digits) < _whole_length(longer) else None
    for each in reversed(found):
        if each.kind not in _WHOLE:
            continue
        digits = digits_of(view.text[each.start : each.end])
        first = view.token_at(each.start)
        verdict = view.verdict(first, first)
        partial = verdict.partial or any(
            ask.partial for ask in view.asks if ask.meaning is each.kind
        )
        begun = Pending(each.kind, digits, view.author, _PATIENCE)
        whole = 8 if each.kind is Kind.BANK_ACCOUNT else _whole_length(begun)
        short = 0 < len(digits) < whole
        if each.kind is Kind.PHONE and len(digits) == 7:
            short = False
        at_end = not any(c.isalnum() for c in view.text[each.end :]) or view.words <= 4
        if short and not partial and at_end and view.author is Author.CUSTOMER:
            return begun
        return None
    if any(f.kind is Kind.EMAIL for f in found) and view.asked(Kind.EMAIL):
        value = next(f for f in found if f.kind is Kind.EMAIL)
        if "@" not in view.text[value.start : value.end]:
            return Pending(Kind.EMAIL, "", view.author, _PATIENCE)
    if pending is None:
        return None
    if pending.author is not view.author:
        return pending
    left = pending.turns_left - 1
    return replace(pending, turns_left=left) if left > 0 else None


def _remember(
    view: View, memory: Memory, found: list[Found], continues: int | None, never: frozenset[str]
) -> Memory:
    topics: list[Meaning] = list(memory.topics)
    for meaning in [label.meaning for label in view.labels] + [f.kind for f in found]:
        if isinstance(meaning, Kind) and meaning not in topics:
            topics.append(meaning)
    topics.extend(
        topic
        for topic, talked in (
            (Other.HEALTH, view.health),
            (Other.LOYALTY, view.loyalty),
            (Other.LOOKALIKE, view.orders),
        )
        if talked and topic not in topics
    )
    asks = find_asks(view)
    since = memory.turns_since_ask + 1
    met = memory.answered
    customer, agent = memory.asked_customer, memory.asked_agent
    answered_asks = memory.answered_asks
    if view.author is Author.CUSTOMER:
        answered = {each.kind for each in found}
        customer = tuple(
            ask for ask in customer if ask.meaning not in answered or continues is not None
        )
        met = met or any(ask.meaning in answered for ask in memory.asked_customer)
        answered_asks = (
            tuple(ask for ask in memory.asked_customer if ask.meaning in answered) or answered_asks
        )
        if since > _OPEN_TURNS:
            customer = ()
        if any(ask.meaning is Other.LOOKALIKE for ask in memory.asked_customer) and view.runs:
            customer = tuple(ask for ask in customer if ask.meaning is not Other.LOOKALIKE)
        agent = asks
    else:
        if not asks and wants_it_again(view):
            asks = memory.answered_asks
        if asks:
            customer, since, met = asks, 0, False
        elif since > _OPEN_TURNS or (met and view.words > _ACKNOWLEDGEMENT):
            customer = ()
        agent = () if view.words else agent
    pending = _next_pending(view, memory, found, continues)
    if pending is not None and pending.kind in _WHOLE and view.author is Author.CUSTOMER:
        # The rest is still to come: the question for it stays open.
        open_ask = [ask for ask in memory.asked_customer if ask.meaning is pending.kind]
        customer = tuple(dict.fromkeys([*customer, *open_ask]))
    return replace(
        memory,
        asked_customer=customer,
        asked_agent=agent,
        turns_since_ask=since,
        answered=met,
        answered_asks=answered_asks,
        continuing=_continuing(view, memory, found),
        unclaimed=_unclaimed(view, memory, found),
        pending=pending,
        topics=tuple(topics[-MOST_TOPICS:]),
        not_people=tuple(sorted(never))[-MOST_WORDS:],
        company=_company_words(view, memory),
    )


def _continuing(view: View, memory: Memory, found: list[Found]) -> tuple[Kind, ...]:
    """The kinds of what closes the customer's message, as long as the other side only nods."""
    if view.author is not Author.CUSTOMER:
        nods = view.words <= _ACKNOWLEDGEMENT and "?" not in view.text
        return memory.continuing if nods else ()
    if found:
        at_end = not any(c.isalnum() for c in view.text[found[-1].end :])
        return (found[-1].kind,) if at_end else ()
    return memory.continuing if view.words <= _ACKNOWLEDGEMENT and not view.runs else ()


def _company_words(view: View, memory: Memory) -> tuple[str, ...]:
    """What the company gave as its own, so that the customer may repeat it."""
    if view.author is Author.CUSTOMER:
        return memory.company
    told: list[str] = list(memory.company)
    for each in streets(view):
        if address.company_own(view, each):
            told.append(_street_key(view.text[each.start : each.end]))
    for window in view.windows(7, 15):
        if phone.company_own(view, window):
            told.append(window.digits)
    return tuple(dict.fromkeys(told))[-MOST_WORDS:]


def _street_key(text: str) -> str:
    """The words of the first line of an address, without its numbers."""
    words = [core(token) for token in View(text).tokens if token.word]
    return " ".join(words[:2])


def _company_told(memory: Memory, text: str, found: Found) -> bool:
    if not memory.company:
        return False
    value = text[found.start : found.end]
    if found.kind is Kind.PHONE:
        return digits_of(value) in memory.company
    return found.kind is Kind.ADDRESS and _street_key(value) in memory.company


def load() -> None:
    """Reads the lists of names before the first message comes."""
    lexicon.load()
