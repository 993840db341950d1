"""What the office decided about the form, as it reached this laptop."""

from threading import Lock

from pydantic import ValidationError

from enumerator_app.domain.form_policy import FORM_POLICY, FormPolicy
from enumerator_app.storage.store import Store
from sync.protocol.documents import opened_certified


class OfficePolicy:
    """Reads the signed document; it is opened anew only when it is another one."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = Lock()
        self._read: tuple[bytes | None, FormPolicy] = (None, FormPolicy())

    def now(self) -> FormPolicy:
        """Return what is in force: what this program cannot read changes nothing."""
        raw = self._store.document(FORM_POLICY)
        with self._lock:
            if raw != self._read[0]:
                self._read = (raw, self._opened(raw))
            return self._read[1]

    def _opened(self, raw: bytes | None) -> FormPolicy:
        if raw is None:
            return FormPolicy()
        fields = opened_certified(raw, self._store.identity().root_key, FORM_POLICY)
        try:
            return FormPolicy.model_validate((fields or {}).get("settings", {}))
        except ValidationError:
            return FormPolicy()  # of a newer office
