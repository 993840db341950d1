"""What the office decided about the form, as its own checks go by it."""

from typing import Final

from sqlalchemy import select

from enumerator_app.domain.canonical import from_canonical
from enumerator_app.domain.form_policy import FORM_POLICY, FormPolicy
from sync.server.database import Database
from sync.server.tables import DOCUMENT_ROWS

NOTHING_SAID: Final = FormPolicy()


def form_policy(database: Database) -> FormPolicy:
    """Return what is in force."""
    query = select(DOCUMENT_ROWS.c.bytes).where(DOCUMENT_ROWS.c.name == FORM_POLICY)
    with database.reading() as connection:
        kept = connection.execute(query).scalar()
    return NOTHING_SAID if kept is None else policy_in(kept.encode())


def policy_in(document: bytes) -> FormPolicy:
    """Return what a document of this office says."""
    fields = from_canonical(from_canonical(document)["document"].encode())["fields"]
    return FormPolicy.model_validate(fields["settings"])
