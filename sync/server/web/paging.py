"""The pages of a list as links: the first, the last, and those around the one that is open."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from enumerator_app.texts import Language
from sync.server.web.numbers import whole


@dataclass(frozen=True, slots=True)
class Pager:
    """What the macro `pager` shows; numbers are written out, a link without address is a gap."""

    first: str
    last: str
    total: str
    links: list[dict[str, Any]]
    before: str
    after: str


def pager(
    *, first: int, last: int, total: int, page: int, pages: int,
    address: Callable[[int], str], language: Language,
) -> Pager:  # fmt: skip
    """Return the links of `pages` pages, of which `page` is open."""
    shown = sorted({1, pages, *range(max(page - 1, 1), min(page + 1, pages) + 1)})
    links: list[dict[str, Any]] = []
    for n in shown:
        if links and n - int(links[-1]["n"]) > 1:
            links.append({"n": n - 1, "label": "", "address": "", "is_here": False})
        links.append(
            {"n": n, "label": whole(n, language), "address": address(n), "is_here": n == page}
        )
    return Pager(
        first=whole(first, language),
        last=whole(last, language),
        total=whole(total, language) if total else "",
        links=links,
        before=address(page - 1) if page > 1 else "",
        after=address(page + 1) if page < pages else "",
    )
