"""The checking page in a real browser, with an invented office's list."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from enumerator_app.cards.checking_page import JUDGE, as_script, checking_page, sources
from tests.verifier.browser import Browser, browser
from tests.verifier.corpus import trust_list, trust_of


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.fixture
def page(chromium: Browser, tmp_path: Path) -> Browser:
    """The page as the office writes it, opened from a folder, with a list of 22 November 2026."""
    return opened_page(chromium, tmp_path / "periksa.html")


def opened_page(chromium: Browser, path: Path, issued_on: date | None = None) -> Browser:
    made = trust_list() if issued_on is None else trust_list(issued_on)
    trust = trust_of(made)
    path.write_bytes(checking_page(trust, made))
    chromium.said.clear()
    chromium.asked.clear()
    # The page's own today, whatever day the tests run on.
    clock = chromium.call(
        "Page.addScriptToEvaluateOnNewDocument",
        source="Date.now = () => Date.UTC(2026, 10, 22, 5)",
    )
    chromium.open(path)
    chromium.call("Page.removeScriptToEvaluateOnNewDocument", **clock)
    chromium.until("!document.getElementById('form').hidden")
    return chromium


@pytest.fixture
def judge(chromium: Browser, tmp_path: Path) -> Browser:
    """Only the scripts that judge and read, in an empty page, with the invented list as LIST."""
    trust = trust_of(trust_list())
    content = as_script({"root_key": trust.root_key, **trust.document})
    page = tmp_path / "judge.html"
    page.write_text(
        f"<!doctype html><meta charset=utf-8><script>{sources(*JUDGE)}\n"
        f"const TRUST = {content};</script>"
    )
    chromium.open(page)
    chromium.run("Seal.openList(TRUST).then((list) => { globalThis.LIST = list; })")
    return chromium
