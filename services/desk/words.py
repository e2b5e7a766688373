"""What numbers of the protos are called on the screen. Pure."""

from typing import Any

from rapport.v1 import common_pb2, conversation_pb2

STATES = (
    "grateful",
    "satisfied",
    "calm",
    "confused",
    "anxious",
    "disappointed",
    "frustrated",
    "angry",
    "distressed",
)
"""Care states, the brightest first."""

WARMTH = {
    "grateful": "good",
    "satisfied": "good",
    "calm": "calm",
    "confused": "uneasy",
    "anxious": "uneasy",
    "disappointed": "uneasy",
    "frustrated": "hot",
    "angry": "hot",
    "distressed": "grave",
}
"""The colour of a state; its word always stands beside it."""

HEAT = {"good": 0.0, "calm": 0.1, "uneasy": 0.45, "hot": 0.85, "grave": 1.0}
"""What a message in a state adds to the temperature of a queue, from 0 to 1."""

DISPOSITIONS = {
    "solved": "Solved",
    "refund_sent": "Refund sent",
    "follow_up": "Needs a follow-up",
    "escalated": "Escalated to another team",
    "no_answer": "Customer stopped answering",
    "not_ours": "Not for us",
}

_REASONS = {
    "asked": "asked for a person",
    "crisis": "may be in danger",
    "escalating_emotion": "did not calm down",
    "sensitive": "a matter that needs care",
    "cannot_help": "the assistant could not help",
    "repeated_failure": "had to repeat themselves",
}
_CONVERSATION = {
    "bot": "with the assistant",
    "queued": "waiting",
    "offered": "offered",
    "agent": "with an agent",
    "wrap_up": "to wrap up",
    "closed": "closed",
}
_TYPES = {
    "PERSON": "Name",
    "EMAIL": "E-mail",
    "PHONE": "Phone",
    "SSN": "SSN",
    "CREDIT_CARD": "Card",
    "CVV": "Security code",
    "CARD_EXPIRY": "Card expiry",
    "BANK_ACCOUNT": "Bank account",
    "ROUTING_NUMBER": "Routing number",
    "ADDRESS": "Address",
    "DATE_OF_BIRTH": "Date of birth",
    "DRIVER_LICENSE": "Driver's license",
    "PASSPORT": "Passport",
    "IP_ADDRESS": "IP address",
    "PASSWORD": "Password",
    "MEDICAL_RECORD": "Medical record",
    "HEALTH_PLAN_ID": "Health plan",
    "VEHICLE_ID": "Vehicle",
    "USERNAME": "User name",
}


def word(enum: Any, prefix: str, number: int) -> str:
    """The lower-case word of an enum's value; "" when unspecified or of a newer version."""
    if number == 0 or number not in enum.values():
        return ""
    return str(enum.Name(number)).removeprefix(f"{prefix}_").lower()


def state_word(number: int) -> str:
    """A care state: "angry"."""
    return word(common_pb2.CareState, "CARE_STATE", number)


def state_number(name: str) -> "common_pb2.CareState.ValueType | None":
    """The number of a care state's word; None where there is no such state."""
    return common_pb2.CareState.Value(f"CARE_STATE_{name.upper()}") if name in STATES else None


def trend_word(number: int) -> str:
    """A trend: "escalating"."""
    return word(common_pb2.Trend, "TREND", number)


def reason_words(number: int) -> str:
    """Why a person was called, as a part of a sentence."""
    return _REASONS.get(word(common_pb2.HandoverReason, "HANDOVER_REASON", number), "")


def priority_word(number: int) -> str:
    """A priority: "urgent"."""
    return word(common_pb2.Priority, "PRIORITY", number)


def conversation_state(number: int) -> str:
    """Where a conversation is, as in the protos: "wrap_up"."""
    return word(conversation_pb2.ConversationState, "CONVERSATION_STATE", number)


def conversation_words(state: str) -> str:
    """Where a conversation is, for people."""
    return _CONVERSATION.get(state, state)


def presence_word(number: int) -> str:
    """What an agent says of being there."""
    return word(conversation_pb2.Presence, "PRESENCE", number)


def placeholder_words(placeholder: str) -> str:
    """What stands for "[PERSON_1]" on the screen: "Name 1"."""
    kind, _, number = placeholder.strip("[]").rpartition("_")
    return f"{type_words(kind)} {number}"


def type_words(kind: str) -> str:
    """A type of personal data: "Date of birth"."""
    return _TYPES.get(kind, kind.replace("_", " ").capitalize())
