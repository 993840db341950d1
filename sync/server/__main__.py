"""The command line of the district office's server."""

import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code (docs/commands.md)."""
    from sync.server.commands.line import parse  # noqa: PLC0415 - usage errors answer at once
    from sync.server.commands.running import run  # noqa: PLC0415 - usage needs none of it

    return run(parse(list(sys.argv[1:] if argv is None else argv)))


if __name__ == "__main__":
    sys.exit(main())
