"""Phone numbers: one written form, "0812…", of 10 to 13 digits. Never a key: many are shared."""

import re
from typing import Final

from enumerator_app.domain.typed import NotUnderstood, one_line, shortened, word_key

_FORM = re.compile(r"0[1-9][0-9]{8,11}")
_NO_PHONE: Final = frozenset({"", "tidakada", "tidakpunya", "taada", "none", "nophone", "0"})


def says_no_phone(typed: str) -> bool:
    """Return whether the phone field says that there is none: "-", "tidak ada"."""
    return bool(typed.strip()) and word_key(typed) in _NO_PHONE


def read_phone(typed: str) -> str:
    """Return "0812…" from "0812…", "812…", "62812…", "+62 812…" or "0062 812…".

    Raises:
        NotUnderstood: `phone_odd`, if it is not 10 to 13 digits.
    """
    compact = re.sub(r"[\s.\-()/]", "", one_line(typed).removeprefix("'"))
    compact = re.sub(r"^(?:\+62|0062|62)0?(?=[1-9])", "0", compact)
    if compact.startswith("8"):
        compact = "0" + compact
    if not _FORM.fullmatch(compact):
        raise NotUnderstood("phone_odd", value=shortened(typed))
    return compact


def tidy_phone(typed: str) -> str:
    """Return the one form of a phone number, or what was typed if it is not one."""
    try:
        return read_phone(typed)
    except NotUnderstood:
        return one_line(typed)


def is_phone(phone: str) -> bool:
    """Return whether `phone` is in the one form."""
    return _FORM.fullmatch(phone) is not None


def is_mobile(phone: str) -> bool:
    return is_phone(phone) and phone.startswith("08")


def shown_phone(phone: str) -> str:
    """Return a phone number in groups of four: "0812 3456 7890"."""
    return " ".join(phone[i : i + 4] for i in range(0, len(phone), 4)) if is_phone(phone) else phone
