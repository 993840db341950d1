"""A laptop whose passphrases are forgotten, opened by the office's recovery key.

The key itself never leaves the office: the laptop gets its own file's key, sealed for one answer.
"""

from typing import Final

import structlog
from sqlalchemy import select

from sync.protocol.bundle import BundleForeign
from sync.protocol.help import HelpAnswer, HelpRequest, sealed_to, unsealed
from sync.server.errors import DeviceUnknown
from sync.server.keys import recovery_identity
from sync.server.office import Office
from sync.server.tables import DEVICE_ROWS

_KEY_BYTES: Final = 32
log = structlog.get_logger()


def help_device(office: Office, request: HelpRequest, passphrase: str) -> tuple[str, HelpAnswer]:
    """Return the laptop's code and the answer for it.

    Raises:
        BundleForeign: the request is for another office.
        DeviceUnknown: no such laptop here.
        WrongPassphrase: the recovery key stays closed.
    """
    if request.recipient != office.public.recovery_recipient:
        raise BundleForeign
    with office.database.reading() as connection:
        query = select(DEVICE_ROWS.c.code).where(DEVICE_ROWS.c.id == request.device)
        code = connection.execute(query).scalar()
    if code is None:
        raise DeviceUnknown(name=request.device)
    key = unsealed(request.sealed, recovery_identity(office.home, passphrase))
    if len(key) != _KEY_BYTES:
        raise BundleForeign
    log.warning("device_unlocked", device=request.device, code=code)
    answer = HelpAnswer(device=request.device, sealed=sealed_to(key, request.reply_to))
    return str(code), answer
