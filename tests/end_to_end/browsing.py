"""Somebody at the office's pages over a real socket: reads forms as they stand and sends them."""

import re
import time
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

import pyotp
import requests


@dataclass
class PageForm:
    """A form of a page with what a browser would send of it untouched."""

    action: str
    values: dict[str, str] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)


class _Forms(HTMLParser):
    """Collects forms; the first of a group of radio buttons counts where none is checked."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[PageForm] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method", "get").lower() == "post":
            self.forms.append(PageForm(given.get("action", "")))
        elif self.forms and tag in {"input", "textarea", "select"} and "name" in given:
            name, kind = given["name"], given.get("type", "text")
            self.forms[-1].names.add(name)
            if "disabled" in given or (kind == "checkbox" and "checked" not in given):
                return
            if kind != "radio" or "checked" in given or name not in self.forms[-1].values:
                self.forms[-1].values[name] = given.get("value", "")


@dataclass
class Session:
    """One browser with its cookies. `phone` is the secret of the person's code app."""

    url: str
    phone: str
    line: requests.Session = field(default_factory=requests.Session)
    codes_used: int = 0

    def sign_in(self, login: str, password: str) -> None:
        """Come in by the door, whether or not this browser was in before."""
        self.line = requests.Session()
        self.submit("/sign-in", "/sign-in", login=login, password=password)
        self.submit("/sign-in/code", "/sign-in/code", code=self.code())
        assert "/sign-out" in self.page("/")

    def code(self) -> str:
        """The next code that was not used yet: each counts once, the one after now counts too."""
        phone = pyotp.TOTP(self.phone)
        step = int(time.time()) // 30 - 1
        used = max(self.codes_used + 1, step)
        while used > int(time.time()) // 30 + 1:
            time.sleep(1)  # the phone itself shows no newer one before
        self.codes_used = used
        return phone.at(used * 30)

    def page(self, path: str) -> str:
        answer = self.line.get(urljoin(self.url, path), timeout=60)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.text

    def submit(self, path: str, action: str, **values: str) -> requests.Response:
        """Fill the form of a page whose action holds `action`, and send it as a browser would."""
        parsed = _Forms()
        parsed.feed(self.page(path))
        (form,) = [one for one in parsed.forms if action in one.action][:1]
        origin = {"Origin": self.url}
        answer = self.line.post(
            urljoin(self.url + path, form.action), {**form.values, **values}, headers=origin,
            timeout=60,
        )  # fmt: skip
        assert answer.status_code == 200, (path, action, answer.status_code, answer.text[-600:])
        return answer

    def ask_to_unite(self, case: str) -> None:
        self.submit(f"/decide/{case}?step=unite", "/answer", answer="unite", step="unite")

    def agree_to_all(self) -> int:
        """Say yes to everything that waits for a second person; return how much it was."""
        done = 0
        while waiting := re.findall(r'action="(/pairs/[^"]+/yes)"', self.page("/pairs")):
            self.submit("/pairs", waiting[0], code=self.code())
            done += 1
        return done

    def numbers_of_overview(self) -> dict[str, int]:
        return totals_in(self.page("/"))


def totals_in(page: str) -> dict[str, int]:
    """The district's totals as they stand in the table of the first page."""
    foot = re.search(r"<tfoot>.*?</tfoot>", page.partition("table-of-map")[2], re.DOTALL)
    assert foot, "the first page has its numbers in a table"
    cells = re.findall(r"<td[^>]*>([^<]*)</td>", foot[0])[1:5]  # after the target
    names = ("registered", "submitted", "enrolled", "covered")
    return {name: int(cell.replace(".", "")) for name, cell in zip(names, cells, strict=True)}


def signed_in(url: str, login: str, password: str, phone: str) -> Session:
    made = Session(url, phone)
    made.sign_in(login, password)
    return made
