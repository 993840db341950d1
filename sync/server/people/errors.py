"""What can go wrong with accounts and signing in; sentences in resources/texts/accounts.toml."""

from enumerator_app.domain.errors import KnownError


class AccountUnknown(KnownError):
    code = "account_unknown"
    exit_code = 2


class AccountExists(KnownError):
    code = "account_exists"
    exit_code = 2


class AccountWrong(KnownError):
    """A sign-in name, a role or a kecamatan that cannot be; `value` is what was given."""

    code = "account_wrong"
    exit_code = 2


class LastAdministrator(KnownError):
    """Without this account nobody could make accounts any more."""

    code = "last_administrator"
    exit_code = 2


class SignInWrong(KnownError):
    """Name, password or one-time code do not fit; which of them is not told."""

    code = "sign_in_wrong"
    exit_code = 3


class CodeWrong(KnownError):
    code = "code_wrong"
    exit_code = 3


class CodeUsedBefore(KnownError):
    """The right code a second time: whoever looked on must not get in with it."""

    code = "code_used_before"
    exit_code = 3


class TriedTooOften(KnownError):
    """Too many tries; `seconds` until the next one."""

    code = "tried_too_often"
    exit_code = 3


class PasswordsDiffer(KnownError):
    code = "passwords_differ"
    exit_code = 2


class NotAllowed(KnownError):
    """The account's role has not the right that this needs."""

    code = "not_allowed"
    exit_code = 3


class PairUnknown(KnownError):
    code = "pair_unknown"
    exit_code = 2


class PairAnswered(KnownError):
    """Somebody answered it already, or its three days are over."""

    code = "pair_answered"
    exit_code = 2


class AskedByYourself(KnownError):
    """Who asked for something cannot be its second person."""

    code = "asked_by_yourself"
    exit_code = 3


class SecondPersonNeeded(KnownError):
    """More people than one person may hand over alone; somebody else has to agree first."""

    code = "second_person_needed"
    exit_code = 3


class ViewsFull(KnownError):
    """Somebody has saved as many filters as the page has room for."""

    code = "views_full"
    exit_code = 2


class SampleOnly(KnownError):
    """Only an office of invented people has links that sign in by themselves."""

    code = "sample_only"
    exit_code = 2
