"""Words that addresses are made of, and words that end one."""

from services.redaction.tokens import word_set

SUFFIXES = word_set(
    """
    street st avenue ave av road rd drive dr lane ln court ct place pl boulevard blvd way
    terrace ter circle cir trail trl parkway pkwy highway hwy square sq loop alley plaza
    crescent close row walk path pike turnpike expressway freeway broadway ridge run pass point
    crossing cove hollow bend landing manor meadow meadows park heights hill hills view vista
    glen grove gardens mews quay esplanade bypass extension strret stret steet avenu aveune raod
    rode drv boulevrad blvrd circl
    """
)
# Words for streets that are ordinary words as well: what stands before must be capitalised.
AMBIGUOUS_SUFFIXES = word_set(
    """
    way place drive court park run pass point square trail walk path row close loop view hill
    hills circle crossing bend landing grove glen heights ridge cove hollow manor meadow meadows
    plaza broadway rode bypass extension gardens vista pike alley
    """
)
DIRECTIONS = word_set(
    """
    n s e w ne nw se sw north south east west northeast northwest southeast southwest norte sur
    este oeste
    """
)
UNITS = word_set(
    """
    apt apartment unit suite ste floor fl room rm lot trailer bldg building apto piso depto
    departamento apartamento oficina appt
    """
)
QUANTITIES = word_set(
    """
    day days minute minutes hour hours week weeks month months year years time times dollar
    dollars mile miles people items item percent pm am more other different orders calls
    different boxes bags pieces pairs
    """
)
NEVER_IN_STREET = word_set(
    """
    is are was were the a an my your his her our their and or but in on at to for from with of i
    you he she it we they this that these those what which when where who how why not no so
    because about have has had do does did be been can could will would should please just still
    than then there here waiting waited wait until since after before ago under over
    """
)
ENDS = word_set(
    """
    uh um er sure oh that's please pls plz thanks thank and but because so when where which who
    that i i'm im we you my your is are was were if for before after until by with not can could
    would should will do does instead now today tomorrow gracias por y pero porque favor also or
    the it its it's there everything ok okay right correct phone email card account on at as
    from about since only yes no did have has this until between deliver leave ring call
    """
)
STREET_FIRST = word_set(
    """
    calle avenida avda carrera camino paseo plaza callejón rue via viale corso piazza ulica ul
    rua strada c/ cl cra boulevard calz calzada privada prolongación travesía ronda cuesta
    chemin impasse allée
    """
)
COMPANY_PLACES = word_set(
    """
    store shop branch warehouse location office hotel restaurant clinic pharmacy hospital
    headquarters center centre showroom dealership depot mall airport tienda sucursal oficina
    almacén facility lobby garage counter kiosk outlet locations stores lounge lab lockbox
    department dept drop-off
    """
)
STATE_CODES = word_set(
    """
    al ak az ar ca co ct de fl ga hi id il in ia ks ky la me md ma mi mn ms mo mt ne nv nh nj nm
    ny nc nd oh ok or pa ri sc sd tn tx ut vt va wa wv wi wy dc pr
    """
)
STATE_NAMES = frozenset(
    """alabama,alaska,arizona,arkansas,california,colorado,connecticut,delaware,florida,georgia,
    hawaii,idaho,illinois,indiana,iowa,kansas,kentucky,louisiana,maine,maryland,massachusetts,
    michigan,minnesota,mississippi,missouri,montana,nebraska,nevada,new hampshire,new jersey,
    new mexico,new york,north carolina,north dakota,ohio,oklahoma,oregon,pennsylvania,
    rhode island,south carolina,south dakota,tennessee,texas,utah,vermont,virginia,washington,
    west virginia,wisconsin,wyoming,puerto rico""".replace("\n", "")
    .replace("    ", "")
    .split(",")
)

# Roads that have a number for a name.
ROUTES = frozenset({"highway", "hwy", "route", "rd", "road", "interstate", "rt", "rte"})
