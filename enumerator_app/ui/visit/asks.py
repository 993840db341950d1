"""What a person can ask for on the visit page; its parts report through one object."""

from PySide6.QtCore import QObject, Signal


class VisitAsks(QObject):
    """The signals that the parts of the page share."""

    panel_asked = Signal(str)
    village_chosen = Signal(str)
    edited = Signal(str, str)  # "group.name", as typed
    joined = Signal(str)
    begin_asked = Signal()
    group_asked = Signal()
    consent_asked = Signal()
    tickets_set = Signal(int)
    rest_asked = Signal()
    resume_asked = Signal()
    close_asked = Signal()
    closed = Signal()
    back_asked = Signal()
    last_asked = Signal()
    copied = Signal()
    page_asked = Signal(str)
