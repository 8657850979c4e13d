"""Who acts in the database: the program itself, or somebody who looks and sees only rows in their reach."""

from tuyendau.core.acting.lookups import AnyOf
from tuyendau.core.acting.packed import packed
from tuyendau.core.acting.paging import ReachPaginator
from tuyendau.core.acting.roles import PROGRAM, VIEWER, RolesMissing, ensure_roles
from tuyendau.core.acting.session import as_owner, as_program, as_viewer, options, rest_as, rests

__all__ = [
    "PROGRAM",
    "VIEWER",
    "AnyOf",
    "ReachPaginator",
    "RolesMissing",
    "as_owner",
    "as_program",
    "as_viewer",
    "ensure_roles",
    "options",
    "packed",
    "rest_as",
    "rests",
]
