"""Pages as a browser shows them: no sideways scroll, a silent console, nothing hidden."""

from datetime import UTC, datetime

import pytest
import structlog
from axe_playwright_python.sync_playwright import Axe

from sync.server.home import Home
from sync.server.office import open_office
from sync.server.people.rights import Role
from tests.benchmarks.seeded_office import World, fill
from tests.browsing import seen_by
from tests.server.offices import new_office
from tests.server.people import signed_in
from tests.server.test_no_dead_ends import planted  # noqa: F401 - a fixture
from tests.server.walking import filled

WIDTHS = (320, 390, 683, 768, 1024, 1180, 1181, 1366)
PAGES = (
    "/", "/?measure=covered", "/people", "/people?district=321613&state=look&since=01-09-2026",
    "/people?village=3216132001&state=withdrawn", "/devices", "/devices/A23", "/lists",
    "/lists/visits", "/lists/papers", "/letters",
)  # fmt: skip
MOST_KB = 150
WHAT = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    structlog.reset_defaults()
    folder = tmp_path_factory.mktemp("seen") / "office"
    new_office(folder, None).close()
    made = open_office(Home(folder), None)
    fill(made, World(people=400, target=600, now=datetime.now(UTC), devices=24, zero_villages=9))
    yield made
    made.close()


@pytest.fixture(scope="module")
def seen(office):
    with seen_by(office, "coordinator") as found:
        yield found


@pytest.mark.parametrize("language", ["id", pytest.param("en", marks=pytest.mark.slow)])
@pytest.mark.parametrize("path", PAGES)
def test_no_page_scrolls_sideways_and_the_console_is_silent(seen, path, language):
    before = len(seen.said)
    seen.speak(language)
    with seen.page(1366) as page:
        seen.go(page, path)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{path} is {wide} wide at {width}"
        assert page.locator("h1").count() == 1
        assert "web." not in page.locator("body").inner_text()
    seen.speak("id")
    assert seen.said[before:] == []


WATCHED = {("/", 1366), ("/people", 390), ("/devices/A23", 1366), ("/lists/visits", 390)}


@pytest.mark.parametrize(
    ("path", "width"),
    [
        pytest.param(*one, marks=() if one in WATCHED else pytest.mark.slow)
        for one in [(path, 390) for path in PAGES]
        + [("/", 1366), ("/people", 1366), ("/devices/A23", 1366)]
    ],
)
def test_axe_finds_nothing(seen, path, width):
    with seen.page(width) as page:
        seen.go(page, path)
        for one in page.locator("main details").all():
            one.evaluate("one => { one.open = true }")
        assert violations(page) == []


def violations(page):
    """What axe has against a page as it stands, with the first tags that it is about."""
    found = Axe().run(page, options=WHAT).response["violations"]
    return [(one["id"], [node["html"][:120] for node in one["nodes"][:3]]) for one in found]


def pages_by_role(office, app, parts):
    """Every page that the planted office can show, by the first role that may open it."""
    left = {path for method, path in app.state.site.needs.rights if method == "GET"}
    pages = {}
    for role in Role:
        browser = signed_in(office, role, app=app)
        for path in sorted(left):
            answer = browser.get(filled(path, parts))
            if answer.status_code != 200:
                continue
            left.discard(path)
            if answer.headers["content-type"].startswith("text/html"):
                pages.setdefault(role, []).append(filled(path, parts))
    return pages


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("language", ["id", "en"])
def test_axe_finds_nothing_on_any_page_that_the_application_has(planted, language):  # noqa: F811 - the fixture
    """Read out of its routes: a page of tomorrow is looked at without being named here."""
    (found, app, parts), wrong, looked_at = planted, {}, 0
    for role, addresses in pages_by_role(found.office, app, parts).items():
        with seen_by(found.office, role, language) as seen, seen.page(390) as page:
            for address in addresses:
                seen.go(page, address)
                looked_at += 1
                if said := violations(page):
                    wrong[address] = said
    assert wrong == {}
    assert looked_at > len(PAGES)


def test_the_first_page_weighs_at_most_150_kb_with_its_fonts(seen):
    sizes = []
    with seen.page(1366) as page:
        page.on("requestfinished", lambda one: sizes.append(one.sizes()["responseBodySize"]))
        seen.go(page, "/")
        page.wait_for_load_state("networkidle")
    assert len(sizes) >= 7  # the page, two styles, keys, three fonts
    assert sum(sizes) <= MOST_KB * 1000


def test_the_first_view_holds_number_bar_money_map_and_days(seen):
    with seen.page(1366, 640) as page:
        seen.go(page, "/")
        for what in (".one strong", "svg.bar", ".money", ".carto .r1", "svg.plot"):
            box = page.locator(what).first.bounding_box()
            assert box["y"] + min(box["height"], 40) <= 640, what


def test_keys_work_on_what_the_page_can_do_anyway(seen):
    with seen.page(1366) as page:
        seen.go(page, "/people")
        page.keyboard.press("/")
        assert page.evaluate("document.activeElement.name") == "words"
        page.keyboard.type("j?")
        assert page.locator("dialog[open]").count() == 0
        page.locator("h1").click()
        page.keyboard.press("j")
        first = page.evaluate("document.activeElement.textContent")
        page.keyboard.press("j")
        assert page.evaluate("document.activeElement.textContent") != first
        page.keyboard.press("k")
        assert page.evaluate("document.activeElement.textContent") == first
        page.keyboard.press("?")
        assert page.locator("dialog[open]").count() == 1
        page.keyboard.press("Escape")
        with page.expect_navigation():
            page.keyboard.press("]")
        assert "page=2" in page.url
        page.keyboard.press("j")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert "/service/" in page.url


def test_everything_is_there_without_script(seen):
    with seen.page(390, java_script_enabled=False) as page:
        seen.go_plain(page, "/people")
        page.locator("summary").first.click()
        assert page.locator(".menu nav a").first.is_visible()
        page.locator("summary").first.click()
        page.locator("#f-words").fill("a")
        page.locator("form.search button").click()
        assert page.locator("tbody tr").count() > 0


def test_printing_leaves_out_what_only_a_screen_needs(seen):
    with seen.page(1366) as page:
        seen.go(page, "/")
        page.emulate_media(media="print")
        assert page.locator(".letterhead").is_visible()
        for gone in (".rail", ".actions", ".seg"):
            assert not page.locator(gone).first.is_visible(), gone
        assert page.locator(".one strong").is_visible()
