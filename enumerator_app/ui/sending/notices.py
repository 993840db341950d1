"""What the sending page says before its numbers: of slips that wait, and of who is not here."""

from enumerator_app.texts import text, thousands
from enumerator_app.ui.sending.state import SendingState


def halted_words(state: SendingState) -> tuple[str, str]:
    """Say that new slips do not count for now, and what goes on; "" where all of them do."""
    last = state.held.halted_after
    if last is None or state.held.is_stopped:
        return "", ""
    good = text("sending.halted_good", last=f"{last:05d}") if last else ""
    return text("sending.halted"), f"{good} {text('sending.halted_do')}".strip()


def not_back_words(state: SendingState) -> tuple[str, str]:
    """Say who is not to be registered again, and how they come back; "" where all are here."""
    n = state.held.not_back
    if not n or state.held.is_stopped or state.phase == "sending":
        return "", ""
    return text("bundles.lacking", n=thousands(n)), text("bundles.lacking_do")
