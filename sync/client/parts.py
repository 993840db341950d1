"""Long documents come part by part; what was fetched before a cut need not come again."""

from sync.client.run import SyncRun


def fetch_parts(run: SyncRun) -> None:
    """Fetch what kept documents name and this laptop lacks; the last part makes one count.

    A part that the office does not have any more belongs to a version that another has replaced:
    the next sync brings that one.
    """
    wanted = run.store.parts_wanted()
    size = sum(part.size for part in wanted)
    fetched = 0
    for n, part in enumerate(wanted, start=1):
        content = run.during(lambda part=part: run.transport.part(part.hash))  # type: ignore[misc]
        if content is not None:
            run.store.keep_part(part, content)
        fetched += part.size
        run.tell("parts", n, len(wanted), fetched, size)
    run.store.drop_stale_parts()
