"""Commands that check cards: verify-card, and the page for village offices."""

import argparse
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from enumerator_app.cards.verdict import Verdict
from enumerator_app.commands.records import open_laptop
from enumerator_app.commands.running import Answer
from enumerator_app.domain.errors import FileUnreadable, NotGenuine
from enumerator_app.domain.instants import day_in_wib, shown_date
from enumerator_app.services.verifying import (
    codes_in,
    read_office_key,
    verify,
    write_checking_page,
)
from enumerator_app.texts import text

Judge = Callable[[Sequence[str]], list[Verdict]]


def verify_card(options: argparse.Namespace) -> Answer:
    """Judge every code in texts, pictures, PDFs and folders; exit 4 unless all are genuine."""
    read = codes_in(options.card)
    with _judge(options) as judge:
        judged = [
            (name, code, verdict)
            for name, codes in read.codes
            for code, verdict in zip(codes, judge(codes), strict=True)
        ]
    if not judged:
        raise NotGenuine(detail="no_code")
    accepted = all(verdict.is_accepted for _, _, verdict in judged)
    without_code = [str(name) for name, codes in read.codes if not codes]
    accepted = accepted and not without_code
    fields = {
        "genuine": accepted and not read.unreadable,
        "cards": [_as_json(verdict, code, name) for name, code, verdict in judged],
        "unreadable": list(read.unreadable),
        "without_code": without_code,
    }
    lines = [_line(verdict, name) for name, _, verdict in judged]
    lines += [text("errors.file_unreadable", name=name) for name in read.unreadable]
    lines += [text("commands.no_code_in", name=name) for name in without_code]
    exit_code = FileUnreadable.exit_code if read.unreadable else 0
    return Answer(fields, tuple(lines), exit_code if accepted else NotGenuine.exit_code)


def verifier(options: argparse.Namespace) -> Answer:
    """Write the checking page with the list that this laptop has."""
    with open_laptop(options) as laptop:
        trust = write_checking_page(laptop.store, options.output)
    fields = {
        "file": str(options.output),
        "list_date": trust.issued_on.isoformat(),
        "list_version": trust.version,
    }
    words = text(
        "commands.verifier_done", file=options.output.name, date=shown_date(trust.issued_on)
    )
    return Answer(fields, (words,))


@contextmanager
def _judge(options: argparse.Namespace) -> Iterator[Judge]:
    """Yield what judges: by the office's key file, or by what this laptop has of its office."""
    if options.office_key:
        trust = read_office_key(options.office_key).trust_list()
        yield lambda codes: verify(codes, trust, day_in_wib(datetime.now(UTC)))
    else:
        with open_laptop(options) as laptop:
            yield laptop.checking.judge


def _line(verdict: Verdict, name: str | None) -> str:
    return f"{name}: {verdict.sentence()}" if name else verdict.sentence()


def _as_json(verdict: Verdict, code: str, name: str | None) -> dict[str, Any]:
    claims = verdict.claims
    return {
        "word": verdict.word,
        "reason": verdict.reason.rsplit(".", 1)[-1],
        "sentence": verdict.sentence(),
        "number": claims.number if claims else None,
        "kind": claims.kind if claims else None,
        "cover_to": claims.cover_to.isoformat() if claims and claims.cover_to else None,
        "list_age_days": verdict.list_age_days,
        "characters": len(code),
        "file": name,
    }
