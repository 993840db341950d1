"""Each rule of the protocol taken away in turn: the test that is named for it must fail.

`python -m tests.faults.protocol_controls [--only HOLE]`. The holes are those of
docs/protocol_holes.md, which names for each where it is closed. Every test runs with all rules
first, and must pass.
"""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from enumerator_app.storage.feed import _PageEffects
from sync.server import trust
from sync.server.ingest.applying import Application, Result
from sync.server.refusal import Refused
from tests.faults.reporting import campaign_options, concluded

ROOT: Final = Path(__file__).parents[2]


@dataclass(frozen=True)
class Control:
    """What is replaced by what, and the test that must fail then."""

    off: Mapping[str, Any]
    test: str


def _nothing(*_: Any, **__: Any) -> None:
    return None


def _yes(*_: Any, **__: Any) -> bool:
    return True


def _no(*_: Any, **__: Any) -> bool:
    return False


def _none_found(*_: Any, **__: Any) -> list[Any]:
    return []


def _all_known(_office: Any, _connection: Any, _device: str, message: Any) -> list[str]:
    return ["known"] * len(message.notices)


def _refused(_self: Any, lines: Any, _waiting: Any) -> dict[str, Result]:
    return {line.hash: Result("refused") for line in lines}


def _later_wins(self: Any, line: Any, subject: Any, content: Any) -> Any:
    return self._next(line, subject, content, self.judge(content, line.schema, line.body))


def _stays_in_quarantine(self: Any, line: Any, subject: Any, *_: Any) -> Any:
    return self._parked(line, subject, "invalid")


def _damage_is_refused(line: Any, claimed: str | None) -> None:
    raise Refused(400, "entry_unreadable")


def _foreign_is_taken(work: Any, foreign: Mapping[str, Any]) -> None:
    work.body.update(foreign)


def _another_id(*_: Any, **__: Any) -> Any:
    return uuid4()


_take, _snapshot = _PageEffects._take, Application._snapshot
_vouched_for = trust._vouched_for


def _takes_whatever_waits(self: Any, standing: Any, fields: Any) -> None:
    standing.pending = None
    _take(self, standing, fields)


def _everybody_holds(self: Any, line: Any) -> Any:
    subject = self.found.subjects.get(line.subject)
    if subject is not None:
        subject.holders.add(self.device)
    return _snapshot(self, line)


def _vouched_for_alone(connection: Any, key: Any, parting: Any, _vouched: Any) -> int | None:
    return _vouched_for(connection, key, parting, {})


def _same_key(size: int) -> bytes:
    return b"k" * size


def _confirms_all(self: Any, place: Any, step: int) -> None:
    """Counts nobody: there is always a place left."""


_KEYS: Final = "tests/contracts/test_device_keys.py::"
_LAPTOP_KEYS: Final = "tests/sync_client/test_device_keys.py::"
_JOURNAL: Final = "tests/contracts/test_journal.py::"
_ON_SQLITE: Final = "[sqlite]"

CONTROLS: Final[dict[str, Control]] = {
    "1 number": Control(
        {"enumerator_app.domain.numbers.subject_tag": lambda _subject: "000"},
        "tests/storage/test_lives.py::test_two_serials_from_one_backup_differ_in_their_tag",
    ),
    "1 offline": Control(
        {"enumerator_app.storage.opening._reason_for_new_epoch": lambda _file, asked: asked},
        "tests/storage/test_lives.py::test_a_silent_image_of_yesterday_is_noticed_offline",
    ),
    "2": Control(
        {"sync.server.ingest.run._Work._settle_known": _nothing},
        f"{_JOURNAL}test_the_same_batch_again_gets_the_same_outcomes_and_changes_nothing{_ON_SQLITE}",
    ),
    "3": Control(
        {"enumerator_app.storage.journal.new_epoch": lambda: "00" * 8},
        "tests/storage/test_sync_side.py::"
        "test_an_epoch_follows_the_old_head_under_64_random_bits",
    ),
    "3 case": Control(
        {"sync.server.ingest.run._Work._notice_fork": _nothing},
        f"{_JOURNAL}test_two_copies_of_a_laptop_are_both_accepted_and_the_office_sees_a_case"
        f"{_ON_SQLITE}",
    ),
    "3 cards": Control(
        {"sync.server.trust.partings": lambda _connection: {}},
        "tests/contracts/test_trust_list.py::"
        "test_slips_of_a_copied_key_stop_where_the_copies_parted_until_the_office_decides"
        f"{_ON_SQLITE}",
    ),
    "3 key": Control(
        {"enumerator_app.storage.device_keys._make": _nothing},
        f"{_LAPTOP_KEYS}test_a_laptop_that_was_put_back_has_a_key_of_its_own_after_one_sync",
    ),
    "3 vouched": Control(
        {"sync.server.ingest.rekeys.vouching_key": lambda _o, _d, _said, keys: keys[0]},
        f"{_KEYS}test_a_key_that_nobody_vouches_for_is_not_taken[sqlite-stranger]",
    ),
    "3 confirmed": Control(
        {"sync.server.copied.Parting.is_of_one_copy": _no},
        f"{_KEYS}test_the_branch_of_a_confirmed_key_issues_cards_while_the_copies_wait{_ON_SQLITE}",
    ),
    "3 declared": Control(
        {"sync.server.copied.Parting.is_of_one_copy": _yes},
        f"{_KEYS}test_a_confirmed_key_that_was_copied_itself_stops_again{_ON_SQLITE}",
    ),
    "3 inherited": Control(
        {"sync.server.trust._vouched_for": _vouched_for_alone},
        f"{_KEYS}test_an_unconfirmed_key_counts_for_no_more_than_the_one_that_vouched_for_it"
        f"{_ON_SQLITE}",
    ),
    "4": Control(
        {"sync.server.ingest.applying.Application._merged": _later_wins},
        f"{_JOURNAL}test_office_and_field_changed_a_record_and_both_changes_live{_ON_SQLITE}",
    ),
    "5": Control(
        {"sync.server.routes.take_back": _all_known},
        "tests/contracts/test_restoring.py::"
        f"test_a_decision_that_the_office_forgot_is_told_again_in_the_feed{_ON_SQLITE}",
    ),
    "5 owed": Control(
        {"sync.client.engine.reoffer_if_owed": _nothing},
        "tests/sync_client/test_engine.py::"
        "test_a_restored_office_gets_back_entries_decisions_and_photos",
    ),
    "5 branch": Control(
        {"enumerator_app.storage.saying_again.say_again": _nothing},
        "tests/sync_client/test_both_put_back.py::"
        "test_people_of_another_branch_come_to_an_office_that_was_put_back",
    ),
    "5 key": Control(
        {"sync.protocol.device.DeviceIdentity.all_keys": property(lambda own: [own.signing_key])},
        f"{_LAPTOP_KEYS}test_an_office_that_was_put_back_from_before_the_key_gets_it_again",
    ),
    "5 key by drive": Control(
        {"sync.client.carrying._keys_told": _none_found},
        f"{_LAPTOP_KEYS}test_a_drive_signed_by_a_key_that_the_office_lost_is_taken_and_answered",
    ),
    "6": Control(
        {"sync.server.hello._continues": _yes},
        f"{_JOURNAL}test_a_feed_that_is_not_this_one_is_noticed{_ON_SQLITE}",
    ),
    "6 head": Control(
        {"sync.server.office._was_restored": _no},
        "tests/contracts/test_restoring.py::test_a_database_put_back_by_hand_is_noticed_by_its_head",
    ),
    "7": Control(
        {"sync.server.copies.in_every_copy": lambda _home, _kept, things: list(things)},
        "tests/sync_client/test_leaving.py::"
        "test_the_office_goes_back_to_its_oldest_copy_and_nobody_is_lost",
    ),
    "7 test": Control(
        {"sync.server.proving_copies.verify_office": _none_found},
        f"tests/contracts/test_copies.py::test_a_copy_that_is_not_whole_counts_for_nothing{_ON_SQLITE}",
    ),
    "8": Control(
        {"sync.server.ingest.run._Work._hold": _refused},
        f"{_JOURNAL}test_entries_that_come_before_their_ancestor_wait_for_it{_ON_SQLITE}",
    ),
    "8 tip": Control(
        {"sync.server.ingest.batch._require_sealed": _nothing},
        f"{_JOURNAL}test_a_batch_that_is_not_what_was_signed_is_refused_whole[sqlite-signature]",
    ),
    "9": Control(
        {"sync.server.backing_up.erase_again": lambda _office: 0,
         "sync.server.erasing.erase_again": lambda _office: 0},
        "tests/contracts/test_restoring.py::"
        f"test_who_was_erased_stays_erased_after_a_restore{_ON_SQLITE}",
    ),
    "9 laptop": Control(
        {"enumerator_app.storage.feed.erase_subject": _nothing},
        "tests/storage/test_sync_side.py::test_erasing_leaves_hashes_and_says_so_in_the_journal",
    ),
    "10": Control(
        {"sync.server.ingest.notices.Notices.accepted": _nothing},
        f"{_JOURNAL}test_a_batch_is_accepted_and_comes_back_in_the_feed{_ON_SQLITE}",
    ),
    "11": Control(
        {"sync.server.ingest.applying.Application._first": _stays_in_quarantine},
        f"{_JOURNAL}test_an_invalid_record_waits_and_a_valid_one_takes_its_place{_ON_SQLITE}",
    ),
    "12": Control(
        {"sync.server.ingest.batch._judge_body": _damage_is_refused},
        f"{_JOURNAL}test_a_damaged_body_does_not_stop_what_follows_and_is_asked_for{_ON_SQLITE}",
    ),
    "13": Control(
        {"enumerator_app.domain.merge._GROUP_OF": {}},
        "tests/domain/test_merge.py::test_a_nik_of_the_office_never_meets_a_birth_date_of_the_laptop",
    ),
    "14": Control(
        {"enumerator_app.domain.merge._fill_foreign": _foreign_is_taken},
        "tests/domain/test_merge.py::"
        "test_a_field_that_its_author_does_not_know_may_fill_an_empty_place_only",
    ),
    "14 again": Control(
        {"sync.server.reading_again._is_readable": _no},
        "tests/contracts/test_reading_again.py::"
        f"test_records_of_a_newer_form_count_after_the_upgrade{_ON_SQLITE}",
    ),
    "15": Control(
        {
            "sync.server.ingest.applying._beside_records": lambda *_: Result("refused"),
            "sync.server.ingest.applying.Application._parked": lambda *_: Result("refused"),
        },
        "tests/contracts/test_enrolment.py::"
        f"test_a_revoked_laptop_still_delivers_but_without_effect{_ON_SQLITE}",
    ),
    "15 removed": Control(
        {"sync.server.ingest.removals.Removals.is_after": _no},
        "tests/contracts/test_removed_operators.py::test_entries_before_the_laptop_knew_count"
        f"_and_are_marked_those_after_do_not{_ON_SQLITE}",
    ),
    "15 passphrase": Control(
        {"enumerator_app.storage.feed._PageEffects._remove_operator": _nothing},
        "tests/storage/test_removed_operators.py::"
        "test_a_removed_operator_opens_the_laptop_no_more_and_others_do",
    ),
    "16": Control(
        {"enumerator_app.domain.journal.MAX_ENTRY_BYTES": 10**9},
        "tests/storage/test_saving.py::"
        "test_what_cannot_be_written_is_refused_before_any_number[fields0-EntryTooLarge]",
    ),
    "16 halving": Control(
        {"sync.client.sizes.BatchSize.shrink": _nothing},
        "tests/sync_client/test_engine.py::"
        "test_a_batch_that_is_too_large_for_a_proxy_is_halved_until_it_passes",
    ),
    "17": Control(
        {"sync.client.tls.NO_CHECK_TIME": 0},
        "tests/sync_client/test_tls.py::"
        "test_a_laptop_whose_clock_is_years_behind_still_reaches_its_office",
    ),
    "17 signed time": Control(
        {"sync.client.http.is_dated_around": _yes},
        "tests/sync_client/test_tls.py::"
        "test_a_certificate_out_of_date_by_the_offices_own_time_is_refused",
    ),
    "18": Control(
        {"enumerator_app.cards.seal._require_right_sealer": _nothing},
        "tests/cards/test_seal.py::test_an_office_key_seals_only_within_its_dates",
    ),
    "19": Control(
        {"sync.server.ingest.run.lock_identities": _nothing},
        "tests/server/test_race.py::test_the_same_nik_in_two_batches_at_once_is_always_a_case",
    ),
    "21": Control(
        {"sync.server.ingest.run._Work._settle_known": _nothing},
        f"{_JOURNAL}test_after_a_lost_answer_an_overlapping_batch_adds_only_what_is_new{_ON_SQLITE}",
    ),
    "22": Control(
        {"sync.server.quota.settling._Settlement._count": _confirms_all},
        "tests/server/test_places_in_the_budget.py::"
        f"test_who_comes_first_has_a_place_and_the_rest_waits{_ON_SQLITE}",
    ),
    "23": Control(
        {"sync.server.photos._is_named": _yes},
        "tests/contracts/test_photos.py::"
        f"test_bytes_of_another_photo_start_again_from_nothing{_ON_SQLITE}",
    ),
    "24": Control(
        {"sync.server.niks.secrets.token_bytes": _same_key},
        "tests/sync_client/test_before_leaving.py::test_a_new_key_replaces_the_whole_set",
    ),
    "25": Control(
        {"enumerator_app.domain.canonical._check_text": _nothing,
         "enumerator_app.domain.canonical._is_plain": _yes},
        "tests/domain/test_canonical.py::test_a_value_without_a_canonical_form_is_refused",
    ),
    "26": Control(
        {"enumerator_app.domain.heirs.heir_id": _another_id},
        "tests/domain/test_heirs.py::test_the_same_person_typed_twice_has_one_id",
    ),
    "27 base": Control(
        {"sync.server.ingest.applying.Application._snapshot": _everybody_holds},
        f"{_JOURNAL}test_a_laptop_may_not_change_a_record_it_was_never_sent{_ON_SQLITE}",
    ),
    "27 pending": Control(
        {"enumerator_app.storage.feed._PageEffects._take": _takes_whatever_waits},
        "tests/storage/test_sync_side.py::"
        "test_a_pending_own_change_stays_shown_until_its_outcome_is_here",
    ),
}  # fmt: skip


def run_test(test: str, off: str | None) -> int:
    """Return pytest's exit code for one test, with a protection off or with all of them."""
    line = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-x",
        "-p",
        "no:randomly",
        "-p",
        "no:cacheprovider",
    ]
    surroundings = dict(os.environ, PYTHONPATH=str(ROOT))
    if off is not None:
        line += ["-p", "tests.faults.without_protection"]
        surroundings["PROTECTION_OFF"] = off
    done = subprocess.run(
        [*line, test], cwd=ROOT, env=surroundings, capture_output=True, text=True, check=False
    )
    return done.returncode


def run_controls(only: str) -> dict[str, Any]:
    """Return for each control whether its test passes with all rules, and fails without one."""
    chosen = {name: one for name, one in CONTROLS.items() if only in {"", name.split()[0]}}
    found = {}
    for name, control in chosen.items():
        passes, without = run_test(control.test, None), run_test(control.test, name)
        is_good = passes == 0 and without == 1
        found[name] = "fails as it must" if is_good else f"passes {passes}, without {without}"
    good = sum(said == "fails as it must" for said in found.values())
    return {
        "controls": len(found),
        "fail_as_they_must": good,
        "by_hole": found,
        "taken_at": datetime.now(UTC).date().isoformat(),
        "as_expected": good == len(found) > 0,
    }


def main() -> int:
    parser = campaign_options(__doc__ or "")
    parser.add_argument("--only", default="", metavar="HOLE")
    options = parser.parse_args()
    return concluded(options, lambda: run_controls(options.only))


if __name__ == "__main__":
    raise SystemExit(main())
