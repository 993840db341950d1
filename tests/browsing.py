"""A real browser in front of a real server: what one sees, and what a page does to the console."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from sync.server.office import Office
from sync.server.people.tables import ACCOUNT_ROWS
from tests.server.offices import serving
from tests.server.people import signed_in

CHROMIUM = "/usr/bin/chromium"
OPTIONS = (
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--lang=id",
)  # fmt: skip


@dataclass
class Seen:
    """Pages of one office, opened by somebody; `said` is what the browser complained of."""

    browser: Browser
    office: Office
    account: str
    address: str
    cookie: dict[str, Any]
    said: list[str] = field(default_factory=list)

    @contextmanager
    def page(self, width: int, height: int = 900, **how: Any) -> Iterator[Page]:
        """Open a window of this size; `go` follows with an address."""
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, locale="id-ID", **how
        )
        context.add_cookies([self.cookie])
        page = context.new_page()
        page.on("console", lambda message: self.said.append(f"{page.url}: {message.text}"))
        page.on("pageerror", lambda error: self.said.append(f"{page.url}: {error}"))
        try:
            yield page
        finally:
            context.close()

    def speak(self, language: str) -> None:
        """Have the pages in this language from now on."""
        set_language(self.office, self.account, language)

    def go(self, page: Page, path: str) -> None:
        self.go_plain(page, path)
        page.evaluate("document.fonts.ready")

    def go_plain(self, page: Page, path: str) -> None:
        """Open a page where no script runs."""
        page.goto(f"{self.address}{path}")


@contextmanager
def seen_by(office: Office, role: str = "coordinator", language: str = "id") -> Iterator[Seen]:
    """Serve an office and open a browser in which somebody with this role is signed in."""
    person = signed_in(office, role)
    set_language(office, person.account, language)
    with serving(office) as (host, port), sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=list(OPTIONS))
        cookie = {"name": "session", "value": person.token, "url": f"http://{host}:{port}"}
        try:
            yield Seen(browser, office, person.account, f"http://{host}:{port}", cookie)
        finally:
            browser.close()


def set_language(office: Office, account: str, language: str) -> None:
    with office.database.writing() as connection:
        change = ACCOUNT_ROWS.update().where(ACCOUNT_ROWS.c.id == account)
        connection.execute(change.values(language=language))
