"""The tables of the evaluation as Markdown."""

from __future__ import annotations

from typing import Any

import numpy as np

from tuyendau.science.epi import Grade, Setting

FEW = 30
"""Infectees below which an outbreak's own share is left out of the range: it says little."""


def _share(part: Any, whole: Any, enough: Any) -> str:
    """The pooled share, and the lowest and highest of single outbreaks that are large enough."""
    alone = 100 * part[enough] / whole[enough]
    return f"{100 * part.sum() / whole.sum():.1f} % ({alone.min():.0f} to {alone.max():.0f})"


def evaluation_table(found: list[dict[str, Any]], scale: float, seconds: float, head: str) -> str:
    """Recall and quarantine by way of choosing, by grade and by setting; all outbreaks together, with their range."""
    counted = ("cases", "infections", "infectees", "unfound", "known", "missed", "early", "listed")
    total = {k: sum(f[k] for f in found) for k in counted}
    sizes = np.array([f["sizes"] for f in found])
    lines = [
        "## Contact lists against the truth", "",
        f"{len(found)} outbreaks at scale {scale:g}, each in a world of its own: {total['infections']:,} infections, "
        f"{total['cases']:,} cases found. All outbreaks together, in brackets the lowest and the highest of single "
        f"ones with {FEW} infectees and more. {head} {seconds:.0f} s in all.", "",
        "| who is held | infectees on the list | infected before the parks closed | after "
        "| person-days, lock = 100 % | people a list |",
        "|---|---|---|---|---|---|",
    ]  # fmt: skip
    lock = np.array([f["ways"]["company lock"] for f in found])
    for way in found[0]["ways"]:
        columns = np.array([f["ways"][way] for f in found])
        cells = [_share(columns[:, k], sizes[:, k], sizes[:, k] >= FEW) for k in range(3)]
        cells.append(_share(columns[:, 3], lock[:, 3], sizes[:, 0] >= FEW))
        lines.append(f"| {way} | {' | '.join(cells)} | {columns[:, 4].sum() / total['cases']:.0f} |")
    lines += ["", *_grades(found, total), "", *_settings(found), "", *_misses(total)]
    return "\n".join(lines)


def _grades(found: list[dict[str, Any]], total: dict[str, int]) -> list[str]:
    grades = np.array([f["grades"] for f in found])
    whole = grades.sum(axis=1)
    names = [g.slug for g in Grade if g is not Grade.NONE]
    lines = ["| grade of the infectee | share |", "|---|---|"]
    for k, name in enumerate([*names, "met, below every rule", "not on the list"]):
        lines.append(f"| {name} | {_share(grades[:, k], whole, whole >= FEW)} |")
    ranks = np.concatenate([f["ranks"] for f in found]) + 1
    low, middle, high, last = np.percentile(ranks, (25, 50, 75, 95))
    lines += [
        "",
        f"A list holds {total['listed'] / total['cases']:.0f} people in the mean. The infectees on it stand at rank "
        f"{middle:.0f} in the median (quartiles {low:.0f} and {high:.0f}; 95 % stand at rank {last:.0f} or before).",
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


def _misses(total: dict[str, int]) -> list[str]:
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


def limits_table(found: list[dict[str, Any]], scale: float, head: str) -> str:
    """Recall and quarantine of all outbreaks together, were this or that otherwise."""
    infectees, lock = sum(f["infectees"] for f in found), sum(f["lock"] for f in found)
    lines = [
        "## What limits contact lists", "",
        f"{len(found)} outbreaks at scale {scale:g}, {infectees:,} infectees. {head}", "",
        "| records and rules | who is held | infectees on the list | person-days, lock = 100 % |",
        "|---|---|---|---|",
    ]  # fmt: skip
    for row in found[0]["rows"]:
        caught, cost = (sum(f["rows"][row][k] for f in found) for k in range(2))
        lines.append(f"| {row} | {100 * caught / infectees:.1f} % | {100 * cost / lock:.1f} % |")
    early, untold = sum(f["early"] for f in found), sum(f["untold"] for f in found)
    lines += [
        "",
        f"{early} infectees were infected before the window of the rules began, {untold} of them by cases who had no "
        "onset to tell.",
    ]
    return "\n".join(lines)
