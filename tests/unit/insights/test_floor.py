"""Counts by the minute: cells, bounded names, sums, gauges."""

from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import REGISTRY

from services.insights.floor import (
    OTHER,
    WITH_BOT,
    Cell,
    Kind,
    QueueNames,
    last_full_minute,
    state_name,
    summed,
)
from services.insights.gauges import Gauges

cells = st.builds(
    Cell,
    st.integers(0, 99),
    st.sampled_from(Kind),
    st.text("abc-", max_size=8),
    st.sampled_from(["", "calm", "angry"]),
)


@given(cells)
def test_a_cell_comes_back_from_its_key(cell: Cell) -> None:
    assert Cell.parse(cell.key()) == cell


@given(st.lists(st.text(max_size=40)))
def test_queue_names_are_bounded_whatever_comes(names: list[str]) -> None:
    queues = QueueNames(most=6)
    seen = {queues.bounded(name) for name in names}
    assert len(seen | {WITH_BOT, OTHER}) <= 6
    for name in seen:
        assert Cell.parse(Cell(0, Kind.MESSAGE, name).key()).queue == name


def test_no_queue_is_the_bot() -> None:
    assert QueueNames().bounded("") == WITH_BOT


def test_the_last_full_minute_is_the_one_before_this() -> None:
    assert last_full_minute(180.0) == 120.0
    assert last_full_minute(239.9) == 120.0


def test_states_have_plain_names() -> None:
    assert state_name(8) == "angry"
    assert state_name(0) == state_name(99) == ""


def test_partitions_are_summed_and_those_of_others_left_out() -> None:
    counts = [
        ((Cell(0, Kind.MESSAGE, "billing").key(), (60.0, 119.9)), 2),
        ((Cell(1, Kind.MESSAGE, "billing").key(), (60.0, 119.9)), 3),
        ((Cell(2, Kind.MESSAGE, "billing").key(), (60.0, 119.9)), 50),
        ((Cell(0, Kind.MESSAGE, "billing").key(), (120.0, 179.9)), 70),
        ((Cell(0, Kind.STATE, "bot", "calm").key(), (60.0, 119.9)), 4),
    ]
    assert summed(counts, 60.0, {0, 1}) == {
        (Kind.MESSAGE, "billing", ""): 5,
        (Kind.STATE, "bot", "calm"): 4,
    }


def test_a_gauge_falls_to_zero_when_nothing_comes_any_more() -> None:
    gauges = Gauges()
    gauges.show({(Kind.MESSAGE, "tested", ""): 7, (Kind.STATE, "tested", "calm"): 6})
    gauges.show({(Kind.HANDOVER, "tested", ""): 2})
    read = REGISTRY.get_sample_value
    labels = {"queue": "tested"}
    assert read("rapport_insights_messages_per_minute", labels) == 0
    assert read("rapport_insights_states_per_minute", labels | {"state": "calm"}) == 0
    assert read("rapport_insights_handovers_per_minute", labels) == 2
