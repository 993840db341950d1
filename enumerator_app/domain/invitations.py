"""Invitation codes: what a letter from the office says, and what leads to a line of the worklist.

`U7F3-K9QM` is the letter U, six random characters of Crockford base32 and the ISO 7064 MOD 37,36
check character. No U stands elsewhere in it, and no other code of ours begins with one, so a
scanner may type it into any field. It says nothing about the person: without the list it is blank.
"""

import re
from typing import Final, NewType

from enumerator_app.domain.numbers import check_character

InvitationCode = NewType("InvitationCode", str)

RANDOM_BITS: Final = 30
_MARK: Final = "U"
_CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_SHAPE = re.compile(r"U[0-9A-HJKMNP-TV-Z]{6}[0-9A-Z]")
_AS_WRITTEN: Final = str.maketrans("OIL", "011")


def invitation_code(bits: int) -> InvitationCode:
    """Return the code of 30 random bits."""
    drawn = "".join(_CROCKFORD[(bits >> shift) & 31] for shift in range(RANDOM_BITS - 5, -1, -5))
    return InvitationCode(f"{_MARK}{drawn}{check_character(_MARK + drawn)}")


def parse_invitation(typed: str) -> InvitationCode | None:
    """Return a typed or scanned code in its one form; None if it is none.

    Blanks, hyphens and case are free; O, I and L are read as people write them.
    """
    bare = re.sub(r"[\s\-]", "", typed.strip().upper())
    if len(bare) != 8:
        return None
    code = bare[:7].translate(_AS_WRITTEN) + bare[7]
    if not _SHAPE.fullmatch(code) or check_character(code[:7]) != code[7]:
        return None
    return InvitationCode(code)


def shown_invitation(code: str) -> str:
    """Return a code as letters and screens show it: `U7F3-K9QM`."""
    return f"{code[:4]}-{code[4:]}"
