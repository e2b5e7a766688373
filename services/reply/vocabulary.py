"""Turns text into the terms that search works on: stems, with synonyms brought together. Pure."""

import re
from functools import lru_cache

import Stemmer

from services.reply.plain import plain, without_placeholders

_STEMMERS = {"en": Stemmer.Stemmer("english"), "es": Stemmer.Stemmer("spanish")}
_WORD = re.compile(r"[a-z][a-z0-9']*|[#$]{2,}|[0-9]g")

_STOP_EN = frozenset(
    "a about after again all also am an and any are as at be been before being both but by can"
    " could did do does doing don't down each else even ever few for from further get gets getting"
    " give go going got had has have having he hello hey hi her here hers him his how i i'd i'll"
    " i'm i've if in into is isn't it it's its just know let like lot me more most my myself need"
    " no nor not now of off ok on once one only or other our out over own please really same say"
    " says see she should so some something still such sure tell than thank thanks that that's the"
    " their them then there there's these they they're thing things think this those though to too"
    " under until up us very want wants was way we we're well were what what's when which while who"
    " whom why will with won't would yes you you're your yours able actually ago anyway already"
    " anything around because can't come came does doesn't didn't every everything good great help"
    " haven't hasn't isn't keep kind long look looking make made man maybe might much must never"
    " new nothing people put quick question right said saying seems somebody someone soon talk told"
    " try trying two three use using wanna where where's yet guys hope im honestly literally"
    " basically morning afternoon evening dear team regards sir madam let's issue problem trouble"
    " having today day days time times week weeks month year years since last next first".split()
)
# Words above that do carry meaning in some questions stay out of the list on purpose:
# "back", "open", "close", "late", "lost", "change", "stop", "wrong".
_STOP_ES = frozenset(
    "el la los las lo un una unos unas de del al a en y o u que es son fue era ser estar esta este"
    " estos estas eso esa ese mi mis su sus tu tus me te se le les nos por para con sin sobre como"
    " si no ya muy mas pero porque cuando donde cual quien hay he ha han hola gracias favor buenos"
    " buenas dias tardes noches quiero quisiera necesito puedo puede pueden tengo tiene hacer hace"
    " hoy ayer ahora todo toda todos nada algo bien esto desde hasta entre tambien solo senor"
    " senora senorita ustedes usted yo voy va ay bueno pues entonces".split()
)
_SYNONYMS = {
    "en": {
        "package": "parcel", "packet": "parcel", "shipment": "parcel", "box": "parcel",
        "purchase": "order", "luggage": "bag", "baggage": "bag", "suitcase": "bag",
        "bags": "bag", "money": "refund", "reimbursement": "refund", "reimbursed": "refund",
        "refunded": "refund", "installments": "installment", "instalments": "installment",
        "login": "login", "logging": "login", "logged": "login", "signin": "login",
        "passcode": "password", "mobile": "phone", "cell": "phone", "cellphone": "phone",
        "telephone": "phone", "flights": "flight", "plane": "flight", "electricity": "power",
        "electric": "power", "lights": "power", "invoice": "bill", "bills": "bill",
        "wireless": "wifi", "broadband": "internet", "fiber": "internet", "premium": "premium",
        "quit": "cancel", "terminate": "cancel", "cancellation": "cancel", "cxl": "cancel",
        "cheque": "check", "medication": "medicine", "medications": "medicine",
        "meds": "medicine", "pills": "medicine", "pill": "medicine", "drug": "medicine",
        "tablets": "medicine", "physician": "doctor", "dr": "doctor", "vehicle": "car",
        "auto": "car", "truck": "car", "promotional": "promotion", "promo": "promotion",
        "voucher": "voucher", "app": "app", "application": "app", "site": "website",
        "webpage": "website", "reservation": "booking", "reserved": "booking",
        "fraudulent": "fraud", "stolen": "stolen", "stole": "stolen", "theft": "stolen",
        "smashed": "damaged", "broken": "damaged", "broke": "broke", "cracked": "damaged",
        "shattered": "damaged", "scratched": "damaged", "scratches": "damaged",
        "dented": "damaged", "defective": "damaged", "faulty": "damaged", "ripped": "damaged",
        "technicians": "technician", "engineer": "technician", "installer": "technician",
        "subscription": "subscription", "membership": "subscription", "colour": "color",
        "hotels": "hotel", "kids": "child", "children": "child", "kid": "child",
        "toddlers": "child", "toddler": "child", "delayed": "delay", "delays": "delay",
        "cost": "cost", "costs": "cost", "price": "price", "fees": "fee", "charges": "charge",
        "emails": "email", "mails": "email", "texts": "text", "sms": "text",
        "outages": "outage", "blackout": "outage", "spread": "spread", "debit": "debit",
        "modem": "router", "reboot": "restart", "exchange": "exchange", "swap": "exchange",
    },
    "es": {
        "recibo": "factura", "cuenta": "cuenta", "paquete": "pedido", "boleto": "vuelo",
        "clave": "contrasena", "equipaje": "maleta", "valija": "maleta", "electricidad": "luz",
        "pastillas": "medicina", "pastilla": "medicina", "medicamento": "medicina",
        "siniestro": "reclamo", "apagon": "corte",
    },
}  # fmt: skip


@lru_cache(maxsize=8192)
def terms(text: str, language: str = "en") -> tuple[str, ...]:
    """Stemmed content words of a text, in order, repeats kept; placeholders are left out."""
    words = _WORD.findall(without_placeholders(plain(text)))
    stop = _STOP_ES if language == "es" else _STOP_EN
    synonyms = _SYNONYMS[language]
    stem = _STEMMERS[language].stemWord
    found = []
    for word in words:
        word = word.removesuffix("'s").strip("'")
        if not word or word in stop:
            continue
        found.append(stem(synonyms.get(word, word)))
    return tuple(found)


# Stems that say little about what is asked: people, places, work and other scenery of a story.
WEAK: frozenset[str] = frozenset(
    stem
    for word in (
        "wife husband friend mother father mom dad son daughter child sister brother girlfriend"
        " boyfriend boss guy woman man lady stuff work working home house office online tomorrow"
        " tonight yesterday morning night color name cheap buy bought use used"
        " write tell show start set cat dinner meaning"
    ).split()
    for stem in terms(word)
)
