"""What only the conversation tells: questions, values in parts, names told before."""

import json
from pathlib import Path

import pytest

from services.redaction.transcript import redact_transcript
from tests.unit.redaction.marked import check

HERE = Path(__file__).parent


def test_masks_a_card_number_split_over_three_messages() -> None:
    check(
        "b: Please type the card number.",
        "c: {CREDIT_CARD|4539 1488}",
        "c: {CREDIT_CARD|0343}",
        "c: {CREDIT_CARD|6467}",
        "c: 6467 points is what I have",
    )


def test_masks_a_card_number_split_with_the_agent_in_between() -> None:
    check(
        "a: what's the card number",
        "c: {CREDIT_CARD|5105 1051}",
        "a: uh huh",
        "c: {CREDIT_CARD|0510}",
        "a: go ahead",
        "c: {CREDIT_CARD|5100}",
    )


def test_masks_a_phone_number_split_over_two_messages() -> None:
    check("b: What number can we call?", "c: {PHONE|(503)}", "c: {PHONE|555 0187}")


def test_does_not_take_advice_on_a_password_for_a_question() -> None:
    check(
        'b: Choose "Forgot password" on the sign-in page and we send a link to your email address.',
        "c: ok that worked, thank you",
    )
    check("b: Tap Reset password, then type the new password.", "c: {PASSWORD|sunny42day}")


def test_knows_an_answer_by_the_question() -> None:
    for question, answer in (
        ("last four of your social?", "{SSN|6789}"),
        ("What are the last four digits of the card?", "{CREDIT_CARD|6789}"),
        ("Which account, the last four digits?", "{BANK_ACCOUNT|6789}"),
        ("Please enter your PIN.", "{PASSWORD|6789}"),
        ("What is your ZIP code?", "{ADDRESS|60614}"),
        ("Which year were you born?", "{DATE_OF_BIRTH|1986}"),
        ("What is the order number?", "6789"),
        ("And the ticket number?", "60614"),
    ):
        check("b: " + question, "c: " + answer)


def test_an_answer_is_known_though_the_agent_nods_first() -> None:
    check(
        "a: can you verify your social for me",
        "c: sure one second",
        "a: okay",
        "c: {SSN|219 09 9481}",
    )


def test_a_question_that_was_answered_is_closed() -> None:
    check(
        "b: What is your phone number?",
        "c: {PHONE|415-555-0132}",
        "b: Thank you, I found two orders, 77120 and 77145.",
        "c: 77145",
    )


def test_finds_a_name_told_once_when_it_comes_again_in_lower_case() -> None:
    check(
        "b: Who am I speaking with?",
        "c: {PERSON|Shanice Okafor}",
        "c: please note that {PERSON|shanice} called twice",
        "a: Thank you Ms. {PERSON|Okafor}",
    )


def test_a_known_name_that_is_a_word_too_needs_its_capital() -> None:
    check("c: This is {PERSON|Mark Young}.", "c: do not mark it, I am too young for that")


def test_a_storm_and_a_product_stay_what_they_are_later_on() -> None:
    check(
        "c: since Hurricane Helene the Billy bookcase is wet",
        "c: does Helene count as a flood? can I return Billy?",
    )


def test_the_bot_s_own_name_is_no_person() -> None:
    check("b: Hi, I'm Ava, your virtual assistant.", "c: are you real Ava?")


def test_the_customer_may_repeat_the_company_s_phone_and_street() -> None:
    check(
        "b: Our line is 415-555-0100 and our store is at 200 Market Street.",
        "c: I called 415-555-0100. Is there parking at 210 Market Street?",
    )


def test_a_value_that_comes_again_without_a_label_is_known() -> None:
    check(
        "a: I see a phone ending in {PHONE|0142}.",
        "c: yes {PHONE|0142} is mine",
        "c: order 0142 is not",
    )


def test_a_member_id_is_personal_in_health_and_not_with_an_airline() -> None:
    check("c: my copay is wrong, member id {HEALTH_PLAN_ID|884920117}")
    check("c: my miles are missing, member id 884920117")


def test_a_transcript_without_punctuation_is_read() -> None:
    check(
        "a: thank you for calling this is {PERSON|monique} can i have your name",
        "c: yeah it's {PERSON|walter kowalski}",
        "a: and the last four of your social {PERSON|walter}",
        "c: {SSN|four four one two}",
        "a: and the zip",
        "c: {ADDRESS|seven eight seven oh four}",
    )


def test_text_that_was_redacted_before_stays_as_it_is() -> None:
    check("c: my name is [PERSON_1] and my card is [CREDIT_CARD_1], born [DATE_OF_BIRTH_1]")


@pytest.mark.parametrize("author", ["customer", "agent", "bot"])
def test_all_authors_are_redacted(author: str) -> None:
    (turn,) = redact_transcript([{"author": author, "text": "ssn 219-09-9481"}])
    assert turn.text == "ssn [SSN_1]"


def test_an_unknown_author_is_refused() -> None:
    with pytest.raises(ValueError):
        redact_transcript([{"author": "nobody", "text": "hello"}])


def test_spans_count_code_points_of_the_original() -> None:
    text = "🙂🙂 ñ call 415-555-0132"
    (turn,) = redact_transcript([{"author": "customer", "text": text}])
    (span,) = turn.entities
    assert (text[span.start : span.end], span.type) == ("415-555-0132", "PHONE")
    assert turn.text == "🙂🙂 ñ call [PHONE_1]"


@pytest.mark.parametrize("file", ["conversations.jsonl", "conversations_held_out.jsonl"])
def test_the_conversations_of_our_own_are_read_well(file: str) -> None:
    """Counts exact spans. What the second file gave when it was new is in docs/privacy.md."""
    right = wrong = missed = clean = touched = 0
    for line in (HERE / file).read_text(encoding="utf-8").splitlines():
        turns = json.loads(line)["turns"]
        extra = 0
        for turn, done in zip(turns, redact_transcript(turns), strict=True):
            gold = {(e["start"], e["end"], e["type"]) for e in turn["entities"]}
            found = {(s.start, s.end, s.type) for s in done.entities}
            right += len(gold & found)
            wrong += len(found - gold)
            missed += len(gold - found)
            extra += len(found)
        if not any(turn["entities"] for turn in turns):
            clean += 1
            touched += extra > 0
    f2 = 5 * right / (5 * right + 4 * missed + wrong)
    assert clean >= 35
    assert touched <= 1
    assert f2 >= 0.97, (right, wrong, missed)
