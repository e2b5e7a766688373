"""Certificates for development: a CA of this machine's own, and one certificate for each name.

They live for days, not years, and are made again when they are about to end. Whoever has `ca.key`
can be anybody: production has a CA of its own (cert-manager, a company's PKI).
"""

import ipaddress
import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from services.cli.plan import SERVICES
from services.common.callers import OPERATOR
from services.common.tls import Tls

CA = "ca"
# The name in the brokers' certificates.
BROKER = "kafka"
CA_LIFE = timedelta(days=30)
LIFE = timedelta(days=7)
# Clocks of two machines differ a little.
BACKDATED = timedelta(minutes=5)


def known_names() -> list[str]:
    """Who has a certificate: every service, the brokers, and whoever works on the command line."""
    return [*(plan.name for plan in SERVICES), BROKER, OPERATOR]


def tls_of(folder: Path, name: str) -> Tls:
    """Where the certificate of one name lies in a folder of certificates."""
    return Tls(folder / f"{CA}.pem", folder / f"{name}.pem", folder / f"{name}.key")


def make_certificates(
    folder: Path, names: Sequence[str], *, life: timedelta = LIFE, now: datetime | None = None
) -> list[str]:
    """Makes what is missing, unreadable, of another CA or about to end; returns what was made."""
    now = now or datetime.now(UTC)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    made: list[str] = []
    authority = _kept(folder, CA)
    if authority is None or _ends(authority[0], now, CA_LIFE):
        authority = _make_authority(folder, now)
        made.append(CA)
    for name in names:
        kept = _kept(folder, name)
        if kept is None or _ends(kept[0], now, life) or not _issued_by(kept[0], authority[0]):
            _make(folder, name, authority, now, min(now + life, authority[0].not_valid_after_utc))
            made.append(name)
    return made


Pair = tuple[x509.Certificate, ec.EllipticCurvePrivateKey]


def _kept(folder: Path, name: str) -> Pair | None:
    try:
        certificate = x509.load_pem_x509_certificate((folder / f"{name}.pem").read_bytes())
        key = serialization.load_pem_private_key((folder / f"{name}.key").read_bytes(), None)
    except (OSError, ValueError):
        return None
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        return None
    return (certificate, key) if certificate.public_key() == key.public_key() else None


def _ends(certificate: x509.Certificate, now: datetime, life: timedelta) -> bool:
    return certificate.not_valid_after_utc - now < life / 3


def _issued_by(certificate: x509.Certificate, authority: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(authority)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _make_authority(folder: Path, now: datetime) -> Pair:
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name("Rapport development CA")
    certificate = (
        _builder(name, name, key, now, now + CA_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .sign(key, hashes.SHA256())
    )
    return _write(folder, CA, certificate, key)


def _make(folder: Path, name: str, authority: Pair, now: datetime, end: datetime) -> None:
    issuer, issuer_key = authority
    key = ec.generate_private_key(ec.SECP256R1())
    places: list[x509.GeneralName] = [
        x509.DNSName(name),
        x509.DNSName("localhost"),
        x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
        x509.IPAddress(ipaddress.ip_address("::1")),
    ]
    both = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
    certificate = (
        _builder(_name(name), issuer.subject, key, now, end)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage(both), critical=False)
        .add_extension(x509.SubjectAlternativeName(places), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()),
            critical=False,
        )
        .sign(issuer_key, hashes.SHA256())
    )
    _write(folder, name, certificate, key)


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    now: datetime,
    end: datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BACKDATED)
        .not_valid_after(end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _write(
    folder: Path, name: str, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey
) -> Pair:
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    write_secret(folder / f"{name}.key", secret)
    (folder / f"{name}.pem").write_bytes(certificate.public_bytes(pem))
    return certificate, key


def write_secret(file: Path, content: bytes) -> None:
    """Replaces a file in one step; only its owner may read it."""
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_bytes(content)
    draft.replace(file)
