"""What the customer reads when a person is called, and while waiting for one; in English."""

HANDOVER: dict[str, tuple[str, ...]] = {
    "asked": (
        "Of course. I'm passing you on to a person on our team.",
        "Certainly, a person takes over from here.",
        "Yes, I'll get you a person right away.",
    ),
    "anger_not_turned": (
        "I haven't been able to put this right, and you have had enough of me. A person takes"
        " over now.",
        "You need more than I can do about {issue}. I'm handing this to a person now.",
    ),
    "worn_out": (
        "This has gone on long enough. I'm handing {issue} to a person who can move it.",
        "You have been patient with me. A person takes over now.",
    ),
    "already_told": (
        "You did tell me, and I'm sorry that I didn't get it. I'm handing this to a person now.",
        "You're right, you had said that already, and I'm sorry. A person takes over from here.",
    ),
    "wrong_again": (
        "My answers have missed the point, and I'm sorry. I'm handing this to a person now.",
        "I didn't answer what you asked, and I'm sorry. A person takes over from here.",
    ),
    "abuse": (
        "I'm very sorry this is happening to you, and I'm glad you wrote. A person with the right"
        " training takes over here in the chat, and nothing is changed or mailed meanwhile. If"
        " you are in danger, call 911; the National Domestic Violence Hotline is at"
        " 1-800-799-7233, day and night.",
    ),
    "live_fraud": (
        "This needs a person right away, and I'm putting you at the front of the line."
        " Please share no codes or passwords with anyone, whoever they say they are.",
        "I'm calling in a person from the fraud team now. Until then, please give no code or"
        " password to anyone who calls or writes.",
    ),
    "bereavement": (
        "I'm so sorry for your loss. I'm bringing in someone from our team who will look after"
        " this with you.",
        "My sincere condolences. Someone from our team takes over now and will take care of this"
        " with you.",
    ),
    "hospice": (
        "I'm so sorry you and your family are going through this. I'm bringing in someone from"
        " our team now, so that no time is lost.",
    ),
    "medical_distress": (
        "I'm sorry, that is hard, and it should not wait for a bot. A person takes over now. If it"
        " gets worse or feels like an emergency, call 911 right away.",
        "That is serious, and I'm getting a person for you now. Should it become an emergency,"
        " please call 911 at once.",
    ),
    "injury": (
        "I'm very sorry that someone was hurt. If a doctor is needed, please see to that first. A"
        " person on our team takes this over now.",
    ),
    "legal_threat": (
        "I take that seriously. This goes to a person who has the authority to answer you.",
        "Understood. I'm passing this to someone on our team who can speak to it properly.",
    ),
    "mistreated": (
        "I'm sorry you were treated that way; nobody should be. A person on our team takes this"
        " up with you.",
    ),
    "needs_paper": (
        "I can't issue a document like that from here. A person on our team can, and I'm passing it"
        " on to them.",
    ),
    "privacy_breach": (
        "I'm sorry, that is a serious matter. A person on our team takes it up with you now.",
        "That should not have happened, and I'm sorry. I'm handing it to a person on our team who"
        " deals with privacy.",
    ),
    "complaint_about_staff": (
        "I'm sorry you were treated like that. A person on our team takes your complaint from here.",
        "I'm sorry, nobody should be spoken to or treated that way. I'm passing your complaint to a"
        " person on our team.",
    ),
    "sent_around": (
        "I'm sorry you have had to come back about this so often. A person takes it over now, so"
        " that it doesn't go around again.",
        "That is far too many tries for one matter, and I'm sorry. I'm handing it to a person now.",
    ),
    "useless_answer": (
        "I'm sorry, that didn't help you. I'm handing this to a person now.",
        "I didn't get to what you need, and I'm sorry. A person takes over from here.",
    ),
    "needs_a_decision": (
        "That is for a person on our team to decide, and I'm passing it on to them now.",
        "I can't decide that, but a person on our team can. I'm passing it on.",
    ),
    "beyond_the_bot": (
        "That is beyond what I can see from here, so I'm getting you a person who can look.",
        "I can't see that from this chat. A person who can takes over now.",
    ),
    "cannot_then_who": (
        "You're right to ask: a person on our team can, and I'm passing you on to one.",
        "Someone on our team can, and I'm handing this over to them.",
    ),
    "tried_everything": (
        "You have tried what there is to try. I'm getting you a person who can look deeper into"
        " {issue}.",
        "That was the last thing I know of. A person with more tools takes over {issue} now.",
    ),
    "nothing_for_the_upset": (
        "I don't have a good answer to that, and you have waited long enough for one. A person on"
        " our team takes over now.",
        "I can't answer that properly, and you shouldn't have to ask twice. I'm handing it to a"
        " person now.",
    ),
    "nothing_found_again": (
        "I don't have a reliable answer to that, and I don't want to guess. A person on our team"
        " takes over.",
        "I'm not able to answer that properly, so I'm passing you on to a person who can.",
    ),
    "guard": ("I'd rather have a person answer this one, so I'm passing you on.",),
}
WITHOUT_ISSUE = {
    "anger_not_turned": (
        "I haven't been able to put this right, and you have had enough of me. A person takes"
        " over now.",
    ),
    "worn_out": ("You have been patient with me. A person takes over now.",),
    "tried_everything": (
        "You have tried what there is to try. I'm getting you a person who can look deeper.",
    ),
}
NO_REPEATING = (
    "They see everything you wrote here, so you won't have to repeat it.",
    "Everything you wrote goes along, so you don't need to start over.",
    "They get the whole conversation, so there is nothing to explain again.",
)
QUEUED = (
    "Added for the person who takes over.",
    "I've put that with your case, so they see it first.",
    "Thank you, that is now part of what they read.",
    "Noted, and passed on to the team.",
    "That goes along to the person who answers you.",
    "I've added your message; your place in the line stays the same.",
    "It's with your case now, and someone will be with you here.",
    "The person who takes over will see this too.",
    "Your note is in. You keep your place.",
    "Passed on. They answer right here in this chat.",
    "I've made sure that this is seen along with the rest.",
    "That's attached to your case as well.",
    "Understood, and written down for the team.",
    "Good to know; it's waiting for the person who picks this up.",
)
QUEUED_ASKED = (
    "You're in line for a person, and they answer right here.",
    "A person is called already; you keep your place in the line.",
    "You're already on the list for a person, and nothing you wrote is lost.",
    "Yes, someone from the team takes this up; you're waiting in the right place.",
)
QUEUED_WAIT = (
    "I can't see how long it takes, and I won't invent a time. You're in the line and keep your"
    " place.",
    "I have no exact time to give you. Your place in the line is kept.",
)
QUEUED_HOT = (
    "I know the waiting makes it worse. Your message is with the person who takes over.",
    "You shouldn't have to wait on top of it all, I know. This is passed on as well.",
    "I understand. It's written down word for word for the person who answers.",
    "That is on record too, and it stays at the top of your case.",
)
QUEUED_GENTLE = (
    "Thank you for telling me. It's with the person who will look after you.",
    "Take your time. What you wrote is passed on, and you needn't explain it again.",
    "I've passed that on gently to the team. Someone will be with you here.",
    "That is noted, and there is nothing more you need to do right now.",
    "It's all right. Everything you wrote is waiting for the person who takes over.",
)
QUEUED_FRAUD = (
    "That's with the fraud team too, marked as urgent. Please keep all codes and passwords to"
    " yourself until they answer here.",
    "Passed on as urgent. If you can, freeze your cards in the app while you wait.",
    "They have this as well now. Don't answer calls or links from whoever did this.",
    "Added to the urgent case. Someone answers you right here.",
)
QUEUED_THANKS = (
    "You're welcome. Someone will be with you here.",
    "Of course. You keep your place in the line.",
    "Glad to. The person who takes over answers in this chat.",
)
QUEUED_BOT = (
    "I'm still the virtual assistant; a person has been called and answers right here.",
    "Still the virtual assistant, yes; the person who takes over answers in this chat.",
)
QUEUED_CRISIS_SELF = (
    "I'm still here, and a person is on the way to this chat. If it gets too much, call or text"
    " 988 at any moment; in immediate danger, call 911.",
    "Please stay with me here while someone joins. 988 answers calls and texts at any hour, and"
    " 911 is there if you are in danger.",
    "You matter, and you don't have to get through this minute alone. 988 is open now, by call or"
    " text, and someone from the team is joining you.",
    "I won't close this chat. Someone is joining you, and 988 is there by call or text the whole"
    " time.",
)
QUEUED_CRISIS = (
    "I'm still here, and a person is joining. Your safety comes first: if anything gets worse,"
    " call 911.",
    "That is passed on. Please stay safe, and call 911 if anything changes for the worse.",
    "Someone from the team is joining you here. Keep to what 911 tells you before anything else.",
    "Noted, and passed on at once. 911 stays the fastest help.",
)
CRISIS: dict[str, str] = {
    "self_harm": (
        "I'm really glad you told me, and I'm worried about you. Please call or text 988, the"
        " Suicide & Crisis Lifeline: someone is there right now, day and night, free and"
        " confidential. If you or someone else is in immediate danger, call 911. I'm getting a"
        " person to join you here, and you can keep writing to me meanwhile."
    ),
    "gas": (
        "Please leave the building right now, with everyone in it, and don't touch switches,"
        " flames or phones inside. From outside, call 911 and the gas emergency line on your bill."
        " Don't go back in until they say it's safe. I'm alerting a person on our team at the same"
        " time."
    ),
    "carbon_monoxide": (
        "Please get everyone, pets too, out of the building into fresh air right now, and call 911"
        " from outside, then the gas emergency line on your bill. Tell them if anyone has a"
        " headache or feels dizzy. Don't go back in until they say it's safe. I'm alerting a"
        " person on our team at the same time."
    ),
    "power_line": (
        "Please keep everyone far away from the line and from anything it touches, and treat it as"
        " live. Call 911 right now, then the emergency line on your bill. Stay where you are if"
        " that is safe, and don't go near it to look. I'm alerting a person on our team at the same"
        " time."
    ),
    "life_support": (
        "Please call 911 right now and tell them about the medical equipment and how long the"
        " battery lasts; they can bring oxygen or move someone who can't walk. I'm alerting a"
        " person on our team with top priority at the same time."
    ),
    "emergency": (
        "Please call 911 right now; they can help within minutes and tell you what to do until"
        " they arrive. Your safety comes before anything else here. I'm alerting a person on our"
        " team at the same time."
    ),
    "violence": (
        "I take this very seriously. If anyone is in danger, please call 911 now. If you feel close"
        " to hurting someone or yourself, you can call or text 988 at any hour, and someone will"
        " listen. A person on our team is being called in right now."
    ),
}
