"""The words that announce a name, and how much is needed of a name to believe them."""

from dataclasses import dataclass
from functools import cached_property

from services.redaction import lexicon
from services.redaction.entities import LABELLED, SHAPED, Kind
from services.redaction.recognisers.person_tokens import (
    Look,
    Name,
    capital,
    core,
    is_slip,
)
from services.redaction.recognisers.person_words import (
    BRANDS,
    GREETINGS,
    LEADS,
    NEVER,
    PLACES,
    RELATIONS,
    SIGN_OFFS,
    STAFF,
    THINGS,
    TITLES,
    WEAK_LEADS,
    pairs,
)
from services.redaction.tokens import Token, word_set
from services.redaction.view import View

_NAME_LINKS = frozenset({"is", "es", "was", "as", ":", "-", "=", "it's", "its", "be"})


# Leads behind which anything may stand: "this is ridic", "account for autopy".
_OF_THINGS = pairs(
    """
    this is, it is, it's not, i am, i'm not, here is, account for, card for, order for, gift for,
    ticket for, tickets for, policy for, prescription for, meds for, pick up, picked up, name of,
    remove my, add my, under the, para mi, appointment for, contact is, parte de, replaced by,
    care of, made to, goes by, go by, reservation for, delivered to, not mr, holder is, dealing with
    """
)
_GOES_ON = word_set(
    """
    is was said told for but or because about yesterday today in at on back who has had will can
    she he to with and
    """
)
_SELF = frozenset({"i'm", "im", "i´m", "soy", "iam"})


BEFORE_ANSWER = word_set(
    """
    it's its it is under yes yeah yep sure ok okay um uh uhm er my the name that's thats that
    would be hi hello for of course no problem absolutely well so this i'm im i am sí si soy es
    me llamo mi nombre a de first last full on account and maiden surname here you can call
    registered reservation booking should card patient passenger his her their son's mother's
    she he with speaking hey good morning afternoon evening please thanks thank look try maybe
    probably actually both either booked listed in was mr mrs ms dr booked oh lo tiene está
    nombre claro con habla spelled just spell under's
    """
)


NOT_OF_PEOPLE = word_set(
    """
    pet pets dog dogs cat cats company business product brand store school item file street user
    screen host domain network wifi drug medication hotel restaurant model app plan bank
    employer project team device server field game channel street's pet's dog's cat's company's
    city town wi-fi merchant
    """
)


@dataclass
class Reader:
    view: View
    known: frozenset[str]
    never: frozenset[str]
    named_until: int = -2  # the last token of the name found last

    @cached_property
    def tokens(self) -> list[Token]:
        return self.view.tokens

    @cached_property
    def cased(self) -> bool:
        """Whether capitals mean something: the text has both, and not on nearly every word."""
        words = [t for t in self.tokens if t.word and len(t.text) > 1]
        upper = sum(1 for t in words if t.text.isupper())
        return any(capital(t) for t in words) and upper * 3 < len(words) * 2

    def starts_sentence(self, at: int) -> bool:
        if at == 0:
            return True
        before = self.tokens[at - 1]
        return before.text in ".!?\n:" or before.text in '"“¿¡-—('

    def before(self, at: int, steps: int = 1) -> str:
        return self.tokens[at - steps].low if at >= steps else ""

    def after(self, at: int, steps: int = 1) -> Token | None:
        return self.tokens[at + steps] if at + steps < len(self.tokens) else None


def cue_for(reader: Reader, at: int) -> float | None:
    """How strongly the words before (or right behind) a token announce a name."""
    one, two, three = reader.before(at), reader.before(at, 2), reader.before(at, 3)
    if one == "." and two in TITLES:
        return LABELLED + 0.06
    if one in TITLES and not (
        one in {"doctor", "miss", "father", "sr"} and not _capital_at(reader, at)
    ):
        return LABELLED + 0.06
    label = _name_label(reader, at)
    if label is not None:
        return label
    if (two, one) in {("me", "llamo"), ("se", "llama"), ("nombre", "es"), ("nombre", "de")}:
        return LABELLED + 0.02
    if one in _SELF or (two, one) in {
        ("i", "am"),
        ("this", "is"),
        ("call", "me"),
        ("hi", "this"),
        ("we", "are"),
    }:
        return SHAPED
    if (two, one) in LEADS:
        return SHAPED
    if (two, one) in WEAK_LEADS or (three, two, one) in {("i", "was", "on"), ("knows", "me", "as")}:
        return SHAPED - 0.12
    if one in RELATIONS or (one == "," and two in RELATIONS):
        return (
            SHAPED
            if three in {"my", "his", "her", "our", "their", "your", "mi", "su", "a"}
            or (two in {"my", "his", "her", "our", "their", "your", "mi", "su", "tu"})
            else SHAPED - 0.1
        )
    if one == "under":
        return SHAPED
    if one in STAFF or (one == "," and two in STAFF and _is_enclosed(reader, at)):
        return SHAPED - 0.05
    if one in GREETINGS or (one == "you" and two == "thank"):
        return SHAPED - 0.08
    if one in {",", "\n"} and (two in GREETINGS or (two == "," and three in SIGN_OFFS)):
        return SHAPED - 0.08
    if one in {"it's", "its"} and (at < 2 or reader.starts_sentence(at - 1)):
        return SHAPED - 0.1
    if one in {"and", "y", "&", ",", "or"} and reader.named_until == at - 2:
        return SHAPED - (0.15 if one == "," else 0.05)
    if one in {"then", "also"} and two in {"and", ","} and reader.named_until >= at - 4:
        return SHAPED - 0.1
    if one in {"de", "of"} and two in RELATIONS:
        return SHAPED - 0.05
    return _cue_behind(reader, at)


def _capital_at(reader: Reader, at: int) -> bool:
    return capital(reader.tokens[at])


def _cue_behind(reader: Reader, at: int) -> float | None:
    """ "Devin here", "Priya speaking", "Tran is my surname"."""
    if _is_explained(reader, at):
        return SHAPED
    for steps in (1, 2, 3):
        following = reader.after(at, steps)
        if following is None or not following.word:
            return None
        if following.low in {"here", "speaking", "calling"}:
            return SHAPED - 0.1 if steps <= 2 else None
        if not lexicon.is_name(core(following)):
            return None
    return None


def _is_enclosed(reader: Reader, at: int) -> bool:
    """Between two commas, or a comma and the end: "the nurse, will, told me"."""
    following = reader.after(at)
    return following is None or following.text in ",.!?"


def _is_explained(reader: Reader, at: int) -> bool:
    """ "hunter, my son", "lupe is my daughter": said behind the name who it is."""
    following = [reader.after(at, steps) for steps in (1, 2, 3)]
    words = [token.low if token is not None else "" for token in following]
    if words[0] == "who" and reader.before(at) in {"was", "is", "it's", "its"}:
        return lexicon.is_common_first_name(core(reader.tokens[at]))
    return (
        words[0] in {",", "is", "was", "-", "("}
        and words[1] in {"my", "his", "her", "our", "their", "your", "mi", "su", "the"}
        and words[2] in RELATIONS
    )


def _name_label(reader: Reader, at: int) -> float | None:
    """A label such as "my name is" or "account holder:" that governs the token."""
    view = reader.view
    nearest = view.label_before(at)
    for index in range(max(0, nearest - 6), nearest + 1):
        label = view.labels[index]
        if label.meaning is not Kind.PERSON or at - label.last > 6:
            continue
        if label.first and reader.tokens[label.first - 1].low in NOT_OF_PEOPLE:
            continue
        between = [t.low for t in reader.tokens[label.last + 1 : at]]
        linked = any(word in _NAME_LINKS for word in between)
        plain = all(
            word in _NAME_LINKS or word in BEFORE_ANSWER or word in {"#", "of", "on", "\n", ","}
            for word in between
        )
        listless = not lexicon.is_ordinary(core(reader.tokens[at]))
        follows = (
            linked
            or (between in ([], [","]) and capital(reader.tokens[at]))
            or (between == [","] and listless and reader.after(at) is None)
            or (not between and label.first <= 1 and lexicon.is_first_name(core(reader.tokens[at])))
        )
        if plain and follows:
            return LABELLED + 0.04
    return None


def fits_cue(reader: Reader, name: Name, cue: float, upper: bool) -> bool:
    """Whether a name is likely enough for how strong its cue is."""
    if cue >= LABELLED:
        return True
    token = reader.tokens[name.first]
    low = core(token)
    if reader.before(name.first) in {"it's", "its"}:
        behind = reader.after(name.last)
        again = behind is not None and behind.low in {"from", "here", "again", "calling"}
        unknown = name.best is Look.UNKNOWN and again
        return (name.best >= Look.RARE or unknown) and low not in BRANDS and low not in PLACES
    if reader.before(name.first) == "," and reader.before(name.first, 2) in STAFF | RELATIONS:
        return lexicon.is_common_first_name(low) or name.best >= Look.RARE
    common = lexicon.is_common_first_name(low)
    if low in NEVER and not ((upper or name.words > 1) and common):
        return False
    one = reader.before(name.first)
    if upper:
        if name.best >= Look.SURNAME:
            return low not in BRANDS or name.words > 1
        if name.best is Look.DOUBTFUL:
            first = lexicon.is_first_name(low)
            place = low in PLACES or low in BRANDS
            return (first and not place) or (first and one in RELATIONS | STAFF | _SELF)
        # A word of no list, written as a name: "I'm Xolani", "my wife Ngozi".
        strong = cue >= SHAPED - 0.05 and one not in {"for"}
        return name.best is Look.UNKNOWN and strong and low not in THINGS and low not in BRANDS
    if one in _SELF and name.words == 1 and name.best < Look.NAME and is_slip(low):
        return False  # "im callin", "i'm gona"
    if name.best >= Look.RARE:
        return low not in BRANDS and low not in PLACES
    if name.best is Look.SURNAME:
        return name.words > 1 or cue >= SHAPED
    after = reader.after(name.last)
    following = after.low if after is not None else ""
    if name.best is Look.UNKNOWN:
        # In lower case and of no list: "my son tunde", "spoke to bex".
        lead = (reader.before(name.first, 2), one) in LEADS - _OF_THINGS
        if low.endswith(("body", "one", "thing", "in")):
            return False
        told = one in RELATIONS or one in TITLES or one == "named" or lead
        ends = phrase_ends(reader, name) or following in _GOES_ON
        return (told or _is_explained(reader, name.last)) and ends
    if name.best is Look.DOUBTFUL and common and _is_explained(reader, name.last):
        return True
    return (
        name.best is Look.DOUBTFUL
        and common
        and low not in PLACES
        and low not in NEVER
        and (one in RELATIONS or phrase_ends(reader, name) or following == "back")
    )


def phrase_ends(reader: Reader, name: Name) -> bool:
    following = reader.after(name.last)
    return following is None or following.text in ",.!?\n" or following.low in {
        "and", "from", "here", "calling", "again", "y", "de"
    }  # fmt: skip
