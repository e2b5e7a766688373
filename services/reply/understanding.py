"""What a customer's message says: language, industry, acts, signs, tasks, numbers. Pure."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from services.reply.knowledge import INDUSTRIES
from services.reply.memory import Memory
from services.reply.plain import PLACEHOLDER, language_of, plain, without_placeholders
from services.reply.references import references_in
from services.reply.signs import CRISES, acts_in, signs_in, tasks_in, unmade
from services.reply.tasks import BY_REFERENCE, TASKS, task_for
from services.reply.turn import CustomerTurn, Language
from services.reply.words import word_map

_ALIASES = word_map("industries")
_GUESSES = (
    ("airline", r"\b(?:flights?|boarding|airport|gate|luggage|suitcase|layover|airline|vuelo)\b"),
    ("bank", r"\b(?:debit card|credit card|checking|overdraft|wire|atm|my bank|savings account|"
     r"tarjeta de (?:credito|debito)|mortgage)\b"),
    ("telecom", r"\b(?:sim|roaming|router|wifi|my phone line|data plan|phone bill|internet|5g)\b"),
    ("insurance", r"\b(?:premium|deductible|adjuster|policy number|car insurance|rear-?ended)\b"),
    ("utilities", r"\b(?:kwh|meter|electric bill|power outage|power(?:'s| is)? out|gas bill|"
     r"water bill|shut ?off notice|sin luz)\b"),
    ("health", r"\b(?:prescription|referral|copay|doctor|clinic|lab results|pharmacy|mri|"
     r"health plan|receta)\b"),
    ("travel", r"\b(?:hotel|resort|itinerary|cruise|my trip|vacation package)\b"),
    ("software", r"\b(?:api|csv|sync|workspace|export|login page|two-factor|plugin|my files)\b"),
    ("retail", r"\b(?:order|package|parcel|delivery|return label|refund|pedido|paquete|shoes)\b"),
)  # fmt: skip
_FILLERS = frozenset(
    [
        "um",
        "uh",
        "yeah",
        "yes",
        "no",
        "ok",
        "so",
        "hi",
        "hello",
        "and",
        "the",
        "my",
        "it",
        "is",
        "its",
        "please",
        "it's",
    ]
)


@dataclass(frozen=True)
class Understanding:
    """What one message says, in the light of the conversation so far.

    `tasks` are names of routine tasks, the likeliest first, and `by_number` says that only a
    number speaks for them; `informs` says that the message gives details and asks nothing (a name,
    an address), `bare` that it is a number alone.
    """

    text: str
    language: Language
    industry: str
    signs: frozenset[str]
    acts: frozenset[str]
    tasks: tuple[str, ...]
    by_number: bool
    references: dict[str, str]
    informs: bool
    bare: bool

    @property
    def crisis(self) -> str:
        """The gravest sign of danger, or ""."""
        return next((sign for sign in CRISES if sign in self.signs), "")

    @property
    def asks(self) -> bool:
        """Whether it asks a question or names a task."""
        return bool({"question", "howto"} & self.acts) or bool(self.tasks and not self.by_number)

    @property
    def wants_something(self) -> bool:
        """Whether it asks for an answer or for something to be done, or says what failed."""
        return self.asks or bool({"request", "failed"} & self.acts or self.tasks)


# What the head hears, by the sign or the act that it makes; some only in answer to something said.
_AS_SIGN = {
    "decision": "decision",
    "staff": "staff",
    "useless": "wrong_answer",
    "again": "already_told",
    "fraud": "fraud",
    "bereavement": "bereavement",
    "unsafe": "abuse",
    "medical": "medical",
    "breach": "breach",
    "legal": "legal",
    "person": "asks_person",
}
_IN_ANSWER = frozenset({"useless", "failed", "again"})
_PLEASED = frozenset({"praise", "good_news", "closing"})
_UNHAPPY = frozenset({"staff", "useless", "failed", "again"})


def understand(
    turn: CustomerTurn, memory: Memory, hear: Callable[[str], frozenset[str]] | None = None
) -> Understanding:
    """Reads one message. Deterministic. `hear` names the matters in a text by their meaning."""
    written = plain(turn.text)
    language: Language = (
        "es" if language_of(turn.text, turn.language, memory.language) == "es" else "en"
    )
    industry = industry_of(turn.industry) or memory.industry or _guess(written)
    references = references_in(turn.text, industry)
    acts, signs = acts_in(written), signs_in(written)
    if hear is not None and language == "en":
        heard = hear(turn.text)
        if not memory.replies:
            heard -= _IN_ANSWER
        if acts & _PLEASED or turn.state in ("satisfied", "grateful"):
            heard -= _UNHAPPY
        if "decision" in signs | heard:
            # What is asked for is the matter; an illness is its reason.
            heard -= {"medical"}
        if "affirm" in acts or memory.pending is not None:
            heard -= {"decision"}
        if "asks_bot" in signs or turn.signals.asks_if_bot:
            heard -= {"person"}
        made = {_AS_SIGN[name] for name in heard if name in _AS_SIGN}
        signs |= {sign for sign in made if not unmade(sign, written)}
        acts |= heard & {"failed"}
    tasks = tuple(name for name in tasks_in(written) if _possible(name, industry))
    content = _content(turn.text)
    bare = bool(references) and len(content) <= 2 and not acts & {"question"}
    informs = _informs(turn.text, content, acts, tasks)
    # A number says what is meant: "order 52803, nobody came" is about the order.
    named = [BY_REFERENCE[kind] for kind in references if kind in BY_REFERENCE]
    about = [name for name in named if name in TASKS and task_for(name, industry) is not None]
    by_number = False
    if tasks and about and not any(_takes(name, references) for name in tasks):
        tasks, by_number = (*about[-1:], *tasks), True
    if not tasks and (bare or (references and not acts & {"good_news", "thanks", "closing"})):
        tasks = tuple(dict.fromkeys(reversed(named)))
        by_number = bool(tasks)
    return Understanding(
        text=written,
        language=language,
        industry=industry,
        signs=signs,
        acts=acts,
        tasks=tasks,
        by_number=by_number,
        references=references,
        informs=informs,
        bare=bare,
    )


def industry_of(stated: str) -> str:
    """The industry by any of its usual names, or "" when it is none that is known."""
    name = stated.strip().lower().replace("_", " ")
    if name in INDUSTRIES:
        return name
    if name in _ALIASES:
        return _ALIASES[name]
    words = set(re.findall(r"[a-z]+", name))
    return next(
        (known for known in INDUSTRIES if known in words),
        next((target for alias, target in _ALIASES.items() if alias in words), ""),
    )


def _possible(task: str, industry: str) -> bool:
    """Whether the industry has the task; what is no task, but named like one, stays."""
    return task not in TASKS or task_for(task, industry) is not None


def _takes(task: str, references: dict[str, str]) -> bool:
    """Whether a task takes one of the numbers given."""
    return task in TASKS and any(name in references for name in TASKS[task].parameters)


def _guess(written: str) -> str:
    return next((name for name, pattern in _GUESSES if re.search(pattern, written)), "")


def _content(text: str) -> list[str]:
    """Words that are neither placeholders, numbers nor fillers."""
    words = re.findall(r"[a-z']{2,}", without_placeholders(plain(text)))
    return [word for word in words if word not in _FILLERS]


def _informs(text: str, content: list[str], acts: frozenset[str], tasks: tuple[str, ...]) -> bool:
    """Details were given and nothing was asked: mostly placeholders, or a few words and digits."""
    if acts & {"question", "thanks", "good_news"} or tasks:
        return False
    placeholders = len(PLACEHOLDER.findall(text))
    digits = len(re.findall(r"\d{2,}", text))
    return (placeholders > 0 and len(content) <= 12) or (digits > 0 and len(content) <= 5)
