"""Walks through the office's pages as a browser does: every link is opened, every form is known.

The routes are read out of the application itself, so that a page of tomorrow is walked to, or is
told of as one that no page leads to.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from fastapi import FastAPI
from httpx2 import Response

from tests.server.people import Browser

MOST_OF_A_ROUTE = 6
_LINKS = {"a": "href", "img": "src", "link": "href", "script": "src"}


@dataclass
class Field:
    name: str
    kind: str
    value: str = ""
    choices: list[str] = field(default_factory=list)

    @property
    def is_typed(self) -> bool:
        return self.kind in {"text", "search", "textarea", "password", "email", "tel", "number"}


@dataclass
class Sheet:
    """A form of a page: where it goes, and what it holds as it stands there."""

    method: str
    action: str
    seen_on: str = ""
    fields: list[Field] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def values(self, **typed: str) -> dict[str, str]:
        """What a browser would send, with `typed` in the fields of these names."""
        found = {one.name: one.value for one in self.fields if one.kind != "file" and one.name}
        if self.buttons:
            found |= [self.buttons[0]]
        return found | {name: value for name, value in typed.items() if name in found}


class Page(HTMLParser):
    """The tags of a page, its links and its forms."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.words: list[tuple[str, str]] = []  # (tag that it stands in, text)
        self.links: list[str] = []
        self.forms: list[Sheet] = []
        self._by_id: dict[str, Sheet] = {}
        self._form: Sheet | None = None
        self._inside = ""
        self._area: Field | None = None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        self.tags.append((tag, said))
        self._inside = tag
        if (place := said.get(_LINKS.get(tag, ""))) is not None:
            self.links.append(place)
        if tag == "form":
            self._form = Sheet(said.get("method", "get").upper(), said.get("action", ""))
            self.forms.append(self._form)
            if "id" in said:
                self._by_id[said["id"]] = self._form
        elif tag in {"input", "select", "textarea", "button"}:
            self._take(tag, said)
        elif tag == "option" and self._area is not None:
            self._area.choices.append(said.get("value", ""))
            if "selected" in said or len(self._area.choices) == 1:
                self._area.value = said.get("value", "")

    def _take(self, tag: str, said: dict[str, str]) -> None:
        form = self._by_id.get(said["form"]) if "form" in said else self._form
        if form is None:
            return
        name, value = said.get("name", ""), said.get("value", "")
        kind = said.get("type", "text" if tag == "input" else "submit" if tag == "button" else tag)
        if kind == "submit":
            form.buttons += [(name, value)] if name else []
        elif kind not in {"radio", "checkbox"} or "checked" in said:
            one = Field(name, kind, value)
            form.fields.append(one)
            self._area = one if tag in {"select", "textarea"} else None

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        if tag in {"select", "textarea"}:
            self._area = None
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.words.append((self._inside, data))
        if self._area is not None and self._area.kind == "textarea":
            self._area.value += data


@dataclass
class Walk:
    """What one browser came across: answers by address, and forms by their route."""

    app: FastAPI
    browser: Browser
    answers: dict[str, Response] = field(default_factory=dict)
    forms: dict[str, list[Sheet]] = field(default_factory=lambda: defaultdict(list))
    led: set[tuple[str, str]] = field(default_factory=set)  # (page, address that it leads to)
    most: int = MOST_OF_A_ROUTE
    met: Counter[tuple[str, str]] = field(default_factory=Counter)

    def from_here(self, *starts: str) -> "Walk":
        """Open these pages, and all that they lead to, some of each kind."""
        waiting = list(starts)
        while waiting:
            address = waiting.pop(0)
            route = self.route("GET", address)
            if address in self.answers or route is None or self.met["GET", route] >= self.most:
                continue
            waiting += self.take(address, self.browser.get(address))
        return self

    def take(self, address: str, answer: Response) -> list[str]:
        """Note an answer; return where it leads to."""
        self.answers[address] = answer
        self.met["GET", self.route("GET", address) or ""] += 1
        place = answer.headers.get("location")
        found = [place] if place else self.read(address, answer)
        self.led |= {(address, one) for one in found}
        return found

    def read(self, address: str, answer: Response) -> list[str]:
        """Return the links of a page, and keep its forms."""
        if not answer.headers.get("content-type", "").startswith("text/html"):
            return []
        page = Page(answer.text)
        leads = [_path(urljoin(address, link)) for link in page.links if not _is_far(link)]
        for form in page.forms:
            form.action, form.seen_on = _path(urljoin(address, form.action)), address
            if form.method == "GET":
                leads.append(form.action)
            elif form.method == "POST" and (route := self.route("POST", form.action)):
                known = self.forms[route]
                if len(known) < MOST_OF_A_ROUTE:
                    known.append(form)
        return leads

    def post(self, form: Sheet, files: Any = None, **typed: str) -> Response:
        route = self.route("POST", form.action)
        assert route
        self.met["POST", route] += 1
        how = {"files": files} if files else {}
        return self.browser.post(
            form.action, {**form.values(**typed), "csrf": self.browser.csrf}, **how
        )

    def route(self, method: str, address: str) -> str | None:
        """Return the pattern that an address belongs to."""
        path = urlsplit(address).path
        for route in self.app.router.routes:
            if method in route.methods and route.path_regex.match(path):
                return str(route.path)
        return None

    def all_forms(self) -> Iterator[Sheet]:
        for some in self.forms.values():
            yield from some


def filled(path: str, parts: dict[str, str]) -> str:
    """Return a route's path with what stands in braces in it filled."""
    parts = {**parts, "code": "A01"} if path.startswith("/devices") else parts
    return re.sub(r"\{(\w+)\}", lambda part: str(parts[part[1]]), path)


def _is_far(link: str) -> bool:
    return urlsplit(link).scheme not in {"", "http"} or link.startswith("#")


def _path(address: str) -> str:
    parts = urlsplit(address)
    return parts.path + (f"?{parts.query}" if parts.query else "")
