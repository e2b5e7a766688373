"""Does the customer ask for a human? Pure patterns over `wording.folded` text.

Definition: a wish for a human now, or for a call back from one; to mention an agent or to decline
a transfer is none.
"""

from __future__ import annotations

import re

from services.emotion.bot import EITHER
from services.emotion.person_words import ALONE, ESCORTS, HUMAN_WORDS
from services.emotion.wording import clauses

_ADJECTIVE = (
    r"(?:real|live|actual|human|different|another|other|proper|qualified|senior|trained|local|"
    r"competent|breathing|living|flesh and blood|customer|support|service|services|care|billing|"
    r"sales|technical|tech|account|accounts|mortgage|branch|floor|duty|shift|general|claims|"
    r"fraud|loan|collections?|cancellations?|retention|english|spanish|speaking|damn|fucking|"
    r"goddamn|bloody|nice|actual live)"
)
_HUMAN = (
    r"(?:persons?|people|humans?|human beings?|humano|agents?|representatives?|reps?|operators?|"
    r"someone|somebody|some one|some body|anyone|anybody|supervisors?|managers?|advis[oe]rs?|"
    r"associates?|specialists?|customer services?|customer care|customer support|tech support|"
    r"support|staff|team member|member of (?:the |your )?(?:staff|team)|staff member|employee|"
    r"csr|consultant|nurse|pharmacist|doctor|teller|banker|adjuster|adjustor|technician|"
    r"department|team|team lead|higher up|whoever|individual|receptionist|dispatcher|clerk|"
    r"support person|lady|guy|gentleman|expert|professional|case ?worker|"
    r"billing|sales|retention|colleagues?|teammate|\[name|coworker)"
)
_WHICH = rf"(?:(?:a|an|the|some|any|your|my|one of your|ur|that)\s+)?(?:{_ADJECTIVE}\s+){{0,4}}"
_WHOM = rf"{_WHICH}{_HUMAN}\b"
_OWN_BOSS = r"(?!my (?:manager|boss|supervisor|doctor|wife|husband|team|lawyer|accountant)\b)"
_FILL = r"(?:\w+\s+){0,3}?"

_TALK = re.compile(
    r"\b(?:talk|speak|chat|converse|deal|discuss (?:this|it|that|my \w+)|a word|word|"
    r"talk on the phone|speak on the phone|speaking|talking)\s+"
    rf"(?:directly |live |now |again )?(?:to|with|2|w/?)\s+{_OWN_BOSS}{_FILL}{_WHOM}"
)
_CONNECT = re.compile(
    r"\b(?:connect|transfer|put|patch|switch|pass|hand|route|direct|redirect|forward|move|send|"
    r"hook|escalate)\s+(?:me|us|this|it|my (?:call|case|chat|ticket|issue)|this \w+)\s+"
    rf"(?:\w+\s+){{0,2}}?(?:through |over |up |on |along |back )?(?:to|with|thru|through)\s+{_FILL}{_WHOM}"
)
_CONNECT_BARE = re.compile(
    r"^(?:please |pls |just |ok |okay |yes |can you |could you |can u |then |so )*"
    r"(?:transfer|connect|escalate|put|patch) (?:me|us|this)(?: (?:through|over|now|please|pls))*$"
)
_GET = re.compile(
    r"\b(?:get|give|find|bring|fetch|gimme|hand)\s+(?:(?:me|us|to|through to|hold of|ahold of|"
    rf"a hold of|in touch with|on the phone with|me to)\s+)?{_OWN_BOSS}{_WHICH}"
    r"(?:person|humans?|human being|agent|representative|rep|operator|supervisor|manager|"
    r"advis[oe]r|adjuster|specialist|someone (?:who|that|real|else|competent|on|to talk|human|with)|"
    r"somebody (?:who|that|real|else|competent|on|to talk|human|with)|someone$|somebody$|"
    r"support person|member of staff|live chat|live support)\b"
)
_WANT = re.compile(
    r"\b(?:want|need|prefer|like|require|demand|demanding|requesting|request|looking for|"
    r"asking for|asked for|ask for|see|wanna|gimme|waiting for|get)\s+(?:to (?:see|have|get|reach) )?"
    rf"(?:a|an|the|your|some|another)?\s*(?:{_ADJECTIVE}\s+){{0,3}}"
    r"(?:person|human|human being|agent|representative|rep|operator|supervisor|manager|"
    r"advis[oe]r|live chat|human help|human support|human assistance|live support)\b"
    r"(?!\s*(?:readable|fee|code|number|id|licen[cs]e|account|role|portal|name|login|commission|"
    r"discount|plan|manual|resources|rights|error|to sign|access|seat|s\b))"
)
_NEED_SOMEONE = re.compile(
    r"\b(?:need|want|have|get|let|can|could|may|would|like|will|is there|isn't there|there)\s+"
    r"(?:(?:a|an|some|any|your|for|please|u|you|to have|have)\s+)*"
    r"(?:(?:real|actual|live|human)\s+)*(?:(?:human|person|agent|rep|representative|supervisor|"
    r"manager|adjuster|technician)|someone|somebody|anyone|anybody|one of your \w+|the \w+)\s+"
    r"(?:\w+ ){0,4}?(?:who can|that can|who will|who knows|who actually|who speaks?|i can (?:talk|speak|chat|"
    r"call|deal)|to (?:talk|speak) (?:to|with)|with a brain|with authority|real|competent|human|"
    r"(?:please |to |just )*(?:call|phone|ring|contact|reach out|get back to|get in touch|"
    r"give (?:me|us) a (?:call|ring))\b)"
)
_REAL_LOOK = re.compile(
    r"\b(?:can|could|may|let|have|want|need|get|needs?|like)\s+(?:an?|some|any|actual|real|live)\s+"
    r"(?:(?:real|actual|live)\s+)?(?:human|person|agent|supervisor|manager)\s+(?:\w+ ){0,2}?"
    r"(?:look|review|check|read|handle|answer|help|take|step|call|contact|reply|respond|deal|on|here|"
    r"please|now|asap|to)\b"
)
_THERE = re.compile(
    r"\b(?:is|are|isn't|aren't)\s+there\s+(?:not )?(?:a|an|any|some)?\s*(?:real |live |actual |human )*"
    r"(?:person|human|human being|people|agents?|someone|somebody|anyone|anybody|rep|representative|"
    r"manager|supervisor|humans)\s+(?:\w+ ){0,3}?(?:i (?:can|could|might|may)|we can|available|to talk|to speak|"
    r"to help|around|who|that|on duty|free|at all|in charge)\b"
)
_REACH = re.compile(
    r"\b(?:reach|find|get to|get through to|contact|hold of|ask for|asking for|asked for)\s+(?:an?|any|some|the|your)?\s*"
    rf"(?:{_ADJECTIVE}\s+)*(?:humans?|person|agent|representative|rep|operator|supervisor|human being|manager)\b"
)
_SAID = re.compile(
    r"\bi said (?:an? |the |i want an? )?(?:real |live )?(?:agent|human|person|representative|operator|supervisor|manager)$|"
    r"\bwhere (?:are|is) (?:the|an?|your|any|all the) (?:humans?|real people|real person|agents?|human beings?)$|"
    r"\b(?:want|need|see|get|give|speak to|talk to) (?:me |to (?:see |speak to |talk to ))?(?:your|ur) boss\b"
)
_ASK_FOR = re.compile(
    r"\bwho (?:can|do|could|should|may) (?:i|we) (?:talk|speak|chat) (?:to|with)\b"
)
_CALL_ME = re.compile(
    r"\b(?:call|phone|ring) (?:me|us)"
    r"(?=$|\s*[.!?,;:\-)]|\s+(?:back|please|pls|plz|at|on|when|asap|now|today|tonight|tomorrow|in|this|"
    r"after|before|later|about|regarding|instead|urgently|immediately|as soon|right|if|so|and|"
    r"because|cuz|cause|first|directly|to|once|sometime|any ?time|i'?m|i am|im|the|monday|tuesday|"
    r"wednesday|thursday|friday|saturday|sunday|for|over|up|w)\b)"
)
_CALL_BACK = re.compile(
    r"\b(?:give (?:me|us) a (?:call|ring|bell|buzz|callback)|(?:want|need|request|requesting|schedule|"
    r"arrange|book|get|have|like|expect|waiting for|prefer|please) (?:\w+ ){0,2}?(?:a |an? )?(?:call ?back|"
    r"call-back|phone call|return call|call from (?:a|an|some|your|one|someone|the)|phone call with|call please)\b|"
    r"call ?back (?:please|pls|asap|now|today|tomorrow|this|at|on|request)|please call back|"
    r"^call ?back$|someone (?:to )?(?:call|phone|ring|contact) (?:me|us|my (?:mother|mom|mum|father|dad|wife|husband|son|daughter|office)|him|her)\b)"
)
_NO_MACHINE = re.compile(
    r"(?<!you're )(?<!you are )(?<!ur )(?<!i'm )\b(?:(?:don't|dont|do not|not|never|no|stop|quit|hate|done|tired of|sick of|refuse to|enough|"
    r"fed up|rather not) (?:\w+ ){0,5}?(?:talk|talking|speak|speaking|chat|chatting|deal|dealing|"
    r"arguing|messing) (?:to|with) (?:a|an|this|no|your|the|these|some|another)? ?(?:stupid |damn |"
    r"dumb |fucking |goddamn |bloody )*(?:ro)?(?:bots?|machines?|computers?|robots?|ai|chatbots?|"
    r"automated \w+|recordings?|program)|no (?:more )?(?:ro)?bots?\b(?! (?:allowed|policy))|"
    r"not (?:a|another|some) (?:ro)?(?:bot|machine|robot|chatbot|computer)\b|"
    r"instead of (?:a|this|your) (?:ro)?(?:bot|machine|chatbot))"
)
_BODY = re.compile(
    r"\b(?:somebody|someone|anybody|anyone|person|human) with (?:a pulse|a brain|a heartbeat|authority)"
    r"|\bactual human\b(?! rights)|\breal live\b|(?<!are you a )(?<!is this a )\blive (?:agent|person|human|rep|chat|representative|operator)"
    r"\b(?=.{0,12}(?:please|pls|plz|now|$))"
)
_SPANISH = re.compile(
    r"\b(?:hablar|habla|platicar|charlar|comunicar(?:me)?|conectar(?:me)?|pasar(?:me)?|p[aá]same|"
    r"p[aá]seme|p[aá]senme|comun[ií]que(?:me|nme)|comun[ií]came|me comunica|me pasa|me pasan|"
    r"me puede pasar|transfi[eé]r[ae]n?me|transferir(?:me)?|contactar|me conecta|me comunican|"
    r"atienda|atender|atenderme)\b"
    r"(?:\s+\S+){0,4}?\s+(?:persona|humano|humana|agente|asesora?|alguien|representante|operadora?|"
    r"supervisora?|gerente|encargad[oa]|ejecutiv[oa]|ser humano|se[nñ]orita|enfermer[oa]|"
    r"doctora?|responsable|jefe|departamento|real people|person|human|agent|somebody|someone)\b"
    r"|\b(?:quiero|necesito|deme|dame|p[oó]ngame|p[oó]nganme|ponme|prefiero|exijo) (?:a |con )?(?:una?|un|al?|el|la|su) "
    r"(?:\w+ )?(?:persona|humano|agente|asesora?|representante|operadora?|supervisora?|gerente)\b"
    r"|\b(?:ll[aá]men?me|ll[aá]mame|m[aá]rquen?me|que (?:alguien )?me llamen?|me (?:puede|pueden|podr[ií]an?) "
    r"(?:llamar|marcar)|devu[eé]lvanme la llamada|que me marquen)\b"
)
_SPANISH_NO_MACHINE = re.compile(
    r"\bno quiero (?:seguir )?habla(?:r|ndo) con (?:una?|esta?|el|la) (?:m[aá]quina|robot|bot|contestadora)"
)
_SPANISH_DECLINES = re.compile(
    r"\b(?:no (?:quiero|necesito|hace falta|me)|sin (?:tener que )?|ya|ayer) $"
)
_PHRASES = re.compile(
    r"^(?:please |pls |just |hello |hi |ok |okay )*(?:customer (?:service|care|support)|live (?:agent|chat|"
    r"person|support|rep|human)|real (?:person|human)|human being|a person|a human|speak to agent|"
    r"talk to agent|speak to human|talk to human|call cent(?:er|re)|atenci[oó]n al cliente|"
    r"servicio al cliente)(?: please| pls| now| plz| por favor)*$"
)

_TEXTING = {
    "some1": "someone",
    "any1": "anyone",
    "sum1": "someone",
    "sb": "somebody",
    "tlk": "talk",
    "spk": "speak",
    "hooman": "human",
    "agnt": "agent",
    "representitive": "representative",
    "represenative": "representative",
    "reprasentative": "representative",
    "servise": "service",
    "oprator": "operator",
    "superviser": "supervisor",
    "wit": "with",
}
_WORDY = re.compile(r"\b(?:" + "|".join(_TEXTING) + r")\b")
_TO = re.compile(r"\b(talk|speak|chat|listen|get|transfer me|connect me) 2\b")

_PASSED_ON = re.compile(
    r"\b(?:they|he|she|who|agents?|people|everyone|rep) (?:just |always |keep |kept |then |all |only )?"
    r"(?:put|transferred|transfer|pass|passed|connected|sent|send|handed) (?:me|us)\b"
)
_LESS_PLAIN = re.compile(
    rf"\bget me (?:over |through )?to {_WHOM}|^connect (?:me )?(?:to )?(?:an? )?(?:live |real )?(?:agent|human|person)?$|\bpatch me through\b|"
    r"\b(?:need|want|like) (?:some )?(?:assistance|help|support) from (?:an?|your|the|some) (?:\w+ )?(?:employee|human|person|agent|staff|someone)\b|"
    r"\b(?:and )?pass me (?:over|on|along)\b|\b(?:so|just|but) (?:an? )?(?:person|human|agent) (?:please|pls|plz)\b|\bplease(?: god)? an? (?:human|person|real person)\b|"
    r"\b(?:chat|talk|speak) (?:to|with) (?:a |an )?(?:live body|human bean)\b|\bsupervisor's attention\b|\bif (?:an? )?(?:nurse|doctor|person|human|agent|someone|somebody) could (?:talk|walk|call|ring|help|speak)\b|"
    r"\bhave humans working\b|\bcolleague of yours\b|\b(?:agent|human|person) i can (?:chat|talk|speak)\b|\bp[aá]seme a\b|\bsit down with (?:someone|somebody|an?) \w+\b|\bwho (?:do|can|should) i (?:have to |need to )?(?:speak|talk) (?:to|with)\b|"
    r"\b(?:explain|tell|say|show|discuss|raise|take|talk) (?:this|it|that)(?: over| up)? (?:to|with) "
    rf"{_WHOM}|\b(?:wait|hold|queue|ready|ask(?:ing)?) for (?:an?|the|your) (?:{_ADJECTIVE} )*"
    r"(?:human|person|agent|representative|rep|operator|supervisor|manager|adviser|advisor)\b|"
    rf"\b(?:past|around|beyond) (?:you|this|the bot|it|this bot) to {_WHOM}|"
    r"\b(?:straight|directly|right) to (?:customer (?:service|care|support)|an? \w+|the manager)\b|"
    r"\b(?:be|get|get me|getting|like to be|want to be|need to be) (?:put through|transferred|connected|escalated|"
    r"passed (?:on|over|to|along)|handed (?:over|to))\b|\bhear an? (?:human|real) voice\b|"
    rf"\b(?:may|can|could|might) (?:i|we) (?:please |just )?have {_WHICH}(?:somebody|someone|person|human|agent|rep|"
    r"representative|supervisor|manager|colleague|word)\b(?! (?:else )?(?:pick|collect|sign|on (?:my|the)))|"
    r"\b(?:loop|bring|call|rope) in (?:somebody|someone|an? (?:manager|person|colleague|agent|supervisor))\b|"
    r"\bput (?:your|the|an?|him|her|them|somebody|someone) ?(?:\w+ )?(?:on|on the (?:line|phone))\b(?=$| (?:the|now|please|please now))|"
    r"\bput (?:your|the|an?) (?:manager|boss|supervisor) on\b|"
    r"\b(?:anyone|anybody|someone|somebody) (?:alive|home|living|breathing)\b|"
    r"\b(?:need|want|like|have|trying|going) to escalate\b|^(?:please |pls )?escalate (?:this|me|it|my \w+)\b|"
    rf"\bif (?:an? |the )?(?:{_ADJECTIVE} )*(?:human|person|manager|agent|someone|somebody) (?:doesn't|does not|won't) (?:call|ring|phone|contact|answer|get back)\b|"
    r"\b(?:an? )?(?:executive|consultant|colleague|agent|advisor|adviser|person|human|nurse|doctor|technician|specialist|someone|somebody|staff member|underwriter) "
    r"(?:to |please |can |could )?(?:please )?(?:calls?|contacts?|phones?|rings?|reach(?:es)? out to) (?:me|us|my \w+)\b|"
    r"\b(?:holla|holler) at (?:a|an|some)\b|\b(?:someone|somebody|get someone|get somebody|one) who (?:can|knows what|actually)\b(?=.{0,30}$)|"
    r"\b(?:phone|voice) (?:call|conversation|chat) with (?:a|an|the|your|someone|somebody)\b|"
    r"\b(?:give|drop) me a (?:shout|line by phone|tinkle|bell|ring)\b|\bover the phone with (?:someone|somebody|a|an|your)\b|"
    r"\bnext level support\b|\bgrown[- ]?up in here\b|\bin touch with (?:a|an|someone|somebody|your) (?:\w+ )?(?:person|human|manager|agent|\w+ who)\b|"
    r"\b(?:go on|continue|deal|do this) with (?:a|this) machine\b|\bmagic word\b.{0,30}\b(?:human|person|agent)\b|"
    r"\b(?:me asesore|me marque|me llame|me atienda|me contacte) (?:un|una|alguien)\b|\balguien (?:me )?(?:llamara|llame|marque|con quien (?:pueda )?hablar)\b|"
    r"\b(?:deme|dame|p[oó]ngame|comun[ií]queme) con (?:alguien|un|una|su|el|la)\b|\bhablar con (?:servicio|atenci[oó]n) al cliente\b|"
    r"\bcon qui[eé]n (?:puedo|podr[ií]a|debo) hablar\b"
)

# What stands before a match and turns it into a mention, a report or a refusal.
_DECLINES = re.compile(
    r"(?:\b(?:don'?t|do not|doesn'?t|dont|no need|not|without|never|rather not|instead of|no longer|"
    r"needn'?t|avoid|rather than|stop|quit|keeps?|kept|hate|bother|neither|nor)\s+(?:even |really |want |wanna |wish |"
    r"need |like |have |having |to |bother |bothering |me |be |you |i |please |trying |get |getting |"
    r"for |a |an |in |any )*)$"
)
_STILL_ASKS = re.compile(
    r"\b(?:why (?:don'?t|can'?t|won'?t|not)|can'?t i|cannot|can not|couldn'?t|won'?t let|don'?t let|"
    r"not let|isn'?t letting|not able|why do(?:n'?t)? you not)\b"
)
_REPORTS = re.compile(
    r"(?:\b(?:when(?:ever)?|after|before|since|while|once|(?:every|each|last|first) time|if) "
    r"(?:that )?(?:i|we|you|they|he|she) (?:\w+ )?|\b(?:got|had|managed|able|used|afraid|was going|refused|how) to |"
    r"\b(?:do|does|did|would|will) (?:i|we|you) (?:have|need|want|like|prefer) (?:\w+ )?(?:me )?to |\b(?:told|asked|advised) (?:me|us|him|her) "
    r"(?:that )?(?:i |we )?(?:should |could |need |needed |have |had )?(?:to )?|\bsaid (?:to|i should|i could|i can) |"
    r"\b(?:i|we|they|he|she|you|who|one) (?:did|could|would|should) |\b(?:i'?m|i am|i'?ll be|i will be|i was|we were|been) (?:not )?|"
    r"\b(?:enjoyed?|loved?|liked?|after|before|from|of|by|like|remember|about|was|were|been|keep) )$"
)
_SPEAKING_NOW = re.compile(r"\b(?:speaking|talking)\b")
_NOT_A_CALL = re.compile(
    r"(?:\b(?:don'?t|do not|never|stop|dont|nobody|no one|noone|didn'?t|did not|he|she|they|people|everyone|friends|"
    r"you can|just|always|to|didnt|who|that|what) (?:can |could |may |might |ever |would |did |even |will |to |you |somebody would |someone would |time \w+ would |bothers? to |bothered to |said they'?d |'?d |"
    r"promised to |said you'?d |said you would |(?:was|were) (?:going|supposed) to |not )*)$"
)
_PROMISED = re.compile(
    r"\b(?:said|promised|told me|swore|claimed|supposed|was going|thought|hoped|expected)\b(?:\W+\w+){0,8}\W*$"
)


def asks_for_person(text: str) -> bool:
    """`text` is folded. Whether the writer wants a human now, or a call back."""
    text = _TO.sub(r"\1 to", _WORDY.sub(lambda word: _TEXTING[word[0]], text))
    return any(_asks(clause) for clause in _spans(text))


def _spans(text: str) -> list[str]:
    """Sentences and, for what is said in a few words, their clauses."""
    sentences = [piece.strip() for piece in re.split(r"[.!?\n;]+", text) if piece.strip()]
    return sentences + [clause for clause in clauses(text) if clause not in sentences]


def _asks(sentence: str) -> bool:
    words = re.findall(r"[\w']+", sentence)
    if words and len(words) <= 9 and _only_names_a_human(words):
        return True
    if _PHRASES.search(sentence) or _CONNECT_BARE.search(sentence):
        return True
    if _NO_MACHINE.search(sentence) or _SPANISH_NO_MACHINE.search(sentence):
        return True
    if _SAID.search(sentence):
        return True
    if _PASSED_ON.search(sentence):
        return False
    wishes = [_LESS_PLAIN, _TALK, _CONNECT, _GET, _WANT, _NEED_SOMEONE, _REACH, _ASK_FOR]
    if not EITHER.search(sentence):
        wishes += [_REAL_LOOK, _THERE, _BODY]
    for pattern in wishes:
        for found in pattern.finditer(sentence):
            before = sentence[: found.start()]
            if not _refused(before, found[0]):
                return True
    for pattern in (_CALL_ME, _CALL_BACK):
        for found in pattern.finditer(sentence):
            before = sentence[: found.start()]
            if not (_NOT_A_CALL.search(before) or _PROMISED.search(before) or _declined(before)):
                return True
    return any(
        not _SPANISH_DECLINES.search(sentence[: found.start()])
        for found in _SPANISH.finditer(sentence)
    )


def _only_names_a_human(words: list[str]) -> bool:
    """ "agent", "human please", "real person now": nothing in it but the wish."""
    if not HUMAN_WORDS & set(words):
        return False
    if len(words) == 1:
        return words[0] in ALONE
    named = bool(set(words) & ALONE)
    return named and set(words) <= HUMAN_WORDS | ESCORTS and not {"no"} & set(words[:1])


def _refused(before: str, matched: str) -> bool:
    if _declined(before):
        return True
    if re.search(r"\bhow (?:many times|often|long|much longer)\b", before):
        return False
    if _REPORTS.search(before):
        return not re.search(r"\b(?:until|unless|want|need|like|wish) (?:i |to )*$", before)
    # "speaking to an agent" tells, "I insist on speaking to an agent" asks.
    if _SPEAKING_NOW.match(matched):
        return not re.search(
            r"\b(?:insist on|mind|prefer|want to be|appreciate|rather be|like to be|feel better|more comfortable|feel safer|be happier|interested in|consider) $",
            before,
        )
    return False


def _declined(before: str) -> bool:
    return bool(_DECLINES.search(before)) and not _STILL_ASKS.search(before)
