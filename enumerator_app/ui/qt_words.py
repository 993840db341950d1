"""What Qt's own windows say, in our words: Qt itself knows no Indonesian."""

from functools import cache

from PySide6.QtCore import QTranslator

from enumerator_app.texts import catalogue, text


class QtWords(QTranslator):
    """Answers for Qt's sentences by their English; any other stays as it is."""

    def isEmpty(self) -> bool:
        return False

    def translate(
        self, context: str, source: str, disambiguation: str | None = None, n: int = -1
    ) -> str:
        """Return our words for `source`; asked anew by every window, so a new language holds."""
        del context, disambiguation, n
        key = _keys().get(source)
        return text(key) if key else source


@cache
def _keys() -> dict[str, str]:
    return {said["en"]: key for key, said in catalogue().items() if key.startswith("qt.")}
