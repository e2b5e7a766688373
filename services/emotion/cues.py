"""What a text shows beside its words' feeling: sarcasm, counted attempts, closings, turns before.

Each cue is evidence for some states and against others, in natural-log units (1.0 makes a state
2.7 times as likely). They say what the network is known to miss, and are few on purpose. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.emotion.wording import folded, plain


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier turn of the conversation; `author` is "customer", "bot" or "agent"."""

    author: str
    text: str


@dataclass(frozen=True, slots=True)
class Cue:
    name: str
    evidence: Mapping[str, float]


_GLAD = re.compile(
    r"\b(?:great|fantastic|wonderful|brilliant|perfect|lovely|love (?:how|that|it|getting|being|this|when)|amazing|awesome|"
    r"superb|terrific|marvell?ous|splendid|excellent|nice(?: touch| one| job| work)?|bravo|congratulations|congrats|cute|cool cool|good job|great job|"
    r"well done|thrilled|delighted|so glad|so happy|thanks (?:so much |a lot |a bunch |a million )?for|thank you (?:so much )?for|"
    r"thanks a lot|kudos|five stars|incredible|impressive|what a (?:surprise|treat|joy|delight|shock|relief|start|day|joke)|"
    r"chef'?s kiss|how (?:lovely|nice|convenient|helpful|clever|kind|thoughtful|generous)|so helpful|very helpful|"
    r"real(?:ly)? helpful|made my day|just what i (?:needed|wanted)|clearly|oh (?:good|sure|wow|yay|joy|goody)|wow|outstanding|"
    r"stellar|top notch|enjoy|good to know|a gift|fun|swimmingly|lucky me|love that|much appreciated|genius|"
    r"qu[eé] (?:maravilla|padre|bien|bonito|chido|lindo|alegr[ií]a)|excelente servicio|gracias por nada|felicidades|maravilloso)\b"
)
_WOE = re.compile(
    r"\b(?:(?:on|off) hold|hours?\b.{0,12}\b(?:wait|hold|queue|line|delay)|wait(?:ed|ing)?|(?:another|still|again|third|fourth|fifth|second|yet) |cancel+ed|"
    r"delay(?:ed|s)?|broke(?:n)?|crash(?:ed|es|ing)?|lost|missing|empty|wrong|never|nobody|no one|no (?:answer|reply|signal|service|refund|show|sauce|call)|"
    r"disconnect(?:ed|s)?|hung up|hang(?:s|ing)? up|ignored?|deleted?|locked|expired?|outage|error|down again|doesn'?t work|not working|"
    r"didn'?t|doesn'?t|won'?t|can'?t|isn'?t|charged? (?:me )?(?:twice|double|again|extra)|double[- ]charged?|overcharged?|(?:the )?queue|transferred|copy[- ]?paste|survey|voucher|"
    r"late|days? (?:late|now|running|in a row)|out of (?:date|stock)|refus(?:ed|es)|denied|declined|useless|scratched|damaged|cracked|leak(?:s|ing)?|"
    r"robb(?:ed|ing)|faq|script|bot|robot|chatbot|hold music|music|fee|fees|excuse|nothing|zero|five working days|six weeks|espera|otra vez|otro|otra|"
    r"bounced?|hours?|weeks?|months?|stuck|slow(?:er)?|frozen|freezes|loading|dead|fail(?:ed|s|ure)?|cold|again|worse|dumber|lie|lied)\b"
)
_EARNEST = re.compile(
    r"\b(?:thank you (?:so|very) much(?! for (?:nothing|wasting|cancel|the (?:wait|delay)|ignoring|keeping|another))|truly|honestly so|sincerely|really appreciate|i appreciate|appreciated|bless|finally|works now|"
    r"fixed|sorted|resolved|arrived (?:early|safe|today)|no longer|worth it|stayed|(?:was|were|been|are) so (?:kind|patient|helpful|lovely|nice)|saved (?:me|my|us)|refunded|"
    r"after (?:all|weeks|months|a long)|despite|even though|although|it took|best)\b"
)
_MOCKS = re.compile(
    r"\bthanks for (?:nothing|wasting|ignoring|the runaround|absolutely nothing|keeping me|making me wait|hanging up)\b|\bgracias por nada\b|\bthank you for (?:nothing|wasting|ignoring|hanging)\b|"
    r"\b(?:oh|wow|yeah|ok|so) (?:great|perfect|wonderful|fantastic|brilliant|lovely|super|joy),? (?:another|more|now|so|the|it|i|my|your|that|one)\b|"
    r"\b(?:great|fantastic|wonderful|brilliant|lovely|perfect|marvell?ous|splendid|terrific|superb|amazing|awesome|fabulous)[,.!:]? (?:another|one more|more|yet another|so now|now (?:it|i|the|my)|just what i needed|just great|the \w+ again)\b|"
    r"\bas if i (?:have|had|don'?t)\b|\bnot like i (?:have|work|need|pay)\b|\bi'?ve (?:only )?got all (?:day|the time)|\bsure it (?:will|did|is|does)\b|\bsure you (?:will|did|are)\b|\byeah,? right\b|\bgood luck with that\b|"
    r"\bwho (?:could have|would have) (?:guessed|thought|known)\b|\bso much for\b|\bmust be (?:nice|so proud)\b|\bhow (?:very )?(?:convenient|original|surprising|unexpected)\b|\bcolou?r me surprised\b|"
    r"\bwhat (?:could|can) possibly go wrong\b|\b(?:shocking|shocker|surprise,? surprise)\b|\blove that for me\b|\bslow clap\b|\b10/10 (?:would not|service)\b|🙃|👏 ?👏|/s\b"
)
_ATTEMPTS = re.compile(
    r"\b(?:(?:second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|umpteenth|millionth|hundredth|\d+(?:st|nd|rd|th)) (?:time|call|email|e-mail|message|person|attempt|request|agent|rep|ticket|replacement|chat|week|day|visit|technician|no-show|friday|day in)|"
    r"(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d+|several|multiple|many|countless|so many|a dozen|a hundred|a million) (?:different |separate |other |more )?(?:times|calls|emails|e-mails|messages|people|agents|reps|tickets|attempts|answers|departments|transfers|reference numbers|visits|forms)|"
    r"called (?:\w+ ){0,2}?(?:twice|again)|twice (?:now|already)|asked (?:\w+ )?(?:twice|before|already)|(?:already|just) (?:told|said|sent|gave|did|tried|explained|uploaded|answered|submitted|provided|asked)|keeps? (?:\w+ing|on|saying|telling)|"
    r"over and over|again and again|time and again|back and forth|in circles|round and round|every (?:single )?(?:time|day|week|month)|still (?:no|not|nothing|waiting|hasn'?t|haven'?t|isn'?t|doesn'?t|broken|down|the same|says|won'?t|can'?t)|"
    r"same (?:thing|problem|error|issue|answer|question|recording|message|story)|starts? (?:over|from (?:zero|scratch))|passed around|runaround|nobody (?:calls|called|answers|answered|replies|knows|came|can)|no one (?:calls|called|answers|answered|replies|came|knows)|"
    r"day (?:two|three|four|five|six|seven|eight|nine|ten|\d+)|(?:tres|cuatro|cinco|dos|mil|varias) veces|otra vez|ya (?:les |le |te )?(?:dije|llam[eé]|mand[eé]|expliqu[eé]|fui|hice)|cada (?:vez|quien)|sigo esperando|nadie (?:me )?(?:contesta|atiende|responde|explica))\b"
)
_HOSTILE = re.compile(
    r"\b(?:thie(?:f|ves)|crooks?|liars?|lied to|lying|scam(?:mers?|med)?|con artists?|fraud(?:s|sters?)?|robb(?:ed|ery|ers?)|stole|stolen from|theft|steal(?:ing)?|criminals?|swindl\w+|shame on|how dare|disgust(?:ing|ed)|disgrace(?:ful)?|"
    r"you people|you lot|you guys are|clowns|incompetent|slumlords?|sue you|suing|see you in court|(?:my|a|our) (?:lawyer|attorney|solicitor|counsel)|legal action|attorney general|ombudsman|regulator|small claims|bbb|"
    r"screw you|fuck you|go to hell|pathetic|furious|livid|enraged|i'?m (?:so )?(?:pissed|mad|angry)|fire (?:him|her|that|them)|fired|insult(?:ing|ed)?|never forgive|hope you'?re proud|rot|heartless|evil|"
    r"ladr[oó]n(?:es)?|rater[oa]s?|mentiros[oa]s?|sinverg[uü]enzas?|abusadores?|estafa(?:dores)?|robo|robaron|demandar|in[uú]til(?:es)?|irresponsables|falta de respeto)\b"
)
_WORRY = re.compile(
    r"\b(?:worr(?:y|ied|ying)|afraid|scared|nervous|anxious|frightened|terrified|uneasy|stress(?:ed|ing)|freaking out|panick?ing|concerned|what if|am i (?:going to|gonna|in trouble|safe|covered|deactivated|locked)|is (?:it|my \w+|this) (?:safe|dangerous|serious)|"
    r"will (?:i|we) (?:lose|be (?:charged|evicted|cut|fined)|still)|gonna lose|could (?:i|we) lose|should i be worried|can'?t (?:sleep|stop thinking)|in time|before (?:it'?s too late|the deadline)|preocupad[oa]|miedo|asustad[oa]|nervios[oa]|angustiad[oa]|tensed)\b"
)
_LOST = re.compile(
    r"\b(?:(?:do not|don'?t|dont|didn'?t|not|can'?t|cannot|never) (?:really |quite |even |fully |get to )?(?:understand|follow|get (?:it|this|that|how|why|what)|see how|make (?:head|sense)|work (?:it|this) out|figure|tell which|know (?:which|where to put|what (?:that|this|it) means))|confus(?:ed|ing)|baffled|puzzled|"
    r"makes? no sense|doesn'?t make sense|i'?m (?:so |quite |a bit |totally |completely )?lost|what does (?:that|this|it|\w+) (?:even )?mean|what'?s the difference|which (?:one )?is (?:it|right|correct|real)|how can (?:it|that|i) be|wym|meaning\?|huh|no (?:lo |le |te )?entiendo|no me queda claro|c[oó]mo que|unclear|not (?:clear|sure i (?:get|follow|understand)))\b"
)
_LET_DOWN = re.compile(
    r"\b(?:disappoint\w*|let down|expected (?:better|more|a bit more)|hoped (?:for )?(?:better|more)|(?:had|was|were) (?:really |rather )?(?:hop(?:ed|ing)|looking forward)|shame|a pity|pity|sad(?:ly)?|bummed|gutted|deflated|underwhelm\w*|not what (?:i|we) (?:expected|hoped)|used to be|thought (?:you|y'?all|they)(?:'?d| would| had)|"
    r"wish i hadn'?t|decepci[oó]n|esperaba|qu[eé] pena|qu[eé] l[aá]stima|l[aá]stima|me quedaron mal|unfortunate)\b"
)
_OVERWHELMED = re.compile(
    r"\b(?:can'?t (?:do|take|cope|handle|go through|bear|deal with|stop (?:crying|shaking|trembling|weeping)|breathe|hold it together|think)|cannot (?:cope|bear|stop (?:crying|weeping))|crying|sobbing|weeping|in tears|shaking|trembling|falling apart|breaking down|desperate|desperation|begging|beg you|"
    r"lost everything|losing everything|everything'?s gone|nothing left|nowhere to go|devastated|heartbroken|end of my rope|hopeless|helpless|please help me|in bits|(?:husband|wife|mother|mom|mum|father|dad|son|daughter|baby|brother|sister|grandma|grandmother|grandpa|friend|child|partner) (?:has |just |was )?(?:died|passed(?: away)?|dying|is dying|killed)|"
    r"(?:died|passed away|passed) (?:on|last|in|this|yesterday|the)|funeral|buried my|lost (?:my|the|our) (?:baby|husband|wife|son|daughter|mother|father|mom|mum|dad|home|house)|panic attack|desesperad[oa]|no (?:paro|dejo) de llorar|llorando|ya no puedo|lo perd[ií] todo|perd[ií] todo|se (?:me )?muri[oó]|se lo suplico|ay[uú]deme)\b"
)
_WARM_THANKS = re.compile(
    r"\b(?:thank you (?:so|very|ever so|from)|thanks (?:so much|a million|ever so)|(?:can'?t|cannot) thank|thank (?:him|her|them)|so grateful|grateful|thankful|bless (?:you|your|him|her)|god bless|you'?re (?:an? )?(?:absolute )?(?:angel|star|lifesaver|saint|legend|amazing|wonderful|the best|hero)|ur (?:a lifesaver|the best|amazing)|lifesaver|"
    r"means (?:a lot|so much|the world)|meant (?:a lot|so much|the world)|(?:really|truly|deeply) appreciate|i appreciate (?:you|it|that)|above and beyond|saved my|mil gracias|much[ií]simas gracias|se lo agradezco|le agradezco|dios (?:lo|la|te|le) bendiga|thank (?:u|you) thank (?:u|you))\b"
)
_THANKS = re.compile(
    r"\b(?:thanks|thank you|thank u|thx|ty|tysm|cheers|ta|gracias|much obliged|appreciate it|kind regards)\b"
)
_CLOSES = re.compile(
    r"^(?:(?:ok(?:ay)?|k|kk|alright|aight|cool|got it|perfect|great|good|fine|noted|received|right|lovely|yes|no|sure|sounds good|will do|understood|perfecto|bueno|est[aá] bien|vale|that'?s (?:all|it|everything|fine|great|clear)|that (?:is|was|will be) all|i'?ll (?:try|do|wait|look)|all good|bye|goodbye|and|then|now|for (?:now|the (?:info|information|help|reply|answer|update|quick \w+))|"
    r"thanks|thank you|thank u|thx|ty|cheers|ta|gracias|eso es todo|hasta luego|adi[oó]s|buen d[ií]a|buenas noches|have a (?:good|nice|great|pleasant|lovely) (?:day|one|evening|night|weekend)|take care|bye now|that helps|helpful|dear|sir|ma'?am|man|mate|regards|many|so|i needed|all|very much|no worries|np|no problem|see you|a lot|much)[\s,.!👍🙏]*)+$"
)
_PLEASED = re.compile(
    r"\b(?:works? (?:now|again|perfectly|great|like|fine now|beautifully)|working (?:now|again|perfectly)|(?:very |really |so |quite |super )(?:happy|pleased|satisfied|glad|content)|happy (?:with|about)|pleased (?:with|to)|satisfied|delighted|love it|loving (?:it|the|this)|couldn'?t be happier|fits (?:perfectly|like|exactly)|impressed|sorted|good job|chuffed|over the moon|contenta|contento|encantad[oa]|funciona perfecto|fixed it|did the trick)\b"
)
_SEEKS = re.compile(
    r"^(?:hi|hello|hey|good (?:morning|afternoon|evening)|buenos d[ií]as|hola)?[\s,!.]*(?:(?:can|could|may|would|how|where|when|what|which|is|are|do|does|please|i'?d like|i would like|i want to (?:know|change|order|update|add|check|return|book)|i need to (?:know|change|update|book|return|check|move)|need a|quick question|quiero|quisiera|puedo|me puede|necesito|cu[aá]ndo|a qu[eé] hora|d[oó]nde) )"
)
_DEMAND = re.compile(
    r"\b(?:refund|money|answer|package|order|number|account|service|appointment)\b.{0,20}\b(?:now|today|immediately|right now|this minute|asap)\b|\bi (?:want|need|demand) (?:my|a|an|the) \w+(?: \w+)? (?:now|back now|immediately|today)\b"
)
_NEWS = re.compile(
    r"\b(?:afraid|unfortunately|sorry|expired|ended|no longer|cannot|can't|not able|unable|declined|denied|sold out|unavailable)\b"
)
_RESIGNED = re.compile(
    r"^(?:oh|aw+|ah|ok(?:ay)?|right|well|i see|hm+|damn|that'?s a (?:shame|pity)|a pity|never ?mind|so|then)\b"
)
_AGAIN_ASKED = re.compile(
    r"\b(?:scroll up|i (?:did|know|said|have|already)|as i said|like i said|read (?:what|it)|told you|it is|asked|you (?:said|already)|else\?|sure)\b"
)
_WHAT = re.compile(
    r"^(?:meaning|what|huh|which(?: one)?|how so|why|que|qu[eé]|c[oó]mo|sorry|pardon|come again|say again)\b[\w ]{0,20}\?+$|^\?+$"
)
_LETTERS = re.compile(r"[A-Za-zÀ-ÿ]")


def heat(text: str) -> float:
    """How loud a text is written, 0 to 1: capitals, exclamation marks, question marks in rows."""
    letters = _LETTERS.findall(text)
    capitals = (
        sum(letter.isupper() for letter in letters) / len(letters) if len(letters) >= 8 else 0.0
    )
    loud = min(1.0, max(0.0, capitals - 0.3) / 0.5)
    marks = min(1.0, 0.25 * text.count("!") + 0.25 * len(re.findall(r"[?!]{2,}", text)))
    return min(1.0, 0.7 * loud + 0.5 * marks)


def find_cues(text: str, context: Sequence[Turn] = ()) -> tuple[Cue, ...]:
    """Cues of a raw text, read with the turns before it, oldest first."""
    shown = plain(text)
    low = folded(shown)
    words = len(re.findall(r"[\w']+", low))
    found = [*_of_words(low, words), *_of_manner(shown, low, words)]
    found += _of_context(low, words, context)
    return tuple(found)


def is_sarcastic(low: str) -> bool:
    """A glad word beside a service's woe, or a phrase that is only ever said in mockery."""
    if _MOCKS.search(low):
        return True
    return bool(_GLAD.search(low) and _WOE.search(low) and not _EARNEST.search(low))


def _of_words(low: str, words: int) -> list[Cue]:
    cues = []
    sarcastic = bool(_MOCKS.search(low))
    if sarcastic:
        cues.append(
            Cue(
                "mockery",
                {
                    "frustrated": 1.2,
                    "angry": 0.3,
                    "satisfied": -2.5,
                    "grateful": -2.5,
                    "calm": -1.0,
                },
            )
        )
    elif is_sarcastic(low):
        cues.append(Cue("sarcasm", {"frustrated": 0.6, "satisfied": -0.7, "grateful": -0.7}))
    if _ATTEMPTS.search(low):
        cues.append(Cue("attempts", {"frustrated": 0.7, "calm": -0.5}))
    if _HOSTILE.search(low):
        cues.append(Cue("hostile", {"angry": 0.8}))
    if _WORRY.search(low):
        cues.append(Cue("worry", {"anxious": 0.7}))
    if _LOST.search(low):
        cues.append(Cue("lost", {"confused": 0.8}))
    if _LET_DOWN.search(low):
        cues.append(Cue("let_down", {"disappointed": 0.7}))
    if _OVERWHELMED.search(low):
        cues.append(Cue("overwhelmed", {"distressed": 0.9}))
    if _DEMAND.search(low):
        cues.append(Cue("demand", {"frustrated": 0.6, "angry": 0.3, "calm": -0.5}))
    if _WARM_THANKS.search(low) and not sarcastic:
        cues.append(Cue("warm_thanks", {"grateful": 0.7}))
    if _PLEASED.search(low) and not sarcastic:
        cues.append(Cue("pleased", {"satisfied": 0.6}))
    return cues


def _of_manner(shown: str, low: str, words: int) -> list[Cue]:
    cues = []
    if words <= 14 and _THANKS.search(low) and _CLOSES.match(low):
        cues.append(Cue("closing", {"calm": 1.5, "grateful": -1.0, "satisfied": -0.5}))
    elif _THANKS.search(low) and re.search(
        r"\b(?:can|could|would|will) (?:you|u|i|it)\b.*\?|\balso\b|\bone more\b", low
    ):
        cues.append(Cue("thanks_in_request", {"calm": 0.7, "grateful": -0.7}))
    if heat(shown) >= 0.6:
        cues.append(
            Cue("loud", {"calm": -1.0, "disappointed": -0.3, "frustrated": 0.2, "angry": 0.2})
        )
    if words == 0:
        cues.append(Cue("wordless", {"calm": 1.0}))
    elif _SEEKS.match(low) and not any(
        pattern.search(low)
        for pattern in (_ATTEMPTS, _HOSTILE, _WORRY, _LOST, _LET_DOWN, _OVERWHELMED, _MOCKS)
    ):
        cues.append(Cue("plain_request", {"calm": 0.5}))
    return cues


def _of_context(low: str, words: int, context: Sequence[Turn]) -> list[Cue]:
    if not context:
        return []
    cues = []
    said = [turn.text.strip().lower() for turn in context if turn.author != "customer"]
    if len(said) > len(set(said)):
        cues.append(Cue("bot_repeats_itself", {"frustrated": 0.8, "calm": -0.8}))
    if said and words <= 6:
        last = folded(plain(context[-1].text)) if context[-1].author != "customer" else ""
        if _WHAT.match(low) or (
            low.endswith("?")
            and words <= 3
            and set(low.strip("? ").split()) <= set(re.findall(r"[\w']+", last))
        ):
            cues.append(Cue("asks_back", {"confused": 1.5}))
        elif _NEWS.search(last) and _RESIGNED.match(low):
            cues.append(Cue("resigned", {"disappointed": 1.3, "calm": -0.3}))
        elif _AGAIN_ASKED.search(low) and not last.startswith(
            ("would", "shall", "do you", "is that")
        ):
            cues.append(Cue("asked_again", {"frustrated": 0.9, "calm": -0.5}))
    return cues
