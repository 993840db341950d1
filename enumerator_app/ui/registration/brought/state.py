"""What the form shows of what the office gave, in words."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class ListedRow:
    """One line of the village's list; `code` is its invitation code."""

    code: str
    name: str
    detail: str
    marks: str = ""  # what is known of the NIK, and the code
    state: str = "open"
    word: str = ""  # what came of it; empty while it is open


@dataclass(frozen=True)
class Standing:
    """One sentence about the list, the places or the district's list; `warns` asks to look."""

    sentence: str
    warns: bool = False


@dataclass(frozen=True)
class BroughtView:
    """All that stands beside the form. `chosen` is the line the form was begun from."""

    hits: tuple[ListedRow, ...] = ()
    has_kk: bool = False  # the office wants the number of the family card
    enter_takes: bool = False  # the first field means nobody else here
    chosen: Standing | None = None
    list_: Standing | None = None
    seats: Standing | None = None
    district: Standing | None = None

    @property
    def of_nobody(self) -> "BroughtView":
        """Return the same without what is said of a person: another one comes to the table."""
        return replace(self, hits=(), enter_takes=False, chosen=None)

    @property
    def standings(self) -> tuple[Standing, ...]:
        return tuple(one for one in (self.list_, self.seats, self.district) if one is not None)


@dataclass(frozen=True)
class ListedPage:
    """What the panel of the village's list shows (Ctrl+D)."""

    rows: tuple[ListedRow, ...] = ()
    progress: str = ""
    has_list: bool = True
    said: str = ""  # what was just noted
