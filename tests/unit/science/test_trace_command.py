"""`tuyendau trace` from files: what it lists, and how it refuses what it cannot read."""

from __future__ import annotations

import csv
import importlib
import io
import re
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result

from tuyendau.config.cli.trace import command
from tuyendau.science.epi import Setting

HEADER = "person,site,start,end"
ROWS = [
    "An,line-1,2021-05-08T07:30,2021-05-08T11:30",
    "Bình,line-1,2021-05-08T08:00:00+07:00,2021-05-08T12:00:00.5+07:00",
    "Bình,line-1,2021-05-08T02:00Z,2021-05-08T13:00",
    "Chi,line-1,2021-05-07 22:00,2021-05-08 08:00",
]
GOOD = "\n".join([HEADER, *ROWS]) + "\n"
WINDOW = ["--from", "2021-05-08", "--to", "2021-05-09"]


def run(folder: Path, content: str | bytes, *options: str, name: str = "visits.csv") -> Result:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return CliRunner().invoke(command, ["--visits", str(path), "--person", "An", *WINDOW, *options])


def listed(result: Result) -> list[dict[str, str]]:
    assert result.exit_code == 0, result.output
    return list(csv.DictReader(io.StringIO(result.stdout)))


def test_lists_pairs_most_seconds_first(tmp_path: Path) -> None:
    rows = listed(run(tmp_path, GOOD))
    assert list(rows[0]) == "source,contact,degree,seconds,first,last,sites,grade,probability".split(",")
    assert [(r["contact"], r["seconds"]) for r in rows] == [("Bình", "12600"), ("Chi", "1800")]
    assert rows[0]["first"] == "2021-05-08T08:00:00+07:00"
    assert rows[0]["last"] == "2021-05-08T11:30:00+07:00"
    assert (rows[0]["source"], rows[0]["degree"], rows[0]["sites"], rows[0]["grade"]) == (
        "An",
        "1",
        "1",
        "near",
    )
    assert float(rows[0]["probability"]) == pytest.approx(0.00698, abs=1e-5)


@pytest.mark.parametrize(("options", "contacts"), [
    (["--min-minutes", "30"], ["Bình", "Chi"]),
    (["--min-minutes", "30.1"], ["Bình"]),
    (["--counts", "close"], []),
    (["--policy", "fifteen_minutes", "--counts", "close"], ["Bình", "Chi"]),
    (["--person", "An", "--person", "Chi", "--min-minutes", "31"], ["Bình"]),
])  # fmt: skip
def test_options_narrow_the_list(tmp_path: Path, options: list[str], contacts: list[str]) -> None:
    assert [r["contact"] for r in listed(run(tmp_path, GOOD, *options))] == contacts


def test_onset_weighs_the_days(tmp_path: Path) -> None:
    on, late = (
        float(listed(run(tmp_path, GOOD, "--onset", d))[0]["probability"])
        for d in ("2021-05-09", "2021-05-02")
    )
    assert on > 5 * late > 0


def test_ways_to_write_one_time_mean_the_same(tmp_path: Path) -> None:
    ways = ["2021-05-08T07:30:00", "2021-05-08 07:30", "2021-05-08T00:30Z", "2021-05-07T19:30:00.9-05:00",
            "2021-05-08T06:00:00+0530"]  # fmt: skip
    for way in ways:
        rows = [f"An,A,{way},2021-05-08T08:00:00", "Bình,A,2021-05-08T07:00:00,2021-05-08T07:40:00"]
        found = listed(run(tmp_path, "\n".join([HEADER, *rows]), "--min-minutes", "0"))
        assert [(r["contact"], r["seconds"]) for r in found] == [("Bình", "600")], way


@pytest.mark.parametrize("content", [
    b"\xef\xbb\xbf" + GOOD.encode(),
    GOOD.encode("utf-16"),
    GOOD.replace("Bình", "Zoë").encode("cp1252"),
    GOOD.replace(",", ";").encode(),
    GOOD.replace(",", "\t").encode(),
    GOOD.replace("\n", "\r\n").encode(),
    GOOD.replace("person,site", " Person , SITE").encode(),
    ("\n" + GOOD.replace("\nChi", "\n\n\nChi") + ",,,\n").encode(),
    GOOD.replace("end\n", "end,note\n").replace("11:30\n", '11:30,"a, ""b""\nc"\n').replace("00\n", "00,\n").encode(),
    GOOD.rstrip("\n").encode(),
])  # fmt: skip
def test_what_spreadsheets_write_is_understood(tmp_path: Path, content: bytes) -> None:
    seconds = [int(r["seconds"]) for r in listed(run(tmp_path, content, "--min-minutes", "0"))]
    assert seconds in ([12_600, 1_800], [14_400 - 1_800, 1_800])


@pytest.mark.parametrize(("content", "said"), [
    ("", ["empty", "header"]),
    (HEADER + "\n", ["no rows"]),
    ("person,place,start,end\n" + ROWS[0], ["no column 'site'", "'place'", HEADER]),
    (HEADER + ",site\n" + ROWS[0] + ",x", ["'site' twice"]),
    (GOOD.replace("2021-05-08T11:30", "2021-05-08T07:00"), ["line 2", "'end'", "before the start"]),
    (GOOD.replace("08T13:00", "32T13:00"), ["line 4", "'end'", "'2021-05-32T13:00'", "write it as 2021-05-08T07:30"]),
    (GOOD.replace("2021-05-08T13:00", "2021-02-30T13:00"), ["line 4", "'end'", "'2021-02-30T13:00'"]),
    (GOOD.replace("2021-05-08T13:00", "08/05/2021 13:00"), ["line 4", "'end'", "'08/05/2021 13:00'"]),
    (GOOD.replace("2021-05-08T13:00", "2021-05-08T24:30"), ["line 4", "'2021-05-08T24:30'"]),
    (f"{HEADER}\nAn,A,2021-05-08T07:30:00,2021-05-08T08:00:60", ["line 2", "'end'", "'2021-05-08T08:00:60'"]),
    (f"{HEADER}\nAn,A,2021-02-29T07:30:00,2021-05-08T08:00:00", ["line 2", "'start'", "'2021-02-29T07:30:00'"]),
    (GOOD.replace("2021-05-08T13:00", "2021-05-08"), ["line 4", "no time of day"]),
    (GOOD.replace("2021-05-08T13:00", "2121-05-08T13:00"), ["line 4", "outside the years"]),
    (GOOD.replace("2021-05-08T13:00", ""), ["line 4", "'end'", "empty"]),
    (GOOD.replace("Chi,", ","), ["line 5", "'person'", "empty"]),
    (GOOD.replace("Bình,line-1,2021-05-08T02", "\n\nBình,,2021-05-08T02"), ["line 6", "'site'", "empty"]),
    ("\n\n" + GOOD.replace("Chi,", ","), ["line 7", "'person'", "empty"]),
    (GOOD.replace("07:30,", "07:30,,"), ["line 2", "5 fields", "4"]),
    (GOOD.replace("Chi", '"Chi'), ["quotes"]),
    (GOOD.encode("utf-16")[2:], ["UTF-8"]),
    (GOOD.encode().replace(b"Chi", b"Ch\x81"), ["UTF-8"]),
    (b"PK\x03\x04rest", ["Excel", "CSV"]),
    (b"PAR1rest", ["Parquet"]),
])  # fmt: skip
def test_bad_file_is_told_once_with_its_place(tmp_path: Path, content: str | bytes, said: list[str]) -> None:
    result = run(tmp_path, content)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert len(result.stderr.strip().splitlines()) == 1
    for part in ["visits.csv", *said]:
        assert part in result.stderr


@pytest.mark.parametrize(("rows", "said"), [
    (["An,A,bus", "Bình,A,shop"], ["line 3", "'A'", "'shop'", "bus"]),
    (["An,A,bus", "Bình,A,coach"], ["line 3", "'coach'", "household"]),
    (["An,A,measured"], ["line 2", "'measured'"]),
])  # fmt: skip
def test_bad_setting_is_told(tmp_path: Path, rows: list[str], said: list[str]) -> None:
    times = "2021-05-08T07:30,2021-05-08T11:30"
    result = run(tmp_path, "person,site,setting,start,end\n" + "".join(f"{r},{times}\n" for r in rows))
    assert result.exit_code == 2
    assert all(part in result.stderr for part in said)


def test_settings_grade(tmp_path: Path) -> None:
    lines = GOOD.splitlines()
    settings = ["setting", "Room", "", "room", ""]
    rows = listed(run(tmp_path, "\n".join(f"{a},{b}" for a, b in zip(lines, settings, strict=True))))
    assert [r["grade"] for r in rows] == ["close", "close"]


@pytest.mark.parametrize(("rows", "said"), [
    ("An,Bình,2021-05-08T07:30,-20", ["line 2", "'seconds'", "-20", "negative"]),
    ("An,Bình,2021-05-08T07:30,x", ["line 2", "'seconds'", "'x'"]),
    ("An,Bình,2021-05-08T07:30,20.5", ["line 2", "'seconds'", "'20.5'"]),
    ("An,An,2021-05-08T07:30,20", ["line 2", "'An' met themselves"]),
    ("An,Bình,2021-05-08T07:30,9999999999", ["line 2", "'seconds'", "2087"]),
])  # fmt: skip
def test_bad_encounter_is_told(tmp_path: Path, rows: str, said: list[str]) -> None:
    path = tmp_path / "met.csv"
    path.write_text("a,b,start,seconds\n" + rows + "\n")
    result = CliRunner().invoke(command, ["--encounters", str(path), "--person", "An", *WINDOW])
    assert result.exit_code == 2
    assert all(part in result.stderr for part in ["met.csv", *said])


def test_encounters_alone_and_beside_visits(tmp_path: Path) -> None:
    path = tmp_path / "met.csv"
    path.write_text("a,b,start,seconds\nBình,An,2021-05-08T11:00,3600\nDung,Chi,2021-05-08T12:00,60\n")
    alone = CliRunner().invoke(
        command, ["--encounters", str(path), "--person", "An", *WINDOW, "--min-minutes", "0"]
    )
    assert [(r["contact"], r["seconds"], r["grade"]) for r in listed(alone)] == [("Bình", "3600", "close")]
    both = listed(run(tmp_path, GOOD, "--encounters", str(path), "--degrees", "2", "--min-minutes", "0"))
    assert [(r["source"], r["contact"], r["degree"], r["seconds"]) for r in both] == [
        ("An", "Bình", "1", "14400"), ("An", "Chi", "1", "1800"), ("Chi", "Dung", "2", "60"),
    ]  # fmt: skip


def test_parquet_in_and_out(tmp_path: Path) -> None:
    frame = pl.read_csv(GOOD.encode()).with_columns(
        start=pl.datetime(2021, 5, 8, 7), end=pl.datetime(2021, 5, 8, 2, time_zone="UTC")
    )
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    out = tmp_path / "contacts.parquet"
    result = run(tmp_path, buffer.getvalue(), "--out", str(out), name="visits.parquet")
    assert (result.exit_code, result.output) == (0, "")
    assert pl.read_parquet(out)["seconds"].to_list() == [7_200, 7_200]
    buffer = io.BytesIO()
    frame.with_columns(end=pl.lit(3)).write_parquet(buffer)
    refused = run(tmp_path, buffer.getvalue(), name="visits.parquet")
    assert refused.exit_code == 2
    assert "'end' holds Int32; it needs times" in refused.stderr


def test_out_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    out = tmp_path / "contacts.csv"
    assert run(tmp_path, GOOD, "--out", str(out)).exit_code == 0
    before = out.read_text()
    assert len(before.splitlines()) == 3
    assert run(tmp_path, GOOD + "x,y\n", "--out", str(out)).exit_code == 2
    assert out.read_text() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["contacts.csv", "visits.csv"]
    refused = run(tmp_path, GOOD, "--out", str(tmp_path / "contacts.xlsx"))
    assert refused.exit_code == 2
    assert ".csv or .parquet" in refused.stderr
    assert run(tmp_path, GOOD, "--out", str(tmp_path / "absent" / "contacts.csv")).exit_code == 2


@pytest.mark.parametrize(("arguments", "said"), [
    (["--person", "Nobody", *WINDOW], "person 'Nobody' is in no row"),
    (["--person", "An", "--from", "2021-05-09", "--to", "2021-05-08"], "not before"),
    (["--person", "An", "--from", "8/5/2021", "--to", "2021-05-09"], "--from: '8/5/2021' is not a time"),
    (["--person", "An", *WINDOW, "--min-minutes", "-1"], "min-minutes"),
    (["--person", "An", *WINDOW, "--degrees", "0"], "degrees"),
    (["--person", "An", *WINDOW, "--policy", "unknown"], "no bundled policy 'unknown'"),
    (WINDOW, "--person"),
])  # fmt: skip
def test_bad_question_is_told(tmp_path: Path, arguments: list[str], said: str) -> None:
    path = tmp_path / "visits.csv"
    path.write_text(GOOD)
    result = CliRunner().invoke(command, ["--visits", str(path), *arguments])
    assert result.exit_code == 2
    assert said in result.stderr


def test_one_of_the_files_is_needed(tmp_path: Path) -> None:
    result = CliRunner().invoke(command, ["--person", "An", *WINDOW])
    assert result.exit_code == 2
    assert "--visits or --encounters" in result.stderr
    result = CliRunner().invoke(
        command, ["--visits", str(tmp_path / "absent.csv"), "--person", "An", *WINDOW]
    )
    assert result.exit_code == 2
    assert "absent.csv" in result.stderr


def test_no_django_is_loaded() -> None:
    code = (
        "import sys, tuyendau.config.cli.trace as t; import tuyendau.science.tracing.study;"
        "print(any(m.split('.')[0] == 'django' for m in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_documentation_names_every_option_and_no_other() -> None:
    text = (Path(__file__).parents[3] / "docs" / "tracing.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| `(--[a-z-]+)|` `(--[a-z-]+)|(--to) T", text, re.MULTILINE))
    named = {name for groups in documented for name in groups if name}
    assert named == {option for parameter in command.params for option in parameter.opts}


def test_documentation_shows_real_names() -> None:
    text = (Path(__file__).parents[3] / "docs" / "tracing.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    imported = re.findall(r"from (\S+) import (.+)", "\n".join(blocks))
    assert imported
    for module, names in imported:
        for name in names.split(", "):
            assert hasattr(importlib.import_module(module), name)
    slugs = re.search(r"Settings are (.*?); without", text, re.DOTALL)
    assert slugs is not None
    assert set(re.findall(r"`(\w+)`", slugs[1])) == {s.slug for s in Setting if s is not Setting.MEASURED}


def test_an_empty_answer_says_so_beside_the_table(tmp_path: Path) -> None:
    path = tmp_path / "visits.csv"
    path.write_text(GOOD)
    options = ["--visits", str(path), "--person", "An", "--from", "2020-05-08", "--to", "2020-05-09"]
    result = CliRunner().invoke(command, options)
    assert listed(result) == []
    assert "no contacts between --from and --to" in result.stderr
    assert CliRunner().invoke(command, ["--visits", str(path), "--person", "An", *WINDOW]).stderr == ""
