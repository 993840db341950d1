"""Tables that leave the office are written as those that leave a laptop."""

from enumerator_app.domain.table_writing import (
    SUFFIXES,
    About,
    as_written,
    cell,
    copy_table,
    inert,
    require_writable,
    write_table,
)

__all__ = [
    "SUFFIXES",
    "About",
    "as_written",
    "cell",
    "copy_table",
    "inert",
    "require_writable",
    "write_table",
]
