"""Placeholders: typed, numbered, the same for the same value, never shared by two people."""

from services.redaction.transcript import redact_transcript


def texts(*lines: str) -> list[str]:
    turns = [{"author": "customer", "text": line} for line in lines]
    return [turn.text for turn in redact_transcript(turns)]


def test_the_same_value_has_the_same_placeholder_however_it_is_written() -> None:
    assert texts(
        "call 415-555-0132",
        "I said (415) 555 0132, or 212-555-0199",
        "my phone is four one five five five five oh one three two",
        "mail me at j.smith@gmail.com",
        "my email is j dot smith at gmail dot com",
    ) == [
        "call [PHONE_1]",
        "I said [PHONE_1], or [PHONE_2]",
        "my phone is [PHONE_1]",
        "mail me at [EMAIL_1]",
        "my email is [EMAIL_1]",
    ]


def test_a_first_name_and_a_surname_go_to_the_person_who_has_both() -> None:
    assert texts(
        "my name is Maria Lopez",
        "Maria here, I mean Ms. Lopez",
        "my name is Maria Elena Lopez",
    ) == ["my name is [PERSON_1]", "[PERSON_1] here, I mean Ms. [PERSON_1]",
          "my name is [PERSON_1]"]  # fmt: skip


def test_two_people_never_share_a_placeholder() -> None:
    first, second, third = texts(
        "my name is Daniela Lopez and my mother is Maria Lopez",
        "Maria is asleep, Daniela answers",
        "is Ms. Lopez there?",
    )
    assert first == "my name is [PERSON_1] and my mother is [PERSON_2]"
    assert second == "[PERSON_2] is asleep, [PERSON_1] answers"
    assert third == "is Ms. [PERSON_3] there?"


def test_the_parts_of_a_value_share_one_placeholder() -> None:
    turns = [
        {"author": "bot", "text": "Please type the card number."},
        {"author": "customer", "text": "4539 1488"},
        {"author": "customer", "text": "0343 6467"},
        {"author": "customer", "text": "again: 4539148803436467"},
    ]
    assert [turn.text for turn in redact_transcript(turns)][1:] == [
        "[CREDIT_CARD_1]", "[CREDIT_CARD_1]", "again: [CREDIT_CARD_1]"
    ]  # fmt: skip


def test_a_security_code_is_not_remembered_even_to_know_it_again() -> None:
    assert texts("cvv 123", "cvv 123") == ["cvv [CVV_1]", "cvv [CVV_2]"]


def test_numbers_go_on_when_old_values_are_forgotten() -> None:
    many = texts(*(f"call 415-555-{n:04d}" for n in range(250)), "call 415-555-0000")
    assert many[249] == "call [PHONE_250]"
    assert many[250] == "call [PHONE_251]"
