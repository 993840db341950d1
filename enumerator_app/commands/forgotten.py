"""A forgotten passphrase: a request for the office, and the laptop opened with its answer."""

import argparse

from enumerator_app.bootstrap.laptops import ask_for_help, helped_laptop
from enumerator_app.commands.running import Answer, passphrase_of
from enumerator_app.domain.errors import UsageWrong
from enumerator_app.texts import text


def ask(options: argparse.Namespace) -> Answer:
    """Write the request; needs no passphrase, and opens nothing."""
    ask_for_help(options.home, options.file)
    said = text("forgotten.asked", file=options.file.name)
    return Answer({"path": str(options.file)}, (said,))


def take_answer(options: argparse.Namespace) -> Answer:
    """Open with the office's answer; the passphrase is the new one of `--operator`."""
    if not options.operator:
        raise UsageWrong(detail="--operator")
    with helped_laptop(
        options.home,
        options.file,
        operator_name=options.operator,
        passphrase=passphrase_of(options),
    ) as laptop:
        registrations = laptop.counts().registrations
    fields = {"operator": options.operator, "registrations": registrations}
    return Answer(fields, (text("forgotten.opened", **fields),))
