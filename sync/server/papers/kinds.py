"""The kinds of papers by name, and what each needs to be told."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from sync.server.office import Office
from sync.server.papers.batch_paper import cover_of
from sync.server.papers.change_paper import change_of
from sync.server.papers.decree_paper import decree_of
from sync.server.papers.person_papers import claim_of, self_pay_of
from sync.server.papers.recap_paper import recap_of
from sync.server.papers.village_papers import notice_of, receipt_of, verification_of
from sync.server.papers.wishes import Made, Wish

KINDS: Final[dict[str, Callable[[Office, Wish, Path], Made]]] = {
    "verification": verification_of,
    "decree": decree_of,
    "decree-change": change_of,
    "cover-letter": cover_of,
    "card-receipt": receipt_of,
    "village-notice": notice_of,
    "claim-file": claim_of,
    "self-pay": self_pay_of,
    "daily-recap": recap_of,
}
