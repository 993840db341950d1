"""The command that does the whole job once on sample data."""

import argparse
import sys
import tempfile
from pathlib import Path

from enumerator_app.commands.running import Answer, progress
from enumerator_app.demo.story import Places, Story, play
from enumerator_app.demo.window import on_screen
from enumerator_app.texts import text


def demo(options: argparse.Namespace) -> Answer:
    folder = options.keep or Path(tempfile.mkdtemp(prefix="tani-pendata-demo-"))
    story = Story(Places(folder.resolve()), options.workers, progress)
    if options.stay:
        story.wait = sys.stdin.readline
    facts = play(story, on_screen)
    facts["results"] = str(story.places.results)
    progress(text("demo.where", path=story.places.results))
    sound = (
        facts["last_sync"]["heads_agree"]
        and facts["verify"]["ok"]
        and facts["cards"]["genuine"] == facts["cards"]["codes"]
        and facts["slips"]["genuine"] == facts["slips"]["codes"]
        and facts["letters"]["agree"]
    )
    return Answer({"ok": sound, **facts}, (), 0 if sound else 1)
