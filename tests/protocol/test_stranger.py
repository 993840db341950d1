"""A second maker's laptop against this office: the page alone is enough for it."""

import ast
import secrets
from pathlib import Path
from uuid import uuid4

import pytest

from sync.server.devices import add_device, list_devices, revoke_device
from sync.server.erasing import erase
from sync.server.standing import standing
from sync.server.verifying import verify_office
from tests.protocol import stranger as page
from tests.protocol.stranger import Stranger, canonical, sha
from tests.server.offices import serving

ALLOWED = {
    "cryptography", "dataclasses", "gzip", "hashlib", "json", "requests", "secrets", "typing",
    "uuid",
}  # fmt: skip


def new_stranger(office, url):
    stranger = Stranger(url)
    stranger.enrol(add_device(office, "Laptop asing").code)
    stranger.start_epoch()
    return stranger


@pytest.fixture
def served(office):
    with serving(office) as (host, port):
        yield f"http://{host}:{port}"


@pytest.fixture
def stranger(office, served):
    return new_stranger(office, served)


def test_it_imports_nothing_of_the_program():
    tree = ast.parse(Path(page.__file__).read_text(encoding="utf-8"))
    named = {a.name for node in ast.walk(tree) if isinstance(node, ast.Import) for a in node.names}
    named |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in named} == ALLOWED


def test_it_registers_sends_and_agrees(office, stranger):
    photo = secrets.token_bytes(30_000)
    people = [uuid4() for _ in range(12)]
    for subject in people[:-1]:
        stranger.register(subject)
    stranger.register(people[-1], photos=(sha(photo),), no_photo_reason="", photo=sha(photo))
    closing = stranger.sync()
    assert (closing["known"], closing["digest_ok"]) == (stranger.head, True)
    assert closing["photos_missing"] == [sha(photo)]
    assert stranger.send_photo(photo) == ["204", "204"]
    now = standing(office)
    assert (now["registrations"], now["photos_missing"], now["held"]) == (12, 0, 0)
    assert set(stranger.revisions) == {str(subject) for subject in people}
    assert verify_office(office) == []


def test_a_correction_of_what_it_saw_becomes_the_state(office, stranger):
    subject = uuid4()
    first = stranger.register(subject)
    stranger.sync()
    base = stranger.revisions[str(subject)]
    line = stranger.write(
        "correct", first.body | {"phone": "081200000001"}, subject=subject, base=base
    )
    stranger.sync()
    assert stranger.revisions[str(subject)] == line.hash


def test_a_key_for_a_new_epoch_is_taken_and_used(office, stranger):
    stranger.register(uuid4())
    stranger.sync()
    stranger.start_epoch("restore")
    new = stranger.rekey()
    named = stranger.sync()["keys"]
    stranger.key = new
    assert named[-1] == sha(bytes.fromhex(stranger.public))[:16]
    stranger.register(uuid4())
    assert stranger.sync()["known"] == stranger.head
    assert standing(office)["registrations"] == 2
    assert verify_office(office) == []


# The mutations: what is sent, and the one thing that it is answered


def start(stranger):
    """Send what the laptop is born with, so that each mutation stands alone."""
    stranger.push([stranger.journal[-1]])
    return stranger


def of_tip_signature(stranger, office):
    line = start(stranger).register(uuid4())
    return stranger.push([line], sig="00" * 64)


def of_tip(stranger, office):
    line = start(stranger).register(uuid4())
    return stranger.push([line], tip="0" * 64)


def of_batch_id(stranger, office):
    line = start(stranger).register(uuid4())
    return stranger.push([line], batch_id="0" * 64)


def of_count(stranger, office):
    line = start(stranger).register(uuid4())
    return stranger.push([line], count=2)


def of_office(stranger, office):
    line = start(stranger).register(uuid4())
    return stranger.push([line], office=str(uuid4()))


def of_device_in_the_header(stranger, office):
    line = start(stranger).register(uuid4())
    return stranger.push([line], device=str(uuid4()))


def of_device_in_a_line(stranger, office):
    start(stranger)
    line = stranger.write("withdraw", {"reason": "x"}, subject=uuid4(), device=str(uuid4()))
    return stranger.push([line])


def of_order(stranger, office):
    start(stranger)
    lines = [stranger.register(uuid4()), stranger.register(uuid4())]
    raw = lines[1].written + lines[0].written
    return stranger.push(lines, raw)


def of_gzip(stranger, office):
    line = start(stranger).register(uuid4())
    return stranger.sent(stranger.batch(line.written, 1, line.hash, {})[:-9])


def of_encoding(stranger, office):
    line = start(stranger).register(uuid4())
    return stranger.sent(stranger.batch(line.written, 1, line.hash, {}), "br")


def of_a_fraction(stranger, office):
    start(stranger)
    line = stranger.write("withdraw", {"reason": "x"}, subject=uuid4(), seq=1.5)
    return stranger.push([line])


def of_a_missing_key(stranger, office):
    line = start(stranger).register(uuid4())
    del line.header["operator"], line.header["body_hash"]
    return stranger.push([line])


def of_size(stranger, office):
    start(stranger)
    line = stranger.register(uuid4(), address="x" * 270_000)
    return stranger.push([line])


def of_a_batch_too_large(stranger, office):
    return start(stranger).sent(b"\0" * (4 * 1024 * 1024 + 9), "identity")


def of_body(stranger, office):
    line = start(stranger).register(uuid4())
    raw = line.written.replace(b"SITI AMINAH", b"SITI AMINEH")
    return stranger.outcome(line, stranger.push([line], raw))


def of_a_body_left_out(stranger, office):
    line = start(stranger).register(uuid4())
    return stranger.outcome(line, stranger.push([line], line.stub))


def of_a_body_that_follows(stranger, office):
    line = start(stranger).register(uuid4())
    stranger.push([line], line.stub)
    return stranger.outcome(line, stranger.push([line]))


def of_an_ancestor_left_out(stranger, office):
    start(stranger)
    stranger.register(uuid4())
    line = stranger.register(uuid4())
    return stranger.outcome(line, stranger.push([line]))


def of_an_ancestor_that_follows(stranger, office):
    start(stranger)
    first, line = stranger.register(uuid4()), stranger.register(uuid4())
    stranger.push([line])
    stranger.push([first])
    return stranger.outcome(line, stranger.push([line]))


def of_kind(stranger, office):
    line = start(stranger).write("dance", {"x": 1}, subject=uuid4())
    return stranger.outcome(line, stranger.push([line]))


def of_schema(stranger, office):
    start(stranger)
    line = stranger.write("register", {"name": "X", "schema": 99}, subject=uuid4(), schema=99)
    return stranger.outcome(line, stranger.push([line]))


def of_a_name_left_out(stranger, office):
    line = start(stranger).register(uuid4(), name="")
    return stranger.outcome(line, stranger.push([line]))


def of_a_form_that_is_not_canonical(stranger, office):
    start(stranger)
    line = stranger.register(uuid4(), name="SITI AMINA\u0301")  # not NFC
    return stranger.outcome(line, stranger.push([line]))


def of_right(stranger, office):
    """Somebody else's person: knowing the uuid is no permission."""
    other, subject = new_stranger(office, stranger.url), uuid4()
    first = other.register(subject)
    other.sync()
    start(stranger)
    line = stranger.write("correct", first.body, subject=subject, base=first.hash)
    return stranger.outcome(line, stranger.push([line]))


def of_an_erased_person(stranger, office):
    subject = uuid4()
    first = stranger.register(subject)
    stranger.sync()
    erase(office, str(subject), ground="diminta")
    line = stranger.write("correct", first.body, subject=subject, base=first.hash)
    return stranger.outcome(line, stranger.push([line]))


def of_a_revoked_laptop(stranger, office):
    start(stranger)
    revoke_device(office, list_devices(office)[0]["code"])
    line = stranger.register(uuid4())
    return stranger.outcome(line, stranger.push([line]))


def of_repetition(stranger, office):
    line = start(stranger).register(uuid4())
    first = stranger.push([line])
    again = stranger.push([line])
    assert (first["accepted"], first["others"]) == (again["accepted"], again["others"])
    assert standing(office)["registrations"] == 1
    return stranger.outcome(line, again)


def of_counter(stranger, office):
    start(stranger)
    answer = stranger.ask("GET", "/v1/feed?after=0&limit=1", counter=stranger.counter)
    assert answer.json()["counter"] == stranger.counter
    return f"{answer.status_code} {answer.json()['code']}"


def of_request_signature(stranger, office):
    answer = start(stranger).ask("GET", "/v1/feed?after=0&limit=1", signature="11" * 64)
    return f"{answer.status_code} {answer.json()['code']}"


def of_device_in_a_request(stranger, office):
    answer = start(stranger).ask("GET", "/v1/feed?after=0&limit=1", device=str(uuid4()))
    return f"{answer.status_code} {answer.json()['code']}"


def of_a_photo_nobody_names(stranger, office):
    return start(stranger).send_photo(b"x" * 100)[0]


def of_a_photo_with_other_bytes(stranger, office):
    name = sha(b"another picture")
    start(stranger).register(uuid4(), photos=(name,), photo=name, no_photo_reason="")
    stranger.push([stranger.journal[-1]])
    return stranger.send_photo(b"x" * 100, name)[-1]


def of_a_message(stranger, office):
    answer = start(stranger).ask("POST", "/v1/hello", canonical({"protocol": "one"}))
    return f"{answer.status_code} {answer.json()['code']}"


def of_the_route(stranger, office):
    answer = start(stranger).ask("GET", "/v1/tomorrow")
    return f"{answer.status_code} {answer.json()['code']}"


NAMED = {
    of_tip_signature: "403 bad_tip_signature",
    of_tip: "400 batch_unreadable",
    of_batch_id: "400 batch_unreadable",
    of_count: "400 batch_unreadable",
    of_office: "403 other_office",
    of_device_in_the_header: "403 other_device",
    of_device_in_a_line: "403 other_device",
    of_order: "400 not_contiguous",
    of_gzip: "400 batch_unreadable",
    of_encoding: "415 encoding_unknown",
    of_a_fraction: "400 entry_unreadable",
    of_a_missing_key: "400 entry_unreadable",
    of_size: "400 entry_unreadable",
    of_a_batch_too_large: "413 body_too_large",
    of_body: "damaged",
    of_a_body_left_out: "stub",
    of_a_body_that_follows: "accepted",
    of_an_ancestor_left_out: "held",
    of_an_ancestor_that_follows: "accepted",
    of_kind: "quarantined unknown_kind",
    of_schema: "quarantined schema_newer",
    of_a_name_left_out: "quarantined invalid",
    of_a_form_that_is_not_canonical: "quarantined invalid",
    of_right: "case no_right",
    of_an_erased_person: "erased",
    of_a_revoked_laptop: "quarantined after_revocation",
    of_repetition: "accepted",
    of_counter: "409 counter_behind",
    of_request_signature: "401 bad_signature",
    of_device_in_a_request: "401 unknown_device",
    of_a_photo_nobody_names: "404 photo_unwanted",
    of_a_photo_with_other_bytes: "409 wrong_offset",
    of_a_message: "400 message_unreadable",
    of_the_route: "404 route_unknown",
}


@pytest.mark.parametrize("mutation", NAMED, ids=lambda mutation: mutation.__name__)
def test_each_mutation_has_its_one_answer(sqlite_office, mutation):
    with serving(sqlite_office) as (host, port):
        stranger = new_stranger(sqlite_office, f"http://{host}:{port}")
        assert mutation(stranger, sqlite_office) == NAMED[mutation]
        assert verify_office(sqlite_office) == []


def test_every_answer_stands_on_the_page():
    page_text = (Path(__file__).parents[2] / "docs/protocol.md").read_text(encoding="utf-8")
    words = {word for answer in NAMED.values() for word in answer.split() if not word.isdigit()}
    assert {word for word in words if f"`{word}`" not in page_text} == set()
