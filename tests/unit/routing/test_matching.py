"""Who gets whom: rules one by one, then what must hold for any queue and any floor."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.routing.matching import (
    Agent,
    Fit,
    Offer,
    Rules,
    Waiting,
    band,
    fit,
    least_fit,
    match,
)

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
RULES = Rules()


def waits(name: str, seconds: float = 10, priority: int = 2, **more: Any) -> Waiting:
    skills = frozenset(more.pop("skills", ()))
    return Waiting(name, priority, NOW - timedelta(seconds=seconds), skills=skills, **more)


def agent(name: str, capacity: int = 1, **more: Any) -> Agent:
    sets: dict[str, Any] = {key: frozenset(more.pop(key, ())) for key in ("skills", "languages")}
    return Agent(name, capacity, **sets, **more)


def offered(waiting: list[Waiting], agents: list[Agent], now: datetime = NOW) -> dict[str, str]:
    offers = match(waiting, agents, now, RULES)
    return {offer.conversation_id: offer.agent_id for offer in offers}


def test_the_more_urgent_goes_first() -> None:
    waiting = [waits("old", 100), waits("crisis", 1, priority=4), waits("high", 5, priority=3)]
    assert offered(waiting, [agent("a")]) == {"crisis": "a"}
    assert match(waiting, [agent("a", 3)], NOW, RULES) == [
        Offer("crisis", "a"),
        Offer("high", "a"),
        Offer("old", "a"),
    ]


def test_within_a_priority_the_agent_takes_what_the_agent_knows() -> None:
    waiting = [waits("older", 44, skills=["tech", "x"]), waits("newer", 2, skills=["billing"])]
    assert offered(waiting, [agent("a", skills=["billing", "x"])]) == {"newer": "a"}


def test_skills_relax_with_waiting() -> None:
    billing_only = [agent("a", skills=["billing"])]
    assert offered([waits("c", 44, skills=["tech"])], billing_only) == {}
    assert offered([waits("c", 45, skills=["tech"])], billing_only) == {"c": "a"}


def test_language_relaxes_last() -> None:
    english = [agent("a", languages=["en-US"])]
    assert offered([waits("c", 299, language="es")], english) == {}
    assert offered([waits("c", 300, language="es")], english) == {"c": "a"}
    assert offered([waits("c", 1, language="en-GB")], english) == {"c": "a"}


def test_a_crisis_does_not_wait_for_skills() -> None:
    other = [agent("a", skills=["billing"], languages=["en"])]
    assert offered([waits("c", 0, 4, skills=["crisis"], language="en")], other) == {"c": "a"}
    assert offered([waits("c", 0, 4, language="es")], other) == {}
    assert offered([waits("c", 45, 4, language="es")], other) == {"c": "a"}


@pytest.mark.parametrize(
    ("skills", "language", "profile", "expected"),
    [
        ((), "", ((), ()), Fit.ALL_SKILLS),
        (("billing",), "en", (("billing", "tech"), ("en",)), Fit.ALL_SKILLS),
        (("billing", "vip"), "en", (("billing",), ("en",)), Fit.SOME_SKILLS),
        (("billing",), "en", ((), ()), Fit.SOME_SKILLS),
        (("billing",), "en", (("tech",), ("en",)), Fit.LANGUAGE),
        (("billing",), "es", (("billing",), ("en",)), Fit.ANYBODY),
        (("billing",), "ES-mx", (("billing",), ("es",)), Fit.ALL_SKILLS),
    ],
)
def test_fit(skills: Any, language: str, profile: Any, expected: Fit) -> None:
    assert fit(frozenset(skills), language, tuple(map(frozenset, profile))) is expected  # type: ignore[arg-type]


def test_a_priority_rises_with_waiting_but_not_into_the_urgent_band() -> None:
    assert band(waits("c", 119, priority=1), NOW, RULES) == 1
    assert band(waits("c", 120, priority=1), NOW, RULES) == 2
    assert band(waits("c", 1_700, priority=1), NOW, RULES) == 3
    assert band(waits("c", 1_800, priority=1), NOW, RULES) == 4
    assert band(waits("c", 0, priority=4), NOW, RULES) == 5
    assert band(waits("c", 0, priority=0), NOW, RULES) == 2
    assert band(waits("c", -5, priority=1), NOW, RULES) == 1


def test_who_comes_back_from_an_agent_is_at_the_head() -> None:
    waiting = [waits("patient", 100), waits("back", 1, returned=True)]
    assert offered(waiting, [agent("a")]) == {"back": "a"}
    urgent = [waits("first", 60, 4), waits("back", 1, 4, returned=True)]
    assert offered(urgent, [agent("a")]) == {"back": "a"}
    assert offered([*waiting, waits("crisis", 1, 4)], [agent("a")]) == {"crisis": "a"}


def test_an_agent_who_passed_is_left_alone_for_a_while_and_the_next_one_asked() -> None:
    passed = waits("c", 60, returned=True, passes={"a": NOW - timedelta(seconds=29)})
    assert offered([passed], [agent("a"), agent("b", 3, open_conversations=2)]) == {"c": "b"}
    assert offered([passed], [agent("a")]) == {}
    assert offered([passed], [agent("a")], NOW + timedelta(seconds=1)) == {"c": "a"}


def test_a_pass_of_one_conversation_does_not_hide_the_agent_from_another() -> None:
    waiting = [waits("c", 60, passes={"a": NOW}), waits("d", 50)]
    assert offered(waiting, [agent("a")]) == {"d": "a"}


def test_load_is_shared_and_the_longest_idle_comes_first() -> None:
    a = agent("a", 2, last_offer_at=NOW - timedelta(seconds=5))
    b = agent("b", 2, last_offer_at=NOW - timedelta(seconds=50))
    c = agent("c", 2, open_conversations=1)
    waiting = [waits(f"w{i}", 40 - i) for i in range(5)]
    assert offered(waiting, [a, b, c]) == {"w0": "b", "w1": "a", "w2": "c", "w3": "b", "w4": "a"}


def test_the_agent_who_knows_the_customer_is_taken_among_equals() -> None:
    waiting = [waits("c", 10, last_agent_id="b")]
    assert offered(waiting, [agent("a"), agent("b", 2, open_conversations=1)]) == {"c": "b"}
    assert offered(waiting, [agent("a"), agent("b", 1, open_conversations=1)]) == {"c": "a"}


def test_urgent_ones_are_spread_and_do_not_starve_the_overdue() -> None:
    strained = agent("a", urgent_in_a_row=2)
    crisis, overdue = waits("crisis", 5, 4), waits("overdue", 1_900, 1)
    assert offered([crisis, overdue], [strained]) == {"overdue": "a"}
    assert offered([crisis, overdue], [strained, agent("b")]) == {"overdue": "a", "crisis": "b"}
    assert offered([crisis], [strained, agent("b", 2, open_conversations=1)]) == {"crisis": "b"}
    assert offered([crisis], [strained]) == {"crisis": "a"}


def test_nobody_starves_though_urgent_ones_never_stop_coming() -> None:
    """One agent, an urgent customer every minute, each conversation takes a minute."""
    patient = waits("patient", 0, 1, skills=["nobody-has-this"])
    now = NOW
    queue = [patient]
    for minute in range(60):
        now = NOW + timedelta(minutes=minute)
        queue.append(Waiting(f"crisis{minute}", 4, now))
        (offer,) = match(queue, [agent("a", urgent_in_a_row=minute)], now, RULES)
        if offer.conversation_id == "patient":
            break
        queue = [w for w in queue if w.conversation_id != offer.conversation_id]
    assert now - NOW == RULES.overdue


names = st.text("abcdef", min_size=1, max_size=2)
skills = st.frozensets(st.sampled_from(["billing", "tech", "care", "fraud"]), max_size=2)
languages = st.sampled_from(["", "en", "es", "fr-CA"])
passes = st.dictionaries(names, st.integers(0, 60).map(lambda s: NOW - timedelta(seconds=s)))
queues = st.lists(
    st.builds(
        Waiting,
        names,
        st.integers(0, 4),
        st.integers(-5, 4_000).map(lambda s: NOW - timedelta(seconds=s)),
        skills=skills,
        language=languages,
        returned=st.booleans(),
        passes=passes,
        last_agent_id=st.one_of(st.just(""), names),
    ),
    max_size=25,
    unique_by=lambda w: w.conversation_id,
)
floors = st.lists(
    st.builds(
        Agent,
        names,
        st.integers(0, 4),
        st.integers(0, 5),
        skills=skills,
        languages=st.frozensets(st.sampled_from(["en", "es"]), max_size=2),
        last_offer_at=st.one_of(
            st.none(), st.integers(0, 90).map(lambda s: NOW - timedelta(seconds=s))
        ),
        urgent_in_a_row=st.integers(0, 3),
    ),
    max_size=8,
    unique_by=lambda a: a.agent_id,
)


@given(queues, floors)
@settings(max_examples=300)
def test_never_over_capacity_never_twice_never_against_the_rules(
    queue: list[Waiting], floor: list[Agent]
) -> None:
    offers = match(queue, floor, NOW, RULES)
    waiting = {w.conversation_id: w for w in queue}
    agents = {a.agent_id: a for a in floor}
    assert max(Counter(o.conversation_id for o in offers).values(), default=1) == 1
    for agent_id, count in Counter(o.agent_id for o in offers).items():
        assert agents[agent_id].open_conversations + count <= agents[agent_id].capacity
    for offer in offers:
        who, what = agents[offer.agent_id], waiting[offer.conversation_id]
        given_fit = fit(what.skills, what.language, (who.skills, who.languages))
        assert given_fit >= least_fit(what, NOW, RULES)
        passed = what.passes.get(offer.agent_id)
        assert passed is None or NOW - passed >= RULES.rest


@given(queues, floors)
@settings(max_examples=200)
def test_nobody_waits_while_somebody_who_fits_is_free(
    queue: list[Waiting], floor: list[Agent]
) -> None:
    offers = match(queue, floor, NOW, RULES)
    taken = Counter(o.agent_id for o in offers)
    assigned = {o.conversation_id for o in offers}
    for each in queue:
        if each.conversation_id in assigned:
            continue
        for who in floor:
            if who.open_conversations + taken[who.agent_id] >= who.capacity:
                continue
            passed = each.passes.get(who.agent_id)
            rests = passed is not None and NOW - passed < RULES.rest
            suits = fit(each.skills, each.language, (who.skills, who.languages))
            assert rests or suits < least_fit(each, NOW, RULES)


@given(queues, floors, st.randoms(use_true_random=False))
@settings(max_examples=100)
def test_the_order_of_the_arguments_does_not_matter(
    queue: list[Waiting], floor: list[Agent], random: Any
) -> None:
    offers = match(queue, floor, NOW, RULES)
    random.shuffle(queue)
    random.shuffle(floor)
    assert match(queue, floor, NOW, RULES) == offers


@given(queues, st.integers(1, 4))
@settings(max_examples=100)
def test_one_generalist_always_gets_the_highest_band_first(
    queue: list[Waiting], capacity: int
) -> None:
    queue = [replace(w, passes={}, last_agent_id="") for w in queue]
    offers = match(queue, [agent("z", capacity)], NOW, RULES)
    assert len(offers) == min(capacity, len(queue))
    bands = {w.conversation_id: band(w, NOW, RULES) for w in queue}
    left = [bands[c] for c in bands.keys() - {o.conversation_id for o in offers}]
    assert not left or min(bands[o.conversation_id] for o in offers) >= max(left)


def test_who_is_meant_for_an_agent_waits_for_that_agent_and_then_for_anybody() -> None:
    agents = [agent("a"), agent("b", open_conversations=1)]
    transferred = waits("c", 44, meant_for="b")
    assert offered([transferred], agents) == {}
    assert offered([transferred], [agent("a"), agent("b")]) == {"c": "b"}
    assert offered([waits("c", 46, meant_for="b")], agents) == {"c": "a"}
