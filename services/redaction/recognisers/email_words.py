"""Words that stand in e-mail addresses, beside them, or for their signs."""

from services.redaction.tokens import word_set

PROVIDERS = word_set(
    """
    gmail yahoo hotmail outlook icloud aol proton protonmail live msn comcast verizon att
    sbcglobal ymail mail gmx googlemail fastmail zoho gmial gmai gmal yaho hotmial outlok cox
    earthlink bellsouth charter optonline
    """
)
ENDINGS = word_set(
    """
    com net org edu gov io co us uk es mx ca de fr it info biz me tv app dev ai ar cl pe br au
    nz eu mil con cmo comm ocm in ie nl be ch at pt se no dk fi pl cz jp cn ru online shop email
    xyz site store example test health tech
    """
)
AT_WORDS = frozenset({"at", "arroba"})
DOT_WORDS = frozenset({"dot", "punto", "period", "point"})
JOINT_WORDS = DOT_WORDS | frozenset(
    {"underscore", "dash", "hyphen", "minus", "plus", "guion", "guión", "under", "score", "bajo"}
)
JOINT_SIGNS = frozenset({".", "_", "-", "+", "'", "&"})
STOPS = word_set(
    """
    is its it's it to email mail address my the me as on for que es a al un at and or was use
    send sent has be by from with under account contact write reach your you i im i'm que mi su
    correo electrónico electronico en y se lo la el sí si yes yeah sure ok okay um uh er so then
    not no that's thats that this new old one other of via please just try also but into cc
    registered login username user name like in
    """
)
ROLES = word_set(
    """
    support help info care billing returns claims noreply no-reply donotreply contact service
    sales privacy hello customerservice customercare customersupport team orders order press
    feedback security admin office refunds reservations bookings booking careers jobs legal
    complaints helpdesk enquiries inquiries members membership shop store hi shipping warranty
    disputes fraud appeals accessibility documents docs ayuda soporte atencion accounts reply
    notifications notification alerts alert news newsletter updates abuse postmaster webmaster
    concierge guestservices guestcare escalations payments pharmacy records scheduling
    onboarding
    """
)
