"""One HTML file with which a village office checks cards from a stick, without internet.

Keys, list, both languages and the program are inside; the page may load and send nothing. It says
the same about a code as `enumerator_app.cards.seal`: a test holds both against one corpus.
"""

import base64
import hashlib
import json
import secrets
from html import escape
from pathlib import Path
from typing import Any, Final

from enumerator_app.cards.office_trust import OfficeTrust
from enumerator_app.cards.trust import TrustList
from enumerator_app.domain.errors import FileUnwritable
from enumerator_app.domain.reference import load_places
from enumerator_app.resource_files import resource_path
from enumerator_app.texts import catalogue, text

JUDGE: Final = ("ed25519.js", "seal.js", "qr.js")
_SAID: Final = ("checking.", "cards.verdict.")
_POLICY: Final = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; "
    "script-src 'sha256-{script}'; style-src 'sha256-{style}'"
)


def write_page(trust: OfficeTrust, output: Path) -> TrustList:
    """Write the page to `output`, as a whole or not at all; return the list in it.

    Raises:
        TrustListRefused, FileUnreadable: the list is not this office's.
        FileUnwritable: nothing was replaced.
    """
    found = trust.trust_list()
    beside = output.with_name(f".{output.name}.{secrets.token_hex(4)}")
    try:
        beside.write_bytes(checking_page(trust, found))
        beside.replace(output)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise FileUnwritable(name=output.name) from error
    return found


def checking_page(trust: OfficeTrust, found: TrustList) -> bytes:
    """Return the page; `found` is the list that `trust` holds."""
    texts = {key: said for key, said in catalogue().items() if key.startswith(_SAID)}
    content = {
        "texts": texts,
        "trust": {"root_key": trust.root_key, **trust.document},
    }
    script = f"const DATA = {as_script(content)};\n{sources(*JUDGE, 'app.js')}"
    style = sources("style.css")
    policy = _POLICY.format(script=_digest(script), style=_digest(style))
    place = load_places().regency(found.regency)
    parts = {
        "policy": escape(policy),
        "title": escape(text("checking.title", "id")),
        "regency": escape(place.name if place else found.regency),
        "no_script": escape(text("checking.no_script", "id")),
        "style": style,
        "script": script,
    }
    page = sources("page.html")
    for name, part in parts.items():
        page = page.replace(f"{{{{{name}}}}}", part, 1)
    return page.encode()


def sources(*names: str) -> str:
    """Return files of the page, one after the other."""
    files = (resource_path("verifier", name).read_text(encoding="utf-8") for name in names)
    return "\n".join(files)


def as_script(value: Any) -> str:
    """Return a value as JavaScript that no HTML parser takes for a tag."""
    return json.dumps(value, ensure_ascii=True, separators=(",", ":")).replace("<", "\\u003c")


def _digest(content: str) -> str:
    return base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
