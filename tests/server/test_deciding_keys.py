"""Cases and visits in a real browser: by keys, without script, on a phone, in both languages."""

import pytest

from sync.server.cases import list_cases
from sync.server.matching.looking import find_alike
from tests.browsing import seen_by, set_language
from tests.server.laptops import nik

VISIT = "0198e4a0-0000-7000-8000-000000000001"
VILLAGE = "3216132001"
TARSIM = {
    "name": "TARSIM", "mother_name": "RUKMINI", "birth_date": "1969-06-14", "village_code": VILLAGE,
}  # fmt: skip
# Cells of a table whose content is wider than they are: it would lie on the next one.
OUTSIDE = """() => [...document.querySelectorAll('main td, main th')]
    .filter(cell => cell.scrollWidth > cell.clientWidth + 1).map(cell => cell.textContent.trim())"""


@pytest.fixture
def office(sqlite_office, laptop_on):
    """An office with a pair to decide, and a visit of three clean records and a noted one."""
    one, other = laptop_on(sqlite_office), laptop_on(sqlite_office)
    one.register(nik="3216131406690003", **TARSIM)
    for n, name in enumerate(("KARTA", "ENCUM", "JUJU")):
        one.register(nik=nik(n + 1), name=name, mother_name=f"IBU {name}", visit_id=VISIT,
                     village_code=VILLAGE)  # fmt: skip
    one.register(nik=nik(9), sex="P", name="MARYATI", mother_name="UKUY", visit_id=VISIT,
                 village_code=VILLAGE)  # fmt: skip
    one.push(one.journal)
    other.register(nik="3216131406690083", rt="008", **{**TARSIM, "name": "TARSIM BIN WARTA"})
    other.push(other.journal)
    find_alike(sqlite_office)
    return sqlite_office


@pytest.fixture
def seen(office):
    with seen_by(office) as made:
        yield made


def case_of(office) -> str:
    (case,) = list_cases(office, "alike")
    return f"/decide/{case['id']}"


def test_a_case_is_decided_and_taken_back_by_keys_alone(office, seen):
    with seen.page(1366) as page:
        seen.go(page, case_of(office))
        assert page.locator("tbody tr").count() == 12
        page.keyboard.press("d")
        page.wait_for_url("**only=differences")
        assert page.locator("tbody tr").count() == 3
        page.keyboard.press("f")
        page.wait_for_url("**photos=large**")
        assert page.locator(".face.large").count() == 2
        page.keyboard.press("2")
        page.wait_for_url("**/decide")
        assert page.locator(".undo").count() == 1
        assert page.locator("tbody tr").count() == 0
        page.keyboard.press("z")
        page.wait_for_url("**/decide/*")
        assert page.locator(".framed").count() == 4
    assert seen.said == []


def test_a_visit_is_looked_at_by_keys_and_a_closed_button_does_nothing(seen):
    with seen.page(1366) as page:
        seen.go(page, f"/visits/{VISIT}")
        page.keyboard.press("s")  # it opens after the sample
        assert page.url.endswith(VISIT)
        for left in (1, 0):
            with page.expect_navigation():
                page.keyboard.press("y")
            assert page.locator("button[value=fits]").count() == bool(left)
        page.locator("#f-code").focus()
        page.keyboard.press("1")  # typed, not pressed
        assert page.locator("#f-code").input_value() == "1"
        page.locator("#f-code").blur()
        with page.expect_navigation():
            page.keyboard.press("1")
        assert page.locator("h1").inner_text() == "MARYATI"
        assert page.locator(".framed").count() == 4
    assert seen.said == []


def test_everything_works_without_script(office, seen):
    with seen.page(1366, java_script_enabled=False) as page:
        page.goto(f"{seen.address}{case_of(office)}")
        page.locator(".framed", has_text="Pisahkan").click()
        assert page.locator(".undo").count() == 1
        page.locator(".undo button").click()
        assert page.locator(".framed").count() == 4
        page.goto(f"{seen.address}/visits")
        page.locator("button[value=fits]").click()
        assert "1 cocok, 1 lagi" in page.content()
    assert seen.said == []


@pytest.mark.parametrize("language", ["id", pytest.param("en", marks=pytest.mark.slow)])
def test_no_page_scrolls_sideways_at_any_width(office, seen, language):
    from sync.server.people.tables import ACCOUNT_ROWS  # noqa: PLC0415 - only for this test

    with office.database.reading() as connection:
        for account in connection.execute(ACCOUNT_ROWS.select()):
            set_language(office, account.id, language)
    case = case_of(office)
    paths = (
        "/decide",
        case,
        f"{case}?photos=large",
        f"{case}?step=unite",
        f"{case}?step=as_is",
        "/visits",
    )
    with seen.page(1366) as page:
        for path in paths:
            page.goto(f"{seen.address}{path}")
            for width in (1366, 1180, 768, 390, 320):
                page.set_viewport_size({"width": width, "height": 900})
                wide = page.evaluate("document.documentElement.scrollWidth")
                assert wide <= width, (path, width, wide)
                assert page.evaluate(OUTSIDE) == [], (path, width)
    assert seen.said == []
