"""Which messages of one conversation wait for this agent, by the conversation's record. Pure."""

from dataclasses import dataclass, field

from rapport.v1 import common_pb2, conversation_pb2, message_pb2, services_pb2
from services.common.answering import GivenBack, given_back, holder, whose

ASKS = (message_pb2.MESSAGE_KIND_TEXT, message_pb2.MESSAGE_KIND_PERSON_REQUESTED)
_GONE = (conversation_pb2.CONVERSATION_STATE_CLOSED, conversation_pb2.CONVERSATION_STATE_WRAP_UP)


@dataclass
class OpenMessages:
    """What the record says so far, from its beginning.

    `since` is the version of the move with which this agent has the conversation: what comes before
    it in the record is history, and not acted on. `mine` while this agent has the conversation, to
    the end of the wrap-up; `over` once the customer or anybody else has ended it.
    """

    agent_id: str
    since: int = 0
    mine: bool = False
    over: bool = False
    _heard: int = 0
    _waiting: dict[str, message_pb2.MessageRedacted] = field(default_factory=dict)
    _answered: set[str] = field(default_factory=set)
    _returns: list[GivenBack] = field(default_factory=list)

    def take(self, delivery: services_pb2.Delivery) -> None:
        """Takes the next entry of the conversation's record."""
        kind = delivery.WhichOneof("event")
        if kind == "message":
            self._message(delivery.message)
        elif kind == "reply":
            self.answer(delivery.reply.in_reply_to)
        elif kind == "changed":
            self._changed(delivery.changed)

    def due(self) -> list[message_pb2.MessageRedacted]:
        """Messages that are this agent's to answer, oldest first."""
        return self._theirs() if self.mine else []

    def answer(self, message_id: str) -> None:
        """Notes that a message was answered."""
        self._answered.add(message_id)
        self._waiting.pop(message_id, None)

    def _answered_by_person(self, message_id: str) -> None:
        # Whoever answers a message has read those before it.
        answered = self._waiting.get(message_id)
        if answered is not None:
            for each in self._theirs():
                if each.ref.sequence < answered.ref.sequence:
                    self.answer(each.ref.message_id)
        self.answer(message_id)

    def through(self) -> int:
        """The sequence up to which all was answered: what comes after it is left to the bot."""
        waiting = [message.ref.sequence for message in self._theirs()]
        return min(waiting) - 1 if waiting else self._heard

    def _theirs(self) -> list[message_pb2.MessageRedacted]:
        return [m for m in self._waiting.values() if whose(m.ref, self._returns) == "person"]

    def _message(self, message: message_pb2.MessageRedacted) -> None:
        ref = message.ref
        if message.kind == message_pb2.MESSAGE_KIND_CONVERSATION_ENDED:
            self.over = self.mine
        elif ref.author == common_pb2.AUTHOR_AGENT:
            self._answered_by_person(ref.in_reply_to)
        elif message.kind in ASKS:
            self._heard = max(self._heard, ref.sequence)
            if ref.message_id not in self._answered:
                self._waiting[ref.message_id] = message

    def _changed(self, changed: conversation_pb2.ConversationChanged) -> None:
        self.mine = (
            holder(changed).answered_by == common_pb2.AUTHOR_AGENT
            and changed.agent_id == self.agent_id
            and changed.version >= self.since
        )
        self.over = changed.to in _GONE and changed.version >= self.since
        back = given_back(changed)
        if back is not None:
            self._returns.append(back)
