"""What a turn asks the other side for: "last four of your social?", "and the expiry?"."""

import re

from services.redaction.entities import Author, Kind
from services.redaction.label_words import Meaning, Other
from services.redaction.labels import Label
from services.redaction.recognisers.person_cues import NOT_OF_PEOPLE
from services.redaction.tokens import word_set
from services.redaction.view import Ask, View

_REQUESTS = word_set(
    """
    please provide confirm enter share tell give gimme verify need needs may could can would
    what what's whats which who whom who's when where spell repeat type send read have get let
    ready require required state whose how go pull start cuál cual qué que indique dígame digame
    proporcione confirme escriba necesito puede podría me facilite dame deme quién quien dónde
    donde cómo como cuándo under say reply respond take looking want i'll i'd also and now next
    then okay ok great thanks thank perfect got
    """
)


_AGAIN = re.compile(
    r"\b(?:again|once more|one more time|re-?enter|re-?type|confirm it|repeat|"
    r"(?:does|did|is|was)(?: not|n.?t) (?:match|it|right|correct|work|valid|recogni[sz]ed)|"
    r"incorrect|invalid|otra vez|de nuevo)\b",
    re.IGNORECASE,
)
# "the phone number on your account": the account is not asked for.
_ASIDE = frozenset({"on", "of", "for", "to", "under", "with", "in", "at", "from", "de", "en"})
_MENTIONS = frozenset({"on", "the", "this", "that", "a", "via", "by", "with", "en", "from"})
_MENTIONED = frozenset({Kind.PHONE, Kind.BANK_ACCOUNT, Kind.EMAIL, Kind.CREDIT_CARD})
_ADVICE = word_set(
    """
    reset resetting change changing settings link forgot expired recover update rules must safe
    app page never share manager menu restablecer cambiar
    """
)
# "Choose Forgot password": what a button says.
_BUTTONS = frozenset({"forgot", "forgotten", "reset", "change"})
_TELLING = word_set("enter type tell give say what what's which choose create verify confirm")
_DOCUMENTS = frozenset({Kind.PASSPORT, Kind.DRIVER_LICENSE, Kind.HEALTH_PLAN_ID})


def find_asks(view: View) -> tuple[Ask, ...]:
    """Kinds asked for in a turn, in order; LOOKALIKE among them when an order number is."""
    asks: list[Ask] = []
    tokens = view.tokens
    for start, end, question in _sentences(view):
        labels = [label for label in view.labels if start <= label.first < end]
        if not labels:
            continue
        words = {tokens[i].low for i in range(start, end)}
        requested = question or bool(words & _REQUESTS) or end - start <= 6
        if view.author is Author.CUSTOMER:
            requested = question and bool(words & {"your", "you", "who", "what's", "su", "tu"})
        if not requested:
            continue
        for index, label in enumerate(labels):
            meaning = _meaning(view, labels, index)
            if meaning is Kind.PASSWORD:
                named = label.first > 0 and tokens[label.first - 1].low in _BUTTONS
                meaning = None if named or _is_advice(words) else meaning
            if meaning is None:
                continue
            ask = Ask(meaning, label.partial)
            if ask not in asks:
                asks.append(ask)
        if _where_to(words) and Ask(Kind.ADDRESS) not in asks:
            asks.append(Ask(Kind.ADDRESS))
    return tuple(asks[:6])


def wants_it_again(view: View) -> bool:
    """ "That doesn't match.", "Type it again.": the last question is open once more."""
    return _AGAIN.search(view.text) is not None


def _is_advice(words: set[str]) -> bool:
    """ "Go to Settings, then Password.": how to change one, not a question for it."""
    return bool(words & _ADVICE) and not words & _TELLING


def _where_to(words: set[str]) -> bool:
    asked = bool(words & {"where", "dónde", "donde", "dirección"})
    return asked and bool(words & {"send", "ship", "deliver", "mail", "enviamos", "envío", "live"})


def _meaning(view: View, labels: list[Label], index: int) -> Meaning | None:
    label = labels[index]
    tokens = view.tokens
    before = tokens[label.first - 1].low if label.first else ""
    meaning = label.meaning
    if meaning is Kind.PERSON and before in NOT_OF_PEOPLE:
        return None
    if meaning is Other.MEMBER or meaning is Other.LAST_FOUR:
        resolved = view.resolved(meaning)
        return Other.LOOKALIKE if resolved is Other.MEMBER else resolved
    if meaning is Other.LOOKALIKE:
        # "order" alone is what the talk is of; "order number" is what is asked for.
        last = tokens[label.last].low
        numbered = last in {"number", "no", "id", "code", "#", "reference", "locator"}
        numbered = numbered or "número" in tokens[label.first].low
        asked = numbered or (len(labels) == 1 and before in {"what", "which", "the", "your"})
        return Other.LOOKALIKE if asked else None
    behind = labels[index + 1] if index + 1 < len(labels) else None
    if (
        label.weak
        and meaning is Kind.CREDIT_CARD
        and behind is not None
        and behind.first == label.last + 1
        and behind.meaning in {Kind.CVV, Kind.CARD_EXPIRY}
    ):
        return None
    two = tokens[label.first - 2].low if label.first > 1 else ""
    aside = before in {"your", "the", "my", "su"} and two in _ASIDE
    if label.weak and aside and len(labels) > 1:
        return None
    if meaning is Kind.CARD_EXPIRY and any(each.meaning in _DOCUMENTS for each in labels):
        return None
    # "the name on the account", "the card was declined": only what is asked for counts.
    mentioned = label.weak and before in _MENTIONS and len(labels) > 1
    return None if mentioned and meaning in _MENTIONED else meaning


def _sentences(view: View) -> list[tuple[int, int, bool]]:
    """Token ranges of sentences, and whether a question mark closes them."""
    tokens = view.tokens
    ranges: list[tuple[int, int, bool]] = []
    start = 0
    for at, token in enumerate(tokens):
        ends = token.text in ".!?\n" and (
            at + 1 == len(tokens) or tokens[at + 1].start > token.end or token.text == "\n"
        )
        if ends:
            if at > start:
                ranges.append((start, at, token.text == "?"))
            start = at + 1
    if start < len(tokens):
        ranges.append((start, len(tokens), False))
    return ranges
