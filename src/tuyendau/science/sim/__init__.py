"""A simulated province: people with days to live through, a disease, a response, and what is observed of it all.

    world = build_world(communes, scale=0.05, seed=2021)        # who lives, works, eats and rides where
    days = Days(world)
    rows = days.presence(date_to_day(date(2021, 5, 10)), want="recorded")   # columns: see `Presence`
    outbreak = run_outbreak(world, days, seed=1, until=date_to_day(date(2021, 7, 14)))  # truth, cases, what held people
    rows = days.presence(day, outbreak.movement(world, day), want="recorded")  # the records of a day of that outbreak
    told = interviews(world, days, outbreak, rows_of_cases, lookback_days=3)   # what cases tell when they are asked

Everybody and every company in it is invented. Everything follows from the seed; times are int32 seconds since
`science.epi.EPOCH`, days are local days since 2020-01-01. Communes come from outside (`Communes.of`).
"""

from tuyendau.science.sim.building import build_world
from tuyendau.science.sim.communes import Communes
from tuyendau.science.sim.days import Days, Presence
from tuyendau.science.sim.disease import Disease
from tuyendau.science.sim.kinds import KINDS
from tuyendau.science.sim.movement import Movement
from tuyendau.science.sim.outbreak import run_outbreak
from tuyendau.science.sim.province import Province
from tuyendau.science.sim.response import Strategy
from tuyendau.science.sim.surveillance import Told, interviews
from tuyendau.science.sim.truth import Cases, Outbreak, Truth
from tuyendau.science.sim.world import Companies, People, Shifts, Sites, World

__all__ = [
    "KINDS",
    "Cases",
    "Communes",
    "Companies",
    "Days",
    "Disease",
    "Movement",
    "Outbreak",
    "People",
    "Presence",
    "Province",
    "Shifts",
    "Sites",
    "Strategy",
    "Told",
    "Truth",
    "World",
    "build_world",
    "interviews",
    "run_outbreak",
]
