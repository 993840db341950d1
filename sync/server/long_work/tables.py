"""The table of long work."""

from typing import Final

from sync.server.table_kit import OfficeTable, key_column, number_column, table_of, text_column


class LongWorkRow(OfficeTable, table=True):
    """One piece of long work; `state`: running, done, failed. `beat_at` says that it is alive.

    `answer` is the page that shows what came of it; `problem` is JSON: an error's code with its
    parameters, or the number of a bug.
    """

    __tablename__ = "long_work"
    id: str = key_column()
    kind: str = text_column()
    account: str = text_column()
    state: str = text_column()
    asked_at: str = text_column()
    beat_at: str = text_column()
    done: int = number_column()
    total: int = number_column()
    answer: str | None = text_column(nullable=True)
    problem: str | None = text_column(nullable=True)


LONG_WORK_ROWS: Final = table_of(LongWorkRow)
