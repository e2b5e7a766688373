"""What `make bench-emotion` works out, against values worked out by hand."""

import io
import json
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console
from rich.progress import Progress

from services.emotion.scorer import MODEL_FOLDER
from services.learning.emotion.data import Utterance
from tests.bench.emotion import fairness, quality, tables
from tests.bench.emotion.figures import Readings, care_figures, pearson, signal_figures
from tests.bench.emotion.sets import Care, near_miss_of, read_care, read_goemotions
from tests.bench.emotion.tuning import best_thresholds, coordinate_ascent

NO_SIGNALS = dict.fromkeys(
    ("asks_for_person", "asks_if_bot", "crisis", "opt_out", "abusive"), np.array([False, False])
)


def said(text: str, state: str = "calm", signals: tuple[str, ...] = ()) -> Utterance:
    return Utterance(id="a-1", voice="a", text=text, state=state, signals=signals)


def care_of(test: list[Utterance], *near: str) -> Care:
    marks = [frozenset(near) for _ in test]
    return Care(train=[], dev=[], test=test, near_misses=marks)


def test_recall_precision_and_near_misses_of_a_signal() -> None:
    truth = np.array([True, True, False, False, False])
    given = np.array([True, False, True, False, False])
    near = np.array([False, False, True, True, False])
    figures = signal_figures(truth, given, near)
    assert figures["recall"] == 0.5
    assert figures["precision"] == 0.5
    assert (figures["near_misses"], figures["near_misses_flagged"]) == (2, 1)
    assert figures["near_miss_rate"] == 0.5


def test_a_share_of_nothing_is_no_figure() -> None:
    nothing = np.array([False, False])
    figures = signal_figures(nothing, nothing, nothing)
    assert figures["recall"] is None
    assert figures["precision"] is None
    assert figures["near_miss_rate"] is None


def test_states_right_half_of_the_time_with_full_confidence_miss_calibration_by_half() -> None:
    care = care_of([said("hello", "calm"), said("argh", "angry")])
    readings = Readings(["calm", "calm"], np.zeros(2), np.ones(2), signals=NO_SIGNALS)
    figures = care_figures(readings, care)
    # calm: one hit, one false alarm: F1 2/3; the other eight are 0.
    assert figures["macro_f1"] == pytest.approx(2 / 27)
    assert figures["micro_f1"] == 0.5
    assert figures["ece"] == pytest.approx(0.5)
    assert figures["signals"]["crisis"]["recall"] is None


def test_what_a_system_does_not_say_is_not_a_figure_of_it() -> None:
    figures = care_figures(Readings(["calm"], np.zeros(1)), care_of([said("hello")]))
    assert figures["ece"] is None
    assert figures["signals"] is None
    assert figures["arousal_pearson"] is None
    assert figures["valence_pearson"] is None


def test_pearson_is_that_of_the_textbook() -> None:
    assert pearson([1, 2, 3], [2, 4, 6]) == pytest.approx(1)
    assert pearson([1, 2, 3, 4], [1, 3, 2, 4]) == pytest.approx(0.8)
    assert pearson([1, 2], [1, 2]) is None
    assert pearson([1, 1, 1], [1, 2, 3]) is None


@pytest.mark.parametrize(
    ("row", "signals"),
    [
        ({"voice": "s10-05", "theme": "near misses of crisis"}, {"crisis"}),
        ({"voice": "s05-05", "theme": "near misses of asking for a person"}, {"asks_for_person"}),
        ({"voice": "s12-05", "theme": "near misses of no contact"}, {"opt_out"}),
        ({"voice": "w5-049 opt-out near miss, Philly, 33"}, {"opt_out"}),
        ({"voice": "w3-159 stressed tenant, 26, near-crisis idiom"}, {"crisis"}),
        ({"voice": "w5-127 near miss abusive, Houston"}, {"abusive"}),
        ({"voice": "w2-220 tech lead, near miss asks_if_bot"}, {"asks_if_bot"}),
        ({"voice": "s10-05", "theme": "near misses of crisis", "signals": ["crisis"]}, set()),
        ({"voice": "farmer who lives near a crisis centre"}, set()),
        ({"voice": "s07-01", "theme": "crisis, violence"}, set()),
    ],
)  # fmt: skip
def test_a_near_miss_is_told_by_its_theme_or_voice(
    row: dict[str, object], signals: set[str]
) -> None:
    assert near_miss_of(row) == signals


def test_the_committed_care_set_has_near_misses_of_crisis() -> None:
    folder = Path(__file__).parents[3] / "services/learning/data/care"
    care = read_care(folder)
    marked = [row for row, near in enumerate(care.near_misses) if "crisis" in near]
    assert marked
    assert len(care.near_misses) == len(care.test)
    assert not any("crisis" in care.test[row].signals for row in marked)


def test_goemotions_is_skipped_where_it_is_not(tmp_path: Path) -> None:
    assert read_goemotions(tmp_path / "goemotions") is None


def test_texts_that_train_has_too_are_left_out_of_unseen(tmp_path: Path) -> None:
    (tmp_path / "labels.txt").write_text("joy\nneutral\n")
    (tmp_path / "train.tsv").write_text("yes\t0\ta\n")
    (tmp_path / "dev.tsv").write_text("no\t1\tb\n")
    (tmp_path / "test.tsv").write_text("yes\t0\tc\nwell\t0,1\td\n")
    sets = read_goemotions(tmp_path)
    assert sets is not None
    assert sets.unseen == [1]
    assert sets.truth(sets.test).tolist() == [[True, False], [True, True]]


def test_each_label_gets_the_threshold_that_divides_it() -> None:
    scores = np.array([[0.1, 5.0], [0.2, 9.0], [0.8, 7.0], [0.9, 3.0]])
    truth = np.array([[0, 0], [0, 1], [1, 1], [1, 0]], dtype=np.bool_)
    cuts = best_thresholds(truth, scores)
    assert ((scores >= cuts) == truth).all()


def test_coordinate_ascent_reaches_the_top_and_heeds_what_is_not_allowed() -> None:
    def value(numbers: np.ndarray) -> float:
        if numbers[0] > numbers[1]:
            return -np.inf
        return -float((numbers[0] - 3) ** 2 + (numbers[1] - 2) ** 2)

    free = coordinate_ascent([0, 0], range(5), lambda n: -float(((n - [3, 2]) ** 2).sum()))
    assert free.tolist() == [3, 2]
    held = coordinate_ascent([0, 4], range(5), value)
    assert held[0] <= held[1]


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("My wife called, he did not.", "My husband called, she did not."),
        ("THE MAN and Sir Lady", "THE WOMAN and Ma'am Gentleman"),
        ("I gave it to her mother", None),
        ("¡Son unos irresponsables!", None),
        ("nobody here", None),
        ("come on man, where is it", None),
    ],
)
def test_gendered_words_are_swapped_where_that_can_be_done(text: str, other: str | None) -> None:
    assert fairness.swapped(text) == other


def test_a_reader_that_hears_the_name_has_a_gap_and_flips() -> None:
    def read(utterances: list[Utterance]) -> Readings:
        jamal = ["Jamal" in utterance.text for utterance in utterances]
        return Readings(["angry" if one else "calm" for one in jamal], np.where(jamal, -0.5, 0.25))

    slices = fairness.gaps(read, [said("my wife is here")])
    assert slices["names"]["largest_valence_gap"] == 0.75
    # Of 20 names each is in 19 pairs of 190.
    assert slices["names"]["state_flips"] == pytest.approx(19 / 190)
    assert slices["gender.care"] == {
        "pairs": 1,
        "largest_valence_gap": 0.0,
        "mean_valence_gap": 0.0,
        "state_flips": 0.0,
        "widest": "my husband is here",
    }
    assert slices["dialect.southern"]["state_flips"] == 0


def test_a_dialect_differs_from_its_standard_sentence() -> None:
    for group in fairness.groups([]):
        texts = [utterance.text for utterance in group.utterances]
        assert len(set(texts)) == len(texts)


def test_the_json_of_quality_has_what_it_promises(tmp_path: Path) -> None:
    turn = Utterance("b-1", "b", "ok", "calm", context=(("bot", "Your order is on its way."),))
    care = Care(
        train=[], dev=[], test=[turn, said("Can I talk to a human?", "calm", ("asks_for_person",))],
        near_misses=[frozenset({"crisis"}), frozenset()],
    )  # fmt: skip
    with Progress(disable=True) as progress:
        judged, skipped = quality.judge_all(
            care, None, MODEL_FOLDER, tmp_path, progress, only=(quality.THIS, quality.FULL)
        )
    figures = json.loads(json.dumps(quality.summary(care, None, judged, skipped)))
    assert figures["goemotions"] == {"skipped": quality.LABELS_SKIPPED}
    assert 0 <= figures["care"]["macro_f1"] <= 1
    assert figures["signals"]["asks_for_person"]["recall"] == 1
    assert figures["signals"]["asks_for_person"]["precision"] == 1
    assert figures["signals"]["crisis"]["near_miss_rate"] == 0
    assert 0 <= figures["calibration"]["ece"] <= 1
    assert figures["fairness"]["names"]["pairs"] == 14 * 190
    assert "export --fp32" in figures["skipped"][quality.FULL]
    assert list(figures["care"]["systems"]) == [quality.THIS]
    console = Console(file=io.StringIO(), width=200)
    tables.show_quality(console, figures)
    tables.show_fairness(console, figures)
    shown = console.file.getvalue()
    assert quality.LABELS_SKIPPED in shown
    assert "export --fp32" in shown
