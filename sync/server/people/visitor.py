"""Who is signed in, as pages see them."""

from dataclasses import dataclass
from typing import Any, cast

from enumerator_app.texts import Language
from sync.server.people.accounts import districts_of
from sync.server.people.rights import Right, Role, rights_of


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who is signed in. Every query of theirs is scoped by `districts`."""

    account: str
    name: str
    role: Role
    rights: frozenset[Right]
    districts: frozenset[str] | None
    """Codes of kecamatan ("321609"); None is the whole regency."""
    language: Language
    csrf: str
    keys: bool
    login: str = ""
    session: str = ""
    address: str = ""
    here: str = ""
    """The page that they asked for; empty where a form was sent."""

    def may(self, right: Right) -> bool:
        return right in self.rights

    def sees(self, village_code: str | None) -> bool:
        """Return whether something in this village exists for them."""
        return self.districts is None or (village_code or "")[:6] in self.districts


def visitor_of(session: Any, *, address: str, here: str) -> Visitor:
    """Return the person of an open session's row."""
    role = Role(session.a_role)
    districts = districts_of(session.a_districts)
    return Visitor(
        account=session.account,
        name=session.a_name,
        role=role,
        rights=rights_of(role),
        districts=None if districts is None else frozenset(districts),
        language=cast("Language", session.a_language),
        csrf=session.csrf,
        keys=bool(session.a_keys),
        login=session.a_login,
        session=session.hash,
        address=address,
        here=here,
    )
