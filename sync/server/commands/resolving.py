"""Cases, noted records and visits: looked at and decided, at once and without a time to undo."""

import argparse
from datetime import date
from pathlib import Path
from typing import Any

from enumerator_app.domain.errors import FileUnreadable, NumberUnknown, UsageWrong
from enumerator_app.domain.numbers import parse_number
from enumerator_app.texts import text
from sync.server.commands.opening import opened
from sync.server.commands.running import Answer
from sync.server.deciding import find_by_number
from sync.server.office import Office
from sync.server.people.audit import COMMAND_LINE
from sync.server.resolving.answering import Given, Opened, answer_case, answers_for, open_case
from sync.server.resolving.errors import AnswerNotPossible
from sync.server.resolving.holding import hasten
from sync.server.resolving.linking import links_of, separate
from sync.server.resolving.officer import Officer
from sync.server.resolving.records import Said, answer_record, possible_answers
from sync.server.resolving.sampling import Review, drawn_review, look
from sync.server.resolving.signing import attach_minutes, sign
from sync.server.resolving.unread import unread_with, words_of
from sync.server.resolving.watching import refresh_if_copy_decided, settle_held
from sync.server.trust import refresh_trust
from sync.server.visits import full_id


def case(options: argparse.Namespace) -> Answer:
    """Show an open case, or give it an answer."""
    with opened(options) as office:
        settle_held(office)
        with office.database.reading() as connection:
            found = open_case(connection, options.case)
        fields: dict[str, Any] = {
            "case": found.row.id,
            "kind": found.row.kind,
            "version": found.row.version,
            "waiting": found.row.answer,
            "answers": list(answers_for(found.row.kind)),
            "people": [{"number": one.number, "state": one.state} for one in found.people],
        }
        if options.answer is None:
            people = "  ".join(f"{one.number} {one.state}" for one in found.people)
            return Answer(fields, (f"{found.row.kind}  {people}", "  ".join(fields["answers"])))
        given, began = _given(options, found), office.now()
        with office.database.writing() as connection:
            answer_case(office, connection, _officer(office), given)
        refresh_if_copy_decided(office, began)
        office.keep_head_outside()
    said = text("resolving.said_answered", case=options.case)
    return Answer({"case": options.case, "answer": options.answer}, (said,))


def separate_records(options: argparse.Namespace) -> Answer:
    """Undo the link of a number; exit 2 if there is none."""
    with opened(options) as office:
        record = find_by_number(office, options.number)
        with office.database.writing() as connection:
            links = [one.id for one in links_of(connection, record.id)]
            for link in links or [""]:
                separate(office, connection, link, _officer(office))
        office.keep_head_outside()
        refresh_trust(office)  # papers of the record that was laid aside count again
    said = text("resolving.said_separated", number=record.number)
    return Answer({"number": record.number, "links": len(links)}, (said,))


def record(options: argparse.Namespace) -> Answer:
    """Show which answers a record has, or give one."""
    with opened(options) as office:
        settle_held(office)
        kept = _kept_apart(office, options.number) if options.answer is None else None
        if kept is not None:
            return kept
        found = find_by_number(office, options.number)
        fields = {"number": found.number, "state": found.state}
        if options.answer is None:
            answers = list(possible_answers(found))
            return Answer({**fields, "answers": answers}, ("  ".join(answers),))
        said = Said(options.answer, found.revision, options.field, options.reason)
        with office.database.writing() as connection:
            answer_record(office, connection, _officer(office), found.id, said)
        office.keep_head_outside()
        fields["state"] = find_by_number(office, options.number).state
    return Answer(fields, (f"{fields['number']}  {fields['state']}",))


def _kept_apart(office: Office, typed: str) -> Answer | None:
    """Return what is said of a record that is kept without effect."""
    number = parse_number(typed)
    with office.database.reading() as connection:
        one = unread_with(connection, number) if number else None
    if one is None:
        return None
    fields = {
        "number": one.number, "state": "quarantined", "answers": [], "reason": one.code,
        "device": one.laptop,
    }  # fmt: skip
    why, what_to_do = map(text, words_of(one))
    said = text(
        "server.said_quarantined", number=one.number, device=one.laptop, why=why, do=what_to_do
    )
    return Answer(fields, (said,))


def visit(options: argparse.Namespace) -> Answer:
    """Note what was looked at, and show how far a visit is; `--sign` approves what is clean."""
    with opened(options) as office:
        settle_held(office)
        officer, name = _officer(office), full_id(office, options.visit)
        if options.minutes is not None:
            attach_minutes(office, officer, name, _read(options.minutes), _day(options.signed_on))
        found = drawn_review(office, name)
        _look(office, officer, found, options)
        found = drawn_review(office, name)
        fields = _shown(found)
        if options.sign:
            held, fields["approved"] = sign(office, officer, name)
            hasten(office, held)
            settle_held(office)
    lines = [f"{name}: {value}" for name, value in fields.items() if name != "sample"]
    lines += [f"{one['number']}  {one['verdict'] or '-'}" for one in fields["sample"]]
    return Answer(fields, tuple(lines))


def _officer(office: Office) -> Officer:
    return Officer(COMMAND_LINE, office.public.admin)


def _given(options: argparse.Namespace, found: Opened) -> Given:
    about = ""
    if options.number:
        number = parse_number(options.number)
        about = next((one.id for one in found.people if number and one.number == number), "")
        if not about:
            raise NumberUnknown(number=options.number)
    if options.answer == "unite":
        raise AnswerNotPossible  # two persons say that, each for themselves: on the page
    version = found.row.version if options.version is None else options.version
    return Given(options.case, options.answer, version, options.reason, about)


def _look(office: Office, officer: Officer, found: Review, options: argparse.Namespace) -> None:
    """Write down what was said of records of the sample, by their numbers."""
    sample = {one.record.number: one.record for one in found.sample}
    said = [(typed, True) for typed in options.fits] + [(typed, False) for typed in options.differs]
    for typed, fits in said:
        record = sample.get(parse_number(typed))
        if record is None:
            raise NumberUnknown(number=typed)
        look(office, officer, found.visit, record.id, content=record.content, fits=fits)


def _shown(found: Review) -> dict[str, Any]:
    return {
        "visit": found.visit,
        "clean": len(found.clean),
        "noted": len(found.noted),
        "by_record": found.is_by_record,
        "minutes": found.minutes is not None,
        "sample": [{"number": one.record.number, "verdict": one.verdict} for one in found.sample],
    }


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise FileUnreadable(name=path.name) from error


def _day(written: str) -> str:
    try:
        return date.fromisoformat(written).isoformat()
    except ValueError as error:
        raise UsageWrong(detail="--signed-on 2026-11-28") from error
