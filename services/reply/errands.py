"""Carries out routine tasks in a conversation: what is missing is asked, what changes is confirmed.

Pure but for the port: the engine hands in whoever runs actions.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from services.reply.actions import ActionResult, Actions, ActionsUnavailable
from services.reply.composer import Text, Voice
from services.reply.memory import Memory, Pending
from services.reply.plan import Plan
from services.reply.references import number_in
from services.reply.results import tell
from services.reply.results_spanish import spanish_date
from services.reply.tasks import Task
from services.reply.turn import CustomerTurn, Source
from services.reply.understanding import Understanding

# A number without a name goes to the first of these that the task takes.
_NUMBERED = (
    "order_number",
    "bill_number",
    "claim_number",
    "bag_number",
    "appointment_number",
    "booking_reference",
)
_FREE_TEXT = ("area", "service", "card_kind")
_MOST_ASKED = 2
_LONGEST_VALUE = 200
_DEFAULT_PARTS = "3"
_NOT_OURS = "Is there another number on your papers, or the name of another company?"


@dataclass(frozen=True)
class Errand:
    """A task with the conversation it belongs to."""

    task: Task
    turn: CustomerTurn
    understood: Understanding
    memory: Memory
    actions: Actions
    voice: Voice

    def parameters(self) -> dict[str, str]:
        """What the message and the conversation say for the task."""
        said = self.understood.references
        known = {
            name: said.get(name) or self.memory.reference(name) for name in self.task.parameters
        }
        if self.task.name == "outage_status" and self.understood.industry == "software":
            known["area"] = "sync"
        number = said.get("number", "")
        if number and not any(said.get(name) for name in _NUMBERED):
            for name in self.task.parameters:
                if name in _NUMBERED and not known[name]:
                    known[name] = number
                    break
        # Where to send an order is not where another order went.
        if self.task.name == "change_address" and not said.get("new_address"):
            known["new_address"] = ""
        if self.task.name == "payment_plan":
            known["months"] = said.get("months", "")
        return {name: value for name, value in known.items() if value}

    def begin(self, *, explicit: bool) -> Plan:
        """Runs the task, asks for what is missing, or asks for a yes before it changes anything.

        `explicit` says that the customer asked for just this in so many words.
        """
        parameters = self.parameters()
        key = _done_key(self.task.name, parameters)
        if key in self.memory.done:
            return self._already(key)
        if not self.task.changes:
            return self.run(parameters)
        if self.task.name in ("card_block", "card_activate"):
            return self.run(parameters) if explicit else self.confirm(parameters)
        needed = self.task.parameters[0]
        if needed not in parameters and not self.turn.customer_id:
            return self.ask(needed, parameters)
        return self.checked(parameters)

    def checked(self, parameters: Mapping[str, str]) -> Plan:
        """Looks at the order first: what cannot be changed is said at once, not asked."""
        if "order_number" not in parameters or self.task.name not in _ORDER_CHANGES:
            return self.confirm(parameters)
        order = self.actions.run(
            self.understood.industry,
            self.turn.customer_id,
            "order_status",
            {"order_number": parameters["order_number"]},
            f"{self.turn.message_id}:order_status",
        )
        if (
            order.outcome != "done"
            or order.facts.get("status") not in _ORDER_CHANGES[self.task.name]
            or order.facts.get("return_time") == "over"
        ):
            return self.run(parameters)
        return self.confirm(parameters, order.facts)

    def resume(self, pending: Pending) -> Plan | None:
        """Goes on with what was asked or offered; None when the message is about something else."""
        parameters = dict(pending.parameters)
        acts = self.understood.acts
        if pending.missing:
            value = self._value_of(pending.missing)
            if not value and "affirm" in acts and not self.understood.asks:
                return self.ask(pending.missing, parameters, asked=pending.asked + 1)
            if not value:
                return None
            parameters[pending.missing] = value
            if self.task.changes and self.task.name not in ("card_block", "card_activate"):
                return self.checked(parameters)
            return self.run(parameters, asked=pending.asked)
        if "deny" in acts and "affirm" not in acts:
            left = self.voice.pick(self.voice.book("LEFT_ALONE"), "left")
            return self._plan("left_alone", "answer", (left,), opens=False, resolved=True)
        fresh = {n: v for n, v in self.parameters().items() if n in self.understood.references}
        wanted = {**parameters, **fresh}
        if "affirm" in acts:
            return self.run(wanted)
        if "question" in acts:
            return None
        if fresh:
            return self.confirm(wanted)
        return self.run(wanted) if self.task.name in self.understood.tasks else None

    def confirm(
        self, parameters: Mapping[str, str], order: Mapping[str, str] | None = None
    ) -> Plan:
        """Asks for a yes; `order` are the facts of the order that it is about."""
        order = order or {}
        slots = self._slots(parameters, order.get("item", ""))
        until = order.get("return_by", "") if self.task.name == "start_return" else ""
        known = _RETURN_UNTIL[self.voice.language].format(until) if until else ""
        if self.voice.language == "es":
            known = spanish_date(known)
        question = self.voice.pick(
            self.voice.table("CONFIRM", self.task.name), f"confirm/{self.task.name}", **slots
        )
        pending = Pending(self.task.name, tuple(sorted(parameters.items())))
        return self._plan(
            "ask_to_confirm", "ask", tuple(part for part in (known, question) if part),
            pending=pending, parameters=parameters,
            sources_text=(*slots.values(), known),
        )  # fmt: skip

    def ask(self, parameter: str, parameters: Mapping[str, str], *, asked: int = 1) -> Plan:
        """Asks for one parameter."""
        question = self.voice.pick(self.voice.table("ASK_PARAMETER", parameter), f"ask/{parameter}")
        pending = Pending(self.task.name, tuple(sorted(parameters.items())), parameter, asked)
        return self._plan(
            "ask_for_detail", "ask", (question,), pending=pending, parameters=parameters
        )

    def run(self, parameters: Mapping[str, str], *, asked: int = 0) -> Plan:
        """Runs the action and tells what came of it; ActionsUnavailable when it cannot."""
        if self.task.name == "payment_plan":
            parameters = {"months": _DEFAULT_PARTS, **parameters}
        result = self.actions.run(
            self.understood.industry,
            self.turn.customer_id,
            self.task.name,
            dict(parameters),
            f"{self.turn.message_id}:{self.task.name}",
        )
        if result.outcome == "needs_parameter":
            if asked >= _MOST_ASKED or result.detail not in _KNOWN:
                raise ActionsUnavailable
            return self.ask(result.detail, parameters, asked=asked + 1)
        return self._told(result, parameters, asked)

    def _told(self, result: ActionResult, parameters: Mapping[str, str], asked: int) -> Plan:
        sentences = tell(self.task.name, result, self.voice.language)
        if not sentences:
            raise ActionsUnavailable
        told = (*result.facts.values(), *parameters.values())
        texts = (*told, *map(spanish_date, told)) if self.voice.language == "es" else told
        if result.outcome == "not_found":
            if result.detail not in _KNOWN:
                raise ActionsUnavailable
            pending = Pending(
                self.task.name,
                tuple((n, v) for n, v in sorted(parameters.items()) if n != result.detail),
                result.detail,
                asked + 1,
            )
            if asked and self.voice.language == "en" and result.detail in _NUMBERED:
                number = result.facts.get(result.detail, "")
                sentences = (f"That one isn't in our records either: {number}.", _NOT_OURS)
            plan = self._plan(
                "say_not_found", "ask", sentences, pending=pending,
                parameters=parameters, sources_text=texts,
            )  # fmt: skip
            return replace(plan, offers_person=asked >= 1)
        changed = self.task.changes and result.outcome == "done"
        plan = self._plan(
            "tell_result" if result.outcome == "done" else "say_refused",
            "act",
            sentences,
            parameters={**parameters, **_references(result.facts)},
            sources_text=texts,
        )
        return replace(
            plan,
            ran=self.task.name,
            facts=tuple(sorted(result.facts.items())),
            done=_done_key(self.task.name, parameters) if changed else "",
            resolved=result.outcome == "done",
        )

    def _already(self, key: str) -> Plan:
        first = self.voice.pick(self.voice.book("DONE_ALREADY"), "already")
        facts: tuple[str, ...] = ()
        if self.memory.action == self.task.name:
            again = ActionResult("done", dict(self.memory.facts))
            facts = tell(self.task.name, again, self.voice.language)
        plan = self._plan("done_already", "act", (first, *facts), opens=False)
        return replace(plan, sources_text=tuple(dict(self.memory.facts).values()), resolved=True)

    def _value_of(self, parameter: str) -> str:
        said = self.understood.references
        if said.get(parameter):
            return said[parameter]
        if parameter == "months":
            return number_in(self.understood.text)
        if parameter in _NUMBERED or parameter == "refund_number":
            for name in (*_NUMBERED, "refund_number", "number"):
                if said.get(name) and (name == "number" or name in self.task.parameters):
                    return said[name]
            return ""
        if parameter in _FREE_TEXT and not {"question", "accepts"} & self.understood.acts:
            return self.turn.text.strip()[:_LONGEST_VALUE]
        return ""

    def _slots(self, parameters: Mapping[str, str], item: str) -> dict[str, str]:
        spanish = self.voice.language == "es"
        order, bill = parameters.get("order_number", ""), parameters.get("bill_number", "")
        kind = parameters.get("card_kind", "")
        what = "su pedido" if spanish else "your order"
        if self.task.name in ("card_block", "card_activate"):
            kinds = {"debit": "débito", "credit": "crédito"}
            if spanish:
                what = f"la tarjeta de {kinds[kind]}" if kind in kinds else "la tarjeta"
            else:
                what = f"the {kind} card" if kind else "the card"
        elif self.task.name == "payment_plan":
            what = (
                ("la factura " if spanish else "bill ") + bill
                if bill
                else ("la factura" if spanish else "your bill")
            )
        elif self.task.name == "change_address" and not order:
            what = "su cuenta" if spanish else "your account"
        elif order:
            what = f"el pedido {order}" if spanish else f"order {order}"
        if order and item and not spanish and self.task.name in _ORDER_CHANGES:
            what = f"{what} ({item})"
        parts = parameters.get("months", _DEFAULT_PARTS)
        months = f"{parts} partes mensuales" if spanish else f"{parts} monthly parts"
        return {
            "what": what,
            "months": months,
            "new_address": parameters.get("new_address", ""),
            "issue": self.task.issue[self.voice.language],
        }

    def _plan(
        self,
        strategy: str,
        action: str,
        sentences: tuple[str, ...],
        *,
        pending: Pending | None = None,
        parameters: Mapping[str, str] | None = None,
        opens: bool = True,
        resolved: bool = False,
        sources_text: tuple[str, ...] = (),
    ) -> Plan:
        name = self.task.name
        kept = {n: v for n, v in (parameters or {}).items() if n not in ("months", "area")}
        return Plan(
            strategy=strategy,
            action="act" if action == "act" else "ask" if action == "ask" else "answer",
            text=Text(sentences, whole=True),
            intent=name,
            issue=self.task.issue[self.voice.language],
            opens=opens,
            sources=(Source(f"action:{name}", name.replace("_", " ")),) if action == "act" else (),
            sources_text=sources_text,
            references=tuple(sorted(kept.items())),
            pending=pending,
            resolved=resolved,
        )


# States of an order in which it can still be changed so.
_ORDER_CHANGES = {
    "cancel_order": ("being prepared", "packed"),
    "change_address": ("being prepared", "packed"),
    "start_return": ("delivered",),
}
_RETURN_UNTIL = {
    "en": "The last day to return it is {}.",
    "es": "El último día para devolverlo es el {}.",
}
_KNOWN = frozenset(
    {*_NUMBERED, *_FREE_TEXT, "months", "refund_number", "outage_number", "new_address", "email"}
)


def _done_key(action: str, parameters: Mapping[str, str]) -> str:
    about = [parameters[name] for name in sorted(parameters) if name not in ("months", "area")]
    return ":".join((action, *about))


def _references(facts: Mapping[str, str]) -> dict[str, str]:
    return {name: facts[name] for name in (*_NUMBERED, "refund_number") if facts.get(name)}
