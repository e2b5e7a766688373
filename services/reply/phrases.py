"""What the composer says in English around the facts. `{issue}` is a noun phrase ("your refund").

Written to be read aloud: plain, short, no promise, no exclamation mark but where someone is glad.
Each list is long enough that a conversation need not hear the same opening twice.
"""

from services.reply.phrases_openings import OPENINGS as OPENINGS
from services.reply.phrases_openings import OPENINGS_WITHOUT_ISSUE as OPENINGS_WITHOUT_ISSUE

# After a death: quiet, no exclamation mark, nothing upbeat.
GRIEF = (
    "I'm so sorry for your loss.",
    "My sincere condolences.",
    "I'm deeply sorry about what you and your family are going through.",
    "There are no right words for this, and I'm very sorry.",
)

DISCLOSURE = "I'm the virtual assistant here."
DISCLOSURE_HANDOVER = "I'm a virtual assistant; the person answers right here in this chat."
DISCLOSURE_GREETING = "Hello, I'm the virtual assistant here."
GREETING_BACK = (
    "What can I do for you?",
    "What brings you here today?",
    "How can I help?",
)
SAYS_BOT = (
    "I'm a virtual assistant, not a person.",
    "You're writing with a virtual assistant, a computer program.",
    "This is a virtual assistant answering, not a human.",
)
BOT_THEN = (
    "A person is a message away whenever you want one.",
    "Just say so if you would rather have a person.",
)
OFFER_PERSON = (
    "If that doesn't settle it, tell me and a person takes over.",
    "If you would rather have a person look at it, just say so.",
    "If that isn't enough, I can bring in someone from the team.",
)
OFFER_TASK: dict[str, str] = {
    "order_status": "If you give me the order number, I can look up where it is.",
    "refund_status": "With your order number I can check how far the refund is.",
    "cancel_order": "If you give me the order number, I can try to cancel it right here.",
    "start_return": "If you give me the order number, I can open the return right here.",
    "change_address": "If you like, I can change it right here.",
    "password_reset": "Shall I send you the link?",
    "card_block": "Shall I block the card for you right now?",
    "card_activate": "Shall I switch it on for you right here?",
    "bill_explain": "If you give me the number of the bill, I can go through it with you.",
    "payment_plan": "With the number of the bill I can set up the parts right here.",
    "outage_status": "If you tell me the town or district, I can check what is known there.",
    "appointment": "With the number of the appointment I can look it up for you.",
    "claim_status": "If you give me the claim number, I can look up where it stands.",
    "baggage_status": "If you give me the number of your report, I can look up the bag.",
    "booking_status": "If you give me the booking number, I can look it up.",
}
ASK_PARAMETER: dict[str, tuple[str, ...]] = {
    "order_number": (
        "Could you give me the order number? It's in the confirmation email.",
        "Which order is it? The number in the confirmation email is all I need.",
    ),
    "refund_number": ("Could you give me the number of the order or of the refund?",),
    "bill_number": (
        "Could you give me the number of the bill? It's at the top, beginning with INV.",
        "Which bill is it? The number that begins with INV is all I need.",
    ),
    "claim_number": (
        "Could you give me the claim number? It begins with CLM.",
        "Which claim is it? The number that begins with CLM is all I need.",
    ),
    "bag_number": (
        "Could you give me the number of the bag report? It begins with BAG.",
        "Which report is it? The number that begins with BAG is all I need.",
    ),
    "appointment_number": (
        "Could you give me the number of the appointment? It's in the confirmation.",
        "Which appointment is it? The number in the confirmation is all I need.",
    ),
    "booking_reference": (
        "Could you give me the booking number? It's in the confirmation email.",
        "Which booking is it? The number in the confirmation email is all I need.",
    ),
    "area": (
        "Which town or district is it?",
        "Where is it out? The town or district is enough.",
    ),
    "service": ("Which service is it: power, gas, water, internet, or phone?",),
    "card_kind": (
        "Is it the debit or the credit card?",
        "Which card do you mean, debit or credit?",
    ),
    "new_address": (
        "What is the new address?",
        "Which address should it be from now on?",
    ),
    "email": (
        "Which email address does the account have?",
        "What is the email address of the account?",
    ),
    "months": (
        "In how many monthly parts would you like to pay it?",
        "How many monthly parts would suit you?",
    ),
}
CONFIRM: dict[str, tuple[str, ...]] = {
    "cancel_order": (
        "I can cancel {what}. Shall I go ahead?",
        "Do you want me to cancel {what} now?",
    ),
    "start_return": (
        "I can open the return for {what}. Shall I go ahead?",
        "Do you want me to open the return for {what} now?",
    ),
    "change_address": (
        "I can change the address of {what} to {new_address}. Shall I go ahead?",
        "Do you want me to change the address of {what} to {new_address}?",
    ),
    "card_block": (
        "I can block {what} right away; it can't be switched on again, and a new one is ordered."
        " Shall I do it?",
        "Do you want me to block {what} now? It stays blocked, and a new one is ordered.",
    ),
    "card_activate": (
        "I can switch on {what} right here. Shall I?",
        "Do you want me to switch on {what} now?",
    ),
    "payment_plan": (
        "I can set {what} up to be paid in {months}, without interest. Shall I do that?",
        "Do you want me to split {what} into {months}, without interest?",
    ),
}
DONE_ALREADY = ("That is done already.", "It's taken care of already.")
LEFT_ALONE = (
    "All right, I leave everything as it is.",
    "Understood, nothing is changed.",
    "That's fine, I won't touch it.",
)
UNAVAILABLE = (
    "I can't reach the system for that at the moment, so I can't look it up or change it here.",
    "The system behind this doesn't answer right now, so I can't see or do it from here.",
)
NO_SYSTEM = (
    "I can't look into {issue} itself from this chat.",
    "From here I can't open {issue} itself.",
)
LIMITS = (
    "I don't have that detail about {issue}, and I'd rather not guess.",
    "I can't see that about {issue} from here, and a guess wouldn't help you.",
    "That part of {issue} isn't something I can see from here.",
)
LIMITS_WITHOUT_ISSUE = (
    "I'm not sure I have the answer to that, and I'd rather not guess.",
    "I don't have a reliable answer to that yet.",
)
ASK_MORE = (
    "Could you tell me a bit more about what you need?",
    "What would you like to get done, in a few words?",
    "Could you put it in other words, so that I look in the right place?",
)
WHICH = (
    "Just to be sure: is it about {first}, or about {second}?",
    "Do you mean {first}, or rather {second}?",
)
AGAIN = (
    "One more thing that can help:",
    "There is another way.",
    "Here is what else is known.",
    "Something else worth trying:",
)
NOTHING_MORE = (
    "That is all I have on {issue}, and I don't want to send you around in circles.",
    "I don't have more than that on {issue}.",
)
NOTHING_MORE_WITHOUT_ISSUE = (
    "I don't have more on this, and I don't want to send you around in circles.",
)
AFTER_GOOD_NEWS = (
    "Write again whenever you need something.",
    "If anything else comes up, I'm here.",
    "Enjoy the rest of your day.",
)
AFTER_THANKS = (
    "If anything else comes up, just write.",
    "I hope it all goes smoothly from here.",
    "Have a good day.",
    "Take care.",
)
THANKS_CALM = (
    "You're welcome.",
    "Glad to help.",
    "My pleasure.",
    "Any time.",
    "Of course, that's what I'm here for.",
)
CLOSING = (
    "Thank you for writing, and have a good day.",
    "All right. Take care, and write again whenever you need something.",
    "Good. Have a nice day.",
    "Thanks for stopping by. All the best.",
)
ACCEPTED = (
    "Good. I'm here if anything else comes up.",
    "All right. Write again whenever you need to.",
    "Very good. You know where to find me.",
    "Okay. I'm a message away.",
    "All good then. I'm here.",
)
ACCEPTED_SADLY = (
    "If you would like to look at another way, tell me.",
    "Tell me if there is anything I can do about it.",
    "I'm here if you want to go on with it later.",
)
CONFIRMED = ("Yes, exactly.", "That's right.", "Yes, that is the way.")
NOTED = (
    "Thank you, I've noted that.",
    "Thanks, that is added to this conversation.",
    "Got it, that's on record here.",
    "Noted, thank you.",
)
NOTED_NEXT = (
    "What would you like me to do with it?",
    "Is there anything you'd like me to do next?",
    "What else can I do for you here?",
)
OFF_TOPIC = (
    "That is outside what I can help with here.",
    "I have to pass on that one; it isn't something I'm here for.",
    "That is beyond me, I'm afraid.",
)
OFF_TOPIC_THEN = (
    "Is there something about your account or our service that I can do for you?",
    "If there is anything about our service, I'm glad to help.",
)
WITHHELD = (
    "I'm sorry, that message could not be processed safely, so I haven't read it."
    " Could you write it again in other words, without card numbers or passwords?",
    "That message didn't come through in a form that I may read."
    " Please write it once more in other words, and leave out any card numbers or passwords.",
    "This one could not be processed either, and I'm sorry."
    " A shorter message without any personal numbers should work.",
)
OPTED_OUT = (
    "Done: marketing calls, texts and emails to you stop.",
    "You're off the list: no more marketing by phone, text or email.",
    "That's recorded: our marketing messages to you stop, on every channel.",
)
OPTED_OUT_THEN = (
    "Messages that your service needs, such as bills and confirmations, still come.",
    "Only what your service needs, such as bills and confirmations, still reaches you.",
)
EMPATHY_NEXT = (
    "Tell me what would help you most right now, and I'll see what I can do.",
    "What would you like to happen next?",
    "What matters most to you at this point?",
    "Which part should we look at first?",
)
PRAISE = (
    "Thank you for saying so. Kind words reach the team: they are passed on to the person and to"
    " their lead every week.",
    "How kind of you to write that. It's passed on to the person and to their lead.",
    "They will be glad to read that; I make sure it is on record for them.",
)
DECLINED = (
    "Understood, we stay right here.",
    "All right, no transfer.",
    "That's fine, it stays between us here.",
)
NEVER_SHARE = (
    "Thank you, but please don't share that here: it has been masked, and it isn't needed.",
    "No need for that, and please keep such details out of the chat; what you typed is masked.",
    "Please leave such details out, they aren't needed here. They are masked, so nothing is lost.",
)
FALLBACK = (
    "Let me make sure that I get this right: what would you like me to do about {issue}?",
    "I want to be sure I understand you: what should happen with {issue}?",
)
FALLBACK_WITHOUT_ISSUE = (
    "Let me make sure that I get this right: what would you like me to do?",
    "I want to be sure that I understand you: what should happen next?",
)
