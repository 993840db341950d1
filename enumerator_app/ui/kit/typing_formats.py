"""How a field groups what is being typed. Pure text: nothing here knows a window.

No format ever drops a letter or a digit that was typed: what is wrong is for the rules to say.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

NIK_GROUPS: Final = (6, 6, 4)  # district, date, serial
PHONE_GROUPS: Final = (4, 4, 4)
_DATE_PARTS: Final = (2, 2, 4)  # day, month, year


@dataclass(frozen=True)
class TypingFormat:
    """`shape` is applied after each key and must leave its own result as it is."""

    shape: Callable[[str], str]
    separators: str
    tidy: Callable[[str], str] = str  # once more, when the field is left
    key: Callable[[str], str] = str  # of a single key, so that undoing finds nothing reshaped


def grouped(text: str, sizes: tuple[int, ...]) -> str:
    """Return the characters without blanks in groups of `sizes`; what is over stays at the end."""
    kept = "".join(text.split())
    groups, start = [], 0
    for size in sizes[:-1]:
        groups.append(kept[start : start + size])
        start += size
    groups.append(kept[start:])
    return " ".join(group for group in groups if group)


def grouped_nik(text: str) -> str:
    """321510 520374 0003; a name, by which somebody is looked for, stays as typed."""
    if not any(sign.isdigit() for sign in text):
        return text
    return grouped(text, NIK_GROUPS)


def grouped_phone(text: str) -> str:
    """0812 3456 7890; with a country code, +62 8123 4567 890."""
    kept = re.sub(r"[\s.\-]", "", text)
    if kept.startswith("+"):
        return grouped(kept, (3, *PHONE_GROUPS))
    return grouped(kept, PHONE_GROUPS)


def dashed_date(text: str) -> str:
    """21-03-1974: dashes come by themselves, `3/` becomes `03-`; other letters stay as typed."""
    if re.search(r"[^\d\s./\-]", text):
        return text
    parts: list[str] = [""]
    for sign in text:
        room = _DATE_PARTS[min(len(parts), 3) - 1]
        if not sign.isdigit():
            if parts[-1] and len(parts) < len(_DATE_PARTS):
                parts[-1] = parts[-1].zfill(room)
                parts.append("")
        elif len(parts) < len(_DATE_PARTS) and len(parts[-1]) == room:
            parts.append(sign)
        else:
            parts[-1] += sign
    return "-".join(parts)


def typed_date(text: str) -> date | None:
    """Return the day a date field shows; None while it shows none."""
    found = re.fullmatch(r"(\d{2})-(\d{2})-(\d{4})", text)
    if not found:
        return None
    day, month, year = (int(part) for part in found.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None


def shown_date(day: date) -> str:
    """Return the day as people here write it: 22-11-2026."""
    return day.strftime("%d-%m-%Y")


def padded_rt_rw(text: str) -> str:
    """003 / 001, from `3/1`, `3 1` or `003/001`; anything else as typed."""
    found = re.fullmatch(r"\s*(\d{1,3})\s*[/ .\-]\s*(\d{1,3})\s*", text)
    return f"{found[1].zfill(3)} / {found[2].zfill(3)}" if found else text


def ungrouped(text: str) -> str:
    """Return the text without the blanks that a format put in."""
    return "".join(text.split())


PLAIN: Final = TypingFormat(str, "")
CAPITALS: Final = TypingFormat(str.upper, "", key=str.upper)
NIK: Final = TypingFormat(grouped_nik, " ")
PHONE: Final = TypingFormat(grouped_phone, " ")
DATE: Final = TypingFormat(dashed_date, "-")
RT_RW: Final = TypingFormat(str, "", padded_rt_rw)


def cursor_after(shape: TypingFormat, before: str, cursor: int, after: str) -> int:
    """Return where the cursor goes when `before` was reshaped into `after`."""
    if cursor >= len(before):
        return len(after)
    wanted = sum(sign not in shape.separators for sign in before[:cursor])
    for place, sign in enumerate(after):
        if wanted == 0:
            return place
        wanted -= sign not in shape.separators
    return len(after)
