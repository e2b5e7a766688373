"""First sentences of a reply by tone, in English. `{issue}` names what the customer wrote about.

`{issue}` is in the customer's own words ("your late package"), never the name of an article.
"""

OPENINGS: dict[str, tuple[str, ...]] = {
    "neutral": ("Of course.", "Sure.", "Happy to help with that.", "Good question."),
    "acknowledge": (
        "That isn't how it should go with {issue}.",
        "I can see how much time {issue} has cost you.",
        "You're right to expect better than this with {issue}.",
    ),
    "acknowledge_disappointed": (
        "I'm sorry it turned out that way with {issue}.",
        "I see why {issue} is a letdown.",
    ),
    "acknowledge_anxious": (
        "I can see why {issue} worries you.",
        "It's hard to wait when you don't know what is happening with {issue}.",
    ),
    "acknowledge_distressed": (
        "I'm really sorry you're dealing with this.",
        "That is a lot at once. Let's take {issue} first.",
    ),
    "apologise": (
        "I'm sorry about {issue}.",
        "I'm sorry for the trouble with {issue}.",
        "I'm sorry about {issue}, that shouldn't have happened.",
    ),
    "reassure": (
        "Let's see where things stand with {issue}.",
        "I understand the worry about {issue}, so here is what is known.",
    ),
    "clarify": (),
    "celebrate": (),
    "thank": (),
}

# The same, where nothing is named.
OPENINGS_WITHOUT_ISSUE: dict[str, tuple[str, ...]] = {
    "neutral": ("Of course.", "Sure.", "Happy to help with that.", "Good question.", "Certainly."),
    "acknowledge": (
        "I can see how much time this has cost you.",
        "You're right to expect better than this.",
        "I hear you, and I'll keep to what helps.",
        "I understand that you want this settled.",
        "You have been patient with this, and it shows.",
        "I see why this is frustrating.",
        "That isn't how it should go.",
    ),
    "acknowledge_disappointed": (
        "I'm sorry it turned out that way.",
        "I see that you had hoped for something better.",
        "I understand, and I wish the news were better.",
        "That is disappointing, I can see that.",
    ),
    "acknowledge_anxious": (
        "I can see why that worries you.",
        "That is an uneasy place to be.",
        "It makes sense to want certainty here.",
    ),
    "acknowledge_distressed": (
        "I'm really sorry you're dealing with this.",
        "That is a lot at once, so one thing at a time.",
        "I'm sorry it has come to this.",
        "You don't have to sort all of it out today.",
    ),
    "apologise": (
        "I'm sorry about this.",
        "I'm sorry for the trouble.",
        "I'm sorry, this isn't how it should go.",
        "I'm sorry you're having this trouble.",
    ),
    "reassure": (
        "Let's look at it together.",
        "I understand the worry, so here is what is known.",
        "It's good that you ask.",
        "Let's take this one step at a time.",
        "I'm on it.",
    ),
    "clarify": (
        "Let me put it in plain words.",
        "Happy to clear that up.",
        "Here it is more simply.",
        "That can be confusing, so step by step.",
        "Good that you ask.",
        "I'll make it simpler.",
    ),
    "celebrate": (
        "That's great to hear!",
        "Glad to hear it!",
        "Wonderful, I'm glad that worked out.",
        "Excellent news!",
        "Lovely, one thing less to think about.",
        "Perfect.",
    ),
    "thank": (
        "You're very welcome!",
        "I'm glad I could help.",
        "It was a pleasure to help.",
        "Thank you for saying so.",
        "You're welcome, any time.",
        "Thank you, that is good to read.",
    ),
}
