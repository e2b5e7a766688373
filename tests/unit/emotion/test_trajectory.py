"""How a conversation's feeling moves."""

from hypothesis import given
from hypothesis import strategies as st

from services.emotion.trajectory import Trajectory, Trend, advance

turns = st.lists(st.tuples(st.floats(-1, 1), st.floats(0, 1)), min_size=1, max_size=30)


def after(*values: tuple[float, float]) -> Trajectory:
    trajectory: Trajectory | None = None
    for valence, arousal in values:
        trajectory = advance(trajectory, valence, arousal)
    assert trajectory is not None
    return trajectory


def test_the_first_turn_is_steady_and_its_own_average() -> None:
    first = after((-0.8, 0.7))
    assert (first.valence, first.arousal, first.trend) == (-0.8, 0.7, Trend.STEADY)
    assert (first.customer_turns, first.negative_in_a_row, first.change) == (1, 1, 0.0)


def test_sinking_and_heating_is_escalating() -> None:
    assert after((0.0, 0.2), (-0.5, 0.5), (-0.9, 0.9)).trend is Trend.ESCALATING


def test_rising_from_the_bottom_is_recovering() -> None:
    assert after((-0.9, 0.9), (-0.6, 0.6), (0.4, 0.3)).trend is Trend.RECOVERING


def test_a_fall_from_joy_to_calm_is_no_escalation() -> None:
    assert after((0.8, 0.5), (0.8, 0.5), (0.05, 0.15)).trend is Trend.STEADY


def test_staying_furious_is_escalating_though_nothing_can_sink_further() -> None:
    assert after(*[(-0.9, 0.9)] * 4).trend is Trend.ESCALATING


def test_a_quiet_conversation_is_steady() -> None:
    assert after(*[(0.05, 0.15), (0.1, 0.2)] * 5).trend is Trend.STEADY


def test_a_good_turn_ends_the_row_of_negative_ones() -> None:
    assert after((-0.5, 0.5), (-0.5, 0.5)).negative_in_a_row == 2
    assert after((-0.5, 0.5), (-0.5, 0.5), (0.3, 0.2)).negative_in_a_row == 0


def test_one_turn_moves_the_level_and_only_a_run_moves_it_far() -> None:
    once = after(*[(0.0, 0.2)] * 5, (-1.0, 1.0))
    thrice = after(*[(0.0, 0.2)] * 5, *[(-1.0, 1.0)] * 3)
    assert -0.7 < once.valence < -0.5
    assert thrice.valence < -0.9


@given(turns)
def test_every_number_stays_within_what_was_seen(values: list[tuple[float, float]]) -> None:
    trajectory = after(*values)
    valences = [valence for valence, _ in values]
    assert min(valences) - 1e-9 <= trajectory.valence <= max(valences) + 1e-9
    assert trajectory.lowest_valence == min(valences)
    assert trajectory.customer_turns == len(values)
    assert 0 <= trajectory.negative_in_a_row <= len(values)


@given(turns, st.floats(), st.floats())
def test_numbers_out_of_range_are_clamped(
    values: list[tuple[float, float]], valence: float, arousal: float
) -> None:
    trajectory = advance(after(*values), valence, arousal)
    assert -1 <= trajectory.valence <= 1
    assert 0 <= trajectory.arousal <= 1


@given(turns, turns)
def test_going_on_from_a_stored_trajectory_is_going_on(
    first: list[tuple[float, float]], then: list[tuple[float, float]]
) -> None:
    stored = after(*first)
    for valence, arousal in then:
        stored = advance(stored, valence, arousal)
    assert stored == after(*first, *then)
