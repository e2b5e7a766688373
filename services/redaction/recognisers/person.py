"""People's names. Words before a name ("my name is", "Mrs", "my son", "Regards,"), a question
for it, and the lists of names speak for one; brands, places, storms and products against."""

from services.redaction import lexicon
from services.redaction.entities import ASKED, GUESSED, LABELLED, SHAPED, Author, Found, Kind
from services.redaction.recognisers.dates import MONTHS
from services.redaction.recognisers.person_cues import (
    BEFORE_ANSWER,
    Reader,
    cue_for,
    fits_cue,
    phrase_ends,
)
from services.redaction.recognisers.person_spelled import spelled_names
from services.redaction.recognisers.person_tokens import (
    Look,
    Name,
    capital,
    core,
    core_end,
    is_firm,
    is_name_word,
    is_slip,
    take,
)
from services.redaction.recognisers.person_words import (
    ARTICLES,
    ASSISTANTS,
    BEFORE_VERB,
    BRANDS,
    HANDED,
    MODALS,
    MORE_THAN_NAMES,
    NAME_VERBS,
    NEVER,
    PEOPLE_WORDS,
    PETS,
    PLACE_LEADS,
    PLACES,
    PLAIN_VERBS,
    STORMS,
    THINGS,
    TITLES,
)
from services.redaction.tokens import word_set
from services.redaction.view import View

_MONTH_LEADS = word_set(
    """
    in since until by on of last next this early late mid before after during and to
    """
)


def find(
    view: View, known: frozenset[str] = frozenset(), never: frozenset[str] = frozenset()
) -> list[Found]:
    """Names in a turn.

    `known` are words of names told earlier, `never` words that earlier turns showed to be
    products, storms or the bot: both in lower case.
    """
    reader = Reader(view, known, never)
    found: list[Found] = []
    done = -1
    for at, token in enumerate(reader.tokens):
        if at <= done or not token.word or (at in view.labelled_tokens and not capital(token)):
            continue
        name = _name_at(reader, at)
        if name is not None:
            found.append(Found(name[0].start, name[0].end, Kind.PERSON, name[1]))
            done = reader.named_until = name[0].last
    found.extend(spelled_names(reader))
    if view.asked(Kind.PERSON):
        found.extend(_answer(reader))
    return found


def not_people(view: View) -> frozenset[str]:
    """Words that this turn shows to be no person though they look it: storms, products, the bot."""
    reader = Reader(view, frozenset(), frozenset())
    words: set[str] = set()
    for at, token in enumerate(reader.tokens):
        if not token.word or len(token.text) < 3 or not (lexicon.is_name(core(token))):
            continue
        if (
            (reader.before(at) in STORMS | PETS and capital(token))
            or _is_assistant(reader, at)
            or (capital(token) and _is_product(reader, at, at))
        ):
            words.add(core(token))
    return frozenset(words)


def _name_at(reader: Reader, at: int) -> tuple[Name, float] | None:
    token = reader.tokens[at]
    low = core(token)
    if low in reader.known and _is_known(reader, at):
        return _known(reader, at)
    if low in TITLES and not capital(token):
        return None
    seen = is_name_word(token, reader.cased)
    cue = cue_for(reader, at)
    if seen is Look.NEVER:
        return None
    if cue is None and seen < Look.DOUBTFUL:
        return None
    upper = capital(token) and reader.cased
    trusted = cue is not None and cue >= LABELLED
    if upper and not trusted and token.text.isupper() and len(token.text) <= 3:
        return None  # AUD, GTA, LEO: an abbreviation sooner than a name
    if cue is None and seen is Look.DOUBTFUL and not capital(token):
        return _doubtful_alone(reader, at)
    name = take(reader.tokens, at, reader.cased, trusted, cued=cue is not None)
    if name is None or is_firm(reader.tokens, name) or _denied(reader, name, cue):
        return None
    if cue is not None:
        fits = fits_cue(reader, name, cue, upper)
        return (name, cue) if fits else None
    return _uncued(reader, name, upper)


def _doubtful_alone(reader: Reader, at: int) -> tuple[Name, float] | None:
    """ "grace kimball", "marguerite's name": in lower case and words too, that say who they are."""
    token = reader.tokens[at]
    low = core(token)
    if not lexicon.is_common_first_name(low) or low in NEVER or low in MONTHS or low in BRANDS:
        return None
    if low in PLACES or low in MORE_THAN_NAMES or reader.before(at) in ARTICLES:
        return None
    following = reader.after(at)
    if low != token.low:
        owns = following is not None and following.word and not lexicon.is_frequent(low)
        name = Name(at, at, token.start, core_end(token), Look.DOUBTFUL, 1)
        return (name, GUESSED) if owns else None
    if following is None or not following.word or following.start - token.end != 1:
        return None
    surname = core(following)
    sure = lexicon.is_surname(surname) and not lexicon.is_ordinary(surname) and len(surname) > 3
    if not sure or surname in BRANDS or surname in PLACES or surname in THINGS:
        return None
    return Name(at, at + 1, token.start, core_end(following), Look.SURNAME, 2), GUESSED


def _is_known(reader: Reader, at: int) -> bool:
    """A word of a name told before; one that is an ordinary word too needs its capital."""
    token = reader.tokens[at]
    following = reader.after(at)
    thing = following is not None and following.low in THINGS and following.low not in NAME_VERBS
    if reader.before(at) in STORMS or (thing and reader.before(at) in ARTICLES):
        return False
    doubtful = lexicon.is_ordinary(core(token)) or core(token) in NEVER
    if not doubtful:
        return True
    if not capital(token) and core(token) not in NEVER and _acts_in_lower_case(reader, at):
        return True
    if core(token) in MONTHS and reader.before(at) in _MONTH_LEADS:
        return False
    return (capital(token) and reader.cased and not reader.starts_sentence(at)) or (
        capital(token) and reader.starts_sentence(at) and _goes_on_as_name(reader, at)
    )


def _acts_in_lower_case(reader: Reader, at: int) -> bool:
    """ "art has the login": does what people do, where "art" was told to be someone."""
    following = reader.after(at)
    before = reader.before(at)
    if core(reader.tokens[at]) != reader.tokens[at].low:
        return True
    if following is not None and lexicon.is_surname(following.low):
        behind = reader.after(at, 2)
        if following.start - reader.tokens[at].end == 1 and (behind is None or not behind.word):
            return True  # "mark stone" behind "i'm mark"
    acts = following is not None and following.low in NAME_VERBS
    if acts and (at == 0 or before in BEFORE_VERB):
        return True
    ends = following is None or following.text in ",.!?\n"
    return before in HANDED and (ends or acts)


def _goes_on_as_name(reader: Reader, at: int) -> bool:
    following = reader.after(at)
    if (
        following is not None
        and following.low in NAME_VERBS
        and core(reader.tokens[at]) not in NEVER
    ):
        return True
    return following is None or following.low in {",", "."} or following.low in reader.known


def _known(reader: Reader, at: int) -> tuple[Name, float]:
    last = at
    index = at + 1
    tokens = reader.tokens
    if core(tokens[at]) == tokens[at].low:
        name = take(tokens, at, reader.cased, trusted=True)
        if name is not None and name.last > at and capital(tokens[at]):
            return name, LABELLED
        while index < len(tokens) and (
            core(tokens[index]) in reader.known or _continues_known(reader, index, at)
        ):
            if tokens[index].start - tokens[index - 1].end > 2:
                break
            last = index
            index += 1
            if core(tokens[last]) != tokens[last].low:
                break
    start = tokens[at].start
    return Name(at, last, start, core_end(tokens[last]), Look.NAME, last - at + 1), LABELLED


def _continues_known(reader: Reader, index: int, at: int) -> bool:
    """ "saoirse kinsella" behind "saoirse": a surname that was not told before."""
    token = reader.tokens[index]
    low = core(token)
    if not token.word or index - at > 2 or low in NEVER or len(low) < 4:
        return False
    if capital(token) != capital(reader.tokens[at]):
        return False
    plain = lexicon.is_ordinary(low) or is_slip(low) or low in BRANDS or low in THINGS
    return not plain and token.start - reader.tokens[index - 1].end == 1


def _uncued(reader: Reader, name: Name, upper: bool) -> tuple[Name, float] | None:
    """A name by its looks alone: two words of the lists, or one that is hardly anything else."""
    low = core(reader.tokens[name.first])
    opening = is_name_word(reader.tokens[name.first], reader.cased)
    if name.words >= 2:
        first = lexicon.is_first_name(low)
        if upper and first and (opening >= Look.DOUBTFUL):
            if opening is Look.DOUBTFUL and (low in PLACES or low in BRANDS):
                last_low = core(reader.tokens[name.last])
                sure = lexicon.is_surname(last_low) and not lexicon.is_ordinary(last_low)
                return (name, GUESSED) if sure and not reader.starts_sentence(name.first) else None
            if opening is Look.DOUBTFUL and name.best <= Look.DOUBTFUL:
                common = lexicon.is_common_first_name(low)
                return (
                    (name, GUESSED) if common and not reader.starts_sentence(name.first) else None
                )
            return name, SHAPED
        if upper and opening >= Look.SURNAME and not reader.starts_sentence(name.first):
            return name, GUESSED
        if not upper and opening >= Look.NAME:
            return name, GUESSED + 0.05
        if not upper and opening >= Look.RARE and _second_is_sure(reader, name):
            return name, GUESSED
    if opening is Look.NAME and low not in PLACES and low not in BRANDS:
        if upper:
            return name, GUESSED + 0.05
        beside = reader.before(name.first) in HANDED or _acts_unannounced(reader, name)
        return (name, GUESSED) if len(low) >= 4 or (len(low) == 3 and beside) else None
    rare = not upper and name.words == 1 and opening is Look.RARE and len(low) >= 4
    if rare and low not in MORE_THAN_NAMES and _acts_unannounced(reader, name):
        return name, GUESSED
    listed = opening is Look.RARE or (
        opening is Look.SURNAME and reader.before(name.first) not in {"to", "from"}
    )
    if upper and name.words == 1 and listed and _acts(reader, name):
        return name, GUESSED
    if upper and opening is Look.DOUBTFUL and name.words == 1 and lexicon.is_common_first_name(low):
        vocative = reader.before(name.first) == "," and phrase_ends(reader, name)
        acting = _acts(reader, name) and not reader.starts_sentence(name.first)
        if low not in PLACES and low not in BRANDS and low not in NEVER and (vocative or acting):
            return name, GUESSED
    return None


def _acts_unannounced(reader: Reader, name: Name) -> bool:
    """ "linh will pick up", "could fitz call me", "marguerite's name"."""
    following = reader.after(name.last)
    if core(reader.tokens[name.last]) != reader.tokens[name.last].low:
        return True
    if following is None or not following.word:
        return False
    if following.low in PLAIN_VERBS:
        return True
    return reader.before(name.first) in MODALS and not lexicon.is_name(following.low)


def _second_is_sure(reader: Reader, name: Name) -> bool:
    low = core(reader.tokens[name.last])
    return lexicon.is_surname(low) and not lexicon.is_ordinary(low) and len(low) > 3


def _acts(reader: Reader, name: Name) -> bool:
    """Does what people do, or is addressed: "Priscilla promised", ", Oskar."."""
    following = reader.after(name.last)
    if following is not None and following.low in NAME_VERBS:
        return True
    before = reader.before(name.first)
    if before in {"with", "and", "to", "by", "ask", "tell", "told", "from"}:
        return True
    if reader.starts_sentence(name.first) and following is not None and following.text == ",":
        # "Mathilde, can I speak to ...": addressed by name.
        return lexicon.is_first_name(core(reader.tokens[name.first]))
    return before == "," and phrase_ends(reader, name)


def _is_product(reader: Reader, first: int, last: int) -> bool:
    """ "the Billy bookcase", "my Alexa": a thing that has a person's name."""
    following = reader.after(last)
    article = reader.before(first) in ARTICLES or reader.before(first) == "my"
    if following is not None and following.word:
        thing = following.low
        singular = thing[:-1] if thing.endswith("s") else thing
        owned = thing in {"card", "account", "day", "case", "phone", "order"} and not article
        if not owned and (thing in THINGS or singular in THINGS):
            return True
    if reader.before(first) == "that" and following is not None and following.low in NAME_VERBS:
        return False  # "tell him that bernadette called"
    return (
        article
        and reader.before(first) in {"the", "a", "an", "this", "that", "la", "un"}
        and not (_in_family(reader, first, last))
    )


def _in_family(reader: Reader, first: int, last: int) -> bool:
    """ "the Johnson account", "the Lopez family": still about people."""
    following = reader.after(last)
    people = {"family", "residence", "household"} | PEOPLE_WORDS
    return following is not None and following.low in people


def _is_assistant(reader: Reader, at: int) -> bool:
    """ "I'm Ava, your virtual assistant": no person."""
    if reader.view.author is Author.CUSTOMER:
        return False
    ahead = [t.low for t in reader.tokens[at + 1 : at + 7]]
    behind = [t.low for t in reader.tokens[max(0, at - 4) : at]]
    return (
        bool(ASSISTANTS & set(ahead[:6]))
        and (ahead[:1] in ([","], ["-"], ["the"]) or "your" in ahead[:3])
    ) or bool({"bot", "chatbot", "virtual", "automated"} & set(behind))


def _denied(reader: Reader, name: Name, cue: float | None) -> bool:
    words = {core(reader.tokens[i]) for i in range(name.first, name.last + 1)}
    if words & reader.never and name.words == 1:
        return True
    if _is_assistant(reader, name.last):
        return True
    announced = cue is not None and cue >= LABELLED
    glued = reader.after(name.last)
    if glued is not None and glued.text in "_@" and glued.start == reader.tokens[name.last].end:
        return True
    if reader.before(name.first) in STORMS or reader.before(name.first) in PETS:
        return True
    several = name.words > 1 and reader.before(name.first) not in {"the", "this", "these"}
    if not announced and not several and _is_product(reader, name.first, name.last):
        return True
    low = core(reader.tokens[name.first])
    if cue is None and name.words == 1 and reader.before(name.first) in PLACE_LEADS:
        return low in PLACES or reader.before(name.first) not in {"from", "to", "via"}
    if cue is None and name.words == 1 and reader.before(name.first) in {"@", "#"}:
        return True
    following = reader.after(name.last)
    return bool(
        cue is None
        and following is not None
        and following.text in {"&", "'", "/"}
        and name.words == 1
    )


def _answer(reader: Reader) -> list[Found]:
    """The name in a short answer to the question for it, also in lower case and of no list."""
    tokens = reader.tokens
    view = reader.view
    if view.author is not Author.CUSTOMER and view.words > 12:
        return []
    at = 0
    while at < len(tokens) and (
        tokens[at].low in BEFORE_ANSWER or (tokens[at].kind == "sign" and tokens[at].text != "(")
    ):
        at += 1
    if at >= len(tokens) or not tokens[at].word or at > 8:
        return []
    name = take(tokens, at, reader.cased, trusted=True)
    if name is None or is_firm(tokens, name):
        return []
    low = core(tokens[at])
    if name.words == 1 and (
        low in reader.never or (low in BRANDS and not lexicon.is_first_name(low))
    ):
        return []
    if name.best <= Look.UNKNOWN and view.words > 6:
        return []
    doubtful = name.best <= Look.DOUBTFUL and name.words == 1 and not capital(tokens[at])
    if doubtful and not phrase_ends(reader, name):
        return []  # "hurry up!", "block the card"
    comma = reader.after(name.last)
    if comma is not None and comma.text == "," and name.words == 1:
        # "NGUYEN, THI MAI": the surname first.
        given = take(tokens, name.last + 2, reader.cased, trusted=True)
        if given is not None and given.last == len(tokens) - 1 and given.best >= Look.SURNAME:
            return [Found(name.start, given.end, Kind.PERSON, ASKED + 0.01)]
    return [Found(name.start, name.end, Kind.PERSON, ASKED)]
