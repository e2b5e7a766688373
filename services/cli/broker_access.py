"""Users and rights at the broker: brought to what THE MAP says."""

import secrets
from collections.abc import Iterable
from pathlib import Path

from kafka import KafkaAdminClient
from kafka.admin import (
    ACL,
    ACLFilter,
    ACLOperation,
    ACLPermissionType,
    ACLResourcePatternType,
    ResourcePattern,
    ResourcePatternFilter,
    ResourceType,
    ScramMechanism,
    UserScramCredentialUpsertion,
)
from kafka.errors import NoError, SecurityDisabledError

from services.cli.certificates import write_secret
from services.cli.kafka_security import MECHANISM
from services.common.kafka import Connection
from services.common.topic_rights import Right, rights, users


class AccessRefused(RuntimeError):
    """The broker did not take a user or a right; the message says why."""


def apply_rights(connection: Connection) -> dict[Right, str]:
    """Gives the users of THE MAP their rights, and takes from them whatever else they have.

    Returns what was done by right: "given", "taken away", "unchanged". Other users' rights stay.
    """
    wanted = set(rights())
    admin = KafkaAdminClient(**connection.arguments("admin"))
    try:
        found = {right: acl for user in users() for right, acl in _found(admin, user)}
        missing, surplus = wanted - set(found), set(found) - wanted
        if missing:
            for error in admin.create_acls([_acl(right) for right in sorted(missing)])["failed"]:
                raise AccessRefused(f"a right could not be given: {error.__name__}")
        if surplus:
            # Each by its whole self, so that nothing else can match.
            for _, _, error in admin.delete_acls([found[right] for right in sorted(surplus)]):
                if error is not NoError:
                    raise AccessRefused(f"a right could not be taken away: {error.__name__}")
    except SecurityDisabledError:
        raise AccessRefused("the broker has no authorizer: it asks nobody for a right") from None
    finally:
        admin.close()
    done = dict.fromkeys(wanted & set(found), "unchanged")
    done |= dict.fromkeys(missing, "given") | dict.fromkeys(surplus, "taken away")
    return dict(sorted(done.items()))


def make_users(connection: Connection, folder: Path, names: Iterable[str]) -> list[str]:
    """Makes each user that has no password file in `folder` yet; returns those that were made.

    The files are `<user>.env`, readable by their owner, with what the service of that name is to
    find in its environment.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = {
        name: secrets.token_urlsafe(32) for name in names if not (folder / f"{name}.env").exists()
    }
    admin = KafkaAdminClient(**connection.arguments("admin"))
    try:
        wanted = [
            UserScramCredentialUpsertion(name, ScramMechanism.SCRAM_SHA_512, password.encode())
            for name, password in made.items()
        ]
        refused = admin.alter_user_scram_credentials(wanted) if wanted else {}
    finally:
        admin.close()
    for name, error in refused.items():
        if error:
            raise AccessRefused(f"user {name}: {error}")
    for name, password in made.items():
        lines = {
            "KAFKA_SECURITY_PROTOCOL": "SASL_SSL",
            "KAFKA_SASL_MECHANISM": MECHANISM,
            "KAFKA_SASL_USERNAME": name,
            "KAFKA_SASL_PASSWORD": password,
        }
        text = "".join(f"{key}={value}\n" for key, value in lines.items())
        write_secret(folder / f"{name}.env", text.encode())
    return list(made)


def _found(admin: KafkaAdminClient, user: str) -> list[tuple[Right, ACL]]:
    """Every right that a user has at the broker, in our words and in the broker's."""
    anything = ResourcePatternFilter(ResourceType.ANY, None, ACLResourcePatternType.ANY)
    acls, _ = admin.describe_acls(
        ACLFilter(f"User:{user}", None, ACLOperation.ANY, ACLPermissionType.ANY, anything)
    )
    return [(_right(acl, user), acl) for acl in acls]


def _right(acl: ACL, user: str) -> Right:
    pattern = acl.resource_pattern
    operation = acl.operation.name
    if acl.permission_type is not ACLPermissionType.ALLOW or acl.host != "*":
        operation = f"{acl.permission_type.name} {operation} from {acl.host}"  # never one of ours
    return Right(
        user,
        pattern.resource_type.name,
        pattern.resource_name,
        operation,
        pattern.pattern_type is ACLResourcePatternType.PREFIXED,
    )


def _acl(right: Right) -> ACL:
    kind = ACLResourcePatternType.PREFIXED if right.prefixed else ACLResourcePatternType.LITERAL
    return ACL(
        principal=f"User:{right.user}",
        host="*",
        operation=ACLOperation[right.operation],
        permission_type=ACLPermissionType.ALLOW,
        resource_pattern=ResourcePattern(ResourceType[right.kind], right.name, kind),
    )
