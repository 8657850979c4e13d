"""Editing a case: everything at once, and of two who do so at a time neither loses what they typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tuyendau.access import Permission, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.core.places.queries import units_in_reach
from tuyendau.lib import clock
from tuyendau.records.cases import rules
from tuyendau.records.cases.actions.cases import checked_details
from tuyendau.records.cases.actions.refusals import CaseRefused, refuse_dates
from tuyendau.records.cases.models import Case, Outcome
from tuyendau.records.cases.queries.editing import editable_cases
from tuyendau.records.cases.rules.details import Details, read
from tuyendau.records.cases.rules.editing import Difference, brought_together, differences

FIELDS = (
    "code", "unit", "onset_on", "sampled_on", "result_on", "reported_on", "isolated_at", "outcome", "outcome_on",
    "place_infected", "note",
)  # fmt: skip
MOVES_WINDOW = {"onset_on", "sampled_on", "result_on", "reported_on", "isolated_at"}
DATES = ("onset_on", "sampled_on", "result_on", "reported_on", "isolated_at", "outcome_on")


@dataclass(frozen=True, slots=True)
class Values:
    """Everything that is edited: the fields of the case by name (`unit` a row id), the answers to the form."""

    case: dict[str, Any]
    details: Details

    def flat(self) -> dict[str, Any]:
        """By name, as JSON: what two editors' versions are compared by. A symptom is None, "there" or its first day."""
        kept = {name: _json(value) for name, value in self.case.items()}
        symptoms = {
            f"symptom_{code}": day.isoformat() if day else "there"
            for code, day in self.details.symptoms.items()
        }
        answers = {
            code: _json(answer)
            for code, answer in self.details.answers.items()
            if answer not in (None, "", [])
        }
        return kept | symptoms | answers

    @classmethod
    def of_flat(cls, flat: Mapping[str, Any]) -> Values:
        """The values of what `flat` gave."""
        case = {name: flat.get(name) for name in FIELDS} | {"unit": flat.get("unit") or None}
        for name in DATES:
            said = str(case[name] or "")
            case[name] = (datetime if name == "isolated_at" else date).fromisoformat(said) if said else None
        given = {name: value for name, value in flat.items() if name not in FIELDS and value is not None}
        symptoms = {
            name.removeprefix("symptom_"): date.fromisoformat(value) if value != "there" else None
            for name, value in given.items()
            if name.startswith("symptom_")
        }
        answers = {name: value for name, value in given.items() if not name.startswith("symptom_")}
        return cls(case, Details(symptoms, answers))


def _json(value: Any) -> Any:
    if isinstance(value, datetime):
        # Pages show and take minutes.
        return value.astimezone(UTC).isoformat(timespec="minutes")
    if isinstance(value, str):
        return value.replace("\r\n", "\n")
    return value.isoformat() if isinstance(value, date) else ("" if value is None else value)


class EditedMeanwhile(CaseRefused):
    """Somebody else changed the case since it was opened; nothing was written.

    `differences` is what they changed beside what this editor typed; `now` stands there now, `together` is `now` with
    what this editor changed, `version` the version that `now` is of.
    """

    def __init__(
        self, found: tuple[Difference, ...], now: dict[str, Any], together: dict[str, Any], version: int
    ) -> None:
        super().__init__(_("Somebody else changed this case while you had it open."))
        self.differences, self.now, self.together, self.version = found, now, together, version


@as_program()
def edit_case(
    public_id: str,
    values: Values,
    *,
    version: int,
    seen: Mapping[str, Any],
    viewer: Viewer,
    by: AbstractBaseUser,
    at: datetime,
) -> Case:
    """Write what an editor made of a case that they saw in `version` as `seen` (flat).

    Raises `EditedMeanwhile` where it is not the same any more, `CaseRefused` naming each field that cannot be true,
    Case.DoesNotExist where the viewer may not edit it. Whoever subscribed to "case.dates_corrected" acts in the same
    transaction where the infectious window may move.
    """
    with transaction.atomic():
        case = editable_cases(viewer).select_for_update(of=("self",)).get(public_id=public_id)
        now = kept_of(case).flat()
        mine = _filled(values.flat(), seen, now)
        if case.version != version:
            found = differences(_filled(seen, mine), _filled(now, mine), mine)
            if found:
                together = brought_together(_filled(seen, mine), _filled(now, mine), mine)
                raise EditedMeanwhile(found, now, together, case.version)
        _check(case, values, viewer, at)
        changed = sorted(name for name in mine if mine[name] != _filled(now, mine)[name])
        if not changed:
            return case
        return _written(case, values, changed, now, by=by, at=at)


def kept_of(case: Case) -> Values:
    """What stands in a case."""
    kept = {name: getattr(case, name) for name in FIELDS if name != "unit"}
    return Values(kept | {"unit": case.unit_id}, read(case.details))


def _filled(flat: Mapping[str, Any], *others: Mapping[str, Any]) -> dict[str, Any]:
    """`flat` with every name of the others, None where it says nothing of it."""
    return {name: flat.get(name) for name in {*flat, *(name for other in others for name in other)}}


def _check(case: Case, values: Values, viewer: Viewer, at: datetime) -> None:
    given = values.case
    today = clock.local_day(at)
    refuse_dates(
        rules.Dates(
            given["onset_on"],
            given["sampled_on"],
            given["result_on"],
            given["reported_on"],
            given["outcome_on"],
        ),
        today,
        given["isolated_at"],
        at,
    )
    fields = {}
    if given["outcome"] not in ("", *Outcome.values):
        fields["outcome"] = _("Choose one of the answers.")
    if given["outcome_on"] and not given["outcome"]:
        fields["outcome"] = _("Say which outcome, or leave its day empty.")
    unit = given["unit"]
    permission = Permission.CASE_DECIDE if viewer.may(Permission.CASE_DECIDE) else Permission.CASE_CREATE
    if unit and unit != case.unit_id and not units_in_reach(viewer, permission).filter(pk=unit).exists():
        fields["unit"] = _("You do not answer for this commune. Choose one of the list.")
    if fields:
        raise CaseRefused(" ".join(fields.values()), fields)


def _written(
    case: Case, values: Values, changed: list[str], now: dict[str, Any], *, by: AbstractBaseUser, at: datetime
) -> Case:
    case.details = checked_details(case.disease, values.details, clock.local_day(at))
    for name in FIELDS:
        if name in changed:
            setattr(case, "unit_id" if name == "unit" else name, values.case[name])
    case.code = case.code or None
    case.version += 1
    try:
        with transaction.atomic():
            case.save()
    except IntegrityError as error:
        text = _("Another case has the number %(code)s.") % {"code": case.code}
        raise CaseRefused(text, {"code": text}) from error
    moves = any(name in MOVES_WINDOW or name.startswith("symptom_") for name in changed)
    # Days are told as they were; of everything else only that it changed.
    data = {
        "version": case.version,
        "fields": changed,
        "before": {name: now.get(name) or "" for name in changed if name in DATES},
    }
    audit.record(
        "case.dates_corrected" if moves else "case.edited", by=by, at=at, subject=case.public_id, data=data
    )
    return case
