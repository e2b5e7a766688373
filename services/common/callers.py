"""Who may call what: the one declaration of it, as THE MAP is for topics. Pure.

Callers are known by the name in their certificate: a service by its own, the command line as
`operator`, a company's system as `system-<name>`. What is not declared here nobody may call.
"""

from services.common.topics import HOLDERS

SYSTEMS = "system-*"
OPERATOR = "operator"
DESK = ("desk", OPERATOR)
DOOR = ("desk", OPERATOR, SYSTEMS)
EVERYBODY = ("*",)

CALLERS: dict[str, tuple[str, ...]] = {
    "rapport.v1.ChatService/Publish": DOOR,
    "rapport.v1.ChatService/Converse": DOOR,
    "rapport.v1.ChatService/Watch": DOOR,
    "rapport.v1.ChatService/RevealToAgent": DOOR,
    "rapport.v1.ChatService/ListAgentReveals": DOOR,
    # Personal data becomes readable again: at the door, on the way out, and nowhere else.
    "rapport.v1.RedactionService/Reveal": ("ingestion",),
    "rapport.v1.RedactionService/Redact": ("ingestion",),
    "rapport.v1.RedactionService/ListReveals": ("ingestion",),
    # The master key stays with the key service; the vault alone has data keys wrapped by it.
    "rapport.v1.KeyService/Wrap": ("redaction",),
    "rapport.v1.KeyService/Unwrap": ("redaction",),
    "rapport.v1.ErasureService/Answer": HOLDERS,
    "rapport.v1.EmotionService/ScoreText": DESK,
    "rapport.v1.EmotionService/ScoreBatch": DESK,
    "rapport.v1.EmotionService/ScoreStream": DESK,
    "rapport.v1.ReplyService/Suggest": DESK,
    "rapport.v1.RoutingService/SetPresence": DESK,
    "rapport.v1.RoutingService/WatchAssignments": DESK,
    "rapport.v1.RoutingService/Accept": DESK,
    "rapport.v1.RoutingService/Decline": DESK,
    "rapport.v1.RoutingService/HandBack": DESK,
    "rapport.v1.RoutingService/WrapUp": DESK,
    "rapport.v1.RoutingService/Transfer": DESK,
    "rapport.v1.RoutingService/TakeOver": DESK,
    "rapport.v1.RoutingService/GetConversation": DESK,
    "rapport.v1.RoutingService/ListQueues": DESK,
    "rapport.v1.RoutingService/ListAgents": DESK,
    "rapport.v1.RoutingService/ListConversations": DESK,
    "rapport.v1.ActionService/Run": ("reply",),
    "rapport.v1.ActionService/ListActions": ("reply", OPERATOR),
    "grpc.health.v1.Health/Check": EVERYBODY,
    "grpc.health.v1.Health/List": EVERYBODY,
    "grpc.health.v1.Health/Watch": EVERYBODY,
    "grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo": (OPERATOR,),
}


def permits(method: str, caller: str) -> bool:
    """Whether `caller` may call a method, named as "/package.Service/Method"."""
    if not caller:
        return False
    return any(_matches(each, caller) for each in CALLERS.get(method.removeprefix("/"), ()))


def _matches(permitted: str, caller: str) -> bool:
    if permitted.endswith("*"):
        return caller.startswith(permitted[:-1])
    return caller == permitted
