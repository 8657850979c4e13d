"""Reads for imports, and of what is shared without names."""

from tuyendau.insight.exchange.queries.imports import (
    Communes,
    KnownSite,
    LinkEnd,
    case_codes,
    commune_code,
    communes,
    everywhere,
    holders_of,
    imports,
    link_ends,
    open_cases_of,
    people_by_code,
    people_elsewhere,
    plain_unit,
    residences,
    sites_by_code,
)

__all__ = [
    "Communes",
    "KnownSite",
    "LinkEnd",
    "case_codes",
    "commune_code",
    "communes",
    "everywhere",
    "holders_of",
    "imports",
    "link_ends",
    "open_cases_of",
    "people_by_code",
    "people_elsewhere",
    "plain_unit",
    "residences",
    "sites_by_code",
]
