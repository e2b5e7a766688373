"""What the packet says of the way so far."""

from dataclasses import replace

from services.reply.briefing import attempts, avoid, sources, want
from services.reply.memory import Memory
from services.reply.turn import CustomerTurn, PastTurn

TURN = CustomerTurn("c1", "m3", "Get me a person!", state="angry")
MEMORY = Memory(
    turn=3,
    tried=("action:order_status", "article:retail-late-packages"),
    action="order_status",
    facts=(("status", "shipped"), ("expected", "Friday")),
    references=(("order_number", "48213"),),
    turns=(
        PastTurn("customer", "Hello. Where is my order 48213?", "calm"),
        PastTurn("bot", "It is shipped."),
        PastTurn("customer", "My package is still late!", "frustrated"),
        PastTurn("bot", "Packages can be late."),
        PastTurn("customer", "Get me a person!", "angry"),
    ),
)


def test_the_want_is_the_newest_turn_that_names_an_issue_in_the_customers_words() -> None:
    assert want(MEMORY) == "“My package is still late!”"
    assert want(replace(MEMORY, turns=MEMORY.turns[:1])) == "“Hello. Where is my order 48213?”"
    assert want(Memory()) == "The customer asked for a person and has written nothing yet."


def test_a_long_want_is_cut_at_a_sentence_or_else_at_a_word() -> None:
    long = PastTurn("customer", "Where is it? " + "I waited and waited. " * 20)
    assert want(Memory(turns=(long,))).endswith("waited.”")
    endless = PastTurn("customer", "where " * 80)
    assert want(Memory(turns=(endless,))).endswith(" …”")
    assert len(want(Memory(turns=(endless,)))) < 190


def test_what_was_tried_comes_with_what_came_of_it() -> None:
    assert attempts(MEMORY, TURN) == (
        ("Looked up or did: order status", "status: shipped, expected: Friday"),
        ("Answered from “Retail late packages”", "customer angry after it"),
    )
    assert [each.title for each in sources(MEMORY)] == ["Order status", "Retail late packages"]


def test_what_to_avoid_names_what_was_said_and_asked_already() -> None:
    said = avoid(replace(MEMORY, wrong=1), reason="repeated_failure", hot=True)
    assert said[0].startswith("“Calm down”")
    assert "Again: Retail late packages" in said
    assert "Asking for the order number: it is 48213" in said
    assert len(said) <= 4


def test_danger_comes_first_and_grief_is_not_cheered_up() -> None:
    said = avoid(replace(MEMORY, grief=True), reason="crisis", hot=False)
    assert said[0].startswith("Leaving them alone")
    assert said[1].startswith("Cheerful")
