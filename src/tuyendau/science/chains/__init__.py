"""Who infected whom: likely infectors with their weights, the most likely forest, and what it tells.

    method = Method.bundled()
    likely = weigh(times, pairs, method, Interval(mean=4.7, sd=2.8))    # every likely infector, weights that sum to 1
    parent = most_likely(len(times), likely.infectee, likely.infector, likely.weight, likely.outside)
    generation, cluster = generations(parent), clusters(parent)
    spread = offspring(parent)                                          # mean, dispersion k, their interval

Cases are rows 0 to n - 1; -1 stands for a source that is not among them. Times are days or seconds, as each says.
"""

from tuyendau.science.chains.forest import Circle, circle_of, clusters, forest, generations, most_likely
from tuyendau.science.chains.intervals import Interval, densities
from tuyendau.science.chains.method import BASES, Basis, Method
from tuyendau.science.chains.spread import Dispersion, Intervals, dispersion, offspring, serial_intervals
from tuyendau.science.chains.weights import OUTSIDE, Kind, Likely, Pairs, Times, weigh

__all__ = [
    "BASES",
    "OUTSIDE",
    "Basis",
    "Circle",
    "Dispersion",
    "Interval",
    "Intervals",
    "Kind",
    "Likely",
    "Method",
    "Pairs",
    "Times",
    "circle_of",
    "clusters",
    "densities",
    "dispersion",
    "forest",
    "generations",
    "most_likely",
    "offspring",
    "serial_intervals",
    "weigh",
]
