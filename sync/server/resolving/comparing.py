"""Two records beside each other: a row a field, what differs marked, and one word for each row."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import Any, Final, Literal

from enumerator_app.domain.instants import day_in_wib, instant_from_text, shown_date
from enumerator_app.domain.name_likeness import similar
from enumerator_app.domain.nik import shown_nik
from enumerator_app.domain.phones import shown_phone
from enumerator_app.domain.reference import load_places
from enumerator_app.texts import Language, text

Word = Literal["same", "alike", "differs", "unsaid"]
Body = Mapping[str, Any]
_READABLE: Final = 0.55
"""Below this likeness, single letters that happen to be equal only confuse: all of it is marked."""
_FEW_DIGITS: Final = 2


@dataclass(frozen=True, slots=True)
class Part:
    text: str
    is_marked: bool


Parts = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One field. `n`: in how many digits two NIKs differ, if in few; `fields`: what it holds."""

    name: str
    one: tuple[Part, ...]
    other: tuple[Part, ...]
    word: Word
    fields: tuple[str, ...] = ()
    n: int = 0

    @property
    def differs(self) -> bool:
        return self.word != "same"


def compared(one: Body, other: Body, language: Language) -> list[Row]:
    """Return the rows in the order in which somebody reads them."""
    return [_row(field, one, other, language) for field in _FIELDS]


def shown(name: str, body: Body, language: Language) -> str:
    """Return one row of one record in words; empty if it says nothing there."""
    return next(field.shown(body, language) for field in _FIELDS if field.name == name)


def parts(one: str, other: str) -> tuple[Parts, Parts]:
    """Return both texts cut into what is the same and what differs."""
    if one == other:
        return (Part(one, False),), (Part(other, False),)
    if set(one.split()) & set(other.split()):
        return _words(one, other)
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.ratio() < _READABLE:
        return (Part(one, True),), (Part(other, True),)
    ours, theirs = [], []
    for tag, a, b, c, d in matcher.get_opcodes():
        ours.append(Part(one[a:b], tag != "equal"))
        theirs.append(Part(other[c:d], tag != "equal"))
    return _joined(ours), _joined(theirs)


def _words(one: str, other: str) -> tuple[Parts, Parts]:
    """Return both texts with the words marked that only one of them has."""
    ours, theirs = one.split(" "), other.split(" ")
    matcher = SequenceMatcher(None, ours, theirs, autojunk=False)
    cut: tuple[list[Part], list[Part]] = [], []
    for tag, a, b, c, d in matcher.get_opcodes():
        for said, words in zip(cut, (ours[a:b], theirs[c:d]), strict=True):
            if words:
                blank = " " if said else ""
                said += [Part(blank, False), Part(" ".join(words), tag != "equal")]
    return _joined(cut[0]), _joined(cut[1])


def _joined(found: list[Part]) -> tuple[Part, ...]:
    return tuple(part for part in found if part.text)


def _digits(one: str, other: str) -> tuple[Parts, Parts]:
    """Return two numbers of one length digit by digit: a digit in its place says what slipped."""
    if len(one) != len(other):
        return (Part(one, True),), (Part(other, True),)
    ours: list[Part] = []
    theirs: list[Part] = []
    for a, b in zip(one, other, strict=True):
        for text_, said in ((a, ours), (b, theirs)):
            if said and said[-1].is_marked == (a != b):
                said[-1] = Part(said[-1].text + text_, a != b)
            else:
                said.append(Part(text_, a != b))
    return tuple(ours), tuple(theirs)


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    shown: Callable[[Body, Language], str]
    fields: tuple[str, ...]
    kind: Literal["text", "name", "nik"] = "text"


def _row(field: _Field, one: Body, other: Body, language: Language) -> Row:
    ours, theirs = field.shown(one, language), field.shown(other, language)
    nothing = text("web.decide_nothing", language)
    marked = {"nik": _digits, "name": parts, "text": _words}[field.kind]
    said: tuple[Parts, Parts]
    if ours and theirs:
        said = marked(ours, theirs)
    else:
        is_odd = ours != theirs
        said = (Part(ours or nothing, is_odd),), (Part(theirs or nothing, is_odd),)
    n = _apart(str(one.get("nik") or ""), str(other.get("nik") or "")) if field.kind == "nik" else 0
    return Row(field.name, *said, _word(field, ours, theirs), field.fields, n)


def _word(field: _Field, one: str, other: str) -> Word:
    if one == other:
        return "same"
    if not one or not other:
        return "unsaid"
    if field.kind == "name" and similar(one, other).reason:
        return "alike"
    return "differs"


def _apart(one: str, other: str) -> int:
    if len(one) != len(other):
        return 0
    n = sum(a != b for a, b in zip(one, other, strict=True))
    return n if n <= _FEW_DIGITS else 0


def _said(body: Body, name: str) -> str:
    return " ".join(str(body.get(name) or "").split())


def _born(body: Body, _: Language) -> str:
    day = body.get("birth_date")
    shown = shown_date(date.fromisoformat(day)) if day else ""
    return ", ".join(filter(None, (_said(body, "birth_place"), shown)))


def _sex(body: Body, language: Language) -> str:
    sex = _said(body, "sex")
    return text(f"findings.words.sex_{sex}", language) if sex in {"L", "P"} else ""


def _village(body: Body, _: Language) -> str:
    village = load_places().village(_said(body, "village_code"))
    return f"{village.name}, {village.district_name}" if village else _said(body, "village_code")


def _rt_rw(body: Body, _: Language) -> str:
    return " / ".join(filter(None, (_said(body, "rt"), _said(body, "rw"))))


def _phone(body: Body, language: Language) -> str:
    phone, owner = _said(body, "phone"), _said(body, "phone_owner") or "none"
    if not phone:
        return ""
    return f"{shown_phone(phone)}, {text(f'web.decide_owner_{owner}', language)}"


def _heirs(body: Body, language: Language) -> str:
    return ", ".join(_heirs_of(body, language))


def _heirs_of(body: Body, language: Language) -> Iterator[str]:
    for heir in body.get("heirs") or ():
        relation = str(heir.get("relation") or "")
        name = _said(heir, "name")
        yield f"{name} ({text(f'heirs.relation_{relation}', language)})" if relation else name


def _work(body: Body, _: Language) -> str:
    return ", ".join(filter(None, (_said(body, "occupation"), _said(body, "workplace"))))


def _recorded(body: Body, language: Language) -> str:
    at = body.get("registered_at")
    day = shown_date(day_in_wib(instant_from_text(str(at)))) if at else ""
    seen = text(f"web.decide_seen_{_said(body, 'document_seen') or 'none'}", language)
    return ", ".join(filter(None, (day, seen)))


_FIELDS: Final = (
    _Field("nik", lambda body, _: shown_nik(_said(body, "nik")), ("nik", "document_seen"), "nik"),
    _Field("name", lambda body, _: _said(body, "name"), ("name",), "name"),
    _Field("born", _born, ("birth_place", "birth_date", "date_source")),
    _Field("mother", lambda body, _: _said(body, "mother_name"), ("mother_name",), "name"),
    _Field("sex", _sex, ("sex",)),
    _Field("village", _village, ("village_code",)),
    _Field("address", lambda body, _: _said(body, "address"), ("address",)),
    _Field("rt_rw", _rt_rw, ("rt", "rw")),
    _Field("phone", _phone, ("phone", "phone_owner")),
    _Field("heirs", _heirs, ("heirs",)),
    _Field("work", _work, ("occupation", "workplace")),
    _Field("recorded", _recorded, ()),
)  # fmt: skip
FIELDS_OF: Final = {field.name: field.fields for field in _FIELDS}
"""What each row holds of a record's fields; a row of none is only shown."""
