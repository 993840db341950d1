"""Which branch of the insurer the page of lists is about; a choice only where there are several."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from enumerator_app.texts import Language, text
from sync.server.batches.branches import branches, looked_at
from sync.server.letterhead import read_letterhead
from sync.server.office import Office
from sync.server.web.numbers import whole


def asked_branch(values: Mapping[str, str]) -> str | None:
    """Return the branch that an address or a form names; None if there is no such branch."""
    branch = values.get("branch", "")
    return branch if branch in branches() else None


def of_branch(address: str, branch: str) -> str:
    """Return an address about a branch."""
    return f"{address}?{urlencode({'branch': branch})}" if branch else address


def branch_words(office: Office, branch: str, language: Language) -> str:
    """Return what a branch is called; empty is that of the letterhead."""
    named = branch or read_letterhead(office)[0].insurer_branch
    return named or text("web.batches_branch", language)


def branch_tabs(office: Office, branch: str, language: Language) -> list[dict[str, Any]]:
    """Return each branch with its people as a tab; none where there is one branch alone.

    The numbers add up to everybody who is approved or waits for a NIK alone.
    """
    known = branches()
    if len(known) == 1:
        return []
    people = looked_at(office)
    return [
        {
            "label": text(
                "web.batches_branch_tab", language, n=whole(people[one], language),
                branch=branch_words(office, one, language),
            ),
            "address": of_branch("/batches", one),
            "is_active": one == branch,
        }
        for one in known
    ]  # fmt: skip
