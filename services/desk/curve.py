"""The course of a customer's feeling as a small SVG. Pure.

Time runs to the right, one step for each turn of the customer; up is good. A turning point is
marked by a triangle that points the way the feeling went. What the picture says is said in words
beside it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from services.desk.words import WARMTH

WIDTH, HEIGHT, EDGE = 320, 96, 10
MOST_TURNS = 60


@dataclass(frozen=True)
class Felt:
    """What was read of one turn. Valence from -1 to 1."""

    message_id: str
    state: str
    valence: float


def curve(turns: Sequence[Felt], turned: Mapping[str, bool]) -> Markup:
    """The picture. `turned` says of message ids whether it got worse from there."""
    shown = list(turns)[-MOST_TURNS:]
    if not shown:
        return Markup("")
    places = [(_across(i, len(shown)), _up(felt.valence)) for i, felt in enumerate(shown)]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    middle = _up(0.0)
    parts = [
        Markup('<svg class="curve" viewBox="0 0 {} {}" role="img" aria-label="{}">').format(
            WIDTH, HEIGHT, words(shown, turned)
        ),
        Markup('<line class="curve-middle" x1="{}" y1="{:.1f}" x2="{}" y2="{:.1f}"/>').format(
            EDGE, middle, WIDTH - EDGE, middle
        ),
    ]
    if len(shown) > 1:
        first, last = places[0][0], places[-1][0]
        area = f"{first:.1f},{HEIGHT - EDGE} {line} {last:.1f},{HEIGHT - EDGE}"
        parts.append(Markup('<polygon class="curve-area" points="{}"/>').format(area))
        parts.append(Markup('<polyline class="curve-line" points="{}"/>').format(line))
    for felt, (x, y) in zip(shown, places, strict=True):
        warmth = WARMTH.get(felt.state, "calm")
        parts.append(
            Markup(
                '<circle class="dot {}" cx="{:.1f}" cy="{:.1f}" r="4"><title>{}</title></circle>'
            ).format(warmth, x, y, felt.state)
        )
        if felt.message_id in turned:
            parts.append(_triangle(x, y, worse=turned[felt.message_id]))
    parts.append(Markup("</svg>"))
    return Markup("").join(parts)


def words(turns: Sequence[Felt], turned: Mapping[str, bool]) -> str:
    """The course in one sentence: "From calm to angry over 4 turns; lowest at turn 3, angry."."""
    if not turns:
        return "Nothing was read yet."
    if len(turns) == 1:
        return f"One turn: {turns[0].state}."
    lowest = min(range(len(turns)), key=lambda i: turns[i].valence)
    said = [f"From {turns[0].state} to {turns[-1].state} over {len(turns)} turns"]
    if turns[lowest].valence < 0:
        said.append(f"lowest at turn {lowest + 1}, {turns[lowest].state}")
    for number, felt in enumerate(turns, 1):
        if felt.message_id in turned:
            said.append(f"{'worse' if turned[felt.message_id] else 'better'} from turn {number}")
    return "; ".join(said) + "."


def sparkline(values: Sequence[float], label: str) -> Markup:
    """A line of values from 0 to 1, oldest first, without marks."""
    if len(values) < 2:
        return Markup("")
    wide, high = 120, 28
    step = wide / (len(values) - 1)
    points = " ".join(
        f"{i * step:.1f},{high - 2 - min(1.0, max(0.0, v)) * (high - 4):.1f}"
        for i, v in enumerate(values)
    )
    return Markup(
        '<svg class="sparkline" viewBox="0 0 {} {}" role="img" aria-label="{}">'
        '<polyline class="curve-line" points="{}"/></svg>'
    ).format(wide, high, escape(label), points)


def _across(index: int, count: int) -> float:
    room = WIDTH - 2 * EDGE
    return EDGE + (room / 2 if count == 1 else index * room / (count - 1))


def _up(valence: float) -> float:
    bounded = min(1.0, max(-1.0, valence))
    return EDGE + (1 - bounded) / 2 * (HEIGHT - 2 * EDGE)


def _triangle(x: float, y: float, *, worse: bool) -> Markup:
    # Above the dot when it got worse, below when it got better, within the picture.
    tip, base = (y - 7, y - 15) if worse else (y + 7, y + 15)
    if base < 0 or base > HEIGHT:
        tip, base = (y + 15, y + 7) if worse else (y - 15, y - 7)
    points = f"{x:.1f},{tip:.1f} {x - 5:.1f},{base:.1f} {x + 5:.1f},{base:.1f}"
    title = "It got worse from here" if worse else "It got better from here"
    return Markup('<polygon class="turn {}" points="{}"><title>{}</title></polygon>').format(
        "worse" if worse else "better", points, title
    )
