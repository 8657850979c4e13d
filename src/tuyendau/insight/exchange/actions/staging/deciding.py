"""What somebody says of a staged import: which column is what, what a value means, whom a row means."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import gettext as _

from tuyendau.access import Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.insight.exchange.actions.staging.reading import opened
from tuyendau.insight.exchange.actions.staging.receiving import fingerprint
from tuyendau.insight.exchange.forms.layout import lay_out
from tuyendau.insight.exchange.forms.limits import WEB
from tuyendau.insight.exchange.forms.planned import missing
from tuyendau.insight.exchange.forms.problems import refused
from tuyendau.insight.exchange.forms.specs import SPECS, Field, key
from tuyendau.insight.exchange.models import KnownSource, StagedImport, State
from tuyendau.insight.exchange.rules.plans import OPEN, Plan, twice
from tuyendau.lib.text import fold


def _require_open(staged: StagedImport, viewer: Viewer) -> None:
    viewer.require(SPECS[staged.kind].permission)
    if staged.state not in (State.COLUMNS, State.READY, State.CHECKING):
        raise refused(
            _("This import is %(state)s. Nothing of it can be decided any more.")
            % {"state": staged.get_state_display()}
        )


@as_program()
def map_columns(
    staged: StagedImport,
    columns: Sequence[str],
    *,
    viewer: Viewer,
    by: AbstractBaseUser,
    at: datetime,
    sheet: int | None = None,
    header: tuple[int, int] | None = None,
) -> None:
    """Say of each column which field it is, "" for none; remembered for the next file with these headings.

    With another `sheet` or `header` rows the table is another one, and its columns are to be named anew. Raises
    `FileRefused` where a field is named twice, or one that has to be there is missing.
    """
    _require_open(staged, viewer)
    spec, plan = SPECS[staged.kind], Plan.of(staged.plan)
    if (sheet is not None and sheet != plan.sheet) or (header is not None and header != plan.header):
        moved = Plan(sheet if sheet is not None else plan.sheet, header if sheet == plan.sheet else None)
        layout = lay_out(spec, bytes(staged.file.data), WEB, moved)
        staged.plan = Plan(layout.sheet, layout.header, (OPEN,) * len(layout.heads)).as_data()
        staged.fingerprint, staged.state = fingerprint(staged.kind, layout), State.COLUMNS
        staged.save(update_fields=["plan", "fingerprint", "state"])
        return
    allowed = choices(staged.kind)
    if any(name not in allowed for name in columns) or len(columns) != len(plan.columns):
        raise refused(_("Say of every column what it is, or that it is left out."))
    if doubles := twice(columns):
        shown = ", ".join(str(spec.field(name.partition(".")[0]).heading) for name in sorted(doubles))
        raise refused(
            _("Two columns are said to be the same: %(columns)s. Leave one of them out.") % {"columns": shown}
        )
    plan = replace(plan, columns=tuple(columns))
    if lacking := missing(spec, plan):
        shown = ", ".join(str(spec.field(name).heading) for name in lacking)
        raise refused(
            _("No column is said to be: %(columns)s. Without it no row can be read.") % {"columns": shown}
        )
    staged.plan, staged.state, staged.stage = plan.as_data(), State.CHECKING, ""
    staged.save(update_fields=["plan", "state", "stage"])
    _remember(staged, plan, by, at)


def choices(kind: str) -> dict[str, str]:
    """What a column of a kind may be said to be: every field, the parts of a date and of a name, nothing."""
    spec = SPECS[kind]
    names = {"": _("leave out")} | {f.name: _named(f) for f in spec.fields}
    if "full_name" in spec.names:
        names |= {"full_name.last": _("family and middle names"), "full_name.first": _("given name")}
    for each in spec.fields:
        if each.day:
            shown = {"heading": each.heading}
            names |= {
                f"{each.name}.day": _("%(heading)s: the day alone") % shown,
                f"{each.name}.month": _("%(heading)s: the month alone") % shown,
                f"{each.name}.year": _("%(heading)s: the year alone") % shown,
            }
    return names


def _named(field: Field) -> str:
    """A field by its heading, and what it means where that says more."""
    meaning = str(field.meaning)
    return field.heading if fold(meaning).startswith(fold(field.heading)) else f"{field.heading} · {meaning}"


@as_program()
def answer(
    staged: StagedImport,
    values: Mapping[str, Mapping[str, str]],
    orders: Mapping[str, str],
    *,
    viewer: Viewer,
    by: AbstractBaseUser,
    at: datetime,
) -> None:
    """Say what values mean and in which order dates are written; remembered for the next file of this source."""
    _require_open(staged, viewer)
    plan = Plan.of(staged.plan).answered(values, orders)
    staged.plan, staged.state = plan.as_data(), State.CHECKING
    staged.save(update_fields=["plan", "state"])
    _remember(staged, plan, by, at)


def _remember(staged: StagedImport, plan: Plan, by: AbstractBaseUser, at: datetime) -> None:
    heads = opened(staged).layout.heads
    columns = {
        key(head): name for head, name in zip(heads, plan.columns, strict=True) if key(head) and name != OPEN
    }
    KnownSource.objects.update_or_create(
        kind=staged.kind, fingerprint=staged.fingerprint, label=staged.label,
        defaults={
            "columns": columns,
            "values": {name: dict(known) for name, known in plan.values.items()},
            "orders": dict(plan.orders), "by_id": by.pk, "at": at,
        },
    )  # fmt: skip


@as_program()
def decide(staged: StagedImport, decisions: Mapping[int, str], *, viewer: Viewer) -> int:
    """Say whom rows mean, by row number: "new", "skip", or the place of one of its candidates ("0" the likeliest).

    How many were decided. The rows are to be checked again.
    """
    _require_open(staged, viewer)
    decided = []
    for row in staged.rows.filter(number__in=list(decisions)):
        said = decisions[row.number]
        if said in ("new", "skip"):
            row.decision, row.person = said, None
        elif said.isdigit() and int(said) < len(row.candidates):
            row.decision, row.person = "same", row.candidates[int(said)][0]
        elif said == "":
            row.decision, row.person = "", None
        else:
            continue
        decided.append(row)
    staged.rows.model._default_manager.bulk_update(decided, ["decision", "person"], batch_size=1_000)
    staged.state = State.CHECKING
    staged.save(update_fields=["state"])
    return len(decided)


@as_program()
def decide_updates(
    staged: StagedImport, take: Collection[int], leave: Collection[int], *, viewer: Viewer
) -> None:
    """Say of rows (by number) that change what is on record whether the change is taken over."""
    _require_open(staged, viewer)
    staged.rows.filter(number__in=list(take)).update(update=True)
    staged.rows.filter(number__in=list(leave)).update(update=False)


@as_program()
def drop(staged: StagedImport, *, viewer: Viewer, by: AbstractBaseUser, at: datetime) -> None:
    """Put a staged import aside: its file and its rows go at once."""
    _require_open(staged, viewer)
    staged.rows.all().delete()
    staged.file.delete()
    staged.state, staged.questions = State.DROPPED, []
    staged.save(update_fields=["state", "questions"])
    audit.record("import.dropped", by=by, at=at, subject=staged.public_id)
