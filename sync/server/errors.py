"""The world failing at the office; sentences at `errors.<code>` in resources/texts/server.toml."""

from typing import Any

from enumerator_app.domain.errors import FileUnwritable, KnownError


class OfficeMissing(KnownError):
    """The home holds no office yet."""

    code = "office_missing"
    exit_code = 2


class OfficeExists(KnownError):
    code = "office_exists"
    exit_code = 2


class DatabaseUnreachable(KnownError):
    """PostgreSQL does not answer, or the disk under the database refuses."""

    code = "database_unreachable"
    exit_code = 5


class PhotoStoreUnreachable(KnownError):
    """The bucket does not answer, or refuses."""

    code = "photo_store_unreachable"
    exit_code = 5


class AnswerUnwritten(FileUnwritable):
    """A drive was taken in, `new` and `known` entries, and the answer `name` cannot be written."""

    code = "answer_unwritten"
    exit_code = 3


class OfficeDiskRefuses(KnownError):
    """The office's own disk has no room, or refuses, while a drive is taken in.

    `new` and `known` entries are in, of `left` files not all. `taken`: what is in, as
    `bundle_tally.FolderTaken`, if anything was read.
    """

    code = "office_disk"
    taken: Any = None


class DatabaseForeign(KnownError):
    """The database belongs to another office, or is of a newer program."""

    code = "database_foreign"
    exit_code = 7


class OperatorUnknown(KnownError):
    """Nobody of that name or id has worked at the laptop, or several are called so."""

    code = "operator_unknown"
    exit_code = 2


class KeyUnknown(KnownError):
    """The laptop made no key of that id, or several begin so."""

    code = "key_unknown"
    exit_code = 2


class DeviceUnknown(KnownError):
    code = "device_unknown"
    exit_code = 2


class DeviceStopped(KnownError):
    """What was asked is for a laptop in use, and this one was stopped."""

    code = "device_stopped"
    exit_code = 2


class RecordQuarantined(KnownError):
    """The record is kept without effect; `device` is the code of its laptop."""

    code = "record_quarantined"
    exit_code = 2


class LetInGrown(KnownError):
    """More people of a stopped laptop than were agreed to: its drive came meanwhile."""

    code = "let_in_grown"
    exit_code = 3


class DecisionNotAllowed(KnownError):
    """The record's state allows no such step."""

    code = "decision_not_allowed"
    exit_code = 2


class OfficeRecovering(KnownError):
    """After a restore: laptops were not all heard yet."""

    code = "office_recovering"
    exit_code = 2


class ListNotWritten(KnownError):
    """People are on the insurer's list `export`, and only its file is missing."""

    code = "list_not_written"
    exit_code = 2


class IssuingKeyEnded(KnownError):
    """Cards sealed after the issuing key's last day would be told to be false."""

    code = "issuing_key_ended"
    exit_code = 2


class SheetUnreadable(KnownError):
    """A table lacks the columns that are needed; `columns` names them."""

    code = "sheet_unreadable"
    exit_code = 2


class SheetTooLong(KnownError):
    """A table has more rows than any reply can have."""

    code = "sheet_too_long"
    exit_code = 2


class LetterheadWrong(KnownError):
    """A setting of the letterhead is unknown, or its value does not fit; `setting` names it."""

    code = "letterhead_wrong"
    exit_code = 2


class PlaceMissing(KnownError):
    """A paper is about a visit or a village, and neither was named."""

    code = "place_missing"
    exit_code = 2


class NothingToPrint(KnownError):
    """Nobody is on the paper that was asked for: an empty one would only confuse."""

    code = "nothing_to_print"
    exit_code = 2


class BatchDiffers(KnownError):
    """A file holds other people than the list that a letter is about."""

    code = "batch_differs"
    exit_code = 2


class AddressUnusable(KnownError):
    code = "address_unusable"
    exit_code = 2


class CommandNotHere(KnownError):
    """The command belongs to a later version."""

    code = "command_not_here"
    exit_code = 2


class NobodyListed(KnownError):
    """There is no worklist in this place."""

    code = "nobody_listed"
    exit_code = 2


class DayUnreadable(KnownError):
    """What was typed where a day belongs is none."""

    code = "day_unreadable"
    exit_code = 2


class PlanWrong(KnownError):
    """No visit can be planned so; `value` is the place, the day or the laptop that does not fit."""

    code = "plan_wrong"
    exit_code = 2
