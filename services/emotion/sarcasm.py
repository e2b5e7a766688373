"""Praise that means its opposite: what the network is known to miss. Pure."""

from __future__ import annotations

import re

from services.emotion.wording import folded, plain

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


def is_sarcastic(text: str) -> bool:
    """A glad word beside a service's woe, or a phrase that is only ever said in mockery."""
    low = folded(plain(text))
    if _MOCKS.search(low):
        return True
    return bool(_GLAD.search(low) and _WOE.search(low) and not _EARNEST.search(low))
