"""What an office decides about the form: whether a number is asked for that nobody has to have."""

from typing import Final, Literal, get_args

from pydantic import BaseModel, ConfigDict

FORM_POLICY: Final = "form_policy"
"""Name of the document by which laptops are told."""

KkPolicy = Literal["off", "asked", "expected"]
"""The number of the family card: not asked, asked, or asked and missed where it is not given."""

KK_POLICIES: Final[tuple[KkPolicy, ...]] = get_args(KkPolicy)


class FormPolicy(BaseModel):
    """All of it; without a word from the office nothing more is asked than before."""

    model_config = ConfigDict(frozen=True, strict=True)

    kk_number: KkPolicy = "off"
