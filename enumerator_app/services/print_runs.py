"""Papers that went to a printer and that nobody has looked at yet.

A printer that takes sheets is no proof of paper. What was handed over is remembered in the file, so
that neither a power cut nor a closed window forgets the question: which was the last good one? Only
the good ones are journalled as printed; the others wait as before. Who had a paper already waits by
no rule of the records: a copy that did not come out is remembered here too.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from enumerator_app.storage.store import Store
from enumerator_app.storage.worker import ListedWorker

_HANDED_OVER: Final = "handed_to_printer"
_WANTED_AGAIN: Final = "wanted_again"


@dataclass(frozen=True, slots=True)
class HandedOver:
    """One paper on its way; `issue` counts the papers that the person had before."""

    subject: UUID
    issue: int
    reason: str = ""


class PrintRuns:
    """The papers on their way, in the order of the printer."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def hand_over(self, workers: Sequence[ListedWorker], reasons: Mapping[UUID, str]) -> None:
        """Remember that these went to a printer, after those that are on their way already.

        `reasons`: why a person's paper was printed again.
        """
        known = self.on_their_way()
        names = {paper.subject for paper in known}
        fresh = (w for w in workers if w.subject not in names)
        self._keep(
            [*known, *(HandedOver(w.subject, w.issue, reasons.get(w.subject, "")) for w in fresh)]
        )

    def on_their_way(self) -> tuple[HandedOver, ...]:
        """Return the papers that nobody has judged; one that was journalled meanwhile is not."""
        papers = self._kept(_HANDED_OVER)
        return _unprinted(papers, self._store.workers([paper.subject for paper in papers]))

    def wanted_again(self) -> tuple[HandedOver, ...]:
        """Return the copies that did not come out, of people who have a paper before them."""
        return self._copies(self._kept(_WANTED_AGAIN))

    def copies_open(self) -> int:
        """Return how many copies nobody has seen yet: on their way, or wanted again."""
        papers = (*self._copies(self._kept(_HANDED_OVER)), *self.wanted_again())
        return len({paper.subject for paper in papers})

    def settle(self, good: int, asked: int | None = None) -> tuple[UUID, ...]:
        """Journal the first `good` of them as printed; return the others, which wait again.

        `asked`: about how many the person was asked. What went to the printer since stays on its
        way. A crash in between journals nobody twice: who was journalled has another issue then.
        """
        papers = self.on_their_way()
        asked = len(papers) if asked is None else asked
        self.journal({paper.subject: paper.reason for paper in papers[:good]})
        if copies := self._copies(papers[good:asked]):
            again = {paper.subject: paper for paper in (*self.wanted_again(), *copies)}
            self._keep(tuple(again.values()), _WANTED_AGAIN)
        self._keep(papers[asked:])
        return tuple(paper.subject for paper in papers[good:asked])

    def journal(self, reasons: Mapping[UUID, str]) -> None:
        """Journal that a paper of each came out, with its reason."""
        for reason in dict.fromkeys(reasons.values()):
            marked = [subject for subject, why in reasons.items() if why == reason]
            self._store.mark_printed(marked, reason=reason)

    def _copies(self, papers: Sequence[HandedOver]) -> tuple[HandedOver, ...]:
        return _unprinted(papers, self._store.with_their_paper([p.subject for p in papers]))

    def _kept(self, name: str) -> list[HandedOver]:
        kept = json.loads(self._store.setting(name) or "[]")
        return [HandedOver(UUID(subject), issue, why) for subject, issue, why in kept]

    def _keep(self, papers: Sequence[HandedOver], name: str = _HANDED_OVER) -> None:
        kept = [(str(paper.subject), paper.issue, paper.reason) for paper in papers]
        self._store.set_setting(name, json.dumps(kept))


def _unprinted(
    papers: Sequence[HandedOver], workers: Sequence[ListedWorker]
) -> tuple[HandedOver, ...]:
    """Return the papers of these people that were not journalled since."""
    issues = {worker.subject: worker.issue for worker in workers}
    return tuple(paper for paper in papers if issues.get(paper.subject) == paper.issue)
