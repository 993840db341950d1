"""The office's notices come down page by page; each page is applied whole, with its cursor."""

from concurrent.futures import ThreadPoolExecutor

from enumerator_app.domain.canonical import from_canonical
from enumerator_app.domain.errors import NotCanonical
from sync.client.contents import fetch_contents
from sync.client.parts import fetch_parts
from sync.client.run import SyncRun
from sync.protocol.messages import FEED_PAGE, FeedPage


def pull_feed(run: SyncRun) -> None:
    """Apply the feed to its head; only then is nothing owed to a restored office any more.

    While a page is applied the next one is already asked for.
    """
    first = run.store.position().feed_n
    kept_documents: set[str] = set()
    with ThreadPoolExecutor(1) as ahead:
        awaited = ahead.submit(_page_after, run, first)
        is_end = False
        while not is_end:
            page = awaited.result()
            last = page.items[-1].n if page.items else page.head
            is_end = last >= page.head
            _keep_documents(run, page, kept_documents)
            if not is_end:
                awaited = ahead.submit(_page_after, run, last)
            run.tally.pulled += run.store.apply_page(page)
            run.tell("feed", last - first, max(last, page.head) - first)
    if run.store.position().owed:
        run.store.reoffer_finished()
    fetch_contents(run)
    fetch_parts(run)


def _page_after(run: SyncRun, n: int) -> FeedPage:
    page = run.during(lambda: run.transport.feed(after=n, limit=FEED_PAGE))
    run.check_epoch(page.server_epoch)
    return page


def _keep_documents(run: SyncRun, page: FeedPage, kept: set[str]) -> None:
    """Fetch what a page announces before the page is applied: a cut between cannot lose it."""
    for name in announced_documents(page):
        if name in kept:
            continue
        raw = run.during(lambda name=name: run.transport.document(name))  # type: ignore[misc]
        if raw is not None:
            run.store.keep_document(name, raw)
        kept.add(name)


def announced_documents(page: FeedPage) -> list[str]:
    """Return the names of the documents that notices of this page announce, each once."""
    names: dict[str, None] = {}
    for item in page.items:
        if item.kind == "document" and item.bytes is not None:
            try:
                names[str(from_canonical(item.bytes.encode())["fields"]["name"])] = None
            except (NotCanonical, KeyError, TypeError):
                continue  # the notice is kept as it is; there is nothing to fetch by
    return list(names)
