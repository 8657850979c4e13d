"""Epidemiology as data and pure functions: parameters with their sources, windows, policies, grades.

from tuyendau.science.epi import ContactPolicy, Grade, Setting, parameters

policy = ContactPolicy.bundled("default")
policy.grade(Setting.LINE, minutes=45)   # Grade.CLOSE
parameters().hazards[Setting.ROOM]       # 0.03 an hour

What a disease means by date stands in `tuyendau.science.epi.diseases`.
"""

from tuyendau.science.epi.grading import Grade, grade_minutes, probability
from tuyendau.science.epi.parameters import Parameters, parameters
from tuyendau.science.epi.policy import ContactPolicy, PolicyError
from tuyendau.science.epi.settings import SETTING_COUNT, Setting
from tuyendau.science.epi.times import EPOCH, UTC_OFFSET, minutes_shown, to_datetime, to_seconds
from tuyendau.science.epi.windows import infectious_windows

__all__ = [
    "EPOCH",
    "SETTING_COUNT",
    "UTC_OFFSET",
    "ContactPolicy",
    "Grade",
    "Parameters",
    "PolicyError",
    "Setting",
    "grade_minutes",
    "infectious_windows",
    "minutes_shown",
    "parameters",
    "probability",
    "to_datetime",
    "to_seconds",
]
