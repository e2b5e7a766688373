"""Names that are spelled out, letter by letter."""

from services.redaction.entities import ASKED, Found, Kind
from services.redaction.recognisers.person_cues import Reader
from services.redaction.tokens import Token

_SPELLS = frozenset({"spell", "spelled", "spelling", "spelt", "deletreo", "spells"})


def spelled_names(reader: Reader) -> list[Found]:
    """ "k o w a l s k i", "M-A-R-I-A" where a name is asked for or being spelled."""
    view = reader.view
    talked = view.asked(Kind.PERSON) or any(t.low in _SPELLS for t in reader.tokens)
    talked = talked or any(label.meaning is Kind.PERSON for label in view.labels)
    lettered = " as in " in view.text.lower() and not view.runs and not view.asks
    found: list[Found] = []
    tokens = reader.tokens
    at = 0
    while at < len(tokens):
        last, letters = _letters_from(tokens, at)
        spelled = "".join(t.low for t in tokens[at : last + 1] if t.word)
        if letters >= 3 and (talked or lettered or spelled in reader.known):
            found.append(Found(tokens[at].start, tokens[last].end, Kind.PERSON, ASKED))
            at = last + 1
        else:
            at += 1
    return found


def _letters_from(tokens: list[Token], at: int) -> tuple[int, int]:
    """How far single letters go from a token, and how many they are."""
    last, letters, index = at, 0, at
    while index < len(tokens):
        token = tokens[index]
        if token.word and len(token.text) == 1:
            letters += 1
            last = index
            index += 1
            if index + 2 < len(tokens) and (tokens[index].low, tokens[index + 1].low) == (
                "as",
                "in",
            ):
                last = index + 2
                index += 3
        elif token.low == "double" and index + 1 < len(tokens) and len(tokens[index + 1].text) == 1:
            letters += 2
            last = index + 1
            index += 2
        elif (
            token.text in {"-", ",", "."}
            and letters
            and index + 1 < len(tokens)
            and (len(tokens[index + 1].text) == 1 and tokens[index + 1].word)
        ):
            index += 1
        else:
            break
    return last, letters
