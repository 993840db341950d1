"""Names of people: KTP capitals, search keys, and spellings that mean one name.

An Indonesian name has no first and last part. It is stored as on the KTP; titles, dots and twin
spellings are only looked through when names are searched or compared.
"""

import re
import unicodedata
from typing import Final

from enumerator_app.domain.typed import one_line

LONGEST_KTP_NAME: Final = 60  # Permendagri 73/2022; older names may be longer
_TITLES: Final = frozenset(
    {"H", "HJ", "HAJI", "HAJJAH", "UST", "USTAD", "USTADZ", "USTADZAH", "KH", "TN", "NY", "TUAN",
     "NYONYA"}
)  # fmt: skip
_TWIN_WORDS: Final = {
    twin: name
    for name, twins in {
        "MUHAMAD": "MUHAMMAD MOHAMAD MOHAMMAD MOCHAMAD MOCHAMMAD MUCHAMAD MUCHAMMAD MOHAMED "
        "MUHAMMED MUHAMED MUKHAMAD MOH MUH MOCH MUCH MHD MUHD MOHD MD",
        "ABDUL": "ABD ABDL ABDOEL",
        "SITI": "ST SITTI",
    }.items()
    for twin in twins.split()
}
# Old spelling first (OE, DJ, TJ), then sounds that West Java writes in two ways. Order matters.
_TWIN_SOUNDS: Final = (
    ("OE", "U"), ("DJ", "J"), ("TJ", "C"), ("SJ", "S"), ("SY", "S"), ("SH", "S"), ("KH", "H"),
    ("CH", "H"), ("DH", "D"), ("TH", "T"), ("DZ", "J"), ("Z", "J"), ("F", "P"), ("V", "P"),
    ("Q", "K"), ("X", "KS"), ("AE", "AI"), ("IY", "I"), ("UW", "U"), ("EE", "I"), ("OO", "U"),
)  # fmt: skip


def ktp_capitals(typed: str) -> str:
    """Return a typed name as the KTP prints it: capitals, single blanks, dots and apostrophes."""
    return one_line(one_line(typed).replace("\u2019", "'").upper())


def name_words(name: str) -> tuple[str, ...]:
    """Return the words of a name in plain capitals, without punctuation and leading titles."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    joined = re.sub(r"['\u2019`]", "", plain.upper())
    words = [word for word in re.split(r"[\W_]+", joined) if word]
    while len(words) > 1 and words[0] in _TITLES:
        words.pop(0)
    return tuple(words)


def name_key(name: str) -> str:
    """Return the search key: capitals without blanks, punctuation and titles; BIN/BINTI stay."""
    return "".join(name_words(name))


def folded_words(name: str) -> tuple[str, ...]:
    """Return the words of a name with twin spellings made one: YUSUF = YUSUP, MOH. = MUHAMMAD."""
    return tuple(_fold(word) for word in name_words(name))


def folded_name(name: str) -> str:
    """Return the folded words as one text."""
    return " ".join(folded_words(name))


def _fold(word: str) -> str:
    folded, before = _TWIN_WORDS.get(word, word), ""
    while folded != before:  # one sound may uncover another; no rule leads back, so it ends
        before = folded
        for written, sounded in _TWIN_SOUNDS:
            folded = folded.replace(written, sounded)
        folded = re.sub(r"(.)\1+", r"\1", folded)
        folded = folded.removesuffix("H") if len(folded) > 2 else folded
    return folded
