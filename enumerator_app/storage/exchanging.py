"""A new encrypted file takes the place of the old one; a power cut in between only delays it."""

import shutil
from pathlib import Path

from enumerator_app.storage.durable import flush_folder
from enumerator_app.storage.home import Home


def new_file(home: Home) -> Path:
    """Where a new file waits: it is whole as soon as it has this name."""
    return home.path / "registrations.db.new"


def exchanged(home: Home) -> Path | None:
    """Put a waiting file in its place; return where the old ones went, None if none waits."""
    if not new_file(home).exists():
        return None
    aside = home.set_aside(*home.database_files())
    if aside is not None:
        shutil.copy(home.key_file, aside / home.key_file.name)  # it opens as a home of its own
        flush_folder(aside)
    new_file(home).replace(home.database)
    flush_folder(home.path)
    return aside
