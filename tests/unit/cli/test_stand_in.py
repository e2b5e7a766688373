"""Which messages the automatic agent answers."""

from rapport.v1 import common_pb2, conversation_pb2, message_pb2, reply_pb2, services_pb2
from services.cli.stand_in import SETTLED_SECONDS, TRANSITION_SECONDS, Ledger, fitting_line

ME = "agent-1"


def message(
    message_id: str,
    author: common_pb2.Author = common_pb2.AUTHOR_CUSTOMER,
    kind: message_pb2.MessageKind = message_pb2.MESSAGE_KIND_TEXT,
    in_reply_to: str = "",
) -> services_pb2.Delivery:
    ref = message_pb2.MessageRef(message_id=message_id, author=author, in_reply_to=in_reply_to)
    return services_pb2.Delivery(message=message_pb2.MessageRedacted(ref=ref, kind=kind, text="x"))


def reply(to: str) -> services_pb2.Delivery:
    return services_pb2.Delivery(reply=reply_pb2.ReplyCreated(in_reply_to=to))


def moved(state: conversation_pb2.ConversationState, agent_id: str = ME) -> services_pb2.Delivery:
    changed = conversation_pb2.ConversationChanged(to=state, agent_id=agent_id)
    return services_pb2.Delivery(changed=changed)


def taken_over(at: float = 0.0) -> Ledger:
    ledger = Ledger(ME)
    ledger.take(moved(conversation_pb2.CONVERSATION_STATE_AGENT), at)
    return ledger


def due(ledger: Ledger, now: float) -> list[str]:
    return [each.ref.message_id for each in ledger.due(now)]


def test_answers_at_once_what_comes_after_the_take_over() -> None:
    ledger = taken_over()
    later = SETTLED_SECONDS + 1
    ledger.take(message("a"), later)
    assert due(ledger, later) == ["a"]


def test_answers_each_message_once() -> None:
    ledger = taken_over()
    ledger.take(message("a"), 10)
    ledger.answer("a")
    assert due(ledger, 20) == []
    ledger.take(message("b"), 30)
    ledger.take(message("own", author=common_pb2.AUTHOR_AGENT, in_reply_to="b"), 31)
    assert due(ledger, 40) == []


def test_leaves_to_the_bot_what_it_still_answers_around_the_take_over() -> None:
    ledger = Ledger(ME)
    ledger.take(message("a"), 0)
    ledger.take(moved(conversation_pb2.CONVERSATION_STATE_AGENT), 1)
    assert due(ledger, 1.5) == []
    ledger.take(reply("a"), 2)
    assert due(ledger, 100) == []


def test_takes_what_the_bot_left_unanswered_around_the_take_over() -> None:
    ledger = Ledger(ME)
    ledger.take(message("a"), 0)
    ledger.take(moved(conversation_pb2.CONVERSATION_STATE_AGENT), 1)
    assert ledger.next_due() == 1 + TRANSITION_SECONDS
    assert due(ledger, 1 + TRANSITION_SECONDS) == ["a"]


def test_is_silent_while_the_bot_or_another_agent_has_it() -> None:
    ledger = Ledger(ME)
    ledger.take(message("a"), 0)
    assert due(ledger, 100) == []
    ledger.take(moved(conversation_pb2.CONVERSATION_STATE_AGENT, "somebody"), 101)
    assert due(ledger, 200) == []


def test_is_silent_again_after_giving_it_back() -> None:
    ledger = taken_over()
    ledger.take(moved(conversation_pb2.CONVERSATION_STATE_BOT, ""), 5)
    ledger.take(message("a"), 10)
    assert due(ledger, 20) == []
    assert not ledger.over


def test_is_done_when_the_customer_closes_it_or_it_was_closed() -> None:
    ledger = taken_over()
    ledger.take(message("z", kind=message_pb2.MESSAGE_KIND_CONVERSATION_ENDED), 5)
    assert ledger.over
    closed = taken_over()
    closed.take(moved(conversation_pb2.CONVERSATION_STATE_CLOSED), 5)
    assert closed.over


def test_a_line_fits_what_was_said() -> None:
    angry = common_pb2.CARE_STATE_ANGRY
    assert "tell it twice" in fitting_line("This is a joke", angry, 0)
    assert "?" not in fitting_line("When will it come?", angry, 1)
    assert fitting_line("ok thanks a lot", angry, 3) != fitting_line("ok thanks a lot", angry, 4)
