"""The world's sites as rows: invented names, codes that scanners read, the tree."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tuyendau.demo.numbers import public_ids
from tuyendau.science.sim import kinds
from tuyendau.science.sim.world import World

PARKS = (
    ("DS", "Khu công nghiệp Đồng Sen"), ("HM", "Khu công nghiệp Hoa Mai"), ("TB", "Khu công nghiệp Trăng Bạc"),
    ("GN", "Khu công nghiệp Gió Ngàn"), ("NT", "Khu công nghiệp Nắng Thu"), ("MX", "Khu công nghiệp Mây Xanh"),
)  # fmt: skip
TRADES = (
    "Điện tử", "May", "Linh kiện", "Bao bì", "Nhựa", "Cơ khí chính xác", "Khuôn mẫu", "In", "Pin", "Dây dẫn",
    "Màn hình", "Bản mạch", "Nội thất", "Giày", "Thực phẩm", "Tai nghe",
)  # fmt: skip
FIRST = "Sao Lúa Hoa Trăng Mây Gió Nắng Sóng Cầu Đồng Bến Rừng Suối Chim Hạc Én Sen Trúc Mai Lan Cúc Đào Mận Lá".split()
SECOND = """Khuê Vàng Bạc Biếc Xanh Hồng Thắm Tím Ngọc Ngà Sương Sớm Chiều Thu Hạ Ngàn Khơi Non Việt Lành Hiền
Quê Mới Bình""".split()
KNOWN = ("Công ty Điện tử Sao Khuê", "Công ty May Lúa Vàng")
"""The largest companies of the first two parks, of which the walk-through speaks."""
HOUSES = "Hoa Sữa,Hoa Ban,Hoa Gạo,Hoa Bưởi,Hoa Cau,Hoa Lý,Hoa Nhài,Hoa Mộc,Hoa Sim,Hoa Xoan,Hoa Lựu,Hoa Ngâu".split(
    ","
)
SHOPS = "Cô Ba,Bác Tư,Anh Sáu,Chị Năm,Cô Thơm,Bà Lành,Cô Út,Ông Thuận,Chị Gấm,Bác Hiền,Cô Nhàn,Cô Vui".split(
    ","
)
SUFFIX = {
    kinds.WORKSHOP: "-X", kinds.LINE: "-C", kinds.CANTEEN_ZONE: "-", kinds.BUS: "-XE", kinds.DORMITORY: "-KTX",
    kinds.ROOM: "-P", kinds.GATE: "-CONG", kinds.CANTEEN: "-NA",
}  # fmt: skip
ROOT = {
    kinds.COMPANY: "DN", kinds.BOARDING_HOUSE: "TRO", kinds.HOUSEHOLD: "HO", kinds.MARKET: "CHO", kinds.SHOP: "TH",
    kinds.BUS: "XE", kinds.DORMITORY: "KTX",
}  # fmt: skip


def company_names(count: int) -> list[str]:
    """So many invented names, each once, without those that the walk-through speaks of."""
    made: list[str] = []
    seen = set(KNOWN)
    step = 0
    total = len(TRADES) * len(FIRST) * len(SECOND)
    while len(made) < count:
        # A step that has no divisor in common with the total visits every name once.
        place = step * 3_571 % total
        name = f"Công ty {TRADES[place % 16]} {FIRST[place // 16 % 24]} {SECOND[place // 384 % 24]}"
        step += 1
        if step > total:
            name = f"{name} {step // total + 1}"
        if name not in seen:
            seen.add(name)
            made.append(name)
    return made[:count]


def rows(world: World, units: Sequence[int], communes: Sequence[str]) -> pl.DataFrame:
    """A row for each site, its number the row's place and 1; `units` and `communes`: row number and name by commune."""
    sites = world.sites
    count = len(sites)
    kind = sites.kind.astype(np.int64)
    code, path = _trees(world)
    return pl.DataFrame(
        {
            "id": np.arange(1, count + 1, dtype=np.int32),
            "public_id": public_ids("site", count),
            "code": code,
            "kind": pl.Series(kinds.KINDS).gather(kind),
            "setting": sites.setting.astype(np.int16),
            "name": _names(world, communes),
            "parent_id": pl.Series(sites.parent + 1).replace(0, None),
            "path": path,
            "unit_id": pl.Series(np.asarray(units, np.int32)[sites.commune]),
            "capacity": pl.Series(sites.capacity.astype(np.int32)).replace(0, None),
            "dwell_minutes": sites.dwell.astype(np.int16),
            "lon": sites.lon.round(6),
            "lat": sites.lat.round(6),
        }
    )


def _trees(world: World) -> tuple[pl.Series, pl.Series]:
    """Code and path of each site: its parent's, and its own part. Parents stand before their children."""
    sites = world.sites
    own = _own_codes(world)
    number = pl.select(pl.lit(pl.Series(np.arange(1, len(sites) + 1))).cast(pl.String) + "/").to_series()
    code, path = own.clone(), ("/" + number)
    depth = np.zeros(len(sites), np.int8)
    below = sites.parent >= 0
    # Depths settle from the top down: no tree here is deeper than park, company, workshop, line.
    for _ in range(8):
        deeper = np.where(below, depth[np.where(below, sites.parent, 0)] + 1, 0).astype(np.int8)
        if (deeper == depth).all():
            break
        depth = deeper
    frame_code, frame_path = np.array(code.to_list(), object), np.array(path.to_list(), object)
    own_code, own_number = frame_code.copy(), np.array(number.to_list(), object)
    standalone = sites.kind == kinds.COMPANY
    for level in range(1, int(depth.max(initial=0)) + 1):
        rows_here = np.flatnonzero(depth == level)
        above = sites.parent[rows_here]
        frame_path[rows_here] = frame_path[above] + own_number[rows_here]
        joined = frame_code[above] + own_code[rows_here]
        frame_code[rows_here] = np.where(standalone[rows_here], own_code[rows_here], joined)
    return pl.Series(frame_code.tolist()), pl.Series(frame_path.tolist())


def _own_codes(world: World) -> pl.Series:
    """What each site adds to its parent's code; all of it where it has no parent, and for a company."""
    sites = world.sites
    kind, parent = sites.kind, sites.parent
    commune = pl.Series(world.communes.code).gather(sites.commune)
    number = pl.Series(sites.number).cast(pl.String)
    park = np.full(len(sites), -1)
    park[world.parks] = np.arange(len(world.parks))
    of_park = np.where(parent >= 0, park[np.where(parent >= 0, parent, 0)], -1)
    ordinal = np.zeros(len(sites), np.int64)
    free = (kind == kinds.COMPANY) & (parent < 0)
    ordinal[free] = np.arange(1, int(free.sum()) + 1)
    frame = pl.DataFrame(
        {
            "kind": kind,
            "root": parent < 0,
            "number": number,
            "commune": commune,
            "park": pl.Series([code for code, _ in PARKS]).gather(np.where(park >= 0, park, 0) % len(PARKS)),
            "of_park": pl.Series([code for code, _ in PARKS]).gather(np.where(of_park >= 0, of_park, 0)),
            "ordinal": pl.Series(ordinal).cast(pl.String).str.zfill(4),
        }
    )
    single = pl.col("kind").is_in([kinds.GATE, kinds.CANTEEN]) & (pl.col("number") == "1")
    return frame.select(
        pl.when(pl.col("kind") == kinds.PARK)
        .then(pl.col("park"))
        .when((pl.col("kind") == kinds.COMPANY) & pl.col("root"))
        .then(ROOT[kinds.COMPANY] + pl.col("ordinal"))
        .when(pl.col("kind") == kinds.COMPANY)
        .then(pl.col("of_park") + pl.col("number").str.zfill(3))
        .when(pl.col("root"))
        .then(
            pl.concat_str(
                pl.col("kind").replace_strict(ROOT, default="DD", return_dtype=pl.String),
                pl.lit("-"),
                pl.col("commune"),
                pl.lit("-"),
                pl.col("number"),
            )
        )
        .when(single)
        .then(pl.col("kind").replace_strict(SUFFIX, default="-D", return_dtype=pl.String))
        .otherwise(
            pl.col("kind").replace_strict(SUFFIX, default="-D", return_dtype=pl.String) + pl.col("number")
        )
        .alias("own")
    ).to_series()


def _names(world: World, communes: Sequence[str]) -> pl.Series:
    """What people call each site."""
    sites = world.sites
    of_company = np.zeros(len(sites), np.int64)
    of_company[world.companies.site] = np.arange(len(world.companies))
    office = (sites.kind == kinds.WORKSHOP) & (world.lines_of[:, 1] == 0)
    hall = np.where(sites.kind == kinds.LINE, sites.number[np.maximum(sites.parent, 0)], 0)
    park = np.zeros(len(sites), np.int64)
    park[world.parks] = np.arange(len(world.parks))
    number = np.arange(len(sites))
    frame = pl.DataFrame(
        {
            "kind": sites.kind,
            "n": pl.Series(sites.number).cast(pl.String),
            "hall": pl.Series(hall).cast(pl.String),
            "office": office,
            "company": pl.Series(_names_of_companies(world)).gather(of_company),
            "park": pl.Series([name for _, name in PARKS]).gather(park % len(PARKS)),
            "commune": pl.Series(list(communes)).gather(sites.commune),
            "house": pl.Series(HOUSES).gather(number * 7 % len(HOUSES)),
            "shop": pl.Series(SHOPS).gather(number * 5 % len(SHOPS)),
        }
    )
    n = pl.col("n")
    named = {
        kinds.PARK: pl.col("park"),
        kinds.COMPANY: pl.col("company"),
        kinds.LINE: "Chuyền " + n + ", xưởng " + pl.col("hall"),
        kinds.CANTEEN: pl.lit("Nhà ăn"),
        kinds.CANTEEN_ZONE: "Nhà ăn, khu " + n,
        kinds.DORMITORY: "Ký túc xá " + n,
        kinds.BOARDING_HOUSE: "Khu trọ " + pl.col("house") + " " + n,
        kinds.ROOM: "Phòng " + n,
        kinds.HOUSEHOLD: "Hộ số " + n + ", " + pl.col("commune"),
        kinds.BUS: "Xe đưa đón " + n,
        kinds.GATE: pl.when(n == "1").then(pl.lit("Cổng chính")).otherwise("Cổng " + n),
        kinds.MARKET: "Chợ số " + n + ", " + pl.col("commune"),
        kinds.SHOP: "Tạp hóa " + pl.col("shop") + " " + n,
    }
    chosen: Any = pl.when(pl.col("office")).then(pl.lit("Văn phòng"))
    for kind, text in named.items():
        chosen = chosen.when(pl.col("kind") == kind).then(text)
    return frame.select(chosen.otherwise("Xưởng " + n).alias("name")).to_series()


def _names_of_companies(world: World) -> list[str]:
    names = company_names(len(world.companies))
    for park, name in enumerate(KNOWN):
        first = np.flatnonzero(world.companies.park == park)[:1]
        if len(first):
            names[int(first[0])] = name
    return names


def company_numbers(world: World) -> NDArray[np.int64]:
    """For each person the place among the workers of their company, from 1; 0 for who has none."""
    company = world.people.company
    order = np.argsort(company, kind="stable")
    order = order[np.searchsorted(company[order], 0) :]
    sizes = np.bincount(company[order], minlength=len(world.sites))
    begins = np.concatenate(([0], np.cumsum(sizes)))[company[order]]
    place = np.zeros(len(company), np.int64)
    place[order] = np.arange(len(order)) - begins + 1
    return place
