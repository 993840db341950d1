"""What can stand against a decision; sentences in resources/texts/resolving.toml."""

from enumerator_app.domain.errors import KnownError


class CaseUnknown(KnownError):
    """There is no such case, or it is not one for this person."""

    code = "case_unknown"
    exit_code = 2


class DecidedBefore(KnownError):
    """Somebody else decided, or the record changed, after this page was shown."""

    code = "decided_before"
    exit_code = 3


class AnswerNotPossible(KnownError):
    """The case is of another kind, or its records are in a state that has no such step."""

    code = "answer_not_possible"
    exit_code = 3


class ReasonNeeded(KnownError):
    """This answer is written down with its reason, and none was given."""

    code = "reason_needed"
    exit_code = 2


class UndoTooLate(KnownError):
    """The time to undo is over, or somebody else decided it."""

    code = "undo_too_late"
    exit_code = 3


class SampleNotSeen(KnownError):
    """Records of the sample were not looked at yet; `n` how many."""

    code = "sample_not_seen"
    exit_code = 3


class MinutesMissing(KnownError):
    """The signed Berita Acara is not here."""

    code = "minutes_missing"
    exit_code = 3


class MinutesAhead(KnownError):
    """The minutes are said to be signed on a day to come."""

    code = "minutes_ahead"
    exit_code = 2


class RecordByRecord(KnownError):
    """A record of the sample did not fit: nobody signs for the whole visit any more."""

    code = "record_by_record"
    exit_code = 3


class NothingClean(KnownError):
    """The visit has no record without notes that waits for approval."""

    code = "nothing_clean"
    exit_code = 3


class ScanUnusable(KnownError):
    """The file is no PDF, JPEG or PNG, or it is larger than allowed."""

    code = "scan_unusable"
    exit_code = 3


class LinkUnknown(KnownError):
    """These records are not united."""

    code = "link_unknown"
    exit_code = 2
