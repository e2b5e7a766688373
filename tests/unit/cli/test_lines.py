"""The loop that the filters share: a bad line harms itself alone."""

import io
import json
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.cli.lines import LONGEST_LINE_BYTES, BadLine, identifier, run, text_of, turns_of


def echo(line: dict[str, Any]) -> Iterable[dict[str, Any]]:
    return [{"id": identifier(line), "text": text_of(line)}]


def filtered(*lines: bytes, handle: Any = echo) -> tuple[int, list[Any], list[Any]]:
    output, errors = io.BytesIO(), io.BytesIO()
    code = run(handle, lines, output, errors)
    return (
        code,
        [json.loads(line) for line in output.getvalue().splitlines()],
        [json.loads(line) for line in errors.getvalue().splitlines()],
    )


def test_good_lines_pass_in_order_and_the_code_is_zero() -> None:
    code, out, errors = filtered(b'{"id":"a","text":"x"}\n', b'{"id":7,"text":"y"}')
    assert (code, errors) == (0, [])
    assert out == [{"id": "a", "text": "x"}, {"id": 7, "text": "y"}]


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (b"nothing", "not JSON"),
        (b"[1]", "must be a JSON object"),
        (b'{"text":"x"}', "id must be a string"),
        (b'{"id":true,"text":"x"}', "id must be a string"),
        (b'{"id":"a"}', "text must be a string"),
        (b'{"id":"a","text":5}', "text must be a string"),
        (b'{"id":"a","text":"\xff"}', "not JSON"),
        (b'{"id":"a","text":"\\ud800"}', "not JSON"),
        (b'"' + b"x" * LONGEST_LINE_BYTES + b'"', "longer than"),
    ],
)
def test_a_bad_line_becomes_an_error_with_its_number(line: bytes, error: str) -> None:
    code, out, errors = filtered(b'{"id":"a","text":"x"}', line, b'{"id":"b","text":"y"}')
    assert code == 1
    assert [each["id"] for each in out] == ["a", "b"]
    assert [each["line"] for each in errors] == [2]
    assert errors[0]["error"].startswith(error)


def test_an_error_carries_the_id_where_there_is_one() -> None:
    _, _, errors = filtered(b'{"id":"a","text":5}')
    assert errors == [{"error": "text must be a string", "line": 1, "id": "a"}]


def test_a_fault_of_ours_is_told_by_its_class_alone() -> None:
    def fails(line: dict[str, Any]) -> Iterable[dict[str, Any]]:
        raise ValueError(f"secret {line}")

    code, _, errors = filtered(b'{"id":"a","text":"my card"}', handle=fails)
    assert code == 1
    assert errors == [{"error": "failed: ValueError", "line": 1, "id": "a"}]


def test_blank_lines_are_skipped_but_counted() -> None:
    code, out, errors = filtered(b"\n", b"  \n", b"x")
    assert (code, out) == (1, [])
    assert errors[0]["line"] == 3


@given(st.lists(st.binary(max_size=40)))
def test_any_bytes_are_answered_line_by_line(lines: list[bytes]) -> None:
    code, out, errors = filtered(*lines)
    assert len(out) + len(errors) == sum(1 for line in lines if line.strip())
    assert code == (1 if errors else 0)


@given(st.lists(st.text(max_size=20), max_size=5))
def test_texts_come_out_as_they_went_in(texts: list[str]) -> None:
    lines = [json.dumps({"id": "a", "text": text}).encode() for text in texts]
    _, out, errors = filtered(*lines)
    assert errors == []
    assert [each["text"] for each in out] == texts


def test_turns_need_a_known_author_where_authors_are_asked_for() -> None:
    line = {"context": [{"author": "agent", "text": "x"}, {"author": "boss", "text": "y"}]}
    with pytest.raises(BadLine, match=r"context\[1\].author"):
        turns_of(line, "context", required=False, authors=True)


def test_turns_without_an_author_are_the_customers() -> None:
    turns = turns_of({"turns": [{"text": "x"}]}, "turns", required=True, authors=False)
    assert turns == [("customer", "x")]


def test_a_missing_context_is_empty_and_missing_turns_are_an_error() -> None:
    assert turns_of({}, "context", required=False, authors=True) == []
    with pytest.raises(BadLine, match="turns must be a list"):
        turns_of({}, "turns", required=True, authors=False)
