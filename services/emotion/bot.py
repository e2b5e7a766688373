"""Does the customer ask what they are talking to? Pure patterns over `wording.folded` text.

Definition: the question; to state that it is a bot is none.
"""

from __future__ import annotations

import re

_BOT = (
    r"(?:bots?|robots?|ro-?bot|machines?(?! (?:wash|learning|available))|computers?|chat ?bots?|a\.?i\.?|artificial intelligence|"
    r"chat ?gpt|gpt|llm|language model|program|automated|automatic|algorithm|virtual assistant|"
    r"virtual agent|software|script|recording|answering machine|alexa|siri)"
)
_REAL = (
    r"(?:(?:real|actual|live|genuine|human|flesh and blood) )*(?:human being|human|person|people|"
    r"real|somebody real|someone real|man or a machine)"
)
_ARE_YOU = re.compile(
    rf"\b(?:are|r|is|was|am i (?:talking|speaking|chatting|texting|typing|writing) (?:to|with)|"
    r"(?:talking|speaking|chatting|texting|dealing) (?:to|with))\s+(?:you|u|ya|this|that|it|there)?\s*"
    r"(?:just |even |actually |really |all |not |also |still |perhaps |maybe |like )*"
    rf"(?:an? |some |some kind of |the |one of those )?(?:{_BOT}|{_REAL})\b(?! (?:who|that|who's|"
    r"company|i can|i could|available|readable|to talk|to speak|in charge|error))"
)
_YOU_A = re.compile(
    rf"^(?:so |wait |hey |hi |hold on |lol |ok |and |are )*"
    rf"(?:(?:you|u|this|is this) (?:an? |even )?(?:{_BOT}|human|(?:real|actual) (?:person|human)|a person)|"
    r"(?:you|u) real)$"
)
EITHER = re.compile(
    rf"\b(?:{_BOT}|machine)\s+or\s+(?:an? |the |is (?:it|this) (?:an? )?|are you (?:an? )?|what |am i (?:talking|speaking) (?:to|with) (?:an? )?)?(?:{_REAL})\b|"
    rf"\b(?:{_REAL})\s+(?:\w+ ){{0,3}}?or\s+(?:an? |the |just |is (?:it|this) |are you )*(?:an? |just )*(?:{_BOT})\b"
)
_TYPING = re.compile(
    r"\b(?:is|are)\s+(?:there )?(?:an? |any )?(?:real |actual |live )*(?:person|human|human being|someone|"
    r"somebody|anyone|anybody|people)\s+(?:actually |really |even )?(?:typing|behind|on the other (?:end|side)|"
    r"there typing|(?:reading|writing|answering|replying)(?: (?:this|these|here|me|to me|my (?:messages?|texts?)|back))?$)"
)
_WHO = re.compile(
    r"\b(?:who|what) (?:am i|is it i'?m|i am|i'm|are we) (?:even |actually |really )?(?:talking|speaking|chatting|"
    r"texting|dealing|typing) (?:to|with)\b|\bwho or what\b|"
    r"\bdo i have a (?:human|person|real)\b"
)
_SPANISH_BOT = re.compile(
    r"\b(?:eres|es usted|usted es|es esto|esto es|ser[aá]s|est[aá] usted|[eé]ste es) (?:un |una |de )?(?:bot|robot|"
    r"m[aá]quina|persona|humano|humana|real|computadora|inteligencia artificial|programa|ia|verdad)\b|"
    r"\b(?:hablo|hablando|escribo|chateando|platicando|tratando) con (?:un |una |alguien )?(?:bot|robot|m[aá]quina|"
    r"persona|humano|computadora|ser humano|real)\b|\bcon qui[eé]n (?:hablo|estoy hablando|tengo el gusto)\b|"
    r"\bqui[eé]n (?:me )?(?:escribe|contesta|responde)\b|\b(?:persona|humano) o (?:un |una )?(?:bot|robot|m[aá]quina)\b|"
    r"\b(?:bot|robot|m[aá]quina) o (?:una? )?(?:persona|humano)\b"
)
_STATES_IT = re.compile(
    r"\b(?:you'?re|you are|ur|u r|youre|this is|it'?s|that'?s|i know|i think|i'm sure|obviously|clearly|if|because|since|"
    r"pretend(?:ing)?|like|whether you)\s+(?:\w+ ){0,2}?$"
)


_LESS_PLAIN = re.compile(
    r"\bis (?:this|it|that) (?:thing |chat |line )?automated\b|\byou'?re not an? (?:bot|robot|machine)\b(?=.{0,8}$)|\b(?:are|is) (?:these|this|that|the|your|those) (?:\w+ )?(?:answers?|repl(?:y|ies)|messages?|"
    r"responses?) (?:automatic|automated|from a (?:person|human|bot|machine)|ai|written by)\b|\b(?:man|person|human|somebody|someone) or (?:a )?(?:machine|something|computer|the computer)\b|"
    r"\bor the computer(?: again)?$|\b(?:have i got|do i have) an? (?:real |live )?(?:human|person)\b(?! (?:who|to))|\bdid a (?:computer|bot|machine|robot) write\b|"
    r"\b(?:sound|seem|talk|feel|look) like an? (?:\w+ )?(?:bot|robot|machine|computer|ai)\b.{0,6}\bare you\b|\bwhether you'?re an? (?:bot|robot|machine|human|person|computer)\b(?=.{0,3}(?:are you|$))|"
    r"\b(?:who'?s|who is) on the other (?:side|end)\b|\btell(?:ing)? me if you'?re an? (?:real |actual )?(?:person|human|bot|robot|machine)\b|"
    r"\b(?:am i|are we) (?:talking|speaking|chatting|arguing|typing|writing) (?:to|with) an? (?:actual |real |live )?(?:employee|agent|machine|human|person|bot)\b|"
    r"\bi'?m (?:talking|speaking|chatting) (?:to|with) an? (?:real |actual |live )?(?:human|person|bot|robot|machine|agent)\b(?=.*\?)|"
    r"\bare you an? (?:live|real|actual) (?:agent|nurse|doctor|rep|employee|representative|advisor)\b|\bu (?:a )?real (?:1|one|person)\b"
)


_ALONE = re.compile(
    r"^(?:an? )?(?:bot|robot|human|ai|real person|person|machine)\s*\?+$|^(?:and |so |wait )*what are you(?: exactly| even)?\s*\?*$"
)


def asks_if_bot(text: str) -> bool:
    """`text` is folded. Whether the writer asks what they are talking to."""
    if _ALONE.match(text.strip()) or EITHER.search(text) or _SPANISH_BOT.search(text):
        return not re.search(r"\b(?:sé que|ya s[eé]|don'?t care|doesn'?t matter)\b", text)
    for sentence in re.split(r"[.!?\n;]+|, ", text):
        sentence = sentence.strip(" \"'")
        if (
            _WHO.search(sentence)
            or _LESS_PLAIN.search(sentence)
            or _YOU_A.search(sentence)
            or _TYPING.search(sentence)
        ):
            return True
        found = _ARE_YOU.search(sentence)
        if found and not _states(sentence, found):
            return True
    return False


def _states(sentence: str, found: re.Match[str]) -> bool:
    """ "I know this is a bot" and "if you are a bot" state it."""
    before = sentence[: found.start()]
    if re.fullmatch(r"(?:is|was) (?:this|that|it|there) (?:\w+ )*?(?:real|people)", found[0]):
        return True
    inverted = re.match(r"(?:are|r|is|was|am i)\b", found[0])
    if not inverted:
        return not re.search(
            r"\b(?:am i|are we|is it|i am|i'm|if i'?m|whether i'?m|im)\s+(?:\w+ )?$", before
        ) or bool(
            re.search(r"\b(?:i'?m|i am|im)\s+(?:\w+ )?$", before)
            and not re.search(r"\b(?:if|whether|so|wait|know if|tell me if)\b", before)
        )
    return bool(
        _STATES_IT.search(before)
        or re.search(
            r"\b(?:this|it|that|you|he|she|there|which|what|agent|chat|thing|assistant|u)\s+$",
            before,
        )
    )
