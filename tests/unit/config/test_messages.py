"""The Vietnamese texts: all there, none guessed, and the same placeholders as in the English."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.utils import translation

PACKAGE = settings.PACKAGE
VIETNAMESE = Path("config", "locale", "vi", "LC_MESSAGES", "django.po")
MESSAGES = polib.pofile(str(PACKAGE / VIETNAMESE))
PLACEHOLDER = re.compile(r"%(?:\((\w+)\))?[-+ 0#]*(?:\d+|\*)?(?:\.\d+)?([sdifgxr%])")
SAME_IN_BOTH = {
    "dd/mm/yyyy", "hh:mm dd/mm/yyyy", "Menu", "CCCD", "CMND", "Ct", "Biểu mẫu 4",
    "%(what)s: %(event)s (%(who)s, %(when)s)", "%(column)s: %(message)s", "%(site)s, %(when)s: %(why)s",
}  # fmt: skip
COLLECTED = {
    "_",
    "gettext",
    "gettext_lazy",
    "gettext_noop",
    "ngettext",
    "ngettext_lazy",
    "pgettext",
    "pgettext_lazy",
    "npgettext",
}


def _texts(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def _placeholders(text: str) -> list[tuple[str, str]]:
    """Names and conversions in order: "%(n)d of %s" has ("n", "d") and ("", "s")."""
    return [(name, kind) for name, kind in PLACEHOLDER.findall(text) if kind != "%"]


def test_every_text_is_translated_and_none_is_a_guess() -> None:
    assert len(MESSAGES) > 400
    assert [entry.msgid for entry in MESSAGES if not all(_texts(entry)) or not _texts(entry)] == []
    assert [entry.msgid for entry in MESSAGES if entry.fuzzy] == []
    assert [entry.msgid for entry in MESSAGES.obsolete_entries()] == []
    left = [entry.msgid for entry in MESSAGES if entry.msgid in _texts(entry)]
    assert set(left) <= SAME_IN_BOTH


def test_the_file_says_that_vietnamese_has_no_plural() -> None:
    assert MESSAGES.metadata["Language"] == "vi"
    assert MESSAGES.metadata["Plural-Forms"] == "nplurals=1; plural=0;"
    assert not MESSAGES.metadata_is_fuzzy
    assert [e.msgid for e in MESSAGES if e.msgid_plural and list(e.msgstr_plural) != [0]] == []


def _differs(entry: polib.POEntry) -> bool:
    """Whether a text would show other values than the English, or in another order where they have no names."""
    wanted = _placeholders(entry.msgid_plural or entry.msgid)
    named = any(name for name, _ in wanted)
    return any(
        set(found) != set(wanted) or (not named and found != wanted)
        for found in map(_placeholders, _texts(entry))
    )


def test_the_placeholders_are_those_of_the_english() -> None:
    assert [entry.msgid for entry in MESSAGES if _differs(entry)] == []


def test_a_wrong_placeholder_is_found() -> None:
    for wrong in ("%(m)s ca", "%(n)d ca", "ca", "%(n)s ca %(m)s"):
        assert _differs(polib.POEntry(msgid="%(n)s cases", msgstr=wrong))
    assert _differs(polib.POEntry(msgid="%d of %s", msgstr="%s trong %d"))
    assert not _differs(polib.POEntry(msgid="%(n)s of %(m)s", msgstr="%(m)s, %(n)s"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("%(hours)d h %(minutes)02d min", {("hours", "d"), ("minutes", "d")}),
        ("under %(least)s %%", {("least", "s")}),
        ("%d of %s", {("", "d"), ("", "s")}),
        ("100 %", set()),
    ],
)
def test_placeholders_are_found(text: str, found: set[tuple[str, str]]) -> None:
    assert set(_placeholders(text)) == found


def test_the_compiled_texts_are_what_a_reader_gets(tmp_path: Path) -> None:
    from tuyendau.config.messages import compile_all

    folder = tmp_path / "vi" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    shutil.copy(PACKAGE / VIETNAMESE, folder)
    compile_all(tmp_path)
    compiled = {e.msgid: e for e in polib.mofile(str(folder / "django.mo"))}
    assert set(compiled) == {e.msgid for e in MESSAGES}
    assert compiled["Sign in"].msgstr == "Đăng nhập"


def _uncollected(source: str) -> list[str]:
    """Names by which texts would not be found, and lines where one stands inside an f-string."""
    tree = ast.parse(source)
    names = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if "gettext" in alias.name
    }
    hidden = [
        f"line {node.lineno}"
        for string in ast.walk(tree)
        if isinstance(string, ast.JoinedStr)
        for node in ast.walk(string)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names
    ]
    return sorted(names - COLLECTED) + hidden


def test_every_text_is_written_so_that_it_is_collected() -> None:
    """Texts are collected by the name of the function around them, and not from inside an f-string."""
    sources = [path for path in PACKAGE.rglob("*.py") if PACKAGE / "static" not in path.parents]
    wrong = {str(path.relative_to(PACKAGE)): _uncollected(path.read_text()) for path in sources}
    assert {path: names for path, names in wrong.items() if names} == {}


def test_a_text_that_would_not_be_collected_is_found() -> None:
    head = "from django.utils.translation import gettext as "
    assert _uncollected(f"{head}say\nsay('a')") == ["say"]
    assert _uncollected(f"{head}_\nf'{{_(1)}}'") == ["line 2"]
    assert _uncollected(f"{head}_\n_('a')") == []


@pytest.mark.skipif(shutil.which("xgettext") is None, reason="xgettext (package gettext) is not installed")
def test_no_text_of_the_program_is_missing(tmp_path: Path) -> None:
    """What collecting anew finds in the sources stands in the file, and the file holds nothing else."""
    copy = tmp_path / "tuyendau"
    for path in PACKAGE.rglob("*"):
        inside = path.relative_to(PACKAGE)
        if path.suffix in {".py", ".html", ".txt", ".po"} and inside.parts[0] != "static":
            (copy / inside).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy / inside)
    script = (
        "import django; from django.conf import settings; from django.core.management import call_command\n"
        "settings.configure(LOCALE_PATHS=['config/locale'], USE_I18N=True)\n"
        "django.setup(); call_command('makemessages', locale=['vi'], no_location=True, no_wrap=True, verbosity=0)"
    )
    subprocess.run(
        [sys.executable, "-c", script], cwd=copy, check=True, timeout=120, capture_output=True,
        env={name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"},
    )  # fmt: skip
    collected = polib.pofile(str(copy / VIETNAMESE))
    known = {(e.msgid, e.msgid_plural) for e in MESSAGES}
    found = {(e.msgid, e.msgid_plural) for e in collected if not e.obsolete}
    assert found - known == set(), "collect them with `make messages` and translate them"
    assert known - found == set(), "these are no longer used: collect anew with `make messages`"


def test_what_packages_say_in_forms_is_vietnamese() -> None:
    from django import forms

    class Everything(forms.Form):
        text = forms.CharField(max_length=3)
        day = forms.DateField()
        number = forms.IntegerField(min_value=1)
        choice = forms.ChoiceField(choices=[("a", "A")])

    english = {}
    for language in ("en", "vi"):
        with translation.override(language):
            given = ({}, {"text": "long\x00", "day": "x", "number": "x", "choice": "x"}, {"number": "0"})
            english[language] = {
                str(error)
                for data in given
                for errors in Everything(data).errors.as_data().values()
                for problem in errors
                for error in problem.messages
            }
    assert len(english["en"]) >= 6
    assert english["en"] & english["vi"] == set()
