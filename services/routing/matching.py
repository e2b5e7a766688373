"""Which waiting conversation goes to which agent. Pure and deterministic.

Greedy over bands, the most urgent first:

    urgent     in the order of waiting
    overdue    who waited longer than `Rules.overdue`, in the order of waiting
    high, normal, low: by fit, then in the order of waiting

Within each band those who came back from an agent go first. Before all of them: who was transferred
to one agent waits for that agent for `Rules.reserved`, and is anybody's after that.

A priority rises by one band with every `Rules.ageing` of waiting, up to high; then comes overdue.
Urgent goes first, yet an agent who had two urgent ones in a row gets an overdue one next where one
waits: so nobody starves however many urgent ones come, and no agent has them alone.

What is asked of an agent relaxes with waiting: all skills or some of them at first, none after
`Rules.relax_skills`, not even the language after `Rules.relax_language`. An agent who lists no
skills or no languages takes all. Among agents that fit equally, the one who knows the customer is
taken, then the least loaded, then the one who has waited longest for work.
"""

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import IntEnum

NORMAL, HIGH, URGENT = 2, 3, 4
URGENT_BAND, OVERDUE_BAND = 5, 4
URGENT_RUN = 2
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class Fit(IntEnum):
    """How well an agent suits a conversation."""

    ANYBODY = 0
    LANGUAGE = 1
    SOME_SKILLS = 2
    ALL_SKILLS = 3


@dataclass(frozen=True)
class Rules:
    """How waiting counts. See the module."""

    ageing: timedelta = timedelta(seconds=120)
    overdue: timedelta = timedelta(minutes=30)
    relax_skills: timedelta = timedelta(seconds=45)
    relax_language: timedelta = timedelta(minutes=5)
    rest: timedelta = timedelta(seconds=30)
    """How long a conversation is not offered again to an agent who passed it by."""
    reserved: timedelta = timedelta(seconds=45)
    """How long a transferred conversation waits for the agent whom it is meant for."""


@dataclass(frozen=True)
class Waiting:
    """A conversation that waits. `priority` from 1 (low) to 4 (urgent); 0 counts as normal."""

    conversation_id: str
    priority: int
    since: datetime
    skills: frozenset[str] = frozenset()
    language: str = ""
    returned: bool = False
    passes: Mapping[str, datetime] = field(default_factory=dict)
    last_agent_id: str = ""
    meant_for: str = ""


@dataclass(frozen=True)
class Agent:
    """An agent who is present. `open_conversations` counts offers too."""

    agent_id: str
    capacity: int
    open_conversations: int = 0
    skills: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    last_offer_at: datetime | None = None
    urgent_in_a_row: int = 0


@dataclass(frozen=True)
class Offer:
    """One conversation for one agent."""

    conversation_id: str
    agent_id: str


Profile = tuple[frozenset[str], frozenset[str]]


def fit(skills: frozenset[str], language: str, profile: Profile) -> Fit:
    """How an agent with this profile (skills, languages) suits what a conversation needs."""
    agent_skills, agent_languages = profile
    spoken = {primary(each) for each in agent_languages}
    if language and spoken and primary(language) not in spoken:
        return Fit.ANYBODY
    if skills <= agent_skills:
        return Fit.ALL_SKILLS
    if not agent_skills or skills & agent_skills:
        return Fit.SOME_SKILLS
    return Fit.LANGUAGE


def primary(language: str) -> str:
    """The primary subtag of a BCP 47 tag: "es" of "es-MX"."""
    return language.split("-", 1)[0].lower()


def least_fit(waiting: Waiting, now: datetime, rules: Rules) -> Fit:
    """The least fit that is good enough by now."""
    waited = now - waiting.since
    if waited >= rules.relax_language:
        return Fit.ANYBODY
    if waiting.priority >= URGENT:
        # Any person is better than none; one who speaks the language, if it is a matter of seconds.
        return Fit.ANYBODY if waited >= rules.relax_skills else Fit.LANGUAGE
    return Fit.LANGUAGE if waited >= rules.relax_skills else Fit.SOME_SKILLS


def band(waiting: Waiting, now: datetime, rules: Rules) -> int:
    """1 (low) to 3 (high), 4 overdue, 5 urgent."""
    if waiting.priority >= URGENT:
        return URGENT_BAND
    waited = max(now - waiting.since, timedelta(0))
    if waited >= rules.overdue:
        return OVERDUE_BAND
    return min(HIGH, (waiting.priority or NORMAL) + waited // rules.ageing)


class _Desk:
    """The agents' free places, grouped by profile, the next agent of each group on top."""

    def __init__(self, agents: Iterable[Agent]) -> None:
        self._agents = {agent.agent_id: agent for agent in agents}
        self._open = {name: agent.open_conversations for name, agent in self._agents.items()}
        self._heaps: dict[Profile, list[tuple[float, datetime, str]]] = {}
        self._fits: dict[tuple[frozenset[str], str], dict[Profile, Fit]] = {}
        for name in sorted(self._agents):
            self._push(name)

    def _key(self, name: str) -> tuple[float, datetime, str]:
        agent = self._agents[name]
        return (self._open[name] / agent.capacity, agent.last_offer_at or LONG_AGO, name)

    def _push(self, name: str) -> None:
        agent = self._agents[name]
        if self._open[name] < agent.capacity:
            heap = self._heaps.setdefault((agent.skills, agent.languages), [])
            heapq.heappush(heap, self._key(name))

    def has_room(self) -> bool:
        return any(self._heaps.values())

    def strained(self, name: str) -> bool:
        """Whether the agent had nothing but urgent ones lately."""
        return self._agents[name].urgent_in_a_row >= URGENT_RUN

    def any_strained(self) -> bool:
        return any(self.strained(name) for name in self._agents)

    def take(
        self, waiting: Waiting, wanted: Fit, resting: frozenset[str], *, strained: bool | None
    ) -> str | None:
        """Books a place with the best agent of exactly that fit; None where there is none.

        `strained` True or False looks at such agents alone.
        """
        fits = self._fits_of(waiting.skills, waiting.language)
        profiles = [profile for profile in self._heaps if fits.get(profile) == wanted]
        if waiting.last_agent_id in self._agents:
            known = self._agents[waiting.last_agent_id]
            if (known.skills, known.languages) in profiles and self._may(
                known.agent_id, resting, strained
            ):
                return self._book(known.agent_id)
        best: tuple[float, datetime, str] | None = None
        for profile in profiles:
            top = self._top(profile, resting, strained)
            if top is not None and (best is None or top < best):
                best = top
        return None if best is None else self._book(best[2])

    def take_of(self, name: str) -> str | None:
        """Books a place with that very agent; None where they are not there or have no room."""
        known = self._agents.get(name)
        if known is None or self._open[name] >= known.capacity:
            return None
        return self._book(name)

    def _may(self, name: str, resting: frozenset[str], strained: bool | None) -> bool:
        return (
            name not in resting
            and self._open[name] < self._agents[name].capacity
            and (strained is None or self.strained(name) == strained)
        )

    def _top(
        self, profile: Profile, resting: frozenset[str], strained: bool | None
    ) -> tuple[float, datetime, str] | None:
        heap = self._heaps[profile]
        skipped: list[tuple[float, datetime, str]] = []
        found = None
        while heap:
            entry = heap[0]
            if entry != self._key(entry[2]) or self._open[entry[2]] >= self._capacity(entry[2]):
                heapq.heappop(heap)  # booked since: the agent's newer entry counts
                continue
            if self._may(entry[2], resting, strained):
                found = entry
                break
            skipped.append(heapq.heappop(heap))
        for entry in skipped:
            heapq.heappush(heap, entry)
        return found

    def _capacity(self, name: str) -> int:
        return self._agents[name].capacity

    def _book(self, name: str) -> str:
        self._open[name] += 1
        self._push(name)
        return name

    def _fits_of(self, skills: frozenset[str], language: str) -> dict[Profile, Fit]:
        need = (skills, language)
        if need not in self._fits:
            self._fits[need] = {profile: fit(skills, language, profile) for profile in self._heaps}
        return self._fits[need]


def match(
    waiting: Sequence[Waiting], agents: Sequence[Agent], now: datetime, rules: Rules
) -> list[Offer]:
    """Offers, in the order of their making. No agent gets more than the capacity, no conversation
    is offered twice; the order of the arguments does not matter."""
    desk = _Desk(agent for agent in agents if agent.capacity > 0)
    bands: dict[int, list[Waiting]] = {}
    offers: list[Offer] = []
    taken: set[str] = set()
    for each in sorted(waiting, key=lambda w: (not w.returned, w.since, w.conversation_id)):
        if not each.meant_for or now - each.since >= rules.reserved:
            bands.setdefault(band(each, now, rules), []).append(each)
        elif desk.take_of(each.meant_for):
            taken.add(each.conversation_id)
            offers.append(Offer(each.conversation_id, each.meant_for))

    def offer(each: Waiting, wanted: Iterable[Fit], strained: bool | None = None) -> None:
        if each.conversation_id in taken:
            return
        resting = frozenset(a for a, passed in each.passes.items() if now - passed < rules.rest)
        for level in wanted:
            agent = desk.take(each, level, resting, strained=strained)
            if agent is not None:
                taken.add(each.conversation_id)
                offers.append(Offer(each.conversation_id, agent))
                return

    def good_enough(each: Waiting) -> Iterator[Fit]:
        least = least_fit(each, now, rules)
        return (level for level in reversed(Fit) if level >= least)

    if desk.any_strained():
        for each in bands.get(OVERDUE_BAND, ()):
            offer(each, good_enough(each), strained=True)
    for each in bands.get(URGENT_BAND, ()):
        offer(each, good_enough(each), strained=False)
        offer(each, good_enough(each), strained=True)
    for each in bands.get(OVERDUE_BAND, ()):
        offer(each, good_enough(each))
    for number in range(HIGH, 0, -1):
        members = bands.get(number, ())
        for each in members:
            if each.returned:
                offer(each, good_enough(each))
        for level in reversed(Fit):
            for each in members:
                if not desk.has_room():
                    return offers
                if level >= least_fit(each, now, rules):
                    offer(each, (level,))
    return offers
