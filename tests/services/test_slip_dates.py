"""A slip is dated by what the laptop may believe, not by a clock that stands years back."""

from datetime import UTC, datetime

import pytest

from enumerator_app import BUILT_ON
from enumerator_app.cards.base45 import from_base45
from enumerator_app.cards.claims import decode_claims
from enumerator_app.cards.reading import read_codes_from_pdf
from enumerator_app.cards.seal import PREFIX
from enumerator_app.services.printing import PROVISIONAL_DAYS, Printing, PrintOrder
from tests.storage.laptops import new_laptop, person


@pytest.mark.parametrize("year", [2019, 2061])
def test_a_slip_from_a_laptop_whose_clock_is_wrong_is_not_out_of_date_when_printed(tmp_path, year):
    store = new_laptop(tmp_path / "laptop")
    try:
        saved = store.register(person(1, village_code="3216132001", photo=None))
        wrong = datetime(year, 3, 1, 4, tzinfo=UTC)
        Printing(store, lambda: wrong).print_cards(
            [saved.subject], tmp_path / "slip.pdf", PrintOrder(sheet="cr80")
        )
    finally:
        store.close()
    (code,) = read_codes_from_pdf(tmp_path / "slip.pdf")
    claims = decode_claims(from_base45(code.removeprefix(PREFIX))[19:-66])
    assert claims.issued_on == BUILT_ON
    assert (claims.expires_on - BUILT_ON).days == PROVISIONAL_DAYS
