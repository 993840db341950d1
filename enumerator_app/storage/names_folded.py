"""The form in which names, numbers and NIKs are looked for."""

import re
import unicodedata


def folded_name(name: str) -> str:
    """Return `name` without case, accents and extra blanks."""
    if name.isascii():
        return " ".join(name.lower().split())
    bare = unicodedata.normalize("NFKD", name)
    kept = "".join(c for c in bare if not unicodedata.combining(c))
    return " ".join(kept.casefold().split())


def number_label(number: str) -> str:
    """Return the part of a number that differs from record to record: serial, tag and check."""
    return "".join(number.split("-")[2:])


def compact(typed: str) -> str:
    """Return typed digits and letters without what people put between them."""
    return re.sub(r"[\s.\-/]", "", typed)
