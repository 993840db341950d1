"""Who may do what: roles and their rights, as data in `resources/rules/roles.toml`."""

from enum import StrEnum
from functools import cache

from enumerator_app.resource_files import read_toml


class Role(StrEnum):
    """What somebody is in the office."""

    coordinator = "coordinator"
    verifier = "verifier"
    service_desk = "service_desk"
    auditor = "auditor"
    administrator = "administrator"


class Right(StrEnum):
    """One thing that a page or a button asks for; nobody has it unless their role names it."""

    own = "own"  # one's own account: everybody who is signed in
    see_overview = "see_overview"
    see_people = "see_people"
    reveal_nik = "reveal_nik"
    approve = "approve"
    decide = "decide"
    send_back = "send_back"
    hand_over = "hand_over"
    take_reply = "take_reply"
    serve_people = "serve_people"
    end_cover = "end_cover"
    field = "field"  # devices, worklists, seats
    letters = "letters"
    export_tables = "export_tables"
    accounts = "accounts"
    audit = "audit"
    keys = "keys"
    pairs = "pairs"  # what waits for a second person


def rights_of(role: Role) -> frozenset[Right]:
    return _roles()[role]


@cache
def _roles() -> dict[Role, frozenset[Right]]:
    """Return the rights of every role; a role or a right that is unknown stops the program."""
    told = read_toml("rules", "roles.toml")
    assert set(told) == set(Role)
    return {Role(name): frozenset(map(Right, table["rights"])) for name, table in told.items()}
