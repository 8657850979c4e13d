"""The tables of the evaluation as Markdown."""

from __future__ import annotations

from typing import Any

import numpy as np

from tuyendau.science.epi import Grade, Setting


def _percent(values: Any, digits: int = 1) -> str:
    mean, low, high = np.nanmean(values), np.nanmin(values), np.nanmax(values)
    return f"{100 * mean:.{digits}f} % ({100 * low:.0f} to {100 * high:.0f})"


def evaluation_table(found: list[dict[str, Any]], scale: float, seconds: float, head: str) -> str:
    """Recall and quarantine by way of choosing, by grade and by setting; means over outbreaks, with their range."""
    total = {
        k: sum(f[k] for f in found)
        for k in ("cases", "infections", "infectees", "unfound", "known", "missed", "early")
    }
    lines = [
        "## Contact lists against the truth", "",
        f"{len(found)} outbreaks at scale {scale:g}, each in a world of its own: {total['infections']:,} infections, "
        f"{total['cases']:,} cases found. Means over the outbreaks, in brackets the lowest and the highest. {head} "
        f"{seconds:.0f} s in all.", "",
        "| who is held | infectees on the list | infected before the parks closed | after "
        "| person-days, lock = 100 % | people a list |",
        "|---|---|---|---|---|---|",
    ]  # fmt: skip
    for way in found[0]["ways"]:
        columns = np.array([f["ways"][way] for f in found])
        cells = [_percent(columns[:, k]) for k in range(4)]
        lines.append(f"| {way} | {' | '.join(cells)} | {columns[:, 4].mean():.0f} |")
    lines += ["", *_grades(found), "", *_settings(found), "", *_misses(found, total)]
    return "\n".join(lines)


def _grades(found: list[dict[str, Any]]) -> list[str]:
    shares = np.array([f["grades"] for f in found])
    names = [g.slug for g in Grade if g is not Grade.NONE]
    lines = ["| grade of the infectee | share |", "|---|---|"]
    lines += [f"| {name} | {_percent(shares[:, k])} |" for k, name in enumerate(names)]
    lines.append(f"| met, below every rule | {_percent(shares[:, 3])} |")
    lines.append(f"| not on the list | {_percent(shares[:, 4])} |")
    ranks = [f["rank"] for f in found]
    mean = np.mean([f["listed"] for f in found])
    lines += [
        "",
        f"A list holds {mean:.0f} people in the mean; the infectees on it stand at rank {np.median(ranks) + 1:.0f} "
        f"in the median (outbreaks: {min(ranks) + 1:.0f} to {max(ranks) + 1:.0f}).",
    ]
    return lines


def _settings(found: list[dict[str, Any]]) -> list[str]:
    both = np.array([f["by_setting"] for f in found]).sum(axis=0)
    missed = np.array([f["missed_by_setting"] for f in found]).sum(axis=0)
    every, on_record = both[:, 0], both[:, 1]
    lines = ["| where it passed | share of infections | of them on record for both there and then | infectees missed |",
             "|---|---|---|---|"]  # fmt: skip
    for s in np.argsort(-every):
        if every[s]:
            share, seen = 100 * every[s] / every.sum(), 100 * on_record[s] / every[s]
            lines.append(f"| {Setting(s).slug} | {share:.1f} % | {seen:.0f} % | {missed[s]} |")
    lines.append(f"| in all | 100 % | {100 * on_record.sum() / every.sum():.0f} % | {missed.sum()} |")
    return lines


def _misses(found: list[dict[str, Any]], total: dict[str, int]) -> list[str]:
    return [
        f"The table counts {total['infectees']:,} infectees. Of others no list can tell: {total['unfound']:,} whose "
        f"infector was never found, and {total['known']:,} who were cases themselves by the day on which their "
        f"infector was reported. Of the {total['missed']:,} missed, {total['early']:,} were infected before the "
        "infectious window that the rules give."
    ]


def course_table(
    found: list[dict[str, Any]], published: dict[tuple[int, int], int], scale: float, head: str
) -> str:
    """Cases known by day beside the published figures."""
    cases = np.array([f["cases"] for f in found])
    lines = [
        "## The simulated course beside the published one", "",
        f"Cases known by the evening, {len(found)} outbreaks at scale {scale:g}. {head} An outbreak took "
        f"{np.mean([f['seconds'] for f in found]):.0f} s in the mean.", "",
        "| day of 2021 | published | mean | " + " | ".join(f"seed {n}" for n in range(1, len(found) + 1)) + " |",
        "|" + "---|" * (3 + len(found)),
    ]  # fmt: skip
    for k, ((month, day), count) in enumerate(published.items()):
        row = " | ".join(f"{c:,}" for c in cases[:, k])
        lines.append(f"| {day:02d}/{month:02d} | {count:,} | {cases[:, k].mean():,.0f} | {row} |")
    for name, told, key in (
        ("share in Việt Yên", "81 %", "district"),
        ("share in Quang Châu", "49 %", "village"),
    ):
        values = [f[key] for f in found]
        row = " | ".join(f"{100 * v:.0f} %" for v in values)
        lines.append(f"| {name} | {told} | {100 * np.mean(values):.0f} % | {row} |")
    infections = [f["infections"] for f in found]
    row = " | ".join(f"{v:,}" for v in infections)
    lines.append(f"| infections in truth | | {np.mean(infections):,.0f} | {row} |")
    return "\n".join(lines)
