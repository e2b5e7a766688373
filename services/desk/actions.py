"""What people do with a conversation, each by its name."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from typing import Any

from services.desk.accounts import Account, Act
from services.desk.calls import Calls
from services.desk.entries import PLACEHOLDER, entry_of
from services.desk.readings import turns_of
from services.desk.words import DISPOSITIONS, conversation_state, state_number

LONGEST_TEXT = 8_000
SUGGEST_SECONDS = 6.0
JUDGEMENTS = {"accepted": 1.0, "edited": 0.5, "rejected": 0.0}
_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
Body = dict[str, Any]
Answer = dict[str, Any]


class Refused(Exception):
    """This cannot be done; the text says why, to the person who asked."""

    def __init__(self, why: str, status: int = 409) -> None:
        super().__init__(why)
        self.status = status


class Actions:
    """Checks what the page sends, and asks the platform for it."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._by_name: dict[str, Callable[[Account, str, Body], Awaitable[Answer]]] = {
            "accept": self._accept,
            "decline": self._decline,
            "say": self._say,
            "hand-back": self._hand_back,
            "wrap-up": self._wrap_up,
            "transfer": self._transfer,
            "take-over": self._take_over,
            "correct": self._correct,
            "note": self._note,
            "reveal": self._reveal,
            "suggest": self._suggest,
            "judge-draft": self._judge_draft,
        }

    async def do(self, name: str, account: Account, conversation_id: str, body: Body) -> Answer:
        """Does it; Refused where it cannot be."""
        action = self._by_name.get(name)
        if action is None:
            raise Refused("there is no such action", 404)
        if not account.may(Act.ANSWER):
            raise Refused(f"{account.role.title}s cannot {Act.ANSWER.value}", 403)
        return await action(account, conversation_id, body)

    async def _accept(self, account: Account, conversation_id: str, body: Body) -> Answer:
        await self._calls.accept(agent_id=account.name, conversation_id=conversation_id)
        return {}

    async def _decline(self, account: Account, conversation_id: str, body: Body) -> Answer:
        await self._calls.decline(agent_id=account.name, conversation_id=conversation_id)
        return {}

    async def _say(self, account: Account, conversation_id: str, body: Body) -> Answer:
        found = await self._calls.conversation(conversation_id)
        if found is None or found.latest.agent_id != account.name:
            raise Refused("this conversation is not with you")
        if conversation_state(found.latest.to) not in ("agent", "wrap_up"):
            raise Refused("accept the conversation before you answer")
        await self._calls.say(
            event_id=_id(body, "event_id"),
            agent_id=account.name,
            conversation_id=conversation_id,
            customer_id=found.latest.customer_id,
            text=_said(body),
            in_reply_to=_text(body, "in_reply_to", ""),
        )
        return {}

    async def _hand_back(self, account: Account, conversation_id: str, body: Body) -> Answer:
        if body.get("text"):
            await self._note(account, conversation_id, body)
        await self._calls.hand_back(
            _through(body), agent_id=account.name, conversation_id=conversation_id
        )
        return {}

    async def _wrap_up(self, account: Account, conversation_id: str, body: Body) -> Answer:
        disposition = _text(body, "disposition", "")
        if disposition not in DISPOSITIONS:
            raise Refused("say how it went", 400)
        await self._calls.wrap_up(
            disposition, _through(body), agent_id=account.name, conversation_id=conversation_id
        )
        return {}

    async def _transfer(self, account: Account, conversation_id: str, body: Body) -> Answer:
        queue, colleague = _text(body, "queue", ""), _text(body, "to_agent_id", "")
        if bool(queue) == bool(colleague):
            raise Refused("name a queue or a colleague", 400)
        if body.get("text"):
            await self._note(account, conversation_id, body)
        await self._calls.transfer(
            queue=queue,
            to_agent_id=colleague,
            agent_id=account.name,
            conversation_id=conversation_id,
        )
        return {}

    async def _take_over(self, account: Account, conversation_id: str, body: Body) -> Answer:
        if not account.may(Act.TAKE_OVER):
            raise Refused(f"{account.role.title}s cannot {Act.TAKE_OVER.value}", 403)
        await self._calls.be(account, account.presence)
        await self._calls.take_over(agent_id=account.name, conversation_id=conversation_id)
        return {}

    async def _note(self, account: Account, conversation_id: str, body: Body) -> Answer:
        await self._calls.note(
            event_id=_id(body, "event_id"),
            agent_id=account.name,
            conversation_id=conversation_id,
            text=_said(body),
        )
        return {}

    async def _reveal(self, account: Account, conversation_id: str, body: Body) -> Answer:
        placeholder = _text(body, "placeholder", "")
        if not PLACEHOLDER.fullmatch(placeholder):
            raise Refused("there is no such placeholder", 400)
        found = await self._calls.conversation(conversation_id)
        held = found is not None and conversation_state(found.latest.to) in ("agent", "wrap_up")
        if found is None or not held or found.latest.agent_id != account.name:
            raise Refused("only who has the conversation can reveal what stands in it", 403)
        value = await self._calls.reveal(conversation_id, placeholder, account.name)
        if value is None:
            raise Refused("nothing is kept behind this placeholder", 404)
        return {"value": value}

    async def _suggest(self, account: Account, conversation_id: str, body: Body) -> Answer:
        upto = body.get("position")
        if not isinstance(upto, int) or upto < 1:
            raise Refused("position must be the newest that the page has", 400)
        entries = []
        async with (
            asyncio.timeout(SUGGEST_SECONDS),
            aclosing(self._calls.record(conversation_id, 0)) as record,
        ):
            async for delivery in record:
                entry = entry_of(delivery)
                if entry is not None:
                    entries.append(entry)
                if delivery.position >= upto:
                    break
        drafts = await self._calls.suggest(conversation_id, turns_of(entries))
        return {
            "drafts": [
                {
                    "text": draft.text,
                    "source": draft.sources[0].id if draft.sources else "",
                    "from": ", ".join(each.title or each.id for each in draft.sources),
                }
                for draft in drafts
            ]
        }

    async def _judge_draft(self, account: Account, conversation_id: str, body: Body) -> Answer:
        score = JUDGEMENTS.get(_text(body, "judgement", ""))
        source = _text(body, "source", "")
        if score is None or not source:
            raise Refused("a judgement is accepted, edited or rejected, of a source", 400)
        await self._calls.judge_draft(
            agent_id=account.name,
            conversation_id=conversation_id,
            message_id=_text(body, "message_id", ""),
            source_id=source,
            score=score,
        )
        return {}

    async def _correct(self, account: Account, conversation_id: str, body: Body) -> Answer:
        label = state_number(_text(body, "state", ""))
        if label is None:
            raise Refused("there is no such state", 400)
        await self._calls.correct(
            agent_id=account.name,
            conversation_id=conversation_id,
            message_id=_id(body, "message_id"),
            label=label,
        )
        return {}


def _text(body: Body, name: str, default: str) -> str:
    value = body.get(name, default)
    if not isinstance(value, str) or len(value) > 1_000:
        raise Refused(f"{name} must be a short text", 400)
    return value


def _id(body: Body, name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise Refused(f"{name} must be an id", 400)
    return value


def _said(body: Body) -> str:
    text = body.get("text")
    if not isinstance(text, str) or not text.strip():
        raise Refused("there is nothing to send", 400)
    if len(text) > LONGEST_TEXT:
        raise Refused(f"a message has at most {LONGEST_TEXT:,} characters", 400)
    return text.strip()


def _through(body: Body) -> int | None:
    value = body.get("through")
    if value is None:
        return None
    if not isinstance(value, int) or value < 0:
        raise Refused("through must be a sequence", 400)
    return value
