"""What the customer reads when a placeholder cannot be revealed: plain words, never brackets."""

import re

PLACEHOLDER = re.compile(r"\[([A-Z][A-Z_]*)_\d+\]")

# A name that only addresses somebody can go: "Hi [PERSON_1]," or "Thank you, [PERSON_1]."
_GREETED = re.compile(r"\b(Hi|Hello|Hey|Dear|Thanks|Thank you) \[PERSON_\d+\](?=[,.!:])")
_ADDRESSED = re.compile(r", \[PERSON_\d+\](?=[,.!?])")

_WORDS = {
    "PERSON": "the person you named",
    "EMAIL": "the e-mail address you gave",
    "PHONE": "the phone number you gave",
    "SSN": "the social security number you gave",
    "CREDIT_CARD": "the card you gave",
    "CVV": "the security code you gave",
    "CARD_EXPIRY": "the expiry date you gave",
    "BANK_ACCOUNT": "the account you gave",
    "ROUTING_NUMBER": "the routing number you gave",
    "ADDRESS": "the address you gave",
    "DATE_OF_BIRTH": "the date of birth you gave",
    "DRIVER_LICENSE": "the driver's licence you gave",
    "PASSPORT": "the passport you gave",
    "USERNAME": "the user name you gave",
}
_OTHERWISE = "the detail you gave"


def holds_placeholder(text: str) -> bool:
    """Whether there is anything to reveal."""
    return PLACEHOLDER.search(text) is not None


def neutral(text: str) -> str:
    """`text` with every placeholder put in neutral words."""
    text = _GREETED.sub(r"\1", text)
    text = _ADDRESSED.sub("", text)
    return PLACEHOLDER.sub(lambda match: _WORDS.get(match[1], _OTHERWISE), text)
