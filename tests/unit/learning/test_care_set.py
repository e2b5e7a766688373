"""The labelled care set that the model learns from and is measured on."""

import re
from collections import Counter
from pathlib import Path

import pytest

from services.learning.emotion.data import SIGNALS, STATES, Utterance, read_utterances

CARE = Path(__file__).parents[3] / "services/learning/data/care"
SPLITS = ("train", "dev", "test")


@pytest.fixture(scope="module")
def splits() -> dict[str, list[Utterance]]:
    return {name: read_utterances(CARE / f"{name}.jsonl") for name in SPLITS}


def test_no_voice_is_in_two_splits(splits: dict[str, list[Utterance]]) -> None:
    voices = [{utterance.voice for utterance in splits[name]} for name in SPLITS]
    assert not voices[0] & voices[1]
    assert not voices[0] & voices[2]
    assert not voices[1] & voices[2]


def test_no_text_of_more_than_three_words_is_in_two_splits(
    splits: dict[str, list[Utterance]],
) -> None:
    where: dict[str, str] = {}
    for name in SPLITS:
        for utterance in splits[name]:
            if len(utterance.text.split()) > 3:
                assert where.setdefault(utterance.text.lower(), name) == name


def test_ids_are_unique_and_signals_known(splits: dict[str, list[Utterance]]) -> None:
    every = [utterance for name in SPLITS for utterance in splits[name]]
    assert max(Counter(utterance.id for utterance in every).values()) == 1
    for utterance in every:
        assert set(utterance.signals) <= set(SIGNALS)
        assert utterance.text.strip()


def test_every_state_and_signal_is_in_every_split(splits: dict[str, list[Utterance]]) -> None:
    for name in SPLITS:
        assert {utterance.state for utterance in splits[name]} == set(STATES)
        assert {s for utterance in splits[name] for s in utterance.signals} == set(SIGNALS)


def test_what_was_judged_is_within_its_scale(splits: dict[str, list[Utterance]]) -> None:
    every = [utterance for name in SPLITS for utterance in splits[name]]
    assert sum(utterance.valence is not None for utterance in every) > 4000
    for utterance in every:
        assert (utterance.valence is None) == (utterance.arousal is None)
        assert utterance.valence is None or -1 <= utterance.valence <= 1
        assert utterance.arousal is None or 0 <= utterance.arousal <= 1
        assert utterance.satisfaction in (None, 1, 2, 3, 4, 5)
        assert {turn.author for turn in utterance.context} <= {"customer", "bot", "agent"}


def test_no_conversation_is_in_two_splits(splits: dict[str, list[Utterance]]) -> None:
    where: dict[str, str] = {}
    for name in SPLITS:
        for utterance in splits[name]:
            if re.fullmatch(r"w[1-6t]-\d{3}-\d+", utterance.id):
                conversation = utterance.id.rpartition("-")[0]
                assert where.setdefault(conversation, name) == name


def test_an_unknown_state_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    file.write_text('{"id": "a-1", "voice": "a", "text": "hm", "state": "bored"}\n')
    with pytest.raises(ValueError, match="a-1"):
        read_utterances(file)
