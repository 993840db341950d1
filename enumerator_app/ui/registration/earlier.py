"""What an earlier session left on this laptop."""

from dataclasses import dataclass, replace

from enumerator_app.texts import text
from enumerator_app.ui.ports import LaptopPort
from enumerator_app.ui.registration.form import Form, filled_count
from enumerator_app.ui.registration.keeping import Kept, kept_forms
from enumerator_app.ui.registration.queue import called
from enumerator_app.ui.registration.remembered import LastWords, read_last, read_shared
from enumerator_app.ui.registration.state import Notice


@dataclass(frozen=True)
class Earlier:
    """The form that was open, those set aside, the group's values, the last words."""

    current: Kept | None
    aside: tuple[Form, ...]
    shared: dict[str, str]
    last: LastWords


def read_earlier(laptop: LaptopPort) -> Earlier:
    """Return what was left; for a worker thread."""
    kept = kept_forms(laptop.drafts())[::-1]  # the one touched last comes first from the disk
    open_ones = [one for one in kept if not one.form.is_aside]
    aside = [one.form for one in kept if one.form.is_aside]
    aside += [replace(one.form, is_aside=True) for one in open_ones[:-1]]
    current = open_ones[-1] if open_ones else None
    return Earlier(current, tuple(aside), read_shared(laptop), read_last(laptop))


def restored_notice(kept: Kept) -> Notice:
    """Return the banner above a form that came back."""
    words = "form.draft_cut" if kept.was_cut else "form.draft_left"
    name = called(kept.form.value("name")) or text("form.no_name_yet")
    detail = text("form.draft_detail", name=name, n=filled_count(kept.form))
    return Notice("look", text(words), detail, "go_on")
