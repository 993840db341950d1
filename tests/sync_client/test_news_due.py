"""A laptop that has nothing to send looks for its office once the last sync is long ago."""

from contextlib import closing
from datetime import UTC, datetime, timedelta

from enumerator_app.services.auto_sending import NEWS_AFTER, AtHand, AutoSend
from tests.sync_client.real_office import enrolled_laptop, founded, really_synced


def test_news_is_due_half_a_day_after_the_last_sync_and_brings_a_stop(tmp_path):
    office = founded(tmp_path)
    office.start()
    try:
        with closing(enrolled_laptop(office, tmp_path / "laptop")) as store:
            assert really_synced(store).heads_agree
            ahead = [timedelta()]
            around = AutoSend(store, lambda: datetime.now(UTC) + ahead[0])
            around.set_mode("on")
            assert around.look() == AtHand("on")
            ahead[0] = NEWS_AFTER
            assert around.look() == AtHand("on", is_near=True, is_news_due=True)
            ahead[0] = -NEWS_AFTER - timedelta(minutes=1)  # a clock that was put back
            assert around.look().is_news_due
            office.ask("device", "revoke", "A01")
            really_synced(store)
            assert store.stopped_at() is not None
            office.stop()
            assert around.look() == AtHand("on", is_news_due=True)
    finally:
        office.stop()
