"""The test values of docs/protocol.md: pinned to their version, and reckoned by two programs."""

import json
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from enumerator_app.cards.claims import CardClaims
from enumerator_app.cards.seal import seal
from enumerator_app.cards.trust import read_trust_list, sign_trust_list
from enumerator_app.domain.canonical import canonical_bytes
from enumerator_app.domain.numbers import parse_number
from sync.protocol import signing
from sync.protocol.bundle import manifest_member
from sync.protocol.messages import Receipt
from sync.protocol.short_lines import expanded, shortened
from sync.server.chain import revision_hash as name_by_the_office
from tests.protocol import stranger
from tests.protocol.stranger import Line, canonical, sha

PAGE = Path(__file__).parents[2] / "docs" / "protocol.md"
PINS = Path(__file__).parent / "pinned_values.json"
DAY_ZERO = date(2020, 1, 1)


@pytest.fixture(scope="module")
def values() -> dict[str, Any]:
    return values_on(PAGE.read_text(encoding="utf-8"))


def values_on(page: str) -> dict[str, Any]:
    written = re.search(r"## 12\. Test values.*?```json\n(.*?)```", page, re.DOTALL)
    assert written
    read: dict[str, Any] = json.loads(written[1])
    return read


def version_of(page: str) -> str:
    title = re.match(r"# Protocol, version ([0-9]+)\n", page)
    assert title
    return title[1]


def digests_of(values: dict[str, Any]) -> dict[str, str]:
    return {name: sha(canonical(value)) for name, value in values.items()}


def faults_of_pins(page: str) -> list[str]:
    """What a page says otherwise than what was pinned for its version."""
    pinned = json.loads(PINS.read_text(encoding="utf-8")).get(version_of(page), {})
    told = digests_of(values_on(page))
    return sorted(name for name in pinned.keys() | told if pinned.get(name) != told.get(name))


# A value may come to a version; none may change or go, unless the version does.


def test_the_values_of_a_version_never_change() -> None:
    assert faults_of_pins(PAGE.read_text(encoding="utf-8")) == []


def test_page_and_program_changed_together_are_noticed() -> None:
    page = PAGE.read_text(encoding="utf-8")
    said = values_on(page)["state_digest"]
    assert faults_of_pins(page.replace(said, "0" * 64)) == ["state_digest"]
    later = page.replace("# Protocol, version 1\n", "# Protocol, version 2\n")
    assert "state_digest" in faults_of_pins(later)


# By the laptop that was written from the page alone.


def key_of(values: dict[str, Any], name: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(values[name]))


def signed_by(key: Ed25519PrivateKey, prefix: str, fields: dict[str, Any]) -> str:
    return key.sign(prefix.encode() + canonical(fields)).hex()


def lines_of(values: dict[str, Any]) -> list[Line]:
    first = {name: values[name] for name in ("header", "salt", "body")}
    return [
        Line(json.loads(one["header"]), bytes.fromhex(one["salt"]), json.loads(one["body"]))
        for one in (first, values["next_line"])
    ]


def without(fields: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if key != name}


def test_a_stranger_reckons_what_the_office_signs(values: dict[str, Any]) -> None:
    office, device = key_of(values, "issuing_private_key"), key_of(values, "private_key")
    root = key_of(values, "root_private_key")
    certificate, receipt = values["certificate"], values["receipt"]
    public = office.public_key().public_bytes_raw()
    assert (certificate["public_key"], certificate["kid"]) == (public.hex(), sha(public)[:16])
    assert certificate["sig"] == signed_by(root, "TP1-cert\n", without(certificate, "sig"))
    assert receipt["sig"] == signed_by(office, "TP1-receipt\n", without(receipt, "sig"))
    bundle, answer = values["bundle_manifest"], values["answer_manifest"]
    assert bundle["sig"] == signed_by(device, "TP1-bundle\n", bundle["fields"])
    assert answer["sig"] == signed_by(office, "TP1-bundle-answer\n", answer["fields"])
    trust = values["trust_list"]
    assert trust["signature"] == signed_by(office, "TP1-list\n", trust["list"])


def test_a_stranger_reckons_the_name_of_a_revision(values: dict[str, Any]) -> None:
    notice = json.loads(values["revision_notice"])
    fields = notice["fields"]
    assert fields["revision"] == stranger.revision_name(fields) == values["revision_hash"]
    office = key_of(values, "issuing_private_key")
    assert notice["sig"] == signed_by(office, "TP1-revision\n", fields)


def test_a_stranger_writes_the_short_form(values: dict[str, Any]) -> None:
    lines = lines_of(values)
    assert lines[1].header["prev"] == lines[0].hash == values["entry_hash"]
    assert lines[1].hash == values["next_entry_hash"]
    assert stranger.shortened(lines).decode() == values["short_form"]


@pytest.mark.parametrize(
    ("paper", "key"), [("slip", "private_key"), ("card", "issuing_private_key")]
)
def test_a_stranger_seals_the_codes(values: dict[str, Any], paper: str, key: str) -> None:
    claims = [*values[paper]["claims"]]
    claims[6] = bytes.fromhex(claims[6])
    assert stranger.card_code(claims, key_of(values, key)) == values[paper]["text"]


# By the program.


def test_the_program_signs_the_same(values: dict[str, Any]) -> None:
    office, device = key_of(values, "issuing_private_key"), key_of(values, "private_key")
    root = key_of(values, "root_private_key")
    certificate = values["certificate"]
    issuing = signing.issuing_key(certificate, signing.public_hex(root))
    assert issuing
    assert signing.certify(root, issuing) == certificate
    receipt = Receipt.model_validate_json(json.dumps(values["receipt"]))
    said = canonical_bytes(receipt.model_dump(mode="json", exclude={"sig"}))
    assert signing.sign(office, signing.RECEIPT, said) == receipt.sig
    for name, key, prefix in (
        ("bundle_manifest", device, signing.BUNDLE),
        ("answer_manifest", office, signing.BUNDLE_ANSWER),
    ):
        fields = values[name]["fields"]
        member = manifest_member(fields, signing.sign(key, prefix, canonical_bytes(fields)))
        assert member.content == canonical_bytes(values[name])
    raw = canonical_bytes(values["trust_list"])
    assert sign_trust_list(read_trust_list(raw, office.public_key()), office) == raw


def test_the_program_names_and_signs_a_revision_so(values: dict[str, Any]) -> None:
    fields = json.loads(values["revision_notice"])["fields"]
    assert name_by_the_office(without(fields, "revision")) == values["revision_hash"]
    office = key_of(values, "issuing_private_key")
    told = signing.signed_document(office, signing.REVISION, fields)
    assert told.decode() == values["revision_notice"]


def test_the_program_writes_and_reads_the_short_form(values: dict[str, Any]) -> None:
    lines = [line.written for line in lines_of(values)]
    assert shortened(lines) == values["short_form"].encode()
    assert expanded(values["short_form"].encode()) == b"".join(lines)


@pytest.mark.parametrize(
    ("paper", "key"), [("slip", "private_key"), ("card", "issuing_private_key")]
)
def test_the_program_seals_the_codes(values: dict[str, Any], paper: str, key: str) -> None:
    sealed_by, claims = key_of(values, key), claims_of(values[paper]["claims"])
    kid = signing.key_id(signing.public_hex(sealed_by))
    assert seal(claims, sealed_by, kid) == values[paper]["text"]


def claims_of(array: list[Any]) -> CardClaims:
    number, issue, kind, district, name, birth_year, photo, *days = array
    dates = [None if n is None else DAY_ZERO + timedelta(days=n) for n in days]
    return CardClaims(
        number=parse_number(number) or "", issue=issue, kind=("provisional", "active")[kind],
        district=str(district), short_name=name, birth_year=birth_year, photo_prefix=photo,
        cover_from=dates[0], cover_to=dates[1], issued_on=dates[2], expires_on=dates[3],
    )  # fmt: skip
