"""The world failing: each error has a code, a sentence in the catalogue and an exit code.

Anything raised that is not a `KnownError` is a bug.
"""

from typing import Any, ClassVar


class KnownError(Exception):
    """Something outside the program went wrong; `text("errors." + code, **parameters)` says what.

    `data_safe` is False only where the sentence must say that something was NOT saved.
    """

    code: ClassVar[str]
    exit_code: ClassVar[int] = 1
    data_safe: ClassVar[bool] = True

    def __init__(self, **parameters: Any) -> None:
        super().__init__(self.code)
        self.parameters = parameters


class UsageWrong(KnownError):
    """The command was given something it cannot use; `detail` is already a sentence."""

    code = "usage_wrong"
    exit_code = 2


class FileUnreadable(KnownError):
    code = "file_unreadable"
    exit_code = 2


class FileUnwritable(KnownError):
    """A file cannot be written where it was asked for; what was there before is untouched."""

    code = "file_unwritable"
    exit_code = 2


class NumberUnknown(KnownError):
    code = "number_unknown"
    exit_code = 2


class NumberAmbiguous(KnownError):
    """Several people have the short number; nobody was taken."""

    code = "number_ambiguous"
    exit_code = 2


class ContentAtOffice(KnownError):
    """A record whose full content has left this laptop for the office."""

    code = "content_at_office"
    exit_code = 2


class PortInUse(KnownError):
    code = "port_in_use"
    exit_code = 2


class NotGenuine(KnownError):
    code = "not_genuine"
    exit_code = 4


class ServerUnreachable(KnownError):
    code = "server_unreachable"
    exit_code = 5


class OfficeNotProven(KnownError):
    """What answered does not hold the office's key."""

    code = "office_not_proven"
    exit_code = 5


class OfficeRefused(KnownError):
    """The office answered, and will not go on; `reason` is its code."""

    code = "office_refused"
    exit_code = 5


class LaptopUnknown(KnownError):
    """The office was put back from a copy of before this laptop came: a fresh code lets it in."""

    code = "laptop_unknown"
    exit_code = 5


class WrongPassphrase(KnownError):
    code = "wrong_passphrase"
    exit_code = 6


class OperatorRemoved(KnownError):
    """The office has ended this person's work at the laptop: no passphrase of theirs opens it."""

    code = "operator_removed"
    exit_code = 6


class DatabaseDamaged(KnownError):
    code = "database_damaged"
    exit_code = 7


class KeyFileDamaged(KnownError):
    code = "key_file_damaged"
    exit_code = 7


class HomeInUse(KnownError):
    code = "home_in_use"
    exit_code = 8


class NotEnrolled(KnownError):
    code = "not_enrolled"
    exit_code = 2


class AlreadyEnrolled(KnownError):
    code = "already_enrolled"
    exit_code = 2


class EnrolmentCodeRefused(KnownError):
    code = "enrolment_code_refused"
    exit_code = 2


class PassphraseTooWeak(KnownError):
    code = "passphrase_too_weak"
    exit_code = 2


class DiskFull(KnownError):
    code = "disk_full"
    data_safe = False


class NotSaved(KnownError):
    """A save failed for a reason of the disk; the connection was closed and verified anew."""

    code = "not_saved"
    data_safe = False


class PhotoUnreadable(KnownError):
    code = "photo_unreadable"
    exit_code = 3


class EntryTooLarge(KnownError):
    code = "entry_too_large"
    data_safe = False


class NotCanonical(KnownError):
    """A value cannot be written in the canonical form of the journal."""

    code = "not_canonical"
    data_safe = False


class WifiLogin(KnownError):
    """A login page answered in the office's place."""

    code = "wifi_login"
    exit_code = 5


class ProxyUnreachable(KnownError):
    """The proxy that this laptop is set to does not answer."""

    code = "proxy_unreachable"
    exit_code = 5


class ProxyWantsLogin(KnownError):
    code = "proxy_login"
    exit_code = 5


class ProxyRefused(KnownError):
    """The proxy answered, and gave no way to the office; `status` is its answer."""

    code = "proxy_refused"
    exit_code = 5


class ProtocolTooOld(KnownError):
    """The office does not speak what this version speaks, and names the one it asks for.

    A bundle can still be exported.
    """

    code = "protocol_too_old"
    exit_code = 5


class OfficeCannotStore(KnownError):
    """The office answered that it has no room or no database now."""

    code = "office_cannot_store"
    exit_code = 5


class AddressNotAllowed(KnownError):
    """Plain HTTP is for this machine only; every other address needs TLS and a code for it."""

    code = "address_not_allowed"
    exit_code = 2


class NoVisit(KnownError):
    """Something was asked of the open visit, and none is open."""

    code = "no_visit"
    exit_code = 2


class VisitUnknown(KnownError):
    code = "visit_unknown"
    exit_code = 2


class PaperOfOtherLaptop(KnownError):
    """A slip was wanted for a number of another laptop: this one's seal would not be genuine."""

    code = "paper_of_other_laptop"
    exit_code = 2


class NoPaperForState(KnownError):
    """A paper was wanted for somebody who was refused, is a duplicate, withdrew or ended."""

    code = "no_paper_for_state"
    exit_code = 2


class CardsHalted(KnownError):
    """This laptop's key seals no further slips for now.

    The office saw two copies of the laptop, or has confirmed another of its keys.
    """

    code = "cards_halted"
    exit_code = 2


class LaptopStopped(KnownError):
    """A paper of a person was wanted on a laptop that the office has stopped."""

    code = "laptop_stopped"
    exit_code = 2


class TooManySlips(KnownError):
    """Queue slips shall go further than any village's queue does."""

    code = "too_many_slips"
    exit_code = 2


class NobodyExpected(KnownError):
    """A village's list is empty, or everybody on it is registered or was looked for."""

    code = "nobody_expected"
    exit_code = 2


class VillageUnknown(KnownError):
    """A place was named that is no village of this regency, or of several."""

    code = "village_unknown"
    exit_code = 2
