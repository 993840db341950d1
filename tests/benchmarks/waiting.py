"""How long a thread was kept waiting by other programs: what it cannot be blamed for."""

from pathlib import Path

SCHEDULING = Path("/proc/thread-self/schedstat")


def waited_s() -> float:
    """Return how long this thread was ready to run and somebody else was running."""
    try:
        return int(SCHEDULING.read_text().split()[1]) / 1e9
    except (OSError, ValueError, IndexError):
        return 0.0
