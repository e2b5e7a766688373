"""The last look at a reply before it goes out, whoever composed it. Pure.

A rule's name is all that comes back, never the text.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from services.reply.plain import PLACEHOLDER, plain

LONGEST = 1_200

# Figures of the fixed texts: Suicide & Crisis Lifeline, emergencies, Domestic Violence Hotline.
FIXED_FIGURES = frozenset({"988", "911", "1-800-799-7233"})

_FIGURE = re.compile(
    r"[$€£]?\d+(?:[.,:/-]\d+)*%?|\b(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|"
    r"january|february|march|april|june|july|august|september|october|november|december|lunes|"
    r"martes|miercoles|jueves|viernes|sabado|domingo|two|three|four|five|six|seven|eight|nine|ten|"
    r"eleven|twelve|twenty|thirty|forty|fifty|sixty|ninety|hundred|thousand)\b"
)
_HUMAN = re.compile(
    r"\b(?:i'?m|i am|this is|soy|speaking (?:as|with)) (?:a |an |una |un )?(?:real |actual |live )?"
    r"(?:human(?: being)?|real person|person|man|woman|agent|persona(?: real)?|humano|agente)\b"
    r"|\bmy name is\b|\bas a human\b|\bi'?m not a (?:bot|robot|machine|computer)\b|"
    r"\bno soy un (?:bot|robot)\b"
)
_PERSONAL = re.compile(
    r"[\w.+-]+@[\w-]+\.\w{2,}|\b\d{3}-\d{2}-\d{4}\b|\b(?:\d[ -]?){13,19}\b|"
    r"(?<![\d-])(?:\+?1[ .-]?)?\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}\b"
)
_NEVER_SAID = re.compile(
    r"\bcalm down\b|\brelax\b|\bas i (?:said|told you)\b|\byou should have\b|"
    r"\bthat'?s (?:just )?our policy\b|\byou (?:must|have to) understand\b|\bas an ai\b|"
    r"\blanguage model\b|\bnot my problem\b|"
    r"\byou failed to\b|\bcalmese\b"
)
# What only an action or an article may say of a customer's case.
_DONE_FOR = re.compile(
    r"\b(?:refunded|credited|waived|approved|reversed|upgraded|compensated|reimbursed|forgiven|"
    r"reembolsado|aprobado|devuelto|compensado)\b"
)
# Facts come in English, whatever the language of the reply.
_IN_ENGLISH = {
    "reembolsado": "refunded",
    "aprobado": "approved",
    "devuelto": "returned",
    "compensado": "compensated",
}
_PROMISE = re.compile(r"\b(?:i|we) (?:guarantee|promise)\b|\bguaranteed?\b|\bgarantiz\w+\b")


@dataclass(frozen=True)
class Context:
    """What a reply is held against.

    `sources` are the texts it may take figures from: passages, facts, the customer's own words.
    `granted` are those of them that are ours: what a customer asks for is no source of a promise.
    `grief` says that someone has died, `hot` that the customer is angry or desperate.
    """

    sources: tuple[str, ...] = ()
    granted: tuple[str, ...] = ()
    grief: bool = False
    hot: bool = False


def check(text: str, context: Context) -> tuple[str, ...]:
    """Names of the rules that the text breaks, in a fixed order; () when it may go out."""
    written = plain(text)
    broken = []
    if not text.strip():
        broken.append("empty")
    if len(text) > LONGEST:
        broken.append("too_long")
    if ungrounded(text, context.sources):
        broken.append("ungrounded_figure")
    if _HUMAN.search(written):
        broken.append("claims_to_be_human")
    if _personal(text):
        broken.append("personal_data")
    allowed = {found.upper() for found in PLACEHOLDER.findall(" ".join(context.sources))}
    if any(found.upper() not in allowed for found in PLACEHOLDER.findall(text)):
        broken.append("unknown_placeholder")
    if _NEVER_SAID.search(written):
        broken.append("never_said")
    granted = plain(" ".join(context.granted))
    if _PROMISE.search(written) and not _PROMISE.search(granted):
        broken.append("promise")
    said = _DONE_FOR.findall(written)
    if any(done not in granted and _IN_ENGLISH.get(done, done) not in granted for done in said):
        broken.append("claims_what_was_not_done")
    if "!" in text and (context.grief or context.hot):
        broken.append("exclamation")
    return tuple(broken)


def ungrounded(text: str, sources: Iterable[str]) -> frozenset[str]:
    """Figures of a text (numbers, dates, prices) that no source holds."""
    known = _figures(" ".join(sources))
    # "$60" may be told of what the customer called "60", and "30" of what is "30.".
    bare = {figure.strip("$€£%") for figure in known}
    found = _figures(_without_list_numbers(text)) - FIXED_FIGURES
    return frozenset(f for f in found if f not in known and f.strip("$€£%") not in bare)


def _figures(text: str) -> set[str]:
    return {match.rstrip(".,:/-") for match in _FIGURE.findall(plain(PLACEHOLDER.sub(" ", text)))}


def _without_list_numbers(text: str) -> str:
    return re.sub(r"(?m)^\d+\. ", "", text)


def _personal(text: str) -> bool:
    found = [match.group() for match in _PERSONAL.finditer(text)]
    return any(not any(match.strip() in fixed for fixed in FIXED_FIGURES) for match in found)
