"""What holds for any text: no failure, sound spans, nothing left, nothing found twice."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.redaction.conversation import load
from services.redaction.tokens import word_set
from services.redaction.transcript import WITHHELD, redact_transcript

load()
SLOW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

PIECES = st.sampled_from(
    sorted(
        word_set(
            """
            my name is Maria Lopez card number 4111 1111 1111 1111 cvv 123 exp 08/27 ssn
            219-09-9481 email j dot smith at gmail com a@b.co @ call four one five double oh triple
            415-555-0132 12 Oak Street Apt 4B , TX 78701 born on March 3 1982 license D1234567
            passport vin 1HGCM82633A004352 ip 10.0.0.1 :: password x1 user_name Mr . Dr. ; : - ( )
            ' " order 12345 last of the social PO Box 7 [PERSON_1] 1 o a s as in sam the her's
            """
        )
    )
)
TEXT = st.one_of(st.text(max_size=120), st.lists(PIECES, max_size=30).map(" ".join))
TURN = st.fixed_dictionaries(
    {"author": st.sampled_from(["customer", "agent", "bot"]), "text": TEXT}
)
TURNS = st.lists(TURN, max_size=5)


@SLOW
@given(TURNS)
def test_spans_are_in_range_in_order_and_apart(turns: list[dict[str, str]]) -> None:
    redacted = redact_transcript(turns)
    assert len(redacted) == len(turns)
    for turn, done in zip(turns, redacted, strict=True):
        last = 0
        for span in done.entities:
            assert last <= span.start < span.end <= len(turn["text"])
            last = span.end


@SLOW
@given(TURNS)
def test_nothing_found_is_left_and_the_rest_is_kept(turns: list[dict[str, str]]) -> None:
    for turn, done in zip(turns, redact_transcript(turns), strict=True):
        assert done.text != WITHHELD
        kept, at = [], 0
        for span in done.entities:
            kept.append(turn["text"][at : span.start])
            at = span.end
        kept.append(turn["text"][at:])
        rest = done.text
        for piece in kept:
            assert piece in rest
            rest = rest[rest.index(piece) + len(piece) :]


@SLOW
@given(TURNS)
def test_the_same_turns_give_the_same(turns: list[dict[str, str]]) -> None:
    assert redact_transcript(turns) == redact_transcript(turns)


@SLOW
@given(st.integers(0, 9999), st.sampled_from(["call me at {}", "{}", "my number is {} thanks"]))
def test_no_phone_number_is_left(last: int, frame: str) -> None:
    number = f"415-555-{last:04d}"
    (turn,) = redact_transcript([{"author": "customer", "text": frame.format(number)}])
    assert turn.text == frame.format("[PHONE_1]")


VALUES = st.sampled_from(
    [
        ("my card is {}", "4111 1111 1111 1111"),
        ("my social is {}", "219-09-9481"),
        ("write to {}", "j.smith@gmail.com"),
        ("my name is {}", "Rebecca Stone"),
        ("ship it to {}", "12 Oak Street"),
        ("my date of birth is {}", "03/14/1982"),
        ("routing number {}", "021000021"),
    ]
)


@SLOW
@given(st.lists(VALUES, min_size=1, max_size=4))
def test_redacting_what_is_redacted_changes_nothing(values: list[tuple[str, str]]) -> None:
    text = ". ".join(frame.format(value) for frame, value in values)
    (once,) = redact_transcript([{"author": "customer", "text": text}])
    assert all(value not in once.text for _, value in values)
    (twice,) = redact_transcript([{"author": "customer", "text": once.text}])
    assert twice.text == once.text
