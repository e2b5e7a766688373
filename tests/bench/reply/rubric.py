"""What every reply is held to, whoever wrote it and whatever it is about.

Independent of the service's own guard: what the guard lets through must stand here by itself.
"""

import re
from collections.abc import Iterable

LONGEST_WORDS = 120
# Nobody who is upset reads this much.
LONGEST_WORDS_UPSET = 95
NEGATIVE = frozenset({"anxious", "disappointed", "frustrated", "angry", "distressed"})

_NEVER_SAID = (
    ("orders a feeling", r"\bcalm down\b|\brelax\b|\bdon'?t (?:be|get|worry)\b|\bcheer up\b"),
    ("points at repetition", r"\bas (?:i|we) (?:already |just )?(?:said|told|mentioned|wrote)\b"),
    ("claims to be human", r"\bi(?:'m| am) (?:a |not a )(?:real )?(?:human|person|bot)\b"),
    ("blames", r"\byou (?:should have|failed to|forgot|neglected|must have)\b|\byour fault\b"),
    ("hides behind policy", r"\b(?:our|company) policy\b|\bnothing (?:i|we) can do\b"),
    ("plays down", r"\bno big deal\b|\bthese things happen\b"),
    ("claims the feeling", r"\bi know (?:exactly )?how you feel\b"),
    ("stock phrase", r"\bimportant to us\b|\bvalued customer\b|\bdear customer\b|\bkindly\b"),
    ("promise", r"\bi (?:promise|guarantee)\b|\bguaranteed\b"),
    ("left-over of a template", r"\{\w*\}|(?-i:\bNone\b)|\bnull\b|\[[A-Z_]+_\d+\]|<[a-z_]+>"),
    ("slip of the pen", r"([,?!])\1|(?<!\.)\.\.(?!\.)|\s[.,!?]|(?-i:\b(\w+) \2\b)(?<!had had)"),
)  # fmt: skip
_SAYS_BOT = re.compile(r"virtual|\bbot\b|program|virtual|asistente", re.IGNORECASE)
_SAFETY = re.compile(r"\b(?:988|911)\b")
_SPANISH = re.compile(r"[¿¡ñ]|\b(?:el|la|los|las|una|para|con|que|su|por|usted|del|en|se)\b", re.I)
_ENGLISH = re.compile(r"\b(?:the|is|are|you|your|to|of|and|for|with|that|this|it|on|a)\b", re.I)
_FIGURE = re.compile(r"\d+(?:[.,:/-]\d+)*")
_DAY = re.compile(
    r"\b(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february|march|april|"
    r"june|july|august|september|october|november|december|lunes|martes|miércoles|jueves|viernes|"
    r"sábado|domingo|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|"
    r"noviembre|diciembre)\b",
    re.IGNORECASE,
)
# Emergency, the Suicide & Crisis Lifeline, the Domestic Violence Hotline.
_FIXED = frozenset({"911", "988", "1-800-799-7233"})
_MONTHS = {
    "enero": "january", "febrero": "february", "marzo": "march", "abril": "april", "mayo": "may",
    "junio": "june", "julio": "july", "agosto": "august", "septiembre": "september",
    "octubre": "october", "noviembre": "november", "diciembre": "december", "lunes": "monday",
    "martes": "tuesday", "miércoles": "wednesday", "jueves": "thursday", "viernes": "friday",
    "sábado": "saturday", "domingo": "sunday",
}  # fmt: skip


def faults(text: str, asked: str, *, state: str, first: bool, reason: str) -> list[str]:
    """Names of what is wrong with one reply to what was `asked`. `reason` of a hand-over, or ""."""
    if not text.strip():
        return ["silent turn"]
    found = [name for name, pattern in _NEVER_SAID if re.search(pattern, text, re.IGNORECASE)]
    words = len(text.split())
    if words > (LONGEST_WORDS_UPSET if state in NEGATIVE else LONGEST_WORDS):
        found.append("too long")
    if "!" in text and state in NEGATIVE:
        found.append("exclamation mark to someone unwell or cross")
    if first and not _SAYS_BOT.search(text):
        found.append("does not say that it is a bot")
    if reason == "crisis" and not _SAFETY.search(text):
        found.append("crisis without emergency advice")
    spoken, written = language(asked), language(text)
    if spoken and written and spoken != written:
        found.append("another language")
    return found


def language(text: str) -> str:
    """ "es" or "en" by the small words of a text, "" where they tell too little."""
    spanish, english = len(_SPANISH.findall(text)), len(_ENGLISH.findall(text))
    if abs(spanish - english) < 2:
        return ""
    return "es" if spanish > english else "en"


def ungrounded(text: str, sources: Iterable[str]) -> list[str]:
    """Figures, weekdays and months of a reply that no source holds."""
    known = _figures(" ".join(sources))
    listed = re.sub(r"(?m)^\d+\. ", "", text)
    return sorted(_figures(listed) - known - _FIXED)


def _figures(text: str) -> set[str]:
    numbers = {number.rstrip(".,:/-") for number in _FIGURE.findall(text)}
    days = {day.lower() for day in _DAY.findall(text)}
    return numbers | {_MONTHS.get(day, day) for day in days}


def opening(text: str) -> str:
    """The first sentence of a reply, for comparing."""
    return re.split(r"(?<=[.!?:])\s", text.strip(), maxsplit=1)[0].casefold()
