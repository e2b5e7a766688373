"""What a message says: numbers, industry, language, tasks; and the issue it names."""

import pytest

from services.reply.issue import issue_in
from services.reply.memory import Memory
from services.reply.plain import language_of, plain, sentences
from services.reply.references import references_in
from services.reply.turn import CustomerTurn
from services.reply.understanding import industry_of, understand


@pytest.mark.parametrize(
    ("text", "industry", "found"),
    [
        ("where is order 48213", "retail", {"order_number": "48213"}),
        ("ORD-48213 please", "retail", {"order_number": "48213"}),
        ("order #52803 says delivered", "retail", {"order_number": "52803"}),
        ("#52803", "retail", {"order_number": "52803"}),
        ("my bag six zero two four four", "airline", {"bag_number": "60244"}),
        ("pedido siete cero cuatro seis seis", "health", {"order_number": "70466"}),
        ("INV-30117 and CLM-73310", "", {"bill_number": "INV-30117", "claim_number": "CLM-73310"}),
        ("APPT-3391", "health", {"appointment_number": "APPT-3391"}),
        ("TRV30499", "travel", {"booking_reference": "TRV-30499"}),
        ("confirmation K7QX2M", "airline", {"booking_reference": "K7QX2M"}),
        ("send it to [ADDRESS_1]", "retail", {"new_address": "[ADDRESS_1]"}),
        ("my [EMAIL_2]", "bank", {"email": "[EMAIL_2]"}),
        ("the debit card", "bank", {"card_kind": "debit"}),
        ("debit and credit card", "bank", {}),
        ("in six months", "health", {"months": "6"}),
        ("three parts works", "utilities", {"months": "3"}),
        ("power out in Cedar Falls", "utilities", {"area": "Cedar Falls"}),
        ("it costs $48213", "retail", {}),
        ("I was there in 2024", "retail", {}),
        ("41882 on the meter", "utilities", {"number": "41882"}),
    ],
)
def test_finds_numbers_and_names(text: str, industry: str, found: dict[str, str]) -> None:
    assert references_in(text, industry) == found


@pytest.mark.parametrize(
    ("stated", "industry"),
    [
        ("retail", "retail"),
        ("Banking", "bank"),
        ("e-commerce", "retail"),
        ("health_care", "health"),
        ("Energy & water utility", "utilities"),
        ("auto insurance", "insurance"),
        ("zoo", ""),
        ("", ""),
    ],
)
def test_knows_industries_by_their_usual_names(stated: str, industry: str) -> None:
    assert industry_of(stated) == industry


@pytest.mark.parametrize(
    ("text", "stated", "before", "language"),
    [
        ("¿Dónde está mi pedido?", "", "", "es"),
        ("where is my order", "es", "es", "en"),
        ("ok", "", "es", "es"),
        ("48213", "es-MX", "", "es"),
        ("hmm", "", "", "en"),
    ],
)
def test_tells_english_from_spanish(text: str, stated: str, before: str, language: str) -> None:
    assert language_of(text, stated, before) == language


def test_brings_hurried_typing_to_a_plain_form() -> None:
    assert plain("Plz HELP, I didnt recieve it!!! Its sooo late…") == (
        "please help, i didn't receive it!!! its so late..."
    )
    assert plain("Número [PERSON_1] siete cero cuatro seis seis") == "numero [person_1] 70466"
    assert sentences("one. two? three") == ["one.", "two?", "three"]


def test_a_number_alone_asks_how_it_stands() -> None:
    turn = CustomerTurn("c", "m", "CLM-73310", industry="insurance")
    understood = understand(turn, Memory())
    assert understood.tasks == ("claim_status",)
    assert understood.by_number


def test_takes_no_task_that_the_industry_does_not_have() -> None:
    turn = CustomerTurn("c", "m", "cancel TRV-30418 please", industry="travel")
    assert understand(turn, Memory()).tasks == ("booking_status",)


def test_guesses_the_industry_where_nobody_said_it() -> None:
    turn = CustomerTurn("c", "m", "my flight was cancelled and I am at the gate")
    assert understand(turn, Memory()).industry == "airline"
    assert understand(CustomerTurn("c", "m", "hello"), Memory(industry="bank")).industry == "bank"


@pytest.mark.parametrize(
    ("text", "issue"),
    [
        ("my package still hasn't arrived", "your late package"),
        ("you lost my suitcase", "your missing suitcase"),
        ("the blender came broken", "your damaged blender"),
        ("i got the wrong shoes", "the wrong shoes"),
        ("my card was declined", "your declined card"),
        ("where is my refund, it's late", "your refund"),
        ("i want to cancel my flight", ""),
        ("my password is late", ""),
        ("what are your opening hours", ""),
    ],
)
def test_names_the_issue_in_the_second_person(text: str, issue: str) -> None:
    assert issue_in(text) == issue
