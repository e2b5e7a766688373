"""Names the customer's own issue in the second person: "your late package". Pure.

Only words of these lists are ever used, so that nothing a customer types is echoed by accident.
"""

import re

_THINGS = (
    r"(?P<thing>order|package|parcel|delivery|shipment|refund|return|flight|bag|suitcase|luggage|"
    r"bill|invoice|statement|premium|claim|card|debit card|credit card|account|password|internet|"
    r"wifi|phone|router|power|appointment|booking|reservation|trip|hotel|room|prescription|refill|"
    r"app|subscription|transfer|deposit|policy|service|connection|laptop|shoes|headphones|"
    r"jacket|coat|desk|table|lamp|tv|screen|machine|blender|grinder|kettle|dress|shirt|toy|bike)"
)
_PROBLEMS: tuple[tuple[str, str], ...] = (
    (r"late|delayed|overdue|(?:has|have|is|was)(?:n'?t| not) (?:arrived|come|here)|"
     r"(?:did|has)n'?t (?:arrive|come|show)\w*|still (?:not|hasn'?t)", "late"),
    (r"missing|lost|gone|disappeared|vanished|never (?:came|arrived|got)", "missing"),
    (r"broken|broke|cracked|damaged|smashed|scratched|shattered|dented", "damaged"),
    (r"cancelled", "cancelled"),
    (r"declined|refused|rejected", "declined"),
    (r"denied", "denied"),
    (r"locked", "locked"),
    (r"wrong", "wrong"),
    (r"slow", "slow"),
    (r"stolen", "stolen"),
)  # fmt: skip
_NEAR = r"(?:\W+\w+){0,4}\W+"
_PAIRS = tuple(
    (re.compile(rf"\b{_THINGS}\b{_NEAR}(?:{problem})\b|\b(?:{problem})\W+(?:my |the |your )?"
                rf"{_THINGS.replace('?P<thing>', '?P<other>')}\b"), adjective)
    for problem, adjective in _PROBLEMS
)  # fmt: skip
# Pairs that would not be said.
_SILLY = frozenset(
    {
        ("late", "account"), ("late", "password"), ("late", "internet"), ("late", "wifi"),
        ("late", "power"), ("late", "phone"), ("late", "app"), ("late", "card"),
        ("late", "policy"), ("late", "service"), ("late", "room"), ("late", "hotel"),
        ("late", "screen"), ("late", "subscription"), ("late", "bill"), ("late", "claim"),
        ("missing", "power"), ("missing", "internet"), ("missing", "bill"),
        ("missing", "appointment"), ("missing", "flight"), ("missing", "password"),
        ("missing", "service"), ("missing", "app"), ("missing", "policy"), ("late", "trip"),
        ("damaged", "app"), ("damaged", "bill"), ("damaged", "account"), ("damaged", "claim"),
        ("damaged", "flight"), ("damaged", "refund"), ("damaged", "internet"),
        ("damaged", "power"), ("damaged", "service"), ("damaged", "card"),
        ("damaged", "delivery"), ("damaged", "return"), ("damaged", "appointment"),
        ("declined", "order"), ("declined", "account"), ("declined", "power"),
        ("locked", "order"), ("locked", "bill"), ("locked", "room"), ("cancelled", "claim"),
        ("cancelled", "password"), ("cancelled", "power"), ("cancelled", "bill"),
        ("cancelled", "card"), ("cancelled", "account"), ("slow", "account"),
        ("slow", "bill"), ("slow", "card"), ("slow", "power"), ("slow", "claim"),
        ("denied", "order"), ("denied", "package"), ("denied", "bill"), ("denied", "policy"),
        ("denied", "trip"), ("wrong", "account"), ("wrong", "power"), ("wrong", "internet"),
        ("wrong", "service"), ("wrong", "flight"), ("stolen", "power"), ("stolen", "bill"),
        ("stolen", "internet"), ("stolen", "refund"), ("late", "statement"),
        ("late", "headphones"), ("late", "table"), ("late", "machine"),
    }
)  # fmt: skip


def issue_in(text: str) -> str:
    """The issue that a plain English text names, such as "your missing bag", or ""."""
    for pattern, adjective in _PAIRS:
        match = pattern.search(text)
        if match is None:
            continue
        thing = match.group("thing") or match.group("other")
        if (adjective, thing) in _SILLY or adjective in thing:
            continue
        if adjective in ("late", "missing", "wrong") and thing in ("refund", "return"):
            return f"your {thing}"
        if adjective == "cancelled" and re.search(r"\b(?:i|we) cancelled\b|\bto cancel\b", text):
            continue
        determiner = "the" if adjective == "wrong" else "your"
        return f"{determiner} {adjective} {thing}"
    return ""
