"""What each route of the pages asks of whoever comes, and whether somebody has it."""

from dataclasses import dataclass

from sync.server.people.rights import Right
from sync.server.people.visitor import Visitor


@dataclass(frozen=True, slots=True)
class Needed:
    """What a route asks of whoever comes; `whole`: it is about the whole regency, not about some
    kecamatan of it.
    """

    right: Right
    whole: bool

    def is_given_to(self, visitor: Visitor) -> bool:
        return visitor.may(self.right) and not (self.whole and visitor.districts is not None)


class Needs(dict[tuple[str, str], Needed]):
    """What every route needs, by method and path as it was hung."""

    def admit(self, visitor: Visitor, path: str, method: str = "GET") -> bool:
        """Return whether a route is there and open to this person.

        A page asks before it offers a way there: nobody is shown a door that stays shut.
        """
        needed = self.get((method, path))
        return needed is not None and needed.is_given_to(visitor)

    @property
    def rights(self) -> dict[tuple[str, str], Right]:
        return {route: needed.right for route, needed in self.items()}
