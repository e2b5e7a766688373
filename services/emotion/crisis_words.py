"""What danger to life or body is said with, by kind. Pure patterns over `wording.folded` text.

Each kind is a few families of words and the ways in which they meet. An entry stands for a way of
saying it, not for a sentence that was once seen; what no pattern foresaw is left to the network.
"""

from __future__ import annotations

_END = r"(?=\s*(?:$|[.,!?;:)-]| (?:and|but|so|tonight|today|any ?more|any ?longer|like this|please)\b))"
"""Where a clause ends: "I can't go on" but not "I can't go on paying"."""
_KIN = (
    r"(?:husband|wife|partner|boyfriend|girlfriend|bf|gf|ex|fianc[eé]e?|mother|father|mom|mum|mama|dad|daddy|parents?|"
    r"stepdad|stepfather|stepmom|stepson|son|daughter|kids?|child|children|baby|toddler|brother|sister|sis|bro|grandma|"
    r"grandpa|grandmother|grandfather|grandson|nephew|niece|uncle|aunt|cousin|friend|roommate|flatmate|neighbou?rs?|"
    r"tenant|student|coworker|co-worker|colleague|boss|landlord|family|patient|passenger|resident|man|woman|guy|boy|girl|"
    r"lady|driver|customer|in[- ]laws?|kiddo|infant|newborn|twins?)"
)
_WHO = rf"(?:he|she|they|(?:my|our|his|her|the|a|this|some) (?:\w+ ){{0,2}}?{_KIN})"
_STAFF = (
    r"(?:drivers?|agents?|adjusters?|managers?|staff|employees?|technicians?|workers?|people|guys?|girls?|m[ae]n|wom[ae]n|reps?|"
    r"foreman|dispatcher|supervisor|teller|cashier|doctor|nurse|boss|family|kids|cop|crew|landlord|neighbou?r|ex|wife|husband|bitch|bastard)"
)
_VICTIM = (
    rf"(?:you|u|ya|y'?all|yall|me|us|him|her|them|every ?(?:one|body)|some ?(?:one|body)|people|all of (?:you|them|us)|"
    rf"(?:every |each )(?:last )?one of (?:you|them|us)|(?:my|your|ur|the|that|this|his|her|those|these|next|whoever) (?:\w+ ){{0,2}}?(?:{_KIN}|{_STAFF}))\b"
)
_SELF = r"(?:my ?(?:self|slef)|meself|(?:him|her|them) ?sel(?:f|ves)|urself)"
_GUN = r"(?:guns?|pistols?|revolvers?|rifles?|shotguns?|glocks?|firearms?|(?:twelve|12|20) gauge|bullets?)"
_WEAPON = rf"(?:{_GUN}|knife|knives|machete|razor ?blades?|razors?|blades?|box ?cutter|noose|bat|axe|tire iron|crowbar|hammer|gas can|bomb|buckshot)"
_DRUG = (
    r"(?:pills?|tablets?|meds|medicines?|medication|painkillers?|sleeping \w+|tylenol|advil|aspirin|ibuprofen|benadryl|xanax|"
    r"ambien|oxy\w*|percocet|morphine|insulin|antidepressants?|opioids?|vicodin|gummies|prescription)"
)
_POISON = r"(?:bleach|poison|antifreeze|detergent|drain cleaner|cleaner|sanitizer|pesticide|button battery|batter(?:y|ies)|magnets?|lye|ammonia|pods?)"
_HEIGHT = (
    r"(?:bridge|roof|rooftop|ledge|balcony|building|overpass|cliff|train|trains|subway|tracks?|traffic|truck|bus|window|pier|"
    r"dam|tower|garage|railing|rail|trestle|platform|quarry|freeway|highway|interstate)"
)
_HURTS = (
    r"(?:kill|murder|shoot|stab|strangle|slaughter|behead|execute|hurt|harm|beat|punch|choke|smash|bury|drown|attack|gut|"
    r"run over|blow away|put a bullet in|break (?:the (?:neck|legs?) of|every bone in))"
)
_HURT = (
    r"(?:hits?|beats?|beaten|beating|chok(?:es?|ed|ing)|strangl(?:es?|ed|ing)|punch(?:es|ed|ing)?|stab(?:s|bed|bing)?|shov(?:es?|ed|ing)|"
    r"kick(?:s|ed|ing)|slap(?:s|ped|ping)?|rap(?:es?|ed|ing)|attack(?:s|ed|ing)?|assault(?:s|ed|ing)?|threaten(?:s|ed|ing)|burn(?:s|ed|t)|"
    r"shot|hurt(?:s|ing)?|hitting|molest(?:s|ed|ing)?|grabbed|threw|thrown)"
)

SELF_HARM = (
    rf"\b(?:kill|kil|hang|shoot|harm|hurt|cut|drown|stab|poison|burn|starve|off|end|electrocute)(?:t?ing|ning|ting)? {_SELF}\b"
    r"(?! (?:on|off|short|some|in the foot|a|trying|at work|while|when|with your|slightly|lifting|opening)\b)",
    r"\bsuicid\w*\b(?! (?:squad|doors?|burger|wings|awareness|prevention|hotline|clause|exclusion|rate|survivor|loss|at|to))(?<!for suicide)(?<!career suicide)(?<!brand suicide)|"
    r"\bsuiside\b|\bself[- ]?harm(?:ed|ing)?\b(?! (?:screening|form|question))|\bunaliv|\b(?:gonna|going to|want to|wanna|will|to) (?:kms|ctb)\b|\biwant ?todie\b|\bnoose\b",
    r"\bend(?:ing)? (?:(?:my|his|her|their|this|your) (?:own )?(?:life|misery|suffering)\b|it all\b|things for good|(?:everything|all of (?:it|this))\b|"
    r"it (?:tonight|now|today|for good|once and for all|for ever|forever|here|after|before)\b)",
    r"\b(?:take|takes|taking|took) (?:my|his|her|their) (?:own )?(?:life|lives)\b(?! (?:savings|insurance|in|back))",
    r"\b(?:want(?:ed|s|ing)?|wanna|wish(?:ing)?|hop(?:e|ing)|ready|plan(?:s|ning)?|deserve|rather|prefer|need|going|gonna|means?|meant|"
    r"trying|tried|think(?:ing)?|thoughts?|thought|pray(?:ing)?|let me|supposed|like)"
    r"(?: (?:to|i|he|she|we|could|would|was|were|of|about|that|just|be|simply|only|maybe|already|really|gonna|and)){0,4} (?:die|dying|dead|death)\b"
    r"(?! (?:of|from|for|to|laughing|on (?:the|this|me)|than|line|end|zone|batter\w+|last|certificates?|benefits?|cover|in (?:my|the) (?:contract|policy)))",
    r"\bwish (?:that )?i (?:was|were|wasn'?t|weren'?t|had never been|was never|had not been|didn'?t|could (?:just )?(?:stop|vanish)) ?(?:just )?"
    r"(?:dead|alive|born|exist(?:ing)?|living|(?:here|around) any ?more|wake up)\b|\bwish i could (?:just )?vanish\b",
    r"\b(?:don'?t|dont|do not|no longer|not|never|didn'?t|nor) (?:\w+ ){0,2}?(?:want|wanted|wanna|wish|care|deserve|feel like|need|plan|intend|hoping|strength|wish|desire)"
    rf"(?: (?:to|on|i|just|even|really))* (?:be (?:alive|living)|(?:be here|be around|be|live|living|go on|going on|keep going|carry on|stay here){_END}|exist(?:ing)?|keep living|"
    r"wake up(?! (?:at|early|to (?:a|an|the|find)))|see (?:tomorrow|another day|morning)|be (?:on|in) this (?:earth|planet|world|life)|live (?:any ?more|another)|be (?:around|here) any ?more)\b",
    r"\b(?:no|any|a|nothing|no one|little|whats? the|what is the|what's the) ?(?:reason|point|purpose|sense|use)? ?(?:left |in |of |to |for |me |for me )*(?:live for|to live|in living|of living|go on living|being alive|to be alive|stay alive|going on|"
    rf"waking up|existing|my life|keep going{_END}|carrying on{_END}|this life)\b",
    r"\b(?:tired|sick|done|exhausted|finished) (?:of|with|from) (?:being alive|living(?! in| here| with| next)|life|this life|existing|my life|breathing)\b|\blife (?:is|'s|isn'?t|has)?\s?(?:just )?(?:not |no longer )?worth (?:it|living)\b|"
    r"\bnot worth (?:being alive|it any ?more|living(?! (?:in|at|there|with)))",
    rf"\b(?:can'?t|cannot|can not|cant) (?:go on|keep (?:going|living|doing this)|live|carry on|do life|face another day|be alive|take (?:living|life)){_END}(?! like this in)",
    r"\bbetter (?:off |place )?(?:for \w+ )?(?:dead|without me|with me gone|if i (?:was|were|wasn'?t|weren'?t|died|disappear\w*|just \w+))\b|\bworth (?:more )?(?:dead|alive|than i am)\b|\b(?:relieved|happier|glad|free) if i (?:was|were) (?:dead|gone)\b|\bsorry i woke up\b|\bnothing left for me (?:here|in)\b|\banother day of (?:this|my) life\b|\bi should(?:n'?t| not) be alive\b|\bmight as well be dead\b",
    r"\b(?:won'?t|will not|not going to|not gonna|don'?t plan (?:on|to)|don'?t think (?:i|there)(?:'ll| will)|never) be(?:ing)? (?:a me\b|(?:around|here|alive) (?:any ?more|much longer|for (?:long|it)|to (?:argue|see|need|enjoy|find)|by|come)\b|alive\b)",
    r"\b(?:not|never|don'?t|won'?t|wouldn'?t|can'?t) (?:\w+ ){0,3}?wake up\b(?! (?:early|at|to|on time|call|before|without|until))|\bsleep (?:forever|and (?:never|not|keep))",
    r"\b(?:nobody|no ?one|who|anyone)(?:'d|'ll| would| will)? (?:even )?(?:notice|care|know|cry|miss me) if i (?:was|were|wasn'?t|died?|disappear\w*|vanish\w*|just|did it|jumped)\b|\b(?:nobody|no ?one)(?:'d|'ll| would| will) miss me\b",
    rf"\b(?:took|taken|taking|take|swallow(?:ed|ing)?|popped|emptied|ate|drank|chewed) (?:\w+ ){{0,3}}?(?:all|whole|entire|bottle|handful|bunch|too many|rest|every|\d+|ten|twenty|thirty|forty|fifty|sixty|mom'?s|mother'?s|dad'?s) (?:\w+ ){{0,4}}?{_DRUG}\b",
    r"\b(?:took|swallowed|ate) (?:all|too many|(?:about |like )?(?:\d{2,}|twenty|thirty|forty|fifty)) of (?:them|those|it|my)\b|\bover ?dos(?:e|ed|ing)\b(?! (?:of (?:e-?mails?|ads|sugar|cuteness)|in 20|reversal|prevention|kit|years|training))|\bod'?(?:d|ing)\b|\bbottle of (?:pills|sleeping)\b",
    rf"\b{_DRUG} (?:\w+ ){{0,3}}?(?:lined up|laid out|in (?:rows|a row|my (?:hand|palm|lap|mouth|pocket)|a bowl)|right here|here with me|and (?:the |a )?(?:vodka|whiskey|bottle|note))\b|\bi(?:'?ve| have)? got (?:the|all my) (?:pills|meds|sleeping pills)\b",
    rf"\b(?:{_WEAPON}|rope|pills) (?:\w+ ){{0,4}}?(?:in|on|to|at|by|near|under|around|against|from) (?:my|his|her|the) "
    r"(?:right |left )?(?:hand|lap|mouth|head|knees?|palm|neck|throat|chest|nightstand|pocket|temple|seat|table|closet|rafters?|beam|drawer|garage|arm|wrist|heart)\b(?! (?:saw|set|block|holder))",
    rf"\b(?:jump(?:ed|ing|s)?|throw(?:ing)? {_SELF}|step(?:ping)?|walk(?:ing)?|run|lie|lying|fall(?:ing)?|leap(?:ing)?|dive) (?:down |out )?(?:off|from|in ?front of|on|under|into|onto|out of) (?:a |an |the |of |my |your |that )*(?:\w+ )?{_HEIGHT}\b(?! (?:stop|station|ride|tour))(?=.{{0,80}}\b(?:me|i|my|he|she|want|wanna|gonna|just|tonight|kinda|think|should)\b|.{{0,6}}$)",
    r"\b(?:i'?m|i am|he'?s|she'?s|standing|stood|sitting|sat|sits|stands|up|out|climbed|hanging) (?:\w+ ){0,4}?(?:on|at|over|off|from) (?:the|a|this|my|your) (?:\w+ )?(?:edge|ledge|railing|rail|roof|rooftop|bridge|overpass|tracks|window ?sill|balcony rail|cliff|trestle|wrong side)\b"
    r"(?! (?:rack|cleaning|repair|fixing|with (?:a|the) (?:contractor|crew)|seats?|bar|pool|deck|team|job|of (?:my|the) (?:chair|bed|seat)))|\bedge of the (?:platform|roof|bridge|building|cliff)\b|\bwrong side of the (?:rail|fence|bridge)",
    r"\b(?:drive|driving|steer|crash|turn|run) (?:my |the |this )?(?:car|truck|van|wheel|it|self|off|straight|us)? ?(?:off|into|in front of|under) (?:a|the|that|this|oncoming) (?:\w+ )?(?:bridge|river|tree|wall|cliff|lake|canal|road|truck|traffic|pole|ocean|overpass)\b",
    r"\b(?:said|say(?:ing)?|wrote|left|writing|written) (?:\w+ )?(?:my |his |her )?(?:last |final )?(?:goodbyes|goodbye to (?:my|the) (?:kids?|mom|mother|family|dad|wife|husband|dog|children))\b|\b(?:goodbye|good-bye|suicide|farewell) (?:letters?|notes?)\b|"
    r"\btell (?:my|the) (?:kids?|children|family|wife|husband|mom|mum|mother|dad|son|daughter|parents|boys|girls) (?:that )?i(?:'m sorry| love(?:d)?| always)\b|\b(?:last|final) (?:day|night|hour)s? (?:on (?:this )?earth|alive|of my life)\b|\b(?:this is|tonight(?: is|'s)|it'?s) (?:my|the) last (?:night|day)\b(?! (?:at|in|of|here|on))",
    r"\b(?:want|wish|need|make) (?:it|this|everything|the pain|my life|the suffering|life|this life|this pain)(?: all)?(?: to)? (?:just )?(?:be over|end|stop)(?: for good| forever| tonight| already)?\s*(?:$|[.!,])|\bmake the pain stop\b",
    r"\b(?:thoughts?|thinking|think|ideas?|dream\w*) (?:of|about) (?:just )?(?:ending|killing|hurting|harming|jumping|taking my|not being here|not waking|not existing|suicide|disappearing)",
    r"\b(?:be|being) with (?:him|her|them|my (?:wife|husband|son|daughter|mom|mother|dad|boy|girl)) (?:in heaven|soon|again soon|up there|again tonight)\b|\b(?:join|joining) (?:him|her|my (?:wife|husband|son|daughter|mom|mum|dad|late)) ?(?:soon|in heaven|now|tonight|up there|$|[.!])|\bfar behind (?:him|her|them)\b|"
    r"\b(?:god|the lord|jesus) (?:to |would |will |please |says i can )?(?:just )?(?:takes? me|come home)\b",
    r"\b(?:cut|slit|slashed?|cutting|slicing|opened|burn(?:ed|ing)?)(?: up)? (?:my|his|her) (?:own )?(?:wrists?|arms?|thighs?|legs?|veins?|throat)\b(?! (?:on (?:your|the)|while|cooking))|\bmy wrists (?:are|is) \w+ing\b|\b(?:except|only) when i cut\b|\bhit (?:the|a) vein\b",
    r"\b(?:stopped|quit|skipp(?:ed|ing)|no more|refus\w+|not) (?:taking |eating |using )?(?:my |the |his |her )?(?:\w+ )?(?:insulin|heart (?:pills|meds)|dialysis|chemo|eating|food|oxygen)\b.{0,60}\b(?:on purpose|my choice|nature|its course|get it over|fade|let (?:me|it)|rather die|starve)",
    r"\b(?:not|don'?t feel|isn'?t|don'?t trust) (?:\w+ )?(?:safe )?(?:with|from|around)? ?myself (?:tonight|alone|any ?more|right now|around|near|with|to be|here)\b|\bnot safe (?:with|from|around) myself\b|\b(?:stop|keep) (?:me|myself) from (?:doing (?:it|this|something)|hurting|killing|jumping)",
    r"\b(?:says?|said|saying|wants?|threaten(?:s|ing|ed)?|wrote|texted|told \w+|posted|talks?|talking|joking) (?:that |about )?(?:s?he(?:'?s|'?d|'?ll)?|they(?:'?d|'?ll|'?re)?|i)? ?(?:is |are |was |wants? |would |will |going |gonna |to |just )*(?:die|jump|kill (?!me\b)\w+|hang|end (?:it|things)|burn down|shoot up|blow|not being (?:here|around))\b",
    rf"\bfind me (?:before|first|hanging|like that|in the (?:bath|garage|closet))|\b(?:whoever|(?:guy|person|one|man|lady) who|{_KIN}) finds me\b",
    r"\b(?:before|after|when|once|if) i(?:'m| am)? (?:dead|do (?:it|this)\b(?= (?:tonight|to (?:myself|me))|\s*[.!?]?$)|die (?:tonight|today|this week|tomorrow)|kill)\b|\bif i die (?:tonight|today|this week|tomorrow)\b|\bwaste of (?:an? )?(?:appointment|life|breath)\b(?=.{0,20}$)",
)

VIOLENCE = (
    rf"\b(?:i(?:'?ll|'?m| will| swear|'d)?|gonna|going to|finna|will|we'?ll|wants? to|wanna|ready to|about to|might|could|come and|he(?:'?ll|'?s|'?d)|she(?:'?ll|'?s|'?d)|they(?:'?ll)?|threaten\w* to|tried to|tries to|trying to|says|said) "
    rf"(?:\w+ ){{0,3}}?{_HURTS} (?:up )?{_VICTIM}(?! (?:to (?:answer|reply|ask|say|tell|give|let|be|send|help|read|check|fix|have|make|do)|with (?:kindness|a|an)|an?\b|over|the (?:link|form|code|file|details|email)|up with|if the|in my (?:reviews?|credit)))",
    r"\b(?:blow(?:ing)?|burn(?:ing)?|bomb(?:ing)?|torch(?:ing)?|set(?:ting)? fire to|shoot(?:ing)?|firebomb|light)(?: up| down)? (?:your|the|this|that|ur|my|our|his|her|a|every) (?:\w+ ){0,2}?(?:office|building|store|shop|branch|place|house|home|headquarters|hq|"
    r"warehouse|call cent(?:er|re)|bank|clinic|hospital|airport|plant|school|church|lobby|mall)\b(?=.{0,40}(?:with|if|down|up|tonight|today|us|you|monday|$|[.,!]))(?! (?:light|alarm|number))",
    rf"\b(?:i|we|he|she|they|has|have|had|got|gets|is|with|bring(?:ing|s)?|brought|buy(?:ing)?|hold(?:ing|s)?|carry(?:ing)?|wav(?:ing|es)|pull(?:ed|s)|grab(?:bed|s)|pick(?:ed|ing) up|load(?:ed|ing)) (?:\w+ ){{0,3}}?(?:a|my|the|his|her|dad'?s|our) (?:\w+ )?(?:{_GUN}|knife|bomb|machete|weapon|(?:baseball )?bat|tire iron|crowbar|gas can|buckshot)\b"
    r"(?! (?:permits?|licen[cs]e|safe|set|block|sharpener|case|rack|collection|show|shop|cabinet|order|kit|holder|cover|game|that (?:came|arrived)|i (?:ordered|bought|returned)|arrived|came|is (?:dull|missing|blunt)|points?|in (?:checked|my (?:carry|luggage|suitcase))))",
    rf"\b{_WHO}(?:'?s|'?ll|'?d)?(?: (?:just|is|was|has|had|will|would|keeps?|always|then|also|been|being|already|got|tried to|drunk))* {_HURT} (?:me|us|her|him|them|my \w+|the (?:kids|baby|child|boy|girl))\b(?! (?:with (?:collections?|a fee|legal|court|a late|late|disconnection|a bill|\$)|up at|up to|an? (?:text|email)|off|out of (?:the|our) (?:way|park)))",
    rf"\b(?:{_HURT}|being (?:abused|beaten|held|trafficked|kidnapped|followed|stalked|attacked|strangled|shot)) (?:his|her|my|the|a|their) (?:little |own )?{_KIN}\b|\b(?:domestic (?:violence|abuse)|being (?:abused|beaten|held|trafficked|kidnapped|stalked|attacked|strangled)|kidnap(?:ped)?|(?:held )?hostage|against my will|sexually assaulted|raped|intruder|home invasion|active shooter|shots fired(?!,))\b",
    rf"\b(?:afraid|scared|frightened|terrified) (?:of (?:him|my {_KIN})|(?:that )?(?:he|she|they)(?:'?ll|'?s| will| might| is| are| is going to))\b",
    r"\b(?:someone|somebody|a (?:man|guy|stranger)|he|she|they|my ex|stranger|men)(?:'?s| is| are| was)? (?:\w+ ){0,2}?(?:break(?:ing)? (?:in(?:to)?|my|the|down)|in (?:my|the) house|following (?:me|my \w+)|stalking me|forcing (?:the|my)|at my (?:window|door) with|outside (?:my \w+ )?with|outside right now|on the stairs|found me|looking for me|waiting (?:for me|outside|at my))\b(?! (?:my heart|even|the (?:bank|rules)))",
    r"\b(?:won'?t|doesn'?t|refuses to|wont|not) (?:let|letting) (?:me|us) (?:out|leave|go)\b(?! (?:of (?:the|this|my) (?:contract|plan|app|loop|chat)|back|past|through|further|on|to))|\block(?:ed|s) (?:me|us|him|her)(?:self)? in(?:side)?\b(?! (?:a|the|this|my) (?:contract|plan|rate|loop|app))",
    rf"\bknow where (?:you|u|your \w+|he|she|they) (?:all )?(?:lives?|works?|sleeps?|parks?)\b|\bwatch your (?:back|kids)\b|\bhunt (?:you|him|her|them) down\b|\byou(?:'?re| are) (?:a )?dead (?:man|meat)\b|\b(?:put|leave|leaving|carried out|go home) (?:{_VICTIM} )?in (?:the (?:ground|hospital)|a (?:grave|box|bag|body ?bag|coffin))\b|\bget(?:s)? a load of\b",
    r"\bbreak (?:your|his|her|my) (?:neck|legs|arms|face|jaw|bones|hands)\b|\bbroke(?:n)? my (?:arm|jaw|nose|ribs?)\b(?=.{0,60}\b(?:he|she|him|her|again|before|last time)\b)|\b(?:he|she|him|ex)\b.{0,40}\bbroken? my (?:arm|jaw|nose|ribs?)\b|\b(?:cut|slit) (?:your|his|her|my) (?:throat|head off|face)\b|\bbruis(?:es?|ed|ing)\b.{0,40}\b(?:neck|throat|from (?:him|her|my)|he|husband|boyfriend)\b",
    r"\bmight (?:hurt|kill|do something to) (?:my|him|her|the|some|them|you)|\bthe voices (?:say|tell|want|are telling)\b|\b(?:i'?m|i am) coming for (?:him|her|you)\b|\bhands (?:a?round|on) (?:her|his|my) (?:neck|throat)\b|\bsmash\w* (?:in |down )?the door\b|\bunarmed\b|\bgoing to bleed\b|\bcomes (?:in|into) my room\b|\bshoot(?:ing)? up (?:the|my|this|a)\b|\bshoots? (?:people|everyone|everybody|someone)\b|\bkill (?:someone|somebody) (?:tonight|today|here)\b|\bsnap (?:her|his|my|your) neck\b|\bfinish (?:me off|us off|what he started)\b",
)

HAZARD = (
    r"\b(?:smell(?:s|ed|ing|in|y)?|stink(?:s|ing)?|stench|odou?rs?|reek(?:s|ing)?|whiff|fumes|hiss(?:es|ing)?|leak(?:s|ing)?|full|filled|strong|blowing|escaping) (?:\w+[,]? ){0,5}?(?:gas|propane)\b(?! (?:bill|stations?|tank|price|card|cap|fireplace|stove won|grill|company|detectors?|leak (?:cover|last)))",
    r"\bgas (?:smell(?:s|ing)?|odou?r|leak(?:s|ing|age|ed)?|fumes|explosion|stench|hiss\w*|(?:is |'s )?(?:leaking|hissing|escaping|blowing|coming (?:out|from))|(?:line|main|pipe|valve|hose|meter) (?:is |was |has |got )?(?:broke\w*|hit|ruptured|cut|burst|hiss\w*|leaking|cracked|stuck))\b(?! (?:detectors?|inspection|survey|test|cover|insurance|polic|repair (?:bill|cost|appointment|invoice)|kit|alarms? (?:for sale|price|cost)|sensor|was (?:fixed|repaired)|last (?:year|month)))|\bgas was on all night\b",
    r"\brotten eggs?\b|\b(?:smell\w*|like) (?:\w+ ){0,2}?sul(?:f|ph)ur\b|\bsmell(?:s|ing)? (?:\w+ ){0,3}?(?:burning(?! (?:rubber from your belt))|smoke|electrical)\b",
    r"\b(?:alarm|detector|monitor|sensor|beeper)\b.{0,30}\b(?:co|carbon monoxide)\b(?=.{0,80}(?:\bgo(?:es|ing|ne)? off\b|\bbeep\w*|\bblar\w*|\bhead\b|headache|dizz\w+|\bsick\b|nause\w+|faint))(?!.{0,60}(?:battery|chirp))",
    r"\b(?:carbon monoxide|monoxide|co (?:alarm|detector|monitor|thing|meter|box|reading|beeper)|carbon (?:alarm|thing|detector))\b(?=.{0,60}\b(?:go(?:es|ing|ne)? off|went off|beep\w*|sound\w*|chirp\w*|alert\w*|scream\w*|blar\w*|climb\w*|high|shows|says|reads|\d{2,}|flash\w*|won'?t stop|dizzy|headaches?|sick|faint\w*|sleepy|confused|floppy|nause\w*|passed out|yell\w*|red)\b)|\b\d{2,} ?ppm\b|\b(?:carbon )?monoxide (?:leak|poison\w*)\b|\b(?:detector|monoxide alarm) (?:is |won'?t stop |keeps )?(?:scream|going off|blar|went to \d)",
    r"\b(?:furnace|boiler|generator|heater|grill|car running|stove)\b.{0,60}\b(?:dizzy|headaches?|faint\w*|nause\w*|passed out|throwing up|light-?headed|drunk|inside (?:the|because|with)|woozy)\b|\b(?:dizzy|headaches?|faint\w*|nause\w*|passed out|light-?headed|drunk)\b.{0,60}\b(?:furnace|boiler|generator|heater|pilot)\b|\bpilot\b.{0,40}\b(?:drunk|dizzy|sick|headache)",
    r"\b(?:power|electric\w*|live|overhead|high[- ]?voltage|utility|transmission|downed|fallen|sparking|hanging|snapped|dangling|arcing)(?: \w+)? ?(?:lines?|wires?|cables?|poles?)\b(?=.{0,60}\b(?:down|fell|fallen|spark\w*|on (?:the|my|our|a|his|her|top)|hang\w*|snapped|across|lying|touch\w*|arcing|buzz\w*|dangl\w*|spit\w*|come down|in (?:my|our|the)|burn\w*|smok\w*|whip\w*|low)\b)(?!.{0,40}\b(?:adapter|internet|no lines|are fine)\b)",
    r"\b(?:downed|fallen|live|sparking|exposed|arcing) (?:wires?|lines?|cables?)\b(?! (?:chat|agent|person|rep|support))|\bwires?(?:'?s| is| are| came|)? (?:\w+ )?down\b|\b(?:wires?|cables?|lines?|poles?|transformer|fence)\b(?:'?s)?(?: \w+){0,7} (?:spitting|humming|spark\w*|arcing|whipping|snapped|spitting|crackling|humming|blew up|exploded|on fire|just blew)\b|\b(?:spark\w*|arcing) (?:\w+ ){0,2}?(?:wires?|cables?|lines?)\b|"
    r"\b(?:wires?|cables?|line) (?:\w+ ){0,3}?(?:across|on|over|in|touching) (?:the|our|my|wet) (?:\w+ )?(?:road|street|lawn|yard|sidewalk|driveway|car|van|minivan|grass|pool|fence|path|bike path|roof of)\b(?!.{0,40}\b(?:internet|tv|phone|cable (?:guy|company))\b)|\bhanging (?:head|waist|low|so low)",
    r"\b(?:on fire|caught fire|catching fire|in flames|burst into flames|full of smoke|filling (?:up )?with smoke)\b(?! (?:sale|lately|today (?:with|lol)|stick))(?!.{0,30}\b(?:last (?:year|month|week)|in march|season)\b)|\b(?:smok(?:e|ing)|flames?|sparks?)(?:'?s| is| are)? (?:\w+ )?(?:coming|pouring|shooting|out of|everywhere|all over)\b|\bthere'?s smoke\b|\b(?:outlet|socket|panel|meter|breaker|battery|charger|scooter|laptop|phone|oven|dryer|heater|wall)(?:'?s| is| are| was| just| keeps)? (?:\w+ ){0,2}?(?:spark\w*|smok(?:ing|es|ed)|explod\w+|blew up|melting|arcing)\b|^fire\s*[!,]|\bfire,? (?:kitchen|upstairs|downstairs|everywhere)\b",
    r"\b(?:ceiling|roof|wall|balcony|floor|stairs|building|trench) (?:is |has |just |'s )?(?:collaps\w+|caving in|caved in)\b|\btrapped (?:in|under|inside|on)\b(?! (?:a|this|your|the) (?:contract|loop|menu|plan|chat|queue|phone tree|subscription|bot))|\bstuck in (?:the|an?|this|your) (?:elevator|lift)\b|\bwe'?re on the roof\b|\b(?:water|flood)\b.{0,30}\b(?:up to|outlets?|fuse ?box|electrics|breaker|panel|second floor)\b(?=.{0,60}\b(?:lights|still on|live|buzz\w*|he|she|husband|rising|second floor|crackl\w*)\b)|\b(?:car|bus|van|truck)(?:'s| is)? (?:in|under) the (?:river|water|lake|flood)\b|\bgiving way\b.{0,30}\b(?:bus|people|on it)\b|\b(?:swept|washed) away\b",
    r"\belectrocut|\b(?:got|getting|gave me|gives me|a) (?:an? )?(?:\w+ )?shock(?:ed|s)?\b(?=.{0,60}\b(?:touch\w*|outlet|washer|shower|tap|metal|plug|panel|switch|kettle|wire|fence)\b)|\b(?:left|locked|alone) (?:\w+ )?(?:in (?:a|the|this)) (?:hot )?(?:car|garage|freezer|trunk)\b(?!.{0,30}\b(?:keys|phone|wallet|bag|package|card|charger)\b)|\bhypotherm|\bheat ?stroke\b|\bfreezing to death\b",
)

_SUPPORT = (
    r"(?:oxygen|ventilator|vent|dialysis|nebuli[sz]er|life[- ]support(?! team| customer| register)|concentrator|respirator|feeding (?:tube|pump)|"
    r"insulin pump|heart (?:monitor|pump)|lvad|breathing machine|bipap|incubator|suction(?: machine)?|trach|apn(?:o)?ea monitor|"
    r"medical equipment|iron lung|pacemaker|infusion pump|breathing equipment)"
)
_FAILING = (
    r"(?:power(?:'s)? (?:is |went |just )?(?:out|off|cut|gone)|(?:lost|no|without) (?:power|electricity|the power)|batter(?:y|ies)|backup|(?:last|one|second|spare) (?:tank|bottle|cylinder)|outage|blackout|lights? (?:went|are|is|out)|with the lights|"
    r"stopp\w*|fail(?:ed|ing|s)|beep\w*|(?:almost|nearly|is|tank) empty|on red|running (?:out|low)|runs? (?:out|on)|ran out|shut ?off|cut (?:my|our|his|her|the) power|lights? get cut|power cut|went off|is off|off already|dying|died|alarm(?:ing|s)?|hours? left|minutes? left|"
    r"quit|cut off|switch \w+ off|disconnected|power (?:just )?went|won'?t (?:turn on|work|start)|not working|isn'?t working|doesn'?t work|out of|low battery|unplugged|generator|no electricity|there'?s no (?:electricity|power)|wall power)"
)
LIFE_SUPPORT = (
    rf"\b{_SUPPORT}\b(?=.{{0,100}}\b{_FAILING}\b)",
    rf"\b{_FAILING}\b.{{0,100}}\b{_SUPPORT}\b",
    r"\bno (?:more )?insulin\b(?=.{0,60}\b(?:since|days|left|type 1|throwing up|sugar|tonight|sick)\b)|\b(?:sugar|glucose|he|she|it)(?:'?s| is|'?s at)? (?:at |reads |reading )?(?:[4-9]\d\d|high high)\b(?=.{0,60}\b(?:insulin|sick|vomit\w*|throwing|confused|sleepy|diabetic|type 1)\b)|\binsulin\b.{0,80}\b(?:[4-9]\d\d)\b",
)

MEDICAL = (
    r"\b(?:not|isn'?t|stopp?ed|stops|struggl\w+ (?:to|for)|trouble|hard to|can'?t|cannot|barely|difficulty|cant|aint|not really|hardly|catch (?:my|his|her)|gasping for) (?:breath(?:e|ing)?|air)\b(?! (?:in (?:this|these|that)|because of this|easy until|thinking|of fresh|condition\w*))|\b(?:gurgling|gasping|foaming)\b",
    rf"\b(?:unconscious|unresponsive|not responding|out cold|no pulse|turn(?:ing|ed) blue|going (?:grey|gray|blue|limp)|gone (?:grey|gray|blue|limp)|went limp|all floppy|slumped)\b(?!.{{0,20}}\b(?:button|app|screen|website|page|remote|site|thermostat)\b)|\b{_WHO}(?:'?s| is| just| has| had)* (?:\w+ ){{0,2}}?(?:collapsed|passed out|fainted|blacked out|convulsing|seizing|wheezing|choking|hit the floor|stiff|not moving|isn'?t moving)\b|\bi (?:just )?(?:passed out|fainted|collapsed) (?:twice|again|today|just)|\b(?:won'?t|not|doesn'?t|isn'?t|can'?t) (?:\w+ )?wak(?:e|ing)(?: (?:him|her|them))?(?: all the way)?(?: up)?\b(?! (?:on lan|at|early|to|from sleep|when i (?:press|tap|touch)))",
    r"\b(?:having|has|had|is having|think(?:s)?|got|in) (?:an? |my |his |her |mom'?s |dad'?s |another )?(?:\w+ )?(?:heart attack|stroke|seizure|anaphyla\w+|(?:allergic )?reaction and|miscarriage|asthma attack|labou?r at)\b(?! (?:over|at|from|when|in (?:19|20|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|the past)|last|two|three|years?|coverage|claim|a (?:year|month)|looking))(?<!had a stroke)(?<!had a heart attack)(?<!had a seizure)|\bseizure\b.{0,20}\b(?:won'?t|hasn'?t|not|keeps|still)\b|\banaphyla|\bchok(?:ing|ed|es) on\b",
    r"\bchest (?:pains?|hurts?|tight\w*|is (?:tight|hurting|crushing)|feels)\b|\bpain in (?:my|his|her) chest\b|\bpressure (?:in|on) (?:my|his|her) chest\b|\b(?:pain|numb\w*|tingl\w*) (?:\w+ ){0,3}?(?:down|in|into) (?:my|his|her) (?:left )?(?:arm|jaw|face)\b|\b(?:left arm|one side|half|left side|right side) (?:\w+ ){0,3}?(?:numb|droop\w*|limp|dead|paraly[sz]ed|weak)\b|\bcan'?t feel (?:my|one|half|his|her) (?:\w+ )?(?:legs?|arms?|face|side|half|left|of)\b|\b(?:face|smile|mouth)(?:'?s| is)? (?:\w+ )?(?:droop\w*|crooked|numb)\b|\bwords are (?:coming out|all) wrong|\bslurr\w+",
    r"\b(?:lips?|face|fingernails?|baby|he|she|feet|hands)(?:'?s| is| are| look| looks| turning| going| went)* (?:turning |going )?(?:blue|purple|gr[ae]y|dusky|ashen)\b(?! (?:dress|shoes|in the picture|instead))|\b(?:throat|lips?|tongue|face|neck)(?:'?s| is| are)? (?:\w+ ){0,2}?(?:swell\w*|swollen|closing|getting (?:big|tight))\b|\bswelling up\b(?! (?:battery|the battery))|\bface\b.{0,12}\bswelling\b",
    r"\bbleeding\b(?! (?:edge|obvious|money|ink|us|me dry|me|colou?rs?|heck|through|kit|of (?:color|ink)))|\b(?:so much|lots of|a lot of|losing|vomiting|throwing up|coughing up|pooping|there'?s|and there'?s|pool of|much) blood\b(?! (?:tests?|work|pressure|type|sugar|bank|draw|results?))|\bblood (?:everywhere|all over|coming out|is (?:coming|pouring|soaking)|pouring|coming)\b|\bsoaking through\b(?! the (?:box|carton|package|ceiling|wall|roof|shoes|jacket))|\btourniquet\b|\bblood'?s (?:coming|pouring)",
    rf"\b(?:swallow(?:ed|ing)?|drank|drunk|ingested|ate|eaten|drinking) (?:\w+ ){{0,5}}?(?:{_POISON})\b|\b(?:ate|swallowed|took|got into) (?:\w+ ){{0,3}}?(?:whole )?(?:bottle|peanuts?|shellfish|{_DRUG})\b(?=.{{0,60}}\b(?:swell\w*|not waking|limp|drowsy|weird|toddler|she'?s (?:two|three|one)|he'?s (?:two|three|one)|help|sleepy)\b)|\b(?:my|our) (?:{_KIN}|\d year old) (?:just )?(?:ate|swallowed|drank|took|got into) (?:the|a|some|all|my|half)\b(?=.{{0,30}}\b(?:bottle|pills?|meds|{_POISON}|gummies|medicine)\b)",
    r"\b(?:need|send|call(?:ing)?|get|want) (?:\w+ )?(?:an ambulance|911|999|112|(?:the )?paramedics|the police|the cops)\b(?! (?:bill|claim|invoice|charge|report|over|about my))|\blife[- ]threatening\b|\blife or death\b(?! (?:insurance|cover))|\b(?:bleed|starve|freeze)(?:ing)? to death\b(?! (?:by|from|in (?:fees|charges)))|\bwaters? broke\b(?! (?:heater|main|pump|line))|\b(?:fever|temp\w*)(?: of)? 10[4-9]\b|\bburning up\b(?=.{0,30}\b(?:10[3-9]|stiff|limp|baby|fever)\b)|\b(?:we|i)(?:'re| are|'m| am) being (?:shot|robbed|held)\b|\bpeople (?:are )?(?:trapped|injured|dying|hurt)\b",
    r"\b(?:he|she|baby|mom|mum|dad|mother|father|husband|wife|son|daughter|grandma|child|they)(?:'?s| is|'?ll| will| are)? (?:going to |gonna |might |could |about to )(?:die|stop breathing|bleed out|pass out)\b(?! (?:laughing|of (?:boredom|embarrassment|laughter)|when (?:she|he) sees))|\bdying\b(?= (?:right now|here on|in front of me|on the floor)\b)",
    r"\b(?:isn'?t|not|aren'?t) moving\b(?=.{0,40}\b(?:blood|help|pool|floor|he|she|kid|breath\w*)\b)|\b(?:kid|child|boy|girl|baby|man|woman|someone|he|she) (?:in|at the bottom of) the (?:pool|water|lake|river)\b(?=.{0,30}\b(?:not|isn'?t|help|face down|drown\w*|moving)\b)|\bdrowning\b(?= (?:in the|help|right|out)|\s*$)",
)

SPANISH = (
    r"\b(?:matarme|quitarme la vida|suicid(?:arme|arse|arnos|ar|io)\b(?! squad)|hacerme da[nñ]o|cortarme(?: las venas)?|me cort[eé]\b(?! (?:el pelo|poquito))|acabar con (?:mi vida|todo)|terminar con (?:todo|mi vida)|"
    r"desaparecer para siempre|ganas de morir|colgarme|se va a (?:colgar|matar|aventar|tirar)|dejar de existir|aventarme|tirarme (?:de|del|al))\b",
    r"\b(?:me )?(?:quiero|quisiera|prefiero|preferir[ií]a|deseo|ojal[aá] me|mejor) (?:morir(?:me)?|morirme|estar muert[oa]|mejor muert[oa]|dormirme y)\b(?! de (?:verg|risa|hambre|ganas|sue|sed|pena|calor|fr[ií]o))|\bno (?:quiero )?despertar\b(?! (?:al|a los|tan))",
    r"\b(?:ya )?no (?:quiero|tengo ganas de|puedo|vale la pena|quisiera|le veo (?:caso|sentido) a|tiene (?:caso|sentido)) (?:seguir )?(?:viv(?:ir|iendo)|existir|respirando|estar(?: aqu[ií])?(?: m[aá]s)?(?=\s*(?:$|[.,]))|seguir en este mundo|estar aqu[ií] m[aá]s|la vida)\b|\bcans\w+ de (?:la vida|vivir|existir)\b|\bestar[ií]an mejor sin m[ií]\b|\bsi me muero (?:hoy|ahorita|esta noche|ma[nñ]ana)\b",
    r"\b(?:me |se )?tom(?:[eé]|[oó]|aron) (?:\w+ ){0,4}?(?:pastillas|frasco|veneno|cloro|pastillitas)\b|\b(?:pistola|navaja|cuchillo|arma|escopeta) (?:\w+ ){0,5}?(?:mano|cabeza|afuera|mesa)\b|\bcon (?:una|la) (?:pistola|navaja|arma|escopeta)\b|\ba balazos\b|\bbalacear\b|\bponer una bomba\b|\bestoy en (?:el|un) puente\b",
    r"\b(?:huele|olor|oler|fuga|escape|peste|apesta|sale)\b.{0,20}\bgas\b|\bhuevos? podridos?\b|\bmon[oó]xido\b|\bse (?:est[aá]|anda) (?:quemando|incendiando)\b|\bhay (?:fuego|humo)\b|\bincendio\b",
    r"\b(?:cables?|l[ií]nea|poste)\b.{0,40}\b(?:ca[ií]d[oa]s?|se cay[oóe]\w*|tirad[oa]s?|en el (?:suelo|piso)|chispas?|echando|suelt[oa]s?)\b(?!.{0,20}internet)",
    r"\b(?:me|te|los|las|lo|la|l[eo]s) (?:voy a (?:ir a )?|va a |van a |quiere |vamos a |dijo que (?:me |te )?va a )(?:matar|golpear|pegar|disparar|apu[nñ]alar|quemar|balacear|enterrar)\b(?! en redes)(?! de (?:risa|hambre))|\bvoy a (?:matar|quemar|golpear)\w*\b(?! en (?:redes|facebook|twitter|internet))|\bmatarlos\b|\bme (?:entierra|mata) (?:si|en)\b|\bse quiere matar\b|\bme mato\b",
    r"\bno (?:respira|reacciona|despierta|puede respirar|puedo respirar)\b|\bse (?:desmay[oó]|est[aá] (?:ahogando|desangrando)|ahoga)\b|\binconsciente\b|\bsangrando\b|\bmucha sangre\b|\b(?:me|le|la|lo) (?:est[aá] )?(?:pega(?:ndo)?|golpea(?:ndo)?|ahorca(?:ndo)?|amenaz[aó]\w*|encerr[oó])\b(?! (?:el sol|bien|la risa))|\b(?:dolor en el|duele (?:mucho )?el) pecho\b|\binfarto\b|\ble dio un (?:ataque|derrame)\b|\best[aá] (?:todo )?morad[oa]\b|\btiene encerrada\b",
    r"\b(?:ox[ií]geno|ventilador m[eé]dico|respirador|di[aá]lisis|concentrador)\b.{0,80}\b(?:luz|apag\w+|bater[ií]a|se acab\w+|sin|fall\w+|no (?:hay|funciona)|corriente|electricidad)|\b(?:sin luz|apag[oó]n|no hay luz|cortaron la luz|se fue la luz)\b.{0,80}\b(?:ox[ií]geno|respirador|di[aá]lisis|concentrador)\b|\bsin insulina\b",
)
