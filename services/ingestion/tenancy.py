"""Whose a conversation is: the tenant is a part of its key, wherever the key goes.

The tenant that the door is set up for keeps its ids as they are. The key of another tenant's
conversation is "<tenant>/<id>": a sender's id holds no slash (see contract.py), so no tenant can
name a conversation of another.
"""

import re

TENANT = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")


def is_tenant(name: str) -> bool:
    """Whether `name` may be a tenant's: it is a part of keys, addresses and file names."""
    return TENANT.fullmatch(name) is not None


def conversation_key(tenant: str, home: str, conversation_id: str) -> str:
    """The key of a tenant's conversation; `home` is the tenant that the door is set up for."""
    return conversation_id if tenant == home else f"{tenant}/{conversation_id}"


def tenant_of(key: str, home: str) -> str:
    """The tenant of a conversation by its key."""
    tenant, slash, _ = key.partition("/")
    return tenant if slash else home


def own_id(key: str) -> str:
    """The conversation's id as its tenant knows it."""
    return key.rpartition("/")[2]
