"""How well records of one person are found again in a corrupted register, beside exact match and trigrams.

    python benchmarks/linkage.py                  60,000 people and 25,000 records of them
    python benchmarks/linkage.py --people 12000   a quick run

An invented register of a few communes, with twins and with namesakes in one commune, and a second one of some of the
same people as another office would have written it: accents lost, letters slipped, names in another order, only the
year of birth, day and month swapped, another telephone, the old identity number here and the new one there. Who is
who is known.
The weights were set on seed 1; what is reported is measured on others.
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from people_world import GIVEN, Register, invent

from tuyendau.lib.text import fold
from tuyendau.records.people.rules import likeness as rules
from tuyendau.records.people.rules.likeness import Traits
from tuyendau.records.people.rules.names import key

RESULTS = Path(__file__).with_name("RESULTS.md")
BEGIN, END = "<!-- linkage: begin -->", "<!-- linkage: end -->"
KEYS = "abcdefghijklmnopqrstuvwxyz"
Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Truth:
    """Two registers and the pairs (row of the first, row of the second) that are one person."""

    first: list[Traits]
    second: list[Traits]
    pairs: set[Pair]


def world(people: int, seed: int) -> Truth:
    """The registers; a commune has 9,000 people as in the province."""
    register = invent(people, max(1, people // 9_000), seed)
    random = np.random.default_rng(seed + 100)
    first = [_traits(register, n) for n in range(len(register))]
    first += _twins(random, first, people // 60)
    first += _namesakes(random, first, people // 50)
    chosen = random.permutation(len(first))
    known, strangers = chosen[: people // 3], chosen[people // 3 : people // 3 + people // 12]
    second = [_corrupted(random, first[n]) for n in known]
    pairs = {(int(n), row) for row, n in enumerate(known)}
    # Some are only in the second register: they must be linked to nobody.
    second += [_corrupted(random, first[n]) for n in strangers]
    gone = set(strangers.tolist())
    kept = [n for n in range(len(first)) if n not in gone]
    renumbered = {n: row for row, n in enumerate(kept)}
    first = [_as_recorded(random, first[n]) for n in kept]
    return Truth(first, second, {(renumbered[a], b) for a, b in pairs})


def _traits(register: Register, n: int) -> Traits:
    numbers = [("cccd", register.cccd[n]), ("cmnd", register.cmnd[n]), ("bhyt", register.bhyt[n])]
    day = register.day(n)
    return Traits(
        register.name[n], str(register.sex[n]), day.year, day, register.phone[n],
        frozenset((k, v) for k, v in numbers if v), int(register.commune[n]),
        f"Thôn {int(register.household[n]) % 12}", frozenset({int(register.household[n])}),
    )  # fmt: skip


def _twins(random: np.random.Generator, people: list[Traits], count: int) -> list[Traits]:
    """Brothers and sisters born on one day, at one address with one telephone; a third with names a mark apart."""
    twins = []
    near = {
        "Hùng": "Hưng",
        "Hà": "Hạ",
        "Tuấn": "Tuân",
        "Hòa": "Hoa",
        "Thúy": "Thùy",
        "Thu": "Thư",
        "Dũng": "Dung",
    }
    for n in random.integers(0, len(people), count).tolist():
        one = people[n]
        words = one.full_name.split()
        other = near.get(words[-1]) if random.random() < 0.33 else None
        name = " ".join([*words[:-1], other or str(random.choice(GIVEN[one.sex]))])
        numbers = frozenset((k, _next_number(random, v)) for k, v in one.numbers)
        if fold(name) != fold(one.full_name) or other:
            twins.append(replace(one, full_name=name, numbers=numbers))
    return twins


def _namesakes(random: np.random.Generator, people: list[Traits], count: int) -> list[Traits]:
    """People of the same name, sex and commune; one in four of the same year."""
    found = []
    for n in random.integers(0, len(people), count).tolist():
        one = people[n]
        years = 0 if random.random() < 0.25 else int(random.integers(2, 30))
        day = date(max(1930, (one.birth_year or 1990) - years), 1, 1) + timedelta(
            days=int(random.integers(0, 365))
        )
        numbers = frozenset((k, _next_number(random, v)) for k, v in one.numbers if k != "cccd")
        phone = f"+849{int(random.integers(0, 10**8)):08d}"
        found.append(
            replace(one, birth_date=day, birth_year=day.year, numbers=numbers, phone=phone, homes=frozenset())
        )
    return found


def _next_number(random: np.random.Generator, value: str) -> str:
    return value[:-5] + f"{int(random.integers(0, 10**5)):05d}"


def _as_recorded(random: np.random.Generator, one: Traits) -> Traits:
    """The first register as it was kept: many birth days unknown, of many only the old number."""
    numbers = dict(one.numbers)
    if "cmnd" in numbers and random.random() < 0.6:
        numbers.pop("cccd", None)
    numbers = {k: v for k, v in numbers.items() if random.random() < 0.6}
    only_year = random.random() < 0.1
    return replace(
        one, numbers=frozenset(numbers.items()), birth_date=None if only_year else one.birth_date,
        phone=one.phone if random.random() < 0.8 else "",
    )  # fmt: skip


def _corrupted(random: np.random.Generator, one: Traits) -> Traits:
    """The same person as another office wrote them down."""
    numbers = dict(one.numbers)
    if "cccd" in numbers:
        numbers.pop("cmnd", None)
    numbers = {k: _slipped_number(random, v) for k, v in numbers.items() if random.random() < 0.35}
    year, day = _born(random, one)
    phone = one.phone
    if random.random() < 0.2:
        phone = f"+849{int(random.integers(0, 10**8)):08d}"
    elif random.random() < 0.15:
        phone = ""
    sex = one.sex if random.random() > 0.01 else "FM"[one.sex == "F"]
    unit = one.unit if random.random() > 0.08 else 10_000 + int(random.integers(0, 200))
    moved = unit != one.unit
    return Traits(
        _name(random, one.full_name), sex if random.random() > 0.03 else "", year, day, phone,
        frozenset(numbers.items()), unit, "" if moved or random.random() < 0.4 else one.address,
        frozenset() if moved or random.random() < 0.7 else one.homes,
    )  # fmt: skip


def _name(random: np.random.Generator, name: str) -> str:
    words = name.split()
    if len(words) > 2 and random.random() < 0.04:
        words.pop(int(random.integers(1, len(words) - 1)))
    if random.random() < 0.09:
        n = int(random.integers(0, len(words)))
        words[n] = _slip(random, words[n])
    if random.random() < 0.02:
        words[0] = "Ng." if words[0] == "Nguyễn" else words[0][0] + "."
    if random.random() < 0.05:
        words = [words[-1], *words[:-1]] if random.random() < 0.5 else [*words[1:], words[0]]
    name = " ".join(words)
    kind = random.random()
    return fold(name).upper() if kind < 0.15 else fold(name).title() if kind < 0.28 else name


def _slip(random: np.random.Generator, word: str) -> str:
    n, kind = int(random.integers(0, len(word))), random.random()
    letter = KEYS[int(random.integers(0, 26))]
    if kind < 0.4:
        return word[:n] + letter + word[n + 1 :]
    if kind < 0.6 and len(word) > 2:
        return word[:n] + word[n + 1 :]
    if kind < 0.8:
        return word[:n] + letter + word[n:]
    return word[: n - 1] + word[n] + word[n - 1] + word[n + 1 :] if n else word + letter


def _born(random: np.random.Generator, one: Traits) -> tuple[int | None, date | None]:
    day = one.birth_date
    assert day is not None
    kind = random.random()
    if kind < 0.15:
        return (day.year if random.random() > 0.1 else day.year + 1), None
    if kind < 0.18:
        return None, None
    if kind < 0.22 and day.day <= 12:
        day = date(day.year, day.day, day.month)
    elif kind < 0.25:
        day = day.replace(day=min(28, max(1, day.day + int(random.choice([-1, 1, 10])))))
    elif kind < 0.27:
        day = day.replace(day=1, month=1)
    return day.year, day


def _slipped_number(random: np.random.Generator, value: str) -> str:
    if random.random() > 0.01:
        return value
    n = len(value) - 1 - int(random.integers(0, 5))
    return value[:n] + str((int(value[n]) + 1) % 10) + value[n + 1 :]


def blocks(one: Traits) -> Iterable[tuple[object, ...]]:
    """The keys under which a record is looked for, as the program's own search of candidates does."""
    name, given = key(fold(one.full_name)), fold(one.full_name).split()
    yield from (("number", *number) for number in one.numbers)
    if one.phone:
        yield "phone", one.phone
    if one.birth_date:
        yield "name-day", name, one.birth_date
        swapped = (one.birth_date.year, *sorted((one.birth_date.month, one.birth_date.day)))
        yield "name-swapped", name, swapped
        yield "day-commune", one.birth_date, one.unit
        yield "day-given", one.birth_date, given[-1] if given else ""
    yield "name-commune", name, one.unit
    for home in one.homes:
        yield "home", home


def candidates(truth: Truth) -> set[Pair]:
    """The pairs that share a block; blocks of very many say nothing."""
    where: defaultdict[tuple[object, ...], list[int]] = defaultdict(list)
    for n, one in enumerate(truth.first):
        for block in blocks(one):
            where[block].append(n)
    return {
        (n, row)
        for row, other in enumerate(truth.second)
        for block in blocks(other)
        for n in where.get(block, ())
    }


def exact(truth: Truth) -> set[Pair]:
    """Lower-cased names and days of birth are equal, as in Go.Data; sex too where it is known."""
    where: defaultdict[tuple[str, date | None], list[int]] = defaultdict(list)
    for n, one in enumerate(truth.first):
        where[one.full_name.lower(), one.birth_date].append(n)
    return {
        (n, row) for row, other in enumerate(truth.second) if other.birth_date
        for n in where.get((other.full_name.lower(), other.birth_date), ())
        if not other.sex or truth.first[n].sex == other.sex
    }  # fmt: skip


def trigrams(text: str) -> frozenset[str]:
    """The trigrams of pg_trgm: of each word in lower case, two blanks before it and one behind."""
    return frozenset(
        padded[i : i + 3]
        for word in "".join(c if c.isalnum() else " " for c in text.lower()).split()
        for padded in [f"  {word} "]
        for i in range(len(padded) - 2)
    )


def trigram(truth: Truth, least: float, folded: bool) -> set[Pair]:
    """Names with a trigram similarity of `least`, sex and year of birth the same or not known, as SORMAS does it."""
    text = (lambda t: fold(t)) if folded else str
    sets = [[trigrams(text(one.full_name)) for one in side] for side in (truth.first, truth.second)]
    column = {gram: n for n, gram in enumerate(sorted(set().union(*sets[0], *sets[1])))}
    matrices = [_matrix(side, column) for side in sets]
    sizes = [np.array([len(grams) for grams in side], np.float32) for side in sets]
    by_year: defaultdict[int | None, list[int]] = defaultdict(list)
    for n, one in enumerate(truth.first):
        by_year[one.birth_year].append(n)
    of_second: defaultdict[int | None, list[int]] = defaultdict(list)
    for row, other in enumerate(truth.second):
        of_second[other.birth_year].append(row)
    found: set[Pair] = set()
    for year, rows in of_second.items():
        ours = np.array(by_year[year] if year is not None else list(range(len(truth.first))), np.int64)
        for low in range(0, len(rows), 200):
            some = np.array(rows[low : low + 200])
            if not len(ours):
                continue
            shared = matrices[0][ours] @ matrices[1][some].T
            likeness = shared / (sizes[0][ours][:, None] + sizes[1][some][None, :] - shared)
            for i, j in zip(*np.nonzero(likeness >= least), strict=True):
                a, b = truth.first[ours[i]], truth.second[some[j]]
                if not a.sex or not b.sex or a.sex == b.sex:
                    found.add((int(ours[i]), int(some[j])))
    return found


def _matrix(sets: list[frozenset[str]], column: dict[str, int]) -> np.ndarray:
    matrix = np.zeros((len(sets), len(column)), np.float32)
    for n, grams in enumerate(sets):
        matrix[n, [column[gram] for gram in grams]] = 1
    return matrix


def measured(found: set[Pair], truth: set[Pair]) -> tuple[float, float, float]:
    """Precision, recall and F1 of pairs."""
    right = len(found & truth)
    precision, recall = right / max(1, len(found)), right / len(truth)
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def scored(truth: Truth) -> dict[Pair, rules.Likeness]:
    """Every candidate with its likeness."""
    return {(a, b): rules.likeness(truth.first[a], truth.second[b]) for a, b in candidates(truth)}


def describe(people: int, seeds: list[int]) -> list[str]:
    """The table, as lines of Markdown: each figure is the mean over the seeds."""
    rows: defaultdict[str, list[tuple[float, float, float]]] = defaultdict(list)
    counts: defaultdict[str, list[float]] = defaultdict(list)
    for seed in seeds:
        truth = world(people, seed)
        begin = time.perf_counter()
        compared = scored(truth)
        counts["us"].append((time.perf_counter() - begin) / max(1, len(compared)) * 1e6)
        same = {pair for pair, found in compared.items() if found.decision is rules.Decision.SAME}
        opened = {pair for pair, found in compared.items() if found.decision is rules.Decision.OPEN}
        rows["Tuyến Đầu, what is merged together (same)"].append(measured(same, truth.pairs))
        rows["Tuyến Đầu, with the queue decided rightly"].append(
            measured(same | (opened & truth.pairs), truth.pairs)
        )
        rows["exact name (lower case), day of birth and sex"].append(measured(exact(truth), truth.pairs))
        rows["trigrams of the name ≥ 0.65, year of birth and sex"].append(
            measured(trigram(truth, 0.65, folded=False), truth.pairs)
        )
        rows["the same, names without accents"].append(
            measured(trigram(truth, 0.65, folded=True), truth.pairs)
        )
        counts["open"].append(len(opened))
        counts["true in the queue"].append(len(opened & truth.pairs))
        counts["pairs"].append(len(truth.pairs))
        counts["wrong"].append(len(same - truth.pairs))
        counts["blocked"].append(len(compared.keys() & truth.pairs) / len(truth.pairs))
        print(seed, {name: values[-1] for name, values in rows.items()}, flush=True)
    lines = ["| way | precision | recall | F1 |", "|---|---|---|---|"]
    for name, values in rows.items():
        precision, recall, f1 = np.mean(values, axis=0)
        lines.append(f"| {name} | {precision:.4f} | {recall:.3f} | {f1:.3f} |")
    mean = {name: float(np.mean(values)) for name, values in counts.items()}
    lines += [
        "",
        f"Of {mean['pairs']:,.0f} true pairs {100 * mean['blocked']:.1f} % share a block and are compared at all; "
        f"{mean['wrong']:.0f} wrong pairs would be merged together. The queue has {mean['open']:,.0f} pairs, of which "
        f"{mean['true in the queue']:,.0f} are one person. A comparison takes {mean['us']:.0f} µs. "
        f"Thresholds: same from {rules.thresholds()[0]:g} bits, to be decided from {rules.thresholds()[1]:g}.",
    ]
    return lines


def write(lines: list[str], people: int, seeds: list[int]) -> None:
    """Put the table into RESULTS.md in place of the last one."""
    head = [
        BEGIN, "## Records of one person", "",
        f"An invented register of {people:,} people with twins and namesakes, and a second one with records of a third "
        f"of them and of some strangers, as another office would write; mean of seeds {', '.join(map(str, seeds))} "
        f"(weights were set on seed 1). {date.today():%Y-%m-%d}, `python benchmarks/linkage.py`.", "",
    ]  # fmt: skip
    text = RESULTS.read_text()
    block = "\n".join([*head, *lines, END])
    if BEGIN in text:
        text = text[: text.index(BEGIN)] + block + text[text.index(END) + len(END) :]
    else:
        text = text.rstrip() + "\n\n" + block + "\n"
    RESULTS.write_text(text)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=int, default=60_000)
    parser.add_argument("--seeds", type=int, nargs="+", default=[2, 3, 4])
    arguments = parser.parse_args()
    lines = describe(arguments.people, arguments.seeds)
    print("\n".join(lines))
    if arguments.people >= 60_000:
        write(lines, arguments.people, arguments.seeds)


if __name__ == "__main__":
    main()
