"""Taking a file in: whole or not at all, once, with what it did written in the same transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError
from django.utils.translation import gettext as _

from tuyendau.access import Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.insight.exchange.actions.base import Options, Outcome, Stage, Task
from tuyendau.insight.exchange.actions.cases import import_cases
from tuyendau.insight.exchange.actions.contacts import import_contacts
from tuyendau.insight.exchange.actions.encounters import import_encounters
from tuyendau.insight.exchange.actions.people import import_people
from tuyendau.insight.exchange.actions.visits import import_visits
from tuyendau.insight.exchange.forms.limits import SERVER, WEB
from tuyendau.insight.exchange.forms.problems import AlreadyImported, Earlier, refused
from tuyendau.insight.exchange.forms.reading import Sheet, read
from tuyendau.insight.exchange.forms.specs import SPECS
from tuyendau.insight.exchange.models import ImportedFile
from tuyendau.insight.exchange.queries import imports
from tuyendau.lib import clock
from tuyendau.records.cases.actions import CaseRefused
from tuyendau.records.people.actions import PeopleRefused

_IMPORTERS: dict[str, Callable[[Sheet, Task], Outcome]] = {
    "people": import_people,
    "visits": import_visits,
    "encounters": import_encounters,
    "cases": import_cases,
    "contacts": import_contacts,
}


@dataclass(frozen=True, slots=True)
class Imported:
    """A file that was taken in, and what it did; `counts` by the words of `forms.words.COUNTS`."""

    kind: str
    name: str
    rows: int
    counts: dict[str, int]


def import_file(
    kind: str,
    name: str,
    data: bytes,
    *,
    viewer: Viewer | None,
    by: AbstractBaseUser | None,
    at: datetime,
    options: Options | None = None,
    told: Callable[[Stage], None] = lambda stage: None,
) -> Imported:
    """Take in a file of one of the kinds in `SPECS`: everything in it, or nothing.

    `viewer` None is the program itself, run by who has the machine. `told` hears of each stage. Raises `Denied`,
    `FileRefused` with every problem of the file, `AlreadyImported` for bytes that were taken in before as this kind.
    """
    spec = SPECS[kind]
    if viewer is not None:
        viewer.require(spec.permission)
    digest = hashlib.sha256(data).hexdigest()
    _refuse_second(kind, digest, viewer)
    options = options or Options()
    told(Stage.READING)
    sheet = read(
        spec, data, at=at, mapping=options.mapping, leave_out_unknown=options.leave_out_unknown,
        limits=SERVER if viewer is None else WEB,
    )  # fmt: skip
    told(Stage.CHECKING)
    task = Task(options, viewer, by, at, options.valid_on or clock.local_day(at), told)
    try:
        with as_program():
            file = ImportedFile.objects.create(
                kind=kind, name=name[:200], sha256=digest, rows=len(sheet), by_id=by.pk if by else None, at=at
            )
            outcome = _IMPORTERS[kind](sheet, task)
            _finish(file, outcome, by, at)
    except IntegrityError as error:
        # Perhaps somebody sent the same file at the same moment and was first.
        _refuse_second(kind, digest, viewer)
        raise refused(_("Somebody changed the same records at this moment. Send the file again.")) from error
    except (CaseRefused, PeopleRefused) as error:
        raise refused(str(error)) from error
    return Imported(kind, name, outcome.rows, outcome.counts)


def _refuse_second(kind: str, digest: str, viewer: Viewer | None) -> None:
    """Refuse a file that was taken in before; whose it was is told to who may see it in the list of imports."""
    earlier = ImportedFile.objects.filter(kind=kind, sha256=digest).select_related("by").first()
    if earlier is None:
        return
    if viewer is not None and not imports(viewer).filter(pk=earlier.pk).exists():
        raise AlreadyImported
    who = earlier.by.get_full_name() if earlier.by else "Tuyến Đầu"
    raise AlreadyImported(Earlier(earlier.name, earlier.at, who))


def _finish(file: ImportedFile, outcome: Outcome, by: AbstractBaseUser | None, at: datetime) -> None:
    """Note what came of the file. One of which rows were left out may be sent again, once their ends are known."""
    data = {
        "kind": file.kind,
        "name": file.name,
        "sha256": file.sha256,
        "rows": outcome.rows,
        **outcome.counts,
    }
    if outcome.counts.get("left_out"):
        file.sha256 = f"partly {file.pk}"
    file.rows = outcome.rows
    file.save()
    audit.record("file.imported", by=by, at=at, subject=f"import:{file.pk}", data=data)
