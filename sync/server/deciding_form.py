"""The office decides about the form: laptops are told, by a signed document for each change."""

from enumerator_app.domain.form_policy import FORM_POLICY, FormPolicy
from sync.protocol.documents import certified_document
from sync.server.documents import all_devices, announce, keep_document, last_document
from sync.server.form_policy import NOTHING_SAID, policy_in
from sync.server.office import Office


def set_form_policy(office: Office, policy: FormPolicy) -> int:
    """Keep a new version, tell all laptops, and return its number; the same again changes none."""
    with office.database.writing() as connection:
        version, last = last_document(connection, FORM_POLICY)
        if policy == (NOTHING_SAID if last is None else policy_in(last)):
            return version
        fields = {
            "name": FORM_POLICY, "office": office.public.office, "version": version + 1,
            "issued_at": office.now(), "settings": policy.model_dump(),
        }  # fmt: skip
        issuer = office.issuer
        document = certified_document(issuer.key, issuer.certificate, fields)
        keep_document(connection, FORM_POLICY, version + 1, document)
        announce(office, connection, FORM_POLICY, version + 1, all_devices(connection))
    return version + 1
