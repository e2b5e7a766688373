"""Where states and labels stand, for systems that say neither valence nor states themselves."""

from services.learning.emotion.data import STATES

VALENCE = dict(zip(STATES, (0.05, 0.75, 0.85, -0.2, -0.5, -0.5, -0.6, -0.85, -0.95), strict=True))
AROUSAL = dict(zip(STATES, (0.15, 0.45, 0.5, 0.35, 0.65, 0.3, 0.6, 0.85, 0.85), strict=True))
"""On Russell's circumplex (J. Pers. Soc. Psychol. 1980), -1..1 and 0..1, by judgement."""

PLEASANT = frozenset(
    [
        "admiration",
        "amusement",
        "approval",
        "caring",
        "excitement",
        "gratitude",
        "joy",
        "love",
        "optimism",
        "pride",
        "relief",
    ]
)
UNPLEASANT = frozenset(
    [
        "anger",
        "annoyance",
        "disappointment",
        "disapproval",
        "disgust",
        "embarrassment",
        "fear",
        "grief",
        "nervousness",
        "remorse",
        "sadness",
    ]
)
