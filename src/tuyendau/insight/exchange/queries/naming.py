"""What names in a file may mean: communes of today and of before the reform, sites by name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from rapidfuzz import fuzz, process

from tuyendau.access import Permission, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.places.models import Site, Unit, UnitLevel, UnitSuccessor
from tuyendau.insight.exchange.queries.imports import Communes, communes, plain_unit, sites_by_code
from tuyendau.lib.text import fold

_NEAR, _SURE, _SHOWN = 70, 90, 6
Options = tuple[list[tuple[str, str]], str]
"""Answers (code, how it reads), and the one to propose, "" for none."""


@dataclass(frozen=True, slots=True)
class Names:
    """Communes and sites by the names that a file may give them."""

    known: Communes
    units: dict[str, list[tuple[str, str]]]
    """By folded "name|district", or "name|": codes that may be meant, and how each reads."""
    sites: dict[str, int]
    site_names: dict[str, str]

    def settles(self, commune: str, district: str | None) -> bool:
        """Whether the names stand for one commune of the day for which codes are read."""
        name = plain_unit(fold(commune))
        if district:
            return self.known.names.get((name, plain_unit(fold(district)))) is not None
        return self.known.alone.get(name) is not None

    def near(self, pair: str) -> Options:
        """Communes that a folded "commune|district" may mean."""
        commune, _between, district = pair.partition("|")
        name, above = plain_unit(commune), plain_unit(district)
        asked = f"{name}|{above}"
        scores: dict[str, float] = {}
        for found, score, _i in process.extract(
            asked if above else f"{name}|",
            list(self.units),
            scorer=fuzz.ratio,
            limit=_SHOWN * 2,
            score_cutoff=_NEAR,
        ):
            scores[found] = score
        # The district may be written otherwise, or be one of before the reform: then the commune's own name counts.
        names = {key: key.partition("|")[0] for key in self.units}
        for _text, score, found in process.extract(
            name, names, scorer=fuzz.ratio, limit=_SHOWN, score_cutoff=_SURE
        ):
            scores.setdefault(found, score - 10)
        options: dict[str, str] = {}
        best = ""
        for found, score in sorted(scores.items(), key=lambda item: -item[1]):
            for code, shown in self.units[found]:
                if code not in options:
                    options[code] = shown
                    best = best or (code if score >= _SURE - 5 and len(self.units[found]) == 1 else "")
        return list(options.items())[:_SHOWN], best

    def near_sites(self, text: str) -> Options:
        """Sites whose name is near to a text."""
        found = process.extract(
            fold(text), self.site_names, scorer=fuzz.WRatio, limit=_SHOWN, score_cutoff=_NEAR
        )
        options = [(code, f"{code} · {name}") for name, _score, code in found]
        return options, (str(found[0][2]) if found and found[0][1] >= _SURE else "")


@as_program()
def names_for(viewer: Viewer | None, permission: Permission, on: date, *, with_sites: bool) -> Names:
    """The names of communes and, with `with_sites`, of the sites in the viewer's reach."""
    known = communes(viewer, permission, on)
    by_id = {pk: code for code, pk in known.ids.items()}
    units: dict[str, list[tuple[str, str]]] = {}
    later: dict[int, list[int]] = {}
    for old, new in UnitSuccessor.objects.values_list("old_id", "new_id"):
        later.setdefault(old, []).append(new)
    rows = Unit.objects.filter(level=UnitLevel.COMMUNE).values_list(
        "pk", "name", "folded", "parent__name", "parent__folded"
    )
    named = {
        pk: (name, folded, above or "", above_folded or "") for pk, name, folded, above, above_folded in rows
    }
    for pk, (name, folded, above, above_folded) in named.items():
        targets = [(pk, "")] if pk in by_id else [(new, name) for new in later.get(pk, []) if new in by_id]
        for target, former in targets:
            if not known.within_reach(target):
                continue
            now, _folded, over, _over = named[target]
            shown = f"{now}, {over}" if over else now
            if former:
                shown = _("%(now)s (formerly %(former)s)") % {"now": shown, "former": f"{former}, {above}"}
            for key in {f"{plain_unit(folded)}|{plain_unit(above_folded)}", f"{plain_unit(folded)}|"}:
                units.setdefault(key, []).append((by_id[target], shown))
    sites = {code: site.id for code, site in sites_by_code(viewer, permission).items()} if with_sites else {}
    site_names = (
        {
            code: fold(name)
            for code, name in Site.objects.filter(pk__any_of=list(sites.values())).values_list("code", "name")
        }
        if with_sites
        else {}
    )
    return Names(known, units, sites, site_names)
