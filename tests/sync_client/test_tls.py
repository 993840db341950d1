"""TLS to an office with its own authority: any clock, one authority, one name."""

import contextlib
import ipaddress
import ssl
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from enumerator_app.domain.errors import (
    AddressNotAllowed,
    EnrolmentCodeRefused,
    OfficeNotProven,
    ServerUnreachable,
)
from sync.client.enrol import read_code
from sync.client.wire import Wire
from tests.sync_client.memory_office import MemoryOffice, serving
from tests.sync_client.office_fixtures import enrolled_store, synced
from tests.sync_client.real_office import enrolled_laptop, founded, really_synced


@dataclass
class Authority:
    """A certificate authority made for one test."""

    folder: object
    name: str

    def __post_init__(self):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.certificate = self._signed(self.key.public_key(), self.name, 2020, 2045, is_ca=True)
        self.pem = self.certificate.public_bytes(Encoding.PEM).decode()

    def server(self, address: str, first: int, last: int) -> ssl.SSLContext:
        """Return the context of a server whose certificate holds in these years."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = self._signed(key.public_key(), address, first, last, is_ca=False)
        chain = self.folder / f"{self.name}-{first}.pem"
        secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        chain.write_bytes(certificate.public_bytes(Encoding.PEM) + secret)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(chain)
        return context

    def _signed(self, key, name, first, last, *, is_ca):
        issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, self.name)])
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        builder = (
            x509.CertificateBuilder()
            .subject_name(issuer if is_ca else subject)
            .issuer_name(issuer)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(datetime(first, 1, 1, tzinfo=UTC))
            .not_valid_after(datetime(last, 12, 31, tzinfo=UTC))
            .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
        )
        if not is_ca:
            names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(name))])
            builder = builder.add_extension(names, critical=False)
        return builder.sign(self.key, SHA256())


@pytest.fixture
def authority(tmp_path):
    return Authority(tmp_path, "Kantor")


def laptop_over_tls(office, url, pem):
    store = enrolled_store(office, url)
    fields = {name: getattr(store._identity, name) for name in type(store._identity).__slots__}
    store._identity = type(store._identity)(**fields | {"ca_certificate": pem})
    return store


def test_a_certificate_of_the_pinned_authority_is_believed(authority):
    office = MemoryOffice()
    with serving(office, tls=authority.server("127.0.0.1", 2026, 2027)) as url:
        assert synced(laptop_over_tls(office, url, authority.pem)).heads_agree


def test_a_laptop_whose_clock_is_years_behind_still_reaches_its_office(authority):
    office = MemoryOffice()
    office.time = "2036-06-01T00:00:00.000Z"  # by this machine's clock not valid for years yet
    with serving(office, tls=authority.server("127.0.0.1", 2036, 2037)) as url:
        assert synced(laptop_over_tls(office, url, authority.pem)).heads_agree


def test_a_clock_before_the_library_was_made_is_no_warning(authority, monkeypatch, recwarn):
    monkeypatch.setattr("urllib3.connection.RECENT_DATE", date(2100, 1, 1))
    office = MemoryOffice()
    with serving(office, tls=authority.server("127.0.0.1", 2026, 2027)) as url:
        assert synced(laptop_over_tls(office, url, authority.pem)).heads_agree
    assert not recwarn.list


@pytest.mark.parametrize(("first", "last"), [(2021, 2022), (2030, 2031)])
def test_a_certificate_out_of_date_by_the_offices_own_time_is_refused(authority, first, last):
    office = MemoryOffice()
    with (
        serving(office, tls=authority.server("127.0.0.1", first, last)) as url,
        pytest.raises(OfficeNotProven),
    ):
        synced(laptop_over_tls(office, url, authority.pem))


def test_another_authority_is_refused_whatever_the_environment_says(
    authority, tmp_path, monkeypatch
):
    office, stranger = MemoryOffice(), Authority(tmp_path, "Orang lain")
    bundle = tmp_path / "bundle.pem"
    bundle.write_text(stranger.pem)
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.setenv(name, str(bundle))
    with (
        serving(office, tls=stranger.server("127.0.0.1", 2026, 2027)) as url,
        pytest.raises(OfficeNotProven),
    ):
        synced(laptop_over_tls(office, url, authority.pem))
    assert not office.asked


def test_a_certificate_for_another_address_is_refused(authority):
    office = MemoryOffice()
    with (
        serving(office, tls=authority.server("10.0.0.1", 2026, 2027)) as url,
        pytest.raises(OfficeNotProven),
    ):
        synced(laptop_over_tls(office, url, authority.pem))


def test_plain_http_where_tls_was_pinned_is_not_the_office(authority):
    office = MemoryOffice()
    with serving(office) as url:
        store = laptop_over_tls(office, url.replace("http:", "https:"), authority.pem)
        with pytest.raises((OfficeNotProven, ServerUnreachable)):
            synced(store)
    assert not office.asked


@pytest.mark.parametrize(
    "url", ["http://192.0.2.9:8000", "http://kantor.example", "ftp://127.0.0.1", "kantor", ""]
)
def test_plain_http_goes_to_this_machine_only(url):
    with pytest.raises(AddressNotAllowed):
        Wire(url, None)


def test_tls_without_a_pinned_authority_is_refused():
    with pytest.raises(AddressNotAllowed):
        Wire("https://kantor.example", None)


@pytest.mark.parametrize(
    ("typed", "text", "authority"),
    [
        ("abcd-efgh-jkmn-pqrs", "ABCD-EFGH-JKMN-PQRS", None),
        (" ABCD EFGH JKMN PQRS\n", "ABCD-EFGH-JKMN-PQRS", None),
        ("OIL0-1111-2222-3333", "0110-1111-2222-3333", None),
        (f"ABCD-EFGH-JKMN-PQRS.{'Ab' * 16}", "ABCD-EFGH-JKMN-PQRS", "ab" * 16),
    ],
)
def test_a_code_is_read_however_it_is_typed(typed, text, authority):
    code = read_code(typed)
    assert (code.text, code.authority) == (text, authority)


@pytest.mark.parametrize("typed", ["", "ABCD", "ABCD-EFGH-JKMN-PQRU", "ABCD-EFGH-JKMN-PQRS.12"])
def test_what_is_no_code_is_refused(typed):
    with pytest.raises(EnrolmentCodeRefused):
        read_code(typed)


@pytest.fixture(scope="module")
def far_office(tmp_path_factory):
    """An office on an address that is not this machine by name: it serves TLS."""
    office = founded(tmp_path_factory.mktemp("far"))
    office.start(host="127.0.0.2")
    yield office
    office.stop()


def test_enrolling_and_sending_over_tls_with_the_authority_of_the_code(far_office, tmp_path):
    assert far_office.url.startswith("https://127.0.0.2:")
    store = enrolled_laptop(far_office, tmp_path / "laptop")
    with contextlib.closing(store):
        assert "BEGIN CERTIFICATE" in store.identity().ca_certificate
        assert really_synced(store).heads_agree


def test_a_code_with_another_fingerprint_sends_nothing(far_office, tmp_path):
    code = far_office.ask("device", "add", "Laptop jauh")["code"]
    wrong = f"{code.split('.')[0]}.{'0' * 32}"
    with pytest.raises(OfficeNotProven):
        enrolled_laptop(far_office, tmp_path / "one", code=wrong)
    with pytest.raises(AddressNotAllowed):
        enrolled_laptop(far_office, tmp_path / "one", code=code.split(".")[0])
    enrolled_laptop(far_office, tmp_path / "one", code=code).close()
