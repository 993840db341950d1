"""What can be wrong with lists to the insurer; sentences in resources/texts/insurer.toml."""

from enumerator_app.domain.errors import KnownError


class MonthUnreadable(KnownError):
    """What was typed where a month belongs is none, or of a year that nobody lists or pays."""

    code = "month_unreadable"
    exit_code = 2


class NobodyReady(KnownError):
    """Nobody is ready for the insurer; `held` are kept back, each with a reason."""

    code = "nobody_ready"
    exit_code = 2


class BatchesUnsettled(KnownError):
    """A restored office does not know whether a list left after its copy was made."""

    code = "batches_unsettled"
    exit_code = 2


class CoverWrong(KnownError):
    """The dates of cover that were told do not fit the list, or each other."""

    code = "cover_wrong"
    exit_code = 2


class ListChanged(KnownError):
    """The file of a list is gone, and its people's records are not what they were."""

    code = "list_changed"
    exit_code = 2


class ReplyRowUnknown(KnownError):
    """No row of a reply waits under this name."""

    code = "reply_row_unknown"
    exit_code = 2


class NothingToPay(KnownError):
    """Nobody is covered in this month, or it was paid for everybody already."""

    code = "nothing_to_pay"
    exit_code = 2


class MonthUnusual(KnownError):
    """The month has not begun, or months before it were not noted as paid."""

    code = "month_unusual"
    exit_code = 2


class MonthsBusy(KnownError):
    """Somebody else notes a payment, a stop or an end of cover just now."""

    code = "months_busy"
    exit_code = 2


class PaymentUnreadable(KnownError):
    """The file beside the database that says for whom a month was paid cannot be read."""

    code = "payment_unreadable"
    exit_code = 2


class StopUnreadable(KnownError):
    """The file beside the database that says whose payment was stopped cannot be read."""

    code = "stop_unreadable"
    exit_code = 2


class PaymentUnknown(KnownError):
    """There is no such payment, or it is too old to be taken back."""

    code = "payment_unknown"
    exit_code = 2


class PaymentFollowed(KnownError):
    """A payment that was noted later stands for some of the same people."""

    code = "payment_followed"
    exit_code = 2


class StopUnknown(KnownError):
    """There is no such stop of payment, or it was taken back already."""

    code = "stop_unknown"
    exit_code = 2


class StopContradicted(KnownError):
    """Something later speaks against taking a stop of payment back."""

    code = "stop_contradicted"
    exit_code = 2


class EndingWrong(KnownError):
    """The day of the end does not fit the cover or the calendar."""

    code = "ending_wrong"
    exit_code = 2


class CorrectionWrong(KnownError):
    """What the insurer is said to have put right is none of its numbers or covers, or not new."""

    code = "correction_wrong"
    exit_code = 2


class CorrectionStopped(KnownError):
    """Cover would start after the last month of a stop of payment that stands."""

    code = "correction_stopped"
    exit_code = 2


class MemberNumberTaken(KnownError):
    """A member number is another person's."""

    code = "member_number_taken"
    exit_code = 2
