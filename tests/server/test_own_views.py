"""Filters that somebody saves for themselves on the list of registrations."""

from html import escape

from tests.browsing import seen_by
from tests.server.people import signed_in


def save(browser, name: str, filtered: str = "district=321613&state=waiting_nik", **more):
    return browser.post("/people/views", {"name": name, "filter": filtered, **more})


def test_a_filter_is_saved_shown_to_its_owner_alone_and_removed(sqlite_office):
    one = signed_in(sqlite_office, "coordinator")
    other = signed_in(sqlite_office, "verifier")
    page = one.get("/people?district=321613&state=waiting_nik").text
    assert "Simpan saringan ini" in page
    assert "Simpan saringan ini" not in one.get("/people").text
    saved = save(one, "  Pebayuran   tanpa NIK ")
    assert saved.headers["location"] == "/people?district=321613&state=waiting_nik"
    everything = one.get("/people").text
    assert ">Pebayuran tanpa NIK</a>" in everything
    assert "Pebayuran tanpa NIK" not in other.get("/people").text
    here = one.get(saved.headers["location"]).text
    assert "Simpan saringan ini" not in here
    assert "Hapus saringan “Pebayuran tanpa NIK”" in here
    save(one, "Pebayuran tanpa NIK", do="forget")
    assert "Pebayuran tanpa NIK" not in one.get("/people").text


def test_the_same_name_is_replaced_and_there_is_an_end(sqlite_office):
    browser = signed_in(sqlite_office, "coordinator")
    for _ in range(2):
        assert save(browser, "A").status_code == 303
    assert browser.get("/people").text.count(">A</a>") == 1
    for n in range(11):
        assert save(browser, f"B{n}").status_code == 303
    full = save(browser, "C")
    assert full.status_code == 422
    assert "Sudah ada 12 saringan tersimpan" in full.text
    assert save(browser, "A", "state=refused").status_code == 303  # one of the twelve


def test_what_is_no_filter_is_not_saved_and_a_name_is_words_alone(sqlite_office):
    browser = signed_in(sqlite_office, "coordinator")
    for name, filtered in (("", "state=refused"), ("x", ""), ("x", "state=nothing&page=2")):
        assert save(browser, name, filtered).status_code == 303
    assert ">x</a>" not in browser.get("/people").text
    hurts = "<script>alert(1)</script>"
    save(browser, hurts, "state=refused")
    page = browser.get("/people").text
    assert hurts not in page
    assert escape(hurts) in page
    assert signed_in(sqlite_office, "administrator").post("/people/views").status_code == 403


def test_it_is_saved_in_a_browser_with_keys_alone(sqlite_office):
    with seen_by(sqlite_office, "coordinator", "en") as found, found.page(1366) as page:
        found.go(page, "/people?state=refused")
        page.get_by_label("Name of the filter").focus()
        page.keyboard.type("Back from the insurer")
        page.keyboard.press("Enter")
        tab = page.get_by_role("link", name="Back from the insurer")
        tab.wait_for()
        assert tab.get_attribute("aria-current") == "true"
        for width in (320, 683, 1366):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert found.said == []
