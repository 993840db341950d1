"""Journal entries against hashes made here from the written form, by hashlib alone."""

import hashlib
from uuid import UUID

import pytest

from enumerator_app.domain.errors import EntryTooLarge, NotCanonical
from enumerator_app.domain.journal import (
    MAX_ENTRY_BYTES,
    Entry,
    Head,
    Statement,
    body_hash,
    body_matches,
    entry_hash,
    from_line,
    make_entry,
    new_epoch,
    to_line,
)

DEVICE = UUID("01932f6e-0000-7000-8000-00000000000a")
SUBJECT = UUID("01932f6e-0000-7000-8000-00000000000b")
OPERATOR = UUID("01932f6e-0000-7000-8000-00000000000c")
HEAD = Head("00112233445566ff", 7, "ab" * 32)
ENTRY_VECTOR = "ebe0c2e37942809f3f3f15e6e0e08e71f79deee9d15b7f94214d016b441336d4"
BODY_VECTOR = "2098300845e4e43d6094268c5548e57299b66fd6bb2045aa8e19f54d1909af5a"


def statement(**changes):
    given = {
        "kind": "register",
        "subject": SUBJECT,
        "base": None,
        "body": {"name": "SITI MA'EMUNAH"},
        "operator": OPERATOR,
        "claimed_time": "2026-11-22T01:02:03.456Z",
        "photos": ("cd" * 32,),
        "app": "0.1.0",
    }
    return Statement(**(given | changes))


def test_the_header_is_written_as_the_protocol_says():
    entry = make_entry(statement(), device=DEVICE, head=HEAD)
    assert entry.body == b'{"name":"SITI MA\'EMUNAH","schema":1}'
    hashed = hashlib.sha256(b"TP1-body\n" + entry.salt + entry.body).hexdigest()
    expected = (
        '{"app":"0.1.0","base":null,'
        f'"body_hash":"{hashed}","body_size":36,'
        '"claimed_time":"2026-11-22T01:02:03.456Z","clock":"ok",'
        f'"device":"{DEVICE}","epoch":"00112233445566ff","kind":"register",'
        f'"operator":"{OPERATOR}","photos":["{"cd" * 32}"],"prev":"{"ab" * 32}",'
        f'"schema":1,"seq":8,"subject":"{SUBJECT}","v":1}}'
    )
    assert entry.header.decode() == expected
    assert entry.hash == hashlib.sha256(b"TP1-entry\n" + expected.encode()).hexdigest()


def test_fixed_hashes_do_not_change():
    # printf 'TP1-entry\n{}' | sha256sum; printf 'TP1-body\n0123456789abcdef{}' | sha256sum
    assert entry_hash(b"{}") == ENTRY_VECTOR
    assert body_hash(b"0123456789abcdef", b"{}") == BODY_VECTOR


def test_the_first_entry_of_a_device_has_nothing_before_it():
    entry = make_entry(statement(), device=DEVICE, head=Head(new_epoch(), 0, None))
    assert entry.fields["prev"] is None
    assert entry.fields["seq"] == 1


def test_the_same_words_twice_have_different_hashes():
    one, two = (make_entry(statement(), device=DEVICE, head=HEAD) for _ in range(2))
    assert one.salt != two.salt
    assert one.hash != two.hash


def test_an_entry_without_a_body_says_so():
    entry = make_entry(statement(body=None, subject=None), device=DEVICE, head=HEAD)
    assert entry.salt is None
    assert entry.body is None
    assert entry.fields["body_hash"] is None
    assert entry.fields["body_size"] == 0
    assert not body_matches(entry, entry.fields)


def test_a_body_matches_only_unchanged():
    entry = make_entry(statement(), device=DEVICE, head=HEAD)
    rotten = Entry(entry.header, entry.salt, entry.body.replace(b"SITI", b"SITA"))
    assert body_matches(entry, entry.fields)
    assert not body_matches(rotten, entry.fields)
    assert rotten.hash == entry.hash


def test_a_line_is_read_back_byte_for_byte():
    entry = make_entry(statement(), device=DEVICE, head=HEAD)
    assert from_line(to_line(entry)) == entry
    assert to_line(entry).count(b"\n") == 1


def test_a_stub_has_a_chain_and_no_content():
    entry = make_entry(statement(), device=DEVICE, head=HEAD)
    stub = from_line(to_line(Entry(entry.header, None, None)))
    assert stub.hash == entry.hash
    assert stub.body is None


@pytest.mark.parametrize(
    "line", [b"", b"{}\t-\n", b"{}\tzz\t{}\n", b"a\tb\tc\td\n", b"{}\t\xff\t{}"]
)
def test_a_line_of_another_form_is_refused(line):
    with pytest.raises(NotCanonical):
        from_line(line)


def test_a_header_that_is_no_object_is_refused():
    with pytest.raises(NotCanonical):
        _ = Entry(b"[]", None, None).fields


def test_an_entry_over_the_limit_is_refused_at_save():
    make_entry(statement(body={"a": "x" * (MAX_ENTRY_BYTES - 4096)}), device=DEVICE, head=HEAD)
    with pytest.raises(EntryTooLarge):
        make_entry(statement(body={"a": "x" * MAX_ENTRY_BYTES}), device=DEVICE, head=HEAD)
    with pytest.raises(EntryTooLarge):
        make_entry(statement(photos=("cd" * 32,) * 200), device=DEVICE, head=HEAD)


def test_an_epoch_is_sixteen_hexadecimal_digits_and_never_the_same():
    epochs = {new_epoch() for _ in range(100)}
    assert len(epochs) == 100
    assert all(len(bytes.fromhex(epoch)) == 8 for epoch in epochs)
