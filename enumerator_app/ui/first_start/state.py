"""What the first start shows."""

from dataclasses import dataclass
from enum import Enum


class Step(Enum):
    OFFICE = 1
    PASSPHRASE = 2
    DEVICES = 3


@dataclass(frozen=True)
class Connection:
    """What step 1 asks for: where the office is, the one-time code, and who works here."""

    server: str = ""
    code: str = ""
    operator: str = ""

    @property
    def is_complete(self) -> bool:
        return bool(self.server.strip() and self.code.strip() and self.operator.strip())


@dataclass(frozen=True, kw_only=True)
class FirstStartState:
    """`printers` and `cameras` are None until they were looked for."""

    step: Step = Step.OFFICE
    connection: Connection = Connection()
    is_practice: bool = False
    is_busy: bool = False
    is_code_doubted: bool = False  # the cursor starts in the code
    problem: str = ""
    printers: tuple[str, ...] | None = None
    cameras: tuple[str, ...] | None = None
