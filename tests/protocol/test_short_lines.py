"""Short lines: the same bytes come back, whatever stood in them."""

import unicodedata
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from enumerator_app.domain.journal import Head, Statement, make_entry, to_line
from sync.protocol.short_lines import expanded, shortened

DEVICE = UUID("01890000-0000-7000-8000-000000000001")
PRINTED = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30).map(
    lambda text: unicodedata.normalize("NFC", text)
)


def chain(bodies, head=None) -> list[bytes]:
    head = head or Head("00" * 8, 0, None)
    lines = []
    for body in bodies:
        statement = Statement(
            kind="register", subject=DEVICE, base=None, body=body, operator=DEVICE,
            claimed_time="2026-11-22T01:02:03.456Z",
        )  # fmt: skip
        entry = make_entry(statement, device=DEVICE, head=head)
        lines.append(to_line(entry))
        head = Head(head.epoch, head.seq + 1, entry.hash)
    return lines


def test_two_hashes_of_every_line_are_left_out_and_come_back():
    lines = chain([{"name": "Siti"}, {"name": "Budi"}, None, {"name": "Euis"}])
    short = shortened(lines)
    assert expanded(short) == b"".join(lines)
    assert short.count(b'"~"') == 3 + 3


def test_a_batch_that_begins_in_the_middle_keeps_its_first_prev():
    lines = chain([{"name": f"Pekerja {n}"} for n in range(5)])[2:]
    assert shortened(lines).splitlines()[0].count(b'"~"') == 1
    assert expanded(shortened(lines)) == b"".join(lines)


def test_a_damaged_body_and_a_stub_stay_as_they_are():
    lines = chain([{"name": "Siti"}, {"name": "Budi"}, {"name": "Euis"}])
    lines[0] = lines[0].replace(b"Siti", b"S\rta")
    header, _, _ = lines[1].partition(b"\t")
    lines[1] = header + b"\t-\t-\n"
    assert expanded(shortened(lines)) == b"".join(lines)


def test_lines_that_hold_the_mark_are_not_shortened():
    lines = chain([{"name": "Siti"}])
    lines[0] = lines[0].replace(b'"prev":null', b'"prev":"~"')
    assert shortened(lines) is None


@given(st.lists(st.dictionaries(st.sampled_from(["name", "prev", "body_hash"]), PRINTED)))
def test_any_texts_survive(bodies):
    lines = chain(bodies)
    short = shortened(lines)
    assert short is not None
    assert expanded(short) == b"".join(lines)


@given(st.binary(max_size=300))
def test_expanding_anything_is_harmless(raw):
    assert isinstance(expanded(raw), bytes)
