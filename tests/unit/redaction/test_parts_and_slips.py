"""Values over several messages, slips of the finger in labels, made-up words, masked digits."""

import pytest

from services.redaction.misspelled import label_word
from tests.unit.redaction.marked import check, found_in


def test_masks_a_code_that_comes_in_pieces_of_its_own() -> None:
    check(
        "a: your driver license number please",
        "c: {DRIVER_LICENSE|D412}",
        "c: {DRIVER_LICENSE|5589}",
        "a: mm hm",
        "c: {DRIVER_LICENSE|0017}",
    )


def test_masks_a_birth_date_and_an_address_in_pieces() -> None:
    check("b: Date of birth?", "c: {DATE_OF_BIRTH|july 7}", "c: {DATE_OF_BIRTH|1969}")
    check(
        "b: What's your full address?",
        "c: {ADDRESS|2290 Juniper Street}",
        "c: {ADDRESS|Reno}",
        "c: {ADDRESS|NV 89502}",
    )


def test_masks_the_end_of_an_email_that_follows_its_beginning() -> None:
    check("c: write to {EMAIL|georgia.pell@}", "c: {EMAIL|fastmail.com}")
    check("c: my email is {EMAIL|tara.wheelock}", "c: {EMAIL|@outlook.com}")


def test_the_end_of_a_sentence_about_mail_is_no_address() -> None:
    check("b: You will receive a confirmation email shortly.")
    check("b: Please keep an eye on your email for the update.")
    check("b: What is your email?", "c: ok good.")


def test_a_new_question_ends_what_went_on() -> None:
    check("b: your PIN?", "c: {PASSWORD|4402}", "b: How many boxes came?", "c: 12")


def test_masks_both_halves_of_a_card_number_that_nothing_announces() -> None:
    check("c: It is {CREDIT_CARD|45395787}", "c: {CREDIT_CARD|63621486}")


def test_leaves_halves_that_are_called_an_order_number() -> None:
    check("c: order number is 45395787", "b: And the item?", "c: 63621486")
    check("b: What's your order number?", "c: It is 40012288")


def test_masks_the_half_that_completes_a_card_number() -> None:
    turns = [("customer", "where is my order"), ("customer", "45395787"), ("customer", "63621486")]
    assert found_in(*turns)[2] == [("CREDIT_CARD", "63621486")]


def test_asks_again_when_an_answer_is_refused() -> None:
    check(
        "b: Enter your current password.",
        "c: {PASSWORD|marzipan}",
        "b: That doesn't match.",
        "c: {PASSWORD|Marzipan1}",
    )


@pytest.mark.parametrize(
    ("slip", "word"),
    [
        ("passowrd", "password"),
        ("accuont", "account"),
        ("numbr", "number"),
        ("secuirty", "security"),
        ("nmae", "name"),
    ],
)
def test_reads_a_slip_as_the_label_it_was_meant_to_be(slip: str, word: str) -> None:
    assert label_word(slip) == word


@pytest.mark.parametrize("word", ["tracy", "galaxy", "plater", "birkenstock", "acct", "paso"])
def test_leaves_other_words_alone(word: str) -> None:
    assert label_word(word) == word


def test_masks_values_behind_misspelled_labels() -> None:
    check("c: my soical secuirty nubmer is {SSN|281-40-7735}")
    check("c: accuont numbr {BANK_ACCOUNT|5520917734}")
    check("c: my passowrd {PASSWORD|Orchid_55} does not work")


def test_masks_made_up_words_where_the_talk_is_of_logging_in() -> None:
    check("c: I keep typing {PASSWORD|sunshine84} for my password and it locks me out")
    check("c: reset it to {PASSWORD|Autumn2024!} please")
    check("c: {PASSWORD|Qwerty!234} is not accepted as password")
    check("c: can u log in, user {USERNAME|dtrain} pass {PASSWORD|choochoo9}")


def test_masks_pass_phrases() -> None:
    check("b: Please type a new password.", "c: {PASSWORD|correct horse battery}")
    check("a: the password for phone banking?", "c: it's {PASSWORD|thunder road}")


def test_leaves_what_is_said_of_a_password() -> None:
    check("c: my password is not working")
    check("c: the password must contain 8 characters and a symbol?")
    check("c: password reset mail for order WX-4402 never arrives")
    check("b: Please change those passwords as well.")
    check("c: my return of order #407-XXXXXXXXXXX was rejected")
    check("b: You can reset your password in the app.", "c: it shows E4412 and then 5512")


def test_masks_the_digits_that_a_mask_leaves() -> None:
    check("c: account xxxxxx{BANK_ACCOUNT|2291}")
    check("a: I have xxx-xx-{SSN|9481}")
    check("c: dial *#06# on the phone")


def test_reads_letters_that_stand_for_digits() -> None:
    check("c: call {PHONE|2o2-555-o143}")
    check("c: the card is {CREDIT_CARD|4012 8888 8888 l88l}")
