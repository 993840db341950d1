"""TLS to an office whose own certificate authority was pinned at enrolment.

A laptop's clock may be years off and nobody in the field may set it, so OpenSSL is told to leave
dates out (name and issuer are still checked); the dates are then held against the office's signed
time. No other authority is trusted, whatever the machine or its environment says.
"""

import ssl
from datetime import UTC, datetime
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256

from sync.client.whole_head import WholeHeadAdapter

NO_CHECK_TIME: Final = 0x200000  # X509_V_FLAG_NO_CHECK_TIME; Python has no name for it
FINGERPRINT_DIGITS: Final = 32


class PinnedContext(ssl.SSLContext):
    """Trusts one authority, at any date, and remembers the certificate it saw last."""

    seen: bytes | None = None

    def wrap_socket(self, *args: Any, **kwargs: Any) -> ssl.SSLSocket:
        """Return the wrapped socket, its peer's certificate kept in `seen`."""
        wrapped = super().wrap_socket(*args, **kwargs)
        self.seen = wrapped.getpeercert(binary_form=True)
        return wrapped


def pinned_context(ca_certificate: str) -> PinnedContext:
    """Return a context that trusts the authority in this PEM alone."""
    context = PinnedContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(cadata=ca_certificate)
    context.verify_flags |= ssl.VerifyFlags(NO_CHECK_TIME)
    return context


def unverified_context() -> ssl.SSLContext:
    """Return a context that trusts anybody: only to fetch an authority named by fingerprint."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


class PinnedAdapter(WholeHeadAdapter):
    """Uses one TLS context for every connection, through a proxy too."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs, ssl_context=self._context)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        return super().proxy_manager_for(proxy, **kwargs, ssl_context=self._context)

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
        """Add no authority: the one in the context is all there is."""


def fingerprint(ca_certificate: str) -> str:
    """Return the first 32 hexadecimal digits of SHA-256 of the certificate (DER) in a PEM.

    Raises:
        ValueError: there is no certificate in it.
    """
    certificate = x509.load_pem_x509_certificate(ca_certificate.encode())
    return certificate.fingerprint(SHA256()).hex()[:FINGERPRINT_DIGITS]


def is_dated_around(certificate_der: bytes, moment: datetime) -> bool:
    """Return whether the certificate is valid at `moment` (the office's signed time)."""
    certificate = x509.load_der_x509_certificate(certificate_der)
    at = moment.astimezone(UTC)
    return certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc
