"""How a conversation's feeling moves."""

import itertools
import math
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from services.emotion.trajectory import (
    FAST_HALF_LIFE,
    IDLE_SECONDS,
    RECENT_TURNS,
    TURNING_POINTS,
    Course,
    FeltTurn,
    Reply,
    Trajectory,
    Trend,
    after_reply,
    after_turn,
)

MINUTE = 60.0
CODEC = TypeAdapter(Course)
values = st.lists(st.tuples(st.floats(-1, 1), st.floats(0, 1)), min_size=1, max_size=30)


def turn(number: int, valence: float, arousal: float = 0.5, at: float | None = None) -> FeltTurn:
    return FeltTurn(f"m{number}", number * MINUTE if at is None else at, number, valence, arousal)


def course_of(turns: list[FeltTurn]) -> Course:
    course = Course()
    for each in turns:
        course = after_turn(course, each)
    return course


def trajectory_of(turns: list[FeltTurn]) -> Trajectory:
    trajectory = course_of(turns).trajectory()
    assert trajectory is not None
    return trajectory


def after(*said: tuple[float, float]) -> Trajectory:
    """Turns a minute apart."""
    return trajectory_of([turn(number, *each) for number, each in enumerate(said)])


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


def test_what_was_felt_fades_with_time() -> None:
    furious = turn(0, -1.0, at=0.0)
    soon = trajectory_of([furious, turn(1, 0.0, at=MINUTE)]).valence
    later = trajectory_of([furious, turn(1, 0.0, at=FAST_HALF_LIFE)]).valence
    next_day = trajectory_of([furious, turn(1, 0.0, at=86_400.0)]).valence
    assert soon < later < next_day
    assert math.isclose(later, -0.2)
    assert next_day > -0.001


def test_who_left_furious_and_comes_back_calm_is_recovering() -> None:
    yesterday = [turn(number, -0.9, 0.9) for number in range(3)]
    assert trajectory_of([*yesterday, turn(3, 0.05, at=86_400.0)]).trend is Trend.RECOVERING


def test_the_peak_is_the_negative_turn_furthest_from_calm() -> None:
    said = [(0.9, 1.0), (-0.6, 0.3), (-0.6, 0.9), (-0.3, 0.2)]
    peak = after(*said).peak
    assert peak is not None
    assert peak.message_id == "m2"
    assert after((0.9, 1.0), (0.0, 0.3)).peak is None


def test_a_turning_point_is_where_the_feeling_went_the_other_way() -> None:
    points = after((0.3, 0.3), (-0.8, 0.7), (-0.9, 0.8), (0.2, 0.3), (0.8, 0.4)).turning_points
    assert [(point.message_id, point.worse) for point in points] == [("m0", True), ("m2", False)]
    assert points[0].valence == 0.3


def test_small_waves_are_no_turning_points() -> None:
    assert after(*[(0.1, 0.2), (-0.1, 0.2)] * 10).turning_points == ()


def test_a_late_turn_goes_to_its_place() -> None:
    turns = [turn(0, 0.1), turn(1, -0.4), turn(2, -0.9), turn(3, 0.5)]
    in_order = trajectory_of(turns)
    for order in itertools.permutations(turns):
        assert trajectory_of(list(order)) == in_order


def test_a_turn_older_than_all_that_are_remembered_counts_and_moves_no_average() -> None:
    turns = [turn(number, 0.2) for number in range(10, 10 + RECENT_TURNS + 3)]
    before = trajectory_of(turns)
    late = trajectory_of([*turns, turn(1, -1.0)])
    assert late.customer_turns == before.customer_turns + 1
    assert late.lowest_valence == -1.0
    assert late.peak is not None
    assert (late.valence, late.trend) == (before.valence, before.trend)


def test_a_turn_that_comes_again_changes_nothing() -> None:
    course = course_of([turn(number, -0.3) for number in range(6)])
    assert after_turn(course, turn(5, -0.3)) == course


def test_a_conversation_that_was_silent_for_long_begins_anew() -> None:
    old = [turn(number, -0.9) for number in range(8)]
    back = turn(9, 0.1, at=7 * MINUTE + IDLE_SECONDS + 1)
    assert trajectory_of([*old, back]) == trajectory_of([back])
    assert course_of([*old, back, turn(8, -0.9, at=1.0)]) == course_of([back])


def test_the_effect_of_a_reply_is_the_turn_after_less_the_turn_before() -> None:
    course = course_of([turn(0, -0.6, 0.8)])
    assert course.effect is None
    first, second = Reply("r1", "bot", "answer"), Reply("r2", "bot", "acknowledge_then_answer")
    course = after_reply(after_reply(course, first), second)
    assert course.effect is None
    course = after_turn(course, turn(1, 0.2, 0.3))
    assert course.effect is not None
    assert course.effect.reply == second
    assert math.isclose(course.effect.valence, 0.8)
    assert math.isclose(course.effect.arousal, -0.5)
    later = after_turn(course, turn(2, -0.9, 0.9))
    assert later.effect == course.effect
    assert after_reply(later, second) == later


def test_a_reply_before_the_customer_spoke_has_no_effect() -> None:
    course = after_turn(after_reply(Course(), Reply("r1", "agent")), turn(0, -0.6))
    assert course.effect is None


def test_a_late_turn_is_no_answer_to_a_reply() -> None:
    asked = after_reply(course_of([turn(5, -0.6)]), Reply("r1", "bot"))
    late = after_turn(asked, turn(4, 0.9))
    assert late.effect is None
    answered = after_turn(late, turn(6, -0.2))
    assert answered.effect is not None
    assert math.isclose(answered.effect.valence, 0.4)


@given(values, st.data())
def test_every_number_stays_within_what_was_seen(
    said: list[tuple[float, float]], data: st.DataObject
) -> None:
    gaps = data.draw(
        st.lists(st.floats(0, IDLE_SECONDS), min_size=len(said), max_size=len(said)), label="gaps"
    )
    times = list(itertools.accumulate(gaps))
    turns = [turn(n, *each, at=times[n]) for n, each in enumerate(said)]
    trajectory = trajectory_of(turns)
    valences = [valence for valence, _ in said]
    arousals = [arousal for _, arousal in said]
    for average in (trajectory.valence, trajectory.slow_valence):
        assert min(valences) - 1e-9 <= average <= max(valences) + 1e-9
    assert min(arousals) - 1e-9 <= trajectory.arousal <= max(arousals) + 1e-9
    assert trajectory.lowest_valence == min(valences)
    assert trajectory.customer_turns == len(said)
    assert 0 <= trajectory.negative_in_a_row <= len(said)
    assert len(trajectory.turning_points) <= TURNING_POINTS
    directions = [point.worse for point in trajectory.turning_points]
    assert all(one != other for one, other in itertools.pairwise(directions))


@given(values, st.floats(), st.floats())
def test_numbers_out_of_range_are_clamped(
    said: list[tuple[float, float]], valence: float, arousal: float
) -> None:
    turns = [turn(number, *each) for number, each in enumerate(said)]
    trajectory = trajectory_of([*turns, turn(len(said), valence, arousal)])
    assert -1 <= trajectory.valence <= 1
    assert 0 <= trajectory.arousal <= 1
    assert -2 <= trajectory.change <= 2


@given(values, st.randoms(use_true_random=False))
def test_turns_that_swap_places_on_the_way_change_nothing(
    said: list[tuple[float, float]], random: object
) -> None:
    turns = [turn(number, *each) for number, each in enumerate(said)]
    swapped = list(turns)
    for place in range(0, len(turns) - 1, 2):
        if random.random() < 0.5:  # type: ignore[attr-defined]
            swapped[place : place + 2] = reversed(swapped[place : place + 2])
    assert trajectory_of(swapped) == trajectory_of(turns)


@given(values, values)
def test_going_on_from_a_stored_course_is_going_on(
    first: list[tuple[float, float]], then: list[tuple[float, float]]
) -> None:
    turns = [turn(number, *each) for number, each in enumerate([*first, *then])]
    course = course_of(turns[: len(first)])
    course = CODEC.validate_json(CODEC.dump_json(course))
    for each in turns[len(first) :]:
        course = after_turn(course, each)
    assert course == course_of(turns)


@given(st.lists(st.tuples(st.floats(-1, 1), st.floats(-1e6, 1e6)), min_size=1, max_size=60))
def test_memory_is_bounded_whatever_the_order_of_times(turns: list[tuple[float, float]]) -> None:
    course = Course()
    for number, (valence, at) in enumerate(turns):
        course = after_turn(course, turn(number, valence, at=at))
        course = after_reply(course, Reply(f"r{number}", "bot", "answer"))
    assert len(CODEC.dump_json(course)) < 3_000
    assert list(course.recent) == sorted(course.recent, key=lambda each: each.at)


def test_a_turn_is_told_by_its_id_alone() -> None:
    one = turn(1, -0.5)
    assert course_of([one, replace(one, at=99.0, valence=0.9)]) == course_of([one])
