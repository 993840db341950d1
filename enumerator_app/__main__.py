"""The command line; without a command it opens the window."""

import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command, or the window, and return the exit code (docs/commands.md)."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    from enumerator_app.commands.line import parse  # noqa: PLC0415 - the window starts without it

    options = parse(arguments)
    if options.command is None:
        from enumerator_app.bootstrap.window import open_window  # noqa: PLC0415 - brings in Qt

        return open_window(options.home, options.language)
    from enumerator_app.commands.running import run  # noqa: PLC0415 - the window starts without it

    return run(options)


if __name__ == "__main__":
    sys.exit(main())
