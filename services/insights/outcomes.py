"""How one conversation went. Pure; docs/metrics.md explains each figure with its edge cases.

A conversation may close more than once: a customer who writes again reopens it. Each closing
measures its own episode, from the customer's first message after the closing before.

Events of different topics may overtake each other. What belongs to an episode that closed already
(the reading of its last message, a CSAT that is given afterwards) amends that episode's figures.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum

# From best to worst: the higher, the more a good agent would worry.
WORSENING = (3, 2, 1, 4, 6, 5, 7, 8, 9)
"""Care states by the numbers of the protos: grateful, satisfied, calm, confused, disappointed,
anxious, frustrated, angry, distressed."""


class State(IntEnum):
    """Who has the conversation; numbers as in `rapport.v1.ConversationState`."""

    BOT = 1
    QUEUED = 2
    OFFERED = 3
    AGENT = 4
    WRAP_UP = 5
    CLOSED = 6


class Resolution(IntEnum):
    """How an episode ended; numbers as in `rapport.v1.Resolution`."""

    BY_BOT = 1
    BY_AGENT = 2
    ABANDONED = 3


@dataclass(frozen=True)
class Episode:
    """What is known of one episode so far. Times are aware, durations in seconds."""

    customer_messages: int = 0
    replies: int = 0
    first_message_at: datetime | None = None
    first_reply_seconds: float | None = None
    first_state: int = 0
    worst_state: int = 0
    last_state: int = 0
    first_valence: float | None = None
    last_valence: float | None = None
    handed_over: bool = False
    reached_person: bool = False
    handover_reason: int = 0
    state: int = 0
    since: datetime | None = None
    bot_seconds: float = 0.0
    queue_seconds: float = 0.0
    agent_seconds: float = 0.0
    csat: float | None = None
    closed_at: datetime | None = None
    closing_version: int = 0

    @property
    def closed(self) -> bool:
        """Whether it is over."""
        return self.closed_at is not None

    @property
    def valence_change(self) -> float:
        """Valence of the customer's last text minus that of the first; 0 with fewer than two."""
        if self.first_valence is None or self.last_valence is None:
            return 0.0
        return self.last_valence - self.first_valence

    def resolution(self) -> Resolution:
        """By whom it was resolved: see docs/metrics.md."""
        if self.state in (State.QUEUED, State.OFFERED):
            return Resolution.ABANDONED
        if self.reached_person:
            return Resolution.BY_AGENT
        if self.handed_over or not self.replies:
            return Resolution.ABANDONED
        return Resolution.BY_BOT


@dataclass(frozen=True)
class Record:
    """What insights remembers of a conversation: the open episode, and the closed one before.

    `version` is the newest move that was taken in.
    """

    tenant: str = ""
    version: int = 0
    open: Episode | None = None
    closed: Episode | None = None

    def episode_at(self, at: datetime) -> Episode:
        """The episode that something of that time belongs to; a new one after a closing."""
        closed = self.closed
        if closed is not None and closed.closed_at is not None and at <= closed.closed_at:
            return closed
        return self.open or Episode()

    def latest(self) -> Episode:
        """The episode in which the customer wrote last: the open one, or else the closed one.

        Feedback is about what was: an episode that only just opened is not what is rated.
        """
        if self.open is not None and (self.open.customer_messages or self.closed is None):
            return self.open
        return self.closed or Episode()

    def with_episode(self, episode: Episode) -> "Record":
        """With one of its episodes as it is now."""
        if episode.closed:
            return replace(self, closed=episode)
        return replace(self, open=episode)


def scored(
    episode: Episode, *, at: datetime, text: bool, state: int, valence: float | None
) -> Episode:
    """After a customer's message. `text` False for a button, `state` 0 and `valence` None where
    nothing was read (a withheld text)."""
    first = episode.first_message_at
    episode = replace(
        episode,
        first_message_at=at if first is None else min(first, at),
        customer_messages=episode.customer_messages + (1 if text else 0),
    )
    if state:
        episode = replace(
            episode,
            first_state=episode.first_state or state,
            last_state=state,
            worst_state=worse(episode.worst_state, state),
        )
    if valence is not None:
        first_valence = valence if episode.first_valence is None else episode.first_valence
        episode = replace(episode, first_valence=first_valence, last_valence=valence)
    return episode


def replied(episode: Episode, *, received_at: datetime, created_at: datetime) -> Episode:
    """After a reply to a message that came through the door at `received_at`."""
    first = episode.first_message_at
    first = received_at if first is None else min(first, received_at)
    seconds = max(0.0, (created_at - first).total_seconds())
    known = episode.first_reply_seconds
    return replace(
        episode,
        replies=episode.replies + 1,
        first_message_at=first,
        first_reply_seconds=seconds if known is None else min(known, seconds),
    )


def person_needed(episode: Episode, reason: int) -> Episode:
    """After a request for a person; the first reason is the episode's."""
    return replace(episode, handed_over=True, handover_reason=episode.handover_reason or reason)


def rated(episode: Episode, csat: float) -> Episode:
    """After a CSAT; the newest counts."""
    return replace(episode, csat=csat)


def moved(episode: Episode, *, to: int, at: datetime, version: int, reason: int) -> Episode:
    """After a move to another state; the time since the move before counts for who had it."""
    seconds = 0.0 if episode.since is None else max(0.0, (at - episode.since).total_seconds())
    bot, queue, agent = episode.bot_seconds, episode.queue_seconds, episode.agent_seconds
    if episode.state == State.BOT:
        bot += seconds
    elif episode.state in (State.QUEUED, State.OFFERED):
        queue += seconds
    elif episode.state == State.AGENT:
        agent += seconds
    episode = replace(episode, since=at, bot_seconds=bot, queue_seconds=queue, agent_seconds=agent)
    if to == State.QUEUED:
        episode = person_needed(episode, reason)
    if to == State.CLOSED:
        # Its last state says how it ended, so it stays.
        return replace(episode, closed_at=at, closing_version=version)
    reached = episode.reached_person or to in (State.AGENT, State.WRAP_UP)
    return replace(episode, state=to, reached_person=reached)


def worse(one: int, other: int) -> int:
    """The care state of two that calls for more attention; 0 is none."""
    return max(one, other, key=lambda state: WORSENING.index(state) if state in WORSENING else -1)
