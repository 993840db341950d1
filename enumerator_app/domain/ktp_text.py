"""What may be proposed from the text of an identity card, and where it is better to stay silent.

The reader of letters gives words with their places; a card has a label at the left and its value at
the right. A proposal is never the truth: it is shown beside the field and a person compares it with
the card. So a field that could be wrong unnoticed is left out: a NIK must have 16 digits that read
alike in both pictures, and agree with date and sex as they were read.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import SequenceMatcher
from typing import Final, Literal

from enumerator_app.domain.nik import InvalidNik, parse_nik

KtpField = Literal[
    "nik", "name", "birth_place", "birth_date", "sex", "address", "rt", "rw", "village", "district"
]
FIELDS: Final[tuple[KtpField, ...]] = (
    "nik", "name", "birth_place", "birth_date", "sex", "address", "rt", "rw", "village", "district",
)  # fmt: skip
_LABELS: Final = {
    "nik": "NIK",
    "name": "NAMA",
    "birth": "TEMPATTGLLAHIR",
    "sex": "JENISKELAMIN",
    "address": "ALAMAT",
    "block": "RTRW",
    "village": "KELDESA",
    "district": "KECAMATAN",
}
_OTHER_LABELS: Final = ("AGAMA", "STATUSPERKAWINAN", "PEKERJAAN", "KEWARGANEGARAAN", "GOLDARAH")
_SPACED: Final = frozenset({"name", "address", "village", "district"})
_LIKE: Final = 0.78
_WIDE_COLON: Final = "\uff1a"
_LEAST_SCORE: Final = 0.6
_LEAST_NIK_SCORE: Final = 0.8
_LOOKS_LIKE: Final = str.maketrans("OQDIL|SBZGT", "00011158267")
_DATE: Final = re.compile(r"(\d{2})\D{0,2}(\d{2})\D{0,2}(\d{4})")
_NAME: Final = re.compile(r"[A-Z][A-Z .,'`-]*")


@dataclass(frozen=True, slots=True)
class Word:
    """One piece of text on a picture: its left edge, its middle line and height in pixels.

    `least` is how sure its least sure letter is; `is_spaced` whether its blanks are sure.
    """

    text: str
    left: float
    middle: float
    height: float
    score: float
    least: float = 1.0
    is_spaced: bool = True


Proposals = dict[KtpField, str]


def read_card(words: Sequence[Word]) -> Proposals:
    """Return what one picture says, each field only if it is likely right."""
    found = _labelled(words)
    proposals: Proposals = {}
    for label, word in found.items():
        least = _LEAST_NIK_SCORE if label == "nik" else _LEAST_SCORE
        if min(word.score, word.least) >= least and (word.is_spaced or label not in _SPACED):
            proposals |= _READERS[label](word.text)
    return _consistent(proposals)


def agreed(readings: Sequence[Proposals]) -> Proposals:
    """Return what several pictures of one card say alike."""
    if not readings:
        return {}
    first, *others = readings
    same = {
        name: value
        for name, value in first.items()
        if all(other.get(name) == value for other in others)
    }
    return _consistent(same)


def _labelled(words: Sequence[Word]) -> dict[str, Word]:
    """Return the value that belongs to each label: the one to its right, or behind its colon."""
    found: dict[str, Word] = {}
    for word in words:
        label, rest = _label_in(word.text)
        if label is None or label in found or label not in _LABELS:
            continue
        value = replace(word, text=rest) if rest else None
        value = value or _right_of(word, words)
        if value is not None:
            found[label] = value
    return found


def _label_in(written: str) -> tuple[str | None, str]:
    """Return which label a piece begins with, and what stands behind its colon."""
    head, colon, rest = written.replace(_WIDE_COLON, ":").partition(":")
    letters = "".join(c for c in _plain(head) if c.isalpha())
    for name, label in (*_LABELS.items(), *((other, other) for other in _OTHER_LABELS)):
        if letters == label or SequenceMatcher(None, letters, label).ratio() >= _LIKE:
            return name, rest.strip() if colon else ""
    return None, ""


def _right_of(label: Word, words: Sequence[Word]) -> Word | None:
    on_the_line = [
        word
        for word in words
        if word.left > label.left
        and abs(word.middle - label.middle) < 0.9 * max(label.height, word.height)
        and _label_in(word.text)[0] is None
    ]
    if not on_the_line:
        return None
    nearest = min(on_the_line, key=lambda word: (abs(word.middle - label.middle), word.left))
    return replace(nearest, text=nearest.text.replace(_WIDE_COLON, ":").lstrip(" :."))


def _plain(written: str) -> str:
    return unicodedata.normalize("NFKC", written).upper()


def _spread(written: str) -> str:
    """Return words in capitals, one blank between them, and one behind a full stop."""
    return " ".join(_plain(written).replace(".", ". ").split())


def _nik(written: str) -> Proposals:
    digits = re.sub(r"[\s.:-]", "", _plain(written)).translate(_LOOKS_LIKE)
    return {"nik": digits} if re.fullmatch(r"[0-9]{16}", digits) else {}


def _name(written: str) -> Proposals:
    name = _spread(written)
    return {"name": name} if _NAME.fullmatch(name) and len(name) > 1 else {}


def _birth(written: str) -> Proposals:
    plain = _plain(written)
    dated = _DATE.search(plain)
    if dated is None:
        return {}
    day, month, year = (int(part) for part in dated.groups())
    try:
        born = date(year, month, day)
    except ValueError:
        return {}
    place = plain[: dated.start()].strip(" ,.-")
    found: Proposals = {"birth_date": born.strftime("%d-%m-%Y")}
    return found | ({"birth_place": place} if _NAME.fullmatch(place) else {})


def _sex(written: str) -> Proposals:
    letters = "".join(c for c in _plain(written) if c.isalpha())
    for sex, word in (("L", "LAKILAKI"), ("P", "PEREMPUAN")):
        if SequenceMatcher(None, letters[: len(word)], word).ratio() > _LIKE:
            return {"sex": sex}
    return {}


def _address(written: str) -> Proposals:
    address = _spread(written)
    return {"address": address} if len(address) > 2 else {}


def _block(written: str) -> Proposals:
    parts = re.fullmatch(r"(\d{3})\s*/\s*(\d{3})", _plain(written).translate(_LOOKS_LIKE))
    return {"rt": parts[1], "rw": parts[2]} if parts else {}


def _village(written: str) -> Proposals:
    return {"village": " ".join(_plain(written).split())}


def _district(written: str) -> Proposals:
    return {"district": " ".join(_plain(written).split())}


_READERS: Final = {
    "nik": _nik, "name": _name, "birth": _birth, "sex": _sex, "address": _address,
    "block": _block, "village": _village, "district": _district,
}  # fmt: skip


def _consistent(proposals: Proposals) -> Proposals:
    """Return the proposals without a NIK that its own card contradicts.

    Where NIK and date or sex disagree, one of them was misread (or the card is odd, which a person
    has to see): then none of them is proposed.
    """
    nik, born = proposals.get("nik"), proposals.get("birth_date")
    if nik is None:
        return proposals
    try:
        read = parse_nik(nik)
    except InvalidNik:
        doubtful = True
    else:
        day = date(int(born[6:]), int(born[3:5]), int(born[:2])) if born else None
        agrees = day is None or read.agrees_with(day)
        doubtful = not agrees or proposals.get("sex") not in {None, read.sex}
    if not doubtful and born is not None:
        return proposals
    left_out = {"nik", "birth_date", "sex"} if doubtful else {"nik"}
    return {name: value for name, value in proposals.items() if name not in left_out}
