"""The local Kafka with TLS, SASL/SCRAM and an authorizer: nobody has a right that was not given."""

from dataclasses import dataclass
from pathlib import Path

from services.cli.certificates import BROKER
from services.common.kafka import Connection
from services.common.tls import Tls

ADMIN = "admin"
MECHANISM = "SCRAM-SHA-512"
LISTENER = "SASL_SSL"


@dataclass(frozen=True)
class KafkaSecurity:
    """What a secured broker holds: its certificate, and the password of its super user."""

    tls: Tls
    admin_password: str

    def connection(
        self, bootstrap_servers: str, user: str = ADMIN, password: str = ""
    ) -> Connection:
        """How a user reaches the brokers; the super user when no other is named."""
        return Connection(
            bootstrap_servers=bootstrap_servers,
            security_protocol=LISTENER,
            sasl_mechanism=MECHANISM,
            sasl_username=user,
            sasl_password=self.admin_password if user == ADMIN else password,
            ssl_cafile=str(self.tls.cafile),
        )

    @property
    def first_user(self) -> str:
        """The super user, in the words of Kafka's storage tool."""
        return f"{MECHANISM}=[name={ADMIN},password={self.admin_password}]"

    def keystore(self) -> bytes:
        """The broker's key and certificate in one, as Kafka reads them."""
        return self.tls.keyfile.read_bytes() + self.tls.certfile.read_bytes()

    def settings(self, keystore: Path) -> dict[str, object]:
        """What a node's configuration says of security.

        Clients come with user and password over TLS; controllers know each other by certificate.
        """
        login = "org.apache.kafka.common.security.scram.ScramLoginModule required"
        return {
            "inter.broker.listener.name": LISTENER,
            "sasl.enabled.mechanisms": MECHANISM,
            "sasl.mechanism.inter.broker.protocol": MECHANISM,
            f"listener.name.{LISTENER.lower()}.{MECHANISM.lower()}.sasl.jaas.config": (
                f'{login} username="{ADMIN}" password="{self.admin_password}";'
            ),
            "ssl.keystore.type": "PEM",
            "ssl.keystore.location": keystore,
            "ssl.truststore.type": "PEM",
            "ssl.truststore.location": self.tls.cafile,
            "listener.name.controller.ssl.client.auth": "required",
            "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "allow.everyone.if.no.acl.found": "false",
            "super.users": f"User:{ADMIN};User:CN={BROKER}",
        }
