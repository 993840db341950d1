"""What an office prints at the head and the foot of its papers; settings, no rules."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from enumerator_app.domain.canonical import clean_text


def _clean(value: str) -> str:
    if value != clean_text(value) or "\n" in value:
        raise ValueError("one line without control characters")
    return value


Line = Annotated[str, Field(max_length=100), AfterValidator(_clean)]
Long = Annotated[str, Field(max_length=160), AfterValidator(_clean)]
Phone = Annotated[str, Field(max_length=40, pattern=r"^[0-9+()/ .\-]*$")]
Email = Annotated[str, Field(max_length=100, pattern=r"^([^@\s]+@[^@\s]+\.[^@\s]+)?$")]


class Signer(BaseModel):
    """Who signs. Without a name the paper leaves a line for one."""

    model_config = ConfigDict(frozen=True, strict=True)

    title: Line = ""
    name: Line = ""
    rank: Line = ""
    nip: Annotated[str, Field(max_length=30, pattern=r"^[0-9 ]*$")] = ""


class Letterhead(BaseModel):
    """The settings of the papers of one office; everything may be empty."""

    model_config = ConfigDict(frozen=True, strict=True)

    government: Line = ""
    office: Line = ""
    address: Long = ""
    city: Line = ""
    phone: Phone = ""
    email: Email = ""
    posko_phone: Phone = ""
    complaint_phone: Phone = ""
    insurer_phone: Phone = "175"
    insurer_branch: Line = ""
    ask_by: date | None = None
    signer: Signer = Signer()
    decree: Signer = Signer()
    decree_nik: Literal["masked", "full"] = "masked"

    @property
    def regency_name(self) -> str:
        """`Kabupaten Bekasi` of `Pemerintah Kabupaten Bekasi`, as cards name it."""
        first, _, rest = self.government.partition(" ")
        return rest if first.casefold() == "pemerintah" else self.government


SETTINGS: tuple[str, ...] = tuple(Letterhead.model_fields)
