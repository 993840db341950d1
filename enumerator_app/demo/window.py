"""The part of the demo that people do on screen: in a window where there is one, else unseen."""

import os
import sys

from enumerator_app.bootstrap.window import doors_of
from enumerator_app.demo.story import Story
from enumerator_app.texts import current_language


def on_screen(story: Story) -> None:
    """Register by key presses, look, send, and correct what the office sent back."""
    _choose_platform()
    from enumerator_app.ui.walkthrough.walk import walk  # noqa: PLC0415 - Qt, on its platform

    pictures = story.places.results / "layar"
    pictures.mkdir(exist_ok=True)
    passphrase = story.places.passphrase.read_text(encoding="utf-8").strip()
    walked = walk(doors_of(story.places.laptop, current_language()), passphrase, pictures)
    story.facts["window"] = {
        "registered": walked.registered,
        "corrected": walked.corrected,
        "keys": walked.keys,
        "pictures": len(walked.pictures),
    }
    story.say(
        "window",
        registered=walked.registered,
        corrected=walked.corrected,
        pictures=len(walked.pictures),
        path=pictures,
    )


def _choose_platform() -> None:
    """Draw into memory where no screen is to be seen."""
    has_screen = sys.platform != "linux" or any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")
    )
    if not has_screen:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
