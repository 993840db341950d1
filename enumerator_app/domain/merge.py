"""The merge of two bodies that grew from one: by groups of fields that are entered together.

A NIK of one author beside a birth date of another would be a person nobody entered, so a group is
taken whole. Nothing is dropped: each value that lost stands in `kept`, and what a person must
decide in `conflicts`. Afterwards the caller runs all rules again; an error there is a case, too.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from enumerator_app.domain.canonical import canonical_bytes
from enumerator_app.domain.registration import FIELDS

Body = Mapping[str, Any]
Origin = Literal["current", "entry"]
GroupRule = Literal["case", "later", "restrictive", "photo", "first"]

FIELDS_OF_SCHEMA: Final[Mapping[int, frozenset[str]]] = {1: frozenset(FIELDS)}

GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "identity": (
        "nik", "document_seen", "kk_number", "name", "birth_place", "birth_date", "date_source",
        "sex", "mother_name",
    ),
    "address": ("address", "rt", "rw", "village_code"),
    "work": ("occupation", "workplace", "works_now", "works_since", "monthly_income"),
    "phone": ("phone", "phone_owner", "email"),
    "programmes": ("programmes",),
    "consent": (
        "consent_method", "consent_witness", "witness_role", "consent_at", "consent_text_version",
    ),
    "photos": ("photo", "no_photo_reason"),
    "ending": ("ended_on", "ended_reason"),
    "place": ("latitude_udeg", "longitude_udeg", "location_source"),
    "visit": ("visit_id", "group_id", "ticket"),
}  # fmt: skip

_RULES: Final[Mapping[str, GroupRule]] = {
    "identity": "case",
    "address": "later",
    "work": "case",
    "phone": "later",
    "programmes": "case",
    "consent": "restrictive",
    "photos": "photo",
    "ending": "case",
}
# From the consent that allows least to the one with the strongest proof.
_CONSENT_RANK: Final = ("", "verbal", "group", "paper", "thumbprint", "signature")
_GROUP_OF: Final = {name: group for group, names in GROUPS.items() for name in names}
_BESIDE: Final = frozenset({"heirs", "schema"})


@dataclass(frozen=True, slots=True)
class Kept:
    """A value that lost its place; a lost heir is named `heirs.<id>`, a removed one is None."""

    field: str
    value: Any
    origin: Origin

    def written(self, *, current: str, entry: str) -> dict[str, Any]:
        """Return it as a server revision holds it, with the hash of the revision it is from."""
        came_from = current if self.origin == "current" else entry
        return {"field": self.field, "value": self.value, "from": came_from}


@dataclass(frozen=True)
class Merged:
    """The merged body; `conflicts` names groups, and heirs as `heirs.<id>`, for a case."""

    body: dict[str, Any]
    kept: tuple[Kept, ...]
    conflicts: tuple[str, ...]


@dataclass
class _Work:
    base: Body | None
    current: Body
    body: dict[str, Any]
    kept: list[Kept] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)

    def keep(self, name: str, value: Any, origin: Origin) -> None:
        """Keep a value unless it stands in the body, or stood in the base and was replaced."""
        replaced = self.base is not None and self.base.get(name) == value
        if not replaced and self.body.get(name) != value:
            self.kept.append(Kept(name, value, origin))


def merge(
    base: Body | None,
    current: Body,
    entry: Body,
    *,
    entry_schema: int,
    fields_of_schema: Mapping[int, Collection[str]] = FIELDS_OF_SCHEMA,
) -> Merged:
    """Return what `current` becomes when `entry`, written by somebody who saw `base`, arrives.

    `base` is None if it is not known any more: then every difference counts as made by both. Fields
    outside the author's schema may fill an empty place, and never change or remove anything.
    """
    known = fields_of_schema[entry_schema]
    work = _Work(base, current, dict(current))
    stated = {k: v for k, v in entry.items() if k in known and k not in _BESIDE}
    for group, values in _by_group(stated).items():
        _merge_group(work, group, values)
    _fill_foreign(work, {k: v for k, v in entry.items() if k not in known and k not in _BESIDE})
    if "heirs" in entry and "heirs" in known:
        _merge_heirs(work, entry["heirs"] or [])
    if "schema" in current or "schema" in entry:
        work.body["schema"] = max(current.get("schema", 1), entry.get("schema", 1))
    return Merged(work.body, tuple(work.kept), tuple(work.conflicts))


def _by_group(stated: Body) -> dict[str, dict[str, Any]]:
    groups: dict[str, dict[str, Any]] = {}
    for name, value in stated.items():
        groups.setdefault(_GROUP_OF.get(name, name), {})[name] = value
    return groups


def _merge_group(work: _Work, group: str, stated: Body) -> None:
    names = GROUPS.get(group, tuple(stated))
    if _same(work.current, stated, stated):
        return
    if work.base is not None:
        if _same(work.base, stated, stated):
            return
        if _same(work.base, work.current, names):
            work.body.update(stated)
            return
    if _entry_wins(_RULES.get(group, "first"), work.current, stated):
        work.body.update(stated)
        losing: tuple[Body, Origin] = (work.current, "current")
    else:
        losing = (stated, "entry")
    for name in names:
        if name in losing[0]:
            work.keep(name, losing[0][name], losing[1])
    if _RULES.get(group) == "case":
        work.conflicts.append(group)


def _entry_wins(rule: GroupRule, current: Body, stated: Body) -> bool:
    if rule == "later":
        return True
    if rule == "photo":
        return bool(stated.get("photo")) or not current.get("photo")
    if rule == "restrictive":
        names = GROUPS["consent"]
        ours = {name: current.get(name) for name in names}
        return _restriction(ours | dict(stated)) < _restriction(ours)
    return False


def _restriction(consent: Body) -> tuple[int, bytes]:
    method = consent.get("consent_method") or ""
    rank = _CONSENT_RANK.index(method) if method in _CONSENT_RANK else 0
    return rank, canonical_bytes(dict(consent))  # the bytes make the choice one and the same


def _fill_foreign(work: _Work, foreign: Body) -> None:
    for name, value in foreign.items():
        if _is_empty(work.current.get(name)):
            work.body[name] = value if not _is_empty(value) else work.current.get(name, value)
        elif not _is_empty(value):
            work.keep(name, value, "entry")


def _merge_heirs(work: _Work, entry_heirs: list[Body]) -> None:
    base = None if work.base is None else _by_id(work.base.get("heirs") or [])
    current, entry = _by_id(work.current.get("heirs") or []), _by_id(entry_heirs)
    merged = []
    for name in dict.fromkeys((*current, *entry)):
        ours, theirs = current.get(name), entry.get(name)
        before = None if base is None else base.get(name)
        heir = _merge_heir(work, name, (before, ours, theirs), base_is_known=base is not None)
        if heir is not None:
            merged.append(heir)
    work.body["heirs"] = _folded(work, merged, current)


def _merge_heir(
    work: _Work, name: str, bodies: tuple[Body | None, ...], *, base_is_known: bool
) -> Body | None:
    before, ours, theirs = bodies
    if theirs == ours or (base_is_known and theirs == before):
        return ours
    if base_is_known and ours == before:
        return theirs
    if not base_is_known and (ours is None or theirs is None):
        return ours or theirs  # nobody can say that it was removed
    # Both changed it: a removal never wins over an edit, of two edits ours stays, a person decides.
    work.conflicts.append(f"heirs.{name}")
    if ours is None:
        work.kept.append(Kept(f"heirs.{name}", None, "current"))
        return theirs
    work.kept.append(Kept(f"heirs.{name}", theirs, "entry"))
    return ours


def _folded(work: _Work, heirs: list[Body], current: Collection[str]) -> list[Body]:
    """Fold heirs that came onto equal ones: one paper typed on two laptops has two ids."""
    ours = {_content(heir) for heir in heirs if str(heir["id"]) in current}
    found = []
    for heir in heirs:
        if str(heir["id"]) not in current and _content(heir) in ours:
            work.kept.append(Kept(f"heirs.{heir['id']}", dict(heir), "entry"))
        else:
            found.append(heir)
    return found


def _content(heir: Body) -> bytes:
    return canonical_bytes({key: value for key, value in heir.items() if key != "id"})


def _by_id(heirs: list[Body]) -> dict[str, Body]:
    return {str(heir["id"]): heir for heir in heirs}


def _same(one: Body, other: Body, names: Collection[str]) -> bool:
    return all(one.get(name) == other.get(name) for name in names)


def _is_empty(value: object) -> bool:
    return value is None or value in ("", [], {}, ())
