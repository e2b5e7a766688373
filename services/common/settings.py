"""Settings that every service shares. Read in `__main__` alone; bad ones end the start.

A service subclasses `ServiceSettings` with its own prefix; the usual names of the field
(KAFKA_BOOTSTRAP_SERVERS, DATABASE_URL, LOG_LEVEL, OTEL_*) have none.
"""

from pathlib import Path
from socket import gethostname
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.common.exposure import exposures
from services.common.kafka import Connection
from services.common.tls import Tls


class ServiceSettings(BaseSettings):
    """What any service needs to run."""

    model_config = SettingsConfigDict(extra="ignore", populate_by_name=True)

    kafka_bootstrap_servers: str = Field(
        default="127.0.0.1:9092",
        validation_alias="KAFKA_BOOTSTRAP_SERVERS",
        description="Brokers as host:port, separated by commas.",
    )
    kafka_security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = Field(
        default="PLAINTEXT", validation_alias="KAFKA_SECURITY_PROTOCOL", description="Transport."
    )
    kafka_sasl_mechanism: str | None = Field(
        default=None,
        validation_alias="KAFKA_SASL_MECHANISM",
        description="PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512.",
    )
    kafka_sasl_username: str | None = Field(
        default=None, validation_alias="KAFKA_SASL_USERNAME", description="User at the broker."
    )
    kafka_sasl_password: SecretStr | None = Field(
        default=None, validation_alias="KAFKA_SASL_PASSWORD", description="Password at the broker."
    )
    kafka_ssl_cafile: str | None = Field(
        default=None, validation_alias="KAFKA_SSL_CAFILE", description="CA of the broker."
    )
    kafka_ssl_certfile: str | None = Field(
        default=None, validation_alias="KAFKA_SSL_CERTFILE", description="Client certificate."
    )
    kafka_ssl_keyfile: str | None = Field(
        default=None, validation_alias="KAFKA_SSL_KEYFILE", description="Key of the certificate."
    )
    tls_cafile: Path | None = Field(
        default=None,
        validation_alias="RAPPORT_TLS_CAFILE",
        description="CA of all services' certificates, used for nothing else; gRPC is then mutual "
        "TLS. Needs the two below.",
    )
    tls_certfile: Path | None = Field(
        default=None,
        validation_alias="RAPPORT_TLS_CERTFILE",
        description="This service's certificate; its common name is the service's name.",
    )
    tls_keyfile: Path | None = Field(
        default=None, validation_alias="RAPPORT_TLS_KEYFILE", description="Key of the certificate."
    )
    trusted_network: bool = Field(
        default=False,
        validation_alias="RAPPORT_TRUSTED_NETWORK",
        description="Whether the network itself (a service mesh, the bridge of one host) protects "
        "what goes over it. Without it and without TLS a service speaks on loopback alone.",
    )
    database_url: str = Field(
        default="",
        validation_alias="DATABASE_URL",
        description="PostgreSQL as postgresql://user:password@host:port/name.",
    )
    erasure_address: str = Field(
        default="127.0.0.1:50051",
        validation_alias="RAPPORT_ERASURE_ADDRESS",
        description="Where the door takes answers to requests for erasure, host:port.",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", validation_alias="LOG_LEVEL", description="Least level that is logged."
    )
    otlp_endpoint: str = Field(
        default="",
        validation_alias="OTEL_EXPORTER_OTLP_ENDPOINT",
        description="Collector for traces (OTLP over gRPC); none when empty.",
    )
    instance: str = Field(
        default_factory=gethostname,
        pattern=r"^[A-Za-z0-9._-]{1,200}$",
        description="Name of this replica, unlike that of any other of its service; the name of "
        "the host (on Kubernetes the pod's) when not set.",
    )
    host: str = Field(default="127.0.0.1", description="Address that the service listens on.")
    admin_port: int = Field(default=0, ge=0, le=65535, description="/metrics, /livez, /readyz.")
    grpc_port: int = Field(default=0, ge=0, le=65535, description="gRPC; 0 picks a free one.")
    batch_records: int = Field(default=200, ge=1, description="Most records in a micro-batch.")
    pace_seconds: float = Field(
        default=0, ge=0, le=10, description="Least time from one micro-batch to the next."
    )
    cache_conversations: int = Field(
        default=10_000, ge=1, description="Conversations whose state is kept in memory."
    )
    retry_seconds: float = Field(
        default=60, ge=0, description="How long a failing batch is retried before the exit."
    )
    dead_letter_run: int = Field(
        default=200, ge=1, description="Dead letters in a row that trip the breaker."
    )

    @model_validator(mode="after")
    def _tls_is_whole(self) -> Self:
        if tls := self.tls():
            tls.identity()
        return self

    @model_validator(mode="after")
    def _nothing_leaves_in_the_clear(self) -> Self:
        peers = {
            name: str(getattr(self, name))
            for name in type(self).model_fields
            if name.endswith("_address")
        }
        told = exposures(
            host=self.host,
            brokers=self.kafka_bootstrap_servers,
            protocol=self.kafka_security_protocol,
            peers=peers,
            database=self.database_url,
            tls=self.tls() is not None,
        )
        if not self.trusted_network and (faults := list(told)):
            raise ValueError("\n".join(faults))
        return self

    def tls(self) -> Tls | None:
        """The identity of this service; ValueError where it is given in part."""
        files = [each for each in (self.tls_cafile, self.tls_certfile, self.tls_keyfile) if each]
        if not files:
            return None
        if len(files) != 3:
            raise ValueError(
                "RAPPORT_TLS_CAFILE, RAPPORT_TLS_CERTFILE and RAPPORT_TLS_KEYFILE go together"
            )
        return Tls(*files)

    def member_of(self, service: str) -> str:
        """Name of this replica in the consumer groups of its service: they keep its place."""
        return f"{service}-{self.instance}"

    def connection(self) -> Connection:
        """How to reach Kafka."""
        password = self.kafka_sasl_password
        return Connection(
            bootstrap_servers=self.kafka_bootstrap_servers,
            security_protocol=self.kafka_security_protocol,
            sasl_mechanism=self.kafka_sasl_mechanism,
            sasl_username=self.kafka_sasl_username,
            sasl_password=password.get_secret_value() if password else None,
            ssl_cafile=self.kafka_ssl_cafile,
            ssl_certfile=self.kafka_ssl_certfile,
            ssl_keyfile=self.kafka_ssl_keyfile,
        )
