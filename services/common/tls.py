"""The certificate that says who this process is, and the CA whose word it takes for others.

A process has one identity: `use` sets it once, at the start, and servers and channels take it.
"""

import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
from cryptography import x509
from cryptography.x509.oid import NameOID


@dataclass(frozen=True, slots=True)
class Tls:
    """Three PEM files: the CA that all of a platform trust, a certificate of it, and its key.

    The common name of the certificate's subject is the identity: the name of a service, or of who
    else may call one.
    """

    cafile: Path
    certfile: Path
    keyfile: Path

    def server_credentials(self) -> grpc.ServerCredentials:
        """For a server that speaks only to those who show a certificate of the CA."""
        pair = (self.keyfile.read_bytes(), self.certfile.read_bytes())
        return grpc.ssl_server_credentials(
            [pair], root_certificates=self.cafile.read_bytes(), require_client_auth=True
        )

    def channel_credentials(self) -> grpc.ChannelCredentials:
        """For a client that shows its own certificate and wants one of the CA, with the name that
        it called."""
        return grpc.ssl_channel_credentials(
            self.cafile.read_bytes(), self.keyfile.read_bytes(), self.certfile.read_bytes()
        )

    def identity(self) -> str:
        """The common name in the certificate. ValueError where there is none, where a file cannot
        be read, or where key and certificate are not of one piece."""
        try:
            context = ssl.create_default_context(cafile=self.cafile)
            context.load_cert_chain(self.certfile, self.keyfile)
            certificate = x509.load_pem_x509_certificate(self.certfile.read_bytes())
        except ssl.SSLError as error:
            raise ValueError(f"certificate, key and CA do not fit: {error.reason}") from None
        except OSError as error:
            files = ", ".join(str(each) for each in (self.cafile, self.certfile, self.keyfile))
            raise ValueError(f"one of {files} cannot be read: {error.strerror}") from None
        names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        if not names:
            raise ValueError(f"the certificate in {self.certfile} has no common name")
        return str(names[0].value)


_ours: Tls | None = None


def use(tls: Tls | None) -> None:
    """Makes this the identity of the process; None: it has none, and speaks plain text."""
    global _ours
    _ours = tls


def ours() -> Tls | None:
    """The identity of the process."""
    return _ours


def caller_of(context: grpc.aio.ServicerContext[Any, Any]) -> str:
    """The name in the caller's certificate; "" where it showed none."""
    names = context.auth_context().get("x509_common_name", ())
    return next((name.decode("utf-8", "replace") for name in names), "")
