import pytest
from hypothesis import given
from hypothesis import strategies as st

from enumerator_app.cards.base45 import from_base45, to_base45


@pytest.mark.parametrize(
    ("raw", "written"),
    [  # RFC 9285, sections 4.3 and 4.4
        (b"AB", "BB8"),
        (b"Hello!!", "%69 VD92EX0"),
        (b"base-45", "UJCLQE7W581"),
        (b"ietf!", "QED8WEX0"),
        (b"", ""),
    ],
)
def test_the_examples_of_the_rfc(raw, written):
    assert to_base45(raw) == written
    assert from_base45(written) == raw


@given(st.binary(max_size=200))
def test_any_bytes_come_back(raw):
    assert from_base45(to_base45(raw)) == raw


@pytest.mark.parametrize("written", ["GGW", ":::", "::", "A", "ABCD", "bb8", "BB8\n", "BB", "ÅB8"])
def test_what_cannot_have_been_written_is_refused(written):
    with pytest.raises(ValueError, match=r"group|length"):
        from_base45(written)


@given(st.text(alphabet="0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:", max_size=30))
def test_no_two_texts_mean_the_same_bytes(written):
    try:
        raw = from_base45(written)
    except ValueError:
        return
    assert to_base45(raw) == written
