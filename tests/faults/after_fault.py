"""What must be true of a laptop's folder after a fault, given what it told somebody before."""

import json
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2

from enumerator_app.domain.errors import (
    AlreadyEnrolled,
    DatabaseDamaged,
    KeyFileDamaged,
    KnownError,
    WrongPassphrase,
)
from enumerator_app.storage.opening import NoHome, create_home, open_home, restore_home
from enumerator_app.storage.store import Store
from tests.faults.lives import OTHER_PASSPHRASE, PHOTO_BYTES, SECOND
from tests.storage.laptops import CHEAP, ENROLMENT, OPERATOR, PASSPHRASE, person, portrait

Fact = dict[str, Any]
AFTERWARDS = 9_999  # the person who is saved after the fault


def facts_of(lines: bytes) -> list[Fact]:
    """Read the facts that were told; a last line that the fault cut off was told to nobody."""
    return [json.loads(line) for line in lines.split(b"\n")[:-1]]


def told(facts: Iterable[Fact], what: str) -> list[Fact]:
    return [fact for fact in facts if fact["is"] == "told" and fact["what"] == what]


def asked(facts: Iterable[Fact], what: str) -> list[Fact]:
    return [fact for fact in facts if fact["is"] == "asked" and fact["what"] == what]


def problems_of(scene: str, home: Path, facts: list[Fact], before: int) -> list[str]:
    """Open the folder as a person would, and return what is not as it must be.

    `before`: how many people were in the file when the scene began.
    """
    try:
        store = _opened(scene, home, facts)
    except KnownError as error:
        return [f"does not open: {error.code}"]
    found = ["went back"] if store.went_back == "went_back" else []
    with store:
        for claim in (_missing, _typed, _counted, _healthy, _goes_on):
            found += _found_by(claim, store, facts, before, is_restored=scene == "restoring")
    return [*found, *_keys(home, facts)]


def _found_by(
    claim: Callable[..., Iterator[str]], store: Store, facts: list[Fact], before: int,
    *, is_restored: bool,
) -> Iterator[str]:  # fmt: skip
    try:
        yield from claim(store, facts, before, is_restored=is_restored)
    except KnownError as error:
        yield f"damaged: {error.code}"
    except dbapi2.Error as error:  # no sentence for a person: pages of two times
        yield f"damaged: {type(error).__name__}"


def _opened(scene: str, home: Path, facts: list[Fact]) -> Store:
    if scene == "setting_up":
        return _set_up(home, facts)
    if scene == "restoring" and not told(facts, "restored"):
        return _restored(home)
    return _with_either(home)


def _set_up(home: Path, facts: list[Fact]) -> Store:
    """Open, or set up once more what was never told to be made."""
    try:
        store = _with_either(home)
    except (NoHome, KeyFileDamaged, DatabaseDamaged):
        if told(facts, "made"):
            raise
        store = create_home(home, operator_name=OPERATOR, passphrase=PASSPHRASE, cost=CHEAP)
    if not store.is_enrolled and not told(facts, "enrolled"):
        with suppress(AlreadyEnrolled):
            store.set_identity(ENROLMENT)
    return store


def _restored(home: Path) -> Store:
    """Open what is there, else put the copy in its place again: nothing may be in the way."""
    try:
        return _with_either(home)
    except (NoHome, KeyFileDamaged, DatabaseDamaged):
        copy = home / "copy.backup"
        return restore_home(copy, home, operator_name=None, passphrase=PASSPHRASE)


def _with_either(home: Path) -> Store:
    """Open with the old or the new passphrase: a cut may leave either in force."""
    try:
        return open_home(home, operator_name=None, passphrase=PASSPHRASE)
    except WrongPassphrase:
        return open_home(home, operator_name=None, passphrase=OTHER_PASSPHRASE)


def _missing(store: Store, facts: list[Fact], _: int, *, is_restored: bool) -> Iterator[str]:
    for fact in (*told(facts, "save"), *told(facts, "correct")):
        if not store.holds(fact["entry"]):
            yield "lost: a record"
        elif fact.get("photo") and store.photo(fact["photo"]) is None:
            yield "lost: a portrait"
        elif "person" in fact and not _is_right(store, fact):
            yield "wrong: a record"
    for fact in told(facts, "page"):
        if store.position().feed_n < fact["n"]:
            yield "lost: a page of notices"
    printed = {fact["subject"] for fact in told(facts, "printed")}
    papers = {str(worker.subject) for worker in store.search("", limit=500) if worker.printed}
    yield from ("lost: a printed paper" for _ in printed - papers)


def _is_right(store: Store, fact: Fact) -> bool:
    """Is the record shown with the values that were saved? The telephone may have been changed."""
    shown = store.record(fact["number"]).registration.model_dump(exclude={"phone", "number"})
    saved = person(fact["person"]).model_dump(exclude={"phone"})
    return shown == {**saved, "photo": fact["photo"]}


def _typed(store: Store, facts: list[Fact], _: int, *, is_restored: bool) -> Iterator[str]:
    if is_restored:
        return
    kept = {draft.form_id: draft.payload["typed"] for draft in store.drafts()}
    typed = {fact["form"]: fact["typed"] for fact in told(facts, "draft")}
    in_hand = {fact["draft"] for fact in asked(facts, "save")}
    gone = {fact["draft"] for fact in told(facts, "save")}
    for form, count in typed.items():
        if form in gone and form in kept:
            yield "a form that was saved came back"
        elif form not in in_hand and kept.get(form, -1) < count:
            yield "lost: what was typed"


def _counted(store: Store, facts: list[Fact], before: int, *, is_restored: bool) -> Iterator[str]:
    """No person twice, and none whom nobody asked for."""
    at_least = before + len({fact["person"] for fact in told(facts, "save")})
    at_most = before + len({fact["person"] for fact in asked(facts, "save")})
    here = store.counts().registrations
    if is_restored:
        at_least, at_most = at_least - 1, at_most + 1  # the copy holds one less than the file
    if here < at_least:
        yield "lost: people"
    if here > at_most:
        yield "people whom nobody asked for"


def _healthy(store: Store, _facts: list[Fact], _: int, *, is_restored: bool) -> Iterator[str]:
    yield from (f"doctor: {problem.code}" for problem in store.doctor())


def _goes_on(store: Store, facts: list[Fact], _: int, *, is_restored: bool) -> Iterator[str]:
    given = {fact["number"] for fact in told(facts, "save")}
    saved = store.register(person(AFTERWARDS), photo=portrait(AFTERWARDS, PHOTO_BYTES))
    if str(saved.number) in given:
        yield "a number given twice"


def _keys(home: Path, facts: list[Fact]) -> Iterator[str]:
    """Who was told to have a passphrase gets in; who was told to be gone does not."""
    if told(facts, "operator") and not asked(facts, "removed"):
        yield from _entry(home, SECOND, OTHER_PASSPHRASE, may=True)
    if told(facts, "removed"):
        yield from _entry(home, SECOND, OTHER_PASSPHRASE, may=False)
    if told(facts, "renewed"):
        yield from _entry(home, OPERATOR, OTHER_PASSPHRASE, may=True)
        yield from _entry(home, OPERATOR, PASSPHRASE, may=False)


def _entry(home: Path, name: str, passphrase: str, *, may: bool) -> Iterator[str]:
    (home / "attempts.json").unlink(missing_ok=True)  # the tries of this check do not count
    try:
        open_home(home, operator_name=name, passphrase=passphrase).close()
    except WrongPassphrase:
        if may:
            yield "a passphrase that was told does not open"
    else:
        if not may:
            yield "a passphrase that was taken away opens"


def laid_out(files: dict[str, bytes], old: Path, new: Path) -> None:
    """Write a disk's files, whose names begin with `old`, into the folder `new`."""
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir()
    for name, content in files.items():
        path = new / Path(name).relative_to(old)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
