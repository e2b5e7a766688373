"""What the record, the packet and the course of a feeling look like on the page."""

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.v1 import common_pb2, conversation_pb2, message_pb2, reply_pb2, services_pb2
from services.desk.curve import Felt, curve, words
from services.desk.entries import entry_of, marked
from services.desk.packet import line_of, packet_of
from services.desk.pages import Pages
from services.desk.promises import Promises
from services.desk.words import STATES, WARMTH, state_number, state_word


def said(text: str, author: int = common_pb2.AUTHOR_CUSTOMER, **more: object) -> object:
    ref = message_pb2.MessageRef(message_id="m-1", author=author, agent_id="ada")  # type: ignore[arg-type]
    message = message_pb2.MessageRedacted(
        ref=ref,
        kind=message_pb2.MESSAGE_KIND_TEXT,
        text=text,
        **more,  # type: ignore[arg-type]
    )
    return entry_of(services_pb2.Delivery(position=3, message=message))


@given(st.text(max_size=200))
def test_no_text_becomes_markup(text: str) -> None:
    html = str(marked(text))
    tree = ElementTree.fromstring(f"<p>{html}</p>") if _is_xml(text) else None
    if tree is not None:
        assert {child.tag for child in tree} <= {"button"}
    assert "<script" not in html.lower()


def _is_xml(text: str) -> bool:
    return all(c in "\t\n\r" or "\x20" <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" for c in text)


def test_a_placeholder_is_a_button_that_names_its_kind() -> None:
    html = str(marked("I am [PERSON_1] <b> & [CREDIT_CARD_2]"))
    assert 'data-placeholder="[PERSON_1]"' in html
    assert ">Name 1</button>" in html
    assert ">Card 2</button>" in html
    assert "&lt;b&gt; &amp;" in html


def test_only_what_a_customer_wrote_is_read_for_feelings() -> None:
    customer, agent = said("hello"), said("hi", common_pb2.AUTHOR_AGENT)
    assert customer.readable  # type: ignore[attr-defined]
    assert not agent.readable  # type: ignore[attr-defined]
    withheld = said("", withheld=True)
    assert withheld.kind == "event"  # type: ignore[attr-defined]
    assert not withheld.readable  # type: ignore[attr-defined]


def test_moves_are_told_in_words_and_offers_are_not() -> None:
    def moved(to: int, was: int = 0) -> object:
        changed = conversation_pb2.ConversationChanged(
            to=to,  # type: ignore[arg-type]
            agent_id="ada",
            queue="billing",
            **{"from": was},  # type: ignore[arg-type]
        )
        return entry_of(services_pb2.Delivery(position=1, changed=changed))

    P = conversation_pb2
    assert moved(P.CONVERSATION_STATE_QUEUED).text == "Waiting in billing"  # type: ignore[attr-defined]
    assert moved(P.CONVERSATION_STATE_AGENT).text == "ada has the conversation"  # type: ignore[attr-defined]
    assert moved(P.CONVERSATION_STATE_OFFERED) is None
    assert moved(P.CONVERSATION_STATE_BOT) is None
    back = moved(P.CONVERSATION_STATE_BOT, P.CONVERSATION_STATE_AGENT)
    assert back.text == "Back with the assistant"  # type: ignore[attr-defined]


def test_the_course_is_drawn_with_its_turning_points_and_told_in_words() -> None:
    turns = [Felt("a", "calm", 0.1), Felt("b", "angry", -0.8), Felt("c", "grateful", 0.7)]
    svg = ElementTree.fromstring(str(curve(turns, {"a": True, "b": False})))
    kinds = [each.get("class") for each in svg]
    assert kinds.count("turn worse") == kinds.count("turn better") == 1
    assert [each.get("class") for each in svg if each.tag == "circle"] == [
        "dot calm",
        "dot hot",
        "dot good",
    ]
    told = words(turns, {"a": True, "b": False})
    assert told == (
        "From calm to grateful over 3 turns; lowest at turn 2, angry; worse from turn 1; "
        "better from turn 2."
    )
    assert svg.get("aria-label") == told


@given(
    st.lists(st.tuples(st.sampled_from(STATES), st.floats(-2, 2)), max_size=90),
    st.sets(st.integers(0, 90)),
)
def test_the_course_stays_within_its_picture(
    felt: list[tuple[str, float]], turned: set[int]
) -> None:
    turns = [Felt(str(i), state, valence) for i, (state, valence) in enumerate(felt)]
    svg = str(curve(turns, {str(i): i % 2 == 0 for i in turned}))
    if not turns:
        assert svg == ""
        return
    for circle in ElementTree.fromstring(svg).iter("circle"):
        assert 0 <= float(circle.get("cx", "-1")) <= 320
        assert 0 <= float(circle.get("cy", "-1")) <= 96


def test_every_care_state_has_a_word_and_a_warmth() -> None:
    named = {state_word(n) for n in common_pb2.CareState.values() if n}
    assert named == set(STATES) == set(WARMTH)
    assert all(state_word(state_number(name) or 0) == name for name in STATES)
    assert state_number("sleepy") is None


def test_a_line_says_who_what_and_how_and_escapes_it() -> None:
    assignment = conversation_pb2.Assignment(
        conversation_id="c <1>",
        state=conversation_pb2.CONVERSATION_STATE_OFFERED,
        customer_id="customer-1234567",
        context=reply_pb2.ContextPacket(
            summary="Customer asked for a person about <b>a refund</b>. Feels angry.",
            state=common_pb2.CARE_STATE_ANGRY,
            suggested_opening="I've read everything.",
        ),
    )
    html = Pages().line(line_of(assignment))
    assert "Offered to you" in html
    assert ">angry<" in html
    assert "<b>a refund" not in html
    packet = packet_of(assignment)
    assert packet.who == "Customer 234567"
    assert packet.opening == "I've read everything."


@pytest.mark.parametrize(
    ("queue", "waited", "judged"),
    [
        ("general", 10, "kept"),
        ("general", 90, "at risk"),
        ("general", 120, "broken"),
        ("billing", 200, "kept"),
        ("billing", 300, "broken"),
    ],
)
def test_a_promise_is_judged_by_its_queue(queue: str, waited: float, judged: str) -> None:
    assert Promises(120, {"billing": 300}).judge(queue, waited) == judged
