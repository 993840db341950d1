"""The office's own certificate authority, and a certificate for the address it serves at."""

import contextlib
import ipaddress
import socket
from datetime import UTC, datetime, timedelta
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from sync.server.home import Home, write_json, write_privately

LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
_AUTHORITY_YEARS: Final = 15
_CERTIFICATE_DAYS: Final = 800
_RENEW_BEFORE: Final = timedelta(days=60)
_MARK_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def make_authority(home: Home, office: str, now: datetime) -> None:
    """Make the authority that laptops pin at enrolment."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Office {office}")])
    usage = x509.KeyUsage(
        digital_signature=False, content_commitment=False, key_encipherment=False,
        data_encipherment=False, key_agreement=False, key_cert_sign=True, crl_sign=True,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365 * _AUTHORITY_YEARS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, SHA256())
    )
    write_privately(home.tls / "authority.key", _private_pem(key))
    write_privately(home.tls / "authority.pem", certificate.public_bytes(Encoding.PEM))


def authority_pem(home: Home) -> bytes:
    return (home.tls / "authority.pem").read_bytes()


def certificate_for(home: Home, host: str, now: datetime | None = None) -> tuple[str, str]:
    """Return the files of a certificate (with its chain) and key for `host`, made if needed."""
    now = now or datetime.now(UTC)
    chain, key = home.tls / "server.pem", home.tls / "server.key"
    if not (chain.exists() and key.exists() and _is_good(chain.read_bytes(), host, now)):
        _make_certificate(home, host, now)
    return str(chain), str(key)


def note_address(home: Home, host: str, port: int) -> None:
    """Remember where the office serves by TLS: new enrolment codes pin its authority."""
    certificate = x509.load_pem_x509_certificate(authority_pem(home))
    fingerprint = certificate.fingerprint(SHA256()).hex()
    write_json(home.address_file, {"host": host, "port": port, "ca_fingerprint": fingerprint})


def forget_address(home: Home) -> None:
    home.address_file.unlink(missing_ok=True)


def _make_certificate(home: Home, host: str, now: datetime) -> None:
    authority = x509.load_pem_x509_certificate(authority_pem(home))
    authority_key = load_pem_private_key((home.tls / "authority.key").read_bytes(), None)
    assert isinstance(authority_key, ec.EllipticCurvePrivateKey)
    key = ec.generate_private_key(ec.SECP256R1())
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key())
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host[:64])]))
        .issuer_name(authority.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=_CERTIFICATE_DAYS))
        .add_extension(x509.SubjectAlternativeName(_names(host)), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(issuer, critical=False)
        .sign(authority_key, SHA256())
    )
    chain = certificate.public_bytes(Encoding.PEM) + authority_pem(home)
    write_privately(home.tls / "server.key", _private_pem(key))
    write_privately(home.tls / "server.pem", chain)


def _names(host: str) -> list[x509.GeneralName]:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return [x509.DNSName(host)]
    if not address.is_unspecified:
        return [x509.IPAddress(address)]
    return [x509.DNSName(socket.gethostname()), *map(x509.IPAddress, _own_addresses())]


def _own_addresses() -> list[ipaddress.IPv4Address | ipaddress.IPv6Address]:
    """Return this machine's addresses: a server that listens on all is reached by any of them."""
    found = {ipaddress.ip_address("127.0.0.1")}
    with contextlib.suppress(OSError):
        for *_, place in socket.getaddrinfo(socket.gethostname(), None):
            found.add(ipaddress.ip_address(str(place[0]).split("%")[0]))
    return sorted(found, key=str)


def _is_good(chain: bytes, host: str, now: datetime) -> bool:
    certificate = x509.load_pem_x509_certificate(chain)
    extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    is_named = set(extension.value) == set(_names(host))
    return is_named and certificate.not_valid_after_utc - _RENEW_BEFORE > now


def _private_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def authority_mark(home: Home) -> str:
    """Return the mark of the office's authority, as posters show it: `7F3K 91QD 04WX`."""
    certificate = x509.load_pem_x509_certificate(authority_pem(home))
    bits = int.from_bytes(certificate.fingerprint(SHA256())[:8])
    letters = [_MARK_LETTERS[(bits >> shift) & 31] for shift in range(59, -1, -5)]
    return " ".join("".join(letters[at : at + 4]) for at in range(0, 12, 4))
