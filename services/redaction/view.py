"""One turn as the recognisers see it: text, tokens, numbers, labels, and what was asked."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from services.redaction.entities import ASKED, CHECKED, LABELLED, Author, Kind
from services.redaction.label_words import Meaning, Other
from services.redaction.labels import Label, find_labels
from services.redaction.numbers import Run, Window, read_runs, windows
from services.redaction.tokens import Token, tokenise, word_set

HEALTH_WORDS = word_set(
    """
    health medical doctor doctors insurance insurer copay copays coinsurance deductible
    prescription prescriptions clinic hospital patient patients provider providers medicare
    medicaid hmo ppo dental dentist vision physician nurse pharmacy premium coverage covered
    enrollee subscriber beneficiary therapist surgery mri lab labs diagnosis appointment aetna
    cigna humana kaiser anthem unitedhealthcare bluecross referral specialist preauthorization
    eob seguro médico clínica salud
    """
)
LOYALTY_WORDS = word_set(
    """
    miles points loyalty rewards flyer airline flight flights gym club costco membership elite
    skymiles museum
    """
)
ORDER_WORDS = word_set(
    """
    order orders package packages parcel shipment delivery tracking ticket case claim reference
    confirmation serial model booking reservation flight invoice item items pedido paquete vuelo
    """
)
# Kinds of which people give the last digits.
_COUNTED: tuple[Meaning, ...] = (Kind.CREDIT_CARD, Kind.SSN, Kind.BANK_ACCOUNT, Kind.PHONE)
_CALLED = word_set("text texted texting call called calling dial sms rang ring phoned")
NEAR = 3  # words: a label this close is right before its value
REACH = 13  # words: a label further away says nothing
_MEASURES = word_set(
    """
    hrs hr hours hour days day weeks week minutes minute mins min % percent dollars dollar bucks
    usd times miles points gb mb years year months month yrs lbs kg cents euros pesos dólares
    horas días minutos semanas
    """
)
MOST_ATOMS = 1_000  # of one run: what is longer is withheld
_SENTENCE = 5  # words that the end of a sentence counts for
_LINK = frozenset({"is", "was", "are", "being", "es", "son", "as", "for", "were", "=", "(", ":"})
_ASIDES = word_set("on of for to under with in from de en associated linked")
_DETERMINERS = word_set(
    """
    my the his her our their your a an its this that mi su el la los las de of
    """
)


class TooTangled(Exception):
    """More numbers in a row than anyone has a reason to write: nobody can say what they are."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What the other side asked for; `partial` when it wants some digits only."""

    meaning: Meaning
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Pending:
    """The first part of a value whose rest is to come in the same author's next messages."""

    kind: Kind
    digits: str
    author: Author
    turns_left: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the labels around a place say of the value there."""

    meanings: frozenset[Meaning]
    distance: int
    partial: bool
    weak: bool

    @property
    def near(self) -> bool:
        return self.distance <= NEAR


_SILENT = Verdict(frozenset(), REACH + 1, False, False)


@dataclass
class View:
    """A turn with what the conversation so far tells about it. Built once for each turn."""

    text: str
    author: Author = Author.CUSTOMER
    asks: tuple[Ask, ...] = ()
    pending: Pending | None = None
    topics: frozenset[Meaning] = frozenset()
    continuing: tuple[Kind, ...] = ()
    _left: dict[int, Verdict] = field(default_factory=dict)
    _right: dict[int, Verdict] = field(default_factory=dict)

    @cached_property
    def tokens(self) -> list[Token]:
        return tokenise(self.text)

    @cached_property
    def labels(self) -> list[Label]:
        return find_labels(self.tokens)

    @cached_property
    def labelled_tokens(self) -> frozenset[int]:
        return frozenset(i for label in self.labels for i in range(label.first, label.last + 1))

    @cached_property
    def runs(self) -> list[Run]:
        return read_runs(self.text, self.tokens, self.labelled_tokens)

    @cached_property
    def atoms_by_last(self) -> dict[int, tuple[Run, int]]:
        """The run and the place in it of the atom that ends at a token."""
        return {atom.last: (run, place) for run in self.runs for place, atom in enumerate(run)}

    @cached_property
    def atoms_by_first(self) -> dict[int, tuple[Run, int]]:
        """The run and the place in it of the atom that begins at a token."""
        return {atom.first: (run, place) for run in self.runs for place, atom in enumerate(run)}

    @cached_property
    def words(self) -> int:
        return sum(1 for token in self.tokens if token.word)

    @cached_property
    def health(self) -> bool:
        """The talk is of health, here or earlier: a "member id" is a health plan's."""
        return self._talks_of(Other.HEALTH, HEALTH_WORDS)

    @cached_property
    def loyalty(self) -> bool:
        """The talk is of points, miles or a club: a "member id" is none of a person's."""
        return self._talks_of(Other.LOYALTY, LOYALTY_WORDS)

    @cached_property
    def orders(self) -> bool:
        """The talk is of orders or flights: a number of no label is sooner one of those."""
        return self._talks_of(Other.LOOKALIKE, ORDER_WORDS)

    def _talks_of(self, topic: Other, words: frozenset[str]) -> bool:
        return topic in self.topics or any(token.low in words for token in self.tokens)

    @cached_property
    def _cost(self) -> list[int]:
        """Words before each token, with the end of a sentence counted as several."""
        cost: list[int] = []
        total = 0
        for i, token in enumerate(self.tokens):
            cost.append(total)
            if token.kind != "sign":
                # What is written without a gap ("C4F7K2P9R") is one word.
                glued = i > 0 and self.tokens[i - 1].kind != "sign"
                total += not (glued and self.tokens[i - 1].end == token.start)
            elif token.text == "\n" or (
                token.text in ".!?"
                and (i + 1 == len(self.tokens) or self.tokens[i + 1].start > token.end)
            ):
                total += 1 if token.text == "\n" else _SENTENCE
        cost.append(total)
        return cost

    def distance(self, first: int, second: int) -> int:
        """Words between two tokens."""
        return self._cost[second] - self._cost[first] - 1

    def windows(self, fewest: int, most: int) -> Iterator[Window]:
        """Numbers of every run with that many digits, longest first within a run's start."""
        for run in self.runs:
            if len(run) > MOST_ATOMS:
                raise TooTangled
            for window in windows(run, fewest, most):
                if not self._is_quantity(window):
                    yield window

    def speaks_of(self, kind: Kind) -> bool:
        """Whether a label or an open question names a kind at all."""
        return kind in self._spoken_of

    @cached_property
    def _spoken_of(self) -> frozenset[Meaning]:
        labelled = {self.resolved(label.meaning) for label in self.labels}
        return frozenset(labelled | {ask.meaning for ask in self.asks})

    def _is_quantity(self, window: Window) -> bool:
        """Money, a duration, or the rest of a number with separators ("1,299.00")."""
        before = self.text[max(0, window.start - 2) : window.start]
        if before.rstrip()[-1:] in {"$", "€", "£"}:
            return True
        if len(before) == 2 and before[1] in ",." and (before[0].isdigit() or before[0] == " "):
            return True
        following = self.tokens[window.last + 1] if window.last + 1 < len(self.tokens) else None
        return following is not None and following.low in _MEASURES

    def _label_index(self, token: int) -> int:
        """How many labels end before this token."""
        low, high = 0, len(self.labels)
        while low < high:
            middle = (low + high) // 2
            if self.labels[middle].last < token:
                low = middle + 1
            else:
                high = middle
        return low

    def label_before(self, token: int) -> int:
        """The index of the nearest label before a token, or -1."""
        return self._label_index(token) - 1

    def left(self, first: int) -> Verdict:
        """The nearest labels before a token: one, or several told in one breath."""
        known = self._left.get(first)
        if known is None:
            known = self._left[first] = self._read_left(first)
        return known

    def _read_left(self, first: int) -> Verdict:
        at = self._label_index(first) - 1
        if at < 0:
            return _SILENT
        at = self._past_aside(at)
        nearest = self.labels[at]
        distance = self.distance(nearest.last, first)
        if distance > REACH:
            return _SILENT
        group = [nearest]
        while at > 0 and len(group) < 6:
            before = self.labels[at - 1]
            if self.distance(before.last, group[-1].first) > 2 or any(
                self.tokens[i].digits for i in range(before.last + 1, group[-1].first)
            ):
                break
            group.append(before)
            at -= 1
        meanings = self._meanings(group)
        return Verdict(
            meanings,
            distance,
            any(label.partial for label in group),
            all(label.weak for label in group),
        )

    def _past_aside(self, at: int) -> int:
        """Of "the phone number on my account is", the phone number counts."""
        label = self.labels[at]
        aside_kinds = {Kind.BANK_ACCOUNT, Kind.CREDIT_CARD}
        if at == 0 or not label.weak or label.first < 2 or label.meaning not in aside_kinds:
            return at
        before = self.labels[at - 1]
        one, two = self.tokens[label.first - 1].low, self.tokens[label.first - 2].low
        aside = (one in _DETERMINERS and two in _ASIDES) or one in _ASIDES
        near = self.distance(before.last, label.first) <= 6
        plain = not any(t.kind == "digits" for t in self.tokens[before.last + 1 : label.first])
        return at - 1 if aside and near and plain and not label.partial else at

    def _meanings(self, group: list[Label]) -> frozenset[Meaning]:
        """Of "member id for flight 12" only the nearest counts where labels contradict."""
        meanings: list[Meaning] = []
        for label in group:
            meaning = label.meaning
            if meaning is Other.LOOKALIKE and meanings:
                break
            meanings.append(self.resolved(meaning))
            if meaning is Other.LOOKALIKE:
                break
        return frozenset(meanings)

    def resolved(self, meaning: Meaning) -> Meaning:
        if meaning is Other.MEMBER:
            return Kind.HEALTH_PLAN_ID if self.health else Other.MEMBER
        if meaning is Kind.HEALTH_PLAN_ID and self.loyalty and not self.health:
            return Other.MEMBER
        if meaning is Other.LAST_FOUR:
            told = [label.meaning for label in reversed(self.labels)]
            asked = [ask.meaning for ask in self.asks]
            for kind in [*told, *asked, *_COUNTED]:
                if kind in _COUNTED and (kind in told or kind in asked or kind in self.topics):
                    return kind
            if any(token.low in _CALLED for token in self.tokens):
                return Kind.PHONE
            low = self.text.lower()
            if "middle" in low or "first three" in low or "first 3" in low:
                return Kind.SSN  # three, two, four: no other number is told so
            return Kind.CREDIT_CARD
        return meaning

    def right(self, last: int) -> Verdict:
        """A label behind a value that names it: "6789 is my pin", "415 555 0132 (cell)"."""
        known = self._right.get(last)
        if known is None:
            known = self._right[last] = self._read_right(last)
        return known

    def _read_right(self, last: int) -> Verdict:
        at = self._label_index(last + 1)
        if at >= len(self.labels):
            return _SILENT
        label = self.labels[at]
        between = self.tokens[last + 1 : label.first]
        if len(between) > 5:
            return _SILENT
        words = [token.low for token in between]
        linked = any(word in _LINK for word in words[:2])
        named = label.last + 1 == len(self.tokens) and set(words) <= {"the", "my", "is"}
        if not linked and words and words != ["-"] and not named:
            return _SILENT
        plain = all(word in _LINK or word in _DETERMINERS or word in "()'s\"" for word in words)
        if not plain:
            return _SILENT
        return Verdict(
            self._meanings([label]), 0 if linked else NEAR - 1, label.partial, label.weak
        )

    def verdict(self, first: int, last: int) -> Verdict:
        """What the labels say: the one right before, else one behind, else one further before."""
        left = self.left(first)
        if left.distance <= 1:
            return left
        right = self.right(last)
        if right.meanings and right.distance < left.distance:
            return right
        return left

    def asked(self, kind: Kind) -> bool:
        return any(ask.meaning is kind for ask in self.asks)

    @cached_property
    def asked_something_else(self) -> bool:
        """A question for an order number and the like is open."""
        return any(ask.meaning is Other.LOOKALIKE for ask in self.asks)

    def sure(self, kind: Kind, first: int, last: int, whole: bool = True) -> float | None:
        """How sure labels and questions make `kind` at tokens [first, last]; None: not at all.

        `whole` says that the value has the full shape of its kind; a part of one needs a label
        that is no ordinary word, or a question for nothing else.
        """
        verdict = self.verdict(first, last)
        if kind in verdict.meanings:
            if whole or verdict.partial:
                return CHECKED - 0.01 * min(verdict.distance, REACH) if verdict.near else LABELLED
            if not verdict.weak and verdict.near:
                return LABELLED
        elif verdict.meanings and (verdict.near or Other.LOOKALIKE in verdict.meanings):
            return None
        if self.asked(kind) and (whole or not self.asked_something_else):
            return ASKED
        return None

    def denied(self, first: int, last: int) -> bool:
        """A label right there says that this is something else than personal data."""
        verdict = self.verdict(first, last)
        return Other.LOOKALIKE in verdict.meanings or Other.MEMBER in verdict.meanings

    def unlabelled(self, first: int, last: int) -> bool:
        return not self.verdict(first, last).meanings

    def token_at(self, place: int) -> int:
        """The token that covers or follows a code point."""
        low, high = 0, len(self.tokens)
        while low < high:
            middle = (low + high) // 2
            if self.tokens[middle].end <= place:
                low = middle + 1
            else:
                high = middle
        return min(low, max(len(self.tokens) - 1, 0))
