"""Answers a question about the result of the last action from its facts. Pure."""

import re
from collections.abc import Mapping

from services.reply.results_spanish import spanish_date
from services.reply.turn import Language

# What is asked, the facts that answer it (the first that is known), and how it is said.
_ASKED: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...] = (
    (
        r"\b(?:carrier|ups|fedex|usps|who(?:'s| is| will| does)? (?:be )?(?:deliver|bring|carr|ship)\w*|"
        r"quien (?:me )?(?:lo|la|los|las)? ?(?:trae|entrega|lleva)|(?:regular|by) mail|courier|transportista)\b",
        (("carrier", "It travels with {}.", "Viaja con {}."),),
    ),
    (
        r"\btracking (?:number|code|id|link)\b|\bnumero de (?:rastreo|seguimiento)\b",
        (("tracking_number", "The tracking number is {}.", "El número de seguimiento es {}."),),
    ),
    (
        r"\b(?:breakfast|includ\w*|come[s]? with|firewood|wifi|parking|linen|incluy\w+|desayuno)\b",
        (("includes", "What is included: {}.", "Está incluido: {}."),),
    ),
    (
        r"\b(?:next (?:slot|date|free|available|one|time|appointment)|other (?:times?|dates?)|"
        r"new (?:slot|time)|reschedul\w+|siguiente)\b",
        (("next_free", "The next free time is {}.", "La próxima hora libre es {}."),),
    ),
    (
        r"\b(?:fast(?:ing)?|prepare|bring|eat|drink|beforehand|ayunas|llevar)\b",
        (("preparation", "It says: {}.", "Dice: {}."),),
    ),
    (
        r"\b(?:why|reason|cause|how come|por que)\b",
        (
            ("why", "The reason: {}.", "La razón: {}."),
            ("reason", "The reason given is: {}.", "La razón que figura: {}."),
            ("cause", "The cause: {}.", "La causa: {}."),
        ),
    ),
    (
        r"\b(?:when|what (?:day|time|date)|new date|how (?:long|soon)|what's the date|date|cuando|"
        r"que dia|a que hora|cuanto (?:tarda|falta))\b",
        (
            ("expected", "It is expected on {}.", "Se espera el {}."),
            ("expected_back", "It should be over by {}.", "Debería terminar el {}."),
            (
                "replacement_expected",
                "The new one should be with you by {}.",
                "La nueva debería llegarle el {}.",
            ),
            (
                "refund_expected",
                "The money should be there by {}.",
                "El dinero debería llegar el {}.",
            ),
            ("delivery", "Delivery is planned for {}.", "La entrega está prevista para el {}."),
            ("when", "It is on {}.", "Es el {}."),
            (
                "decision_expected",
                "The decision is expected by {}.",
                "La decisión se espera el {}.",
            ),
            ("starts", "It starts {}.", "Empieza el {}."),
            ("first_due", "The first part is due on {}.", "La primera parte vence el {}."),
            ("drop_off_by", "Please drop it off by {}.", "Entréguelo antes del {}."),
            ("due", "It is due on {}.", "Vence el {}."),
        ),
    ),
    (
        r"\b(?:where|terminal|place|gate|location|which (?:airport|building|floor)|donde)\b",
        (
            ("place", "The place given is {}.", "El lugar que figura es {}."),
            ("left_at", "It was left at {}.", "Se dejó en {}."),
            ("seen_at", "It was seen last in {}.", "Se vio por última vez en {}."),
        ),
    ),
    (
        r"\b(?:how much|amount|total|get back|money back|cuanto)\b",
        (
            ("refund_amount", "The refund is {}.", "El reembolso es de {}."),
            (
                "refund_if_cancelled",
                "If you cancel now, {} comes back to you.",
                "Si cancela ahora, se le devuelven {}.",
            ),
            ("monthly", "Each part is {}.", "Cada parte es de {}."),
            ("amount", "The amount is {}.", "El importe es {}."),
        ),
    ),
    (
        r"\b(?:what(?:'s| is| happens)? (?:next|now)|next step|what (?:do|should) i do|"
        r"que sigue|que hago)\b",
        (
            ("next_step", "What comes next: {}.", "Lo que sigue: {}."),
            ("advice", "The advice: {}", "El consejo: {}"),
            ("note", "There is a note: {}.", "Hay una nota: {}."),
        ),
    ),
)
_ASKED_COMPILED = tuple((re.compile(pattern), answers) for pattern, answers in _ASKED)


# Asked for by name; a "when" or "why" may be about something else.
PRECISE = frozenset(
    {"carrier", "tracking_number", "includes", "next_free", "preparation", "place", "left_at"}
)
# Told in whole English sentences, so not to be put into a Spanish one.
_IN_ENGLISH_WORDS = frozenset(
    {"why", "reason", "cause", "next_step", "advice", "note", "includes", "preparation"}
)
_DECIDED = frozenset({"approved", "denied", "paid", "processed"})


def facts_asked(
    text: str, facts: Mapping[str, str], language: Language
) -> tuple[tuple[str, str], ...]:
    """(name, sentence) of each fact that a plain text asks for, at most two."""
    found = []
    decided = facts.get("status") in _DECIDED
    for pattern, answers in _ASKED_COMPILED:
        if not pattern.search(text):
            continue
        for name, english, spanish in answers:
            value = facts.get(name, "").rstrip(".")
            if language == "es" and name in _IN_ENGLISH_WORDS:
                continue
            if not value or (name == "decision_expected" and decided):
                continue
            said = (
                spanish.format(spanish_date(value)) if language == "es" else english.format(value)
            )
            said = said.replace(". m..", ". m.")
            found.append((name, said if said.endswith(".") else f"{said}."))
            break
        if found and found[0][0] in PRECISE:
            break
    return tuple(found[:2])
