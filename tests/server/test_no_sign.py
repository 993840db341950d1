"""A NUL is no word of anybody: PostgreSQL takes none, and no page breaks over one."""

import re

import pytest

from sync.server.application import create_application
from tests.server.people import signed_in


@pytest.mark.parametrize("role", ["coordinator", pytest.param("auditor", marks=pytest.mark.slow)])
def test_an_address_or_form_with_a_nul_is_answered(office, role):
    app = create_application(office)
    browser = signed_in(office, role, app=app)
    names = (
        "id",
        "page",
        "village",
        "district",
        "state",
        "month",
        "since",
        "words",
        "account",
        "to",
    )
    query = "&".join(f"{name}=%00" for name in names)
    form = dict.fromkeys((*names, "code", "name", "number", "reply", "table", "filter"), "\x00")
    for (method, path), right in app.state.site.needs.rights.items():
        address = re.sub(r"\{[^}]+\}", "%00", path)
        answers = (
            [browser.get(address), browser.get(f"{address}?{query}")]
            if method == "GET"
            else [browser.post(address, form)]
        )
        for answer in answers:
            assert answer.status_code < 500, (method, path, right)
