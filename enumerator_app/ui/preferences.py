"""What an enumerator chooses about the screen itself."""

from dataclasses import dataclass, replace

from enumerator_app.texts import LANGUAGES, Language
from enumerator_app.ui.kit.theme import TEXT_SIZES
from enumerator_app.ui.kit.tokens import CONTRASTS, Contrast


@dataclass(frozen=True)
class Preferences:
    """Language, contrast and text size (percent): nothing personal, so it lies in plain text."""

    language: Language = "id"
    contrast: Contrast = "light"
    text_percent: int = 100

    def __post_init__(self) -> None:
        """Read a value that this version does not know as the default one."""
        for name, known in (
            ("language", LANGUAGES),
            ("contrast", tuple(CONTRASTS)),
            ("text_percent", TEXT_SIZES),
        ):
            if getattr(self, name) not in known:
                object.__setattr__(self, name, getattr(type(self), name))

    def other_contrast(self) -> "Preferences":
        return replace(self, contrast="light" if self.contrast == "sun" else "sun")

    def with_text_step(self, steps: int) -> "Preferences":
        """Return the next larger (+1) or smaller (-1) text size, or the same at the end."""
        place = TEXT_SIZES.index(self.text_percent) + steps
        return replace(self, text_percent=TEXT_SIZES[max(0, min(place, len(TEXT_SIZES) - 1))])
