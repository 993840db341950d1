"""Who decides: an account, and the name that stands in what is signed."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Officer:
    account: str
    name: str
