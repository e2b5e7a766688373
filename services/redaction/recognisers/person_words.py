"""Words around people's names: what leads to one, and what only looks like one."""

from services.redaction.tokens import word_set


def pairs(text: str) -> frozenset[tuple[str, ...]]:
    """Phrases of two words, parted by commas."""
    return frozenset(tuple(pair.split()) for pair in text.split(","))


PETS = word_set(
    """
    dog dogs cat cats puppy kitten pup pet pets horse parrot hamster rabbit perro gato mascota
    """
)
TITLES = word_set(
    """
    mr mrs ms miss mister missus dr doctor prof professor sr sra srta señor señora señorita
    senor senora don doña officer nurse captain judge attorney pastor reverend rev father sgt
    sergeant lt mx
    """
)
RELATIONS = word_set(
    """
    kids sons daughters children parents twins wife husband son daughter mother mom mum father
    dad brother sister partner fiance fiancee fiancé fiancée girlfriend boyfriend spouse grandma
    grandmother grandpa grandfather aunt uncle cousin niece nephew kid child baby toddler
    roommate neighbor neighbour friend boss landlord tenant granddaughter grandson stepson
    stepdaughter assistant caregiver guardian esposa esposo marido hijo hija madre padre mamá
    papá hermano hermana novia novio abuela abuelo tía tío colleague coworker ex widow widower
    twin mama papa stepmother stepfather in-law
    """
)
STAFF = word_set(
    """
    agent rep representative technician tech advisor adviser supervisor manager associate
    specialist driver clerk cashier teller nurse colleague operator named llamado llamada agente
    técnico gerente stylist attendant receptionist installer plumber concierge attention attn
    dentist surgeon therapist adjuster contractor employee guy lady woman man gentleman patient
    passenger passengers guest beneficiary recipient payee borrower cosigner tenant renter
    cardholder policyholder member
    """
)
GREETINGS = word_set(
    """
    hi hello hey dear hola thanks thx thank gracias regards best sincerely cheers sorry welcome
    bye goodbye yours respectfully saludos atentamente cordially love hiya morning afternoon
    evening congratulations appreciated ok okay yes no sure perfect great absolutely understood
    certainly got apologies alright
    """
)
SIGN_OFFS = word_set(
    """
    regards best sincerely thanks cheers saludos atentamente yours respectfully cordially
    gracias thx love wishes you truly
    """
)
# Two-word leads: the name stands right behind.
LEADS = pairs(
    """
    a nombre, account for, add my, added as, addressed to, appointment for, ask for, asked for,
    asking for, assigned to, assisted by, attention to, behalf of, belongs to, booked for, call
    me, called me, calls me, card for, care of, chat with, chatted with, chatting with,
    connected to, contact is, dealing with, dealt with, delivered to, friends call, gift for, go
    by, goes by, habla con, hable con, hablé con, helped by, here is, hi this, holder is, i am,
    i'm not, it is, it's not, known as, llamo es, made to, me llamo, meds for, met with, name
    for, name is, name of, name was, named after, nombre de, nombre es, not mr, order for, para
    mi, parte de, passed to, payable to, people call, person named, pick up, picked up, pickup
    by, policy for, prescription for, promised by, referred by, registered to, remove my,
    replaced by, reservation for, se llama, see dr, seen by, sent by, signed by, someone named,
    soy el, soy la, speak to, speak with, speaking to, speaking with, spelled as, spelled it,
    spoke to, spoke with, talk to, talked to, talked with, talking to, talking with, this is,
    ticket for, tickets for, told by, transferred to, under the, welcome back, written by,
    written to
    """
)
# Two words before what may be a name, or something else: a name of the lists is needed.
WEAK_LEADS = pairs(
    """
    look up, looking for, knows me, put on, ask for, reach out, i want, i need, want to, thank
    you, is for, it's for, its for, for my, add to, remove from, message from, call from, email
    from, text from, note from, letter from, signed for, waiting for, working with, works with,
    worked with, live with, lives with, was with, on with, am with, up for, pay for, paid for,
    paying for, guardian of, mother of, father of, parent of, child of, wife of, husband of, son
    of, daughter of, estate of, made by, done by, given by, handled by, escalated to, forwarded
    to, connect to, me to, me with, us with, and tell, please tell, can tell, please ask, can
    ask, just ask, please call, to call, can call, to see, saw with, is not, not for
    """
)
NAME_VERBS = word_set(
    """
    said told promised called helped answered hung transferred gave signed passed died wrote
    texted sent asked wants wanted needs lives lived works worked speaking here calling dijo
    llamó llama habla quiere vive is was has had will can never doesn't didn't already again
    picked
    """
)
# Right behind a name, these make it a product, a firm or a place.
THINGS = word_set(
    """
    bookcase sofa couch chair table desk lamp dress shirt jacket boots boot shoes shoe sneakers
    sandals jeans pants skirt coat sweater bag purse backpack mattress bed crib dresser shelf
    shelves cabinet rug stroller watch ring necklace bracelet phone tablet laptop speaker
    speakers printer mower grill blender mixer vacuum washer dryer oven fridge refrigerator
    heater collection line model series edition bundle set kit case cover plan package card
    account app software update device devices skill bike scooter helmet tent doll toy figure
    game console airlines airways air bank insurance health hospital clinic medical center
    centre pharmacy university college school church hotel hotels inn resort inc llc ltd corp co
    company group foundation store stores shop market mall airport station street avenue road
    drive lane court boulevard blvd ave st rd park beach island county city river lake valley
    springs creek bay bridge mountain hills heights energy electric gas water power wireless
    mobile telecom cable communications foods pizza burger coffee cafe restaurant grill kitchen
    bakery brewing motors automotive auto tire tires cars truck suv sedan coupe pickup navigator
    continental escape sectional ottoman bookshelf nightstand headboard pillow sheets towel
    towels candle perfume lipstick foundation palette serum cream lotion shampoo gown suit
    blazer cardigan hoodie leggings bra swimsuit bikini hat scarf gloves belt wallet tote clutch
    heels flats loafers slippers trainers damage claims storm hurricane flood warning watch pro
    max mini plus ultra classic deluxe premium day festival cup award prize theorem square tower
    towers building stadium arena theater theatre museum library curtains blinds stool bench
    recliner loveseat faucet sink toilet tub shower vanity tile plant tree flower bouquet wreath
    tray bowl plate mug glass bottle pan pot knife skillet griddle cookware backsplash romper
    dish soap detergent wipes cleaner shampoo drink juice cereal bar bread salad beer lager lite
    wine jumpsuit blouse top tunic vest parka poncho tee jersey
    """
)
ARTICLES = word_set(
    """
    the a an this that these those your our el la los las un una each every any another
    """
)
STORMS = word_set("hurricane storm tropical typhoon cyclone huracán tormenta blizzard winter")
PLACE_LEADS = word_set(
    """
    in from to near at via san santa saint st fort port mount mt lake los las new north south
    east west downtown city town county university en desde hacia greater upper lower cape isle
    through toward towards outside around between
    """
)
ASSISTANTS = word_set("virtual automated digital ai bot chatbot robot assistant asistente")

PLACES = word_set(
    """
    charlotte austin madison jackson houston dallas phoenix savannah orlando lincoln florence
    virginia georgia carolina dakota paris london sydney victoria chelsea brooklyn raleigh
    denver cheyenne helena eugene aurora irving arlington garland laredo lourdes berlin boston
    chicago memphis nashville atlanta miami tampa seattle portland oakland fresno sacramento
    columbus cleveland cincinnati detroit milwaukee omaha tulsa mesa tucson albuquerque reno
    vegas philadelphia pittsburgh baltimore richmond norfolk durham augusta macon mobile
    birmingham montgomery tallahassee jacksonville newark camden trenton princeton hartford
    providence worcester springfield concord burlington albany buffalo rochester syracuse utica
    hamilton kingston geneva athens troy rome milan venice vienna lisbon madrid barcelona
    valencia sevilla granada málaga toledo córdoba mexico texas florida california nevada
    arizona montana alabama louisiana tennessee kentucky indiana iowa kansas nebraska oklahoma
    wyoming utah colorado washington oregon idaho maine vermont delaware maryland ohio michigan
    wisconsin minnesota missouri arkansas mississippi pennsylvania hawaii alaska england ireland
    scotland wales france germany italy spain portugal china japan india israel jordan lebanon
    chad kenya cuba jamaica haiti brazil peru chile argentina colombia ecuador venezuela panama
    america europe asia africa australia canada manhattan queens bronx harlem aspen boulder
    salem dayton akron lansing anaheim pasadena burbank glendale hollywood malibu monterey santa
    diego francisco antonio angeles jose cruz barbara monica rosa clara juan luis pedro marino
    lucia domingo sandy chandler gilbert henderson lakewood plano frisco mckinney denton tyler
    waco lubbock amarillo abilene midland odessa beaumont galveston marion clayton lafayette
    monroe shreveport lexington louisville frankfort clarksville franklin murfreesboro knoxville
    chattanooga huntsville tuscaloosa auburn athens marietta decatur douglas kennedy logan
    reagan dulles laguardia ohare midway heathrow gatwick vancouver toronto montreal calgary
    ottawa winnipeg dublin belfast manchester liverpool leeds bristol oxford cambridge york
    lancaster bedford windsor warwick cardiff milton keynes perth adelaide brisbane melbourne
    darwin wellington auckland lima bogota bogotá quito caracas santiago havana kingston nassau
    cancun cancún guadalajara monterrey tijuana puebla mérida merida galicia asturias andalucía
    korea vietnam thailand singapore malaysia indonesia philippines dubai doha cairo lagos
    nairobi israel iran iraq turkey russia ukraine poland norway sweden denmark finland holland
    belgium switzerland austria greece hungary romania bulgaria croatia serbia geneva lyon nice
    marseille toulouse bordeaux munich hamburg cologne frankfurt stuttgart bremen dresden
    """
)
PLACES_ALSO_PEOPLE = word_set(
    """
    jose juan luis pedro barbara monica rosa clara lucia diego francisco antonio domingo sandy
    marino cruz gilbert clayton franklin douglas monroe marion logan kennedy tyler chandler
    henderson milton
    """
)
BRANDS = word_set(
    """
    alexa siri cortana bixby watson echo kindle roku sonos roomba keurig kenmore whirlpool dyson
    hoover stanley yeti carhartt levi levis macy macys wendy wendys kohl kohls arby arbys domino
    dominos denny dennys hardee mcdonald mcdonalds chili applebee victoria victorias nordstrom
    dillard dillards penney jcpenney walmart target costco sams kroger wegmans aldi lidl
    publix safeway albertsons walgreens cvs rite duane chase wells fargo citi barclays schwab
    fidelity vanguard merrill lynch goldman morgan sachs jpmorgan capital discover visa
    mastercard amex paypal venmo zelle klarna affirm afterpay stripe square marriott hilton
    hyatt wyndham sheraton westin ritz radisson expedia kayak priceline hertz avis enterprise
    alamo sixt uber lyft doordash grubhub instacart delta united southwest spirit frontier
    alaska allegiant lufthansa emirates ford lincoln mercedes benz honda toyota tesla dodge
    chrysler jeep chevrolet chevy buick cadillac kia hyundai nissan mazda subaru lexus acura
    infiniti porsche ferrari bentley royce audi volvo apple google amazon microsoft netflix hulu
    disney spotify adobe dell lenovo asus acer sony samsung huawei nokia motorola nintendo xbox
    verizon sprint comcast xfinity cox spectrum frontier centurylink geico allstate progressive
    farmers nationwide humana aetna cigna kaiser anthem optum quest labcorp medtronic pfizer
    bayer merck abbott johnson lilly gucci prada chanel dior hermes hermès versace armani
    burberry kors klein hilfiger lacoste nike adidas puma reebok asics jordan jordans
    converse vans timberland ugg crocs birkenstock rolex omega cartier tiffany pandora swarovski
    barbie lego mattel hasbro elmo dora elsa mario luigi zelda sonic marvel potter santa
    claus jeeves clippy ring nest arlo wyze eufy blink simplisafe adt vivint casper tempur sealy
    serta ikea wayfair overstock etsy ebay shopify temu shein zappos chewy petco petsmart
    hallmark zara mango bloomingdale bloomingdales saks neiman barneys belk burlington
    marshalls tj maxx ross lowes menards ace depot duracell energizer philips bosch siemens
    miele bissell shark ninja cuisinart kitchenaid vitamix tupperware pyrex corelle lenox
    waterford wedgwood oreo hershey nestle kellogg heinz campbell mccormick tyson purina
    pedigree friskies iams gerber huggies pampers enfamil similac tylenol advil aleve motrin
    allegra claritin zyrtec zara fitbit garmin gopro canon nikon olympus leica bose beats jbl
    harman marley skullcandy jabra plantronics logitech razer corsair kingston sandisk seagate
    epson brother xerox lexmark ricoh ray-ban ray oakley gillette venus olay dove nivea
    neutrogena loreal clinique mac sephora ulta kay avon herbalife amway geek zendesk
    salesforce slack zoom skype gemini claude jasper copilot
"""
)
BRANDS_ALSO_PEOPLE = word_set(
    """
    sam stanley watson morgan victoria wendy johnson ashley harry marcus ross kay mary ray
    campbell jordan brother jasper lauren claude gilbert tyson marley mario luigi elsa dora
    kelly jose chandler barbara penney sachs lynch klein royce levi wells avis tiffany venus
    gemini mac ace elmo mcdonald mccormick gerber abbott merrill schwab dillard goldman lilly
    claus marshalls alexa pierce lincoln macy denny casper hart lenox humana allegra omega mango
    """
)
FIRMS = pairs(
    """
    red robin, olive garden, ruby tuesday, famous dave, famous daves, hey jude, uncle sam,
    advance auto, air jordan, alfa romeo, amazon alexa, ann taylor, apple watch, ashley
    furniture, aston martin, aunt jemima, banana republic, bed bath, ben jerry, betsey johnson,
    black friday, bob evans, bobbi brown, brooks brothers, calvin klein, captain morgan, carl
    jr, carls jr, cedar rapids, charles schwab, charles tyrwhitt, chuck e, cole haan, customer
    care, customer service, customer support, cyber monday, dave buster, dave busters, daytona
    beach, doctor who, dollar general, donna karan, dr bronner, dr martens, dr pepper, dr
    scholl, dr teals, dr who, eddie bauer, edward jones, elizabeth arden, estee lauder, ethan
    allen, fathers day, fort wayne, fort worth, frank anna, google home, grand rapids, harley
    davidson, harry potter, hey google, hey siri, hugo boss, j crew, jack box, jack daniel, jack
    daniels, jackson heights, jackson hole, jenny craig, jessica simpson, jim beam, jimmy john,
    jimmy johns, john deere, john hancock, johnnie walker, johnson johnson, jp morgan, kansas
    city, kate spade, kenneth cole, king james, la quinta, labor day, laura ashley, lincoln
    financial, long beach, los angeles, marc jacobs, marie callender, martha stewart, martha
    vineyard, mary jane, mary kay, memorial day, mercedes benz, merrill lynch, michael kors,
    mickey mouse, miss me, morgan stanley, mothers day, mount vernon, mr bean, mr clean, mr
    coffee, mr potato, mr robot, mrs fields, mrs meyers, neiman marcus, myrtle beach, nancy
    drew, new jersey, new mexico, new york, newport beach, north carolina, ok google, old navy,
    oscar mayer, palm beach, papa john, papa johns, paul smith, peter pan, peter piper, prime
    video, rachael ray, ralph lauren, ray ban, ray bans, raymond james, rebecca minkoff, rolls
    royce, ross dress, saint paul, salt lake, sam adams, sam club, sam edelman, sams club, san
    antonio, san diego, san francisco, san jose, san juan, santa barbara, santa clara, santa
    claus, santa cruz, santa monica, santa rosa, sara lee, south carolina, st john, st jude, st
    louis, st paul, steve madden, stuart weitzman, t mobile, tim hortons, tommy hilfiger, tory
    burch, trader joe, trader joes, uncle ben, valentines day, vera bradley, vera wang, victoria
    secret, victorias secret, virgin atlantic, virginia beach, warby parker, weight watchers,
    wells fargo, wendy house, west virginia
    """
)
# Names of plants, colours, songs and stones.
NATURE = word_set(
    """
    olive violet ruby jasmine ivory pearl hazel ginger amber coral crystal daisy dawn iris ivy lily
    rose heather holly rosemary basil sage opal jade cherry clementine myrtle laurel fern carol
    marina sienna autumn summer
    """
)
# Brands, films and shows of two names.
JOINT_FIRMS = pairs(
    """
    ben jerry, barnes noble, black decker, procter gamble, smith wesson, crate barrel, dolce
    gabbana, abercrombie fitch, marks spencer, arm hammer, mike ike, dave buster, dave busters,
    will grace, tom jerry, simon garfunkel, ernst young, johnson johnson, bang olufsen, bausch
    lomb, smith nephew, mike molly, rick morty, phineas ferb, lilo stitch, bonnie clyde, thelma
    louise, romeo juliet, hansel gretel, bert ernie, jack jill, ginger fred, penn teller, hall
    oates, harold kumar, johnson wales, dr jekyll, lewis clark, mason dixon, currier ives, rodan
    fields, harry david, fisher paykel, pratt whitney, stanley black, brown williamson, ralph
    lauren
    """
)
# Names by the lists that people write in lower case for other things.
MORE_THAN_NAMES = word_set(
    """
    caesar ceasar okey thai german britain zeus sade olympia niles easter coco sedona egypt
    edison viet thane sherwood modesto glenwood ferris cicero cayman yale warner tyre thor
    sahara osiris italia irish hercules apollo charleston brighton benedict beckham beyonce
    lebron isreal israel sultan samson kaya kiya diya princeton malaysia vienna salem baylor
    chevy lexus armani rio aries jericho legend canaan samaria crosby montez brittan armenia
    asia african italian spanish maxima accord altima sierra tahoe denali dakota sonata elantra
    fiesta camry corolla civic sienna avalon sentra aurora legacy aspen capri bianca alpine
    atlas titan orion phoenix nova vega ira emi kya tomo mai sai tere meri chai faida juno
    hermes athena pandora olympus zion eden genesis exodus trinity
    """
)
PARTICLES = word_set(
    """
    de la del los las da do dos das di van von der den bin ibn al el ben mac st y ter ten le du
    san
    """
)
# Names that Spanish and others write as ordinary words, beyond the lists of English.
NEVER = word_set(
    """
    ella el la los las mar luz paz sol una uno este esta por para con sin mas más muy pero
    porque cuando como cómo qué que hola gracias buenos buenas días tardes noches señor señora
    sí no ya bien mal todo nada hoy ayer mañana favor ayuda cuenta pedido dinero tarjeta
    teléfono correo dirección nombre factura me mi tu su nos les lo le se si yo él usted ustedes
    ha he han es está son fue ser hace hay tiene tengo quiero necesito puede puedo aquí allí
    ahora antes después entonces también tampoco nunca siempre vez años meses semana lunes
    martes miércoles jueves viernes sábado domingo enero febrero marzo abril mayo junio julio
    agosto septiembre octubre noviembre diciembre january february march april may june july
    august september october november december jan feb mar apr jun jul aug sep sept oct nov dec
    monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri
    sat sun am pm id ok okay i i'm im i'll i've i'd u ur lol omg btw asap faq url vip tv pc usb
    sms atm pin ssn vin dob cvv iban mrn eta usa uk us eu covid wifi gps sim app apps ios
    android mac windows hi hello hey dear thanks thank please yes yeah nope sorry well also team
    support service customer care sir madam ma'am maam mam there everyone everybody folks guys
    all again here bot agent representative manager supervisor someone anybody anyone nobody
    people person human mom dad mum mama papa god lord jesus christ order refund account card
    number email phone address what when where why who how which whose this that these those it
    its it's is are was were be been am been being the a an and or but so if then than as at by
    for from in into of off on onto out over to up with about after before my your his her our
    their mine yours hers ours theirs you he she we they them him one two three four five six
    seven eight nine ten first second third last next new old good bad great best not never
    still just only very too un via per can will shall should would could might must do does did
    done have has had get got let make made go going gone went see saw know knew think said say
    says need needs want wants call called calling help still today tomorrow yesterday now soon
    later always really please
    otra otro otros otras vez veces tambien aqui alli mismo misma sobre entre hasta cada todos todas
    alguien nadie algo dijo llamó habló era eran somos eres estaba compró pidió podría quién quien
    cuál cual dónde donde tal esa ese eso estos estas mis sus tus nuestro nuestra del desde según
    """
)
PEOPLE_WORDS = word_set("guy lady person woman man girl fellow dude gentleman kid")
HANDED = word_set("to with for from by and ask tell told is want get let thanks hi hello hey ok")
BEFORE_VERB = word_set("\n , . ! ? and but so because then that when if can did does has is ok")
MODALS = word_set(
    "can could will would did does has have is was should if when where's once unless"
)
PLAIN_VERBS = word_set(
    """
    said told promised called helped answered hung signed texted sent asked wants needs lives works
    dijo llamó quiere ordered paid booked cancelled canceled moved died passed made took gave got
    never will can has had was is doesn't didn't isn't won't and or
    """
)
