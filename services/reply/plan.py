"""What a reply will say, before it is put into words. Pure data."""

from dataclasses import dataclass

from services.reply.composer import Text
from services.reply.memory import Pending
from services.reply.turn import Action, Source, Tone


@dataclass(frozen=True)
class Plan:
    """One way to answer a message.

    `strategy` names it ("answer_from_article"). `tone` overrides the tone of the state where the
    words themselves set it, such as thanks. `opens` says whether an opening goes before the text;
    `offers_person` whether an angry customer is offered a person after it. The rest is what the
    conversation remembers of it: `told` are keys of passages, `sources_text` what figures may be
    taken from.
    """

    strategy: str
    action: Action
    text: Text
    intent: str = ""
    issue: str = ""
    tone: Tone | None = None
    opens: bool = True
    offers_person: bool = False
    grounded: bool = True
    doubtful: bool = False
    more_to_say: bool = True
    sources: tuple[Source, ...] = ()
    sources_text: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    article: str = ""
    ran: str = ""
    facts: tuple[tuple[str, str], ...] | None = None
    references: tuple[tuple[str, str], ...] = ()
    pending: Pending | None = None
    keeps_pending: bool = False
    done: str = ""
    resolved: bool = False
