"""Certificates for development: short-lived, of one CA, made again in time."""

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from services.cli.certificates import CA_LIFE, LIFE, make_certificates, tls_of
from services.common.tls import Tls

NOW = datetime.now(UTC)


def days_left(until: datetime) -> timedelta:
    return until - datetime.now(UTC)


def read(folder: Path, name: str) -> x509.Certificate:
    return x509.load_pem_x509_certificate((folder / f"{name}.pem").read_bytes())


def test_each_name_has_a_certificate_of_the_ca_for_days_and_not_years(tmp_path: Path) -> None:
    assert make_certificates(tmp_path, ["reply", "emotion"]) == ["ca", "reply", "emotion"]
    authority = read(tmp_path, "ca")
    for name in ("reply", "emotion"):
        certificate = read(tmp_path, name)
        certificate.verify_directly_issued_by(authority)
        assert tls_of(tmp_path, name).identity() == name
        assert days_left(certificate.not_valid_after_utc) < LIFE + timedelta(minutes=1)
    assert days_left(authority.not_valid_after_utc) < CA_LIFE + timedelta(minutes=1)


def test_keys_are_for_their_owner_alone(tmp_path: Path) -> None:
    make_certificates(tmp_path / "new", ["reply"])
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
    for name in ("ca", "reply"):
        assert (tmp_path / "new" / f"{name}.key").stat().st_mode & 0o777 == 0o600


def test_what_is_good_stays_and_what_is_about_to_end_is_made_again(tmp_path: Path) -> None:
    make_certificates(tmp_path, ["reply"], now=NOW)
    assert make_certificates(tmp_path, ["reply"], now=NOW + LIFE / 2) == []
    assert make_certificates(tmp_path, ["reply"], now=NOW + LIFE * 0.7) == ["reply"]
    later = NOW + CA_LIFE * 0.7
    assert make_certificates(tmp_path, ["reply"], now=later) == ["ca", "reply"]


def test_a_certificate_never_outlives_its_ca(tmp_path: Path) -> None:
    make_certificates(tmp_path, ["reply"], now=NOW)
    make_certificates(tmp_path, ["reply"], now=NOW + CA_LIFE * 0.6, life=CA_LIFE)
    assert read(tmp_path, "reply").not_valid_after_utc <= read(tmp_path, "ca").not_valid_after_utc


@pytest.mark.parametrize("spoilt", ["reply.key", "reply.pem", "ca.key"])
def test_what_is_spoilt_is_made_again(tmp_path: Path, spoilt: str) -> None:
    make_certificates(tmp_path, ["reply"])
    (tmp_path / spoilt).write_text("not a PEM file")
    assert "reply" in make_certificates(tmp_path, ["reply"])
    read(tmp_path, "reply").verify_directly_issued_by(read(tmp_path, "ca"))
    assert make_certificates(tmp_path, ["reply"]) == []


def test_openssl_believes_the_certificate_for_its_own_name_alone(tmp_path: Path) -> None:
    make_certificates(tmp_path, ["reply"])
    tls = tls_of(tmp_path, "reply")
    for name, believed in (("reply", True), ("localhost", True), ("emotion", False)):
        assert handshake(tls, name) is believed


def handshake(tls: Tls, name: str) -> bool:
    """Whether a client that knows the CA accepts a server with this certificate under a name."""
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_side.load_cert_chain(tls.certfile, tls.keyfile)
    client_side = ssl.create_default_context(cafile=tls.cafile)
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    server = server_side.wrap_bio(up, down, server_side=True)
    client = client_side.wrap_bio(down, up, server_hostname=name)
    for _ in range(4):
        for each in (client, server):
            try:
                each.do_handshake()
            except ssl.SSLWantReadError:
                continue
            except ssl.SSLCertVerificationError:
                return False
    return client.version() is not None


def test_says_what_is_wrong_with_the_files(tmp_path: Path) -> None:
    make_certificates(tmp_path, ["reply", "emotion"])
    ca = tmp_path / "ca.pem"
    with pytest.raises(ValueError, match="do not fit"):
        Tls(ca, tmp_path / "reply.pem", tmp_path / "emotion.key").identity()
    with pytest.raises(ValueError, match=r"nobody\.pem.*cannot be read"):
        Tls(ca, tmp_path / "nobody.pem", tmp_path / "nobody.key").identity()
