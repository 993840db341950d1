"""A form that was sent after its session had ended: nothing of it is done, and nothing is lost.

What was typed stays in the page that says so. Once the same person has signed in again, in another
tab, it is sent again, shown to them, and done when they say so. Passwords, codes and files are left
out: they are typed and chosen anew.
"""

from collections.abc import Mapping
from typing import Any, Final

from sync.server.web.forms import Form

MOST_KEPT: Final = 64 * 1024
SENT_BY: Final = "sent_by"
_SECRET: Final = frozenset({"csrf", "code", "password", "old", "new", "again", SENT_BY})


def kept(form: Form, *, path: str, account: str) -> dict[str, Any]:
    """Return what a page needs to send a form again: its address and its fields."""
    fields = [
        (name, value)
        for name, values in form.lists.items()
        if name not in _SECRET
        for value in values
    ]
    return {
        "address": path,
        "fields": [*fields, (SENT_BY, account)],
        "needs_code": "code" in form.lists,
        "lost": bool(form.files) or bool(_SECRET & set(form.lists) - {"csrf", "code", SENT_BY}),
    }


def is_sent_again(values: Mapping[str, str], account: str) -> bool:
    """Return whether the form was kept for this same person."""
    return values.get(SENT_BY) == account
