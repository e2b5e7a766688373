"""From probabilities and cues to a care state: pure."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.emotion.states import (
    PLEASANT,
    SPEAKS_FOR,
    STATES,
    UNPLEASANT,
    from_labels,
    read_feeling,
)

FLAT = dict.fromkeys(STATES, 1 / len(STATES))
QUIET = dict.fromkeys(SPEAKS_FOR, 0.01)


def leaning(state: str, share: float = 0.6) -> dict[str, float]:
    rest = (1 - share) / (len(STATES) - 1)
    return {name: share if name == state else rest for name in STATES}


def test_there_is_a_rule_for_each_of_the_28_labels_and_it_sums_to_one() -> None:
    assert len(SPEAKS_FOR) == 28
    for shares in SPEAKS_FOR.values():
        assert sum(shares.values()) == pytest.approx(1)
        assert set(shares) <= set(STATES)
    assert not PLEASANT & UNPLEASANT


@pytest.mark.parametrize(
    ("label", "state"),
    [
        ("anger", "angry"),
        ("annoyance", "frustrated"),
        ("confusion", "confused"),
        ("disappointment", "disappointed"),
        ("fear", "anxious"),
        ("gratitude", "grateful"),
        ("grief", "distressed"),
        ("joy", "satisfied"),
        ("nervousness", "anxious"),
        ("neutral", "calm"),
    ],
)
def test_a_label_speaks_for_its_state(label: str, state: str) -> None:
    states = from_labels({**QUIET, label: 0.9})
    assert max(states, key=states.__getitem__) == state


@pytest.mark.parametrize("state", STATES)
def test_the_head_decides_where_nothing_speaks_against_it(state: str) -> None:
    assert read_feeling(QUIET, leaning(state, 0.9)).state == state


def test_the_labels_break_a_tie_of_the_head() -> None:
    assert read_feeling({**QUIET, "gratitude": 0.95}, FLAT).state == "grateful"


def test_evidence_of_a_cue_turns_a_close_call() -> None:
    head = {**leaning("satisfied", 0.5), "frustrated": 0.3}
    mockery = {"frustrated": 1.5, "satisfied": -2.0}
    assert read_feeling(QUIET, head).state == "satisfied"
    assert read_feeling(QUIET, head, [mockery]).state == "frustrated"


def test_valence_follows_the_states_and_never_turns_with_the_labels() -> None:
    glad = {**QUIET, "admiration": 0.9, "joy": 0.9}
    assert read_feeling(glad, leaning("angry", 0.95)).valence < -0.5
    assert read_feeling(glad, leaning("satisfied", 0.95)).valence > 0.6


def test_heat_raises_arousal_alone() -> None:
    cool = read_feeling(QUIET, leaning("frustrated", 0.9))
    loud = read_feeling(QUIET, leaning("frustrated", 0.9), heat=1.0)
    assert loud.arousal > cool.arousal
    assert loud.valence == cool.valence


@given(
    st.lists(st.floats(0, 1), min_size=28, max_size=28),
    st.lists(st.floats(0, 1), min_size=9, max_size=9),
    st.lists(st.dictionaries(st.sampled_from(STATES), st.floats(-3, 3)), max_size=5),
    st.floats(0, 1),
)
def test_any_input_gives_a_distribution_in_range(
    labels: list[float], head: list[float], cues: list[dict[str, float]], heat: float
) -> None:
    feeling = read_feeling(
        dict(zip(SPEAKS_FOR, labels, strict=True)), dict(zip(STATES, head, strict=True)), cues, heat
    )
    assert sum(feeling.states.values()) == pytest.approx(1)
    assert feeling.states[feeling.state] == max(feeling.states.values())
    assert -1 <= feeling.valence <= 1
    assert 0 <= feeling.arousal <= 1
