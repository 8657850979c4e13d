"""The whole report in one language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from tuyendau.insight.reports.queries.paper import cases, frame, response
from tuyendau.insight.reports.queries.paper.saying import moment
from tuyendau.insight.reports.queries.situation.content import digest_of
from tuyendau.insight.reports.rules.paper import Block, Heading, Line, Paper, Picture, Table
from tuyendau.lib.units_vi import said
from tuyendau.records.cases.forms.words import in_language
from tuyendau.science.epi.diseases import disease

Content = Mapping[str, Any]


def paper_of(content: Content, language: str) -> Paper:
    """The report of the content in "vi" or "en"."""
    with translation.override(language):
        unit = content["unit"]
        of = in_language(disease(content["disease"]).name) if content["disease"] else _("infectious diseases")
        digest = digest_of(content)
        return Paper(
            language=language,
            authority=frame.authority(unit, language),
            nation=frame.NATION[language],
            number=frame.number(unit, language),
            place_and_date=frame.place_and_date(unit, date.fromisoformat(content["day"]), language),
            title=_("REPORT"),
            about=_("Situation of %(disease)s, %(unit)s") % {"disease": of, "unit": said(unit["name"])},
            moment=_("(As known at %(moment)s)") % {"moment": moment(content["at"])},
            to=frame.addressee(unit),
            blocks=tuple(_numbered(_blocks(content))),
            annex=tuple(_method(content, digest)),
            recipients_head=_("Recipients:"),
            recipients=frame.recipients(unit),
            office=frame.office(unit, language),
            sign=_("(Signature, seal)"),
            foot=f"SHA-256 {digest[:16]}",
            workbook_only=() if content["nothing_known"] else cases.whole_tables(content),
        )


def _blocks(content: Content) -> Iterator[Block]:
    yield from cases.overview(content)
    if not content["nothing_known"]:
        yield from cases.course(content)
        yield from cases.places(content)
        yield from response.testing(content)
        yield from response.apart(content)
        yield from response.tracing(content)
        yield from response.in_time(content)


def _numbered(blocks: Iterator[Block]) -> Iterator[Block]:
    """The same with the numbers of sections, tables and figures."""
    n = tables = pictures = 0
    for block in blocks:
        if isinstance(block, Heading):
            n += 1
            yield Heading(f"{_ROMAN[n]}. {block.text}")
        elif isinstance(block, Table):
            tables += 1
            yield replace(
                block, caption=_("Table %(n)s. %(caption)s") % {"n": tables, "caption": block.caption}
            )
        elif isinstance(block, Picture):
            pictures += 1
            yield replace(
                block, caption=_("Figure %(n)s. %(caption)s") % {"n": pictures, "caption": block.caption}
            )
        else:
            yield block


_ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")


def _method(content: Content, digest: str) -> Iterator[Block]:
    """By what rules the numbers were counted, so that anybody can count them again."""
    yield Heading(_("ANNEX: HOW THIS WAS COUNTED"))
    yield Line(
        _(
            "Every number is of what was on record at %(moment)s; what was recorded or decided later is not in it."
        )
        % {"moment": moment(content["at"])},
        item=True,
    )
    yield Line(
        _(
            "Counted are confirmed cases %(basis)s, where they are counted by commune. Discarded cases are not counted."
        )
        % {"basis": cases.basis_of(content)},
        item=True,
    )
    if not content["over"]:
        yield Line(
            _("The day was not over at this moment: its numbers are of the hours up to it."), item=True
        )
    yield Line(
        _(
            "Companies and lines are those to which people are assigned on today’s record; names are those of today."
        ),
        item=True,
    )
    yield Line(_("Check of the numbers (SHA-256): %(digest)s.") % {"digest": digest}, small=True)
