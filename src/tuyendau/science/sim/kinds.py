"""Kinds of site as numbers, and what each means for contact."""

from __future__ import annotations

import numpy as np

from tuyendau.science.epi.settings import Setting

KINDS = (
    "park", "company", "workshop", "line", "canteen", "canteen_zone", "dormitory", "boarding_house", "room",
    "household", "bus", "gate", "market", "shop",
)  # fmt: skip
"""Words for kinds, the same as the places of the program use; a site's `kind` is an index into this."""

(
    PARK, COMPANY, WORKSHOP, LINE, CANTEEN, CANTEEN_ZONE, DORMITORY, BOARDING_HOUSE, ROOM,
    HOUSEHOLD, BUS, GATE, MARKET, SHOP,
) = range(len(KINDS))  # fmt: skip

_BY_KIND = {
    PARK: Setting.COMPANY, COMPANY: Setting.COMPANY, WORKSHOP: Setting.WORKSHOP, LINE: Setting.LINE,
    CANTEEN: Setting.CANTEEN, CANTEEN_ZONE: Setting.CANTEEN_ZONE, DORMITORY: Setting.LODGING,
    BOARDING_HOUSE: Setting.LODGING, ROOM: Setting.ROOM, HOUSEHOLD: Setting.HOUSEHOLD, BUS: Setting.BUS,
    GATE: Setting.GATE, MARKET: Setting.MARKET, SHOP: Setting.SHOP,
}  # fmt: skip

SETTING_OF_KIND = np.array([_BY_KIND[kind] for kind in range(len(KINDS))], np.int32)
"""Code of `Setting` by kind."""

DWELL_OF_KIND = np.array([540, 540, 540, 540, 45, 45, 720, 720, 720, 720, 120, 5, 60, 30], np.int16)
"""Minutes after which a check-in without a check-out counts as ended, by kind; a company's follows its shifts."""
