"""Insults or threats at a person, and the wish not to be contacted. Pure patterns.

Definitions: anger alone, and anger at a thing or a company's work, is not abusive; an insult
reported ("your driver called me fat") is not either. opt_out is about being contacted; to stop a
charge, a payment or a product is not. Patterns read `wording.folded` text.
"""

from __future__ import annotations

import re

_STRONG = (
    r"(?:idiots?|morons?|imbeciles?|cretins?|dumb ?ass(?:es)?|dumb ?fucks?|bitch(?:es)?|bastards?|ass ?holes?|"
    r"arse ?holes?|cunts?|dick ?heads?|pricks?|twats?|wankers?|fuck ?(?:wits?|heads?|faces?|tards?)|mother ?fuckers?|"
    r"retards?|retarded|scum ?(?:bags?)?|pieces? of (?:shit|crap|garbage|trash|filth)|shit ?heads?|"
    r"half ?wits?|dim ?wits?|nit ?wits?|dunces?|simpletons?|douche ?(?:bags?)?|jack ?ass(?:es)?|sons? of (?:a )?bitch(?:es)?|"
    r"sob|whores?|sluts?|numb ?skulls?|brain ?dead|brainless|braindead|parasites?|vermin|cockroach(?:es)?|low ?lifes?|"
    r"low life|losers?|knob ?heads?|bell ?ends?|tossers?|dipshits?|dumb ?bells?|f\*+(?:ing|er)? (?:idiot|moron)s?|b\*+ch|a\*\*hole|"
    r"subhuman|animals working|jokes? of an? (?:human|person|man|woman)|(?:people|person) (?:even )?(?:dumber|stupider)|worthless (?:\w+ ){0,2}(?:toad|person|human|thing|worm|piece|idiot)|monkeys?|buffoons?|"
    r"imb[eé]cil(?:es)?|idiotas?|est[uú]pid[oa]s?|pendej[oa]s?|cabr[oó]n(?:es|a)?|hij[oa]s? de (?:puta|perra|tu)|"
    r"in[uú]tiles|in[uú]til|malparid[oa]s?|put[oa]s?|babos[oa]s?|tarad[oa]s?|tont[oa]s?|basuras? (?:de )?humanas?|gilipollas|mierdas?)"
)
_INSULT = re.compile(rf"\b{_STRONG}\b")
_YOU_ARE = re.compile(
    r"\b(?:you|u|ya|y'?all|you (?:people|guys|lot|all)|all of you|your (?:\w+ )?(?:agent|staff|driver|team|manager|employees?|"
    r"workers?|rep|people|adjuster|technician|guy|lady|nurse|doctor|receptionist|colleagues?))(?:'?re| are| r| is|'?s| were| must be)? "
    r"(?:(?:such|a|an|all|just|the|so|really|fucking|freaking|clearly|truly|too|absolutely|completely|totally|utterly|"
    r"literally|most|bunch of|bloody|nothing but|damn|that|total|complete|absolute|real|very|pretty|obviously|both|as) ){0,4}"
    r"(?:stupid|dumb|worthless|useless|brainless|incompetent(?! (?:company|service|organi[sz]ation))|pathetic|ignorant|disgusting|subhuman|scum|trash|"
    r"garbage|filth|clowns?|joke of (?:a|an) (?:human|person|agent|man|woman)|pigs?|rats?|snakes?|animals?|fools?|"
    r"dense|thick|slow in the head|illiterate|heartless ghouls?|ghouls|disgrace of a (?:human|person)|evil|lazy|ugly|fat|"
    r"dumber|stupider|vile|repulsive|a waste of (?:space|oxygen|air|skin)|waste of (?:space|oxygen|air|skin))\b"
    r"(?! (?:policy|app|system|company|service|rule|website|site|bank|airline|business|form|bot|process|fee))"
)
_ARE_YOU = re.compile(
    r"\bare you (?:people |guys |all )?(?:just |really |that |so |actually |completely |fucking |all |a |an )*"
    r"(?:stupid|dumb|retarded|brain ?dead|illiterate|dense|thick|slow|an? idiot|idiots?|morons?|deaf|mental)\b(?!.{0,20}\bor (?:am i|is it)\b)"
)
_VOCATIVE = re.compile(
    r"\b(?:you|u|ya) (?:absolute |fucking |damn |stupid |lying |thieving |worthless |useless |miserable |dirty |filthy |"
    r"careless |greedy |heartless |lazy |dumb |incompetent |little |total |complete |pathetic |disgusting |rotten |old |"
    r"braindead |support |bloody |goddamn |ignorant |evil |fat |ugly |sick |cheating |spineless )+"
    r"(?:clowns?|fools?|cows?|toads?|worms?|pigs?|rats?|monkeys?|liars?|thie(?:f|ves)|crooks?|people|man|woman|excuse|"
    r"bots?|robots?|thing|bastards?|twerps?|weasels?|snakes?|dogs?|creeps?|freaks?|trolls?|jerks?|sods?)\b(?<!lying people)"
)
_CURSE = re.compile(
    r"\b(?:fuck|screw|f\*+k?|f\*\*\*|fk|fck|fuk|sod|damn|bugger) (?:you|u|off|yourself|all of you|y'?all|ya|ur|your (?:mother|mom|face|family))\b(?! (?:up|over))|\bf ?u\b(?=$|[ !.,])(?<!k\.f u)|"
    r"\b(?:go|can|should|burn|rot|see you|all) (?:\w+ )?(?:to|in) hell\b(?! and back)(?<!app go to hell)|\bgo fuck\b|\beat (?:shit|a dick)\b|\bdrop dead\b|\bkiss my (?:ass|arse)\b|"
    r"(?<!won't )(?<!never )(?<!not )(?<!doesn't )(?<!to )\bshut (?:the (?:fuck|hell) )?up\b(?! (?:shop|and take))|\bkill (?:yourself|urself)\b|\bkys\b|\bgo die\b|\bsuck (?:it|my)\b|\bget (?:bent|stuffed)\b(?<!to get stuffed)|(?:^|[.!?,] |just |go )get lost\b|\bpiss off\b|"
    r"\bi hope (?:that )?(?:you|u|he|she|they|whoever \w+(?: \w+){0,3}|your (?:family|kids|children|mother|house|whole \w+)|all of you|every one of you|this guy) (?:all |both |just )?(?:die|dies|rot|rots|choke|chokes|burn|burns|suffer|suffers|get cancer|gets? (?:hit|sick|hurt)|starve|lose your|crash|drown|bleed)\b|"
    r"\b(?:trash|garbage|scum|stupid|idiots?|useless|a joke) and so (?:are|r) (?:you|u)\b|\bshould (?:choke|burn|rot|drop dead|be shot(?! down)|hang|drown|die)\b|\bdie in a\b|"
    r"\b(?:vete|v[aá]yan(?:se)?|v[aá]yase|anda|vayan) (?:todos )?(?:a la|al) (?:mierda|chingada|diablo|carajo|infierno|verga)\b|\bching(?:a|ue|uen|en) (?:a )?(?:tu|su|sus) madres?\b|\bjode(?:te|os)\b|\bque te jodan\b|\bc[aá]llate\b"
)
_THREAT = re.compile(
    r"\b(?:i(?:'?ll| will|'?m going to|'?m gonna| swear i'?ll| am going to)|we'?ll|gonna|going to|will) (?:\w+ ){0,2}?(?:find (?:you|out where you live|you and)|make (?:you|your life|your lives) (?:\w+ ){0,3}?(?:hell|miser\w+|pay for this in|suffer|regret|sorry)|"
    r"ruin (?:you|your life)|destroy you|come for you|hunt you|beat you|kick your (?:ass|teeth|face|head)|smash your|break your|wring your|slap (?:you|the)|punch (?:you|him|her|whoever)|strangle|hurt you|kill you|get you fired and)\b|"
    r"\byou(?:'?ll| will| are going to|'?re going to|'?re gonna) (?:regret (?:this|it|the day|ever)|be sorry you (?:were|ever)|pay with your)\b|\bwatch your back\b|"
    r"\bi know where (?:you|u|your (?:kids|family|mother|wife)) (?:live|lives|sleep|work|go)\b|\bmake your li(?:fe|ves) (?:\w+ )?(?:hell|miserable)\b|\bbetter (?:sleep with one eye|watch (?:out|yourself|your))|\bte voy a (?:matar|romper|partir|buscar|encontrar|golpear)\b|\blos voy a (?:matar|golpear|quemar)\b(?! en redes)"
)
_LESS_PLAIN = re.compile(
    r"\b(?:you|ya|u) (?:little |lying |useless |stupid |dirty |filthy |thick )*(?:shits?|sacks? of (?:shit|crap|potatoes)|turds?|weasel|witch|savages?|dumm(?:y|ies)|piece of work|clown|nobody|nobodies|waste of \w+|sack)\b|\bsack of shit\b|"
    r"\bwaste of (?:skin|space|oxygen|air)\b|\byou'?re (?:nothing|a nobody|dumber|the dumbest|brain damaged|beneath)\b|\bare you (?:brain damaged|stupid or|dumb or|blind or)\b|\bstfu\b|\bhope (?:you|they|he|she|u) (?:all )?(?:get hit|fire you|die|choke|crash|lose your)\b|"
    r"\b(?:find|finding) out where you (?:sit|live|work|park|sleep)\b|\byou wait (?:till|until) i\b|\bsee you in the street\b|\b(?:mother|mom|parents) (?:is|are|must be) ashamed of you\b|\bonly (?:a|an) (?:half ?wit|idiot|moron|imbecile|fool)\b|"
    r"\bi'?d (?:slap|punch|smack|hit|spit on) (?:you|him|her)\b|\bget a brain\b|\bnobody likes you\b|\bdisgusting human being\b|\b(?:what are you|are you),? (?:stupid|dumb|deaf|blind|thick|retarded)\b|\bugly (?:cow|pig|bitch|man|woman)\b|\blearn english\b|\bcrawl back\b|\bpersona tan (?:est[uú]pida|tonta|idiota)\b|\bpinches? \w+\b"
)
_SELF_OR_REPORT = re.compile(
    r"(?:\b(?:i'?m|i am|i was|i feel|felt|feel|i'?m such|am i|i look|look|looking|i must be|i'?m being|call me|called me|calls me|calling me|makes? me (?:feel|look)|"
    r"made me (?:feel|look)|think(?:s|ing)? i'?m|thinks i am|treat(?:s|ed|ing)? (?:me|us|people|customers|him|her)|like i'?m|like i was|like we'?re|as if i'?m|as if i were|"
    r"said i(?:'?m| was| am)|says i'?m|told me i(?:'?m| was)|told (?:me|us|my \w+)|taking me for|take me for|not|isn'?t|aren'?t|wasn'?t|never|no|"
    r"called (?:my|us|him|her|a|the)|calling (?:my|us|a)|me a|me an|my (?:dog|cat|phone|ex|car|kid|brother|sister|boss|son|husband|wife|computer|laptop)(?:'?s| is)?|"
    r"i'?d be|i would be|played me for|soy|me siento|fui|qu[eé]|only an|only a|just an) "
    r"(?:\w+ ){0,4}?)$"
)
_THING = re.compile(
    r"^\s*(?:-?proof|app|site|website|system|policy|policies|bot|chatbot|robot|machine|phone|router|modem|box|thing|form|code|update|password|"
    r"captcha|rule|rules|question|questions|fee|fees|proof|charger|printer|menu|remote|cable|mistake|machine|company|process|idea|"
    r"aplicaci[oó]n|p[aá]gina|m[aá]quina|sistema|pregunta|error|bars?|test|trees?|strap|bread)\b"
)
_ALONE_MILD = frozenset(
    (
        "loser",
        "losers",
        "monkey",
        "monkeys",
        "retarded",
        "sob",
        "animals",
        "puta",
        "puto",
        "mierda",
        "mierdas",
        "inutil",
        "inútil",
        "tonto",
        "tonta",
        "tontos",
        "parasite",
        "parasites",
        "sucks",
        "whore",
        "prick",
        "pricks",
        "bastard",
        "bastards",
        "buffoon",
        "buffoons",
    )
)

_CONTACT_ING = r"(?:text|messag|e-?mail|mail|call|contact|spam|bother|harass|phon|writ|pester|robocall|ring|ping|hound|notify|disturb)[tmg]?ing"
_POST = (
    r"(?:e-?mails?|texts?|text messages?|messages?|sms|newsletters?|notifications?|promos?|promotions?|promotional \w+|mail|mailers|letters?|"
    r"flyers?|catalog(?:ue)?s?|surveys?|ads?|adverts?|advertis\w+|offers?|reminders?|spam|junk(?: mail)?|marketing(?: \w+)?|robocalls?|"
    r"phone calls|calls|alerts|stuff|crap|updates|junk mail|pamphlets|coupons|this (?:stuff|crap|junk))"
)
_STOP = re.compile(
    rf"\b(?:stop|quit|cease|enough with|no more|halt|refrain from|knock off) (?:\w+ly )?(?:the )?(?:fucking |damn |all |with (?:the )?)*{_CONTACT_ING}"
    r"(?: (?:me|us|my (?:\w+ )?(?:phone|cell|number|house|home|email|inbox|husband|wife|mother|mom)|this number|here|every\w*|so (?:much|often)|daily|all))?"
    r"(?=$|\s*[.!?,;)]|\s+(?:at|on|about|again|every|all|please|pls|now|for (?:good|ever|marketing|surveys)|with|ever|day|already|this|me|us|my|from|so|and|or|i|like|or i|or else|period|immediately|24|constantly|asap|in|to (?:sell|offer|ask)|before i|until))"
    r"(?! (?:me|us) (?:sir|ma'?am|names?|an?|by|mr|mrs|dude|bro|buddy|honey|miss|madam|the wrong|stupid|crazy|that)\b)(?! (?:it|this|that) (?:an?|fixed|resolved))"
)
_STOP_SENDING = re.compile(
    rf"\b(?:stop|quit|cease|don'?t|do not|never|please no|dont) (?:ever )?(?:send(?:ing)?|deliver(?:ing)?|mail(?:ing)?) (?:(?:me|us|out|my \w+) )?(?:(?!by |via |it |them |through )\w+ ){{0,4}}?{_POST}\b(?! (?:about my (?:order|claim|case)|to the (?:wrong|old)|to my old|in (?:spanish|english|french)|at (?:night|3|2)))|"
    r"\b(?:don'?t|do not|stop) send(?:ing)? me (?:anything|any ?more (?:of )?(?:these|this|of)|these things)(?: any ?more| again| else)?\b"
)
_LESS_PLAIN_STOP = re.compile(
    r"\b(?:get|take) me off (?:of )?(?:this|these|your|ur|the) (?:\w+ )?(?:thing|list|texts?|e-?mails?|lists|calls|system|register|mailing)\b|\bget off (?:this|your|the) (?:mailing )?list\b|\b(?:i'?ve |i )?(?:replied|typed|sent|texted|said) stop\b|\b(?:must|do|did|have) i (?:have to )?unsubscribed?\b|\bi unsubscribed\b|\bunsubscribed? (?:twice|three times|again|already|every)\b|"
    rf"\b(?:rather|prefer|would prefer) not (?:to )?(?:get|receive|have|be sent) (?:\w+ ){{0,3}}?(?:{_POST}|circulars?|offers)\b|\bcirculars\b|\bmake (?:the|these|your) (?:calls|texts|emails|messages) stop\b|\bstill getting (?:your|these|those) (?:\w+ )?(?:newsletters?|emails?|texts?|promos?|ads|calls|offers)\b|"
    r"\bnot (?:be )?contacted (?:again|any ?more|any further)\b|\bdo not reply\b(?=.{0,3}$)|\bdo not (?:mail|send) me anything\b|\bleave (?:us|me) be\b|\bnobody (?:rings|calls|contacts|texts|emails) me\b|\bstop writing (?:to )?(?:me|her|him|us)\b|\bmessaged me \w+ times\b.{0,20}\bquit it\b|\bforget my (?:e-?mail|number)\b|\bblock my number on your\b|"
    r"\bdo not consent to (?:marketing|being contacted|calls)\b|\bcancel all my (?:e-?mail|text|sms) alerts\b|\bno me llamen\b|\bdelete me from\b|\bharass me with one more\b"
)
_NO_MORE = re.compile(
    rf"\bno more (?:\w+ ){{0,2}}?{_POST}\b(?! (?:available|left|in stock|on my plan|for (?:this|today)))|\bunsubscribe\b(?! (?:button|link|page|from (?:the )?(?:premium|pro|service|plan|prime|box))[^.]{{0,40}}\b(?:where|broken|doesn'?t work|is)\b)|"
    r"\bunsubscribe me\b|\bopt(?:ing)?[ -]?(?:me )?out\b(?! of (?:\w+ ){0,3}?(?:paper\w*|insurance|warranty|upgrade|arbitration|protection|trial|program\w*|overdraft|coverage|plan|cover|class|settlement|tip|subscription))|\bopt me out\b|"
    rf"\b(?:don'?t|do not|no longer|never|dont) (?:want|wish|need|care to|like to|agree|consent) (?:to )?(?:(?:be|get|getting|receive|receiving|hear|hearing|any|any ?more|your|these|to|more|the|all|from|of|see|have) )*(?:{_POST}|contacted|texted|called|e-?mailed|messaged|from you)\b(?! (?:about (?:this|my)|until|back by|to be))|"
    r"\b(?:take|remove|delete|scrub|drop|get|pull|strike|clear|erase|wipe) (?:me|my (?:\w+ )?(?:number|name|e-?mail|address|phone|contact|details|info|information|data)(?: address| number| details)?|us|this number|the number|my email) (?:off|from|out of) (?:of )?(?:\w+ ){0,3}?(?:lists?|mailing|marketing|database|system|texts?|e-?mails?|messages|records|contacts?|promotions|directory|calls|call list|newsletter|mailings|notifications|distribution)\b|"
    r"\b(?:out|off) (?:of )?(?:your|the|this) (?:\w+ )?(?:mailing |marketing |call |contact |e-?mail )?list\b|\blose my (?:number|e-?mail)\b|\bleave (?:me|us|my family) (?:the (?:hell|fuck) )?alone\b(?! (?:in|with this|at|on hold))|\bdo[- ]not[- ](?:call|contact) (?:list|registry|me)\b|"
    r"\b(?:withdraw|revoke|cancel) (?:my )?(?:consent|permission) (?:to|for) (?:be(?:ing)? |receiv\w+ )?(?:contact\w*|market\w*|messag\w*|text\w*|call\w*|e-?mail\w*)|\bcancel (?:the |your |my |all )*(?:newsletter|e-?mails|texts|text alerts|marketing|notifications|sms)\b|"
    r"\bturn off (?:the |all |your |these |my )*(?:marketing|promotional|text|sms|e-?mail) ?(?:\w+)?"
)
_DO_NOT = re.compile(
    r"\b(?:don'?t|do not|dont|never|no longer) (?:you |u )?(?:ever )?(?:\w+ly )?(?:call|text|contact|e-?mail|message|phone|ring|write(?: to)?|bother|disturb|spam|ping|msg|get in touch with|reach out to|solicit) (?:me|us|my (?:phone|house|number|mother|mom|husband|wife)|this number|here)\b"
    r"(?! (?:an? |before|until|till|after (?!this)|between|during|today|tonight|sir|ma'?am|that|names?|while|if|back|the|any (?:code|link)|my|when|unless|stupid|crazy|with (?:the|a) (?:code|link)|in (?:spanish|english)|first|just|dude|bro|by my))"
    r"(?!,? (?:but |just |please |instead )*(?:text|e-?mail|message|write|chat|call|phone) (?:me|instead|only|works|is))"
)
_NOT_IMPERATIVE = re.compile(
    r"\b(?:you|they|we|people|why|if you|he|she|who|that|guys|y'?all|u|it|agents?|driver|nobody|i|even|reps?|just|which|did|could|bots?)(?:'?d|'?ve)? $"
)
_BARE_STOP = re.compile(
    r"^(?:stop|stop all|stopall|end|quit|stop please|please stop|stop now|opt ?out|optout|unsubscribe|unsub|remove me|arret|alto|baja|para)$"
)
_SPANISH_STOP = re.compile(
    r"\b(?:ya )?no (?:me|nos) (?:vuelvan? a |sigan? )?(?:mand\w+|env[ií]\w+|llam(?:en?|es|ar|ando)|escrib\w+|contact\w+|molest\w+|marquen?|busquen|hablen|texteen)(?! (?:el|la|al|lo|los c[oó]digos|las? factura|mentiros|as[ií]|por mi)\b)|"
    r"\bdej(?:en|e|a|ar) de (?:mandar|llamar|escribir|molestar|enviar|contactar|marcar|spamear|textear|acosar)(?:me|nos)?\b|"
    r"\b(?:qu[ií]t|s[aá]qu|b[oó]rr|elim[ií]n|ret[ií]r|d[eé]n?)\w*me de (?:su|la|sus|esta|baja de (?:su|la|los|sus|las)) ?(?:lista|correos?|mensajes|base|promociones|publicidad|bolet\w+)?|"
    r"\bdar(?:me)? de baja de (?:los|las|sus|su|la|el|todos los) (?:correos?|mensajes|publicidad|lista|promociones|bolet[ií]n|newsletter|sms|notificaciones|emails?|e-mails?)\b|"
    r"\bno (?:quiero|deseo) (?:recibir )?(?:m[aá]s |sus |ning[uú]n\w* )*(?:mensajes?|correos?|llamadas|publicidad|promociones|emails?|sms|notificaciones)\b|\bno quiero que me (?:llamen|escriban|contacten|manden)\b|\bd[eé]jenme en paz\b"
)


def is_abusive(text: str) -> bool:
    """`text` is folded. Whether it insults or threatens a person."""
    if _CURSE.search(text) or _THREAT.search(text) or _VOCATIVE.search(text):
        return True
    if any(not _reported(text, found) for found in _LESS_PLAIN.finditer(text)):
        return True
    if any(not _reported(text, found) for found in _YOU_ARE.finditer(text)):
        return True
    if _ARE_YOU.search(text):
        return True
    return any(_is_aimed(text, found) for found in _INSULT.finditer(text))


def opts_out(text: str) -> bool:
    """`text` is folded. Whether the writer wants to be contacted no more."""
    if _BARE_STOP.match(text.strip(" .!\"'*\n")):
        return True
    if _NO_MORE.search(text) or _LESS_PLAIN_STOP.search(text) or _SPANISH_STOP.search(text):
        return True
    for pattern in (_STOP, _STOP_SENDING, _DO_NOT):
        for found in pattern.finditer(text):
            before = text[: found.start()]
            if (
                not _NOT_IMPERATIVE.search(before)
                and not re.search(
                    r"\b(?:won'?t|didn'?t|doesn'?t|never|can'?t|will not|to|did not|don'?t) (?:you )?$",
                    before[-20:],
                )
            ) or re.search(
                r"\b(?:want|need|ask|asked|asking|like|told|tell|beg|begging) (?:you|y'?all|u|them|your \w+)? ?(?:guys |people )?(?:all )?to $",
                before,
            ):
                return True
    return False


def _is_aimed(text: str, found: re.Match[str]) -> bool:
    if _reported(text, found) or _THING.match(text[found.end() :]):
        return False
    if found[0] in _ALONE_MILD:
        before = text[max(0, found.start() - 40) : found.start()]
        return bool(
            re.search(
                r"\b(?:you|u|your?|ur|ustedes|son|eres|that|those|these|lot of|bunch of|bando de)\b",
                before,
            )
        )
    return True


def _reported(text: str, found: re.Match[str]) -> bool:
    clause = re.split(r"[.!?;\n]", text[: found.start()])[-1]
    return bool(_SELF_OR_REPORT.search(clause))
