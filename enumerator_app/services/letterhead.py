"""What the office prints on papers, as it reached this laptop; without it, as enrolment left it."""

import base64
import json
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from pydantic import ValidationError

from enumerator_app.cards.papers import Letterhead as PaperHead
from enumerator_app.cards.papers.office.occasion import paper_head
from enumerator_app.domain.instants import instant_from_text
from enumerator_app.domain.letterhead import Letterhead
from enumerator_app.storage.store import Store
from enumerator_app.texts import text
from sync.protocol.documents import opened_certified

LETTERHEAD: Final = "letterhead"
_REGENCY: Final = "Kabupaten Bekasi"


@dataclass(frozen=True, slots=True)
class OfficeLetterhead:
    """The settings, the logo as PNG, and when the office issued them."""

    settings: Letterhead
    logo: bytes | None
    issued_at: datetime | None = None


def office_letterhead(store: Store) -> OfficeLetterhead | None:
    """Return what this laptop keeps; None if nothing came, or it is not the office's own."""
    raw = store.document(LETTERHEAD)
    if raw is None:
        return None
    fields = opened_certified(raw, store.identity().root_key, LETTERHEAD)
    if fields is None:
        return None
    try:
        settings = Letterhead.model_validate_json(json.dumps(fields["settings"]))
        logo = base64.b64decode(fields["logo"]) if fields["logo"] else None
        return OfficeLetterhead(settings, logo, instant_from_text(fields["issued_at"]))
    except (KeyError, TypeError, ValueError, ValidationError):
        return None  # of a newer office: papers go on as without one


def paper_letterhead(store: Store) -> OfficeLetterhead:
    """Return the same for printing: what is missing comes from the settings of enrolment."""
    kept = office_letterhead(store)
    given = kept.settings if kept else Letterhead()
    ask_by = store.setting("ask_by")
    old = {
        "government": store.setting("regency_name") or _REGENCY,
        "posko_phone": store.setting("posko_phone") or "",
        "ask_by": date.fromisoformat(ask_by) if ask_by else None,
    }
    missing = {name: value for name, value in old.items() if not getattr(given, name)}
    settings = given.model_copy(update=missing)
    return OfficeLetterhead(settings, kept.logo if kept else None)


def drawn_letterhead(store: Store) -> PaperHead:
    """Return the same as the papers besides cards draw it."""
    kept = paper_letterhead(store)
    settings = kept.settings
    government = text("cards.paper.regency", regency=settings.regency_name)
    insurer = settings.insurer_phone or Letterhead().insurer_phone
    head = paper_head(settings, kept.logo)
    return replace(head, government=government, insurer_phone=insurer)


def kept_setting(store: Store, name: str) -> str | None:
    """Return a setting of this laptop; the help desk's number comes from the letterhead."""
    if name == "posko_phone":
        return paper_letterhead(store).settings.posko_phone
    return store.setting(name)
