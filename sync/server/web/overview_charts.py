"""The two charts of the first page: the bar of everybody, and the people of each day."""

from typing import Any

from enumerator_app.domain.instants import shown_date
from sync.server.figures.overview import Overview
from sync.server.web import drawing
from sync.server.web.words import Words


def lead_bar(seen: Overview, words: Words) -> dict[str, Any]:
    """Return the bar, and what it says to those who do not see it."""
    total = seen.total
    whole = max(total.target or 0, total.registered)
    parts = [
        drawing.Part("covered", total.covered, words("covered_short"), words.n(total.covered)),
        drawing.Part("waiting", total.enrolled, words("enrolled"), words.n(total.enrolled)),
        drawing.Part("checking", total.registered, words("registered"), words.n(total.registered)),
    ]
    if total.target and total.target > total.registered:
        parts.append(drawing.Part("missing", total.target, words("target"), words.n(total.target)))
    said = words(
        "bar_said", covered=words.n(total.covered), enrolled=words.n(total.enrolled),
        registered=words.n(total.registered),
    )  # fmt: skip
    return {"picture": drawing.bar(parts, whole), "said": said}


def trend(seen: Overview, words: Words) -> dict[str, Any]:
    """Return the chart of the days, its heading, and the same numbers as a table."""
    pace = seen.pace
    mean, needed = round(pace.mean), None if pace.needed is None else _up(pace.needed)
    levels = drawing.scale(max([one.n for one in pace.days] + [pace.mean, needed or 0]))
    chart = drawing.Plot(
        [one.n for one in pace.days],
        [one.mean for one in pace.days],
        needed,
        [(at, f"{pace.days[at].day:%d-%m}") for at in _places(len(pace.days))],
    )
    ends = [drawing.Ending(pace.mean, words.n(mean), words("trend_mean"), "l-name")]
    if needed is not None:
        ends.append(drawing.Ending(needed, words.n(needed), words("trend_needed"), "strong"))
    return {
        "heading": _heading(seen, mean, needed, words),
        "measured": _measured(seen, words),
        "axis": drawing.axis(levels, [words.n(level) for level in levels]),
        "plot": drawing.plot(chart, levels),
        "endings": drawing.endings(ends, levels),
        "rows": [
            {"day": shown_date(one.day), "n": words.n(one.n), "mean": words.n(round(one.mean))}
            for one in reversed(pace.days)
        ],
    }


def _up(number: float) -> int:
    return int(-(-number // 1))


def _places(n: int) -> list[int]:
    """Return five places along the days, the first and the last among them."""
    return sorted({round((n - 1) * part / 4) for part in range(5)}) if n else []


def _heading(seen: Overview, mean: int, needed: int | None, words: Words) -> str:
    if seen.pace.is_done:
        return words("trend_done")
    if not mean:
        return words("trend_nothing")
    if needed is None:
        return words("trend_heading", n=words.n(mean))
    return words("trend_heading_needed", n=words.n(mean), needed=words.n(needed))


def _measured(seen: Overview, words: Words) -> str:
    """Say when all are registered at this pace, and whether that is before the last day."""
    said = words("trend_measured")
    ends, last = seen.pace.ends_on, seen.last_day
    if ends and last:
        key = "trend_ends_before" if ends <= last else "trend_ends_after"
        return f"{said} {words(key, date=shown_date(ends), last=shown_date(last))}"
    if ends:
        return f"{said} {words('trend_ends', date=shown_date(ends))}"
    return said
