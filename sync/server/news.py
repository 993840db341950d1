"""What the office has for a laptop that says hello, told before the answer names its feed's end."""

from sqlalchemy import select

from sync.server.office import Office
from sync.server.quota.telling import has_seat_news, tell_seats
from sync.server.tables import DEVICE_ROWS


def bring_news(office: Office, device: str) -> None:
    """Tell this laptop how places stand, if that is not what it knows."""
    with office.database.reading() as connection:
        is_news = has_seat_news(connection, device)
    if is_news:
        with office.database.writing() as connection:
            own_row = select(DEVICE_ROWS.c.id).where(DEVICE_ROWS.c.id == device)
            connection.execute(own_row.with_for_update())
            tell_seats(office, connection, device)
