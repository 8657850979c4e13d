"""The invented people: workers of two companies, tenants of a boarding house, families, sellers."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from tuyendau.demo import places
from tuyendau.demo.names import draw_name
from tuyendau.demo.places import COMPANIES, Company

TEAM = 20
TECHNICIANS = 4
BUS_SHARE = 0.55
THIS_YEAR_BORN = {"worker": (1982, 2006), "family": (1948, 2019)}


@dataclass(slots=True)
class Invented:
    """An invented person and where they spend their days; codes of sites, "" where there is none."""

    code: str
    name: str
    sex: str
    birth_year: int
    unit: str
    company: Company | None = None
    line: str = ""
    roams: list[str] = field(default_factory=list)
    """Lines that a technician goes round instead of having one."""
    bus: str = ""
    zone: str = ""
    home: str = ""
    """Room or household."""

    @property
    def evening(self) -> bool:
        """Whether they work the evening shift."""
        return self.company is not None and self.line in self.company.evening

    def belongs(self) -> list[str]:
        """The sites that they are assigned to."""
        own = [self.line or (self.company.code if self.company else ""), self.bus, self.home]
        return [site for site in own if site]


def invent(random: Random) -> list[Invented]:
    """Everyone: the same for the same random numbers."""
    workers = [_workers(random, company) for company in COMPANIES]
    everyone = [worker for staff in workers for worker in staff]
    _lodge(workers)
    everyone += _families(random, [worker for worker in everyone if worker.bus and not worker.home])
    everyone += [_person(random, f"TD-{n:03d}", "family", places.COMMUNE) for n in range(1, 9)]
    return everyone


def _person(random: Random, code: str, kind: str, unit: str, family: str = "") -> Invented:
    sex = random.choice("FFM" if kind == "worker" else "FM")
    name = draw_name(random, sex, family)
    return Invented(code, name, sex, random.randint(*THIS_YEAR_BORN[kind]), unit)


def _workers(random: Random, company: Company) -> list[Invented]:
    """A team for each line, and technicians who go round the lines of a workshop."""
    lines = company.lines()
    posts: list[tuple[str, list[str]]] = [(line, []) for line in lines for _ in range(TEAM)]
    for number in range(TECHNICIANS):
        workshop = f"{company.code}-X{number % company.workshops + 1}-"
        posts.append(
            ("", [line for line in lines if line.startswith(workshop) and line not in company.evening])
        )
    staff = []
    for number, (line, roams) in enumerate(posts, start=1):
        worker = _person(random, f"{company.code}-{number:04d}", "worker", random.choice(places.AROUND))
        worker.company, worker.line, worker.roams = company, line, roams
        worker.zone = company.zone(number // 6)
        if random.random() < BUS_SHARE and line not in company.evening:
            worker.bus = company.bus(random.randrange(company.buses))
        staff.append(worker)
    return staff


def _lodge(workers: list[list[Invented]]) -> None:
    """Put every sixth worker or so into the boarding house: two of the one company and one of the other a room."""
    first, second = (iter(staff[::3]) for staff in workers)
    for room in places.rooms():
        for tenant in (next(first), next(first), next(second)):
            tenant.home, tenant.unit = room, places.COMMUNE


def _families(random: Random, workers: list[Invented]) -> list[Invented]:
    """Households of one worker, or two, and their relatives; who is a relative is returned."""
    relatives: list[Invented] = []
    chosen = iter(random.sample(workers, len(places.households()) * 2))
    for number, home in enumerate(places.households()):
        unit = places.AROUND[number % len(places.AROUND)]
        earners = [next(chosen) for _ in range(1 + number % 2)]
        for earner in earners:
            earner.home, earner.unit = home, unit
        family = earners[0].name.split()[0]
        for _ in range(2 + number % 3):
            relatives.append(_person(random, f"GD-{len(relatives) + 1:03d}", "family", unit, family))
            relatives[-1].home = home
    return relatives
