"""Is life or body at risk? Pure patterns, made for recall: a person looks at each hit.

Definition: self-harm (passive wishes too), threats of violence, gas or carbon monoxide, downed
power lines, failing life support, and what a dispatcher would call an emergency. Idioms ("this
app is killing me", "dying to get my package") are none. Patterns read `wording.folded` text.
"""

from __future__ import annotations

import re

_SELF_HARM = (
    r"\b(?:kill(?:ing)?|kil|hang(?:ing)?|shoot(?:ing)?|harm(?:ing)?|hurt(?:ing)?|cut(?:ting)?|"
    r"drown(?:ing)?|poison(?:ing)?|off(?:ing)?|starv(?:e|ing)|burn(?:ing)?) (?:my ?self|meself)\b"
    r"(?! (?:on|off|short|some|a (?:slice|piece))\b)",
    r"\b(?:i'?ve|i have|have|been|i) (?:just )?(?:cut|hurt|harmed|stabbed|shot) my ?(?:self|wrists?|arms?)\b",
    r"\bend(?:ing)? (?:my (?:own )?life|it all\b|things for good|it (?:tonight|now|today|for good|once and for all|for ever|forever|here))",
    r"\bend (?:everything|all of (?:it|this))\b",
    r"\b(?:take|taking|took) my (?:own )?life\b(?! (?:savings|insurance|in|back))",
    r"\b(?:want(?:ed|s)?(?: to)?|wanna|going to|gonna|ready to|need to|wish (?:i|to) (?:could|would)?|hope (?:i|to)|let me|"
    r"just|rather|prefer to|deserve to|plan(?:ning)? to|thinking (?:of|about)|think about|thought(?:s)? (?:of|about)|"
    r"like to|about) (?:just |simply |really |maybe )?(?:die|dying|be dead|death)\b"
    r"(?! (?:of|from|for|to|laughing|on (?:the|this) hill|than (?:use|call|deal|wait|shop|fly|pay|talk|go|"
    r"sit|stay|listen|buy|switch|hear|eat)))(?<!about dying)(?<!my phone to die)(?<!battery to die)(?<!battery going to die)"
    r"(?<!phone going to die)(?<!phone gonna die)(?<!laptop gonna die)(?<!it gonna die)",
    r"\bwish (?:i|that i) (?:was|were|wasn'?t|weren'?t|had never been|was never|didn'?t|could stop|could just stop) "
    r"(?:just )?(?:dead|alive|born|here any ?more|here|exist(?:ing)?|living|never born|around|wake up)\b(?! (?:yesterday|sooner|for))",
    r"\b(?:i(?:'?d| would)|we'?d|they'?d|everyone(?:'?d| would)?|every ?body(?:'?d| would)?|family|kids|world|he'?d|she'?d|all) "
    r"(?:\w+ ){0,3}?be(?:tter| better| a better place)? ?(?:off )?(?:dead(?! without (?:my|your|this|the|it|you|coffee)| (?:by|on|in|if you))|without me)\b",
    r"\bbetter off (?:dead|without me|if i (?:was|were)(?:n'?t| not)? (?:here|dead|gone|around))\b",
    r"\bbetter (?:place )?if i (?:was|were|wasn'?t|weren'?t|just) (?:dead|gone|not here|here|around|disappeared|died)\b",
    r"\b(?:don'?t|dont|do not|no longer|not|never|didn'?t) (?:really |even |think i |know if i )?(?:want(?:ed)?|wanna|wish|care|deserve|feel like) (?:to )?"
    r"(?:be here(?! (?:all|for|on|until|till|in|again|when|while|any ?longer than|at))|live(?: any ?more|$| like this| in pain| with this| another|[.,!])|"
    r"be alive|exist|wake up(?! (?:at|early|to (?:a|an|the|find)))|go on(?: any ?more| living|$|[.,!])|keep living|keep going(?: any ?more|$|[.,!])|be around(?: any ?more|$|[.,!])|"
    r"living(?: any ?more|$|[.,!])|see (?:tomorrow|another day)|make it to tomorrow|be on this (?:earth|planet)|carry on(?: living|$|[.,!]))",
    r"\b(?:no|any|a) (?:reason|point|purpose) (?:left )?(?:to |in |for )?(?:me )?(?:live|living|go(?:ing)? on|keep(?:ing)? going|be(?:ing)? (?:alive|here any ?more)|stay alive|carry on|me being)\b",
    r"\b(?:nothing|no one|nobody|little) (?:left )?to live for\b",
    r"\bwhat(?:'s| is) the point (?:of|in|to) (?:living|going on|being alive|me|life|waking up|staying|my life|existing|any of it)\b",
    r"\blife(?:'s| is| isn'?t| has)? (?:just |simply )?(?:not |n'?t )?(?:worth living|worth it any ?more|no longer worth|over for me)\b",
    r"\b(?:tired|sick|done) (?:of|with) (?:being alive|living|life|this life|existing|my life)\b",
    r"\b(?:can'?t|cannot|can not|cant) (?:go on|keep going|live|keep living|carry on|keep doing this|face another day)"
    r"(?: any ?more| any longer| living|$|[.,!])(?! (?:with|without) (?:this|your|the) (?:service|provider|app|internet))",
    r"\b(?:not|never|don'?t|won'?t|wouldn'?t) (?:want to |have to |ever |hope to )?wake up\b(?! (?:early|at|to))",
    r"\b(?:go|fall|going) to sleep (?:and|so i) (?:never|not|don'?t|won'?t)",
    r"\bi(?:'?m| am)? (?:won'?t|not going to|don'?t think i(?:'?ll| will)|will not|not gonna) be (?:around|alive|here) (?:much longer|any ?more|for long|to see|by the)\b",
    r"\b(?:don'?t|not sure|doubt|dunno if) (?:think |if |that )?i(?:'?ll| will| can) (?:be (?:around|alive|here (?:much|any))|make it through the night|survive (?:the night|tonight|this)|live through)",
    r"\bdisappear(?:ed)? (?:forever|for good|from this world)\b|\bi (?:just )?want to disappear\b|\bwant(?:ed)? to not (?:exist|be here|be alive)\b",
    r"\bsuicid(?:e|al|io|arme|arse)\b(?! (?:squad|doors?|burger|wings))(?<!career suicide)(?<!brand suicide)",
    r"\bnot existing\b|\bself[- ]?harm|\bunalive\b|\b(?:gonna|going to|want to|wanna|will|to) (?:kms|ctb)\b",
    r"\b(?:overdos(?:e|ed|ing)|od'?d|od'?ing)\b",
    r"\b(?:took|taken|swallowed|take|taking|swallow|drank) (?:all|too many|a whole|the whole|a bunch|a handful|a bottle|every one|the rest|an entire|the entire|a lot) "
    r"(?:of )?(?:\w+ ){0,4}?(?:pills?|tablets?|meds|medication|medicine|bottle|sleeping|painkillers?|tylenol|insulin|xanax)\b",
    r"\b(?:pills|gun|rope|razor|blade|knife|noose|bottle of \w+|loaded) (?:right )?(?:here|in my (?:hand|lap|mouth)|in front of me|next to me|beside me|is ready|ready|to my head)\b",
    r"\b(?:jump(?:ing)?|jumped|standing|throw(?:ing)? myself|walk(?:ing)?) (?:off|from|in front of|on|under|into) (?:a |the |of )*(?:\w+ )?(?:bridge|roof|ledge|train|balcony|building|traffic|overpass|cliff|tracks)\b",
    r"\bslit(?:ting)? my|\bhang(?:ing)? myself|\bnoose\b|\btell (?:my|the) (?:kids?|children|family|wife|husband|mom|mum|mother|son|daughter|parents|boys|girls) (?:that )?i love(?:d)? (?:them|her|him)\b|\b(?:tonight(?: is|'s)|this is|it'?s|be) my last night\b(?! (?:at|in|of|here|on))|\bgoodbye (?:letter|note)\b|\bsuicide note\b|\bblow my (?:own )?brains? out\b|\bgun (?:to|in) my (?:head|mouth)\b",
    r"\b(?:want|wish|need|make) (?:this |it |the pain |everything |my life |the suffering )(?:all )?(?:to )?(?:just )?(?:be over|end|stop)(?: for good| forever| for ever| tonight)\b",
    r"\bwant (?:it all|everything|my life|the pain|this life|this pain|the suffering) to (?:just )?(?:be over|end|stop)\b",
    r"\b(?:nobody|no one|noone|who|anyone) would (?:even )?(?:notice|miss me|care|know) if i (?:was|were|died|disappeared|wasn'?t|killed|just died|vanished|were gone)",
    r"\b(?:thoughts?|thinking|think|ideas?) (?:of|about) (?:just )?(?:ending|killing|hurting|harming|jumping|taking my|not being here|not waking|suicide)",
    r"\b(?:give|giving) up on (?:life|living)\b|\b(?:said|saying|say) (?:my )?(?:final |last )?goodbyes?\b(?! to (?:my|your|the|this) (?:money|deposit|data|plan))",
    r"\bhopeless\b.{0,60}\b(?:pills|gun|bridge|end|die)\b|\bmight as well be dead\b|\bbe with (?:him|her|them) (?:in heaven|soon|again soon)\b|\bjoin (?:him|her|my (?:wife|husband|son|daughter|mom|mum|dad)) (?:soon|in heaven|now)\b",
)
_LESS_PLAIN = (
    r"\bsleep forever\b|\bsorry i woke up\b|\bno (?:wish|desire|will|strength) to (?:carry on|go on|live|keep living|keep going)\b|"
    r"\b(?:make|making) it to (?:christmas|tomorrow|morning|the morning|monday|my birthday|next (?:week|month|year))\b(?=.{0,40}(?:don'?t want|alive|live|i can'?t))|"
    r"\bnothing left (?:for me )?(?:here|in this (?:life|world))\b|\bworth (?:more )?(?:dead|alive)\b|\b(?:not|don'?t feel) safe (?:with|from|around) myself\b|"
    r"\b(?:only )?one way (?:out|left|to make it stop)\b(?! (?:of the|street|system|ticket|flight))|\btook (?:about |like |around |nearly )?(?:\d+|ten|twenty|thirty|forty|fifty|all|a lot) of (?:them|my (?:pills|meds|tablets))\b|"
    r"\b(?:meds|pills|tablets) (?:are )?lined up\b|\b(?:rope|noose|razors?|blades?|pills) (?:in|on) (?:the|my) (?:garage|table|drawer|hand|bag|counter|nightstand)\b|\b(?:god|cancer|lord|it) (?:would |to )?(?:hurry up and )?takes? me\b(?! (?:to|back|through|hours|an?|\d|forever|ages|there|long))|"
    r"\bif i (?:was|were|'m|am) (?:dead|gone|not around|no longer (?:here|around))\b|\b(?:world|nobody|no one) (?:won'?t|wouldn'?t|would|will) (?:even )?miss me\b|\b(?:another|one more) day of (?:this|my) life\b|\bwhat (?:am i|the point am i) (?:even )?(?:still )?alive for\b|"
    r"\bcan'?t do life\b|\bdriv(?:e|ing) (?:my car )?(?:off|into) (?:the|a) (?:road|bridge|river|tree|wall|cliff|lake|truck|canal)\b(?=.{0,40}(?:think|want|tbh|wish|thought|i|$))|\bthinking about driving into\b|\bcar would just crash\b|\btrain tracks\b(?=.{0,60}(?:picture|think|lie|behind|walk))|"
    r"\bcut (?:up )?my (?:arms?|wrists?|legs?)\b|\b(?:edge of the (?:platform|roof|bridge)|on the (?:roof|ledge|window ?sill))\b(?! (?:tiles|rack|leak|is|of my car|box|panel|repair|there|needs|antenna|deck|garden|terrace|bar|pool))|"
    r"\bturn off too\b|\bwritten (?:the|my) (?:letters?|note)\b(?=.{0,40}(?:close|everything|goodbye|done))|\bit'?s my last day\b(?! (?:at|of|to|in|with))|\b(?:say|says|said|saying|wants|threatening|threatened) (?:that )?(?:s?he(?:'?s)?|they)?\s*(?:to|wants to|is going to|going to|'?s going to|will) (?:die|jump|kill h\w+self|end (?:it|h\w+ life|things))\b|"
    r"\b(?:do|did|done) something to (?:him|her|them)self\b|\bhurt(?:ing)? (?:him|her|them)self\b|\bending things\b|\bshe'?d? (?:want(?:s|ed) )?(?:it )?over\b(?=.{0,20}pills)|\bself[- ]?destruct(?:ing)? tonight\b",
    r"\b(?:slit|cut) (?:your|his|her|their|ur) throats?\b|\bput (?:every (?:last )?one of you|you|all of you|him|her) in (?:the ground|a grave|hospital|the hospital|a box|a body bag)\b|\bgoing to (?:bleed|hospital|the hospital)\b(?=.{0,3}$|.{0,20}(?:tonight|today))(?<!i'm going to hospital)(?<!she's going to hospital)|"
    r"\bbe waiting for (?:him|her|you|them)\b(?=.{0,30}(?:bat|knife|gun|tonight|outside|parking))|\b(?:with|got|bring(?:ing)?|has|holding) (?:a |my |his )?(?:baseball )?(?:bat|shotgun|rifle|machete|knife|pistol|gun)\b(?! (?:license|shop|set|safe|block|case|broke|came|arrived))(?=.{0,60}(?:tonight|today|you|your|him|her|me|us|door|address|outside|coming|store|branch|counter|$))|"
    r"\bnot coming unarmed\b|\bstart breaking (?:bones|legs|arms|necks)\b|\brun (?:him|her|you|that \w+ \w+|them) over\b|\b(?:i'?m|i am) coming for (?:him|her|you|them)\b|\bwalk in(?: there)? with my\b|"
    r"\b(?:smash|kick|break|bang)(?:ing|es)? (?:down |in )?the door\b|\bhands? (?:a?round|on) (?:her|his|my|your) (?:neck|throat)\b|\b(?:broke|breaks|fractured) my (?:arm|jaw|nose|rib|ribs|wrist|finger)s?\b(?=.{0,60}(?:he|she|last time|husband|him|her|$))(?! (?:skiing|playing|falling|at work))|\b(?:he|she|husband|boyfriend|partner|ex|man|guy)\b.{0,40}\bbroke my (?:arm|jaw|nose|ribs?|wrist)\b|"
    r"\b(?:beating|strangl(?:ing|ed)|choking|attacking|assaulting|stabbing|hitting) (?:his|her|my|the|a|someone|somebody) (?:wife|husband|neck|driver|kid|child|girlfriend|mother|passenger|baby|son|daughter|up)\b|\bbeing (?:beaten|attacked|stabbed|robbed at|followed|held|shot|strangled|abused)\b|\b(?:following|follows) (?:me|my (?:daughter|son|wife|mother|sister|kid)) (?:home|from|to|around|in)\b|"
    r"\bscreaming for help\b|\bhe(?:'?s| has) found me\b|\bhe found me\b|\bcomes into my room at night\b|\btaking me somewhere\b|\bbring your security\b|"
    r"\b(?:poner|pongo) una bomba\b|\bme est[aá] (?:golpeando|pegando|ahorcando)\b|\b(?:le|me) est[aá] pegando\b|\ba balazos\b|\b(?:se|me) (?:quiere |voy a |va a )?(?:mato|matar|matando)\b|\bdormirme y no despertar\b|\bno quiero despertar\b|\bestar[ií]an mejor sin\b",
    r"\b(?:co|carbon monoxide) (?:thing|box|beeper|unit)\b|\b\d{2,} ?ppm\b|\b(?:fuse ?box|breaker|panel|outlet|socket|meter)\b.{0,40}\b(?:crackl\w+|water|hiss\w+|buzz\w+ and|hot|glowing)\b(?=.{0,40}(?:pour|crackl|leak|flood|smok|$))(?! (?:bill|reading|usage|heater is))|\bwater\b.{0,30}\b(?:fuse ?box|electrics|breaker|panel)\b|"
    r"\bbattery (?:is |has |keeps )?(?:swell\w+|bulg\w+|swollen|hissing|expanding)\b|\b(?:wires?|cables?) (?:all )?(?:over|across|on|in|lying in) (?:the|our|my) (?:road|street|lane|pavement|garden|yard|pool|driveway|drive|sidewalk)\b|\b(?:line|wire|cable|pole)s?\b.{0,40}\b(?:humming|snapped|spitting|crackling)\b|\b(?:fence|tap|shower|washing machine)\b.{0,30}\b(?:humming|shock)\b|\bgot a shock (?:off|from)\b|"
    r"\bdetector (?:is |keeps |won'?t stop )?(?:scream\w+|blar\w+)|\b(?:heater|furnace|boiler|stove|generator)\b.{0,60}\b(?:head'?s? (?:is )?spinning|throwing up|dizzy|lightheaded|faint|headache)\b|\bflames? (?:out of|from|in|coming)\b|\bgas\b.{0,30}\b(?:hiss\w*|stinks?|stench)\b|\bstinks? of gas\b|\bexploded\b(?=.{0,40}(?:substation|live|fire|hurt|oven|stove|cable|battery|transformer))|"
    r"\b(?:car|bus|van)'?s? (?:is )?(?:in|under) (?:the )?(?:river|water|lake|canal)\b|\bin the flood\b|\bgiving way\b(?=.{0,30}(?:bus|people|bridge))",
    r"\b(?:pump|concentrator|ventilator|machine) (?:has )?(?:stopped|failed)\b(?=.{0,80}(?:she|he|grey|blue|breath|hospital|help|mum|mom|dad|wife|husband|son|daughter))(?! (?:after|when) (?:washing|the cycle))|\bgoing (?:grey|blue|limp)\b|\blips (?:are|is|going|turning) (?:blue|swell\w*)\b|\b(?:throat|lips|tongue|face)\b.{0,12}\bswelling\b|\bdouble[- ]dosed\b|\b(?:won'?t|not) wak(?:e|ing)(?: up)?\b(?=.{0,3}$|.{0,40}(?:help|please|baby|sugar))|"
    r"\bso much blood\b|\bwaters broke\b|\bpeople (?:are )?(?:hurt|trapped|injured|dying)\b|\bpain down my (?:left )?arm\b|\b(?:not|isn'?t) moving\b(?=.{0,40}blood)",
)
_VIOLENCE = (
    r"\b(?:i(?:'?m| am)?|i(?:'?ll| will)|gonna|going to|will|we'?ll|somebody|someone|he|they|she|want to|wanna|come and|to|or|about to|swear i(?:'?ll)?) "
    r"(?:\w+ ){0,3}?(?:kill|murder|strangle|stab|slaughter|execute|behead) "
    r"(?:you|u|him|her|them|everyone|everybody|all of you|your|ya|yall|y'all|those|these|that (?:guy|man|woman|driver|bastard|bitch|agent)|people|the (?:driver|agent|guy|manager|man|woman)|every (?:last )?one|him|my (?:wife|husband|landlord|boss|neighbou?r|ex|kids|family|mother|father|dad|mom)|some ?(?:one|body))\b"
    r"(?! (?:to (?:answer|reply|ask|say|tell|give|let|be|just|send|help|read|check|fix|have|make|do)|with kindness))",
    r"\b(?:shoot|shot|shooting) (?:you|u|him|her|them|everyone|everybody|up|someone|somebody|people|your|all of you|the place)\b(?! (?:an?|over|the|some|another|my|a quick|guys|in) )",
    r"\b(?:blow(?:ing)?|burn(?:ing)?|bomb(?:ing)?|torch(?:ing)?|set fire to|shoot(?:ing)?|smash(?:ing)?|attack(?:ing)?) (?:up |down )?(?:your|the|this|that|ur) (?:\w+ ){0,2}?(?:office|building|store|shop|branch|place|house|headquarters|hq|warehouse|call cent(?:er|re)|bank|car|staff|people|clinic|hospital|airport|employees)\b",
    r"\b(?:i|we|there|has|have|got|is|with|bring(?:ing)?|get(?:ting)?|buy(?:ing)?|plant(?:ed)?) (?:\w+ ){0,3}?(?:a|my|the) (?:loaded )?(?:gun|knife|bomb|shotgun|rifle|pistol|weapon|machete|firearm)\b(?! (?:license|licence|safe|set|block|sharpener|case|rack|permit|collection|show|shop|cabinet|order|kit|holder|cover|game|i (?:ordered|bought)|arrived|is (?:dull|missing|blunt)))",
    r"\b(?:i(?:'?m| am)|i(?:'?ll| will)|gonna|going to|about to|will|want to|might|could|somebody(?:'?s| is)|someone(?:'?s| is)) (?:\w+ ){0,3}?(?:hurt|harm|beat up|beat the \w+ out of|beat|punch|choke|hit|attack|break the neck of|bash|smash the face of|get hurt) (?:someone|somebody|you|u|him|her|them|people|every ?one|every ?body|your \w+|the (?:driver|agent|manager|guy)|some ?one)\b(?! (?:up with|with a (?:bad|one|negative)|with a review|hard with))",
    r"\b(?:someone|somebody|people|you)(?:'?s| is|'?re| are)? (?:gonna |going to |will )(?:\w+ )?(?:get hurt|die|pay with)\b",
    r"\b(?:i )?know where (?:you|u|your \w+|he|she|they) (?:all )?(?:live|lives|work|works|sleep|is|are|park)\b(?! (?:from|now)\b)(?=.{0,80}(?:hurt|kill|come|visit|gun|sorry|find|pay|regret|wait|watch|today|tonight|\.|!|$))",
    r"\bwatch your (?:back|kids)\b|\bhunt (?:you|him|her|them) down\b|\byou(?:'?re| are) (?:a )?dead(?: man| meat)?\b(?! (?:wrong|right|to me|on|end|line|set|tired))|\bput a bullet\b|\bbullet in\b|\bbreak (?:your|his|her) (?:neck|legs|arms|face|jaw|bones)\b|\bcut (?:your|his|her) (?:throat|head)\b|\bblood on (?:your|my) hands\b(?=.{0,60}(?:tonight|today|kill|gun))",
    r"\b(?:coming|come|drive|driving|going|be|show up|turn up|head(?:ing)?) (?:down |over |out |up )*(?:there|to (?:your|the) \w+) (?:\w+ ){0,3}?with (?:a|my) (?:gun|knife|bat|baseball bat|machete|hammer|shotgun|axe|rifle)\b",
    r"\b(?:he|she|they|husband|boyfriend|partner|ex|father|dad|man|guy|driver|neighbou?r|wife|somebody|someone|stalker)(?:'?s| is| was|'?ll| will| has| keeps?| would| wants to| tried to| threatened to| threatens to| says he'?ll| said he'?d| said he'?ll| says she'?ll| going to)+ (?:\w+ ){0,3}?(?:kill(?:ing)?|hurt(?:ing)?|hit(?:ting)?|beat(?:ing)?|chok(?:e|ing)|stab(?:bing)?|shoot(?:ing)?|rap(?:e|ing)|strangl(?:e|ing)|murder(?:ing)?|attack(?:ing|ed)?|assault(?:ing|ed)?|threaten(?:ing|ed)?) (?:me|us|my|the kids|her|him|the baby)\b",
    r"\b(?:he|she|husband|boyfriend|partner|ex|father|dad|wife|driver|man|they) (?:just )?(?:hit|hits|beat|beats|choked|chokes|strangled|punched|stabbed|attacked|assaulted|raped|threatened|shot) (?:me|us|my (?:kids|daughter|son|mother|mom|child|baby)|the kids|her|him)\b",
    r"\bthreaten(?:ed|ing|s)? (?:me|us|to (?:kill|hurt|shoot|stab|burn|beat|come))\b(?! with (?:collections?|a fee|legal|court|late|a late|disconnection|debt|lawyers?|eviction))",
    r"\b(?:afraid|scared|frightened|terrified) (?:that )?(?:he|she|they)(?:'?ll| will| might| is going to|'?s going to|'?s gonna) (?:\w+ ){0,2}?(?:hurt|kill|hit|beat|shoot|attack|find me|come (?:back|after|home)|do something)\b",
    r"\b(?:afraid|scared|frightened|terrified) of (?:him|my (?:husband|boyfriend|partner|ex|father|stepfather|stepdad|dad|wife|girlfriend))\b",
    r"\b(?:won'?t|doesn'?t|not|refuses to|isn'?t|wont|doesnt) (?:let(?:ting)? (?:me|us) (?:out|leave|go)\b)(?=.{0,80}(?:lock|door|driver|car|scared|help|cry|room|house|he|$))(?!.{0,30}(?:contract|app|chat|menu|plan|queue|game|level|page))",
    r"\block(?:ed|s) (?:the doors?|me in|us in)\b(?=.{0,80}(?:driver|out|help|scared|car|let))",
    r"\b(?:someone|somebody|a man|he|stranger|men|guy) (?:is |are |'?s )?(?:trying to )?(?:break(?:ing)? in(?:to)?|in my house|following me|stalking me|at my (?:window|door) with|outside my (?:house|window|door) with|forcing the door)\b|\bintruder\b|\bstalk(?:er|ing me)\b",
    r"\b(?:domestic (?:violence|abuse)|being (?:abused|beaten|held|trafficked|kidnapped)|kidnap(?:ped)?|held (?:hostage|against my will)|rap(?:ed|ist)|sexually assaulted)\b",
    r"\bbeat(?:ing)? (?:the )?(?:shit|crap|hell|living \w+) out of (?:you|him|her|them|me|someone|whoever|the)\b",
)
_HAZARD = (
    r"\b(?:smell(?:s|ed|ing|in)?|stink(?:s|ing)?|stench|odou?rs?|reek(?:s|ing)?|whiff|sniff|scent|fumes|full|filled|hissing|leaking) (?:\w+[,]? ){0,5}?(?:gas|propane)\b(?! (?:bill|station|tank size|price|card|cap))",
    r"\bgas (?:smell(?:s|ing)?|odou?r|leak(?:s|ing|age|ed)?|is leaking|fumes|is hissing|explosion|coming (?:out|from)|escaping|escape|pouring|line (?:broke|broken|hit|ruptured|cut|burst|hissing|is)|main (?:broke|burst|hit|ruptured)|valve (?:is )?(?:stuck|broken|hissing|leaking)|hiss(?:ing)?|pipe (?:is |was |has )?(?:broke|broken|burst|cut|hit|hissing|leaking|cracked))\b"
    r"(?! (?:detectors?|inspection|survey|test|cover|insurance|polic|repair (?:bill|cost|appointment|invoice)|kit|alarms? (?:for sale|price|cost|you sell)|sensor))",
    r"\b(?:rotten eggs?|sulph?ur)\b(?=.{0,60}(?:smell|stove|kitchen|house|basement|boiler|furnace|heater|meter|hall|oven))|\bsmell(?:s|ing)? (?:\w+ ){0,3}?(?:rotten eggs?|sulph?ur|burning|smoke|something burning|electrical)\b",
    r"\b(?:carbon monoxide|monoxide|co2?)\b (?:\w+ ){0,3}?(?:alarm|detector|monitor|sensor|meter|warning|leak|poisoning|levels?|reading)?s? ?(?:\w+ ){0,4}?(?:going off|went off|gone off|beep|sound|ring|chirp|alert|scream|blar|trigger|leak|poison|high|shows?|says|reads?|flash|won'?t stop|keeps)",
    r"\b(?:carbon monoxide|monoxide|co (?:alarm|detector|monitor))\b(?=.{0,120}(?:headache|dizzy|faint|sick|nause|vomit|passed out|sleepy|evacuat|get out|help|what do we do|leave|going off|went off))|\b(?:headache|dizzy|fainted|nause|passed out).{0,100}\b(?:carbon monoxide|monoxide|furnace|boiler|generator)\b",
    r"\b(?:smoke|fire) (?:alarms?|detectors?) (?:is |are |was |keeps? |has |won'?t stop |started )?(?:going off|went off|gone off|blaring|sounding)\b(?!.{0,60}(?:low battery|yesterday|every night))",
    r"\b(?:power|electric(?:al|ity)?|utility|overhead|high[- ]?voltage|live|electrical|hydro|transmission) ?(?:lines?|wires?|cables?|poles?|pylons?)\b.{0,60}\b(?:down|downed|fell|fallen|came down|spark\w*|on the (?:ground|road|street|lawn|sidewalk|pavement|car|roof|fence|grass|driveway)|hanging|snapped|across|lying|touching|exposed|arcing|buzzing|loose|dangling|low|broke|in (?:my|our|the) (?:yard|street|road|garden|driveway|pool)|on (?:my|our|top|a|his|her) ?\w*|burning|smok\w+)\b",
    r"\b(?:downed|fallen|sparking|hanging|snapped|exposed|dangling|live|arcing|broken|loose|knocked down|took down|pulled down|brought down|down) (?:\w+ ){0,3}?(?:power|electric(?:al)?|utility|live|high voltage|overhead) ?(?:lines?|wires?|cables?|poles?)\b|\b(?:downed|fallen|live|sparking|exposed) (?:wires?|lines?|cables?)\b(?! (?:chat|agent|person|rep|support))",
    r"\b(?:wires?|cables?|lines?) (?:\w+ ){0,4}?(?:spark\w*|arcing)\b|\bspark(?:ing|s)\b(?! (?:joy|interest|notes))(?=.{0,60}(?:outlet|socket|wire|wall|meter|panel|box|plug|fus|charger|cable|pole|transformer|street|driveway|$))",
    r"\b(?:outlet|socket|panel|meter|box|plug|charger|transformer|breaker|battery|phone|router|fuse ?box|heater|boiler|oven|stove|dryer|washer|adapter|wiring|wall|cable|scooter|power bank|laptop)(?:'?s| is| are| was| has| just| started| keeps)? (?:\w+ ){0,2}?(?:spark\w*|smok(?:ing|es|ed)|on fire|caught fire|catching fire|burning|in flames|explod\w+|blew up|melting|arcing|bursting into flames|burst into flames)\b(?! through (?:data|money))",
    r"\b(?:house|kitchen|building|apartment|flat|room|car|garage|roof|bed|home|curtains?|office|bus|plane|engine|truck|attic|basement|wing)(?:'?s| is| are| just| has)? (?:\w+ )?(?:on fire|caught fire|burning|in flames|full of smoke|filling (?:up )?with smoke|flooding|about to collapse|collapsing)\b",
    r"\b(?:there'?s|there is|see|seeing|got) (?:\w+ ){0,2}?(?:fire|flames|smoke) (?:\w+ ){0,2}?(?:in|from|coming|at|out|inside|on|everywhere)\b(?! (?:sale|stick))",
    r"\belectrocut|\b(?:got|getting|gave me|gives me|received) (?:an? )?(?:\w+ )?(?:electric(?:al)? )?shock(?:ed|s)?\b(?=.{0,60}(?:touch|electric|outlet|washer|shower|tap|metal|plug|appliance|switch|charger|kettle|wire))",
    r"\b(?:ceiling|roof|wall|balcony|floor|stairs|building) (?:is |has |just |'s )?(?:collaps\w+|caving in|caved in|coming down)\b(?=.{0,60}(?:on|kids|us|trapped|help|people|$|now|!))|\btrapped (?:in|under|inside)\b(?! (?:a|this|your|the) (?:contract|loop|menu|plan|chat|queue|phone tree|subscription|bot))|\bstuck in (?:the|an?|this) (?:elevator|lift)\b",
    r"\bliving? in (?:freezing|no heat) .{0,40}\bhypotherm|\bhypotherm|\bheat ?stroke\b",
)
_SUPPORT = (
    r"(?:oxygen|ventilator|vent machine|dialysis|nebuli[sz]er|life[- ]support(?! team)|concentrator|respirator|feeding (?:tube|pump)|"
    r"insulin pump|heart (?:monitor|pump)|lvad|breathing machine|bipap|incubator|suction machine|apnea monitor|"
    r"medical equipment|medical device|iron lung|pacemaker|apnoea monitor|infusion pump|breathing equipment)"
)
_FAILING = (
    r"(?:power|electric\w*|batter(?:y|ies)|backup|tank|outage|blackout|lights?|stopp\w*|fail\w*|beep\w*|empty|running (?:out|low)|"
    r"runs? (?:out|on)|ran out|shut ?off|cut ?off|\bcut\b|\boff\b|dying|died|\bdies\b|\blow\b|alarm\w*|hours? left|minutes? left|disconnect\w*|"
    r"quit|broke\w*|won'?t (?:turn|work|start)|not working|isn'?t working|out of|without|last (?:tank|bottle|cylinder)|nearly|almost|unplug\w*|down|generator)"
)
_LIFE_SUPPORT = (
    rf"\b{_SUPPORT}\b(?=.{{0,120}}{_FAILING})",
    rf"(?:{_FAILING}).{{0,120}}\b{_SUPPORT}\b",
)
_MEDICAL = (
    r"\b(?:not|isn'?t|stopp?ed|stops|struggling to|trouble|hard to|can'?t|cannot|barely|difficulty|cant|aint|not really|hardly) breath(?:e|ing)\b(?! (?:in (?:this|these|that)|because of this (?:bra|dress)|easy until))",
    r"\b(?:unconscious|unresponsive|passed out|not responding|won'?t wake up|isn'?t waking|not waking|turning blue|turned blue|lips are blue|no pulse|blacked out|has fainted|just fainted|fainted)\b"
    r"(?=.{0,120}(?:help|please|wife|husband|mother|father|mom|mum|dad|son|daughter|baby|child|he|she|him|her|what|we|now|i|$))(?!.{0,20}(?:button|app|screen|website|to my|to the))",
    r"\b(?:husband|wife|mother|father|mom|mum|dad|son|daughter|baby|child|kid|grandma|grandpa|he|she|friend|roommate|girl|boy|brother|sister|passenger)\b.{0,30}\b(?:just )?(?:collapsed|wheezing|choking|seizing|convulsing|is gasping|stopped breathing|not answering me|isn'?t answering me|turning blue|having a (?:seizure|stroke|heart attack|fit))\b",
    r"\bhaving (?:a |an )?(?:\w+ )?(?:heart attack|stroke|seizure|anaphyla\w+|allergic reaction|miscarriage|asthma attack)\b(?! (?:over|at|from|just|looking|when i (?:saw|see)))|\bchest (?:pains?|hurts?|tight\w*)\b|\bmy chest (?:is )?(?:hurt\w*|tight)|\banaphyla|\bthroat (?:is )?(?:closing|swelling)|\bgo(?:ing|ne)? into (?:shock|labou?r|cardiac)\b",
    r"\bbleeding\b(?! (?:edge|obvious|money|ink|us|me dry|me|colou?rs?|heck|through the page))|\bthere(?:'s| is) (?:\w+ )?blood\b(?! (?:test|work|pressure|type|sugar|bank|draw|result))|\blosing (?:a lot of |so much )?blood\b|\bblood everywhere\b",
    r"\b(?:swallowed|drank|ingested|ate) (?:\w+ ){0,4}?(?:battery|batteries|magnets?|bleach|poison|detergent|antifreeze|pod|rat poison)\b",
    r"\b(?:need|send|call(?:ing)?|get) (?:\w+ )?(?:an ambulance|911|999|112|paramedics|the paramedics)\b(?! (?:bill|claim|invoice|charge))",
    r"\b(?:it'?s an|is an|medical|life or death|life[- ]and[- ]death|life[- ]threatening) (?:medical )?(?:emergency|situation)\b(?=.{0,80}(?:breath|dying|die|help|hospital|now|blood|pain|heart|please|medical))|\blife[- ]threatening\b|\b(?:going to|gonna|will|might|could|may|about to) (?:freeze|starve|bleed|freez) to death\b|\bfreezing to death\b(?=.{0,40}(?:baby|kids|child|old|help|please))",
    r"\b(?:he|she|baby|mom|mum|dad|mother|father|husband|wife|son|daughter|grandma|child|my \w+|they)(?:'?s| is|'?ll| will| are)? (?:going to |gonna |might |could |about to )?(?:die|dying)\b(?=.{0,80}(?:without|if|unless|oxygen|insulin|medicine|medication|meds|power|heat|help me|right now|in front of me))(?!.{0,12}to )(?! my phone)",
)
_SPANISH = (
    r"\b(?:matarme|quitarme la vida|suicid(?:arme|arse|ar|arnos)|quiero morir(?:me)?|quisiera (?:morir(?:me)?|estar muert[oa])|"
    r"(?:mejor|preferir[ií]a|ser[ií]a mejor) (?:estar muert[oa]|morir(?:me)?|muert[oa]|no despertar)|"
    r"hacerme da[nñ]o|cortarme las venas|acabar con mi vida|acabar con todo|terminar con (?:todo|mi vida)|"
    r"estar[ií]an mejor sin m[ií]|desaparecer para siempre|ganas de (?:morir|vivir no))\b(?! de (?:verg|risa|hambre|ganas|sue|sed|pena))",
    r"\b(?:ya )?no (?:quiero|tengo ganas de|puedo|vale la pena|quisiera) (?:seguir )?(?:viv(?:ir|iendo)|existir|despertar|estar aqu[ií] m[aá]s|seguir en este mundo)\b",
    r"\bno (?:le veo|tiene|hay|encuentro) (?:sentido a (?:la|mi) vida|raz[oó]n (?:para|de) vivir|sentido (?:seguir )?vivir)",
    r"\b(?:huele|olor|oler|fuga|escape|peste|apesta)\b.{0,20}\bgas\b|\bmon[oó]xido\b|\bse est[aá] (?:quemando|incendiando)\b|\bhay (?:fuego|humo)\b|\bincendio\b",
    r"\b(?:cables?|l[ií]nea|poste)\b.{0,40}\b(?:ca[ií]d[oa]s?|se cay[oóe]\w*|tirad[oa]s?|en el (?:suelo|piso)|chispas?|echando|suelt[oa]s?)\b(?!.{0,20}internet)",
    r"\b(?:te|los|las|lo|la|me|l[eo]s) (?:voy a|va a|van a|quiere|vamos a|dijo que (?:me|te) va a) (?:matar|golpear|pegar|disparar|apu[nñ]alar|quemar)\b(?! en redes)(?! de (?:risa|hambre))|\bvoy a (?:matar|quemar|golpear)\w*\b(?! en (?:redes|facebook|twitter|internet))|\bmatarlos\b",
    r"\bno (?:respira|reacciona|despierta|puede respirar|puedo respirar)\b|\bse (?:desmay[oó]|est[aá] ahogando|est[aá] desangrando)\b|\binconsciente\b|\bsangrando\b|\bme (?:pega|golpea|amenaz[aó]\w*)\b|\b(?:dolor en el pecho|infarto)\b",
    r"\b(?:ox[ií]geno|ventilador|respirador|di[aá]lisis|concentrador)\b.{0,100}\b(?:luz|apag[oó]n|bater[ií]a|se acab\w+|sin|fall\w+|no hay|no funciona|corriente|electricidad)|\b(?:sin luz|apag[oó]n|no hay luz|cortaron la luz|se fue la luz)\b.{0,100}\b(?:ox[ií]geno|respirador|di[aá]lisis|concentrador)\b",
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
    r"\b(?:kick|kicking|kill(?:ing)?|hate|hating) myself (?:for|over|that i|because i)\b|\bbomb (?:burger|taco|pizza|deal)\b|\bbath bomb\b|\bphoto ?bomb\w*|\bheart attack (?:when|at|seeing|looking)\b"
)
_EVERY = tuple(
    re.compile(pattern)
    for pattern in (
        *_SELF_HARM,
        *_LESS_PLAIN,
        *_VIOLENCE,
        *_HAZARD,
        *_LIFE_SUPPORT,
        *_MEDICAL,
        *_SPANISH,
    )
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


def in_crisis(text: str) -> bool:
    """`text` is folded. Whether someone's life or body seems at risk."""
    text = _NEGATED.sub(" ", _INSULT.sub(" ", _IDIOMS.sub(" ", text)))
    if _PANIC.search(text):
        text = _BREATH.sub(" ", text)
    return any(pattern.search(text) for pattern in _EVERY)
