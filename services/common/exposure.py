"""What would go over a network in the clear, told before anything does. Pure.

On loopback nothing has to be secured. Anything else is refused without TLS, unless
RAPPORT_TRUSTED_NETWORK says that something beneath protects it.
"""

from collections.abc import Iterator, Mapping
from urllib.parse import parse_qs, urlsplit

from services.common.addresses import is_loopback

WAY_OUT = "or RAPPORT_TRUSTED_NETWORK=true where the network itself protects what goes over it"
_DATABASE_WITH_TLS = frozenset({"require", "verify-ca", "verify-full"})


def exposures(
    *, host: str, brokers: str, protocol: str, peers: Mapping[str, str], database: str, tls: bool
) -> Iterator[str]:
    """A sentence for each thing that would go in the clear to or from another machine.

    `peers` are other services' addresses by the name of their setting; `tls`: whether this service
    has a certificate.
    """
    if not tls and not is_loopback(host):
        yield f"it would listen on {host} without TLS: set RAPPORT_TLS_CERTFILE, {WAY_OUT}"
    far = [each for each in brokers.split(",") if not is_loopback(host_of(each))]
    if far and not protocol.endswith("SSL"):
        yield (
            f"it would speak to Kafka at {','.join(far)} without TLS: set "
            f"KAFKA_SECURITY_PROTOCOL=SASL_SSL, {WAY_OUT}"
        )
    for name, address in peers.items():
        if address and not tls and not is_loopback(host_of(address)):
            yield (
                f"it would call {address} ({name}) without TLS: set RAPPORT_TLS_CERTFILE, {WAY_OUT}"
            )
    if database and not _stays_here(database):
        yield (
            "it would speak to PostgreSQL without TLS: put sslmode=verify-full in DATABASE_URL, "
            f"{WAY_OUT}"
        )


def host_of(address: str) -> str:
    """The host in host:port, without the brackets of IPv6."""
    host, colon, _ = address.strip().rpartition(":")
    return (host if colon else address.strip()).strip("[]")


def _stays_here(database: str) -> bool:
    parts = urlsplit(database)
    told = parse_qs(parts.query)
    if told.get("sslmode", [""])[-1] in _DATABASE_WITH_TLS:
        return True
    hosts = told.get("host") or [parts.hostname or ""]
    # A folder, or no host at all, is a socket of this machine.
    return all(not each or each.startswith("/") or is_loopback(each) for each in hosts)
