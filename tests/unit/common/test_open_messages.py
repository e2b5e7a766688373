"""Which messages of a conversation an agent answers."""

from rapport.v1 import common_pb2, conversation_pb2, message_pb2, reply_pb2, services_pb2
from services.common.open_messages import OpenMessages

ME = "agent-1"
AGENT = conversation_pb2.CONVERSATION_STATE_AGENT
BOT = conversation_pb2.CONVERSATION_STATE_BOT


def message(
    message_id: str,
    sequence: int = 1,
    author: common_pb2.Author = common_pb2.AUTHOR_CUSTOMER,
    kind: message_pb2.MessageKind = message_pb2.MESSAGE_KIND_TEXT,
    in_reply_to: str = "",
    answered_by: common_pb2.Author = common_pb2.AUTHOR_AGENT,
) -> services_pb2.Delivery:
    ref = message_pb2.MessageRef(
        message_id=message_id,
        author=author,
        in_reply_to=in_reply_to,
        sequence=sequence,
        answered_by=answered_by,
        known_version=3,
    )
    return services_pb2.Delivery(message=message_pb2.MessageRedacted(ref=ref, kind=kind, text="x"))


def reply(to: str) -> services_pb2.Delivery:
    return services_pb2.Delivery(reply=reply_pb2.ReplyCreated(in_reply_to=to))


def moved(
    state: conversation_pb2.ConversationState,
    agent_id: str = ME,
    version: int = 3,
    through: int = 0,
) -> services_pb2.Delivery:
    before = AGENT if state != AGENT else conversation_pb2.CONVERSATION_STATE_OFFERED
    changed = conversation_pb2.ConversationChanged(
        to=state, agent_id=agent_id, version=version, answered_through=through, **{"from": before}
    )
    return services_pb2.Delivery(changed=changed)


def taken_over() -> OpenMessages:
    messages = OpenMessages(ME)
    messages.take(moved(AGENT))
    return messages


def due(messages: OpenMessages) -> list[str]:
    return [each.ref.message_id for each in messages.due()]


def test_answers_at_once_what_the_door_gave_to_a_person() -> None:
    messages = taken_over()
    messages.take(message("a"))
    messages.take(message("b", 2))
    assert due(messages) == ["a", "b"]


def test_answers_each_message_once() -> None:
    messages = taken_over()
    messages.take(message("a"))
    messages.answer("a")
    assert due(messages) == []
    messages.take(message("b", 2))
    messages.take(message("own", 3, author=common_pb2.AUTHOR_AGENT, in_reply_to="b"))
    assert due(messages) == []


def test_who_answers_a_message_has_answered_those_before_it() -> None:
    messages = taken_over()
    for sequence, name in enumerate("abc", 1):
        messages.take(message(name, sequence))
    messages.take(message("x", 4, author=common_pb2.AUTHOR_AGENT, in_reply_to="b"))
    assert due(messages) == ["c"]
    assert messages.through() == 2


def test_leaves_to_the_bot_what_the_door_gave_to_it_before_the_take_over() -> None:
    messages = taken_over()
    messages.take(message("a", answered_by=common_pb2.AUTHOR_BOT))
    assert due(messages) == []
    messages.take(reply("a"))
    assert due(messages) == []


def test_is_silent_while_the_bot_or_another_agent_has_it() -> None:
    messages = OpenMessages(ME)
    messages.take(message("a"))
    assert due(messages) == []
    messages.take(moved(AGENT, "somebody"))
    assert due(messages) == []


def test_takes_what_a_lost_agent_left() -> None:
    messages = OpenMessages(ME)
    messages.take(moved(AGENT, "somebody"))
    messages.take(message("a"))
    messages.take(moved(conversation_pb2.CONVERSATION_STATE_QUEUED, "", version=4))
    messages.take(moved(AGENT, version=6))
    assert due(messages) == ["a"]


def test_leaves_alone_what_was_given_back_though_it_has_the_conversation_again() -> None:
    messages = taken_over()
    messages.take(message("a", 1))
    messages.take(message("b", 2))
    messages.take(moved(BOT, "", version=4, through=1))
    assert due(messages) == []
    assert not messages.over
    messages.take(moved(AGENT, version=7))
    assert due(messages) == []


def test_says_up_to_where_it_answered() -> None:
    messages = taken_over()
    assert messages.through() == 0
    for sequence, name in enumerate("abc", 1):
        messages.take(message(name, sequence))
    assert messages.through() == 0
    messages.answer("a")
    assert messages.through() == 1
    messages.answer("b")
    messages.answer("c")
    assert messages.through() == 3


def test_does_not_act_on_what_happened_before_it_took_over() -> None:
    messages = OpenMessages(ME, since=9)
    messages.take(moved(AGENT))
    messages.take(message("a"))
    assert due(messages) == []
    messages.take(message("z", 2, kind=message_pb2.MESSAGE_KIND_CONVERSATION_ENDED))
    messages.take(moved(conversation_pb2.CONVERSATION_STATE_CLOSED, version=5, through=1))
    assert not messages.over
    messages.take(moved(AGENT, version=9))
    assert messages.mine
    assert due(messages) == []


def test_answers_what_is_left_after_the_customer_closed_it() -> None:
    messages = taken_over()
    messages.take(message("a"))
    messages.take(moved(conversation_pb2.CONVERSATION_STATE_WRAP_UP, version=4))
    assert messages.over
    assert due(messages) == ["a"]
    messages.take(moved(AGENT, version=5))
    assert not messages.over


def test_is_done_when_the_customer_closes_it_or_it_was_closed() -> None:
    messages = taken_over()
    messages.take(message("z", kind=message_pb2.MESSAGE_KIND_CONVERSATION_ENDED))
    assert messages.over
    closed = taken_over()
    closed.take(moved(conversation_pb2.CONVERSATION_STATE_CLOSED))
    assert closed.over
