"""Numbers and other parameters are read as customers write and say them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.backoffice.parameters import (
    BAG,
    FORMS,
    ORDER,
    REFUND,
    SPOKEN,
    Form,
    area_of,
    booking_of,
    card_kind_of,
    months_of,
    number_of,
)

WORDS = {str(digit): word for word, digit in reversed(SPOKEN.items())}


@pytest.mark.parametrize(
    "text",
    [
        "48213",
        "#48213",
        "ORD-48213",
        "ord48213",
        "Ord # 48213",
        "order 48213",
        "order no. 48213, please",
        "48 213",
        "48213 two days ago, 3 items",
        "four eight two one three",
        "number four, eight, two, one, three",
        "cuatro ocho dos uno tres",
        "[PERSON_1] ordered 48213",
    ],
)
def test_reads_an_order_number_however_it_is_written(text: str) -> None:
    assert number_of(ORDER, text) == "48213"


@pytest.mark.parametrize(
    "text",
    ["", "the blue one", "48213 or 48231", "[PHONE_1]", "the 3rd one", "4111 1111 1111 1111"],
)
def test_leaves_what_is_no_single_number_to_the_customer(text: str) -> None:
    assert number_of(ORDER, text) is None


def test_a_number_of_another_length_is_looked_up_and_not_guessed_at() -> None:
    assert number_of(ORDER, "order 4821399") == "4821399"


def test_a_prefix_decides_between_two_numbers() -> None:
    assert number_of(REFUND, "refund RF-2041 of 1999") == "RF-2041"
    assert number_of(BAG, "flight 12345, BAG 60217") == "BAG-60217"


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("K7QX2M", "K7QX2M"),
        ("my booking is k7qx2m", "K7QX2M"),
        ("TRV-30418", "TRV-30418"),
        ("trv30418", "TRV-30418"),
        ("TRV 30418", "TRV-30418"),
        ("HJKLMN", "HJKLMN"),
        ("please cancel it", None),
        ("K7QX2M or P3LM8Z", None),
        ("", None),
    ],
)
def test_reads_a_booking_reference(text: str, reference: str | None) -> None:
    assert booking_of(text) == reference


@pytest.mark.parametrize(
    ("text", "months"),
    [("3", 3), ("three months", 3), ("seis", 6), ("2 or 3", None), ("", None), ("soon", None)],
)
def test_reads_a_number_of_months(text: str, months: int | None) -> None:
    assert months_of(text) == months


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("the credit one", "credit"),
        ("mi tarjeta de débito", "debit"),
        ("credit and debit", None),
        ("[CREDIT_CARD_1]", None),
    ],
)
def test_reads_the_kind_of_a_card(text: str, kind: str | None) -> None:
    assert card_kind_of(text) == kind


def test_a_placeholder_names_no_number_no_kind_and_no_place() -> None:
    assert number_of(ORDER, "[BANK_ACCOUNT_48213]") is None
    assert months_of("[PHONE_3]") is None
    assert area_of("[ADDRESS_1]") == ""


def test_a_place_is_the_same_in_any_writing() -> None:
    assert area_of("In  Maple-Grove, please!") == area_of("maple grove") == "maple grove"


forms = st.sampled_from(FORMS)


@given(form=forms, data=st.data())
def test_every_written_number_is_read_back(form: Form, data: st.DataObject) -> None:
    digits = data.draw(st.text("0123456789", min_size=form.digits[0], max_size=form.digits[-1]))
    number = form.written(digits)
    spoken = " ".join(WORDS[digit] for digit in digits)
    for text in (number, number.lower(), f"{form.prefix} {digits}", f"it is #{digits}", spoken):
        assert number_of(form, text) == number


@given(form=forms, text=st.text(max_size=200))
def test_any_text_gives_a_number_of_the_form_or_none(form: Form, text: str) -> None:
    number = number_of(form, text)
    assert number is None or number.removeprefix(f"{form.prefix}-").isdigit()
    reference = booking_of(text)
    assert reference is None or len(reference) == 6 or reference.startswith("TRV-")
    months_of(text), card_kind_of(text), area_of(text)
