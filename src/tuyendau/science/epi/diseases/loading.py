"""Reading diseases from their files; what is wrong in one is said with the place in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any, TypeVar

from tuyendau.science.epi.diseases import parts as p
from tuyendau.science.epi.diseases.checking import DiseaseError, check_references, check_sources
from tuyendau.science.epi.diseases.disease import Disease
from tuyendau.science.epi.parameters import Parameters
from tuyendau.science.epi.policy import PolicyError

T = TypeVar("T")

__all__ = ["DiseaseError", "disease", "diseases", "from_record"]


@lru_cache(maxsize=1)
def diseases() -> tuple[Disease, ...]:
    """The diseases that come with the program, by their files' names."""
    folder = files("tuyendau.science.epi").joinpath("data/diseases")
    found = sorted((f for f in folder.iterdir() if f.name.endswith(".json")), key=lambda f: f.name)
    return tuple(from_record(json.loads(f.read_text(encoding="utf-8")), f.name) for f in found)


def disease(code: str) -> Disease:
    """The disease of a code; DiseaseError naming the known ones if there is none."""
    for each in diseases():
        if each.code == code:
            return each
    raise DiseaseError(f"unknown disease {code!r}; known are {', '.join(d.code for d in diseases())}")


def from_record(record: Any, where: str = "disease") -> Disease:
    """The disease of a parsed JSON object; DiseaseError naming `where` and the entry that is wrong."""
    if not isinstance(record, dict):
        raise DiseaseError(f"{where}: a disease is a JSON object")
    check_sources(record, where)
    read = _Reader(where)
    made = Disease(
        code=read.text(record, "code"),
        name=read.words(record, "name"),
        icd10=read.text(record, "icd10"),
        agent=read.words(record, "agent"),
        groups=read.dated(record, "groups", _group),
        reference=read.part(record, "reference", _reference),
        lookback=read.dated(record, "lookback", lambda r: _count(r["days"])),
        infectious_after=read.dated(record, "infectious_after", lambda r: _optional(r["days"])),
        incubation=read.part(record, "incubation", _incubation),
        serial_interval=read.part(record, "serial_interval", _serial_interval),
        policies=read.dated(record, "policies", lambda r: str(r["policy"])),
        symptoms=read.many(record, "symptoms", _named),
        specimens=read.many(record, "specimens", _named),
        tests=read.many(record, "tests", lambda r: _test(r, read)),
        criteria=read.many(record, "criteria", _criterion),
        all_definitions=read.dated(record, "definitions", _definitions),
        form=read.part(record, "form", _form),
        parameters=read.part(record, "transmission", Parameters.from_record),
        record=record,
    )
    try:
        check_references(made, where)
    except PolicyError as error:
        raise DiseaseError(f"{where}: policies: {error}") from None
    return made


class _Reader:
    """Reads entries of one record; whatever fails is told with the file and the entry."""

    def __init__(self, where: str) -> None:
        self.where = where

    def text(self, record: dict[str, Any], key: str) -> str:
        value = self._entry(record, key)
        if not isinstance(value, str) or not value:
            raise DiseaseError(f"{self.where}: {key} is {value!r}, but must be a text")
        return value

    def words(self, record: dict[str, Any], key: str) -> p.Words:
        return self._made(key, _words, self._entry(record, key))

    def part(self, record: dict[str, Any], key: str, make: Callable[[dict[str, Any]], T]) -> T:
        return self._made(key, make, self._entry(record, key))

    def many(self, record: dict[str, Any], key: str, make: Callable[[dict[str, Any]], T]) -> tuple[T, ...]:
        entries = self._entry(record, key)
        made = tuple(self._made(f"{key} {i}", make, each) for i, each in enumerate(entries, start=1))
        codes = [each.code for each in made]  # type: ignore[attr-defined]
        if len(set(codes)) != len(codes):
            raise DiseaseError(f"{self.where}: {key}: a code stands twice in {', '.join(codes)}")
        return made

    def dated(
        self, record: dict[str, Any], key: str, make: Callable[[dict[str, Any]], T]
    ) -> tuple[p.Dated[T], ...]:
        entries = self._entry(record, key)
        if not isinstance(entries, list) or not entries:
            raise DiseaseError(f"{self.where}: {key} needs at least one entry with a date")
        made = tuple(
            self._made(f"{key} {i}", lambda r: _dated(r, make), each)
            for i, each in enumerate(entries, start=1)
        )
        days = [entry.effective_from for entry in made]
        if days != sorted(set(days)):
            raise DiseaseError(f"{self.where}: {key} must stand in the order of their dates, each day once")
        return made

    def _entry(self, record: dict[str, Any], key: str) -> Any:
        try:
            return record[key]
        except (KeyError, TypeError):
            raise DiseaseError(f"{self.where}: {key!r} is missing") from None

    def _made(self, key: str, make: Callable[[Any], T], value: Any) -> T:
        try:
            return make(value)
        except DiseaseError as error:
            raise DiseaseError(f"{self.where}: {key}: {error}") from None
        except KeyError as error:
            raise DiseaseError(f"{self.where}: {key}: {error.args[0]!r} is missing") from None
        except (TypeError, ValueError, AttributeError) as error:
            raise DiseaseError(f"{self.where}: {key}: {error}") from None


def _words(value: Any) -> p.Words:
    if not isinstance(value, dict) or {"vi", "en"} - value.keys() or not all(value.values()):
        raise DiseaseError(f"{value!r} is no text in vi and en")
    return {str(language): str(text) for language, text in value.items()}


def _count(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise DiseaseError(f"{value!r} is no count of days, hours or doses")
    return value


def _optional(value: Any) -> int | None:
    return None if value is None else _count(value)


def _dated(r: dict[str, Any], make: Callable[[dict[str, Any]], T]) -> p.Dated[T]:
    return p.Dated(date.fromisoformat(r["effective_from"]), make(r), str(r["source"]), str(r["verified"]))


def _named(r: dict[str, Any]) -> p.Named:
    return p.Named(str(r["code"]), _words(r["name"]))


def _group(r: dict[str, Any]) -> p.Group:
    if r["group"] not in ("A", "B", "C"):
        raise DiseaseError(f"group {r['group']!r} is none of A, B, C")
    return p.Group(r["group"], _count(r["report_within_hours"]))


def _reference(r: dict[str, Any]) -> p.Reference:
    after = r.get("after_onset_days", {"least": 0, "most": 0})
    least, most = _count(after["least"]), _count(after["most"])
    if least > most:
        raise DiseaseError(f"after_onset_days: {least} is more than {most}")
    return p.Reference(r["symptom"], (least, most), _words(r["text"]), str(r["source"]), str(r["verified"]))


def _incubation(r: dict[str, Any]) -> p.Incubation:
    least, most, mean = _count(r["least_days"]), _count(r["most_days"]), float(r["mean_days"])
    if not least <= mean <= most:
        raise DiseaseError(f"the mean {mean} does not lie between {least} and {most}")
    return p.Incubation(least, most, mean, str(r["source"]), str(r["verified"]))


def _serial_interval(r: dict[str, Any]) -> p.SerialInterval:
    mean, sd, low, high = (float(r[f"{name}_days"]) for name in ("mean", "sd", "low", "high"))
    if not 0 < low <= mean <= high or sd <= 0:
        raise DiseaseError("needs 0 < low <= mean <= high and a deviation above 0")
    return p.SerialInterval(mean, sd, low, high, str(r["source"]), str(r["verified"]))


def _test(r: dict[str, Any], read: _Reader) -> p.TestKind:
    ct = r.get("ct")
    return p.TestKind(
        code=str(r["code"]),
        name=_words(r["name"]),
        specimens=tuple(r["specimens"]),
        positive=read.dated(r, "positive", lambda entry: p.Meaning(entry["means"])),
        negative=_words(r["negative"]),
        ct=None if ct is None else _ct(ct),
        source=str(r["source"]),
        verified=str(r["verified"]),
    )


def _ct(r: dict[str, Any]) -> p.Ct:
    least, most = float(r["least"]), float(r["most"])
    low = None if r["low"] is None else float(r["low"])
    if not 0 < least < most or (low is not None and not least <= low <= most):
        raise DiseaseError("ct needs 0 < least < most, and low between them")
    return p.Ct(least, most, low, _words(r["text"]), str(r["source"]), str(r["verified"]))


def _criterion(r: dict[str, Any]) -> p.Criterion:
    answers = {str(code): tuple(wanted) for code, wanted in dict(r.get("answers", {})).items()}
    symptoms, positive = tuple(r.get("symptoms", ())), tuple(r.get("positive", ()))
    if not (answers or symptoms or positive):
        raise DiseaseError("needs symptoms, answers or positive tests")
    least = _count(r.get("least", 1))
    return p.Criterion(
        str(r["code"]), _words(r["text"]), str(r["source"]), str(r["verified"]), symptoms, least, answers, positive
    )  # fmt: skip


def _definitions(r: dict[str, Any]) -> tuple[p.Definition, ...]:
    made = []
    for each in r["statuses"]:
        if each["status"] not in ("suspected", "probable", "confirmed"):
            raise DiseaseError(f"status {each['status']!r} is none of suspected, probable, confirmed")
        ways = tuple(tuple(way) for way in each["any"])
        if not ways or not all(ways):
            raise DiseaseError(f"{each['status']}: a definition needs criteria")
        made.append(
            p.Definition(each["status"], _words(each["text"]), ways, str(r["source"]), str(r["verified"]))
        )
    return tuple(made)


_KINDS = {"choice", "choices", "yesno", "date", "number", "text"}


def _form(r: dict[str, Any]) -> p.Form:
    fields = tuple(_field(each) for each in r["fields"])
    codes = [each.code for each in fields]
    if len(set(codes)) != len(codes):
        raise DiseaseError(f"a field stands twice in {', '.join(codes)}")
    return p.Form(tuple(_named(each) for each in r["sections"]), fields)


def _field(r: dict[str, Any]) -> p.Field:
    if r["kind"] not in _KINDS:
        raise DiseaseError(f"field {r['code']!r}: kind {r['kind']!r} is none of {', '.join(sorted(_KINDS))}")
    choices = tuple(_named(each) for each in r.get("choices", ()))
    if (r["kind"] in ("choice", "choices")) != bool(choices):
        raise DiseaseError(f"field {r['code']!r}: choices belong to a choice, and a choice needs them")
    return p.Field(
        str(r["code"]), r["kind"], _words(r["name"]), str(r["section"]), choices,
        _optional(r.get("least")), _optional(r.get("most")), _optional(r.get("longest")),
    )  # fmt: skip
