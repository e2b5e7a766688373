"""Is life or body at risk? Pure patterns, made for recall: a person looks at each hit.

Definition: self-harm (passive wishes too), threats of violence, gas or carbon monoxide, downed
power lines, failing life support, and what a dispatcher would call an emergency. Idioms ("this
app is killing me", "dying to get my package") are none. Patterns read `wording.folded` text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from services.emotion.crisis_words import (
    HAZARD,
    LIFE_SUPPORT,
    MEDICAL,
    SELF_HARM,
    SPANISH,
    VIOLENCE,
)

_IDIOMS = re.compile(
    r"\b(?:(?:mom|mum|mama|mother|dad|father|boss|wife|husband|girlfriend|boyfriend|gf|bf|roommate|flatmate|"
    r"sister|brother|teacher|coach|manager|kids?|parents|wifey|hubby|partner|fianc[eé]e?|bride|mother in law|landlord|"
    r"ex|editor|client|professor|daughter|son|family|grandma)(?:'?s|'?ll| is| are| will| would|'?d)? (?:literally |probably |absolutely |so |seriously )*"
    r"(?:gonna|going to|will|would|'?ll)? ?(?:literally |absolutely |probably )*(?:kill|murder|strangle) me\b"
    r"(?= (?:if|when|for|over|because)\b(?! (?:he|she|they) (?:finds?|found) (?:me|out (?:that )?i))|[.!?]|$))|"
    r"\b(?:would|wouldn'?t|won'?t|does|doesn'?t|didn'?t|might|not gonna) (?:it )?kill (?:you|u|ya|him|her|them)\b|\bdress(?:ed)? to kill\b|\bkill two birds\b|\bkill (?:the )?(?:time|app|process|session|it|mood|vibe)\b|"
    r"\bshoot (?:me|you|us|u|him|her|them) (?:an?|over|the|some|another|my|your|that|details|a quick)\b|"
    r"\b(?:die|dying|died|dead) (?:laughing|of (?:laughter|boredom|embarrassment|cringe|shame|old age|curiosity|thirst|happiness|excitement|waiting)|from (?:boredom|laughing|cringe|embarrassment|cuteness)|to (?:know|get|try|see|have|find|hear|watch|play|go|wear|open|meet|read|taste))|"
    r"\bi'?d rather (?:die|be dead) than (?:use|call|deal|pay|wait|shop|fly|talk|go|sit|stay|listen|buy|switch|eat)\b|"
    r"\b(?:phone|battery|laptop|car|router|modem|watch|tablet|plants?|mic|controller|tv|device|internet|wifi|app|charger|connection|it)(?:'?s)? (?:\w+ ){0,2}?(?:wants? to|going to|gonna|about to|keeps?|will|might) (?:just )?(?:die|dying|kill itself)\b|"
    r"\bme (?:muero|estoy muriendo|quiero morir) (?:de|por) (?:\w+)|\b(?:mi|tu) (?:mam[aá]|pap[aá]|esposa|esposo|jefe|jefa|novia|novio|mujer|marido|hermana|hermano) me (?:va a|quiere) matar\b|"
    r"\bbeat (?:him|her|them|you|me) to (?:it|the)\b|\bbeats me\b|\bpower line (?:adapter|networking|kit|ethernet)\b|\bhurt (?:your|my) (?:credit|score|feelings|wallet|chances|ratings?|business|brand)\b|"
    r"\bwant to die (?:on this hill|laughing)\b|\b(?:gas|co|smoke|carbon monoxide) (?:alarms?|detectors?) (?:you sell|for sale|in stock|on sale|price)\b|\bgas leak(?:s)? (?:cover(?:ed|age)?|insurance|last (?:year|month))\b|"
    r"\bcut myself (?:a|some|off|short)\b|\b(?:oxygen|nespresso) (?:app|plan|bleach)\b|\bbleeding (?:edge|obvious)\b|\bshot myself in the foot\b|\bshoot(?:ing)? (?:myself|ourselves|yourself) in the foot\b|"
    r"\b(?:kick|kicking|kill(?:ing)?|hate|hating) myself (?:for|over|that i|because i)\b|\bbomb (?:burger|taco|pizza|deal)\b|\b(?:bath|time) bomb\b|\b(?:app|form|thing|menu|update|trip|heat|class|job|fees?|bill|music|site)s? (?:\w+ ){0,3}?(?:kill|murder)\w* (?:me|us|him|her)\b|\bphoto ?bomb\w*|\bheart attack (?:when|at|seeing|looking)\b"
)
_EVERY = tuple(
    re.compile(pattern)
    for pattern in (*SELF_HARM, *VIOLENCE, *HAZARD, *LIFE_SUPPORT, *MEDICAL, *SPANISH)
)
_PANIC = re.compile(
    r"\bpanic|\banxiety attack\b|\bfreaking out\b|\bsobbing\b|\bcrying\b|\bdied\b|\bfuneral\b|\bpassed away\b|\bgot shot\b|\blaughing\b"
)
_BREATH = re.compile(r"\bi (?:can'?t|cannot|cant|can barely) (?:even )?breathe?\b")
_INSULT = re.compile(r"\b(?:go )?kill (?:yourself|urself|yourselves)\b")
_NEGATED = re.compile(
    r"\b(?:i'?m not|i am not|not) (?:\w+ )?(?:suicidal|going to (?:hurt|kill|harm)|gonna (?:hurt|kill)|a threat)\b|"
    r"\b(?:no|isn'?t a|not a) (?:gas (?:leak|smell)|emergency)\b|\b(?:don'?t|not|no longer|can'?t) smell (?:any )?gas\b"
)


_HELPS = re.compile(
    r"\b988\b|\b(?:call|dial) 911\b|\bpoison control\b|\b(?:ambulance|paramedics|police|fire department) (?:is|are|for you)\b|"
    r"\b(?:hurt(?:ing)?|harm(?:ing)?|kill(?:ing)?) yourself\b|\bending your life\b|\bare you (?:safe|in danger|near the (?:edge|wire))\b|"
    r"\bput the (?:knife|gun|pills)\b|\b(?:gun|knife|pills) still\b|\bis (?:he|she|the baby) breathing\b|\bpushing on (?:his|her) chest\b|\bwhat you took\b"
)
_OVER = re.compile(
    r"\b(?:safe(?! with)|all clear|cleared|false alarm|figure of speech|expression|just (?:kidding|joking)|jk|nobody (?:is |was )?(?:hurt|in danger)|"
    r"discharged|stable|breathing(?:,| (?:fine|again|on))|relit|fixed|gone since|all (?:out|good|fine)|(?:he|she|we|i|everyone|everybody|they)(?:'?s|'?re|'?m| is| are| am)? (?:all )?(?:ok|okay|fine|home|better|pink|talking|awake|across the (?:road|street)))\b|\b(?:lights?|power) (?:is|are|come|came)? ?(?:back|on)\b|\b(?:crew|medics|brigade|paramedics)(?:'s| are| is| just)? (?:\w+ )?(?:here|pulled in|rolling up)\b|"
    r"^(?:no|nope|none|what|oh lord no|it (?:isn'?t|is not|wasn'?t))\b[ ,.?!](?:[^.?!]{0,40}\b(?:smell|emergency|wires?|danger|sparks?|smoke|expression|billing|meant|just|only|question)\b)|\bi meant\b"
)
_WITHIN = 6
"""How many turns a danger is remembered in which nobody says that it is over."""


def in_crisis(text: str) -> bool:
    """`text` is folded. Whether someone's life or body seems at risk."""
    text = _NEGATED.sub(" ", _INSULT.sub(" ", _IDIOMS.sub(" ", text)))
    if _PANIC.search(text):
        text = _BREATH.sub(" ", text)
    return any(pattern.search(text) for pattern in _EVERY)


def goes_on(text: str, before: Sequence[tuple[bool, str]]) -> bool:
    """Whether a danger of the turns before, oldest first, lasts: "bus stop outside your building".

    `before` has each turn as (is it the customer's, folded text). A danger lasts from the customer's
    word of it, or from emergency help that was offered, until the customer says that it is over.
    """
    lasts = False
    for customers, said in (*before[-_WITHIN:], (True, text)):
        if customers and _OVER.search(said):
            lasts = False
        elif in_crisis(said) if customers else _HELPS.search(said):
            lasts = True
    return lasts
